/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Explicit tasks, whenever and by whomever the runtime runs them: data, taskwait, taskgroup, barriers, if, final,
 * untied, mergeable, priority, taskyield; recursion; tasks outside any region. */
#include "check.h"

static long fib(int n)
{
    long a, b;

    if (n < 2)
        return n;
#pragma omp task shared(a)
    a = fib(n - 1);
#pragma omp task shared(b) if(n > 5) untied
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

static void recursion(void)
{
    long result = 0;

#pragma omp parallel
#pragma omp single
    result = fib(13);
    CHECK_EQ(result, 233);
    CHECK_EQ(fib(10), 55);
}

static void firstprivate_keeps_the_value_of_creation(void)
{
    int seen[50] = { 0 }, array[3] = { 5, 6, 7 };

#pragma omp parallel
#pragma omp single
    {
        int variable = 0;

        for (int i = 0; i < 50; i++) {
            variable = i * i;
#pragma omp task firstprivate(i, variable, array) shared(seen)
            seen[i] = variable + array[2];
            variable = -1;
            array[2] = 7;
        }
#pragma omp taskwait
        for (int i = 0; i < 50; i++)
            CHECK_EQ(seen[i], i * i + 7);
    }
}

static void barriers_and_regions_wait_for_tasks(void)
{
    int done = 0, threads = omp_get_max_threads();

#pragma omp parallel
    {
        for (int i = 0; i < 10; i++) {
#pragma omp task shared(done)
            {
                check_work(500);
                __atomic_fetch_add(&done, 1, __ATOMIC_RELAXED);
            }
        }
#pragma omp barrier
        CHECK_EQ(__atomic_load_n(&done, __ATOMIC_RELAXED), 10 * threads);
#pragma omp barrier
#pragma omp task shared(done)
        {
#pragma omp task shared(done)
            __atomic_fetch_add(&done, 100, __ATOMIC_RELAXED);
        }
    }
    CHECK_EQ(done, 110 * threads);
}

static void taskgroup_waits_for_descendants(void)
{
    int done = 0;

#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 10; round++) {
#pragma omp taskgroup
        {
            for (int i = 0; i < 5; i++) {
#pragma omp task shared(done)
                {
#pragma omp task shared(done)
                    {
                        check_work(200);
                        __atomic_fetch_add(&done, 1, __ATOMIC_RELAXED);
                    }
                }
            }
        }
        CHECK_EQ(__atomic_load_n(&done, __ATOMIC_RELAXED), 5 * round);
    }
}

static void if_false_and_final_run_at_once(void)
{
#pragma omp parallel
#pragma omp single
    {
        int order = 0, me = omp_get_thread_num();

#pragma omp task if(0) shared(order)
        {
            order = 1;
            CHECK_EQ(omp_get_thread_num(), me);
            CHECK_EQ(omp_in_final(), 0);
        }
        CHECK_EQ(order, 1);
#pragma omp task final(1) shared(order)
        {
            CHECK_EQ(omp_in_final(), 1);
#pragma omp task shared(order)
            {
                CHECK_EQ(omp_in_final(), 1);
                order = 2;
            }
            CHECK_EQ(order, 2);
        }
#pragma omp taskwait
        CHECK_EQ(order, 2);
        CHECK_EQ(omp_in_final(), 0);
#pragma omp task mergeable if(0) shared(order)
        order++;
        CHECK_EQ(order, 3);
    }
}

static void settings_made_in_a_task_stay_there(void)
{
#pragma omp parallel num_threads(2)
    {
        omp_set_num_threads(5);
#pragma omp task
        {
            CHECK_EQ(omp_get_max_threads(), 5);
            omp_set_num_threads(9);
            CHECK_EQ(omp_get_max_threads(), 9);
        }
#pragma omp taskwait
        CHECK_EQ(omp_get_max_threads(), 5);
#pragma omp task if(0)
        omp_set_num_threads(9);
        CHECK_EQ(omp_get_max_threads(), 5);
    }
}

static void many_small_tasks_from_everybody(void)
{
    long sum = 0;
    int rounds = check_rounds(400), threads = omp_get_max_threads();

#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
#pragma omp task shared(sum) priority(i % 5)
        __atomic_fetch_add(&sum, i, __ATOMIC_RELAXED);
        if (i % 64 == 0) {
#pragma omp taskyield
        }
    }
    CHECK_EQ(sum, (long)rounds * (rounds - 1) / 2 * threads);
}

static void tasks_outside_a_region(void)
{
    int done = 0;

#pragma omp task shared(done)
    done++;
#pragma omp taskwait
    CHECK_EQ(done, 1);
#pragma omp taskgroup
    {
#pragma omp task shared(done)
        done++;
#pragma omp taskloop shared(done)
        for (int i = 0; i < 10; i++)
            done++;
    }
    CHECK_EQ(done, 12);
}

/* Large and strictly aligned arguments are copied whole. */
static void arguments_of_every_size(void)
{
    struct { char bytes[3000]; } large;
    struct __attribute__((aligned(64))) { long words[8]; } wide = { { 1, 2, 3, 4, 5, 6, 7, 8 } };
    int n = 100;
    char vla[n];

    memset(&large, 3, sizeof large);
    memset(vla, 9, sizeof vla);
#pragma omp parallel firstprivate(large, wide)
    {
#pragma omp task firstprivate(large, wide)
        {
            CHECK_EQ((size_t)&wide % 64, 0);
            CHECK_EQ(wide.words[7], 8);
            for (unsigned i = 0; i < sizeof large.bytes; i++)
                CHECK_EQ(large.bytes[i], 3);
        }
    }
#pragma omp parallel
#pragma omp single
    {
#pragma omp task firstprivate(vla)
        CHECK_EQ(vla[99], 9);
    }
}

int main(void)
{
    recursion();
    firstprivate_keeps_the_value_of_creation();
    barriers_and_regions_wait_for_tasks();
    taskgroup_waits_for_descendants();
    if_false_and_final_run_at_once();
    settings_made_in_a_task_stay_there();
    many_small_tasks_from_everybody();
    tasks_outside_a_region();
    arguments_of_every_size();
    return 0;
}
