/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskloop as compilers emit it: every iteration once under every clause, types, steps and bounds; collapse,
 * lastprivate and nested loops; nogroup, if and final; work shared by all threads of the team, also with more tasks
 * than a queue likes.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: opt=0 policy=default pin=no threads=1,2,4
 * run+: env=TASK_MANY=1 policy=default gompx-only="libgomp runs more than 64 tasks per thread on one" */
#include <limits.h>

#include "tests/omp/task_check.h"

enum { SLOTS = 4096 };

static int ran[SLOTS];

static void clear(void)
{
    memset(ran, 0, sizeof ran);
}

static void check_ran(int n)
{
    for (int i = 0; i < SLOTS; i++)
        if (ran[i] != (i < n))
            CHECK_EQ(ran[i], i < n);
}

/* A loop in one of the forms below must run the slots [0, n) once each. */
#define LOOP(name, n, clauses, type, init, condition, step, slot)           \
    static void name(void)                                                  \
    {                                                                       \
        clear();                                                            \
        _Pragma("omp parallel")                                             \
        _Pragma("omp single")                                               \
        {                                                                   \
            _Pragma(clauses)                                                \
            for (type i = init; condition; step)                            \
                ADD(ran[slot], 1);                                          \
            check_ran(n);                                                   \
        }                                                                   \
    }

LOOP(plain, 1000, "omp taskloop", int, 0, i < 1000, i++, i)
LOOP(by_shorts, 300, "omp taskloop grainsize(7)", short, -150, i < 150, i++, i + 150)
LOOP(by_chars, 50, "omp taskloop num_tasks(3)", signed char, 100, i > 0, i -= 2, (100 - i) / 2)
LOOP(by_unsigned, 200, "omp taskloop num_tasks(9)", unsigned, 0xffffff00u, i < 0xffffff00u + 200, i++, i - 0xffffff00u)
LOOP(near_int_max, 100, "omp taskloop grainsize(3)", int, INT_MAX - 100, i < INT_MAX, i++, i - (INT_MAX - 100))
LOOP(near_int_min, 100, "omp taskloop num_tasks(8)", int, INT_MIN + 100, i > INT_MIN, i--, INT_MIN + 100 - i)
LOOP(near_long_max, 64, "omp taskloop num_tasks(5)", long, LONG_MAX - 64, i < LONG_MAX, i++, i - (LONG_MAX - 64))
LOOP(near_ull_max, 64, "omp taskloop", unsigned long long, ULLONG_MAX - 64, i < ULLONG_MAX, i++, i - (ULLONG_MAX - 64))
LOOP(ull_down, 100, "omp taskloop grainsize(9)", unsigned long long, 700, i > 0, i -= 7, (700 - i) / 7)
LOOP(inclusive, 101, "omp taskloop num_tasks(7)", long, 0, i <= 700, i += 7, i / 7)
LOOP(not_equal, 77, "omp taskloop num_tasks(7)", int, 0, i != 77, i++, i)
LOOP(uneven_step, 15, "omp taskloop num_tasks(4)", int, 0, i < 100, i += 7, i / 7)
LOOP(fine, 3000, "omp taskloop grainsize(1)", int, 0, i < 3000, i++, i)
LOOP(coarse, 30, "omp taskloop grainsize(1000)", int, 0, i < 30, i++, i)
LOOP(strict_grain, 1000, "omp taskloop grainsize(CHECK_STRICT 64)", int, 0, i < 1000, i++, i)
LOOP(strict_tasks, 1000, "omp taskloop num_tasks(CHECK_STRICT 7)", int, 0, i < 1000, i++, i)
LOOP(more_tasks_than_trips, 5, "omp taskloop num_tasks(4000)", int, 0, i < 5, i++, i)
LOOP(no_trips, 0, "omp taskloop num_tasks(5)", int, 10, i < 5, i++, i)
LOOP(undeferred, 500, "omp taskloop if(0) grainsize(10)", int, 0, i < 500, i++, i)
LOOP(final, 500, "omp taskloop final(1) grainsize(10)", int, 0, i < 500, i++, i)
LOOP(untied, 500, "omp taskloop untied mergeable priority(2) grainsize(10)", int, 0, i < 500, i++, i)
LOOP(simd, 500, "omp taskloop simd grainsize(10)", int, 0, i < 500, i++, i)

static void pointers_as_loop_variables(void)
{
    clear();
#pragma omp parallel
#pragma omp single
    {
#pragma omp taskloop grainsize(5)
        for (int *p = ran; p < ran + 300; p += 3)
            ADD(*p, 1);
    }
    for (int i = 0; i < 300; i++)
        CHECK_EQ(ran[i], i % 3 == 0);
}

static void collapsed_loops(void)
{
    clear();
#pragma omp parallel
#pragma omp single
    {
#pragma omp taskloop collapse(3) grainsize(11)
        for (int i = 0; i < 7; i++)
            for (long j = 10; j > 0; j -= 2)
                for (unsigned k = 0; k < 20; k++)
                    ADD(ran[(i * 5 + (10 - j) / 2) * 20 + k], 1);
        check_ran(700);
        clear();
#pragma omp taskloop collapse(2) num_tasks(13)
        for (int i = 0; i < 60; i++)
            for (int j = 0; j <= i; j++)
                ADD(ran[i * (i + 1) / 2 + j], 1);
        check_ran(60 * 61 / 2);
    }
}

static void last_and_first_private(void)
{
#pragma omp parallel
#pragma omp single
    {
        int last = -1, first = 40, index = -5;

#pragma omp taskloop lastprivate(last, index) firstprivate(first) grainsize(3)
        for (index = 0; index < 100; index += 3) {
            CHECK_EQ(first, 40);
            last = index * 2;
        }
        CHECK_EQ(last, 198);
        CHECK_EQ(index, 102);
        CHECK_EQ(first, 40);
    }
}

static void without_a_group(void)
{
    clear();
#pragma omp parallel
    {
#pragma omp single
        {
#pragma omp taskloop nogroup grainsize(4)
            for (int i = 0; i < 400; i++)
                ADD(ran[i], 1);
#pragma omp taskwait
            check_ran(400);
#pragma omp taskloop nogroup num_tasks(50)
            for (int i = 400; i < 800; i++)
                ADD(ran[i], 1);
        }
        check_ran(800);
    }
}

/* Its iterations may themselves be parents; its group waits for all descendants. */
static void tasks_inside(void)
{
    clear();
#pragma omp parallel
#pragma omp single
    for (int round = 0; round < 3; round++) {
        clear();
#pragma omp taskloop grainsize(2)
        for (int i = 0; i < 40; i++) {
#pragma omp task firstprivate(i)
            {
                check_work(100);
#pragma omp taskloop num_tasks(4)
                for (int j = 0; j < 20; j++)
                    ADD(ran[i * 20 + j], 1);
            }
        }
        check_ran(800);
    }
}

static void all_threads_at_once(void)
{
    clear();
#pragma omp parallel
    {
        int me = omp_get_thread_num();

        for (int round = 0; round < 4; round++) {
#pragma omp taskloop num_tasks(round * 20 + 1) firstprivate(me)
            for (int i = 0; i < 200; i++)
                ADD(ran[me * 200 + i], 1);
        }
    }
    for (int i = 0; i < 200 * omp_get_max_threads(); i++)
        CHECK_EQ(ran[i], 4);
}

/* In a final task all tasks of the loop are included: in this thread, in order. */
static void inside_final_tasks(void)
{
#pragma omp parallel
    {
#pragma omp task final(1)
        {
            int next = 0, me = omp_get_thread_num();

#pragma omp taskloop num_tasks(9) shared(next)
            for (int i = 0; i < 100; i++) {
                CHECK_EQ(omp_get_thread_num(), me);
                CHECK_EQ(omp_in_final(), 1);
                CHECK_EQ(next++, i);
            }
        }
    }
}

static void conditions_known_at_run_time(void)
{
    int finals = 0, me = -1;

#pragma omp parallel
#pragma omp single
    {
        for (int c = 0; c < 2; c++) {
            me = omp_get_thread_num();
#pragma omp taskloop final(c) if(!c) grainsize(1 + c) shared(finals, me)
            for (int i = 0; i < 50; i++) {
                ADD(finals, omp_in_final());
                CHECK(c == 0 || omp_get_thread_num() == me);
            }
        }
        CHECK_EQ(LOAD(finals), 50);
    }
}

/* Iterations that end only when as many are under way as the team has threads: the work is shared, and the number of
 * tasks, however large, does not change that. */
static void every_thread_takes_part(int tasks)
{
    int met = 0, count = 0;

#pragma omp parallel
#pragma omp single
    {
        int n = omp_get_num_threads();

#pragma omp taskloop num_tasks(tasks) shared(met, count)
        for (int i = 0; i < 2 * tasks; i++) {
            if (ADD(count, 1) <= n) {
                ADD(met, 1);
                task_await(&met, n);
            }
        }
        CHECK_EQ(LOAD(count), 2 * tasks);
    }
}

int main(void)
{
    plain();
    by_shorts();
    by_chars();
    by_unsigned();
    near_int_max();
    near_int_min();
    near_long_max();
    near_ull_max();
    ull_down();
    inclusive();
    not_equal();
    uneven_step();
    fine();
    coarse();
    strict_grain();
    strict_tasks();
    more_tasks_than_trips();
    no_trips();
    undeferred();
    final();
    untied();
    simd();
    pointers_as_loop_variables();
    collapsed_loops();
    last_and_first_private();
    without_a_group();
    tasks_inside();
    all_threads_at_once();
    inside_final_tasks();
    conditions_known_at_run_time();
    every_thread_takes_part(16);
    every_thread_takes_part(100);
    if (getenv("TASK_MANY") != NULL)
        every_thread_takes_part(20000);
    return 0;
}
