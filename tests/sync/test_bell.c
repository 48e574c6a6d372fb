/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The bell and the bench (sync/bell.h): one test per interleaving that the comment names, then masters that change the size of
 * their team. */
#include "tests/sync/room.h"

static struct {
    _Atomic uint64_t word;
    _Atomic uint32_t park[TEST_THREADS];
    uint64_t seen[TEST_THREADS];        /* what worker i has seen before its next wait */
    uint64_t payload;                   /* plain: written before a ring */
    _Atomic unsigned joined, ran[TEST_THREADS];
    _Atomic bool wrong;
    bool call_chance;                   /* workers call now and then */
} bell;

/* Waits once; runs the region. */
static void worker_once(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    gompx_waiter_team(&waiter, 2);
    bell.seen[me] = gompx_bell_wait(&bell.word, me, bell.seen[me], &bell.park[me], &waiter);
    if (bell.payload != bell.seen[me] || bell.park[me] != GOMPX_PARK_IDLE)
        atomic_store(&bell.wrong, true);
    atomic_fetch_add(&bell.ran[me], 1);
    atomic_fetch_add(&bell.joined, 1);
}

static void ring(unsigned count)
{
    uint64_t next = gompx_bell_next(bell.word, count);

    bell.payload = next;
    gompx_bell_ring(&bell.word, next);
}

/* The next ring after `count` numbers were meant by the last one. */
static void begin(unsigned count)
{
    test_sleep_at_once();
    ring(count);
    for (unsigned i = 0; i < TEST_THREADS; i++)
        bell.seen[i] = bell.word;
}

/* Where a member stands between two rings: before SLEEP, and before the kernel's look. */
START_TEST(a_ring_is_not_lost_on_a_member)
{
    static const struct { const char *file; char letter; } at[] = { { "bell", 'E' }, { "futex", 'W' } };

    begin(2);
    test_start_to(1, worker_once, at[_i].file, at[_i].letter);
    ring(2);
    test_go(1);
    test_join(1);
    ck_assert(!bell.wrong);
    ck_assert_uint_eq(bell.seen[1], bell.word);
}
END_TEST

START_TEST(a_ring_wakes_all_members_that_sleep)
{
    begin(9);
    for (unsigned i = 1; i < 9; i++)
        test_start(i, worker_once);
    for (unsigned i = 1; i < 9; i++)
        test_asleep(i);
    ck_assert(bell.word & GOMPX_SLEEP);
    ring(9);
    for (unsigned i = 1; i < 9; i++)
        test_join(i);
    ck_assert(!bell.wrong);
    ck_assert(!(bell.word & GOMPX_SLEEP));
}
END_TEST

/* Where a benched worker stands: ARMED and not yet looked, looked and not yet asleep, before the kernel's look. */
START_TEST(a_ring_is_not_lost_on_the_bench)
{
    static const struct { const char *file; char letter; } at[] = { { "bell", 'G' }, { "bell", 'H' }, { "futex", 'W' } };

    begin(2);
    test_start_to(2, worker_once, at[_i].file, at[_i].letter);
    ck_assert_uint_eq(bell.park[2], GOMPX_PARK_ARMED);
    ring(3);
    gompx_bell_unbench(&bell.park[2]);
    test_go(2);
    test_join(2);
    ck_assert(!bell.wrong);
}
END_TEST

START_TEST(a_worker_that_sees_the_ring_itself_takes_its_word_back)
{
    begin(2);
    test_start_to(2, worker_once, "bell", 'G');
    ring(3);
    test_go(2);
    test_join(2);
    gompx_bell_unbench(&bell.park[2]);                  /* the master comes late */
    ck_assert_uint_eq(bell.park[2], GOMPX_PARK_IDLE);
    ck_assert(!bell.wrong);
}
END_TEST

START_TEST(a_ring_that_does_not_mean_them_lets_the_benched_sleep)
{
    begin(2);
    test_start(2, worker_once);
    test_asleep(2);
    for (int i = 0; i < 3; i++)
        ring(2);
    test_asleep(2);
    ck_assert_uint_eq(bell.park[2], GOMPX_PARK_ARMED);
    ck_assert(!(bell.word & GOMPX_SLEEP));
    ring(3);
    gompx_bell_unbench(&bell.park[2]);
    test_join(2);
    ck_assert(!bell.wrong);
}
END_TEST

START_TEST(a_member_of_the_last_region_goes_to_the_bench_when_it_is_no_longer_meant)
{
    begin(3);
    test_start(2, worker_once);
    test_asleep(2);
    ck_assert(bell.word & GOMPX_SLEEP);
    ring(2);
    while (atomic_load(&bell.park[2]) != GOMPX_PARK_ARMED)
        test_sleep_us(100);
    ring(3);
    gompx_bell_unbench(&bell.park[2]);
    test_join(2);
    ck_assert(!bell.wrong);
}
END_TEST

/* A master that gave up an earlier team may wake a worker that has moved on. */
START_TEST(a_stray_wake_up_starts_nobody)
{
    begin(2);
    test_start(2, worker_once);
    for (int i = 0; i < 5; i++) {
        test_asleep(2);
        ck_assert(gompx_park_run(&bell.park[2]));
    }
    test_asleep(2);
    ck_assert_uint_eq(bell.ran[2], 0);
    ring(3);
    gompx_bell_unbench(&bell.park[2]);
    test_join(2);
    ck_assert(!bell.wrong);
}
END_TEST

/* The stray one finds ARMED, and the right one then RUN: nothing more to do for it. */
START_TEST(a_stray_wake_up_does_not_eat_the_right_one)
{
    begin(2);
    test_start_to(2, worker_once, "bell", 'H');
    ck_assert(gompx_park_run(&bell.park[2]));
    ring(3);
    ck_assert(!gompx_park_run(&bell.park[2]));
    test_go(2);
    test_join(2);
    ck_assert(!bell.wrong);
}
END_TEST

START_TEST(EXIT_reaches_everybody)
{
    begin(2);
    test_start(1, worker_once);
    test_start(2, worker_once);
    test_start_to(3, worker_once, "bell", 'G');
    test_asleep(1);
    test_asleep(2);
    bell.payload = gompx_bell_next(bell.word, 0) | GOMPX_BELL_EXIT;
    gompx_bell_ring(&bell.word, bell.payload);
    for (unsigned i = 1; i < 4; i++)
        gompx_bell_unbench(&bell.park[i]);
    test_go(3);
    for (unsigned i = 1; i < 4; i++) {
        test_join(i);
        ck_assert(bell.seen[i] & GOMPX_BELL_EXIT);
    }
    ck_assert(!bell.wrong);
}
END_TEST

/* ---- the word ---- */

static uint64_t epoch_of(uint64_t word)
{
    return (word >> 3 & 0x1fffffff) | (word >> 48) << 29;
}

START_TEST(the_epoch_goes_on_across_both_halves_and_wraps)
{
    uint64_t low_full = 0x1fffffffull << 3, all_full = low_full | 0xffffull << 48;

    ck_assert_uint_eq(epoch_of(gompx_bell_next(0, 5)), 1);
    ck_assert_uint_eq(gompx_bell_count(gompx_bell_next(0, 5)), 5);
    ck_assert_uint_eq(epoch_of(gompx_bell_next(low_full, 5)), 1ull << 29);
    ck_assert_uint_eq(gompx_bell_next(low_full, 0) & 0xffffffff, 0);
    ck_assert_uint_eq(epoch_of(gompx_bell_next(all_full, 7)), 0);
    ck_assert_uint_eq(gompx_bell_count(gompx_bell_next(all_full, GOMPX_BELL_COUNT_MAX)), GOMPX_BELL_COUNT_MAX);
}
END_TEST

START_TEST(the_next_word_has_no_flags)
{
    for (uint64_t flags = 0; flags < 8; flags++)
        ck_assert_uint_eq(gompx_bell_next(0x1234500000678ull << 3 | flags, 3) & 7, 0);
}
END_TEST

START_TEST(names_tell_rings_apart_and_calls_do_not_count)
{
    uint64_t word = gompx_bell_next(0x1ffffffeull << 3, 4), called = word ^ GOMPX_BELL_CALL;

    ck_assert_uint_eq(gompx_bell_name(word) & 7, 1);
    ck_assert_uint_eq(gompx_bell_name(word), gompx_bell_name(called | GOMPX_SLEEP));
    ck_assert_uint_ne(gompx_bell_name(word), gompx_bell_name(gompx_bell_next(word, 4)));
    ck_assert(gompx_bell_same_ring(called, word) && gompx_bell_same_ring(word, word | GOMPX_SLEEP));
    ck_assert(!gompx_bell_same_ring(gompx_bell_next(word, 4), word));
    ck_assert(!gompx_bell_same_ring(word ^ 1ull << 48, word));
    ck_assert(!gompx_bell_same_ring(word | GOMPX_BELL_EXIT, word));
}
END_TEST

START_TEST(the_half_with_SLEEP_is_the_half_that_is_slept_on)
{
    bell.word = GOMPX_SLEEP;
    ck_assert_uint_eq(*gompx_low_half(&bell.word), GOMPX_SLEEP);
}
END_TEST

/* ---- calls ---- */

static uint64_t came_back[TEST_THREADS];

static void called_worker(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    gompx_waiter_team(&waiter, 2);
    came_back[me] = gompx_bell_wait(&bell.word, me, bell.seen[me], &bell.park[me], &waiter);
}

static void check_called(unsigned me)
{
    test_join(me);
    ck_assert(gompx_bell_same_ring(came_back[me], bell.seen[me]));
    ck_assert_uint_eq((came_back[me] ^ bell.seen[me]) & GOMPX_BELL_CALL, GOMPX_BELL_CALL);
    ck_assert_uint_eq(bell.park[me], GOMPX_PARK_IDLE);
}

START_TEST(a_call_is_not_lost_on_a_member)
{
    static const struct { const char *file; char letter; } at[] = { { "bell", 'E' }, { "futex", 'W' } };

    begin(2);
    test_start_to(1, called_worker, at[_i].file, at[_i].letter);
    gompx_bell_call(&bell.word);
    test_go(1);
    check_called(1);
    ck_assert(!(bell.word & GOMPX_SLEEP));
}
END_TEST

START_TEST(a_call_that_came_while_the_member_worked_is_noticed)
{
    begin(2);
    gompx_bell_call(&bell.word);
    test_start(1, called_worker);
    check_called(1);
    ck_assert(!(bell.word & GOMPX_SLEEP));
}
END_TEST

START_TEST(a_call_wakes_the_members_that_sleep_and_no_others)
{
    unsigned wakes;

    begin(4);
    for (unsigned i = 1; i < 6; i++)
        test_start(i, called_worker);
    for (unsigned i = 1; i < 6; i++)
        test_asleep(i);
    wakes = test_wakes;
    gompx_bell_call(&bell.word);
    for (unsigned i = 1; i < 4; i++)
        check_called(i);
    ck_assert_uint_eq(test_wakes, wakes + 1);
    for (unsigned i = 4; i < 6; i++)
        test_asleep(i);                                 /* benched */
    ring(6);
    for (unsigned i = 4; i < 6; i++) {
        gompx_bell_unbench(&bell.park[i]);
        test_join(i);
        ck_assert_uint_eq(came_back[i], bell.word);
    }
}
END_TEST

START_TEST(a_call_does_not_fetch_a_worker_that_was_not_meant)
{
    begin(2);
    test_start_to(3, called_worker, "bell", _i ? 'G' : 'H');    /* on its way to the bench */
    gompx_bell_call(&bell.word);
    test_go(3);
    test_asleep(3);
    ck_assert_uint_eq(bell.park[3], GOMPX_PARK_ARMED);
    ring(4);
    gompx_bell_unbench(&bell.park[3]);
    test_join(3);
    ck_assert_uint_eq(came_back[3], bell.word);
}
END_TEST

static void caller(unsigned unused)
{
    (void)unused;
    gompx_bell_call(&bell.word);
}

START_TEST(a_caller_that_meets_a_sleeper_wakes_it)
{
    begin(2);
    test_start_to(2, caller, "bell", 'K');              /* it has looked at the word */
    test_start(1, called_worker);
    test_asleep(1);
    test_go(2);
    test_join(2);
    check_called(1);
}
END_TEST

START_TEST(a_ring_after_a_call_is_a_ring)
{
    begin(2);
    test_start_to(1, worker_once, "bell", 'E');
    gompx_bell_call(&bell.word);
    ring(2);
    ck_assert(!(bell.word & GOMPX_BELL_CALL));
    test_go(1);
    test_join(1);
    ck_assert(!bell.wrong);
}
END_TEST

/* ---- park words ---- */

static bool park_result;

static void rest_for_ever(unsigned me)
{
    park_result = gompx_park_wait(&bell.park[me], -1);
}

START_TEST(a_rest_without_a_lease_ends_when_its_time_is_up)
{
    test_sleep_at_once();
    bell.park[0] = GOMPX_PARK_ARMED;
    ck_assert(!gompx_park_wait(&bell.park[0], 20));
    ck_assert_uint_eq(bell.park[0], GOMPX_PARK_IDLE);
    ck_assert(!gompx_park_run(&bell.park[0]));
}
END_TEST

START_TEST(a_rest_is_ended_by_a_lease)
{
    test_sleep_at_once();
    bell.park[0] = GOMPX_PARK_ARMED;
    test_start(0, rest_for_ever);
    test_asleep(0);
    ck_assert(gompx_park_run(&bell.park[0]));
    test_join(0);
    ck_assert(park_result);
    ck_assert_uint_eq(bell.park[0], GOMPX_PARK_IDLE);
}
END_TEST

/* ---- soak ---- */

enum { REGIONS = 1500 };

static void worker_life(unsigned me)
{
    struct gompx_waiter waiter = { 0 };
    uint64_t seen = bell.seen[me];
    uint32_t random = me;

    gompx_waiter_team(&waiter, 2);
    for (;;) {
        uint64_t last = seen;

        seen = gompx_bell_wait(&bell.word, me, last, &bell.park[me], &waiter);
        if (gompx_bell_same_ring(seen, last))
            continue;
        if (seen & GOMPX_BELL_EXIT)
            return;
        if (!gompx_bell_same_ring(bell.payload, seen) || me >= gompx_bell_count(seen))
            atomic_store(&bell.wrong, true);
        gompx_step("test", 'X');
        if (bell.call_chance && test_random(&random) % 4 == 0)
            gompx_bell_call(&bell.word);
        if (!gompx_bell_same_ring(bell.payload, seen))
            atomic_store(&bell.wrong, true);
        atomic_fetch_add(&bell.ran[me], 1);
        atomic_fetch_add(&bell.joined, 1);
    }
}

/* As runtime/team.c does it: rings, wakes those who were not in the last region, waits for the members. */
static void master_region(unsigned last, unsigned count, unsigned expected[])
{
    ring(count);
    for (unsigned i = last; i < count; i++)
        gompx_bell_unbench(&bell.park[i]);
    for (unsigned i = 1; i < count; i++)
        expected[i]++;
    while (atomic_load(&bell.joined) < count - 1)
        sched_yield();
    atomic_store(&bell.joined, 0);
}

/* Size number `which` of a run with at most `most` threads: 8-4-6-8, 3-2-1-2-3 and others by chance. */
static unsigned size_of(unsigned n, unsigned most, uint32_t *random)
{
    static const unsigned parts[] = { 8, 4, 6, 8, 8, 4, 1, 8 };

    if (n < 64)
        return (most * parts[n % 8] + 7) / 8;
    return 1 + test_random(random) % most;
}

START_TEST(teams_of_changing_size_run_every_region_once)
{
    unsigned most = test_sizes[_i / 2 / TEST_WAYS], last = 1, expected[TEST_THREADS] = { 0 };
    uint32_t random = 1;

    test_soak((unsigned)_i % TEST_WAYS);
    bell.call_chance = _i / TEST_WAYS % 2;
    bell.word = 0x1fffff00ull << 3;                     /* the low part of the epoch wraps on the way */
    for (unsigned i = 1; i < most; i++) {
        bell.seen[i] = bell.word;
        test_start(i, worker_life);
    }
    for (unsigned n = 0; n < REGIONS; n++) {
        unsigned count = size_of(n, most, &random);

        master_region(last, count, expected);
        last = count;
    }
    gompx_bell_ring(&bell.word, gompx_bell_next(bell.word, 0) | GOMPX_BELL_EXIT);
    for (unsigned i = 1; i < most; i++)
        gompx_bell_unbench(&bell.park[i]);
    for (unsigned i = 1; i < most; i++) {
        test_join(i);
        ck_assert_uint_eq(bell.ran[i], expected[i]);
    }
    ck_assert(!bell.wrong);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bell");
    TCase *tcase = tcase_create("bell");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_ring_is_not_lost_on_a_member, 0, 2);
    tcase_add_test(tcase, a_ring_wakes_all_members_that_sleep);
    tcase_add_loop_test(tcase, a_ring_is_not_lost_on_the_bench, 0, 3);
    tcase_add_test(tcase, a_worker_that_sees_the_ring_itself_takes_its_word_back);
    tcase_add_test(tcase, a_ring_that_does_not_mean_them_lets_the_benched_sleep);
    tcase_add_test(tcase, a_member_of_the_last_region_goes_to_the_bench_when_it_is_no_longer_meant);
    tcase_add_test(tcase, a_stray_wake_up_starts_nobody);
    tcase_add_test(tcase, a_stray_wake_up_does_not_eat_the_right_one);
    tcase_add_test(tcase, EXIT_reaches_everybody);
    tcase_add_test(tcase, the_epoch_goes_on_across_both_halves_and_wraps);
    tcase_add_test(tcase, the_next_word_has_no_flags);
    tcase_add_test(tcase, names_tell_rings_apart_and_calls_do_not_count);
    tcase_add_test(tcase, the_half_with_SLEEP_is_the_half_that_is_slept_on);
    tcase_add_loop_test(tcase, a_call_is_not_lost_on_a_member, 0, 2);
    tcase_add_test(tcase, a_call_that_came_while_the_member_worked_is_noticed);
    tcase_add_test(tcase, a_call_wakes_the_members_that_sleep_and_no_others);
    tcase_add_loop_test(tcase, a_call_does_not_fetch_a_worker_that_was_not_meant, 0, 2);
    tcase_add_test(tcase, a_caller_that_meets_a_sleeper_wakes_it);
    tcase_add_test(tcase, a_ring_after_a_call_is_a_ring);
    tcase_add_test(tcase, a_rest_without_a_lease_ends_when_its_time_is_up);
    tcase_add_test(tcase, a_rest_is_ended_by_a_lease);
    tcase_add_loop_test(tcase, teams_of_changing_size_run_every_region_once, 0, TEST_SIZES * 2 * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
