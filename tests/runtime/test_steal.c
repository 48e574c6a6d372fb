/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Stealing loops (runtime/steal.c), compiled in with a step before each look at and each swap of a range word: what other
 * threads do may come between any two of them. */
#include "tests/sync/room.h"

#include "runtime/team.h"
#include "sync/atomic.h"

static inline uint64_t stepped_load(_Atomic uint64_t *word)
{
    gompx_step("steal", 'L');
    return atomic_load_explicit(word, memory_order_relaxed);
}

static inline bool stepped_cas(_Atomic uint64_t *word, uint64_t *old, uint64_t new)
{
    gompx_step("steal", 'S');
    return atomic_compare_exchange_strong_explicit(word, old, new, memory_order_relaxed, memory_order_relaxed);
}

#pragma push_macro("gompx_load_rlx")
#pragma push_macro("gompx_cas_rlx")
#undef gompx_load_rlx
#undef gompx_cas_rlx
#define gompx_load_rlx(p) stepped_load(p)
#define gompx_cas_rlx(p, old, new) stepped_cas(p, old, new)
#include "runtime/steal.c"
#pragma pop_macro("gompx_load_rlx")
#pragma pop_macro("gompx_cas_rlx")

void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
void GOMP_barrier(void);
bool GOMP_loop_nonmonotonic_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_nonmonotonic_dynamic_next(long *istart, long *iend);
void GOMP_loop_end(void);
void GOMP_loop_end_nowait(void);
int omp_get_thread_num(void);

enum { LOOPS = 60, LONGEST = 300 };

static struct {
    unsigned size;
    long iterations;                    /* of a forced loop */
    _Atomic unsigned char handed[LOOPS][LONGEST];
    _Atomic unsigned by[TEST_THREADS];  /* iterations that each thread was given */
    _Atomic bool wrong;
} room;

/* ---- home blocks ---- */

START_TEST(home_blocks_part_all_units_but_the_last)
{
    for (unsigned threads = 2; threads <= 40; threads++)
        for (uint64_t units = 2 * threads; units < 4 * threads + 3; units++) {
            struct gompx_loop loop = { .units = units };
            uint64_t lo, hi, next = 0, least = UINT64_MAX, most = 0;

            for (unsigned t = 0; t < threads; t++) {
                home_block(&loop, t, threads, &lo, &hi);
                ck_assert_uint_eq(lo, next);
                ck_assert_uint_gt(hi, lo);
                least = hi - lo < least ? hi - lo : least;
                most = hi - lo > most ? hi - lo : most;
                next = hi;
            }
            ck_assert_uint_eq(next, units - 1);
            ck_assert_uint_le(most - least, 1);
        }
}
END_TEST

START_TEST(a_range_word_keeps_its_three_numbers)
{
    uint64_t w = gompx_range_make(0x12345, 0x7ffffe, 0x7fffff);

    ck_assert_uint_eq(gompx_range_tag(w), 0x2345);
    ck_assert_uint_eq(gompx_range_lo(w), 0x7ffffe);
    ck_assert_uint_eq(gompx_range_hi(w), 0x7fffff);
    ck_assert(!gompx_range_is_empty(w));
    ck_assert(gompx_range_is_empty(w + 1));
    ck_assert(gompx_range_is_empty(gompx_steal_empty(7)));
}
END_TEST

/* ---- every unit once ---- */

static long length_of(unsigned n)
{
    return 1 + (long)(n * 37 % LONGEST);
}

static void loops(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();
    long start, end;

    (void)unused;
    for (unsigned n = 0; n < LOOPS; n++) {
        if (GOMP_loop_nonmonotonic_dynamic_start(0, length_of(n), 1, 1 + n % 3, &start, &end))
            do
                for (long i = start; i < end; i++)
                    if (atomic_fetch_add(&room.handed[n][i], 1) != 0)
                        atomic_store(&room.wrong, true);
            while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end));
        if (me == n % room.size)
            gompx_step("test", 'X');
        if (n % 25 == 24)
            GOMP_loop_end();
        else
            GOMP_loop_end_nowait();
    }
}

START_TEST(each_unit_of_many_loops_is_handed_out_once)
{
    unsigned missing = 0;

    test_soak((unsigned)_i % TEST_WAYS);
    for (unsigned again = 0; again < 5; again++) {
        memset(&room, 0, sizeof room);
        room.size = test_sizes[_i / TEST_WAYS];
        gompx_step_seed(1 + again);
        GOMP_parallel(loops, NULL, room.size, 0);
        ck_assert(!room.wrong);
        for (unsigned n = 0; n < LOOPS; n++)
            for (long i = 0; i < length_of(n); i++)
                missing += room.handed[n][i] != 1;
        ck_assert_uint_eq(missing, 0);
    }
}
END_TEST

/* 2^24 chunks, more than both ends of a range word can number: units of several. */
static void huge_loop(void *sum)
{
    long start, end, mine = 0;

    if (GOMP_loop_nonmonotonic_dynamic_start(0, 1l << 40, 1, 1l << 16, &start, &end))
        do {
            room.wrong |= end > 1l << 40;
            mine += end - start;
        } while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end));
    atomic_fetch_add((_Atomic uint64_t *)sum, (uint64_t)mine);
    GOMP_loop_end();
}

START_TEST(more_chunks_than_a_word_can_count_are_handed_out_in_units)
{
    _Atomic uint64_t sum = 0;

    gompx_step_seed(0);
    GOMP_parallel(huge_loop, &sum, 2, 0);
    ck_assert_uint_eq(sum, 1ull << 40);
    ck_assert(!room.wrong);
}
END_TEST

/* ---- forced ---- */

static long drain(unsigned me)
{
    long start, end, n = 0;

    if (GOMP_loop_nonmonotonic_dynamic_start(0, room.iterations, 1, 1, &start, &end))
        do {
            n += end - start;
            for (long i = start; i < end; i++)
                atomic_fetch_add(&room.handed[0][i], 1);
        } while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end));
    atomic_fetch_add(&room.by[me], (unsigned)n);
    return n;
}

static void late_thread(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    test_become(me);
    GOMP_barrier();
    if (me == 1)
        while (atomic_load(&room.by[0]) == 0)
            test_sleep_us(100);
    drain(me);
    GOMP_loop_end();
    test_me = -1;
}

static void all_handed_once(void)
{
    for (long i = 0; i < room.iterations; i++)
        ck_assert_uint_eq(room.handed[0][i], 1);
}

START_TEST(nobody_waits_for_a_thread_that_is_late)
{
    test_sleep_at_once();
    room.iterations = 100;
    GOMP_parallel(late_thread, NULL, 2, 0);
    all_handed_once();
    ck_assert_uint_eq(room.by[0], 100);
    ck_assert_uint_eq(room.by[1], 0);
}
END_TEST

/* Thread 1 has looked at its word, which says that its block is still there; 0 takes the block; then 1 swaps. */
static void robbed_while_entering(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    test_become(me);
    GOMP_barrier();
    if (me == 1) {
        test_stop_at(1, "steal", 'S');                  /* (A) */
        drain(1);
    } else {
        test_stopped(1);
        drain(0);
        test_go(1);
    }
    GOMP_loop_end();
    test_me = -1;
}

START_TEST(a_block_claimed_while_its_owner_enters_is_not_handed_out_twice)
{
    test_sleep_at_once();
    room.iterations = 100;
    GOMP_parallel(robbed_while_entering, NULL, 2, 0);
    all_handed_once();
    ck_assert_uint_eq(room.by[0], 100);
}
END_TEST

/* Thread 1 has its first unit and looks for the next (L) or is about to take it (S, step (B)): 0 robs it meanwhile. */
static char robbed_letter;

static void robbed_while_taking(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();
    struct gompx_loop *loop;
    uint64_t unit;
    long start, end;

    (void)unused;
    test_become(me);
    GOMP_barrier();
    if (me == 1) {
        ck_assert(GOMP_loop_nonmonotonic_dynamic_start(0, room.iterations, 1, 1, &start, &end));
        atomic_fetch_add(&room.handed[0][start], 1);
        loop = &gompx_frame_get()->loop;
        test_stop_at(1, "steal", robbed_letter);
        uint64_t w = stepped_load(loop->range);         /* the first half of gompx_steal_own() */
        if (!gompx_range_is_empty(w) && stepped_cas(loop->range, &w, w + 1)) {
            unit = gompx_range_lo(w);
            atomic_fetch_add(&room.handed[0][unit], 1);
        }
        while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end))
            atomic_fetch_add(&room.handed[0][start], 1);
    } else {
        test_stopped(1);
        drain(0);
        test_go(1);
    }
    GOMP_loop_end();
    test_me = -1;
}

START_TEST(a_unit_robbed_while_its_owner_takes_it_is_not_handed_out_twice)
{
    test_sleep_at_once();
    room.iterations = 100;
    robbed_letter = "LS"[_i];
    GOMP_parallel(robbed_while_taking, NULL, 2, 0);
    all_handed_once();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("steal");
    TCase *tcase = tcase_create("steal");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, home_blocks_part_all_units_but_the_last);
    tcase_add_test(tcase, a_range_word_keeps_its_three_numbers);
    tcase_add_loop_test(tcase, each_unit_of_many_loops_is_handed_out_once, 0, TEST_SIZES * TEST_WAYS);
    tcase_add_test(tcase, more_chunks_than_a_word_can_count_are_handed_out_in_units);
    tcase_add_test(tcase, nobody_waits_for_a_thread_that_is_late);
    tcase_add_test(tcase, a_block_claimed_while_its_owner_enters_is_not_handed_out_twice);
    tcase_add_loop_test(tcase, a_unit_robbed_while_its_owner_takes_it_is_not_handed_out_twice, 0, 2);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
