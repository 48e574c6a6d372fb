/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What makes a waiting thread cautious (sync/wait.h): gaps in its own time, waits that ended in sleep, yields that took long, other
 * threads on its CPU, new workers.  The test plays the waiter poll by poll; sched_yield() and sched_getcpu() are its own. */
#define sched_yield test_yield
#define sched_getcpu test_getcpu
#include "tests/sync/room.h"

static unsigned yields;                 /* calls so far */
static long yield_us;                   /* how long each takes */
static __thread int cpu_now = 7;

int test_yield(void)
{
    yields++;
    if (yield_us)
        test_sleep_us(yield_us);
    return 0;
}

int test_getcpu(void)
{
    return cpu_now;
}

static struct gompx_waiter waiter;
static uint64_t rate;                   /* ticks per us */

/* A thread with a CPU of its own; `threads` in its team, on two CPUs. */
static void begin(enum gompx_wait_mode mode, unsigned threads)
{
    gompx_step_seed(0);
    gompx_spin_init();
    gompx_wait_configure(mode, 1000, 8, 100);
    gompx_wait_set_procs(2);
    gompx_wait_reset_busy(1);
    memset(&waiter, 0, sizeof waiter);
    gompx_waiter_team(&waiter, threads);
    yields = 0;
    yield_us = 0;
    test_sleep_us(20000);                               /* the rate of the ticks gets better with time */
    rate = gompx_ticks_per_us();
}

/* A wait that has come to the end of step 1. */
static struct gompx_spin wait_begin(void)
{
    struct gompx_spin spin = gompx_spin_begin(&waiter);

    while (spin.polls < GOMPX_SPIN_POLLS)
        ck_assert(gompx_spin_once(&spin));
    return spin;
}

/* How many microseconds the next wait would spin beyond step 1. */
static uint64_t budget(void)
{
    struct gompx_spin spin = wait_begin();

    gompx_spin_once(&spin);
    ck_assert(spin.start != 0);
    return (spin.deadline - spin.start) / gompx_ticks_per_us();
}

static void about(uint64_t us, uint64_t wanted)
{
    ck_assert_msg(us + 2 >= wanted && us <= wanted + 2, "%llu us, not %llu", (unsigned long long)us, (unsigned long long)wanted);
}

static void gap(struct gompx_spin *spin)
{
    test_sleep_us(1000);
    gompx_spin_once(spin);
}

START_TEST(two_gaps_are_evidence_and_one_is_none)
{
    struct gompx_spin spin;
    uint64_t span;

    begin(GOMPX_WAIT_AUTO, 2);
    about(budget(), 1000);
    spin = wait_begin();
    gompx_spin_once(&spin);
    gap(&spin);
    ck_assert_uint_ne(waiter.gap_at, 0);
    ck_assert_uint_eq(waiter.contended_until, 0);
    gap(&spin);
    ck_assert(waiter.contended_until > gompx_ticks());
    about(budget(), CONTENDED_US);
    for (span = waiter.contended_span; span < 3000000 * rate; span = waiter.contended_span) {
        gap(&spin);                                     /* it goes on: believed for longer and longer */
        ck_assert(waiter.contended_span > span);
    }
    gap(&spin);
    ck_assert_uint_eq(waiter.contended_span, span);
    waiter.contended_until = gompx_ticks();             /* it is over */
    about(budget(), 1000);
}
END_TEST

/* Who sleeps was not robbed of its CPU. */
START_TEST(a_sleep_is_no_gap)
{
    struct gompx_spin spin;

    begin(GOMPX_WAIT_AUTO, 2);
    spin = wait_begin();
    gompx_spin_once(&spin);
    spin.slept = true;
    for (int i = 0; i < 4; i++)
        gap(&spin);
    ck_assert_uint_eq(waiter.contended_until, 0);
}
END_TEST

static void wait_of(long us, bool slept)
{
    struct gompx_spin spin = wait_begin();

    gompx_spin_once(&spin);
    spin.slept = slept;
    test_sleep_us(us);
    gompx_spin_end(&spin);
}

START_TEST(four_long_sleeps_shorten_the_budget_and_one_short_wait_restores_it)
{
    begin(GOMPX_WAIT_AUTO, 2);
    for (int i = 0; i < 4; i++) {
        about(budget(), 1000);
        wait_of(1500, true);
    }
    about(budget(), SLEEPY_US);
    wait_of(1500, true);
    about(budget(), SLEEPY_US);
    wait_of(0, false);
    about(budget(), 1000);
}
END_TEST

START_TEST(who_has_made_threads_is_impatient_once)
{
    struct gompx_spin spin;

    begin(GOMPX_WAIT_AUTO, 2);
    waiter.impatient = true;
    about(budget(), IMPATIENT_US);
    spin = wait_begin();
    gompx_spin_once(&spin);
    gompx_spin_end(&spin);
    about(budget(), 1000);
}
END_TEST

/* ---- yields ---- */

/* A wait of a thread in a crowd, until it is to sleep: how often it yielded. */
static unsigned yields_of_a_wait(void)
{
    struct gompx_spin spin = gompx_spin_begin(&waiter);

    yields = 0;
    while (gompx_spin_once(&spin))
        ;
    return yields;
}

START_TEST(a_crowd_yields_a_few_times)
{
    begin(_i ? GOMPX_WAIT_ACTIVE : GOMPX_WAIT_AUTO, 3);
    yield_us = 1;                                       /* some 60 us: somebody else ran */
    gompx_wait_configure(_i ? GOMPX_WAIT_ACTIVE : GOMPX_WAIT_AUTO, 1000, 8, 1000000);
    ck_assert_uint_eq(yields_of_a_wait(), 8);
    ck_assert_uint_eq(yields_of_a_wait(), 8);
}
END_TEST

/* Who finds nobody to run need not go on asking; a loaded machine may take long for one of these yields. */
START_TEST(quick_yields_are_given_up_sooner)
{
    unsigned least = 8;

    begin(GOMPX_WAIT_AUTO, 3);
    for (int i = 0; i < 20; i++) {
        unsigned n;

        waiter.ban_until = 0;
        n = yields_of_a_wait();
        least = n > 0 && n < least ? n : least;
    }
    ck_assert_uint_eq(least, 4);
}
END_TEST

START_TEST(a_long_yield_is_the_last_one_for_a_while)
{
    uint64_t span, began;

    begin(GOMPX_WAIT_AUTO, 3);
    yield_us = 300;
    began = gompx_ticks();
    ck_assert_uint_eq(yields_of_a_wait(), 1);
    span = waiter.ban_span;
    ck_assert(span > 0 && waiter.ban_until >= began + span);
    if (gompx_ticks() < waiter.ban_until)
        ck_assert_uint_eq(yields_of_a_wait(), 0);
    for (int i = 0; i < 3; i++, span *= 2) {            /* the next one is long again */
        waiter.ban_until = 0;
        ck_assert_uint_eq(yields_of_a_wait(), 1);
        ck_assert_uint_eq(waiter.ban_span, 2 * span);
    }
    waiter.ban_until = 0;
    waiter.short_yields = SHORT_YIELDS;                 /* many in between were short: it was one of ours that worked long */
    ck_assert_uint_eq(yields_of_a_wait(), 1);
    ck_assert_uint_lt(waiter.ban_span, span);
}
END_TEST

/* ---- one CPU for two ---- */

static void waits_on_it(unsigned me)
{
    struct gompx_waiter mine = { 0 };
    struct gompx_spin spin;

    (void)me;
    gompx_waiter_team(&mine, 2);
    spin = gompx_spin_begin(&mine);
    for (int i = 0; i <= GOMPX_SPIN_POLLS; i++)
        gompx_spin_once(&spin);
}

static void wakes_from_it(unsigned me)
{
    (void)me;
    gompx_wait_waking();
}

static void elsewhere(unsigned me)
{
    cpu_now = 8;
    waits_on_it(me);
    gompx_wait_waking();
}

START_TEST(nobody_spins_where_another_thread_waited_last_or_woke_others)
{
    begin(GOMPX_WAIT_AUTO, 2);
    about(budget(), 1000);
    test_run_threads(1, elsewhere);
    about(budget(), 1000);
    test_run_threads(1, _i ? wakes_from_it : waits_on_it);
    about(budget(), 0);
    about(budget(), 1000);                              /* now this one waited last */
    test_run_threads(1, _i ? wakes_from_it : waits_on_it);
    yields_of_a_wait();
    ck_assert_uint_gt(yields, 0);                       /* the other one is let run */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("evidence");
    TCase *tcase = tcase_create("evidence");

    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, two_gaps_are_evidence_and_one_is_none);
    tcase_add_test(tcase, a_sleep_is_no_gap);
    tcase_add_test(tcase, four_long_sleeps_shorten_the_budget_and_one_short_wait_restores_it);
    tcase_add_test(tcase, who_has_made_threads_is_impatient_once);
    tcase_add_loop_test(tcase, a_crowd_yields_a_few_times, 0, 2);
    tcase_add_test(tcase, quick_yields_are_given_up_sooner);
    tcase_add_test(tcase, a_long_yield_is_the_last_one_for_a_while);
    tcase_add_loop_test(tcase, nobody_spins_where_another_thread_waited_last_or_woke_others, 0, 2);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
