/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The mutex (sync/lock.h). */
#include "tests/sync/room.h"

enum { SECTIONS = 20000 };

static _Atomic uint32_t lock;
static struct {
    unsigned inside, total;             /* plain: guarded by the lock */
    unsigned size;
    bool wrong;
} room;

static void section_once(unsigned me)
{
    (void)me;
    gompx_lock(&lock);
    room.total++;
    gompx_unlock(&lock);
}

/* Stops inside. */
static void section_long(unsigned me)
{
    (void)me;
    gompx_lock(&lock);
    gompx_step("test", 'X');
    room.total++;
    gompx_unlock(&lock);
}

START_TEST(zero_is_free_and_an_uncontended_lock_calls_nobody)
{
    static const uint32_t zero;

    memcpy(&lock, &zero, sizeof lock);
    for (int i = 0; i < 3; i++) {
        gompx_lock(&lock);
        ck_assert_uint_eq(lock, GOMPX_LOCK_HELD);
        ck_assert(!gompx_lock_try(&lock));
        gompx_unlock(&lock);
        ck_assert_uint_eq(lock, GOMPX_LOCK_FREE);
        ck_assert(gompx_lock_try(&lock));
        gompx_unlock(&lock);
    }
}
END_TEST

START_TEST(a_lock_given_back_before_the_waiter_says_so_is_taken)
{
    test_sleep_at_once();
    gompx_lock(&lock);
    test_start_to(0, section_once, "lock", 'B');
    gompx_unlock(&lock);
    test_go(0);
    test_join(0);
    ck_assert_uint_eq(lock, GOMPX_LOCK_FREE);
}
END_TEST

START_TEST(a_lock_given_back_before_the_waiter_sleeps_wakes_it)
{
    static const struct { const char *file; char letter; } at[] = { { "lock", 'C' }, { "futex", 'W' } };

    test_sleep_at_once();
    gompx_lock(&lock);
    test_start_to(0, section_once, at[_i].file, at[_i].letter);
    ck_assert_uint_eq(lock, GOMPX_LOCK_SLEPT_ON);
    gompx_unlock(&lock);
    test_go(0);
    test_join(0);
    ck_assert_uint_eq(lock, GOMPX_LOCK_FREE);
}
END_TEST

START_TEST(one_unlock_leads_all_sleepers_through)
{
    test_sleep_at_once();
    gompx_lock(&lock);
    for (unsigned i = 0; i < 8; i++)
        test_start(i, section_once);
    for (unsigned i = 0; i < 8; i++)
        test_asleep(i);
    gompx_unlock(&lock);
    for (unsigned i = 0; i < 8; i++)
        test_join(i);
    ck_assert_uint_eq(room.total, 8);
    ck_assert_uint_eq(lock, GOMPX_LOCK_FREE);
}
END_TEST

/* 0 is woken and takes the lock; it must leave word that 1 still sleeps. */
START_TEST(a_woken_thread_remembers_the_other_sleepers)
{
    test_sleep_at_once();
    gompx_lock(&lock);
    test_stop_at(0, "test", 'X');
    test_start(0, section_long);
    test_asleep(0);
    test_start(1, section_once);
    test_asleep(1);
    gompx_unlock(&lock);
    test_stopped(0);
    ck_assert_uint_eq(lock, GOMPX_LOCK_SLEPT_ON);
    test_go(0);
    test_join(0);
    test_join(1);
}
END_TEST

/* A running thread overtakes the woken one, which then finds the lock held and sleeps again. */
START_TEST(an_overtaken_sleeper_is_not_forgotten)
{
    test_sleep_at_once();
    gompx_lock(&lock);
    test_start_to(0, section_once, "futex", 'W');
    gompx_unlock(&lock);
    ck_assert(gompx_lock_try(&lock));
    test_go(0);
    test_asleep(0);
    ck_assert_uint_eq(lock, GOMPX_LOCK_SLEPT_ON);
    gompx_unlock(&lock);
    test_join(0);
}
END_TEST

static void sections(unsigned me)
{
    (void)me;
    test_meet(room.size);
    for (unsigned n = 0; n < SECTIONS / room.size; n++) {
        gompx_lock(&lock);
        if (++room.inside != 1)
            room.wrong = true;
        if (n % 16 == 0)
            gompx_step("test", 'X');
        room.total++;
        room.inside--;
        gompx_unlock(&lock);
    }
}

START_TEST(one_thread_at_a_time_is_inside)
{
    test_soak((unsigned)_i % TEST_WAYS);
    room.size = test_sizes[_i / TEST_WAYS];
    test_run_threads(room.size, sections);
    ck_assert(!room.wrong);
    ck_assert_uint_eq(room.total, SECTIONS / room.size * room.size);
    ck_assert_uint_eq(lock, GOMPX_LOCK_FREE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lock");
    TCase *tcase = tcase_create("lock");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, zero_is_free_and_an_uncontended_lock_calls_nobody);
    tcase_add_test(tcase, a_lock_given_back_before_the_waiter_says_so_is_taken);
    tcase_add_loop_test(tcase, a_lock_given_back_before_the_waiter_sleeps_wakes_it, 0, 2);
    tcase_add_test(tcase, one_unlock_leads_all_sleepers_through);
    tcase_add_test(tcase, a_woken_thread_remembers_the_other_sleepers);
    tcase_add_test(tcase, an_overtaken_sleeper_is_not_forgotten);
    tcase_add_loop_test(tcase, one_thread_at_a_time_is_inside, 0, TEST_SIZES * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
