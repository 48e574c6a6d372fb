/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The barrier in all shapes (sync/barrier.h), alone and cancelled.  The interleavings of its sleepers are those of
 * test_wait.c; here they meet the real arrival. */
#include "tests/sync/room.h"

enum { PHASES = 400, RACES = 150, ROUND = 77 };

static struct gompx_barrier barrier;
static struct {
    unsigned size;
    enum gompx_barrier_mode mode;
    uint32_t base;
    unsigned counter[TEST_THREADS];     /* plain: each thread's own before a barrier, read by all after it */
    bool cancelled[TEST_THREADS], last[TEST_THREADS];
    unsigned canceller;
    _Atomic bool wrong;
    _Atomic unsigned lasts;
} room;

static void begin(unsigned size, enum test_shape shape, uint32_t base)
{
    memset(&room, 0, sizeof room);
    room.size = size;
    room.mode = test_shape(&barrier, shape, size, base);
    room.base = base;
}

static bool pass(unsigned me, uint32_t *target, struct gompx_waiter *waiter)
{
    *target += 2 * room.size;
    if (gompx_barrier_arrive(&barrier, *target, room.mode, me, ROUND) != GOMPX_ARRIVED)
        return true;
    gompx_barrier_wait(&barrier, *target, room.mode, me, ROUND, waiter);
    return false;
}

/* ---- many phases ---- */

static void phases(unsigned me)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = room.base;

    gompx_waiter_team(&waiter, room.size);
    test_meet(room.size);
    for (unsigned n = 1; n <= PHASES; n++) {
        room.counter[me] = n;
        if (pass(me, &target, &waiter))
            atomic_fetch_add(&room.lasts, 1);
        for (unsigned i = 0; i < room.size; i++)
            if (room.counter[i] != n)
                atomic_store(&room.wrong, true);
        if (pass(me, &target, &waiter))
            atomic_fetch_add(&room.lasts, 1);
    }
}

/* Starts so that the count wraps on the way. */
START_TEST(nobody_passes_before_all_have_arrived)
{
    unsigned size = test_sizes[_i / TEST_SHAPES / TEST_WAYS];
    enum test_shape shape = _i / TEST_WAYS % TEST_SHAPES;

    test_soak((unsigned)_i % TEST_WAYS);
    begin(size, shape, -(uint32_t)(PHASES * size) & ~1u);
    test_run_threads(size, phases);
    ck_assert(!room.wrong);
    ck_assert_uint_eq(room.lasts, 2 * PHASES);
    ck_assert_uint_eq(barrier.arrive & ~GOMPX_SLEEP, room.base + 4 * PHASES * size);
}
END_TEST

/* ---- forced ---- */

static void once(unsigned me)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = room.base;

    gompx_waiter_team(&waiter, room.size);
    room.counter[me] = 1;
    room.last[me] = pass(me, &target, &waiter);
}

static void twice(unsigned me)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = room.base;

    gompx_waiter_team(&waiter, room.size);
    room.last[me] = pass(me, &target, &waiter);
    pass(me, &target, &waiter);
    room.counter[me] = 2;
}

START_TEST(the_last_arrival_wakes_all_sleepers)
{
    test_sleep_at_once();
    begin(4, _i, 0);
    for (unsigned i = 0; i < 3; i++)
        test_start(i, once);
    for (unsigned i = 0; i < 3; i++)
        test_asleep(i);
    test_start(3, once);
    for (unsigned i = 0; i < 4; i++)
        test_join(i);
    ck_assert(room.last[3] && !room.last[0] && !room.last[1] && !room.last[2]);
    ck_assert(!(barrier.arrive & GOMPX_SLEEP) && !(barrier.sense & GOMPX_SLEEP));
}
END_TEST

/* The last one stalls between its arrival and its waking: the others need not wait for it, and whoever sleeps in the next
 * phase meanwhile is not lost when it clears SLEEP. */
START_TEST(a_last_thread_that_stalls_before_it_wakes_loses_nobody)
{
    test_sleep_at_once();
    begin(3, _i, 0);
    test_start(0, twice);
    test_asleep(0);                                     /* in phase 1, with SLEEP set */
    test_start_to(1, twice, "futex", 'W');              /* in phase 1, awake */
    test_start_to(2, twice, "barrier", 'B');            /* has arrived as the last */
    test_go(1);                                         /* finds the count changed, passes, and sleeps in phase 2 */
    test_asleep(1);
    test_go(2);
    for (unsigned i = 0; i < 3; i++)
        test_join(i);
    ck_assert(room.last[2] && !room.last[1]);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(room.counter[i], 2);
}
END_TEST

START_TEST(a_barrier_of_one_never_waits)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = 0;

    begin(1, _i, 0);
    for (int n = 0; n < 10; n++)
        ck_assert(pass(0, &target, &waiter));
}
END_TEST

/* ---- cancelled ---- */

static void cancellable(unsigned me)
{
    struct gompx_waiter waiter = { 0 };
    uint32_t target = room.base + 2 * room.size;

    gompx_waiter_team(&waiter, room.size);
    if (me == room.canceller) {
        gompx_step("test", 'X');
        gompx_barrier_cancel(&barrier, room.mode);
        room.cancelled[me] = true;
        return;
    }
    if (gompx_barrier_cancelled(&barrier, room.mode))
        room.cancelled[me] = true;
    else if (gompx_barrier_arrive(&barrier, target, room.mode, me, ROUND) == GOMPX_ARRIVED)
        room.cancelled[me] = gompx_barrier_wait_cancel(&barrier, target, room.mode, me, ROUND, &waiter) == GOMPX_WAIT_ALARMED;
}

/* Cancelled again and again, with a whole barrier after each: what was left behind must not disturb it. */
START_TEST(a_cancelled_barrier_lets_all_go_and_the_next_one_holds)
{
    unsigned size = test_sizes[1 + _i / TEST_SHAPES / TEST_WAYS];
    enum test_shape shape = _i / TEST_WAYS % TEST_SHAPES;

    test_soak((unsigned)_i % TEST_WAYS);
    begin(size, shape, 0xfffffff0u);
    for (unsigned n = 0; n < RACES; n++) {
        room.canceller = n % size;
        test_run_threads(size, cancellable);
        ck_assert(gompx_barrier_cancelled(&barrier, room.mode));
        for (unsigned i = 0; i < size; i++)
            ck_assert(room.cancelled[i]);
        room.base = gompx_barrier_recount(&barrier, room.mode);
        ck_assert(!gompx_barrier_cancelled(&barrier, room.mode));
        memset(room.counter, 0, sizeof room.counter);
        test_run_threads(size, once);
        room.base += 2 * size;
        for (unsigned i = 0; i < size; i++)
            ck_assert_uint_eq(room.counter[i], 1);
    }
}
END_TEST

/* The last arrival and the cancellation at the same time: the barrier is complete, and who waits in it says so. */
START_TEST(a_complete_barrier_is_not_cancelled_for_its_sleepers)
{
    test_sleep_at_once();
    begin(2, _i, 0);
    room.canceller = TEST_THREADS;
    test_start_to(0, cancellable, "futex", 'W');
    ck_assert_int_eq(gompx_barrier_arrive(&barrier, 4, room.mode, 1, ROUND), GOMPX_ARRIVED_LAST);
    gompx_barrier_cancel(&barrier, room.mode);
    test_go(0);
    test_join(0);
    ck_assert(!room.cancelled[0]);
}
END_TEST

START_TEST(a_cancel_ends_only_waits_that_can_be_cancelled)
{
    test_sleep_at_once();
    begin(3, _i, 0);
    room.canceller = TEST_THREADS;
    test_start(0, once);
    test_asleep(0);
    test_start(1, cancellable);
    test_asleep(1);
    gompx_barrier_cancel(&barrier, room.mode);
    test_join(1);
    ck_assert(room.cancelled[1]);
    test_asleep(0);
    ck_assert_int_eq(gompx_barrier_arrive(&barrier, 6, room.mode, 2, ROUND), GOMPX_ARRIVED_LAST);
    test_join(0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("barrier");
    TCase *tcase = tcase_create("barrier");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, nobody_passes_before_all_have_arrived, 0, TEST_SIZES * TEST_SHAPES * TEST_WAYS);
    tcase_add_loop_test(tcase, the_last_arrival_wakes_all_sleepers, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_last_thread_that_stalls_before_it_wakes_loses_nobody, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_barrier_of_one_never_waits, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_cancelled_barrier_lets_all_go_and_the_next_one_holds, 0, (TEST_SIZES - 1) * TEST_SHAPES * TEST_WAYS);
    tcase_add_loop_test(tcase, a_complete_barrier_is_not_cancelled_for_its_sleepers, 0, TEST_SHAPES);
    tcase_add_loop_test(tcase, a_cancel_ends_only_waits_that_can_be_cancelled, 0, TEST_SHAPES);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
