/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads that wait for tasks sleep: while one task sleeps for 0.4 s, or an event is pending for so long, the process
 * uses next to no CPU time, whatever the others wait in; and they are all there when there are tasks again.
 *
 * run: opt=2 timeout=60 pin=no
 *
 * run+: threads=2,8 policy=default
 * run+: threads=4 policy=passive */
#include <pthread.h>

#include "tests/omp/task_check.h"

enum { NAP_US = 400000 };
static const double most_cpu_seconds = 0.2;     /* one thread that polls all the time would use 0.4 */

static double cpu_before;

static void begin(void)
{
    cpu_before = task_cpu_seconds();
}

static void end(const char *what)
{
    double used = task_cpu_seconds() - cpu_before;

    if (used > most_cpu_seconds) {
        fprintf(stderr, "%s: %.3f s of CPU time in a nap of %.1f s\n", what, used, NAP_US / 1e6);
        CHECK(used <= most_cpu_seconds);
    }
}

/* As many tasks as threads, each of which ends only when all have begun: nobody has been forgotten. */
static void everybody_wakes_up(void)
{
    int met = 0;

#pragma omp taskgroup
    for (int i = 0; i < omp_get_num_threads(); i++) {
#pragma omp task shared(met)
        task_meet(&met, omp_get_num_threads());
    }
}

/* The task is executed at the barrier by whoever comes first; all others, and its creator, wait there. */
static void others_at_a_barrier(void)
{
    begin();
#pragma omp parallel
    {
#pragma omp single
        {
#pragma omp task
            check_sleep_us(NAP_US);
        }
#pragma omp barrier
#pragma omp master
        end("barrier");
#pragma omp single
        everybody_wakes_up();
    }
}

/* The napping thread is the master or another one; the others wait at the end of the region. */
static void others_at_the_end(void)
{
    for (int last = 0; last < 2; last++) {
        begin();
#pragma omp parallel
        if (omp_get_thread_num() == (last ? omp_get_num_threads() - 1 : 0)) {
#pragma omp task if(0)
            check_sleep_us(NAP_US);
#pragma omp task
            check_work(100);
        }
        end("end of the region");
#pragma omp parallel
#pragma omp single
        everybody_wakes_up();
    }
}

/* A task begun by another thread; the creator waits for it in one of four ways and the rest for the creator. */
static void nap_elsewhere(int *begun)
{
#pragma omp task firstprivate(begun)
    {
        STORE(*begun, 1);
        check_sleep_us(NAP_US);
    }
    task_await(begun, 1);
}

static void the_creator_waits(int how)
{
    static const char *const name[] = { "taskwait", "taskgroup", "taskwait depend", "undeferred task with depend" };
    int begun = 0, x = 0;

#pragma omp parallel
#pragma omp single
    {
        begin();
        if (how == 0) {
            nap_elsewhere(&begun);
#pragma omp taskwait
        } else if (how == 1) {
#pragma omp taskgroup
            nap_elsewhere(&begun);
        } else {
#pragma omp task depend(out : x) shared(begun, x)
            {
                STORE(begun, 1);
                check_sleep_us(NAP_US);
                x = 1;
            }
            task_await(&begun, 1);
            if (how == 2) {
#pragma omp taskwait depend(in : x)
            } else {
#pragma omp task depend(inout : x) if(0) shared(x)
                x++;
            }
            CHECK(x > 0);
        }
        end(name[how]);
        everybody_wakes_up();
    }
}

/* Nobody executes anything: an event of a foreign thread is awaited. */
static omp_event_handle_t event;
static int handed_over;

static void *fulfil_late(void *unused)
{
    task_await(&handed_over, 1);
    check_sleep_us(NAP_US);
    omp_fulfill_event(event);
    return unused;
}

static void an_event_is_pending(void)
{
    pthread_t thread;
    int ran = 0;

    handed_over = 0;
    CHECK_EQ(pthread_create(&thread, NULL, fulfil_late, NULL), 0);
    begin();
#pragma omp parallel
#pragma omp single
    {
        omp_event_handle_t handle;

#pragma omp task detach(handle) shared(ran)
        ran = 1;
        event = handle;
        STORE(handed_over, 1);
#pragma omp taskwait
        end("detached task");
        CHECK_EQ(LOAD(ran), 1);
        everybody_wakes_up();
    }
    pthread_join(thread, NULL);
}

/* Tasks in between keep nobody awake: short ones every 20 ms. */
static void now_and_then_a_task(void)
{
    int done = 0;

#pragma omp parallel
#pragma omp master
    {
        begin();
        for (int i = 1; i <= NAP_US / 20000; i++) {
            check_sleep_us(20000);
#pragma omp task shared(done)
            ADD(done, 1);
            task_await(&done, i);
        }
        end("short tasks");
        everybody_wakes_up();
    }
}

int main(void)
{
#pragma omp parallel
#pragma omp single
    everybody_wakes_up();
    others_at_a_barrier();
    others_at_the_end();
    for (int how = 0; how < 4; how++)
        the_creator_waits(how);
    an_event_is_pending();
    now_and_then_a_task();
    return 0;
}
