/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Detached tasks: complete when both the body has ended and the event is fulfilled, in either order, by whomever: the
 * body, the creator, another task, another thread of the team, a thread that OpenMP knows nothing about. What waits for
 * them - taskwait, groups, barriers, the end of the region, dependent tasks - waits until then.
 *
 * run: opt=2 timeout=30
 *
 * run+: policy=default
 * run+: env=TASK_FOREIGN=1 gompx-only="libgomp 12: barriers, taskwait depend forget such events" */
#include <pthread.h>

#include "tests/omp/task_check.h"

enum { MOST = 4000 };

/* The outside thread: takes handles from a list and fulfils them, a batch at a time and each batch in reverse order.
 * "about" says for how many it has begun to do so. */
static struct {
    pthread_t thread;
    omp_event_handle_t handle[MOST];
    int listed, batch, about, stop;
    long pause_us;
} outside;

static void *fulfil(void *unused)
{
    int done = 0;

    while (LOAD(outside.stop) == 0 || LOAD(outside.listed) > done) {
        int n = outside.batch;

        if (LOAD(outside.listed) < done + n) {
            check_sleep_us(20);
            continue;
        }
        if (outside.pause_us)
            check_sleep_us(outside.pause_us);
        for (int i = n - 1; i >= 0; i--) {
            ADD(outside.about, 1);
            omp_fulfill_event(outside.handle[done + i]);
        }
        done += n;
    }
    return unused;
}

static void start_outside(int batch, long pause_us)
{
    outside.listed = outside.about = outside.stop = 0;
    outside.batch = batch;
    outside.pause_us = pause_us;
    CHECK_EQ(pthread_create(&outside.thread, NULL, fulfil, NULL), 0);
}

static void stop_outside(void)
{
    STORE(outside.stop, 1);
    pthread_join(outside.thread, NULL);
}

/* Called by one thread at a time. */
static void list(omp_event_handle_t event)
{
    outside.handle[outside.listed] = event;
    STORE(outside.listed, outside.listed + 1);
}

enum wait { TASKWAIT, TASKGROUP, BARRIER, LOOP_END, REGION_END, DEPENDENT, WAITS };

/* Creates n tasks whose bodies do next to nothing. */
static void create(int n, int *bodies)
{
    for (int i = 0; i < n; i++) {
        omp_event_handle_t event;

#pragma omp task detach(event) firstprivate(bodies)
        ADD(*bodies, 1);
        list(event);
    }
}

static void wait_for_tasks(enum wait kind, int n, int *bodies)
{
    int x = 0;

    if (kind == TASKGROUP) {
#pragma omp taskgroup
        create(n, bodies);
    } else if (kind == DEPENDENT) {
        for (int i = 0; i < n; i++) {
            omp_event_handle_t event;

#pragma omp task detach(event) depend(inout : x) firstprivate(bodies, i) shared(x)
            {
                CHECK_EQ(x++, i);
                CHECK(LOAD(outside.about) >= i);
                ADD(*bodies, 1);
            }
            list(event);
        }
#pragma omp task depend(in : x) firstprivate(bodies, n)
        {
            CHECK_EQ(LOAD(outside.about), n);
            CHECK_EQ(LOAD(*bodies), n);
        }
        if (getenv("TASK_FOREIGN") != NULL) {
#pragma omp taskwait depend(in : x)
            CHECK_EQ(LOAD(outside.about), n);
        }
    } else {
        create(n, bodies);
        if (kind == TASKWAIT) {
#pragma omp taskwait
        }
    }
    if (kind < BARRIER)
        CHECK_EQ(LOAD(outside.about), n);
#pragma omp taskwait
    CHECK_EQ(LOAD(outside.about), n);
}

/* Fulfilled from outside the program's OpenMP threads. */
static void by_a_foreign_thread(enum wait kind, int n, int batch, long pause_us)
{
    int bodies = 0;

    start_outside(kind == DEPENDENT ? 1 : batch, pause_us);
#pragma omp parallel
    {
        if (kind == LOOP_END) {
#pragma omp for
            for (int i = 0; i < omp_get_num_threads(); i++)
                if (i == 0)
                    create(n, &bodies);
        } else if (omp_get_thread_num() == omp_get_num_threads() - 1) {
            if (kind == BARRIER || kind == REGION_END)
                create(n, &bodies);
            else
                wait_for_tasks(kind, n, &bodies);
        }
        if (kind == BARRIER) {
#pragma omp barrier
        }
        if (kind == BARRIER || kind == LOOP_END) {
            CHECK_EQ(LOAD(outside.about), n);
            CHECK_EQ(LOAD(bodies), n);
        }
    }
    CHECK_EQ(outside.about, n);
    CHECK_EQ(bodies, n);
    stop_outside();
}

/* Fulfilled before the body can begin, in the body before its work is done, after it, and by the creator. */
static void early_and_late(void)
{
    int x = 0, ends = 0, begun = 0;

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 20; i++) {
        omp_event_handle_t early, inside, late;

#pragma omp task depend(out : x) shared(x)
        {
            check_work(500);
            x = i + 1;
        }
#pragma omp task detach(early) depend(inout : x) shared(x, ends)
        {
            check_work(100);
            CHECK_EQ(x, i + 1);
            ADD(ends, 1);
        }
        omp_fulfill_event(early);       /* the body waits for x */
#pragma omp task detach(inside) shared(ends)
        {
            omp_fulfill_event(inside);
            check_work(200);
            ADD(ends, 1);
        }
#pragma omp taskwait
        CHECK_EQ(LOAD(ends), 3 * i + 2);
#pragma omp task detach(late) shared(ends, begun)
        {
            ADD(ends, 1);
            ADD(begun, 1);
        }
        if (omp_get_num_threads() > 1)
            task_await(&begun, i + 1);
        omp_fulfill_event(late);
#pragma omp taskwait
        CHECK_EQ(LOAD(ends), 3 * i + 3);
    }
}

/* Each event is fulfilled by a sibling that is made after, before or together with it. */
static void by_other_tasks(void)
{
    int rounds = check_rounds(40), ends = 0;

#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
        int fulfilled = 0;

#pragma omp taskgroup
        {
            omp_event_handle_t a, b;

#pragma omp task detach(a) shared(ends)
            ADD(ends, 1);
#pragma omp task firstprivate(a) detach(b) shared(fulfilled)
            {
                ADD(fulfilled, 1);
                omp_fulfill_event(a);
            }
#pragma omp task firstprivate(b) shared(fulfilled)
            {
                check_work(100);
#pragma omp task firstprivate(b) shared(fulfilled)
                {
                    ADD(fulfilled, 1);
                    omp_fulfill_event(b);
                }
            }
        }
        CHECK_EQ(LOAD(fulfilled), 2);
    }
    CHECK_EQ(ends, rounds * omp_get_max_threads());
}

/* Successors of a detached task, also those made after its body has ended, wait for the event. */
static void successors_wait_for_the_event(void)
{
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 20; i++) {
        omp_event_handle_t event;
        int x = 0, body = 0, fulfilled = 0;

#pragma omp task detach(event) depend(out : x) shared(x, body)
        {
            x = 1;
            STORE(body, 1);
        }
        if (omp_get_num_threads() > 1)
            task_await(&body, 1);
        for (int k = 0; k < 3; k++) {
#pragma omp task depend(in : x) shared(x, fulfilled)
            {
                CHECK_EQ(LOAD(fulfilled), 1);
                CHECK_EQ(x, 1);
            }
        }
        STORE(fulfilled, 1);
        omp_fulfill_event(event);
#pragma omp task depend(inout : x) if(0) shared(x)
        x = 2;
#pragma omp taskwait
    }
}

/* An undeferred detached task: the creator goes on when the event is fulfilled. */
static omp_event_handle_t waited_for;
static int handed_over;

static void *fulfil_one(void *unused)
{
    task_await(&handed_over, 1);
    check_sleep_us(300);
    STORE(handed_over, 2);
    omp_fulfill_event(waited_for);
    return unused;
}

static void undeferred_in_this_thread(void)
{
    omp_event_handle_t event;
    pthread_t thread;
    int done = 0;

    handed_over = 0;
    CHECK_EQ(pthread_create(&thread, NULL, fulfil_one, NULL), 0);
#pragma omp task detach(event) if(0) shared(done)
    {
        waited_for = event;
        done = 1;
        STORE(handed_over, 1);
    }
    CHECK_EQ(LOAD(handed_over), 2);
    CHECK_EQ(done, 1);
    pthread_join(thread, NULL);
#pragma omp task detach(event) if(0) shared(done)
    {
        omp_fulfill_event(event);
        done = 2;
    }
    CHECK_EQ(done, 2);
}

static void undeferred(void)
{
#pragma omp parallel
    {
#pragma omp single
        undeferred_in_this_thread();
#pragma omp single
        {
#pragma omp task
            undeferred_in_this_thread();
        }
    }
    undeferred_in_this_thread();
}

/* Outside any region. */
static void outside_regions(void)
{
    int bodies = 0;

    start_outside(1, 100);
    for (int i = 0; i < 20; i++) {
        omp_event_handle_t event;

#pragma omp task detach(event) shared(bodies)
        {
            bodies++;
            list(event);
        }
#pragma omp taskwait
        CHECK_EQ(LOAD(outside.about), i + 1);
    }
    stop_outside();
    CHECK_EQ(bodies, 20);
}

/* Thousands pending at once (libgomp: 50, with more it waits for each), fulfilled backwards by the creator. */
static void many(void)
{
    static omp_event_handle_t event[MOST];
    int bodies = 0, n = getenv("TASK_FOREIGN") == NULL ? 50 : MOST;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        {
            for (int i = 0; i < n; i++) {
                omp_event_handle_t handle;

#pragma omp task detach(handle) shared(bodies)
                ADD(bodies, 1);
                event[i] = handle;
            }
            for (int i = n - 1; i >= 0; i--)
                omp_fulfill_event(event[i]);
        }
        CHECK_EQ(LOAD(bodies), n);
    }
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        early_and_late();
        by_other_tasks();
        successors_wait_for_the_event();
        undeferred();
    }
    for (int kind = TASKWAIT; kind < WAITS; kind++) {
        if (kind >= BARRIER && kind <= REGION_END && getenv("TASK_FOREIGN") == NULL)
            continue;
        by_a_foreign_thread((enum wait)kind, 1, 1, 0);
        by_a_foreign_thread((enum wait)kind, 1, 1, 2000);
        by_a_foreign_thread((enum wait)kind, 30, 10, 100);
    }
    if (getenv("TASK_FOREIGN") != NULL) {
        by_a_foreign_thread(REGION_END, MOST, 40, 0);
        by_a_foreign_thread(TASKWAIT, MOST, MOST, 0);
    }
    outside_regions();
    many();
    return 0;
}
