/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks: dependences, taskloop in all its splits, detach, task reductions on taskgroup, parallel, loops and sections.
 * */
#include <pthread.h>

#include "check.h"

static void dependences_give_the_order(void)
{
#pragma omp parallel
#pragma omp single
    for (int round = 0; round < 20; round++) {
        int a = 0, b = 0, c = 0;

#pragma omp task depend(out : a) shared(a)
        {
            check_work(300);
            a = 1;
        }
#pragma omp task depend(in : a) depend(out : b) shared(a, b)
        b = a + 1;
#pragma omp task depend(in : a) depend(out : c) shared(a, c)
        c = a + 2;
#pragma omp task depend(inout : a) depend(in : b, c) shared(a, b, c)
        a = b * 10 + c;
#pragma omp task depend(mutexinoutset : a) shared(a)
        a += 100;
#pragma omp task depend(mutexinoutset : a) shared(a)
        a += 100;
#pragma omp task depend(in : a) if(0) shared(a)
        CHECK_EQ(a, 223);
#pragma omp taskwait
        CHECK_EQ(a, 223);
    }
}

static void a_long_chain(void)
{
    int x = 0;

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 300; i++) {
#pragma omp task depend(inout : x) shared(x) firstprivate(i)
            {
                CHECK_EQ(x, i);
                x++;
            }
        }
#pragma omp taskwait depend(in : x)
        CHECK_EQ(x, 300);
    }
}

static void dependence_objects(void)
{
    int x = 0;
    omp_depend_t d;

#pragma omp depobj(d) depend(out : x)
#pragma omp parallel
#pragma omp single
    {
#pragma omp task depend(depobj : d) shared(x)
        x = 4;
#pragma omp task depend(in : x) shared(x)
        CHECK_EQ(x, 4);
    }
#pragma omp depobj(d) destroy
}

#define TASKLOOP(name, type, from, condition, step, clauses)                        \
    static void name(void)                                                          \
    {                                                                               \
        int ran[120] = { 0 }, trips = 0;                                            \
                                                                                    \
        for (type i = from; condition; step)                                        \
            trips++;                                                                \
        _Pragma("omp parallel")                                                     \
        _Pragma("omp single")                                                       \
        {                                                                           \
            _Pragma(clauses)                                                        \
            for (type i = from; condition; step)                                    \
                __atomic_fetch_add(&ran[(int)i], 1, __ATOMIC_RELAXED);              \
            for (type i = from; condition; step)                                    \
                CHECK_EQ(ran[(int)i], 1);                                           \
        }                                                                           \
        for (int i = 0; i < 120; i++)                                               \
            trips -= ran[i];                                                        \
        CHECK_EQ(trips, 0);                                                         \
    }

TASKLOOP(plain, int, 0, i < 100, i++, "omp taskloop shared(ran)")
TASKLOOP(down, long, 99, i >= 0, i -= 3, "omp taskloop shared(ran)")
TASKLOOP(strided, int, 5, i < 100, i += 7, "omp taskloop shared(ran) num_tasks(4)")
TASKLOOP(grains, int, 0, i < 100, i++, "omp taskloop shared(ran) grainsize(9)")
TASKLOOP(strict_grains, int, 0, i < 100, i++, "omp taskloop shared(ran) grainsize(CHECK_STRICT 9)")
TASKLOOP(too_many_tasks, int, 0, i < 10, i++, "omp taskloop shared(ran) num_tasks(50)")
TASKLOOP(empty, int, 0, i < 0, i++, "omp taskloop shared(ran)")
TASKLOOP(ull, unsigned long long, 0, i < 100, i += 2, "omp taskloop shared(ran) grainsize(5)")
TASKLOOP(ull_down, unsigned long long, 100, i > 0, i -= 5, "omp taskloop shared(ran)")
TASKLOOP(undeferred, int, 0, i < 100, i++, "omp taskloop shared(ran) if(0)")
TASKLOOP(final_tasks, int, 0, i < 100, i++, "omp taskloop shared(ran) final(1) priority(3)")

static void taskloop_reduction(void)
{
    int sum = 3, other = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskloop reduction(+ : sum) grainsize(6)
        for (int i = 0; i < 100; i++)
            sum += i;
        CHECK_EQ(sum, 4953);
#pragma omp taskgroup task_reduction(+ : other)
        {
            for (int i = 0; i < 20; i++) {
#pragma omp task in_reduction(+ : other) firstprivate(i)
                other += i;
            }
#pragma omp taskloop in_reduction(+ : other)
            for (int i = 0; i < 10; i++)
                other += 1000;
        }
        CHECK_EQ(other, 10190);
    }
}

static void task_reductions_of_constructs(void)
{
    int region = 0, loop = 0, parts = 0, threads = omp_get_max_threads();

#pragma omp parallel reduction(task, + : region)
    {
#pragma omp task in_reduction(+ : region)
        region += 10;
        region++;
    }
    CHECK_EQ(region, 11 * threads);
#pragma omp parallel
    {
#pragma omp for schedule(dynamic) reduction(task, + : loop)
        for (int i = 0; i < 40; i++) {
            loop += i;
#pragma omp task in_reduction(+ : loop)
            loop += 1000;
        }
#pragma omp sections reduction(task, + : parts)
        {
            parts++;
#pragma omp section
            {
#pragma omp task in_reduction(+ : parts)
                parts += 50;
            }
        }
        CHECK_EQ(loop, 40780);
        CHECK_EQ(parts, 51);
    }
}

static omp_event_handle_t handed_over;
static int handed;

static void *fulfiller(void *unused)
{
    while (!__atomic_load_n(&handed, __ATOMIC_ACQUIRE))
        check_sleep_us(50);
    check_sleep_us(1000);
    __atomic_store_n(&handed, 2, __ATOMIC_RELEASE);
    omp_fulfill_event(handed_over);
    return unused;
}

static void detached_tasks(void)
{
    pthread_t thread;

    handed = 0;
    CHECK_EQ(pthread_create(&thread, NULL, fulfiller, NULL), 0);
#pragma omp parallel
#pragma omp single
    {
        omp_event_handle_t event;

#pragma omp task detach(event)
        {
            handed_over = event;
            __atomic_store_n(&handed, 1, __ATOMIC_RELEASE);
        }
#pragma omp taskwait
        CHECK_EQ(__atomic_load_n(&handed, __ATOMIC_ACQUIRE), 2);
        int y = 0;
#pragma omp task detach(event) depend(out : y) shared(y)
        {
            y = 1;
            omp_fulfill_event(event);
        }
#pragma omp task depend(in : y) shared(y)
        CHECK_EQ(y, 1);
#pragma omp taskwait
    }
    pthread_join(thread, NULL);
}

int main(void)
{
    dependences_give_the_order();
    a_long_chain();
    dependence_objects();
    plain();
    down();
    strided();
    grains();
    strict_grains();
    too_many_tasks();
    empty();
    ull();
    ull_down();
    undeferred();
    final_tasks();
    taskloop_reduction();
    task_reductions_of_constructs();
    for (int i = 0; i < 5; i++)
        detached_tasks();
    return 0;
}
