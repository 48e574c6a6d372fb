/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cancellation of groups and regions by hand, where the canceller goes on after the call and so can say that it has
 * cancelled: what was queued then never runs, with the exception of tasks whose copy function has run. kinds: 1
 * parallel, 8 taskgroup.
 *
 * run: opt=2 timeout=30
 *
 * run+: env=OMP_CANCELLATION=true
 * run+: env=OMP_CANCELLATION=false policy=default
 * run+: env=OMP_CANCELLATION=true env=HAND_MORE=1 gompx-only="libgomp: nested groups; no task at first" */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/task_check.h"

enum { PARALLEL = 1, TASKGROUP = 8, QUEUED = 20 };

static bool on;
static int begun, released, ran, copied, copies_ran;

static void hold(void *unused)
{
    (void)unused;
    STORE(begun, 1);
    task_await(&released, 1);
}

static void count(void *unused)
{
    (void)unused;
    ADD(ran, 1);
}

static void copy(void *to, void *from)
{
    memcpy(to, from, sizeof(int));
    ADD(copied, 1);
}

static void count_copy(void *data)
{
    CHECK_EQ(*(int *)data, 77);
    ADD(copies_ran, 1);
}

/* A task that another thread holds on to, and tasks that wait for it: none of them can have begun. */
static void queue_tasks(void)
{
    static char place;
    void *out[] = { (void *)1, (void *)1, &place }, *in[] = { (void *)1, NULL, &place };
    int value = 77;

    GOMP_task(hold, NULL, NULL, 0, 1, true, HAND_DEPEND, out, 0, NULL);
    task_await(&begun, 1);
    for (int i = 0; i < QUEUED; i++) {
        GOMP_task(count, NULL, NULL, 0, 1, true, HAND_DEPEND, in, 0, NULL);
        GOMP_task(count_copy, &value, copy, sizeof value, sizeof value, true, HAND_DEPEND, in, 0, NULL);
        GOMP_task(count, NULL, NULL, 0, 1, true, HAND_DEPEND | HAND_FINAL, in, 0, NULL);
    }
    CHECK_EQ(LOAD(copied), QUEUED);
}

static void reset(void)
{
    begun = released = ran = copied = copies_ran = 0;
}

static void check_counts(void)
{
    CHECK_EQ(LOAD(ran), on ? 0 : 2 * QUEUED);
    CHECK_EQ(LOAD(copies_ran), QUEUED);
}

static void cancel_group(void)
{
    GOMP_taskgroup_start();
    queue_tasks();
    CHECK_EQ(GOMP_cancel(TASKGROUP, false), false);
    CHECK_EQ(GOMP_cancellation_point(TASKGROUP), false);
    CHECK_EQ(GOMP_cancel(TASKGROUP, true), on);
    CHECK_EQ(GOMP_cancellation_point(TASKGROUP), on);
    CHECK_EQ(GOMP_cancellation_point(PARALLEL), false);
    STORE(released, 1);
    GOMP_taskgroup_end();
    CHECK_EQ(GOMP_cancellation_point(TASKGROUP), false);
    check_counts();
}

/* The region is cancelled by the thread that queued the tasks; the others are at its end. */
static void cancel_region(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() == 1) {
        queue_tasks();
        CHECK_EQ(GOMP_cancel(PARALLEL, true), on);
        CHECK_EQ(GOMP_cancellation_point(TASKGROUP), on);
        STORE(released, 1);
    }
}

static void in_inner_group(void *unused)
{
    (void)unused;
    GOMP_taskgroup_start();
    queue_tasks();
    STORE(copied, QUEUED + 1);      /* says that they are queued */
    GOMP_taskgroup_end();
}

/* The tasks wait in a group of their own inside a member of the group that is cancelled. */
static void cancel_group_around(void)
{
    GOMP_taskgroup_start();
    GOMP_task(in_inner_group, NULL, NULL, 0, 1, true, 0, NULL, 0, NULL);
    task_await(&copied, QUEUED + 1);
    CHECK_EQ(GOMP_cancel(TASKGROUP, true), on);
    STORE(released, 1);
    GOMP_taskgroup_end();
    check_counts();
}

/* Outside any group and any region there is nothing to cancel. */
static void without_groups(void)
{
    CHECK_EQ(GOMP_cancellation_point(TASKGROUP), false);
    CHECK_EQ(GOMP_cancel(TASKGROUP, false), false);
    reset();
    GOMP_task(count, NULL, NULL, 0, 1, true, 0, NULL, 0, NULL);
    GOMP_taskwait();
    CHECK_EQ(LOAD(ran), 1);
}

int main(void)
{
    int threads = omp_get_max_threads();

    on = omp_get_cancellation();
    if (getenv("HAND_MORE") != NULL)
        without_groups();
    for (int i = 0; i < 10 && threads > 1; i++) {
        reset();
#pragma omp parallel
#pragma omp single
        cancel_group();
        reset();
        GOMP_parallel(cancel_region, NULL, 0, 0);
        check_counts();
        reset();
        if (threads > 2 && getenv("HAND_MORE") != NULL) {
#pragma omp parallel
#pragma omp single
            cancel_group_around();
        }
    }
#pragma omp parallel
#pragma omp single
    without_groups();
    return 0;
}
