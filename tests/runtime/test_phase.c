/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Phases (runtime/phase.h): barriers and ends of regions wait for all tasks, those without tasks do not notice, and whoever has
 * nothing to do is fetched when there is something.  Teams of both kinds of barrier, patient and impatient. */
#include <stdatomic.h>

#include "tests/runtime/test_gomp.h"

#include "runtime/phase.h"

enum { MOST = 16 };

static const unsigned sizes[] = { 1, 2, 3, 4, 5, 8, 16 };
enum { SIZES = sizeof sizes / sizeof *sizes, WAYS = 3 };

/* Index = size number * WAYS + way. */
static unsigned begin(int index)
{
    static const struct { enum gompx_wait_mode mode; uint64_t us; } ways[WAYS] = {
        { GOMPX_WAIT_AUTO, 1000 }, { GOMPX_WAIT_AUTO, 20 }, { GOMPX_WAIT_PASSIVE, 0 },
    };

    gompx_wait_configure(ways[index % WAYS].mode, ways[index % WAYS].us, 8, 100);
    return sizes[index / WAYS];
}

static void task(void (*fn)(void *))
{
    GOMP_task(fn, NULL, NULL, 0, 1, true, 0, NULL, 0, NULL);
}

/* ---- every task runs once, before its phase is over ---- */

enum { PHASES = 40, TASKS = 12, BRANCH = 3, DEPTH = 3, TREE = 1 + 3 + 9 + 27 };

static struct {
    unsigned done[PHASES][MOST * TASKS];    /* plain: roots' trees, counted by the tasks, read by all after the barrier */
    _Atomic unsigned tasks[PHASES], wrong;
    unsigned n;
} tree;

struct node { unsigned phase, root, depth; };

static void grow(void *data);

/* Some have a priority, and stand in the team's queue. */
static void plant(const struct node *node)
{
    unsigned flags = (node->root + node->depth) % 4 ? 0 : PRIORITY;

    GOMP_task(grow, (void *)node, NULL, sizeof *node, sizeof(unsigned), true, flags, NULL, (int)node->depth, NULL);
}

static void grow(void *data)
{
    struct node *node = data, child = { node->phase, node->root, node->depth + 1 };

    for (unsigned i = 0; i < BRANCH && node->depth < DEPTH; i++)
        plant(&child);
    if (node->depth == 0)
        tree.done[node->phase][node->root]++;
    atomic_fetch_add(&tree.tasks[node->phase], 1);
}

/* Who creates in phase p: nobody, all, the first, the last, one after the other. */
static bool creates(unsigned p, unsigned me)
{
    switch (p % 5) {
    case 0: return false;
    case 1: return true;
    case 2: return me == 0;
    case 3: return me == tree.n - 1;
    default: return me == p / 5 % tree.n;
    }
}

static void create(unsigned p, unsigned me)
{
    for (unsigned i = 0; creates(p, me) && i < TASKS; i++) {
        struct node root = { p, me * TASKS + i, 0 };

        plant(&root);
    }
}

static void check(unsigned p)
{
    unsigned roots = 0;

    for (unsigned i = 0; i < tree.n * TASKS; i++) {
        if (tree.done[p][i] != creates(p, i / TASKS))
            atomic_fetch_add(&tree.wrong, 1);
        roots += creates(p, i / TASKS);
    }
    if (tree.tasks[p] != roots * TREE)
        atomic_fetch_add(&tree.wrong, 1);
}

static void in_barriers(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    for (unsigned p = 0; p < PHASES; p++) {
        create(p, me);
        GOMP_barrier();
        check(p);
    }
}

/* One way in three has deques of two entries. */
static void begin_trees(int index)
{
    tree.n = begin(index);
    gompx_frame_get();
    gompx_globals.max_task_priority = 2;
    if (index % WAYS == 1)
        gompx_globals.task_cutoff = 2;
}

START_TEST(a_barrier_waits_for_tasks_and_the_tasks_of_tasks)
{
    begin_trees(_i);
    for (int round = 0; round < 5; round++) {
        memset(&tree.done, 0, sizeof tree.done);
        memset(&tree.tasks, 0, sizeof tree.tasks);
        GOMP_parallel(in_barriers, NULL, tree.n, 0);
        ck_assert_uint_eq(tree.wrong, 0);
    }
}
END_TEST

static void at_end(void *data)
{
    create(*(unsigned *)data, (unsigned)omp_get_thread_num());
}

START_TEST(the_end_of_a_region_waits_too)
{
    unsigned n;

    begin_trees(_i);
    n = tree.n;
    for (int round = 0; round < 5; round++) {
        memset(&tree, 0, sizeof tree);
        for (unsigned p = 0; p < PHASES; p++) {
            tree.n = round % 2 && p % 3 == 0 && n > 1 ? n - 1 : n;  /* teams of changing size */
            GOMP_parallel(at_end, &p, tree.n, 0);
            check(p);
        }
        ck_assert_uint_eq(tree.wrong, 0);
    }
}
END_TEST

/* The name of a phase comes back after four barriers: whatever remembers the first one must not take the later for it. */
static void phase_with_tasks_then(void *data)
{
    unsigned empty = *(unsigned *)data, me = (unsigned)omp_get_thread_num();

    create(1, me);
    for (unsigned i = 0; i < empty; i++)
        GOMP_barrier();
    if (me != 0)
        test_sleep_ms(2);                               /* the primary is at the end of the region long before */
    atomic_fetch_add(&tree.tasks[2], 1);
}

START_TEST(a_phase_without_tasks_is_not_taken_for_an_earlier_one)
{
    begin_trees(_i);
    for (unsigned empty = 0; empty < 10; empty++) {
        memset(&tree.done, 0, sizeof tree.done);
        memset(&tree.tasks, 0, sizeof tree.tasks);
        GOMP_parallel(phase_with_tasks_then, &empty, tree.n, 0);
        check(1);
        ck_assert_uint_eq(tree.wrong, 0);
        ck_assert_uint_eq(tree.tasks[2], tree.n);       /* all had left when the region was over */
    }
}
END_TEST

/* ---- who is asleep is fetched ---- */

static struct { unsigned n; _Atomic unsigned met; bool earlier; _Atomic bool failed; } meeting;

static uint64_t now_ms(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Ends when all n tasks of the meeting have begun, for which n threads are needed. */
static void meet(void *unused)
{
    uint64_t end = now_ms(CLOCK_MONOTONIC) + 10000;

    (void)unused;
    atomic_fetch_add(&meeting.met, 1);
    while (meeting.met % meeting.n != 0 && !meeting.failed) {
        test_sleep_ms(1);
        if (now_ms(CLOCK_MONOTONIC) > end)
            meeting.failed = true;
    }
}

static void call_meeting(void)
{
    meeting.failed |= meeting.met % meeting.n != 0;
    for (unsigned i = 0; i < meeting.n; i++)
        task(meet);
}

static void sleepers_at_barrier(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        if (omp_get_thread_num() == i % omp_get_num_threads()) {
            test_sleep_ms(10);
            call_meeting();
        }
        GOMP_barrier();
    }
}

START_TEST(a_team_that_sleeps_at_a_barrier_is_woken_by_tasks)
{
    meeting.n = begin(_i);
    GOMP_parallel(sleepers_at_barrier, NULL, meeting.n, 0);
    ck_assert(!meeting.failed);
    ck_assert_uint_eq(meeting.met, 3 * meeting.n);
}
END_TEST

/* The workers wait for the next region already. */
static void sleepers_at_bell(void *unused)
{
    unsigned last = (unsigned)omp_get_num_threads() - 1;

    (void)unused;
    if (meeting.earlier) {                              /* an earlier phase of the region had tasks too */
        if (omp_get_thread_num() == (int)last)
            call_meeting();
        GOMP_barrier();
    }
    if (omp_get_thread_num() != 0)
        return;
    test_sleep_ms(10);
    call_meeting();
}

START_TEST(workers_that_are_done_with_the_region_come_back)
{
    meeting.n = begin(_i / 2);
    meeting.earlier = _i % 2;
    for (int i = 0; i < 3; i++)
        GOMP_parallel(sleepers_at_bell, NULL, meeting.n, 0);
    ck_assert(!meeting.failed);
    ck_assert_uint_eq(meeting.met, (meeting.earlier ? 6 : 3) * meeting.n);
}
END_TEST

/* The primary sleeps at the end of the region, a worker creates. */
static void sleeper_at_join(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() != omp_get_num_threads() - 1)
        return;
    test_sleep_ms(10);
    call_meeting();
}

START_TEST(a_primary_that_waits_for_the_workers_helps)
{
    meeting.n = begin(_i);
    for (int i = 0; i < 3; i++)
        GOMP_parallel(sleeper_at_join, NULL, meeting.n, 0);
    ck_assert(!meeting.failed);
    ck_assert_uint_eq(meeting.met, 3 * meeting.n);
}
END_TEST

/* They have run tasks and found no more. */
static void long_task(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        test_sleep_ms(10);
        for (unsigned t = 1; t < meeting.n; t++)
            task(meet);
        meet(NULL);
        GOMP_taskwait();
    }
}

static void sleepers_for_want(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() == 0)
        task(long_task);
    GOMP_barrier();
}

START_TEST(a_team_without_work_is_woken_when_there_is_some)
{
    meeting.n = begin(_i);
    GOMP_parallel(sleepers_for_want, NULL, meeting.n, 0);
    ck_assert(!meeting.failed);
    ck_assert_uint_eq(meeting.met, 3 * meeting.n);
}
END_TEST

/* A task sleeps in taskwait, its child in another thread creates. */
static void call_and_sleep(void *unused)
{
    (void)unused;
    test_sleep_ms(10);
    call_meeting();
    GOMP_taskwait();
}

static void wait_for_child(void *group)
{
    if (group)
        GOMP_taskgroup_start();
    task(call_and_sleep);
    if (group) {
        GOMP_taskgroup_end();
    } else {
        GOMP_taskwait();
        ck_assert_uint_eq(meeting.met % meeting.n, 0);
    }
}

static void sleeper_in_taskwait(void *data)
{
    if (omp_get_thread_num() == 0)
        wait_for_child(*(bool *)data ? data : NULL);
}

START_TEST(a_task_that_waits_for_its_descendants_runs_them)
{
    bool group = _i % 2;

    meeting.n = begin(_i / 2);
    for (int i = 0; i < 3; i++)
        GOMP_parallel(sleeper_in_taskwait, &group, meeting.n, 0);
    ck_assert(!meeting.failed);
    ck_assert_uint_eq(meeting.met, 3 * meeting.n);
}
END_TEST

/* ---- who has nothing to do burns nothing ---- */

static void sleep_long(void *unused)
{
    (void)unused;
    test_sleep_ms(300);
}

static void one_long_task(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() == 0)
        task(sleep_long);
}

START_TEST(a_team_that_waits_for_one_long_task_sleeps)
{
    unsigned n = begin(_i);
    uint64_t before;

    GOMP_parallel(one_long_task, NULL, n, 0);
    before = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    GOMP_parallel(one_long_task, NULL, n, 0);
    ck_assert_uint_le(now_ms(CLOCK_PROCESS_CPUTIME_ID) - before, 20 + 3 * n);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phase");
    TCase *tcase = tcase_create("phase");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_barrier_waits_for_tasks_and_the_tasks_of_tasks, 0, SIZES * WAYS);
    tcase_add_loop_test(tcase, the_end_of_a_region_waits_too, 0, SIZES * WAYS);
    tcase_add_loop_test(tcase, a_phase_without_tasks_is_not_taken_for_an_earlier_one, 0, SIZES * WAYS);
    tcase_add_loop_test(tcase, a_team_that_sleeps_at_a_barrier_is_woken_by_tasks, 0, SIZES * WAYS);
    tcase_add_loop_test(tcase, workers_that_are_done_with_the_region_come_back, 0, SIZES * WAYS * 2);
    tcase_add_loop_test(tcase, a_primary_that_waits_for_the_workers_helps, 0, SIZES * WAYS);
    tcase_add_loop_test(tcase, a_team_without_work_is_woken_when_there_is_some, 0, SIZES * WAYS);
    tcase_add_loop_test(tcase, a_task_that_waits_for_its_descendants_runs_them, 0, SIZES * WAYS * 2);
    tcase_add_loop_test(tcase, a_team_that_waits_for_one_long_task_sleeps, WAYS, SIZES * WAYS);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
