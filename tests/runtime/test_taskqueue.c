/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The team's queue of tasks with a priority (runtime/taskqueue.h): highest first, older before younger, any number of
 * priorities; against a list that is kept in order the simple way. */
#include "tests/sync/room.h"

#include "runtime/task.h"
#include "runtime/taskqueue.h"

enum { TASKS = 3000 };

static struct gompx_taskqueue queue;
static struct gompx_task task[TASKS];

static void put(unsigned i, int priority)
{
    task[i].priority = priority;
    gompx_taskqueue_put(&queue, &task[i]);
}

static int number(const struct gompx_task *t)
{
    return t ? (int)(t - task) : -1;
}

static int take(void)
{
    return number(gompx_taskqueue_take(&queue, NULL, NULL));
}

START_TEST(an_empty_queue_gives_nothing)
{
    for (int i = 0; i < 3; i++) {
        ck_assert(!gompx_taskqueue_any(&queue));
        ck_assert_int_eq(take(), -1);
        put(0, i);
        ck_assert(gompx_taskqueue_any(&queue));
        ck_assert_int_eq(take(), 0);
    }
    ck_assert(!gompx_taskqueue_any(&queue));
}
END_TEST

START_TEST(the_highest_comes_first_and_of_equals_the_oldest)
{
    static const int priority[] = { 0, 5, 0, 5, 2, INT32_MAX, 2, 0, -1, 5 };
    static const int order[] = { 5, 1, 3, 9, 4, 6, 0, 2, 7, 8, -1 };

    for (unsigned i = 0; i < 10; i++)
        put(i, priority[i]);
    for (unsigned i = 0; i < 11; i++)
        ck_assert_int_eq(take(), order[i]);
}
END_TEST

/* More than GOMPX_TASKQUEUE_LEVELS, in three orders. */
START_TEST(there_may_be_more_priorities_than_short_cuts)
{
    enum { LEVELS = 5 * GOMPX_TASKQUEUE_LEVELS, EACH = 4 };

    for (unsigned each = 0; each < EACH; each++)
        for (unsigned n = 0; n < LEVELS; n++) {
            unsigned level = _i == 0 ? n : _i == 1 ? LEVELS - 1 - n : n * 37 % LEVELS;

            put(level * EACH + each, (int)level);
        }
    for (unsigned level = LEVELS; level-- > 0;)
        for (unsigned each = 0; each < EACH; each++)
            ck_assert_int_eq(take(), (int)(level * EACH + each));
    ck_assert_int_eq(take(), -1);
    ck_assert_uint_eq(queue.levels, 0);
}
END_TEST

/* ---- filters ---- */

static bool is_multiple(void *t, void *of)
{
    return number(t) % *(int *)of == 0;
}

static bool none(void *t, void *calls)
{
    (void)t;
    ++*(int *)calls;
    return false;
}

START_TEST(a_taker_may_decline)
{
    static const int rest[] = { 1, 5, 11, 2, 4, 8, 10, 12, -1 };
    int three = 3, seven = 7, calls = 0;

    for (unsigned i = 1; i <= 10; i++)
        put(i, (int)(i % 2));                           /* 1 3 5 7 9, 2 4 6 8 10 */
    ck_assert_ptr_null(gompx_taskqueue_take(&queue, none, &calls));
    ck_assert_int_eq(calls, 10);
    ck_assert_int_eq(number(gompx_taskqueue_take(&queue, is_multiple, &three)), 3);
    ck_assert_int_eq(number(gompx_taskqueue_take(&queue, is_multiple, &three)), 9);
    ck_assert_int_eq(number(gompx_taskqueue_take(&queue, is_multiple, &seven)), 7);
    ck_assert_int_eq(number(gompx_taskqueue_take(&queue, is_multiple, &three)), 6);
    ck_assert_ptr_null(gompx_taskqueue_take(&queue, is_multiple, &three));
    put(11, 1);                                         /* behind 5: 9 and 7 were last before */
    put(12, 0);
    for (unsigned i = 0; i < 9; i++)
        ck_assert_int_eq(take(), rest[i]);
}
END_TEST

/* ---- against a model ---- */

static struct { int task, priority; } model[TASKS];
static unsigned model_n;

static void model_put(int i, int priority)
{
    unsigned at = model_n++;

    for (; at > 0 && model[at - 1].priority < priority; at--)
        model[at] = model[at - 1];
    model[at].task = i;
    model[at].priority = priority;
}

static int model_take(int of)
{
    for (unsigned at = 0; at < model_n; at++)
        if (model[at].task % of == 0) {
            int result = model[at].task;

            for (model_n--; at < model_n; at++)
                model[at] = model[at + 1];
            return result;
        }
    return -1;
}

START_TEST(it_is_a_list_in_order)
{
    uint32_t random = (uint32_t)_i * 7919 + 1;
    unsigned priorities = 1u << _i % 8, unused[TASKS], n = TASKS;

    for (unsigned i = 0; i < TASKS; i++)
        unused[i] = i;
    for (unsigned op = 0; op < 20000; op++) {
        bool fill = test_random(&random) % 100 < (op / 2000 % 2 ? 40 : 60);

        ck_assert_uint_eq(queue.count, model_n);
        if (fill && n > 0) {
            unsigned pick = test_random(&random) % n, i = unused[pick];
            int priority = (int)(test_random(&random) % priorities);

            unused[pick] = unused[--n];
            put(i, priority);
            model_put((int)i, priority);
        } else {
            int of = test_random(&random) % 3 ? 1 : 2 + (int)(test_random(&random) % 5);
            int taken = number(gompx_taskqueue_take(&queue, of == 1 ? NULL : is_multiple, &of));

            ck_assert_int_eq(taken, model_take(of));
            if (taken >= 0)
                unused[n++] = (unsigned)taken;
        }
    }
    while (model_n > 0)
        ck_assert_int_eq(take(), model_take(1));
    ck_assert_int_eq(take(), -1);
}
END_TEST

/* ---- many threads ---- */

enum { OWN = TASKS / 16 };

static struct {
    unsigned threads;
    _Atomic unsigned left, times[TASKS];
    _Atomic bool wrong;
} soak;

/* Each puts its own tasks in and takes anybody's: for each giver and priority it sees them in the order in which they came. */
static void give_and_take(unsigned me)
{
    int last[16][20];
    uint32_t random = me + 1;
    unsigned given = 0;

    memset(last, -1, sizeof last);
    while (atomic_load(&soak.left) > 0) {
        if (given < OWN && test_random(&random) % 2) {
            put(me * OWN + given, (int)(test_random(&random) % 20));
            given++;
            continue;
        }
        int i = take(), *seen;
        if (i < 0) {
            sched_yield();
            continue;
        }
        seen = &last[i / OWN][task[i].priority];
        if (i <= *seen)
            atomic_store(&soak.wrong, true);
        *seen = i;
        atomic_fetch_add(&soak.times[i], 1);
        atomic_fetch_sub(&soak.left, 1);
    }
}

START_TEST(threads_take_each_task_once_and_in_order)
{
    soak.threads = test_sizes[_i / TEST_WAYS];
    soak.left = soak.threads * OWN;
    test_soak((unsigned)_i % TEST_WAYS);
    test_run_threads(soak.threads, give_and_take);
    ck_assert(!soak.wrong);
    for (unsigned i = 0; i < soak.threads * OWN; i++)
        ck_assert_uint_eq(soak.times[i], 1);
    ck_assert(!gompx_taskqueue_any(&queue));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("taskqueue");
    TCase *tcase = tcase_create("taskqueue");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_empty_queue_gives_nothing);
    tcase_add_test(tcase, the_highest_comes_first_and_of_equals_the_oldest);
    tcase_add_loop_test(tcase, there_may_be_more_priorities_than_short_cuts, 0, 3);
    tcase_add_test(tcase, a_taker_may_decline);
    tcase_add_loop_test(tcase, it_is_a_list_in_order, 0, 16);
    tcase_add_loop_test(tcase, threads_take_each_task_once_and_in_order, 0, TEST_SIZES * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
