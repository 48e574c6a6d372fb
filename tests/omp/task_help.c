/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads that wait execute tasks: as many tasks as the team has threads, each of which ends only when all of them have
 * begun, made by one thread while the others are anywhere a thread can wait: at every kind of barrier, at the end of
 * the region, for long enough to sleep or just arriving. Ends only if every thread takes one.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: env=OMP_CANCELLATION=true policy=default pin=no
 * run+: env=GOMP_SPINCOUNT=0 policy=default
 * run+: env=TASK_DESCENDANTS=1 policy=default gompx-only="libgomp's taskwait executes children only" */
#include "tests/omp/task_check.h"

enum { PAUSES = 4 };

/* The creator's delay: none, a little, and long enough for the others to sleep. */
static void pause_number(int i)
{
    static const long us[PAUSES] = { 0, 5, 100, 3000 };

    if (us[i % PAUSES])
        check_sleep_us(us[i % PAUSES]);
}

static void make_meeting_tasks(int *met, int n)
{
    for (int i = 0; i < n; i++) {
#pragma omp task firstprivate(met, n)
        task_meet(met, n);
    }
}

enum creator_waits { AT_BARRIER, IN_TASKWAIT, IN_TASKGROUP, IN_TASKLOOP, CREATOR_WAITS };

/* The creator takes part in a taskwait, a taskgroup, a taskloop's end, or in the barrier that follows in the caller. */
static void create(enum creator_waits how, int *met)
{
    int n = omp_get_num_threads();

    switch (how) {
    case AT_BARRIER:
        make_meeting_tasks(met, n);
        break;
    case IN_TASKWAIT:
        make_meeting_tasks(met, n);
#pragma omp taskwait
        CHECK_EQ(LOAD(*met), n);
        break;
    case IN_TASKGROUP:
#pragma omp taskgroup
        make_meeting_tasks(met, n);
        CHECK_EQ(LOAD(*met), n);
        break;
    default:
#pragma omp taskloop grainsize(1) firstprivate(met, n)
        for (int i = 0; i < n; i++)
            task_meet(met, n);
        CHECK_EQ(LOAD(*met), n);
    }
}

static void others_at_the_barrier_of_a_single(void)
{
    for (int i = 0; i < CREATOR_WAITS * PAUSES; i++) {
        int met = 0;

#pragma omp parallel
        {
#pragma omp single
            {
                pause_number(i / CREATOR_WAITS);
                create((enum creator_waits)(i % CREATOR_WAITS), &met);
            }
            CHECK_EQ(LOAD(met), omp_get_num_threads());
        }
    }
}

/* The creator is thread 0 (whose join is unlike the others') or the last one. */
static void others_at_the_end_of_the_region(void)
{
    int threads = omp_get_max_threads();

    for (int i = 0; i < CREATOR_WAITS * PAUSES; i++) {
        for (int creator = 0; creator < threads; creator += threads > 1 ? threads - 1 : 1) {
            int met = 0;

#pragma omp parallel
            if (omp_get_thread_num() == creator) {
                pause_number(i / CREATOR_WAITS);
                create((enum creator_waits)(i % CREATOR_WAITS), &met);
            }
            CHECK_EQ(met, threads);
        }
    }
}

static void others_at_other_barriers(void)
{
    int met[4][PAUSES] = { { 0 } };

#pragma omp parallel
    for (int i = 0; i < PAUSES; i++) {
        int me = omp_get_thread_num(), n = omp_get_num_threads();

        if (me == i % n) {
            pause_number(i);
            make_meeting_tasks(&met[0][i], n);
        }
#pragma omp barrier
        CHECK_EQ(LOAD(met[0][i]), n);
#pragma omp for schedule(static, 1)
        for (int k = 0; k < n; k++)
            if (k == i % n) {
                pause_number(i);
                make_meeting_tasks(&met[1][i], n);
            }
        CHECK_EQ(LOAD(met[1][i]), n);
#pragma omp for schedule(dynamic, 1)
        for (int k = 0; k < n; k++)
            if (k == n - 1)
                make_meeting_tasks(&met[2][i], n);
        CHECK_EQ(LOAD(met[2][i]), n);
#pragma omp sections
        {
#pragma omp section
            {
                pause_number(i);
                make_meeting_tasks(&met[3][i], n);
            }
        }
        CHECK_EQ(LOAD(met[3][i]), n);
    }
}

static void others_at_a_cancellable_barrier(void)
{
    int met[PAUSES] = { 0 }, never = 0;

#pragma omp parallel firstprivate(never)
    for (int i = 0; i < PAUSES; i++) {
#pragma omp cancel parallel if(never)
#pragma omp master
        {
            pause_number(i);
            make_meeting_tasks(&met[i], omp_get_num_threads());
        }
#pragma omp barrier
        CHECK_EQ(LOAD(met[i]), omp_get_num_threads());
    }
}

/* Made by a task of a task; and released all at once by a task that comes late. */
static void made_by_tasks(void)
{
    for (int i = 0; i < PAUSES; i++) {
        int deep = 0, after = 0, x = 0;

#pragma omp parallel
#pragma omp single
        {
            int n = omp_get_num_threads();

#pragma omp task shared(deep)
            {
#pragma omp task shared(deep)
                {
                    pause_number(i);
                    make_meeting_tasks(&deep, n);
                }
            }
        }
        CHECK_EQ(deep, omp_get_max_threads());
#pragma omp parallel
#pragma omp single
        {
            int n = omp_get_num_threads();

#pragma omp taskgroup
            {
#pragma omp task depend(out : x) shared(x)
                {
                    pause_number(i);
                    x = 1;
                }
                for (int k = 0; k < n; k++) {
#pragma omp task depend(in : x) shared(after, x)
                    {
                        CHECK_EQ(x, 1);
                        task_meet(&after, n);
                    }
                }
            }
            CHECK_EQ(LOAD(after), n);
        }
    }
}

/* A thread that has waited for long, and was woken again and again for tasks that others took first, still helps. */
static void waiting_for_long_helps_too(void)
{
    for (int i = 0; i < 2 * PAUSES; i++) {
        int met = 0, x = 0;

#pragma omp parallel
#pragma omp single
        {
            int n = omp_get_num_threads();

#pragma omp taskgroup
            {
                for (int k = 0; k < 10; k++) {
#pragma omp task depend(inout : x) shared(x)
                    {
                        check_sleep_us(100);
                        x++;
                    }
#pragma omp task depend(in : x) shared(x) firstprivate(k)
                    CHECK_EQ(x, k + 1);
                }
                for (int k = 0; k < n; k++) {
#pragma omp task depend(in : x) shared(met, x)
                    {
                        CHECK_EQ(x, 10);
                        task_meet(&met, n);
                    }
                }
            }
            CHECK_EQ(LOAD(met), n);
        }
    }
}

/* A thread that waits in taskwait for a child executes the tasks of that child, which may be on another thread. */
static void descendants_are_helped(void)
{
    for (int i = 0; i < PAUSES; i++) {
        int met = 0;

#pragma omp parallel
#pragma omp single
        {
#pragma omp task shared(met)
            {
                pause_number(i);
                make_meeting_tasks(&met, omp_get_num_threads());
#pragma omp taskwait
            }
#pragma omp taskwait
            CHECK_EQ(LOAD(met), omp_get_num_threads());
        }
    }
}

/* Two tasks at a time over and over, each made when the one before is done and everybody may be about to sleep. */
static void pairs_one_after_the_other(void)
{
    int rounds = check_rounds(100), threads = omp_get_max_threads();

    if (threads == 1)
        return;
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < rounds; i++) {
        int met = 0;

        if (i % 10 == 0)
            pause_number(i / 10);
#pragma omp task shared(met)
        task_meet(&met, 2);
#pragma omp task shared(met)
        task_meet(&met, 2);
#pragma omp taskwait
        CHECK_EQ(LOAD(met), 2);
    }
}

/* The creator never comes to a scheduling point itself: the others do all. */
static void a_creator_that_does_not_help(void)
{
    if (omp_get_max_threads() == 1)
        return;
    for (int i = 0; i < 2 * PAUSES; i++) {
        int met = 0, done = 0, yielded = 0;

#pragma omp parallel
#pragma omp master
        {
            int n = omp_get_num_threads();

            pause_number(i / 2);
            for (int k = 0; k < n - 1; k++) {
#pragma omp task shared(met, done)
                {
                    task_meet(&met, n - 1);
                    ADD(done, 1);
                }
            }
            task_await(&done, n - 1);
#pragma omp task shared(yielded)
            STORE(yielded, 1);
            while (LOAD(yielded) == 0) {
#pragma omp taskyield
                sched_yield();
            }
        }
        CHECK_EQ(yielded, 1);
    }
}

/* A thread that has just executed a task waits for the next one, also if that comes late. */
static void tasks_with_gaps(void)
{
    int done = 0, threads = omp_get_max_threads();

    if (threads == 1)
        return;
#pragma omp parallel
#pragma omp master
    for (int i = 1; i <= 12; i++) {
        pause_number(i);
#pragma omp task shared(done)
        ADD(done, 1);
        task_await(&done, i);
    }
    CHECK_EQ(done, 12);
}

int main(void)
{
    others_at_the_barrier_of_a_single();
    others_at_the_end_of_the_region();
    others_at_other_barriers();
    others_at_a_cancellable_barrier();
    made_by_tasks();
    waiting_for_long_helps_too();
    if (getenv("TASK_DESCENDANTS") != NULL)
        descendants_are_helped();
    pairs_one_after_the_other();
    a_creator_that_does_not_help();
    tasks_with_gaps();
    return 0;
}
