/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What needs a process of its own: two programs on one machine, and a setting that counts from the start. */
#define _GNU_SOURCE
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAIR_TEAM = 2,
    PAIR_REGIONS = 2000, /* of one process, each with 5 us of work for every thread */
    PAIR_WORK = 50,      /* in 100 ns */
    CROWD = 8,
    CROWD_BARRIERS = 300,
    CROWD_REPEATS = 5,
    ACTIVE_TURNS = 2,
};

const char scenario_child_word[] = "as-child";
static const char pair_word[] = "pair", crowd_word[] = "crowd";

/* ---- the children ---- */

static int64_t pair_work(void)
{
    int64_t start = bench_now();

    for (int i = 0; i < PAIR_REGIONS; i++) {
#pragma omp parallel num_threads(PAIR_TEAM)
        for (int j = 0; j < PAIR_WORK; j++)
            bench_work();
    }
    return bench_now() - start;
}

static int64_t crowd_barriers(void)
{
    int64_t start = bench_now();

#pragma omp parallel num_threads(CROWD)
    for (int i = 0; i < CROWD_BARRIERS; i++) {
#pragma omp barrier
    }
    return bench_now() - start;
}

int scenario_child_main(const char *part)
{
    const char *loops = strchr(part, ':');
    double repeats[CROWD_REPEATS], value;

    bench_end_with_parent();
    bench_loops_100ns = loops ? strtol(loops + 1, NULL, 10) : 0;
    if (bench_loops_100ns <= 0)
        return 3;
    if (strncmp(part, pair_word, strlen(pair_word)) == 0) {
        scenario_region(PAIR_TEAM);
        value = (double)pair_work();
    } else {
        scenario_region(CROWD);
        for (int i = 0; i < CROWD_REPEATS; i++)
            repeats[i] = (double)crowd_barriers() / CROWD_BARRIERS;
        value = scenario_median(repeats, CROWD_REPEATS);
    }
    return write(STDOUT_FILENO, &value, sizeof value) == sizeof value ? 0 : 3;
}

static struct bench_child start_child(const char *part, const char *setting)
{
    char text[64];

    snprintf(text, sizeof text, "%s:%ld", part, bench_loops_100ns);
    return bench_spawn(scenario_child_word, text, setting);
}

static double run_child(const char *part, const char *setting)
{
    struct bench_child child = start_child(part, setting);
    double value;

    bench_reap(&child, &value, sizeof value);
    return value;
}

/* ---- the cases ---- */

/* From the start of the first process to the end of the last. */
static double pair_together(void)
{
    double inside;
    int64_t start = bench_now();
    struct bench_child first = start_child(pair_word, NULL), second = start_child(pair_word, NULL);

    bench_reap(&first, &inside, sizeof inside);
    bench_reap(&second, &inside, sizeof inside);
    return (double)(bench_now() - start);
}

static double pair_in_sequence(void)
{
    int64_t start = bench_now();

    run_child(pair_word, NULL);
    run_child(pair_word, NULL);
    return (double)(bench_now() - start);
}

void scenario_pair(void)
{
    double sequence = pair_in_sequence();
    double together = pair_together();

    scenario_report("together", PAIR_TEAM, "ns", together);
    scenario_report("of_sequence", PAIR_TEAM, "%", 100 * together / sequence);
}

void scenario_active(void)
{
    double active[ACTIVE_TURNS], share[ACTIVE_TURNS];

    for (int i = 0; i < ACTIVE_TURNS; i++) {
        double usual = run_child(crowd_word, NULL);
        active[i] = run_child(crowd_word, "OMP_WAIT_POLICY=active");
        share[i] = 100 * active[i] / usual;
    }
    scenario_report("barrier", CROWD, "ns", scenario_median(active, ACTIVE_TURNS));
    scenario_report("of_default", CROWD, "%", scenario_median(share, ACTIVE_TURNS));
}
