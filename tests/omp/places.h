/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Shared by the tests of places.  A test cannot know the numbers of the CPUs that it will get, so it writes places with the
 * letters a and b for the first two: PLACES=a,b,ab means {0},{1},{0,1} where these are 0 and 1.  It puts the real numbers
 * into OMP_PLACES and starts itself again; BIND becomes OMP_PROC_BIND, and AFFINITY=b,a fills GOMP_CPU_AFFINITY. */
#ifndef GOMPX_TESTS_OMP_PLACES_H
#define GOMPX_TESTS_OMP_PLACES_H

#include <pthread.h>

#include "tests/omp/check.h"

static int places_cpu[2];               /* what a and b stand for */

static inline void places_export(const char *from, const char *to)
{
    if (getenv(from))
        CHECK(setenv(to, getenv(from), 1) == 0);
    else
        unsetenv(to);
}

static inline void places_numbers(const char *letters)
{
    char text[1024];
    size_t n = 0;
    int inside = 0;

    for (; *letters && n < sizeof text - 32; letters++) {
        if (*letters == 'a' || *letters == 'b') {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%d", inside ? "," : "{", places_cpu[*letters - 'a']);
            inside = 1;
        } else {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%c", inside ? "}" : "", *letters);
            inside = 0;
        }
    }
    snprintf(text + n, sizeof text - n, "%s", inside ? "}" : "");
    CHECK(setenv("OMP_PLACES", text, 1) == 0);
}

/* First thing in main().  Ends the program as skipped where there is one CPU only. */
static inline void places_start(char **argv)
{
    const char *ready = getenv("PLACES_READY");
    cpu_set_t set;
    int found = 0;
    char text[40];

    if (ready) {
        CHECK_EQ(sscanf(ready, "%d %d", &places_cpu[0], &places_cpu[1]), 2);
        return;
    }
    CHECK_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
        if (CPU_ISSET(cpu, &set))
            places_cpu[found++] = cpu;
    if (found < 2) {
        printf("one CPU only\n");
        exit(CHECK_SKIPPED);
    }
    CPU_ZERO(&set);
    CPU_SET(places_cpu[0], &set);
    CPU_SET(places_cpu[1], &set);
    CHECK_EQ(sched_setaffinity(0, sizeof set, &set), 0);
    if (getenv("PLACES"))
        places_numbers(getenv("PLACES"));
    places_export("BIND", "OMP_PROC_BIND");
    if (getenv("AFFINITY")) {
        int first = getenv("AFFINITY")[0] == 'b';

        snprintf(text, sizeof text, "%d %d", places_cpu[first], places_cpu[!first]);
        CHECK(setenv("GOMP_CPU_AFFINITY", text, 1) == 0);
    }
    snprintf(text, sizeof text, "%d %d", places_cpu[0], places_cpu[1]);
    CHECK(setenv("PLACES_READY", text, 1) == 0);
    execv("/proc/self/exe", argv);
    CHECK(!"execv");
}

enum { CPU_A = 1, CPU_B = 2, CPU_AB = 3 };

/* The calling thread's mask: which of the two CPUs. */
static inline int places_mask(void)
{
    cpu_set_t set;

    CHECK_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    return (CPU_ISSET(places_cpu[0], &set) ? CPU_A : 0) | (CPU_ISSET(places_cpu[1], &set) ? CPU_B : 0);
}

static inline void places_mask_set(int mask)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    if (mask & CPU_A)
        CPU_SET(places_cpu[0], &set);
    if (mask & CPU_B)
        CPU_SET(places_cpu[1], &set);
    CHECK_EQ(sched_setaffinity(0, sizeof set, &set), 0);
}

/* The CPUs of a place. */
static inline int places_of(int place)
{
    int ids[16] = { -1 }, mask = 0, n = omp_get_place_num_procs(place);

    CHECK(n > 0 && n <= 16);
    omp_get_place_proc_ids(place, ids);
    for (int i = 0; i < n; i++)
        mask |= ids[i] == places_cpu[0] ? CPU_A : ids[i] == places_cpu[1] ? CPU_B : 0;
    return mask;
}

/* The calling thread is where it says, and that lies in its partition, which is a run of places. */
static inline void places_here(int *first, int *count)
{
    int place = omp_get_place_num(), nums[64];

    *count = omp_get_partition_num_places();
    CHECK(*count > 0 && *count <= 64);
    omp_get_partition_place_nums(nums);
    *first = nums[0];
    for (int i = 0; i < *count; i++)
        CHECK_EQ(nums[i], *first + i);
    CHECK(place >= *first && place < *first + *count);
    CHECK_EQ(places_mask(), places_of(place));
}

#endif
