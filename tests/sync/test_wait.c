/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sleeping on a count, on a value, and the alarm (sync/wait.h): each interleaving that the comment in sync/wait.c names. */
#include "tests/sync/room.h"

enum { ROUND = 77 };                    /* the name of the round in which they wait */

static struct {
    _Atomic uint32_t word, alarm, call;
    struct gompx_gate gate;
    uint64_t wanted[TEST_THREADS];
    uint32_t target;
    bool alarmed[TEST_THREADS];
    uint32_t data;                      /* plain: written before the count is raised */
} room;

static void count_waiter(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    (void)me;
    gompx_waiter_team(&waiter, 2);
    gompx_wait_reach(&room.word, room.target, &room.call, ROUND, &waiter);
    ck_assert_uint_eq(room.data, 7);
}

static void alarm_waiter(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    gompx_waiter_team(&waiter, 2);
    room.alarmed[me] = gompx_wait_reach_or_alarm(&room.word, room.target, &room.call, ROUND, &room.alarm, &waiter) == GOMPX_WAIT_ALARMED;
}

static void value_waiter(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    gompx_waiter_team(&waiter, 2);
    gompx_gate_wait(&room.gate, room.wanted[me], &waiter);
}

static void canceller(unsigned me)
{
    (void)me;
    gompx_alarm_raise(&room.word, &room.alarm, 1);
}

/* As the last to arrive at a barrier does it. */
static void raise_count(void)
{
    room.data = 7;
    if (gompx_add_ar(&room.word, 2) & GOMPX_SLEEP) {
        gompx_and_ar(&room.word, ~GOMPX_SLEEP);
        gompx_futex_wake_all(&room.word);
    }
}

static void begin(void)
{
    test_sleep_at_once();
    room.target = 2;
}

START_TEST(a_count_that_is_reached_needs_no_system_call)
{
    begin();
    raise_count();
    test_stop_at(0, "wait", 'C');
    test_start(0, count_waiter);
    test_join(0);
    ck_assert(atomic_load(&test_thread[0].armed));
}
END_TEST

START_TEST(a_raise_before_SLEEP_is_not_lost)
{
    begin();
    test_start_to(0, count_waiter, "wait", 'C');
    raise_count();
    test_go(0);
    test_join(0);
    ck_assert_uint_eq(room.word, 2);
}
END_TEST

START_TEST(a_raise_between_SLEEP_and_sleep_is_not_lost)
{
    begin();
    test_start_to(0, count_waiter, "futex", 'W');
    ck_assert_uint_eq(room.word, GOMPX_SLEEP);
    raise_count();
    test_go(0);
    test_join(0);
    ck_assert_uint_eq(room.word, 2);
}
END_TEST

START_TEST(a_raise_wakes_all_sleepers)
{
    begin();
    for (unsigned i = 0; i < 3; i++)
        test_start(i, count_waiter);
    for (unsigned i = 0; i < 3; i++)
        test_asleep(i);
    raise_count();
    for (unsigned i = 0; i < 3; i++)
        test_join(i);
}
END_TEST

START_TEST(a_wake_up_without_a_raise_puts_the_waiter_back_to_sleep)
{
    begin();
    test_start(0, count_waiter);
    test_asleep(0);
    for (int i = 0; i < 10; i++)
        gompx_futex_wake_all(&room.word);
    test_asleep(0);
    raise_count();
    test_join(0);
}
END_TEST

/* It ran ahead to the next count between the raiser's clearing and its waking. */
START_TEST(a_sleeper_for_the_next_count_survives_the_wake_up_of_this_one)
{
    begin();
    room.target = 4;
    room.data = 7;
    gompx_or_ar(&room.word, GOMPX_SLEEP);               /* somebody slept for count 2 */
    ck_assert_uint_eq(gompx_add_ar(&room.word, 2), GOMPX_SLEEP);
    test_start(0, count_waiter);                        /* finds SLEEP set already */
    test_asleep(0);
    gompx_and_ar(&room.word, ~GOMPX_SLEEP);
    gompx_futex_wake_all(&room.word);
    test_asleep(0);
    ck_assert_uint_eq(room.word, 2 | GOMPX_SLEEP);
    raise_count();
    test_join(0);
}
END_TEST

START_TEST(counts_may_wrap)
{
    begin();
    ck_assert(gompx_reached(0x80000000u, 0x7ffffffeu));
    ck_assert(!gompx_reached(0x7ffffffeu, 0x80000000u));
    ck_assert(gompx_reached(2 | GOMPX_SLEEP, 0xfffffffeu));
    ck_assert(!gompx_reached(0xfffffffeu | GOMPX_SLEEP, 0));
    room.word = 0xfffffffeu;
    room.target = 0;
    test_start(0, count_waiter);
    test_asleep(0);
    raise_count();
    test_join(0);
    ck_assert_uint_eq(room.word, 0);
}
END_TEST

/* ---- alarm ---- */

START_TEST(an_alarm_ends_a_sleep)
{
    begin();
    for (unsigned i = 0; i < 3; i++)
        test_start(i, alarm_waiter);
    for (unsigned i = 0; i < 3; i++)
        test_asleep(i);
    canceller(3);
    for (unsigned i = 0; i < 3; i++)
        test_join(i);
    ck_assert(room.alarmed[0] && room.alarmed[1] && room.alarmed[2]);
}
END_TEST

START_TEST(an_alarm_before_SLEEP_is_not_lost)
{
    begin();
    test_start_to(0, alarm_waiter, "wait", 'C');
    canceller(1);
    test_go(0);
    test_join(0);
    ck_assert(room.alarmed[0]);
}
END_TEST

START_TEST(an_alarm_between_SLEEP_and_sleep_is_not_lost)
{
    begin();
    test_start_to(0, alarm_waiter, "futex", 'W');
    canceller(1);
    test_go(0);
    test_join(0);
    ck_assert(room.alarmed[0]);
}
END_TEST

START_TEST(a_canceller_that_stalls_before_it_clears_SLEEP_still_wakes)
{
    begin();
    test_start_to(0, alarm_waiter, "futex", 'W');
    test_start_to(1, canceller, "wait", 'B');
    test_go(0);
    test_asleep(0);                                     /* it looked at the alarm before */
    test_go(1);
    test_join(1);
    test_join(0);
    ck_assert(room.alarmed[0]);
}
END_TEST

/* 1 loaded the count before 0 set SLEEP, and sets it again after the canceller has cleared it: the very value on which 0 is
 * about to sleep. */
START_TEST(a_sleep_bit_set_after_the_alarm_buries_nobody)
{
    begin();
    test_start_to(1, alarm_waiter, "wait", 'C');
    test_start_to(0, alarm_waiter, "futex", 'W');
    canceller(2);
    test_go(1);
    test_join(1);
    test_go(0);
    test_join(0);
    ck_assert(room.alarmed[0] && room.alarmed[1]);
}
END_TEST

/* The same, but 0 sleeps before 1 finds out that there is an alarm. */
START_TEST(a_sleep_on_a_bit_set_after_the_alarm_ends)
{
    begin();
    test_start_to(1, alarm_waiter, "wait", 'C');
    test_start_to(0, alarm_waiter, "futex", 'W');
    canceller(2);
    test_stop_at(1, "wait", 'D');
    test_go(1);
    test_stopped(1);
    ck_assert_uint_eq(room.word, GOMPX_SLEEP);
    test_go(0);
    test_asleep(0);
    test_go(1);
    test_join(1);
    test_join(0);
    ck_assert(room.alarmed[0] && room.alarmed[1]);
    ck_assert_uint_eq(room.word, 0);
}
END_TEST

START_TEST(a_count_reached_together_with_the_alarm_counts)
{
    begin();
    test_start_to(0, alarm_waiter, "wait", 'C');
    raise_count();
    canceller(1);
    test_go(0);
    test_join(0);
    ck_assert(!room.alarmed[0]);
}
END_TEST

/* ---- values ---- */

static long sleeps_of(unsigned number)
{
    char path[64], line[128];
    long sleeps = -1;

    snprintf(path, sizeof path, "/proc/self/task/%d/status", atomic_load(&test_thread[number].kernel_id));
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "voluntary_ctxt_switches: %ld", &sleeps) == 1)
            break;
    fclose(f);
    ck_assert_int_ge(sleeps, 0);
    return sleeps;
}

START_TEST(a_value_passed_before_or_after_the_count_is_not_lost)
{
    static const struct { const char *file; char letter; } at[] = { { "wait", 'Q' }, { "wait", 'S' }, { "futex", 'W' } };

    begin();
    room.wanted[0] = 42u << 1;
    test_start_to(0, value_waiter, at[_i].file, at[_i].letter);
    gompx_gate_pass(&room.gate, 42u << 1);
    test_go(0);
    test_join(0);
    ck_assert_uint_eq(room.gate.word, 42u << 1);
    ck_assert_uint_eq(room.gate.sleepers, 0);
}
END_TEST

/* Each pass wakes its waiter and leaves the others asleep: the kernel counts a voluntary switch for every sleep. */
START_TEST(sleepers_for_different_values_share_a_word)
{
    long before[8];

    begin();
    for (unsigned i = 0; i < 8; i++) {
        room.wanted[i] = (uint64_t)(i + 1) << 1 | 5ull << 32;
        test_start(i, value_waiter);
    }
    for (unsigned i = 0; i < 8; i++)
        test_asleep(i);
    for (unsigned i = 0; i < 8; i++)
        before[i] = sleeps_of(i);
    for (unsigned i = 0; i < 8; i++) {
        ck_assert_int_eq(sleeps_of(i), before[i]);
        gompx_gate_pass(&room.gate, room.wanted[i]);
        test_join(i);
    }
    ck_assert_uint_eq(room.gate.sleepers, 0);
}
END_TEST

/* ---- the ladder ---- */

START_TEST(passive_waits_do_not_spin_and_active_ones_never_sleep)
{
    struct gompx_waiter waiter = { 0 };
    struct gompx_spin spin;
    unsigned polls = 0;

    gompx_step_seed(0);
    gompx_wait_configure(GOMPX_WAIT_PASSIVE, 1000, 8, 100);
    gompx_waiter_team(&waiter, 2);
    spin = gompx_spin_begin(&waiter);
    ck_assert(!gompx_spin_once(&spin));
    gompx_wait_configure(GOMPX_WAIT_ACTIVE, 0, 8, 100);
    memset(&waiter, 0, sizeof waiter);
    gompx_waiter_team(&waiter, 2);
    spin = gompx_spin_begin(&waiter);
    while (polls < 100000 && gompx_spin_once(&spin))
        polls++;
    ck_assert_uint_eq(polls, 100000);
}
END_TEST

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

START_TEST(the_budget_is_in_time)
{
    struct gompx_waiter waiter = { 0 };
    struct gompx_spin spin;
    uint64_t begun, took, least = UINT64_MAX;

    gompx_step_seed(0);
    gompx_spin_init();
    test_sleep_us(50000);
    gompx_wait_configure(GOMPX_WAIT_AUTO, 2000, 0, 100);
    for (int i = 0; i < 20; i++) {
        memset(&waiter, 0, sizeof waiter);
        gompx_waiter_team(&waiter, 2);
        spin = gompx_spin_begin(&waiter);
        begun = now_us();
        while (gompx_spin_once(&spin))
            ;
        took = now_us() - begun;
        least = took < least ? took : least;
    }
    ck_assert_uint_ge(least, 1800);
    ck_assert_uint_le(least, 20000);
}
END_TEST

/* A thread learns of it while it waits, and at its next wait at the latest. */
START_TEST(the_rule_may_change_while_a_thread_spins)
{
    struct gompx_waiter waiter = { 0 };
    struct gompx_spin spin;
    uint64_t us;

    gompx_step_seed(0);
    gompx_wait_configure(GOMPX_WAIT_ACTIVE, 0, 0, 100);
    gompx_waiter_team(&waiter, 2);
    spin = gompx_spin_begin(&waiter);
    for (int i = 0; i < 1000; i++)
        ck_assert(gompx_spin_once(&spin));
    gompx_wait_retune(GOMPX_WAIT_PASSIVE, 0);
    ck_assert_int_eq(gompx_wait_tuned(&us), GOMPX_WAIT_PASSIVE);
    ck_assert(!gompx_spin_once(&spin));
    spin = gompx_spin_begin(&waiter);                   /* it knew no better when it began */
    while (gompx_spin_once(&spin))
        ck_assert_uint_lt(spin.polls, GOMPX_SPIN_POLLS + 1);
    spin = gompx_spin_begin(&waiter);
    ck_assert(!gompx_spin_once(&spin));                 /* now it does */
    gompx_wait_retune(GOMPX_WAIT_AUTO, UINT64_MAX);
    ck_assert_int_eq(gompx_wait_tuned(&us), GOMPX_WAIT_AUTO);
    ck_assert_uint_eq(us, 1000000000);
    spin = gompx_spin_begin(&waiter);
    for (int i = 0; i < 1000; i++)
        ck_assert(gompx_spin_once(&spin));
    ck_assert(gompx_wait_may_spin());
}
END_TEST

static unsigned polls_of_a_wait(struct gompx_waiter *waiter)
{
    struct gompx_spin spin = gompx_spin_begin(waiter);
    unsigned polls = 0;

    while (gompx_spin_once(&spin))
        polls++;
    gompx_spin_end(&spin);
    return polls;
}

/* The first wait finds out, the next does not poll at all; the first one after the crowd polls nothing either and finds that out. */
START_TEST(a_thread_in_a_crowd_of_small_teams_does_not_poll)
{
    struct gompx_waiter waiter = { 0 };

    gompx_step_seed(0);
    gompx_spin_init();
    gompx_wait_configure(GOMPX_WAIT_AUTO, 1000, 0, 100);
    gompx_wait_set_procs(4);
    gompx_waiter_team(&waiter, 2);
    gompx_wait_reset_busy(5);
    ck_assert_uint_eq(polls_of_a_wait(&waiter), GOMPX_SPIN_POLLS);
    ck_assert_uint_eq(polls_of_a_wait(&waiter), 0);
    gompx_waiter_team(&waiter, 3);
    ck_assert_uint_eq(polls_of_a_wait(&waiter), 0);
    gompx_waiter_move(&waiter);
    ck_assert_uint_eq(polls_of_a_wait(&waiter), GOMPX_SPIN_POLLS);
    ck_assert_uint_eq(polls_of_a_wait(&waiter), 0);
    gompx_wait_reset_busy(4);
    ck_assert_uint_gt(polls_of_a_wait(&waiter), 0);
    ck_assert_uint_gt(polls_of_a_wait(&waiter), GOMPX_SPIN_POLLS);
}
END_TEST

START_TEST(a_wait_keeps_errno)
{
    begin();
    errno = 123;
    room.word = 2;
    gompx_futex_wait(&room.word, 5);
    ck_assert_int_eq(errno, 123);
    gompx_futex_wake_all(&room.word);
    ck_assert_int_eq(errno, 123);
}
END_TEST

/* ---- soak ---- */

enum { PASSES = 300 };

static struct gompx_gate ring;
static unsigned ring_size;

/* Each waits for its number and passes the next one on. */
static void ring_member(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    gompx_waiter_team(&waiter, ring_size);
    for (uint64_t n = me; n < (uint64_t)PASSES * ring_size; n += ring_size) {
        gompx_gate_wait(&ring, n << 1, &waiter);
        gompx_gate_pass(&ring, (n + 1) << 1);
    }
}

START_TEST(values_go_round)
{
    test_soak((unsigned)_i % TEST_WAYS);
    ring_size = test_sizes[_i / TEST_WAYS];
    test_run_threads(ring_size, ring_member);
    ck_assert_uint_eq(ring.word >> 1, (uint64_t)PASSES * ring_size);
}
END_TEST

static void alarm_once(unsigned me)
{
    struct gompx_waiter waiter = { 0 };

    gompx_waiter_team(&waiter, 8);
    if (me == 0) {
        gompx_step("test", 'X');
        gompx_alarm_raise(&room.word, &room.alarm, 1);
    } else {
        room.alarmed[me] = gompx_wait_reach_or_alarm(&room.word, room.target, &room.call, ROUND, &room.alarm, &waiter) == GOMPX_WAIT_ALARMED;
    }
}

START_TEST(alarms_reach_all)
{
    test_soak(0);
    for (int n = 0; n < 100; n++) {
        memset(&room, 0, sizeof room);
        room.target = 2;
        test_run_threads(8, alarm_once);
        for (unsigned i = 1; i < 8; i++)
            ck_assert(room.alarmed[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wait");
    TCase *tcase = tcase_create("wait");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, a_count_that_is_reached_needs_no_system_call);
    tcase_add_test(tcase, a_raise_before_SLEEP_is_not_lost);
    tcase_add_test(tcase, a_raise_between_SLEEP_and_sleep_is_not_lost);
    tcase_add_test(tcase, a_raise_wakes_all_sleepers);
    tcase_add_test(tcase, a_wake_up_without_a_raise_puts_the_waiter_back_to_sleep);
    tcase_add_test(tcase, a_sleeper_for_the_next_count_survives_the_wake_up_of_this_one);
    tcase_add_test(tcase, counts_may_wrap);
    tcase_add_test(tcase, an_alarm_ends_a_sleep);
    tcase_add_test(tcase, an_alarm_before_SLEEP_is_not_lost);
    tcase_add_test(tcase, an_alarm_between_SLEEP_and_sleep_is_not_lost);
    tcase_add_test(tcase, a_canceller_that_stalls_before_it_clears_SLEEP_still_wakes);
    tcase_add_test(tcase, a_sleep_bit_set_after_the_alarm_buries_nobody);
    tcase_add_test(tcase, a_sleep_on_a_bit_set_after_the_alarm_ends);
    tcase_add_test(tcase, a_count_reached_together_with_the_alarm_counts);
    tcase_add_loop_test(tcase, a_value_passed_before_or_after_the_count_is_not_lost, 0, 3);
    tcase_add_test(tcase, sleepers_for_different_values_share_a_word);
    tcase_add_test(tcase, passive_waits_do_not_spin_and_active_ones_never_sleep);
    tcase_add_test(tcase, the_budget_is_in_time);
    tcase_add_test(tcase, the_rule_may_change_while_a_thread_spins);
    tcase_add_test(tcase, a_thread_in_a_crowd_of_small_teams_does_not_poll);
    tcase_add_test(tcase, a_wait_keeps_errno);
    tcase_add_loop_test(tcase, values_go_round, 0, TEST_SIZES * TEST_WAYS);
    tcase_add_test(tcase, alarms_reach_all);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
