/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks that open parallel regions, whose tasks open parallel regions again: everything that waits, waits for its own
 * team's tasks; dependences, groups, reductions and events of one level know nothing of the others'.
 *
 * run: opt=2 timeout=30
 *
 * run+: env=OMP_MAX_ACTIVE_LEVELS=3 threads=1,2,4 env=TASK_INNER=2
 * run+: env=OMP_MAX_ACTIVE_LEVELS=3 threads=3,8 env=TASK_INNER=3 policy=default
 * run+: env=OMP_MAX_ACTIVE_LEVELS=1 threads=1,2,4 env=TASK_INNER=3 policy=default
 * run+: env=OMP_MAX_ACTIVE_LEVELS=2 threads=16 env=TASK_INNER=2 policy=default pin=no */
#include "tests/omp/task_check.h"

static int inner;       /* threads that an inner region asks for */

/* The threads that a region opened here gets. */
static int team_of_inner(void)
{
    return omp_get_active_level() < omp_get_max_active_levels() ? inner : 1;
}

/* A tree of regions: each thread of each makes tasks, each of which opens a region one level down. */
static void tree_of_regions(int level, int *count)
{
    int mine = 0, threads = level == 0 ? omp_get_max_threads() : team_of_inner();

#pragma omp parallel num_threads(threads) shared(mine)
    {
        CHECK_EQ(omp_get_num_threads(), threads);
        CHECK_EQ(omp_get_level(), level + 1);
        for (int i = 0; i < 2; i++) {
#pragma omp task shared(mine) firstprivate(level, threads, count)
            {
                CHECK_EQ(omp_get_level(), level + 1);
                CHECK_EQ(omp_get_num_threads(), threads);
                if (level < 2)
                    tree_of_regions(level + 1, count);
                CHECK_EQ(omp_get_level(), level + 1);
                CHECK_EQ(omp_get_num_threads(), threads);
                ADD(mine, 1);
                ADD(*count, 1);
            }
        }
#pragma omp barrier
        CHECK_EQ(LOAD(mine), 2 * threads);
#pragma omp barrier
#pragma omp task shared(mine)
        ADD(mine, 1);
    }
    CHECK_EQ(mine, 3 * threads);
}

/* Tasks of an inner region run only in its team: its threads are told by an address. */
static void inner_tasks_stay_inside(void)
{
    int outer_tasks = 0;

#pragma omp parallel
    {
#pragma omp single nowait
        for (int i = 0; i < 12; i++) {
#pragma omp task firstprivate(i) shared(outer_tasks)
            {
                int inside = 0, creator = omp_get_thread_num(), team = team_of_inner();

#pragma omp parallel num_threads(team)
                {
#pragma omp single
                    for (int k = 0; k < 4; k++) {
#pragma omp task firstprivate(creator) shared(inside)
                        {
                            CHECK_EQ(omp_get_ancestor_thread_num(1), creator);
                            ADD(inside, 1);
                        }
                    }
                }
                CHECK_EQ(inside, 4);
                CHECK_EQ(omp_get_thread_num(), creator);        /* tied */
                ADD(outer_tasks, 1);
            }
        }
    }
    CHECK_EQ(outer_tasks, 12);
}

/* The end of an inner region does not wait for tasks of the outer one: one of them, on another thread, ends later. */
static void inner_regions_wait_for_their_own(void)
{
    int begun = 0, released = 0, ended = 0;

#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
#pragma omp task shared(begun, released, ended)
        {
            STORE(begun, 1);
            task_await(&released, 1);
            STORE(ended, 1);
        }
        task_await(&begun, 1);
#pragma omp task if(0) shared(ended)
        {
            int done = 0, team = team_of_inner();

#pragma omp parallel num_threads(team)
            {
#pragma omp task shared(done)
                ADD(done, 1);
#pragma omp taskwait
#pragma omp barrier
                CHECK_EQ(LOAD(done), team);
            }
            CHECK_EQ(LOAD(ended), 0);
        }
        STORE(released, 1);
    }
}

/* All threads of an inner team are needed at once, while the outer team has other tasks to do. */
static void inner_teams_help_themselves(void)
{
    int others = 0;

#pragma omp parallel
    {
        for (int i = 0; i < 3; i++) {
#pragma omp task shared(others)
            {
                int met = 0, team = team_of_inner();

#pragma omp parallel num_threads(team)
#pragma omp master
                for (int k = 0; k < team; k++) {
#pragma omp task shared(met)
                    task_meet(&met, team);
                }
                CHECK_EQ(met, team);
            }
            for (int k = 0; k < 5; k++) {
#pragma omp task shared(others)
                ADD(others, 1);
            }
        }
    }
    CHECK_EQ(others, 15 * omp_get_max_threads());
}

/* A chain of tasks in an outer team, each with a region that has chains of its own over the same addresses. */
static void chains_within_chains(void)
{
    int x = 0, sum = 0;

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 10; i++) {
#pragma omp task depend(inout : x) shared(x, sum) firstprivate(i)
        {
            int y = 0;

            CHECK_EQ(x, i);
#pragma omp parallel num_threads(team_of_inner()) shared(x, y)
#pragma omp single
            for (int k = 0; k < 10; k++) {
#pragma omp task depend(inout : y) depend(in : x) shared(y) firstprivate(k)
                {
                    CHECK_EQ(y, k);
                    y++;
                }
            }
            CHECK_EQ(y, 10);
            sum += y;
            x++;
        }
    }
    CHECK_EQ(x, 10);
    CHECK_EQ(sum, 100);
}

/* A group around a task that opens regions; reductions at both levels. */
static void groups_and_reductions(void)
{
    long outer = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup task_reduction(+ : outer)
        for (int i = 0; i < 6; i++) {
#pragma omp task in_reduction(+ : outer)
            {
                long mine = 0;
                int team = team_of_inner();

#pragma omp parallel num_threads(team) reduction(task, + : mine)
                {
                    for (int k = 0; k < 5; k++) {
#pragma omp task in_reduction(+ : mine)
                        mine += k;
                    }
#pragma omp taskloop reduction(+ : mine) num_tasks(4)
                    for (int k = 0; k < 10; k++)
                        mine += 1;
                }
                CHECK_EQ(mine, 20L * team);
                outer += mine / team;
            }
        }
        CHECK_EQ(outer, 120);
    }
}

/* An event of an outer task fulfilled from a task of an inner region. */
static void events_across_levels(void)
{
    int y = 0;

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 10; i++) {
        omp_event_handle_t event;

#pragma omp task detach(event) depend(out : y) shared(y)
        y = i;
#pragma omp task firstprivate(event)
        {
#pragma omp parallel num_threads(team_of_inner()) firstprivate(event)
#pragma omp single
            {
#pragma omp task firstprivate(event)
                omp_fulfill_event(event);
            }
        }
#pragma omp task depend(in : y) shared(y)
        CHECK_EQ(y, i);
#pragma omp taskwait
    }
}

int main(void)
{
    int rounds = omp_get_max_threads() > 4 ? 1 : 4;

    inner = atoi(getenv("TASK_INNER"));
    for (int i = 0; i < rounds; i++) {
        int count = 0;

        tree_of_regions(0, &count);
        CHECK(count > 0);
        inner_tasks_stay_inside();
        inner_regions_wait_for_their_own();
        inner_teams_help_themselves();
        chains_within_chains();
        groups_and_reductions();
        events_across_levels();
    }
    return 0;
}
