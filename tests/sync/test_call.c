/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Rounds of a barrier that are called (sync/barrier.h, sync/wait.c): who comes out of its wait, and when; in all shapes. */
#include "tests/sync/room.h"

enum { ROUND = 81, NEXT = ROUND + 2 };

static struct gompx_barrier barrier;
static struct {
    unsigned size;
    enum gompx_barrier_mode mode;
    uint32_t base;
    enum gompx_wait_end end[TEST_THREADS];
} room;

static void begin(unsigned size, int shape)
{
    test_sleep_at_once();
    room.size = size;
    room.mode = test_shape(&barrier, (enum test_shape)shape, size, 0);
}

static _Atomic uint32_t *polled(void)
{
    return room.mode == GOMPX_BARRIER_MONO ? &barrier.arrive : &barrier.sense;
}

static enum gompx_wait_end wait_in(unsigned me, uint32_t round, bool cancellable)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = room.base + 2 * room.size * (round == NEXT ? 2 : 1);

    gompx_waiter_team(&waiter, room.size);
    return cancellable ? gompx_barrier_wait_cancel(&barrier, target, room.mode, me, round, &waiter)
                       : gompx_barrier_wait(&barrier, target, room.mode, me, round, &waiter);
}

static enum gompx_arrival arrive(unsigned me, uint32_t round)
{
    return gompx_barrier_arrive(&barrier, room.base + 2 * room.size * (round == NEXT ? 2 : 1), room.mode, me, round);
}

static bool call(uint32_t round)
{
    return gompx_barrier_call(&barrier, room.mode, round);
}

/* What the user of the barrier does when a called round is over. */
static void end_round(void)
{
    gompx_store_rel(gompx_barrier_call_word(&barrier, room.mode), 0);
}

static void member(unsigned me)
{
    arrive(me, ROUND);
    room.end[me] = wait_in(me, ROUND, me % 2);
}

static void waiter(unsigned me)
{
    room.end[me] = wait_in(me, ROUND, false);
}

static void fast_member(unsigned me)
{
    room.end[me] = wait_in(me, NEXT, false);
}

static void caller(unsigned unused)
{
    (void)unused;
    call(ROUND);
}

/* ---- one call ---- */

/* Before SLEEP, before the look at the call word, after it, and before the kernel's look; cancellable or not. */
START_TEST(a_call_is_not_lost_on_a_waiter)
{
    static const struct { const char *file; char letter; } at[] = {
        { "wait", 'C' }, { "wait", 'D' }, { "wait", 'E' }, { "futex", 'W' }
    };
    unsigned me = _i / TEST_SHAPES % 2;

    begin(4, _i % TEST_SHAPES);
    test_start_to(me, member, at[_i / TEST_SHAPES / 2].file, at[_i / TEST_SHAPES / 2].letter);
    ck_assert(call(ROUND));
    ck_assert(!call(ROUND));                            /* the second caller need do nothing */
    test_go(me);
    test_join(me);
    ck_assert_int_eq(room.end[me], GOMPX_WAIT_CALLED);
    ck_assert(!(*polled() & GOMPX_SLEEP));
}
END_TEST

START_TEST(a_call_wakes_all_that_sleep_with_one_system_call)
{
    unsigned wakes;

    begin(8, _i);
    for (unsigned i = 0; i < 6; i++)
        test_start(i, member);
    for (unsigned i = 0; i < 6; i++)
        test_asleep(i);
    wakes = test_wakes;
    call(ROUND);
    for (unsigned i = 0; i < 6; i++) {
        test_join(i);
        ck_assert_int_eq(room.end[i], GOMPX_WAIT_CALLED);
    }
    ck_assert_uint_eq(test_wakes, wakes + 1);
}
END_TEST

START_TEST(a_call_while_nobody_sleeps_makes_no_system_call)
{
    begin(4, _i);
    call(ROUND);
    ck_assert_uint_eq(test_wakes, 0);
    ck_assert_int_eq(wait_in(0, ROUND, false), GOMPX_WAIT_CALLED);
    ck_assert_int_eq(wait_in(0, ROUND, true), GOMPX_WAIT_CALLED);
    ck_assert_uint_eq(*polled(), 0);
}
END_TEST

/* Stalls between its store of the round and its clearing of SLEEP. */
START_TEST(a_caller_that_stalls_still_wakes)
{
    begin(4, _i);
    test_start_to(0, member, "futex", 'W');
    test_start_to(2, caller, "wait", 'B');
    test_go(0);
    test_asleep(0);
    test_go(2);
    test_join(2);
    test_join(0);
    ck_assert_int_eq(room.end[0], GOMPX_WAIT_CALLED);
}
END_TEST

START_TEST(the_last_to_arrive_releases_nobody_from_a_called_round)
{
    begin(3, _i);
    ck_assert_int_eq(arrive(0, ROUND), GOMPX_ARRIVED);
    call(ROUND);
    ck_assert_int_eq(arrive(1, ROUND), GOMPX_ARRIVED);
    ck_assert_int_eq(arrive(2, ROUND), GOMPX_ARRIVED_CALLED);
    ck_assert_int_eq(wait_in(0, ROUND, false), GOMPX_WAIT_CALLED);     /* although the count is complete */
    end_round();
    gompx_barrier_catch_up(&barrier, 6, room.mode);
    ck_assert_int_eq(wait_in(0, ROUND, false), GOMPX_WAIT_REACHED);    /* who missed it */
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(arrive(i, NEXT), GOMPX_ARRIVED);
    ck_assert_int_eq(arrive(2, NEXT), GOMPX_ARRIVED_LAST);            /* the next one is an ordinary barrier */
    ck_assert_int_eq(wait_in(0, NEXT, false), GOMPX_WAIT_REACHED);
    ck_assert_uint_eq(*polled(), 12);
}
END_TEST

START_TEST(of_alarm_count_and_call_the_call_says_how_it_ended)
{
    bool alarm = _i & 1, complete = _i & 2, called = _i & 4;

    begin(2, _i >> 3);
    test_start_to(1, member, "futex", 'W');
    if (alarm)
        gompx_barrier_cancel(&barrier, room.mode);
    if (called)
        call(ROUND);
    if (complete)
        ck_assert_int_eq(arrive(0, ROUND), called ? GOMPX_ARRIVED_CALLED : GOMPX_ARRIVED_LAST);
    test_go(1);
    test_join(1);
    ck_assert_int_eq(room.end[1], called ? GOMPX_WAIT_CALLED : complete ? GOMPX_WAIT_REACHED : GOMPX_WAIT_ALARMED);
}
END_TEST

/* ---- two rounds ---- */

START_TEST(a_call_of_another_round_lets_waiters_sleep)
{
    begin(3, _i);
    test_start(0, member);
    test_asleep(0);
    call(NEXT);                                         /* cannot be, but whatever: not its own */
    test_asleep(0);
    call(ROUND - 2);
    test_asleep(0);
    arrive(1, ROUND);
    arrive(2, ROUND);
    test_join(0);
    ck_assert_int_eq(room.end[0], GOMPX_WAIT_REACHED);
}
END_TEST

/* 0 has not noticed the call when the round is over already, and 1 sleeps in the next round, on the very value that 0 sleeps on
 * in central: catching up wakes both. */
START_TEST(who_misses_a_whole_call_comes_out_when_the_word_catches_up)
{
    begin(2, _i);
    test_start_to(0, member, "futex", 'W');
    call(ROUND);
    ck_assert_int_eq(arrive(1, ROUND), GOMPX_ARRIVED_CALLED);
    end_round();
    test_start(1, fast_member);
    test_asleep(1);
    test_go(0);
    if (room.mode != GOMPX_BARRIER_MONO)
        test_asleep(0);
    gompx_barrier_catch_up(&barrier, 4, room.mode);
    test_join(0);
    ck_assert_int_eq(room.end[0], GOMPX_WAIT_REACHED);
    test_asleep(1);
    arrive(0, NEXT);
    arrive(1, NEXT);
    test_join(1);
    ck_assert_int_eq(room.end[1], GOMPX_WAIT_REACHED);
}
END_TEST

/* 0 is about to sleep, 1 sets the bit again after the caller has cleared it, and the round is over before 1 looks whether there is a
 * call: it has nothing to clear. */
START_TEST(a_bit_set_after_a_call_that_is_over_buries_nobody)
{
    begin(3, _i);
    arrive(0, ROUND);
    arrive(1, ROUND);
    test_start_to(1, waiter, "wait", 'C');
    test_start_to(0, waiter, "futex", 'W');
    call(ROUND);
    test_stop_at(1, "wait", 'D');
    test_go(1);
    test_stopped(1);
    test_go(0);
    test_asleep(0);
    ck_assert_int_eq(arrive(2, ROUND), GOMPX_ARRIVED_CALLED);
    end_round();
    gompx_barrier_catch_up(&barrier, 6, room.mode);
    test_go(1);
    test_join(1);
    test_join(0);
    ck_assert(!(*polled() & GOMPX_SLEEP));
}
END_TEST

/* ---- soak ---- */

enum { ROUNDS = 300 };

static struct {
    _Atomic unsigned work, done[TEST_THREADS];
    _Atomic bool wrong;
    unsigned phase[TEST_THREADS];       /* plain: each thread's own before a barrier, read by all after it */
} soak;

/* The name of round n, as runtime/phase.h makes it: only four differ. */
static uint32_t name_of(unsigned n)
{
    return 8 * 5 + 1 + 2 * (n % 4);
}

/* A called round: who comes out of the wait works until there is nothing left and all have arrived; one of them ends the round. */
static void help(uint32_t target, uint32_t round)
{
    _Atomic uint32_t *word = gompx_barrier_call_word(&barrier, room.mode);
    uint32_t expected = round;

    while (gompx_load_acq(word) == round) {
        unsigned work = atomic_load(&soak.work);

        if (work > 0) {
            atomic_compare_exchange_strong(&soak.work, &work, work - 1);
            continue;
        }
        sched_yield();
        if (!gompx_reached(gompx_load_acq(&barrier.arrive), target) || atomic_load(&soak.work) > 0)
            continue;
        gompx_step("test", 'Y');
        expected = round;
        if (gompx_cas_ar(word, &expected, 0))
            gompx_barrier_catch_up(&barrier, target, room.mode);
    }
}

static void soak_member(unsigned me)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = room.base, random = me + 1, round;
    enum gompx_arrival arrival;

    gompx_waiter_team(&waiter, room.size);
    test_meet(room.size);
    for (unsigned n = 0; n < ROUNDS; n++) {
        target += 2 * room.size;
        round = name_of(n);
        soak.phase[me] = n;
        if (test_random(&random) % (2 * room.size) == 0) {
            atomic_fetch_add(&soak.work, 3);
            call(round);
        }
        arrival = gompx_barrier_arrive(&barrier, target, room.mode, me, round);
        if (arrival == GOMPX_ARRIVED_CALLED
            || (arrival == GOMPX_ARRIVED && gompx_barrier_wait(&barrier, target, room.mode, me, round, &waiter) == GOMPX_WAIT_CALLED))
            help(target, round);
        for (unsigned i = 0; i < room.size; i++)
            if ((int)(soak.phase[i] - n) < 0 || (int)(soak.phase[i] - n) > 1)
                atomic_store(&soak.wrong, true);
        if (atomic_load(&soak.work) > 3 * room.size)
            atomic_store(&soak.wrong, true);
    }
}

START_TEST(rounds_with_and_without_a_call_follow_each_other)
{
    unsigned size = test_sizes[_i / TEST_SHAPES / TEST_WAYS];

    test_soak((unsigned)_i % TEST_WAYS);
    room.size = size;
    room.base = -(uint32_t)(ROUNDS * size) & ~1u;
    room.mode = test_shape(&barrier, _i / TEST_WAYS % TEST_SHAPES, size, room.base);
    test_run_threads(size, soak_member);
    ck_assert(!soak.wrong);
    ck_assert_uint_eq(soak.work, 0);
    ck_assert_uint_eq(barrier.arrive & ~GOMPX_SLEEP, room.base + 2 * ROUNDS * size);
    if (room.mode != GOMPX_BARRIER_MONO)
        ck_assert_uint_eq(barrier.sense & ~GOMPX_SLEEP, room.base + 2 * ROUNDS * size);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("call");
    TCase *tcase = tcase_create("call");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_call_is_not_lost_on_a_waiter, 0, 8 * TEST_SHAPES);
    tcase_add_loop_test(tcase, a_call_wakes_all_that_sleep_with_one_system_call, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_call_while_nobody_sleeps_makes_no_system_call, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_caller_that_stalls_still_wakes, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, the_last_to_arrive_releases_nobody_from_a_called_round, 0, TEST_SHAPES);
    for (int shape = 0; shape < TEST_SHAPES; shape++)
        tcase_add_loop_test(tcase, of_alarm_count_and_call_the_call_says_how_it_ended, 8 * shape + 1, 8 * shape + 8);
    tcase_add_loop_test(tcase, a_call_of_another_round_lets_waiters_sleep, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, who_misses_a_whole_call_comes_out_when_the_word_catches_up, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_bit_set_after_a_call_that_is_over_buries_nobody, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, rounds_with_and_without_a_call_follow_each_other, 0, TEST_SIZES * TEST_SHAPES * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
