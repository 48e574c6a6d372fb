/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Slots: their window, their words after earlier use, and what sleeps on them (runtime/workshare.h, runtime/ordered.c). */
#include "tests/sync/room.h"

#include "runtime/team.h"

void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
void GOMP_barrier(void);
unsigned GOMP_sections_start(unsigned count);
unsigned GOMP_sections_next(void);
void GOMP_sections_end(void);
void GOMP_sections_end_nowait(void);
bool GOMP_loop_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_dynamic_next(long *istart, long *iend);
bool GOMP_loop_guided_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_guided_next(long *istart, long *iend);
bool GOMP_loop_ordered_static_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_ordered_static_next(long *istart, long *iend);
bool GOMP_loop_ordered_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_ordered_dynamic_next(long *istart, long *iend);
void GOMP_loop_end(void);
void GOMP_loop_end_nowait(void);
void GOMP_ordered_start(void);
void GOMP_ordered_end(void);
bool GOMP_single_start(void);
void *GOMP_single_copy_start(void);
void GOMP_single_copy_end(void *data);
int omp_get_thread_num(void);
int omp_get_num_threads(void);

enum { CONSTRUCTS = 120, SECTIONS = 5, ITERATIONS = 37 };

static struct {
    _Atomic unsigned done[CONSTRUCTS], entered[TEST_THREADS], lead;
    unsigned order[CONSTRUCTS];         /* guarded by the order itself */
    _Atomic bool wrong;
    unsigned size;
} room;

static void run(void (*fn)(void *), unsigned n)
{
    room.size = n;
    GOMP_parallel(fn, NULL, n, 0);
    ck_assert(!room.wrong);
}

/* ---- the window ---- */

static void note_lead(unsigned me, unsigned k)
{
    unsigned least = k;

    atomic_store(&room.entered[me], k);
    for (unsigned i = 0; i < room.size; i++) {
        unsigned at = atomic_load(&room.entered[i]);

        least = at < least ? at : least;
    }
    if (k - least > atomic_load(&room.lead))
        atomic_store(&room.lead, k - least);
}

static void nowait_sections(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    for (unsigned k = 0; k < CONSTRUCTS; k++) {
        unsigned s = GOMP_sections_start(SECTIONS);

        note_lead(me, k);
        if (me == k % room.size && k % 10 == 0)
            test_sleep_us(300);
        for (; s; s = GOMP_sections_next())
            atomic_fetch_add(&room.done[k], 1u << 4 * (s - 1));
        GOMP_sections_end_nowait();
    }
}

START_TEST(nobody_runs_further_ahead_than_there_are_slots)
{
    test_soak(0);
    for (int again = 0; again < 5; again++) {
        memset(&room, 0, sizeof room);
        run(nowait_sections, test_sizes[_i]);
        for (unsigned k = 0; k < CONSTRUCTS; k++)
            ck_assert_uint_eq(room.done[k], 0x11111);
        ck_assert_uint_le(room.lead, GOMPX_SLOTS);
    }
}
END_TEST

static void nowait_behind(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    for (unsigned k = 0; k < CONSTRUCTS; k++) {
        unsigned s = GOMP_sections_start(1);

        atomic_store(&room.entered[me], k + 1);
        if (me == 1 && k == 2)
            while (atomic_load(&room.entered[0]) < 2 + GOMPX_SLOTS)     /* construct 2 itself, and all that follow it */
                sched_yield();
        if (me == 1 && k == 2) {
            test_sleep_us(20000);
            room.wrong |= atomic_load(&room.entered[0]) > 2 + GOMPX_SLOTS;
        }
        for (; s; s = GOMP_sections_next())
            atomic_fetch_add(&room.done[k], 1);
        GOMP_sections_end_nowait();
    }
}

START_TEST(a_thread_waits_for_one_that_still_uses_its_slot)
{
    test_soak(0);
    run(nowait_behind, 2);
    for (unsigned k = 0; k < CONSTRUCTS; k++)
        ck_assert_uint_eq(room.done[k], 1);
}
END_TEST

/* ---- every kind of construct in every slot ---- */

static void count_loop(unsigned k, bool guided)
{
    long start, end;
    bool more = guided ? GOMP_loop_guided_start(0, ITERATIONS, 1, 1, &start, &end)
                       : GOMP_loop_dynamic_start(0, ITERATIONS, 1, 2, &start, &end);

    for (; more; more = guided ? GOMP_loop_guided_next(&start, &end) : GOMP_loop_dynamic_next(&start, &end))
        atomic_fetch_add(&room.done[k], (unsigned)(end - start));
    GOMP_loop_end_nowait();
}

static void ordered_loop(unsigned k, long iterations, bool is_static)
{
    long start, end;
    bool more = is_static ? GOMP_loop_ordered_static_start(0, iterations, 1, 1, &start, &end)
                          : GOMP_loop_ordered_dynamic_start(0, iterations, 1, 1, &start, &end);

    for (; more; more = is_static ? GOMP_loop_ordered_static_next(&start, &end) : GOMP_loop_ordered_dynamic_next(&start, &end)) {
        GOMP_ordered_start();
        if (room.order[k] != (unsigned)start)
            atomic_store(&room.wrong, true);
        room.order[k] += (unsigned)(end - start);
        GOMP_ordered_end();
        atomic_fetch_add(&room.done[k], (unsigned)(end - start));
    }
    GOMP_loop_end_nowait();
}

static void copyprivate(unsigned k)
{
    unsigned value, *got = GOMP_single_copy_start();

    if (!got) {
        value = k;
        gompx_step("test", 'X');
        atomic_fetch_add(&room.done[k], 1);
        GOMP_single_copy_end(&value);
    } else if (*got != k) {
        atomic_store(&room.wrong, true);
    }
    GOMP_barrier();
}

/* Kinds and lengths come round with periods that have nothing in common with the number of slots. */
static unsigned kind_of(unsigned k) { return k % 7; }
static unsigned length_of(unsigned k) { return 1 + k % 5; }

static void all_kinds(void *unused)
{
    (void)unused;
    for (unsigned k = 0; k < CONSTRUCTS; k++) {
        switch (kind_of(k)) {
        case 0:
        case 1:
            count_loop(k, kind_of(k) == 1);
            break;
        case 2:
        case 3:
        case 4:
            ordered_loop(k, length_of(k), kind_of(k) == 3);
            break;
        case 5:
            copyprivate(k);
            break;
        default:
            for (unsigned s = GOMP_sections_start(length_of(k)); s; s = GOMP_sections_next())
                atomic_fetch_add(&room.done[k], 1);
            GOMP_sections_end_nowait();
        }
    }
}

static unsigned expected(unsigned k)
{
    return kind_of(k) < 2 ? ITERATIONS : kind_of(k) == 5 ? 1 : length_of(k);
}

START_TEST(a_slot_serves_one_kind_after_the_other)
{
    test_soak((unsigned)_i % TEST_WAYS);
    for (int again = 0; again < 4; again++) {
        memset(&room, 0, sizeof room);
        run(all_kinds, test_sizes[_i / TEST_WAYS]);
        for (unsigned k = 0; k < CONSTRUCTS; k++)
            ck_assert_uint_eq(room.done[k], expected(k));
    }
}
END_TEST

/* ---- ordered, forced ---- */

/* The word that the older loop left has the turn in its low half that thread 1 waits for; thread 1 stalls between
 * counting itself as a sleeper and sleeping, until that turn has come. */
static void turn_comes_back(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();
    long start, end;

    (void)unused;
    test_become(me);
    ordered_loop(0, 1, false);
    GOMP_barrier();
    for (unsigned k = 1; k < GOMPX_SLOTS; k++)
        count_loop(k, false);
    GOMP_barrier();
    if (me == 1)
        test_stop_at(1, "futex", 'W');
    ck_assert(GOMP_loop_ordered_static_start(0, 3, 1, 1, &start, &end));
    if (me == 0)
        test_stopped(1);
    if (me == 2)                                        /* comes when the turn is 1 */
        test_sleep_us(50000);
    GOMP_ordered_start();
    if (room.order[GOMPX_SLOTS] != me)
        atomic_store(&room.wrong, true);
    room.order[GOMPX_SLOTS]++;
    GOMP_ordered_end();
    ck_assert(!GOMP_loop_ordered_static_next(&start, &end));
    if (me == 0) {
        test_asleep(2);                                 /* waits for turn 2 */
        test_go(1);
    }
    GOMP_loop_end();
    test_me = -1;
}

START_TEST(a_turn_that_looks_like_an_older_one_is_not_slept_through)
{
    test_sleep_at_once();
    room.size = 3;
    GOMP_parallel(turn_comes_back, NULL, 3, 0);
    ck_assert(!room.wrong);
    ck_assert_uint_eq(room.order[GOMPX_SLOTS], 3);
}
END_TEST

static char turn_letter;                /* where the waiter stands when its turn comes */

static void turn_comes(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();
    long start, end;

    (void)unused;
    test_become(me);
    if (me == 1)
        test_stop_at(1, "wait", turn_letter);
    GOMP_barrier();
    ck_assert(GOMP_loop_ordered_static_start(0, 2, 1, 1, &start, &end));
    if (me == 0) {
        GOMP_ordered_start();
        test_stopped(1);
        room.order[0] = 1;
        GOMP_ordered_end();
        GOMP_loop_ordered_static_next(&start, &end);
        test_go(1);
    } else {
        GOMP_ordered_start();
        room.wrong |= room.order[0] != 1;
        GOMP_ordered_end();
    }
    GOMP_loop_end();
    test_me = -1;
}

START_TEST(a_turn_that_comes_before_the_waiter_sleeps_is_not_lost)
{
    test_sleep_at_once();
    turn_letter = "QS"[_i];
    run(turn_comes, 2);
}
END_TEST

/* ---- single ---- */

static void singles(void *unused)
{
    (void)unused;
    for (unsigned k = 0; k < CONSTRUCTS; k++) {
        if (GOMP_single_start())
            atomic_fetch_add(&room.done[k], 1);
        if (k % 20 == 19)
            GOMP_barrier();
    }
}

START_TEST(each_single_has_one_winner)
{
    test_soak((unsigned)_i % TEST_WAYS);
    for (int again = 0; again < 20; again++) {
        memset(&room, 0, sizeof room);
        run(singles, test_sizes[_i / TEST_WAYS]);
        for (unsigned k = 0; k < CONSTRUCTS; k++)
            ck_assert_uint_eq(room.done[k], 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("workshare");
    TCase *tcase = tcase_create("workshare");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, nobody_runs_further_ahead_than_there_are_slots, 0, TEST_SIZES);
    tcase_add_test(tcase, a_thread_waits_for_one_that_still_uses_its_slot);
    tcase_add_loop_test(tcase, a_slot_serves_one_kind_after_the_other, 0, TEST_SIZES * TEST_WAYS);
    tcase_add_test(tcase, a_turn_that_looks_like_an_older_one_is_not_slept_through);
    tcase_add_loop_test(tcase, a_turn_that_comes_before_the_waiter_sleeps_is_not_lost, 0, 2);
    tcase_add_loop_test(tcase, each_single_has_one_winner, 0, TEST_SIZES * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
