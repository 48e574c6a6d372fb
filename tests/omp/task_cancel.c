/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cancellation and tasks. Tasks of a cancelled group that wait for a task which cancels it never run; tasks outside the
 * group and later groups are not touched; without OMP_CANCELLATION everything runs. Also cancelled regions and
 * worksharing constructs with tasks and task reductions.
 *
 * run: opt=2 timeout=30
 *
 * run+: env=OMP_CANCELLATION=true
 * run+: env=OMP_CANCELLATION=false policy=default */
#include "tests/omp/task_check.h"

static int on;

/* The first task cancels the group; the others depend on it. */
static void tasks_not_begun_are_discarded(void)
{
    int x = 0, cancelled = 0, ran = 0, behind = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        {
#pragma omp task depend(out : x) shared(x, cancelled, behind)
            {
                check_work(300);
                x = 1;
                STORE(cancelled, 1);
#pragma omp cancel taskgroup
                STORE(behind, 1);
            }
            for (int i = 0; i < 50; i++) {
#pragma omp task depend(in : x) shared(x, ran)
                {
                    CHECK_EQ(x, 1);
                    ADD(ran, 1);
                }
            }
        }
        CHECK_EQ(LOAD(cancelled), 1);
        CHECK_EQ(LOAD(ran), on ? 0 : 50);
        CHECK_EQ(LOAD(behind), !on);
    }
}

/* Tasks made once the group is cancelled do not exist. */
static void no_tasks_are_made_afterwards(void)
{
    int ran = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        {
#pragma omp task if(0)
            {
#pragma omp cancel taskgroup
            }
            for (int i = 0; i < 20; i++) {
#pragma omp task shared(ran)
                ADD(ran, 1);
            }
#pragma omp taskloop nogroup num_tasks(5) shared(ran)
            for (int i = 0; i < 20; i++)
                ADD(ran, 1);
        }
        CHECK_EQ(LOAD(ran), on ? 0 : 40);
#pragma omp taskgroup
        {
#pragma omp task shared(ran)
            ADD(ran, 1);
        }
        CHECK_EQ(LOAD(ran), on ? 1 : 41);
    }
}

/* Tasks before, around and after the cancelled group all run, and those of groups of other threads. */
static void other_groups_are_not_touched(void)
{
    int others = 0, threads = omp_get_max_threads();

#pragma omp parallel
    for (int round = 0; round < 5; round++) {
#pragma omp taskgroup
        {
#pragma omp task shared(others)
            {
                check_work(300);
                ADD(others, 1);
            }
#pragma omp taskgroup
            {
#pragma omp task if(0)
                {
#pragma omp cancel taskgroup
                }
#pragma omp task
                CHECK(!on);
            }
            for (int i = 0; i < 3; i++) {
#pragma omp task shared(others)
                ADD(others, 1);
            }
        }
#pragma omp task shared(others)
        ADD(others, 1);
    }
    CHECK_EQ(others, 25 * threads);
}

/* A task that runs learns of it at a cancellation point, in whatever thread it is. */
static void cancellation_points(void)
{
    int begun = 0, left = 0, behind = 0;

#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
#pragma omp taskgroup
        {
            for (int i = 1; i < omp_get_num_threads(); i++) {
#pragma omp task shared(begun, left, behind)
                {
                    ADD(begun, 1);
                    ADD(left, 1);
                    while (on) {
#pragma omp cancellation point taskgroup
                        sched_yield();
                    }
                    ADD(behind, 1);
                }
            }
            task_await(&begun, omp_get_num_threads() - 1);
#pragma omp task if(0)
            {
#pragma omp cancel taskgroup
            }
        }
        CHECK_EQ(LOAD(left), omp_get_num_threads() - 1);
        CHECK_EQ(LOAD(behind), on ? 0 : omp_get_num_threads() - 1);
    }
}

/* Members of the group that have children: those discarded and those not are all accounted for. */
static void trees_in_cancelled_groups(void)
{
    int rounds = check_rounds(30);

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < rounds; i++) {
        int begun = 0, ended = 0;

#pragma omp taskgroup
        for (int k = 0; k < 12; k++) {
#pragma omp task shared(begun, ended) firstprivate(i, k)
            {
                ADD(begun, 1);
                for (int c = 0; c < 4; c++) {
#pragma omp task shared(begun, ended) firstprivate(i, k, c)
                    {
                        ADD(begun, 1);
                        check_work(20 * c);
                        ADD(ended, 1);
                        if (k == i % 12 && c == 2) {
#pragma omp cancel taskgroup
                        }
                    }
                }
                ADD(ended, 1);
            }
        }
        CHECK_EQ(LOAD(ended), LOAD(begun));
        CHECK(on || begun == 60);
    }
}

static void cancelled_taskloops(void)
{
    int rounds = check_rounds(20);

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < rounds; i++) {
        int ran = 0;

#pragma omp taskloop num_tasks(40) shared(ran)
        for (int k = 0; k < 400; k++) {
            ADD(ran, 1);
            if (k == i * 10) {
#pragma omp cancel taskgroup
            }
#pragma omp cancellation point taskgroup
        }
        CHECK(on ? ran >= 1 && ran <= 400 : ran == 400);
        ran = 0;
#pragma omp taskloop num_tasks(10) shared(ran)
        for (int k = 0; k < 100; k++)
            ADD(ran, 1);
        CHECK_EQ(ran, 100);
    }
}

static void conditional_cancellation(void)
{
    int ran = 0;

#pragma omp parallel
#pragma omp single
    for (int c = 0; c < 2; c++) {
#pragma omp taskgroup
        {
#pragma omp task if(0) shared(ran)
            {
#pragma omp cancel taskgroup if(c)
                ADD(ran, 1);
            }
#pragma omp task shared(ran)
            ADD(ran, 10);
        }
        CHECK_EQ(LOAD(ran), c == 0 || on ? 11 : 22);
    }
}

/* Queued tasks of a cancelled region may be discarded or not; the next region is whole. */
static void cancelled_regions(void)
{
    int rounds = check_rounds(40), threads = omp_get_max_threads();

    for (int i = 0; i < rounds; i++) {
        int begun = 0, ended = 0, next = 0;

#pragma omp parallel
        {
            for (int k = 0; k < 10; k++) {
#pragma omp task shared(begun, ended)
                {
                    ADD(begun, 1);
                    check_work(100);
#pragma omp task shared(begun, ended)
                    {
                        ADD(begun, 1);
                        ADD(ended, 1);
                    }
                    ADD(ended, 1);
                }
            }
            if (omp_get_thread_num() == i % omp_get_num_threads()) {
#pragma omp cancel parallel
            }
#pragma omp barrier
            CHECK(!on);
        }
        CHECK_EQ(ended, begun);
        CHECK(on || begun == 20 * threads);
#pragma omp parallel
#pragma omp task shared(next)
        ADD(next, 1);
        CHECK_EQ(next, threads);
    }
}

/* A cancelled loop or sections construct that reduces over tasks: whatever it gives, the next one is right. */
static void cancelled_task_reductions(void)
{
    long sum = 0, whole = 0;
    int rounds = check_rounds(20);

#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
#pragma omp for schedule(dynamic) reduction(task, + : sum)
        for (int k = 0; k < 50; k++) {
#pragma omp task in_reduction(+ : sum)
            sum += 1;
            if (k == i) {
#pragma omp cancel for
            }
#pragma omp cancellation point for
        }
#pragma omp for reduction(task, + : whole)
        for (int k = 0; k < 20; k++) {
#pragma omp task in_reduction(+ : whole)
            whole += k;
        }
        CHECK_EQ(whole, 190L * (i + 1));
#pragma omp sections reduction(task, + : sum)
        {
#pragma omp section
            {
#pragma omp task in_reduction(+ : sum)
                sum += 1;
#pragma omp cancel sections
            }
#pragma omp section
            sum += 2;
        }
    }
    CHECK(on || sum == rounds * 53L);
}

int main(void)
{
    on = omp_get_cancellation();
    for (int i = 0; i < 5; i++) {
        tasks_not_begun_are_discarded();
        no_tasks_are_made_afterwards();
        other_groups_are_not_touched();
        cancellation_points();
        trees_in_cancelled_groups();
        cancelled_taskloops();
        conditional_cancellation();
        cancelled_regions();
        cancelled_task_reductions();
    }
    return 0;
}
