/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Regions with pauses between them: what do the waiting threads burn, and how fast are they back? */
#define _GNU_SOURCE
#include "scenario.h"

#include <time.h>

enum {
    TEAM = 2,
    WARM_UP = 100,
    WINDOW_NS = 1000000000,
    IDLE_NS = 50000000,
    IDLE_REGIONS = WINDOW_NS / IDLE_NS,
    PACE_HUNDREDS_NS = 2000, /* serial work between two regions, in 100 ns */
    PACED_REGIONS = 300,
};

static double timed_region(void)
{
    int64_t start = bench_now();

    scenario_region(TEAM);
    return (double)(bench_now() - start);
}

static int64_t cpu_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void sleep_until(int64_t moment)
{
    struct timespec t = {moment / 1000000000, moment % 1000000000};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0)
        ;
}

void scenario_idle(void)
{
    double woken[IDLE_REGIONS];

    for (int i = 0; i < WARM_UP; i++)
        scenario_region(TEAM);
    int64_t begin = bench_now(), burnt = cpu_time();
    for (int i = 0; i < IDLE_REGIONS; i++) {
        sleep_until(begin + (int64_t)(i + 1) * IDLE_NS);
        woken[i] = timed_region();
    }
    scenario_report("cpu_in_1s", TEAM, "ns", (double)(cpu_time() - burnt));
    scenario_report("region", TEAM, "ns", scenario_median(woken, IDLE_REGIONS));
}

/* The initial thread computes between two regions, as a program does; the other one has nothing to do meanwhile. */
void scenario_paced(void)
{
    double paced[PACED_REGIONS], dense[PACED_REGIONS];

    for (int i = 0; i < WARM_UP; i++)
        scenario_region(TEAM);
    for (int i = 0; i < PACED_REGIONS; i++)
        dense[i] = timed_region();
    for (int i = 0; i < PACED_REGIONS; i++) {
        bench_spin(bench_loops_100ns * PACE_HUNDREDS_NS);
        paced[i] = timed_region();
    }
    double apart = scenario_median(paced, PACED_REGIONS), together = scenario_median(dense, PACED_REGIONS);
    scenario_report("region", TEAM, "ns", apart);
    scenario_report("of_dense", TEAM, "%", 100 * apart / together);
}
