/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Places and affinity texts: what OMP_PLACES says is told back, and formats are expanded, cut and displayed.
 *
 * run: threads=2 opt=2 pin=no policy=default modes=path
 * run+: env=PLACES=0 expect-stderr="^hello 0 of 1\n4=00\n4=00\n4=00\nF 0 \n$"
 * run+: env=PLACES=1 env=OMP_PLACES={0} env=OMP_PROC_BIND=close expect-stderr="^hello 0 of 1\n4=00\n4=00\n4=00\nF 0 \n$"
 * run+: env=PLACES=0 env=OMP_PLACES={0} env=OMP_PROC_BIND=false expect-stderr="^hello 0 of 1\n4=00\n4=00\n4=00\nF 0 \n$"
 */
#include <inttypes.h>
#include <pthread.h>

#include "tests/omp/check.h"

void omp_display_affinity_(const char *format, size_t length);

static void places_are_told(int wanted)
{
    int ids[1] = { -5 }, nums[1] = { -5 };

    CHECK_EQ(omp_get_num_places(), wanted);
    CHECK_EQ(omp_get_partition_num_places(), wanted);
    CHECK_EQ(omp_get_place_num_procs(-1), 0);
    CHECK_EQ(omp_get_place_num_procs(wanted), 0);
    omp_get_place_proc_ids(wanted, ids);
    CHECK_EQ(ids[0], -5);
    if (wanted == 0) {
        CHECK_EQ(omp_get_place_num(), -1);
        return;
    }
    CHECK_EQ(omp_get_place_num_procs(0), 1);
    omp_get_place_proc_ids(0, ids);
    CHECK_EQ(ids[0], 0);
    omp_get_partition_place_nums(nums);
    CHECK_EQ(nums[0], 0);
}

/* A thread that may run nowhere else is on the place. */
static void a_confined_thread_has_its_place(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(0, &set);
    CHECK(pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0);
    CHECK_EQ(omp_get_place_num(), omp_get_num_places() ? 0 : -1);
}

static void expect(const char *format, const char *wanted)
{
    char text[200];

    CHECK_EQ(omp_capture_affinity(text, sizeof text, format), strlen(wanted));
    if (strcmp(text, wanted))
        fprintf(stderr, "'%s' gives '%s', not '%s': ", format, text, wanted);
    CHECK(strcmp(text, wanted) == 0);
}

static void fields_are_expanded(void)
{
    char wanted[200], host[100] = "";

    expect("plain", "plain");
    expect("%%%n%%", "%0%");
    expect("%L|%n|%N|%a", "0|0|1|-1");
    expect("%4N|%.4N|%0.4N|%0.4a|%.4a|%4a|", "1   |   1|0001|-001|  -1|-1  |");
    expect("%{nesting_level}%{thread_num}%3{num_threads}%0.3{ancestor_tnum}", "001  -01");
    snprintf(wanted, sizeof wanted, "%d 0x%" PRIxPTR, (int)getpid(), (uintptr_t)pthread_self());
    expect("%P %i", wanted);
    snprintf(wanted, sizeof wanted, "0x%020" PRIxPTR, (uintptr_t)pthread_self());
    expect("%0.22i", wanted);
    CHECK(gethostname(host, sizeof host - 1) == 0);
    expect("%H", host);
    snprintf(wanted, sizeof wanted, "%60s", host);
    expect("%0.60{host}", wanted);
#pragma omp parallel num_threads(3)
    {
        char mine[40], text[40];
        int n = snprintf(mine, sizeof mine, "1 %d/3 parent 0", omp_get_thread_num());

        CHECK_EQ(omp_capture_affinity(text, sizeof text, "%L %n/%N parent %a"), n);
        CHECK(strcmp(text, mine) == 0);
    }
}

static void buffers_are_respected(void)
{
    char buffer[8];

    memset(buffer, 'x', sizeof buffer);
    CHECK_EQ(omp_capture_affinity(buffer, 4, "abcdef"), 6);
    CHECK(memcmp(buffer, "abc\0xxxx", 8) == 0);
    CHECK_EQ(omp_capture_affinity(buffer, 1, "abcdef"), 6);
    CHECK(memcmp(buffer, "\0bc\0xxxx", 8) == 0);
    CHECK_EQ(omp_capture_affinity(NULL, 0, "abcdef"), 6);
    omp_set_affinity_format("%N%N%N");
    memset(buffer, 'x', sizeof buffer);
    CHECK_EQ(omp_get_affinity_format(buffer, 5), 6);
    CHECK(memcmp(buffer, "%N%N\0xxx", 8) == 0);
    CHECK_EQ(omp_get_affinity_format(NULL, 0), 6);
    CHECK_EQ(omp_get_affinity_format(buffer, 7), 6);
    CHECK(strcmp(buffer, "%N%N%N") == 0);
    expect(NULL, "111");
    expect("", "111");
    omp_set_affinity_format("");
    CHECK_EQ(omp_get_affinity_format(buffer, sizeof buffer), 0);
    CHECK_EQ(omp_capture_affinity(buffer, sizeof buffer, NULL), 0);
}

static void lines_go_to_stderr(void)
{
    omp_display_affinity("hello %n of %N");
    omp_set_affinity_format("4=%0.2n");
    omp_display_affinity("");
    omp_display_affinity(NULL);
    omp_display_affinity_("", 0);
    omp_display_affinity_("F %n not shown", 5);         /* as gfortran calls it: a length, no end; blanks stay */
}

int main(void)
{
    const char *wanted = getenv("PLACES");

    CHECK(wanted != NULL);
    places_are_told(atoi(wanted));
    fields_are_expanded();
    buffers_are_respected();
    lines_go_to_stderr();
    a_confined_thread_has_its_place();
    return 0;
}
