/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads of the program that end after tasks outside of all regions: nothing of them stays, and an event that is fulfilled when
 * its thread is gone does not reach a thread that came later.
 *
 * run: threads=2 pin=no policy=default gompx-only="outside all regions libgomp hangs" */
#include <malloc.h>
#include <pthread.h>

#include "task_check.h"

static omp_event_handle_t left, awaited;
static int step;

static void *dependences(void *unused)
{
    omp_event_handle_t event;
    int x = 0;

    (void)unused;
#pragma omp task detach(event) depend(out : x) shared(x)
    x = 1;
#pragma omp task depend(inout : x) shared(x)
    x++;
    omp_fulfill_event(event);
#pragma omp taskwait
    CHECK_EQ(x, 2);
    return NULL;
}

static void run(void *(*fn)(void *))
{
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, fn, NULL), 0);
    pthread_join(thread, NULL);
}

static void nothing_stays(void)
{
    enum { ROUNDS = 300 };
    size_t before;

    for (int round = 0; round < 20; round++)
        run(dependences);
    before = mallinfo2().uordblks;
    for (int round = 0; round < ROUNDS; round++)
        run(dependences);
    CHECK(mallinfo2().uordblks < before + ROUNDS * 100);
}

static void *leave(void *unused)
{
    omp_event_handle_t event;
    int x = 0;

    (void)unused;
#pragma omp task detach(event) shared(x)
    x = 1;
    CHECK_EQ(x, 1);
    left = event;
    return NULL;
}

static void *come_later(void *unused)
{
    omp_event_handle_t event;
    int x = 0, y = 0;

    (void)unused;
#pragma omp task detach(event) depend(out : x) shared(x)
    x = 1;
#pragma omp task depend(inout : x) shared(x, y)
    y = x + 1;
    awaited = event;
    STORE(step, 1);
    while (LOAD(step) != 2)
        check_sleep_us(100);
#pragma omp taskwait
    CHECK_EQ(LOAD(step), 3);
    CHECK_EQ(y, 2);
#pragma omp barrier
    return NULL;
}

static void late_events(void)
{
    pthread_t thread;

    STORE(step, 0);
    run(leave);
    CHECK_EQ(pthread_create(&thread, NULL, come_later, NULL), 0);
    while (LOAD(step) != 1)
        check_sleep_us(100);
    omp_fulfill_event(left);
    STORE(step, 2);
    check_sleep_us(5000);
    STORE(step, 3);
    omp_fulfill_event(awaited);
    pthread_join(thread, NULL);
}

int main(void)
{
    nothing_stays();
    for (int round = 0; round < check_rounds(10); round++)
        late_events();
    return 0;
}
