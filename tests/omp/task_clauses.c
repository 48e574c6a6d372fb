/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The clauses of task: if, final and its descendants, untied, mergeable, priority, firstprivate of large and strictly
 * aligned objects; omp_in_final and omp_in_explicit_task.
 *
 * run: timeout=30
 *
 * run+: opt=2
 * run+: opt=0 policy=default threads=1,2,4
 * run+: opt=2 policy=passive,default env=OMP_MAX_TASK_PRIORITY=10
 * run+: opt=2 policy=default env=OMP_MAX_TASK_PRIORITY=10 env=TASK_WAIT_PRIORITY=1 gompx-only="crashes libgomp 12" */
#include <dlfcn.h>

#include "tests/omp/task_check.h"

/* Undeferred tasks: done before the next statement, in this thread; their children may be deferred. */
static void if_false_is_undeferred(void)
{
    int grandchildren = 0;

#pragma omp parallel
    {
        int me = omp_get_thread_num(), order = 0;

        for (int i = 0; i < 50; i++) {
#pragma omp task if(i < 0) shared(order) firstprivate(i)
            {
                CHECK_EQ(omp_get_thread_num(), me);
                CHECK_EQ(omp_in_final(), 0);
                CHECK_EQ(order, 2 * i);
                order++;
#pragma omp task shared(grandchildren)
                {
                    CHECK_EQ(omp_in_final(), 0);
                    ADD(grandchildren, 1);
                }
#pragma omp task if(0) shared(order)
                order++;
            }
            CHECK_EQ(order, 2 * (i + 1));
        }
    }
    CHECK_EQ(grandchildren, 50 * omp_get_max_threads());
}

/* Every descendant of a final task is final, done at once, in the same thread and in order. */
static void included(int depth, int thread, int *count)
{
    int at = *count;

    CHECK_EQ(omp_in_final(), 1);
    CHECK_EQ(omp_get_thread_num(), thread);
    *count = at + 1;
    if (depth == 0)
        return;
    for (int i = 0; i < 2; i++) {
        int before = *count;
#pragma omp task firstprivate(depth, thread, count) untied priority(i)
        included(depth - 1, thread, count);
        CHECK_EQ(*count - before, (1 << depth) - 1);
    }
}

static void final_reaches_all_descendants(void)
{
    int counts[20] = { 0 };

#pragma omp parallel
    {
#pragma omp single
        for (int i = 0; i < 20; i++) {
#pragma omp task final(i % 2 == 0) shared(counts) firstprivate(i)
            {
                CHECK_EQ(omp_in_final(), i % 2 == 0);
                if (i % 2 == 0)
                    included(5, omp_get_thread_num(), &counts[i]);
            }
            CHECK_EQ(omp_in_final(), 0);
        }
        CHECK_EQ(counts[18], 63);
#pragma omp task final(1) if(0)
        CHECK_EQ(omp_in_final(), 1);
#pragma omp task final(1)
        {
#pragma omp parallel num_threads(2)
            CHECK_EQ(omp_in_final(), 0);        /* implicit tasks are not final */
            CHECK_EQ(omp_in_final(), 1);
        }
    }
    for (int i = 0; i < 20; i++)
        CHECK_EQ(counts[i], i % 2 == 0 ? 63 : 0);
}

/* Included tasks have settings of their own. */
static void included_tasks_are_tasks(void)
{
#pragma omp parallel num_threads(2)
#pragma omp task final(1)
    {
        omp_set_num_threads(7);
#pragma omp task
        {
            CHECK_EQ(omp_get_max_threads(), 7);
            omp_set_num_threads(8);
        }
        CHECK_EQ(omp_get_max_threads(), 7);
    }
}

static void untied_tasks(void)
{
    int count = 0, sum = 0;

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 30; i++) {
#pragma omp task untied shared(count, sum) firstprivate(i)
            {
                int mine = 0;

                for (int k = 0; k < 3; k++) {
#pragma omp task untied shared(mine, count) firstprivate(i)
                    {
                        ADD(mine, i);
                        ADD(count, 1);
                    }
#pragma omp taskyield
                }
#pragma omp taskwait
                CHECK_EQ(LOAD(mine), 3 * i);
                ADD(sum, i);
            }
        }
#pragma omp taskwait
        CHECK_EQ(LOAD(count), 90);
        CHECK_EQ(LOAD(sum), 435);
    }
}

/* A merged task may share its data environment with the parent; shared variables behave alike in both. */
static void mergeable_tasks(void)
{
    int x = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp task mergeable if(0) shared(x)
        x++;
        CHECK_EQ(x, 1);
#pragma omp task final(1) mergeable shared(x)
        {
#pragma omp task mergeable shared(x)
            x++;
        }
#pragma omp taskwait
        CHECK_EQ(x, 2);
#pragma omp task mergeable untied shared(x)
        x++;
#pragma omp taskwait
        CHECK_EQ(x, 3);
    }
}

/* Keeps all other threads of the team busy, each in a task, until *release is 1. For one thread inside single. */
static void occupy_the_others(int *busy, int *release)
{
    for (int i = 1; i < omp_get_num_threads(); i++) {
#pragma omp task firstprivate(busy, release) priority(10)
        {
            ADD(*busy, 1);
            task_await(release, 1);
        }
    }
    task_await(busy, omp_get_num_threads() - 1);
}

enum { QUEUED = 40 };

struct order {
    int release, n, priority[QUEUED];
};

/* Queues tasks of mixed priorities. The last to run, of the lowest priority, lets the other threads go. */
static void queue_tasks(struct order *order)
{
    for (int i = 0; i < QUEUED; i++) {
        int given = i == 3 ? 0 : i * 7 % 13 + 1;

#pragma omp task priority(given) firstprivate(given, order)
        {
            order->priority[order->n++] = given > 10 ? 10 : given;
            if (given == 0)
                STORE(order->release, 1);
        }
    }
}

static void check_order(const struct order *order)
{
    CHECK_EQ(order->n, QUEUED);
    for (int i = 1; i < QUEUED; i++)
        if (order->priority[i - 1] < order->priority[i])
            CHECK_EQ(order->priority[i - 1], order->priority[i]);
}

/* With one thread to execute, the higher priority goes first, up to OMP_MAX_TASK_PRIORITY; without that variable a
 * priority means nothing. */
static void priorities_order_queued_tasks(void)
{
    if (omp_get_max_task_priority() == 0 || omp_get_max_threads() == 1)
        return;
    CHECK_EQ(omp_get_max_task_priority(), 10);
    for (int where = 0; where < 3; where++) {
        struct order order = { 0, 0, { 0 } };
        int busy = 0;

#pragma omp parallel
#pragma omp single
        {
            occupy_the_others(&busy, &order.release);
            if (where == 0) {
                queue_tasks(&order);
#pragma omp taskwait
            } else if (where == 1) {
#pragma omp taskgroup
                queue_tasks(&order);
            } else {
                queue_tasks(&order);    /* executed at the barrier */
            }
        }
        check_order(&order);
    }
}

/* Together with OMP_MAX_TASK_PRIORITY, taskwait on parents of prioritised tasks is more than libgomp 12 can do. */
static void tasks_of_any_priority_run(void)
{
    int count = 0, wait = omp_get_max_task_priority() == 0 || getenv("TASK_WAIT_PRIORITY") != NULL;

#pragma omp parallel
    {
        for (int i = 0; i < 60; i++) {
#pragma omp task priority(i % 20) shared(count)
            {
#pragma omp task priority(1000000) shared(count)
                ADD(count, 1);
            }
        }
        if (wait) {
#pragma omp taskwait
        } else {
#pragma omp barrier
        }
#pragma omp taskloop priority(3) shared(count)
        for (int i = 0; i < 40; i++)
            ADD(count, 1);
    }
    CHECK_EQ(count, 100 * omp_get_max_threads());
}

#define ALIGNED(n) struct __attribute__((aligned(n))) aligned##n { char bytes[n]; }
ALIGNED(16);
ALIGNED(64);
ALIGNED(128);
ALIGNED(256);
struct large { int words[16384]; };

static void objects_are_copied(void)
{
    struct aligned16 a16;
    struct aligned64 a64;
    struct aligned128 a128;
    struct aligned256 a256;
    static struct large large;

    memset(&a16, 16, sizeof a16);
    memset(&a64, 64, sizeof a64);
    memset(&a128, 1, sizeof a128);
    memset(&a256, 2, sizeof a256);
    for (int i = 0; i < 16384; i++)
        large.words[i] = i * i;
#pragma omp parallel
    {
        int n = 10 + omp_get_thread_num();
        short vla[n];

        for (int i = 0; i < n; i++)
            vla[i] = (short)(n + i);
#pragma omp task firstprivate(a16, a64, a128, a256, vla, large, n)
        {
            CHECK_EQ((size_t)&a16 % 16 + (size_t)&a64 % 64 + (size_t)&a128 % 128 + (size_t)&a256 % 256, 0);
            CHECK(a16.bytes[15] == 16 && a64.bytes[63] == 64 && a128.bytes[127] == 1 && a256.bytes[255] == 2);
            for (int i = 0; i < n; i++)
                CHECK_EQ(vla[i], n + i);
            for (int i = 0; i < 16384; i++)
                if (large.words[i] != i * i)
                    CHECK_EQ(large.words[i], i * i);
            large.words[0] = 1;
        }
        memset(vla, 0, sizeof vla);
    }
    CHECK_EQ(large.words[0], 0);
}

/* omp_in_explicit_task is newer than the omp.h of many compilers, and than many runtimes. */
static void explicit_tasks_are_known(void)
{
    int (*in_explicit_task)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "omp_in_explicit_task");

    if (in_explicit_task == NULL)
        return;
    CHECK_EQ(in_explicit_task(), 0);
#pragma omp parallel
    {
        CHECK_EQ(in_explicit_task(), 0);
#pragma omp task final(1)
        {
            CHECK_EQ(in_explicit_task(), 1);
#pragma omp task
            CHECK_EQ(in_explicit_task(), 1);
#pragma omp parallel num_threads(2)
            CHECK_EQ(in_explicit_task(), 0);
            CHECK_EQ(in_explicit_task(), 1);
        }
#pragma omp taskloop num_tasks(5)
        for (int i = 0; i < 10; i++)
            CHECK_EQ(in_explicit_task(), 1);
#pragma omp task
        {
#pragma omp task
            CHECK_EQ(in_explicit_task(), 1);
#pragma omp taskwait
            CHECK_EQ(in_explicit_task(), 1);
        }
#pragma omp taskwait
        CHECK_EQ(in_explicit_task(), 0);
    }
}

int main(void)
{
    if_false_is_undeferred();
    final_reaches_all_descendants();
    included_tasks_are_tasks();
    untied_tasks();
    mergeable_tasks();
    for (int i = 0; i < 5; i++)
        priorities_order_queued_tasks();
    tasks_of_any_priority_run();
    for (int i = 0; i < 5; i++)
        objects_are_copied();
    explicit_tasks_are_known();
    return 0;
}
