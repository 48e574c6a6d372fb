/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Device constructs with nowait and depend: they are tasks to which taskwait, taskgroup, barriers, the end of the
 * region and dependences apply, in both directions, inside and outside parallel regions; their data is that of the
 * construct.
 *
 * run: threads=1,2,4,8 cflags=-foffload=disable
 * run+:
 * run+: env=OUTSIDE=1 gompx-only="outside all regions libgomp hangs, here or in a later region" */
#include <pthread.h>
#include <stdint.h>

#include "task_check.h"

/* A chain through all kinds of constructs; each step must find the one before done. */
static void chain(int *x, int *steps)
{
#pragma omp task depend(out : x[0]) firstprivate(x, steps)
    {
        check_sleep_us(200);
        *x = 1;
        ++*steps;
    }
#pragma omp target nowait depend(inout : x[0]) map(tofrom : x[:1]) map(tofrom : steps[:1])
    {
        CHECK_EQ(x[0], 1);
        x[0] = 2;
        ++*steps;
    }
#pragma omp target enter data nowait depend(inout : x[0]) map(to : x[:1])
#pragma omp target update nowait depend(inout : x[0]) from(x[:1])
#pragma omp task depend(inout : x[0]) firstprivate(x, steps)
    {
        CHECK_EQ(x[0], 2);
        x[0] = 3;
        ++*steps;
    }
#pragma omp target exit data nowait depend(inout : x[0]) map(from : x[:1])
#pragma omp target nowait depend(in : x[0]) map(to : x[:1]) map(tofrom : steps[:1])
    {
        CHECK_EQ(x[0], 3);
        __atomic_fetch_add(steps, 1, __ATOMIC_RELAXED);
    }
#pragma omp target nowait depend(in : x[0]) map(to : x[:1]) map(tofrom : steps[:1])
    {
        CHECK_EQ(x[0], 3);
        __atomic_fetch_add(steps, 1, __ATOMIC_RELAXED);
    }
}

/* The four ways to wait. */
static void ends(int way)
{
    int x = 0, steps = 0;

    switch (way) {
    case 0:
        chain(&x, &steps);
#pragma omp taskwait
        break;
    case 1:
#pragma omp taskgroup
        chain(&x, &steps);
        break;
    case 2:
        chain(&x, &steps);
#pragma omp target depend(inout : x) map(tofrom : x)    /* undeferred: waits for its predecessors */
        CHECK_EQ(x, 3);
        break;
    case 3:
        chain(&x, &steps);
#pragma omp taskwait depend(inout : x)
        break;
    default:
        chain(&x, &steps);
#pragma omp target update depend(inout : x) to(x)
        break;
    }
    CHECK_EQ(x, 3);
    CHECK_EQ(LOAD(steps), 5);
#pragma omp taskwait
}

enum { WAYS = 5 };

static void every_way_to_wait(void)
{
    for (int way = 0; way < WAYS && getenv("OUTSIDE"); way++)
        ends(way);
#pragma omp parallel
    for (int way = 0; way < WAYS; way++)
        ends(way);
#pragma omp parallel
#pragma omp single nowait
    for (int way = 0; way < WAYS; way++)
#pragma omp task
        ends(way);
}

static void barriers_wait(int rounds)
{
    int sum = 0;

    for (int round = 0; round < rounds; round++) {
        int before = 0;

        sum = 0;
#pragma omp parallel
        {
            for (int i = 0; i < 10; i++)
#pragma omp target nowait map(tofrom : sum)
                __atomic_fetch_add(&sum, 1, __ATOMIC_RELAXED);
#pragma omp barrier
#pragma omp single
            before = sum - 10 * omp_get_num_threads();
#pragma omp target nowait map(tofrom : sum)
            __atomic_fetch_add(&sum, 1, __ATOMIC_RELAXED);
        }
        CHECK_EQ(before, 0);
        CHECK_EQ(sum % 11, 0);
        CHECK(sum > 0);
    }
}

/* The construct's own data is taken when it is met: arguments, private copies, and the arrays on its frame. */
#define SCRIBBLE() \
    do { \
        volatile char junk[4096]; \
        memset((void *)junk, 0x5a, sizeof junk); \
    } while (0)

static void __attribute__((noinline)) meet(int i, long *to, int n, __attribute__((unused)) int *gate)
{
    int local = i;
    _Alignas(128) char wide[40];
    int vla[n];

    memset(wide, i, sizeof wide);
    for (int k = 0; k < n; k++)
        vla[k] = i + k;
#pragma omp target nowait depend(in : gate[0]) firstprivate(local, wide, vla) map(tofrom : to[:1])
    {
        long sum = 0;

        CHECK_EQ((uintptr_t)wide % 128, 0);
        CHECK_EQ(wide[39], i);
        for (int k = 0; k < n; k++)
            sum += vla[k];
        *to = sum + local;
    }
    local = wide[0] = vla[0] = -1;
}

static void data_is_that_of_the_construct(void)
{
    enum { N = 20 };
    long got[N] = { 0 };
    int gate = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp task depend(out : gate)
        check_sleep_us(1000);
        for (int i = 0; i < N; i++) {
            meet(i, &got[i], i + 1, &gate);
            SCRIBBLE();
        }
#pragma omp taskwait
        for (int i = 0; i < N; i++)
            CHECK_EQ(got[i], i + (i + 1) * i + i * (i + 1) / 2);
    }
}

/* A region that must wait for an event lets its creator go on, in a team and outside of all. */
static void behind_an_event(void)
{
    omp_event_handle_t event;
    int x = 0, private = 1, seen = 0;

#pragma omp task detach(event) depend(out : x) shared(x)
    STORE(x, 1);
#pragma omp target nowait depend(inout : x) map(tofrom : x, seen) firstprivate(private)
    {
        seen = private;
        x = 2;
    }
#pragma omp target enter data nowait depend(inout : x) map(to : x)
#pragma omp task depend(inout : x) shared(x)
    x = 3;
    private = 7;
    CHECK(LOAD(x) <= 1);
    omp_fulfill_event(event);
#pragma omp taskwait
    CHECK_EQ(x, 3);
    CHECK_EQ(seen, 1);
}

static void *fulfil_later(void *event)
{
    check_sleep_us(300);
    omp_fulfill_event(*(omp_event_handle_t *)event);
    return NULL;
}

/* The included form: the private copy is made when the construct is met, then come the predecessors. */
static void undeferred_behind_a_task(void)
{
    struct { int a[9]; } value = { { 1 } };
    omp_event_handle_t event;
    pthread_t fulfiller;
    int x = 0, seen = 0;

#pragma omp task detach(event) depend(out : x) shared(x)
    x = 1;
#pragma omp task depend(inout : x) shared(value, x)
    value.a[0] = ++x;
    CHECK_EQ(pthread_create(&fulfiller, NULL, fulfil_later, &event), 0);
#pragma omp target depend(in : x) firstprivate(value) map(tofrom : seen, x)
    seen = 10 * x + value.a[0];
    CHECK_EQ(seen, 21);
    CHECK_EQ(value.a[0], 2);
#pragma omp task final(1) shared(x, seen)
#pragma omp target nowait depend(inout : x) map(tofrom : x, seen)
    x = seen = 5;
#pragma omp taskwait
    CHECK_EQ(x + seen, 10);
    pthread_join(fulfiller, NULL);
}

/* Tasks of a target region that are not complete when its body ends: the region ends when they are. */
static void events_inside(void)
{
    omp_event_handle_t event;
    pthread_t fulfiller;
    int x = 0;

#pragma omp target map(tofrom : x, event, fulfiller)
    {
#pragma omp task detach(event) depend(out : x) shared(x)
        x = 1;
        for (int i = 0; i < 20; i++) {
#pragma omp task depend(inout : x) shared(x)
            x++;
        }
        CHECK_EQ(pthread_create(&fulfiller, NULL, fulfil_later, &event), 0);
    }
    CHECK_EQ(x, 21);
    pthread_join(fulfiller, NULL);
}

/* Regions of a team that run side by side: each comes to an end only when all are there. */
static void side_by_side(void)
{
    int meeting = 0, threads = 0;

#pragma omp parallel
    {
#pragma omp single
        {
            threads = omp_get_num_threads();
            for (int i = 0; i < threads; i++)
#pragma omp target nowait map(tofrom : meeting) firstprivate(threads)
                task_meet(&meeting, threads);
        }
    }
    CHECK_EQ(meeting, threads);
}

/* Depend objects, iterators, mutexinoutset. */
static void kinds_of_dependences(void)
{
    int x = 0, y[4] = { 0 };
    omp_depend_t object;

#pragma omp depobj(object) depend(inout : x)
#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 10; i++) {
#pragma omp target nowait depend(depobj : object) map(tofrom : x)
            x++;
#pragma omp target nowait depend(mutexinoutset : y[0]) map(tofrom : y)
            y[0]++;
        }
#pragma omp target nowait depend(iterator(i = 0 : 4), out : y[i]) map(tofrom : y)
        for (int i = 1; i < 4; i++)
            y[i] = y[0];
#pragma omp task depend(in : y[3]) depend(depobj : object) shared(x, y)
        CHECK(x == 10 && y[3] == 10);
    }
#pragma omp depobj(object) destroy
    CHECK_EQ(x, 10);
}

int main(void)
{
    int rounds = check_rounds(8);

    for (int round = 0; round < rounds; round++) {
        every_way_to_wait();
        data_is_that_of_the_construct();
#pragma omp parallel
#pragma omp single
        behind_an_event();
#pragma omp parallel num_threads(1)
        {
            behind_an_event();
            undeferred_behind_a_task();
        }
        if (getenv("OUTSIDE")) {
            behind_an_event();
            undeferred_behind_a_task();
            events_inside();
#pragma omp parallel num_threads(3)
            events_inside();
        }
        side_by_side();
        kinds_of_dependences();
    }
    barriers_wait(rounds);
    return 0;
}
