/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Noisy neighbours: a foreign process on each CPU that computes without end, at the same priority.  Nobody can give the
 * team back the share of the CPUs that it loses; but a runtime that insists on waiting actively gives away the rest.
 * Every operation is timed by itself: the median says what one costs as long as both threads run, the mean what the
 * program pays in all. */
#define _GNU_SOURCE
#include "scenario.h"

#include <errno.h>
#include <omp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    TEAM = 2,
    MAX_OPERATIONS = 200000, /* in one window */
    QUIET_NS = 30000000,
    NOISY_NS = 300000000,
};

static double times[MAX_OPERATIONS];

/* ---- the neighbours ---- */

struct neighbours {
    pid_t *pids;
    int count;
};

static void busy_for_ever(int cpu)
{
    cpu_set_t one;

    bench_end_with_parent();
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    for (;;)
        bench_spin(1000000);
}

static struct neighbours start_neighbours(void)
{
    struct neighbours all = {NULL, 0};
    cpu_set_t usable;

    if (sched_getaffinity(0, sizeof usable, &usable))
        bench_fail("sched_getaffinity: %s", strerror(errno));
    all.pids = calloc((size_t)CPU_COUNT(&usable), sizeof *all.pids);
    if (!all.pids)
        bench_fail("no memory for the neighbours");
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &usable))
            continue;
        pid_t child = fork();
        if (child == 0)
            busy_for_ever(cpu);
        if (child < 0)
            bench_fail("fork: %s", strerror(errno));
        all.pids[all.count++] = child;
    }
    return all;
}

static void stop_neighbours(struct neighbours *all)
{
    for (int i = 0; i < all->count; i++)
        kill(all->pids[i], SIGKILL);
    /* With this their CPU time becomes ours, so that the driver does not take it for a third party's. */
    for (int i = 0; i < all->count; i++)
        if (waitpid(all->pids[i], NULL, 0) != all->pids[i])
            bench_fail("waitpid: %s", strerror(errno));
    free(all->pids);
}

/* ---- what is measured beside them ---- */

/* One thread decides how many barriers there are, one barrier before the last, so that all agree. */
static int barriers(int64_t window)
{
    int last = MAX_OPERATIONS;

#pragma omp parallel num_threads(TEAM) shared(last)
    {
        int first = omp_get_thread_num() == 0;
        int64_t begin = bench_now(), before = begin;
        for (int i = 0; i < __atomic_load_n(&last, __ATOMIC_RELAXED); i++) {
            if (first && before - begin > window && i + 2 < __atomic_load_n(&last, __ATOMIC_RELAXED))
                __atomic_store_n(&last, i + 2, __ATOMIC_RELAXED);
#pragma omp barrier
            if (first) {
                int64_t now = bench_now();
                times[i] = (double)(now - before);
                before = now;
            }
        }
    }
    return last;
}

static int regions(int64_t window)
{
    int64_t begin = bench_now(), before = begin;
    int count = 0;

    while (count < MAX_OPERATIONS && before - begin < window) {
        scenario_region(TEAM);
        int64_t now = bench_now();
        times[count++] = (double)(now - before);
        before = now;
    }
    return count;
}

static double mean(int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += times[i];
    return sum / count;
}

struct figures {
    double median, mean;
};

static struct figures measure(int (*operation)(int64_t), int64_t window)
{
    int count = operation(window);
    double average = mean(count);

    return (struct figures){scenario_median(times, count), average};
}

static void report(const char *what, struct figures quiet, struct figures noisy)
{
    char name[64];

    scenario_report(what, TEAM, "ns", noisy.median);
    snprintf(name, sizeof name, "%s_mean", what);
    scenario_report(name, TEAM, "ns", noisy.mean);
    snprintf(name, sizeof name, "%s_of_quiet", what);
    scenario_report(name, TEAM, "%", 100 * noisy.median / quiet.median);
}

void scenario_noise(void)
{
    measure(regions, QUIET_NS); /* the kernel spreads the threads */
    struct figures quiet_barrier = measure(barriers, QUIET_NS);
    struct figures quiet_region = measure(regions, QUIET_NS);
    struct neighbours all = start_neighbours();
    struct figures noisy_barrier = measure(barriers, NOISY_NS);
    struct figures noisy_region = measure(regions, NOISY_NS);
    stop_neighbours(&all);
    report("barrier", quiet_barrier, noisy_barrier);
    report("region", quiet_region, noisy_region);
}
