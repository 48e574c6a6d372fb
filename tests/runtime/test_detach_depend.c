/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Detached tasks and dependences: who waits for an unfulfilled event, and what runs when it comes. */
#include "tests/runtime/test_event.h"

#include "runtime/thread.h"

static int x, y, z;

/* Both layouts: {in, out, inoutset, ...} of one address each. */
#define OUT(v)      ((void *[]){ (void *)1, (void *)1, (v) })
#define IN(v)       ((void *[]){ (void *)1, (void *)0, (v) })
#define MUTEX(v)    ((void *[]){ NULL, (void *)1, (void *)0, (void *)1, (void *)0, (v) })
#define OBJECT(v, k) \
    ((void *[]){ NULL, (void *)1, (void *)0, (void *)0, (void *)0, (void *[]){ (v), (void *)(uintptr_t)(k) } })

static _Atomic int second_runs;

static void run_second(void *data)
{
    atomic_fetch_add(&second_runs, 1);
    (void)data;
}

/* A task with `second` comes after an unfulfilled one with `first`, which the creator itself fulfils later: a wait on the spot
 * would never end.  In a team it may be another member that runs it. */
static void check_task(bool waits, void **first, void **second)
{
    uintptr_t handle = detach(0, first);

    second_runs = 0;
    GOMP_task(run_second, NULL, NULL, 0, 1, true, DEPEND, second, 0, NULL);
    for (int ms = 0; omp_get_num_threads() > 1 && second_runs == 0 && ms < (waits ? 5 : 10000); ms++) {
        GOMP_taskyield();
        if (ms > 0)
            test_sleep_ms(1);
    }
    ck_assert_int_eq(second_runs, !waits);
    omp_fulfill_event(handle);
    GOMP_taskwait();
    ck_assert_int_eq(second_runs, 1);
}

/* A taskwait with the dependences `second`, or an undeferred task.  If it did wait where it should not, it would for ever. */
static void check_wait(bool waits, void **first, void **second, bool task)
{
    uintptr_t handle = detach(0, first);
    struct later l;

    if (waits)
        later_start(&l, handle);
    second_runs = 0;
    if (task)
        GOMP_task(run_second, NULL, NULL, 0, 1, false, DEPEND, second, 0, NULL);
    else
        GOMP_taskwait_depend(second);
    ck_assert_int_eq(second_runs, task);
    if (waits)
        later_end(&l);
    else
        omp_fulfill_event(handle);
    GOMP_taskwait();
}

static void check_pair(bool waits, void **first, void **second)
{
    check_task(waits, first, second);
    check_wait(waits, first, second, false);
    check_wait(waits, first, second, true);
}

static void one_address(void)
{
    check_pair(true, OUT(&x), IN(&x));
    check_pair(true, OUT(&x), OUT(&x));
    check_pair(true, IN(&x), OUT(&x));
    check_pair(true, MUTEX(&x), OUT(&x));
    check_pair(true, IN(&x), MUTEX(&x));
    check_pair(true, OBJECT(&x, 2), IN(&x));
    check_pair(true, OBJECT(&x, 5), IN(&x));
    check_pair(true, IN(&x), OBJECT(&x, 5));
    check_pair(true, OBJECT(&x, 3), OBJECT(&x, 1));
    check_pair(true, OUT(NULL), IN(&x));                /* omp_all_memory */
    check_pair(true, IN(&x), OBJECT(NULL, 3));
    check_pair(false, IN(&x), IN(&x));
    check_pair(false, OUT(&x), OUT(&y));
    check_pair(false, OBJECT(&x, 5), OBJECT(&x, 5));
    check_pair(false, OBJECT(&x, 1), IN(&x));
    check_pair(false, NULL, OUT(NULL));                 /* no depend clause at all */
}

static void many_addresses(void)
{
    void *object[] = { &z, (void *)3 };
    void *a[] = { (void *)3, (void *)1, &x, &y, &z };
    void *b[] = { NULL, (void *)4, (void *)1, (void *)1, (void *)1, &y, &x, &a, object };

    check_pair(true, a, IN(&x));
    check_pair(false, a, IN(&y));
    check_pair(true, a, OUT(&y));
    check_pair(true, a, OUT(&z));
    check_pair(true, b, IN(&y));
    check_pair(true, b, IN(&x));
    check_pair(false, b, IN(&a));
    check_pair(true, b, OUT(&a));
    check_pair(true, b, IN(&z));
}

START_TEST(a_task_waits_for_those_it_depends_on_and_for_no_others)
{
    one_address();
}
END_TEST

START_TEST(each_entry_of_both_layouts_counts)
{
    many_addresses();
}
END_TEST

static const unsigned sizes[] = { 1, 2, 3, 4, 8, 16 };
enum { SIZES = sizeof sizes / sizeof *sizes };

static void pairs_in_team(void *data)
{
    if (omp_get_thread_num() == 0) {
        one_address();
        many_addresses();
    }
    (void)data;
}

START_TEST(dependences_hold_in_a_team)
{
    GOMP_parallel(pairs_in_team, NULL, sizes[_i], 0);
}
END_TEST

/* Each waits for the one before; all are created, and then the first is fulfilled by a thread that the runtime does not know. */
enum { CHAIN = 1000 };

struct chain { bool wait; struct later l; };

static void chain(void *data)
{
    struct chain *c = data;
    uintptr_t first;

    if (omp_get_thread_num() != 0)
        return;
    first = detach(0, OUT(&x));
    for (int i = 0; i < CHAIN; i++)
        GOMP_task(run_second, NULL, NULL, 0, 1, true, DEPEND, OUT(&x), 0, NULL);
    ck_assert_int_eq(second_runs, 0);
    later_start(&c->l, first);
    if (!c->wait)
        return;
    GOMP_taskwait();
    ck_assert_int_eq(second_runs, CHAIN);
}

START_TEST(a_chain_behind_an_event_runs_when_it_is_fulfilled)
{
    struct chain c = { .wait = _i % 2 };

    GOMP_parallel(chain, &c, sizes[_i / 2], 0);
    ck_assert_int_eq(second_runs, CHAIN);
    later_end(&c.l);
}
END_TEST

/* Each of many addresses has its own event; the thread that fulfils them does it in a different order from their creation. */
enum { FAN = 200 };

static uintptr_t fan_handle[FAN];
static char fan_address[FAN];

static void *fulfill_fan(void *unused)
{
    for (int i = 0; i < FAN; i++) {
        omp_fulfill_event(fan_handle[i * 7 % FAN]);
        if (i % 50 == 0)
            test_sleep_ms(3);
    }
    return unused;
}

static void fan(void *unused)
{
    pthread_t thread;

    (void)unused;
    if (omp_get_thread_num() != 0)
        return;
    for (int i = 0; i < FAN; i++)
        fan_handle[i] = detach(0, OUT(&fan_address[i]));
    for (int i = 0; i < FAN; i++) {
        void *depend[] = { (void *)2, (void *)0, &fan_address[i], &fan_address[(i + 1) % FAN] };

        GOMP_task(run_second, NULL, NULL, 0, 1, true, DEPEND, depend, 0, NULL);
    }
    ck_assert_int_eq(second_runs, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, fulfill_fan, NULL), 0);
    GOMP_taskwait_depend(OUT(&fan_address[3]));
    ck_assert_int_ge(second_runs, 2);
    GOMP_taskgroup_start();
    GOMP_taskgroup_end();
    pthread_join(thread, NULL);
}

START_TEST(events_come_in_any_order)
{
    GOMP_parallel(fan, NULL, sizes[_i], 0);
    ck_assert_int_eq(second_runs, FAN);
    ck_assert_int_eq(runs, FAN);
}
END_TEST

static void bad_object(void *data)
{
    detach(0, OBJECT(&x, -1));
    (void)data;
}

START_TEST(a_destroyed_depend_object_is_fatal)
{
    char text[1024];

    ck_assert_int_eq(test_child(bad_object, NULL, text), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(text, "libgomp: unknown omp_depend_t dependence type -1"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detach_depend");
    TCase *tcase = tcase_create("detach_depend");

    later_ms = 5;
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_task_waits_for_those_it_depends_on_and_for_no_others);
    tcase_add_test(tcase, each_entry_of_both_layouts_counts);
    tcase_add_loop_test(tcase, dependences_hold_in_a_team, 1, SIZES);
    tcase_add_loop_test(tcase, a_chain_behind_an_event_runs_when_it_is_fulfilled, 0, 2 * SIZES);
    tcase_add_loop_test(tcase, events_come_in_any_order, 0, SIZES);
    tcase_add_test(tcase, a_destroyed_depend_object_is_fatal);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
