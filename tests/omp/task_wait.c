/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What waits for which tasks: taskwait for the children only, taskgroup for all descendants made in it and for nothing
 * else, every kind of barrier for all tasks of the team. Where a construct must not wait, a task that lives on another
 * thread until the construct is over proves it.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: env=OMP_CANCELLATION=true policy=default pin=no */
#include "tests/omp/task_check.h"

/* A task that another thread of the team (of two or more) has begun when this returns; it ends once *released is 1.
 * "begun" and "released" are 0 before. */
static void start_elsewhere(int *begun, int *released, int *ended)
{
#pragma omp task firstprivate(begun, released, ended)
    {
        STORE(*begun, 1);
        task_await(released, 1);
        STORE(*ended, 1);
    }
    task_await(begun, 1);
}

static void taskwait_waits_for_children(void)
{
    int done[64] = { 0 };

#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 20; round++) {
        for (int i = 0; i < 64; i++) {
#pragma omp task shared(done) firstprivate(i)
            {
                check_work(i);
                done[i]++;
            }
        }
#pragma omp taskwait
        for (int i = 0; i < 64; i++)
            CHECK_EQ(done[i], round);
    }
}

/* Children of children may be unfinished after taskwait; the barrier waits for them. */
static void grandchildren_may_live_on(void)
{
    int children = 0, grandchildren = 0;

#pragma omp parallel
    {
#pragma omp single
        {
            for (int i = 0; i < 10; i++) {
#pragma omp task shared(children, grandchildren)
                {
                    for (int k = 0; k < 3; k++) {
#pragma omp task shared(grandchildren)
                        {
                            check_work(1000);
                            ADD(grandchildren, 1);
                        }
                    }
                    ADD(children, 1);
                }
            }
#pragma omp taskwait
            CHECK_EQ(LOAD(children), 10);
            CHECK(LOAD(grandchildren) <= 30);
        }
        CHECK_EQ(LOAD(grandchildren), 30);
    }
}

static void taskwait_does_not_wait_for_grandchildren(void)
{
    int begun = 0, released = 0, ended = 0;

#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
#pragma omp task if(0) shared(begun, released, ended)
        start_elsewhere(&begun, &released, &ended);
#pragma omp taskwait
        CHECK_EQ(LOAD(ended), 0);
        STORE(released, 1);
    }
    CHECK_EQ(ended, begun);
}

static void taskgroup_does_not_wait_for_earlier_tasks(void)
{
    int begun = 0, released = 0, ended = 0, inside = 0;

#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
        start_elsewhere(&begun, &released, &ended);
#pragma omp taskgroup
        {
            for (int i = 0; i < 10; i++) {
#pragma omp task shared(inside)
                {
#pragma omp task shared(inside)
                    ADD(inside, 1);
                }
            }
        }
        CHECK_EQ(LOAD(inside), 10);
        CHECK_EQ(LOAD(ended), 0);
        STORE(released, 1);
#pragma omp taskwait
        CHECK_EQ(LOAD(ended), 1);
    }
}

/* The inner group ends while a task of the outer one lives; the outer end waits for it. */
static void nested_groups(void)
{
    int begun = 0, released = 0, ended = 0, inner = 0;

#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
#pragma omp taskgroup
        {
            start_elsewhere(&begun, &released, &ended);
            for (int i = 1; i <= 5; i++) {
#pragma omp taskgroup
                {
#pragma omp task shared(inner)
                    {
#pragma omp task shared(inner)
                        ADD(inner, 1);
                    }
                }
                CHECK_EQ(LOAD(inner), i);
            }
            CHECK_EQ(LOAD(ended), 0);
            STORE(released, 1);
        }
        CHECK_EQ(LOAD(ended), 1);
    }
}

static void descend(int depth, int *count)
{
    if (depth == 0) {
        check_work(300);
        ADD(*count, 1);
        return;
    }
    for (int i = 0; i < 2; i++) {
#pragma omp task firstprivate(depth, count)
        descend(depth - 1, count);
    }
}

static void taskgroup_waits_for_all_descendants(void)
{
#pragma omp parallel
    {
        int own = 0;            /* every thread has a group at the same time */

        for (int round = 1; round <= 3; round++) {
#pragma omp taskgroup
            descend(5, &own);
            CHECK_EQ(LOAD(own), 32 * round);
        }
    }
}

static void groups_inside_tasks(void)
{
    int total = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        for (int i = 0; i < 20; i++) {
#pragma omp task shared(total)
            {
                int mine = 0;
#pragma omp taskgroup
                {
                    descend(3, &mine);
#pragma omp taskgroup
                    descend(2, &mine);
                    CHECK(LOAD(mine) >= 4);
                }
                CHECK_EQ(LOAD(mine), 12);
                ADD(total, mine);
            }
        }
        CHECK_EQ(LOAD(total), 240);
    }
}

enum barrier { EXPLICIT, AFTER_SINGLE, AFTER_FOR, AFTER_DYNAMIC, AFTER_SECTIONS, BARRIERS };

static void reach(enum barrier kind)
{
    switch (kind) {
    case EXPLICIT: {
#pragma omp barrier
        break;
    }
    case AFTER_SINGLE:
#pragma omp single
        check_work(10);
        break;
    case AFTER_FOR:
#pragma omp for schedule(static)
        for (int i = 0; i < 10; i++)
            check_work(i);
        break;
    case AFTER_DYNAMIC:
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 10; i++)
            check_work(i);
        break;
    default:
#pragma omp sections
        {
            check_work(10);
#pragma omp section
            check_work(20);
        }
    }
}

/* From every thread, or from one only; tasks of three generations. */
static void every_barrier_waits_for_all_tasks(void)
{
    int done = 0, wanted = 0;

#pragma omp parallel
    for (int round = 0; round < 4 * BARRIERS; round++) {
        int creators = round % 4 == 0 ? omp_get_num_threads() : 1;

        if (creators > 1 || omp_get_thread_num() == round % omp_get_num_threads())
            descend(3, &done);
#pragma omp master
        wanted += 8 * creators;
        reach((enum barrier)(round % BARRIERS));
        CHECK_EQ(LOAD(done), wanted);
#pragma omp barrier
    }
}

/* Tasks made inside a worksharing construct, a section or a single. */
static void tasks_made_in_worksharing(void)
{
    int done = 0;

#pragma omp parallel
    {
#pragma omp for schedule(dynamic, 2)
        for (int i = 0; i < 50; i++)
            descend(1, &done);
        CHECK_EQ(LOAD(done), 100);
#pragma omp barrier
#pragma omp sections
        {
            descend(4, &done);
#pragma omp section
            descend(2, &done);
        }
        CHECK_EQ(LOAD(done), 120);
#pragma omp barrier
#pragma omp for nowait
        for (int i = 0; i < 16; i++)
            descend(0, &done);
#pragma omp single nowait
        descend(2, &done);
#pragma omp barrier
        CHECK_EQ(LOAD(done), 140);
    }
}

static void the_end_of_the_region_waits(void)
{
    int done = 0, threads = omp_get_max_threads();

    for (int round = 0; round < 40; round++) {
        done = 0;
#pragma omp parallel
        descend(2, &done);
        CHECK_EQ(done, 4 * threads);
        done = 0;
#pragma omp parallel
        if (omp_get_thread_num() == threads - 1)
            descend(3, &done);
        CHECK_EQ(done, 8);
    }
}

/* The barriers of a region that can be cancelled, and is not. */
static void cancellable_barriers_wait(void)
{
    int done = 0, threads = omp_get_max_threads(), never = 0;

#pragma omp parallel firstprivate(never)
    {
#pragma omp cancel parallel if(never)
        descend(3, &done);
#pragma omp barrier
        CHECK_EQ(LOAD(done), 8 * threads);
#pragma omp barrier
#pragma omp for
        for (int i = 0; i < 32; i++) {
#pragma omp cancel for if(never)
            descend(1, &done);
        }
        CHECK_EQ(LOAD(done), 8 * threads + 64);
#pragma omp barrier
#pragma omp sections
        {
#pragma omp section
            {
#pragma omp cancel sections if(never)
                descend(5, &done);
            }
        }
        CHECK_EQ(LOAD(done), 8 * threads + 96);
#pragma omp barrier
#pragma omp master
        descend(2, &done);
    }
    CHECK_EQ(done, 8 * threads + 100);
}

/* In a loop of constructs without tasks between those that have some, counts of one phase must not leak into the
 * next. */
static void phases_with_and_without_tasks(void)
{
    int done = 0, wanted = 0;

#pragma omp parallel firstprivate(wanted)
    for (int round = 0; round < 60; round++) {
        int creator = round % 7 % omp_get_num_threads();

        if (round % 3 == 0) {
            if (omp_get_thread_num() == creator)
                descend(round % 4, &done);
            wanted += 1 << round % 4;
        }
#pragma omp barrier
        CHECK_EQ(LOAD(done), wanted);
#pragma omp barrier
    }
}

int main(void)
{
    taskwait_waits_for_children();
    for (int i = 0; i < 5; i++) {
        grandchildren_may_live_on();
        taskwait_does_not_wait_for_grandchildren();
        taskgroup_does_not_wait_for_earlier_tasks();
        nested_groups();
    }
    taskgroup_waits_for_all_descendants();
    groups_inside_tasks();
    every_barrier_waits_for_all_tasks();
    tasks_made_in_worksharing();
    the_end_of_the_region_waits();
    cancellable_barriers_wait();
    phases_with_and_without_tasks();
    return 0;
}
