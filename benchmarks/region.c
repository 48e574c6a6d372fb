/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does a region cost that is not like the last one: the first of the process, the first after a pause, one of
 * another size, one inside another, one on a new thread?  Here the runtime has to create, wake or move threads.
 *
 * Starting is measured from outside: this program starts itself again and again, in turns without and with one region,
 * and times each from posix_spawn() to waitpid(). */
#define _GNU_SOURCE
#include "bench.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    MAX_RUNS = 200,
    IDLE_US = 100000,
};

/* ---- the start of a process ---- */

static const char child_word[] = "as-child";

/* The child: no region, or one whose wall time it sends to its standard output.  The team's size is checked, since a
 * region of one thread would be a fast one. */
static int child_main(const char *regions)
{
    int size = 0;

    bench_end_with_parent();
    if (strcmp(regions, "0") == 0)
        return 0;
    int64_t start = bench_now();
#pragma omp parallel
    {
        if (omp_get_thread_num() == 0)
            size = omp_get_num_threads();
    }
    int64_t elapsed = bench_now() - start;
    if (size != omp_get_max_threads() || write(STDOUT_FILENO, &elapsed, sizeof elapsed) != sizeof elapsed)
        return 3;
    return 0;
}

/* Wall time of one child; *inside is what the child measured itself, if it has a region. */
static double time_child(const char *regions, int64_t *inside)
{
    struct bench_child child = bench_spawn(child_word, regions, NULL);

    return (double)bench_reap(&child, inside, *regions == '0' ? 0 : sizeof *inside);
}

static void start(void)
{
    double without[MAX_RUNS], with[MAX_RUNS], added[MAX_RUNS], first[MAX_RUNS];
    int count = bench_samples < MAX_RUNS ? bench_samples : MAX_RUNS;
    int64_t inside = 0;

    time_child("0", NULL);
    for (int i = 0; i < count; i++) {
        without[i] = time_child("0", NULL);
        with[i] = time_child("1", &inside);
        added[i] = with[i] - without[i];
        first[i] = (double)inside;
    }
    bench_result("start.no_region", bench_threads, "ns", "low", "-", 1, without, count);
    bench_result("start.one_region", bench_threads, "ns", "low", "-", 1, with, count);
    bench_result("start.added_by_region", bench_threads, "ns", "low", "-", 1, added, count);
    bench_result("start.first_region", bench_threads, "ns", "low", "-", 1, first, count);
}

/* ---- the first region after a pause ---- */

static int64_t cpu_time(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return ((int64_t)u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000 +
           ((int64_t)u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

static int64_t one_region(int threads)
{
    int64_t start = bench_now();

#pragma omp parallel num_threads(threads)
    bench_work();
    return bench_now() - start;
}

static void idle(void)
{
    double burnt[MAX_RUNS], woken[MAX_RUNS];
    int count = bench_samples / 2 > 0 ? bench_samples / 2 : 1;

    if (count > MAX_RUNS)
        bench_fail("at most %d samples", 2 * MAX_RUNS);
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < 100; j++)
            one_region(bench_threads);
        int64_t before = cpu_time();
        usleep(IDLE_US);
        burnt[i] = (double)(cpu_time() - before);
        woken[i] = (double)one_region(bench_threads);
    }
    bench_result("idle.cpu_burnt", bench_threads, "ns", "low", "-", 1, burnt, count);
    bench_result("idle.next_region", bench_threads, "ns", "low", "wake", 1, woken, count);
}

/* ---- regions of another shape ---- */

static void resize(long n)
{
    for (long i = 0; i < n; i++) {
        one_region(bench_threads + 1);
        one_region(bench_threads);
    }
}

static void resize_reference(long n)
{
    for (long i = 0; i < n; i++) {
        bench_work();
        bench_work();
    }
}

static void nested(long n)
{
    int sizes = 0, levels = omp_get_max_active_levels();

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2) reduction(+ : sizes)
    for (long i = 0; i < n; i++) {
#pragma omp parallel num_threads(2) reduction(+ : sizes)
        {
            bench_work();
            sizes += omp_get_num_threads();
        }
    }
    omp_set_max_active_levels(levels);
    if (sizes != 2 * n * 4)
        bench_fail("nested: %ld inner regions, and their threads saw sizes that add up to %d", 2 * n, sizes);
}

static void *region_on_thread(void *unused)
{
    one_region(bench_threads);
    return unused;
}

static void *nothing_on_thread(void *unused)
{
    return unused;
}

static void on_threads(long n, void *(*body)(void *))
{
    pthread_t thread;

    for (long i = 0; i < n; i++) {
        int error = pthread_create(&thread, NULL, body, NULL);
        if (error)
            bench_fail("pthread_create: %s", strerror(error));
        pthread_join(thread, NULL);
    }
}

static void new_thread(long n)
{
    on_threads(n, region_on_thread);
}

static void new_thread_reference(long n)
{
    on_threads(n, nothing_on_thread);
}

static const struct bench_case cases[] = {
    {"start", BENCH_COLD, "-", 0, 0, start, "a process without and with one region, the region itself"},
    {"idle", BENCH_TEAM, "wake", 0, 0, idle, "100 ms of sleep after a region: CPU time burnt, and the next region"},
    {"resize", BENCH_TEAM, "trip", resize, resize_reference, 0, "two regions, of T+1 and of T threads"},
    {"nested_2x2", BENCH_TEAM, "trip", nested, bench_reference_solo, 0, "a region of 2 threads inside each of 2"},
    {"new_thread", BENCH_TEAM, "wake", new_thread, new_thread_reference, 0, "a region on a pthread of its own"},
    {0},
};

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], child_word) == 0)
        return child_main(argv[2]);
    return bench_main(argc, argv, cases);
}
