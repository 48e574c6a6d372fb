/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The body of a target region on the host: a fresh initial task with the initial control variables, whatever
 * surrounds it; its own regions, tasks and work shares; thread_limit; all as before when it is over.
 *
 * run: threads=1,2,4,8 since-gcc=12 cflags=-foffload=disable
 * run+:
 * run+: threads=4 env=OMP_THREAD_LIMIT=4 */
#include "check.h"

static int max_at_start, levels_at_start;

static void environment_is_initial(void)
{
    omp_sched_t kind;
    int chunk;

    CHECK_EQ(omp_get_level(), 0);
    CHECK_EQ(omp_get_active_level(), 0);
    CHECK_EQ(omp_in_parallel(), 0);
    CHECK_EQ(omp_get_num_threads(), 1);
    CHECK_EQ(omp_get_thread_num(), 0);
    CHECK_EQ(omp_get_team_size(0), 1);
    CHECK_EQ(omp_get_team_size(1), -1);
    CHECK_EQ(omp_get_ancestor_thread_num(0), 0);
    CHECK_EQ(omp_get_ancestor_thread_num(1), -1);
    CHECK_EQ(omp_in_final(), 0);
    CHECK_EQ(omp_get_max_threads(), max_at_start);
    CHECK_EQ(omp_get_max_active_levels(), levels_at_start);
    CHECK_EQ(omp_get_dynamic(), 0);
    CHECK_EQ(omp_get_default_device(), 0);
    omp_get_schedule(&kind, &chunk);
    CHECK_EQ(kind, omp_sched_dynamic);
    CHECK_EQ(chunk, 1);
    CHECK_EQ(omp_get_num_teams(), 1);
    CHECK_EQ(omp_get_team_num(), 0);
    CHECK_EQ(omp_is_initial_device(), 1);
    CHECK_EQ(omp_get_device_num(), omp_get_initial_device());
}

/* A region, a loop, a reduction and tasks of its own; returns the number of threads. */
static int constructs_inside(int wanted)
{
    int threads = 0, sum = 0, tasks = 0;

#pragma omp parallel num_threads(wanted) reduction(+ : sum)
    {
        CHECK_EQ(omp_get_level(), 1);
        CHECK_EQ(omp_get_ancestor_thread_num(0), 0);
        CHECK_EQ(omp_get_team_size(0), 1);
#pragma omp single
        {
            threads = omp_get_num_threads();
            for (int i = 0; i < 20; i++)
#pragma omp task shared(tasks)
                __atomic_fetch_add(&tasks, 1, __ATOMIC_RELAXED);
        }
#pragma omp for schedule(dynamic, 3)
        for (int i = 0; i < 100; i++)
            sum += i;
    }
    CHECK_EQ(tasks, 20);
    CHECK_EQ(sum, 4950);
    return threads;
}

static void set_everything(void)
{
    omp_set_num_threads(3);
    omp_set_schedule(omp_sched_guided, 7);
    omp_set_dynamic(1);
    omp_set_max_active_levels(4);
}

static void outside_is_untouched(void)
{
    omp_sched_t kind;
    int chunk;

    CHECK_EQ(omp_get_max_threads(), 3);
    CHECK_EQ(omp_get_dynamic(), 1);
    CHECK_EQ(omp_get_max_active_levels(), 4);
    omp_get_schedule(&kind, &chunk);
    CHECK_EQ(kind, omp_sched_guided);
    CHECK_EQ(chunk, 7);
}

static void outside_regions(void)
{
    int ran = 0;

    set_everything();
#pragma omp target map(tofrom : ran)
    {
        environment_is_initial();
        omp_set_num_threads(2);
        omp_set_dynamic(0);
        CHECK_EQ(constructs_inside(omp_get_max_threads()), 2);
        ran = 1;
    }
    CHECK_EQ(ran, 1);
    outside_is_untouched();
    CHECK_EQ(omp_get_level(), 0);
}

/* Every thread of a team runs target regions at the same time as the others, with teams in them. */
static void inside_regions(void)
{
    int all = 0;

    omp_set_dynamic(0);
#pragma omp parallel num_threads(4) reduction(+ : all)
    {
        int me = omp_get_thread_num(), threads = omp_get_num_threads(), single = 0;

        set_everything();
        for (int round = 0; round < check_rounds(12); round++) {
            int seen = -1;

#pragma omp target map(tofrom : seen)
            {
                environment_is_initial();
                CHECK_EQ(constructs_inside(3), 3);
                seen = omp_get_thread_num();
            }
            CHECK_EQ(seen, 0);
            CHECK_EQ(omp_get_thread_num(), me);
            CHECK_EQ(omp_get_num_threads(), threads);
            CHECK_EQ(omp_get_level(), 1);
#pragma omp barrier
        }
        outside_is_untouched();
#pragma omp single copyprivate(single)
        single = 5;
        CHECK_EQ(single, 5);
        all++;
    }
    CHECK(all >= 1 && all <= 4);
}

static void inside_tasks(void)
{
    int final = 0, undeferred = 0, deferred = 0;

#pragma omp parallel num_threads(2)
#pragma omp single
    {
#pragma omp task final(1) shared(final)
        {
            CHECK_EQ(omp_in_final(), 1);
#pragma omp target map(tofrom : final)
            {
                CHECK_EQ(omp_in_final(), 0);
                final = constructs_inside(2);
            }
            CHECK_EQ(omp_in_final(), 1);
        }
#pragma omp task if (0) shared(undeferred)
#pragma omp target map(tofrom : undeferred)
        undeferred = constructs_inside(2);
#pragma omp task shared(deferred)
#pragma omp target map(tofrom : deferred)
        deferred = constructs_inside(2);
    }
    CHECK_EQ(final, 2);
    CHECK_EQ(undeferred, 2);
    CHECK_EQ(deferred, 2);
}

static void thread_limit(void)
{
    int limit = 0, before = omp_get_thread_limit(), four = 4, threads = 0;

#pragma omp target map(tofrom : limit, threads) thread_limit(3)
    {
        limit = omp_get_thread_limit();
        threads = constructs_inside(6);
    }
    CHECK_EQ(limit, 3);
    CHECK_EQ(threads, 3);
#pragma omp target map(tofrom : limit, threads) thread_limit(four)
    {
        limit = omp_get_thread_limit();
        threads = constructs_inside(6);
    }
    CHECK_EQ(limit, 4);
    CHECK_EQ(threads, 4);
    CHECK_EQ(omp_get_thread_limit(), before);
    /* The threads around the region belong to another contention group. */
#pragma omp parallel num_threads(4) private(limit, threads)
    {
#pragma omp target map(tofrom : limit, threads) thread_limit(2)
        {
            limit = omp_get_thread_limit();
            threads = constructs_inside(6);
        }
        CHECK_EQ(limit, 2);
        CHECK_EQ(threads, 2);
        CHECK_EQ(omp_get_thread_limit(), before);
    }
}

/* A nested region in which each thread runs a target region with a nested region of its own. */
static void nested_on_both_sides(void)
{
    int count = 0;

    omp_set_max_active_levels(3);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(2)
    {
        CHECK_EQ(omp_get_level(), 2);
#pragma omp target map(tofrom : count)
        {
            omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(2)
            {
                CHECK_EQ(omp_get_level(), 2);
                CHECK_EQ(omp_get_active_level(), 2);
                CHECK_EQ(omp_get_num_threads(), 2);
                __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
            }
        }
        CHECK_EQ(omp_get_level(), 2);
    }
    CHECK_EQ(count, 16);
}

static void conditions_and_devices(void)
{
    int ran = 0, no = 0, device = omp_get_num_devices();

#pragma omp target if (no) map(tofrom : ran)
    ran++;
#pragma omp target device(device) map(tofrom : ran)
    ran++;
#pragma omp target device(device + 3) map(tofrom : ran)
    ran++;
#pragma omp target data map(tofrom : ran) if (no)
    {
#pragma omp target map(tofrom : ran)
        ran++;
    }
    CHECK_EQ(ran, 3 + 1);
}

int main(void)
{
    max_at_start = omp_get_max_threads();
    levels_at_start = omp_get_max_active_levels();
    outside_regions();
    inside_regions();
    inside_tasks();
    thread_limit();
    nested_on_both_sides();
    conditions_and_devices();
    return 0;
}
