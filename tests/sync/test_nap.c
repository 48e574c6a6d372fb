/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sleeping for want of work (sync/nap.h): one sleeper, the set of those who sleep, Dekker's pattern, and groups of threads that
 * would stop for ever if one wake-up were lost.  With membarrier and without. */
#include "tests/sync/room.h"

#include <sched.h>

static struct {
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t idle[4];
    struct { alignas(GOMPX_CACHE_LINE) _Atomic uint32_t nap; } member[TEST_THREADS];
} room;

/* With the kernel's help, if `lopsided`. */
static void begin(bool lopsided)
{
    test_no_membarrier = !lopsided;
    gompx_fence_init();
    ck_assert_int_eq(gompx_fence_lopsided, lopsided);
    test_no_membarrier = false;                         /* whoever calls it nevertheless changes nothing */
}

static void forced(void)
{
    gompx_step_seed(0);
    gompx_step_set(test_stop_here);
}

/* ---- one sleeper ---- */

static void sleeper(unsigned me)
{
    gompx_nap_sleep(&room.member[me].nap);
    ck_assert_uint_eq(room.member[me].nap, GOMPX_NAP_AWAKE);
}

static void limited_sleeper(unsigned me)
{
    gompx_nap_sleep_ms(&room.member[me].nap, 1000000);
    ck_assert_uint_eq(room.member[me].nap, GOMPX_NAP_AWAKE);
}

static _Atomic uint32_t *armed(unsigned me)
{
    gompx_nap_arm(&room.member[me].nap);
    return &room.member[me].nap;
}

START_TEST(a_wake_up_is_not_lost)
{
    static const struct { const char *file; char letter; } at[] = { { "nap", 'G' }, { "futex", 'W' } };
    _Atomic uint32_t *nap = armed(0);

    forced();
    if (_i < 2) {
        test_start_to(0, sleeper, at[_i].file, at[_i].letter);
        gompx_nap_wake(nap);
        test_go(0);
    } else if (_i == 2) {
        gompx_nap_wake(nap);
        test_start(0, sleeper);
    } else {
        test_start(0, sleeper);
        test_asleep(0);
        gompx_nap_wake(nap);
    }
    test_join(0);
    ck_assert_uint_eq(test_wakes, 1);
}
END_TEST

START_TEST(who_is_awake_costs_no_system_call)
{
    gompx_nap_wake(&room.member[0].nap);
    ck_assert_uint_eq(test_wakes, 0);
    gompx_nap_sleep(&room.member[0].nap);
    gompx_nap_wake(armed(0));
    gompx_nap_wake(&room.member[0].nap);                /* of two wakers one calls the kernel */
    ck_assert_uint_eq(test_wakes, 1);
    armed(0);
    gompx_nap_disarm(&room.member[0].nap);
    gompx_nap_wake(&room.member[0].nap);
    ck_assert_uint_eq(test_wakes, 1);
}
END_TEST

START_TEST(a_stray_wake_up_puts_it_back_to_sleep)
{
    _Atomic uint32_t *nap = armed(0);

    forced();
    test_start(0, sleeper);
    test_asleep(0);
    for (int i = 0; i < 10; i++)
        gompx_futex_wake_all(nap);
    test_asleep(0);
    ck_assert_uint_eq(*nap, GOMPX_NAP_ARMED);
    gompx_nap_wake(nap);
    test_join(0);
}
END_TEST

START_TEST(a_nap_with_a_limit_ends_by_itself_or_earlier)
{
    _Atomic uint32_t *nap = armed(0);

    forced();
    gompx_nap_sleep_ms(nap, 5);
    ck_assert_uint_eq(*nap, GOMPX_NAP_ARMED);           /* the caller takes it back */
    test_start(0, limited_sleeper);
    test_asleep(0);
    gompx_futex_wake_all(nap);                          /* a stray one */
    test_asleep(0);
    gompx_nap_wake(nap);
    test_join(0);
    gompx_nap_sleep_ms(nap, 1000000);                   /* awake already */
}
END_TEST

/* ---- the set ---- */

START_TEST(each_member_is_taken_once)
{
    enum { N = 200 };
    bool in[N] = { false };
    unsigned n = 0;
    int taken;

    ck_assert_int_eq(gompx_idle_take(room.idle, N, 0), -1);
    ck_assert(!gompx_idle_any(room.idle, N));
    for (unsigned i = 0; i < N; i += 1 + i % 3) {
        gompx_idle_add(room.idle, i);
        gompx_idle_add(room.idle, i);                   /* it is in already */
        in[i] = true;
        n++;
    }
    for (; n > 0; n--) {
        ck_assert(gompx_idle_any(room.idle, N));
        taken = gompx_idle_take(room.idle, N, n * 37 % N);
        ck_assert(taken >= 0 && taken < N && in[taken]);
        in[taken] = false;
    }
    ck_assert_int_eq(gompx_idle_take(room.idle, N, 5), -1);
    ck_assert(!gompx_idle_any(room.idle, N));
}
END_TEST

START_TEST(the_search_begins_at_the_word_asked_for_and_goes_round)
{
    static const unsigned member[] = { 3, 64, 127, 191 };

    for (unsigned i = 0; i < 4; i++)
        gompx_idle_add(room.idle, member[i]);
    ck_assert_int_eq(gompx_idle_take(room.idle, 192, 130), 191);
    ck_assert_int_eq(gompx_idle_take(room.idle, 192, 191), 3);
    ck_assert_int_eq(gompx_idle_take(room.idle, 192, 70), 64);
    ck_assert_int_eq(gompx_idle_take(room.idle, 192, 0), 127);
    ck_assert_int_eq(gompx_idle_take(room.idle, 1, 0), -1);
}
END_TEST

START_TEST(who_was_taken_is_no_longer_in)
{
    gompx_idle_add(room.idle, 63);
    gompx_idle_add(room.idle, 62);
    ck_assert(gompx_idle_remove(room.idle, 63));
    ck_assert(!gompx_idle_remove(room.idle, 63));
    ck_assert_int_eq(gompx_idle_take(room.idle, 64, 0), 62);
    ck_assert(!gompx_idle_remove(room.idle, 62));
}
END_TEST

static _Atomic unsigned takes[256];
static unsigned set_threads;

static void take_all(unsigned me)
{
    int taken;

    for (unsigned i = me; i < 256; i += set_threads)
        gompx_idle_add(room.idle, i);
    while ((taken = gompx_idle_take(room.idle, 256, me * 64)) >= 0)
        atomic_fetch_add(&takes[taken], 1);
}

START_TEST(threads_that_add_and_take_share_them_out)
{
    set_threads = test_sizes[_i];
    for (unsigned round = 1; round <= 50; round++) {
        test_run_threads(set_threads, take_all);
        while (gompx_idle_any(room.idle, 256))
            take_all(set_threads * 256);
        for (unsigned i = 0; i < 256; i++)
            ck_assert_uint_eq(takes[i], round);
    }
}
END_TEST

/* ---- Dekker ---- */

START_TEST(without_membarrier_fences_are_ordinary_and_errno_stays)
{
    errno = 77;
    begin(false);
    gompx_fence_heavy();
    gompx_fence_light();
    ck_assert_int_eq(errno, 77);
    begin(true);
    gompx_fence_heavy();
    ck_assert_int_eq(errno, 77);
}
END_TEST

enum { DUELS = 200000, DUEL_MS = 700, COLD = 64 };

static struct {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t work;
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t here[2];
    alignas(GOMPX_CACHE_LINE) _Atomic unsigned both_missed;
    _Atomic bool missed[2], over;
    struct { alignas(GOMPX_CACHE_LINE) _Atomic uint32_t word; } cold[COLD];
} duel;

static void duel_meet(unsigned me, uint32_t n)
{
    gompx_store_rel(&duel.here[me], n);
    for (unsigned polls = 0; gompx_load_acq(&duel.here[!me]) < n;)
        if (++polls % 1000 == 0)
            sched_yield();
}

/* (A) to (C). */
static bool sees_nothing(uint32_t n)
{
    gompx_idle_add(room.idle, 0);
    gompx_fence_heavy();
    return gompx_load_acq(&duel.work) != n;
}

/* (D) to (F).  The lines that it writes first are the other's: a store behind them stays in the buffer for a while. */
static bool sees_nobody(uint32_t n)
{
    for (unsigned i = 0; i < n % 8; i++)
        gompx_store_rlx(&duel.cold[(n + i) % COLD].word, n);
    gompx_store_rel(&duel.work, n);
    gompx_fence_light();
    return !gompx_idle_any(room.idle, 1);
}

/* A CPU for each, if there are two. */
static void duel_pin(unsigned me)
{
    cpu_set_t all, one;

    sched_getaffinity(0, sizeof all, &all);
    if (CPU_COUNT(&all) < 2)
        return;
    for (unsigned cpu = 0, nth = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &all) && nth++ == me) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            sched_setaffinity(0, sizeof one, &one);
        }
}

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Each has read, shortly before, what the other one changes: old values are at hand. */
static void duellist(unsigned me)
{
    uint64_t end = now_ms() + DUEL_MS;
    uint32_t random = me;

    duel_pin(me);
    for (uint32_t n = 1; n <= DUELS && !atomic_load(&duel.over); n++) {
        for (unsigned i = 0; me == 0 && i < COLD; i++)
            gompx_load_rlx(&duel.cold[i].word);
        if (me == 0)
            atomic_store(&room.idle[0], 0);
        duel_meet(me, 3 * n - 2);
        me == 0 ? gompx_load_rlx(&duel.work) : gompx_load_rlx(&room.idle[0]);
        duel_meet(me, 3 * n - 1);
        for (uint32_t i = test_random(&random) % 16; i > 0; i--)
            atomic_signal_fence(memory_order_seq_cst);
        atomic_store(&duel.missed[me], me == 0 ? sees_nothing(n) : sees_nobody(n));
        if (me == 0 && n % 64 == 0 && now_ms() > end)
            atomic_store(&duel.over, true);
        duel_meet(me, 3 * n);
        if (me == 0 && duel.missed[0] && duel.missed[1])
            atomic_fetch_add(&duel.both_missed, 1);
    }
}

START_TEST(either_the_work_is_seen_or_the_sleeper)
{
    gompx_step_seed(0);
    begin(_i);
    test_run_threads(2, duellist);
    ck_assert_uint_eq(duel.both_missed, 0);
}
END_TEST

/* ---- groups ---- */

enum { PUBLISHERS = 2 };

/* Publisher p says how much it has made by a plain store; members take by CAS. */
static struct {
    struct { alignas(GOMPX_CACHE_LINE) _Atomic uint32_t made, taken; } of[PUBLISHERS];
    _Atomic bool over;
    unsigned members, pieces;
} group;

static bool find(void)
{
    for (unsigned p = 0; p < PUBLISHERS; p++) {
        uint32_t taken = gompx_load_acq(&group.of[p].taken);

        while (taken != gompx_load_acq(&group.of[p].made))
            if (gompx_cas_ar(&group.of[p].taken, &taken, taken + 1))
                return true;
    }
    return false;
}

static bool is_work_about(void)
{
    for (unsigned p = 0; p < PUBLISHERS; p++)
        if (gompx_load_acq(&group.of[p].taken) != gompx_load_acq(&group.of[p].made))
            return true;
    return false;
}

static void wake_one(unsigned from)
{
    int taken = gompx_idle_take(room.idle, group.members, from);

    if (taken >= 0)
        gompx_nap_wake(&room.member[taken].nap);
}

static void member(unsigned me)
{
    _Atomic uint32_t *nap = &room.member[me].nap;
    bool woken = false;

    for (;;) {
        if (find()) {
            if (woken && is_work_about())
                wake_one(me);
            woken = false;
            gompx_step("test", 'X');
            continue;
        }
        if (atomic_load(&group.over))
            return;
        gompx_nap_arm(nap);
        gompx_idle_add(room.idle, me);
        gompx_step("test", 'A');
        gompx_fence_heavy();
        if (!is_work_about() && !atomic_load(&group.over))
            gompx_nap_sleep(nap);
        gompx_nap_disarm(nap);
        gompx_idle_remove(room.idle, me);
        woken = true;
    }
}

static void publisher(unsigned p)
{
    uint32_t random = p + 1, made = 0;

    while (made < group.pieces) {
        for (unsigned burst = 1 + test_random(&random) % 4; burst > 0 && made < group.pieces; burst--) {
            gompx_store_rel(&group.of[p].made, ++made);
            gompx_fence_light();
            if (gompx_idle_any(room.idle, group.members))
                wake_one(test_random(&random) % group.members);
        }
        /* A wake-up that is lost shows when no other follows. */
        while (test_random(&random) % 4 != 0 && gompx_load_acq(&group.of[p].taken) != made)
            sched_yield();
        if (test_random(&random) % 4 == 0)
            while (gompx_load_acq(&group.of[p].taken) != made)
                sched_yield();
    }
    while (gompx_load_acq(&group.of[p].taken) != made)
        sched_yield();
}

static void group_thread(unsigned me)
{
    me < group.members ? member(me) : publisher(me - group.members);
}

/* Way 0 has random pauses at the steps, the other ones none. */
START_TEST(no_group_stops_for_ever)
{
    unsigned size = test_sizes[_i / 2 / TEST_WAYS], way = (unsigned)_i / 2 % TEST_WAYS;

    begin(_i % 2);
    test_soak(way);
    if (way != 0)
        gompx_step_seed(0);
    group.members = size;
    group.pieces = way == 0 ? 500 : 3000;
    for (unsigned i = 0; i < size + PUBLISHERS; i++)
        test_start(i, group_thread);
    for (unsigned p = 0; p < PUBLISHERS; p++)
        test_join(size + p);
    atomic_store(&group.over, true);
    gompx_fence_sc();
    for (unsigned i = 0; i < size; i++)
        gompx_nap_wake(&room.member[i].nap);
    for (unsigned i = 0; i < size; i++)
        test_join(i);
    for (unsigned p = 0; p < PUBLISHERS; p++)
        ck_assert_uint_eq(group.of[p].taken, group.pieces);
    ck_assert(!gompx_idle_any(room.idle, size));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nap");
    TCase *tcase = tcase_create("nap");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_wake_up_is_not_lost, 0, 4);
    tcase_add_test(tcase, who_is_awake_costs_no_system_call);
    tcase_add_test(tcase, a_stray_wake_up_puts_it_back_to_sleep);
    tcase_add_test(tcase, a_nap_with_a_limit_ends_by_itself_or_earlier);
    tcase_add_test(tcase, each_member_is_taken_once);
    tcase_add_test(tcase, the_search_begins_at_the_word_asked_for_and_goes_round);
    tcase_add_test(tcase, who_was_taken_is_no_longer_in);
    tcase_add_loop_test(tcase, threads_that_add_and_take_share_them_out, 0, TEST_SIZES);
    tcase_add_test(tcase, without_membarrier_fences_are_ordinary_and_errno_stays);
    tcase_add_loop_test(tcase, either_the_work_is_seen_or_the_sleeper, 0, 2);
    tcase_add_loop_test(tcase, no_group_stops_for_ever, 0, TEST_SIZES * TEST_WAYS * 2);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
