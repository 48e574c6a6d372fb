/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Teams from region to region (runtime/team.h, runtime/pool.c): sizes that change, workers on their way to the bench, masters
 * that come and go, cancellation at any moment. */
#include "tests/sync/room.h"

#include <dirent.h>

#include "runtime/icv.h"
#include "runtime/team.h"

void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
void GOMP_barrier(void);
bool GOMP_barrier_cancel(void);
bool GOMP_cancel(int which, bool do_cancel);
bool GOMP_cancellation_point(int which);
bool GOMP_loop_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_nonmonotonic_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_nonmonotonic_dynamic_next(long *istart, long *iend);
bool GOMP_loop_dynamic_next(long *istart, long *iend);
void GOMP_loop_end(void);
void GOMP_loop_end_nowait(void);
bool GOMP_loop_end_cancel(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_level(void);
void omp_set_max_active_levels(int levels);

enum { REGIONS = 300, PARALLEL = 1, LOOP = 2 };

static struct {
    _Atomic unsigned ran[TEST_THREADS], all, inside;
    _Atomic bool wrong;
    pthread_t who[TEST_THREADS];
    unsigned size;
    unsigned plain[TEST_THREADS];
} room;

static void count(void *data)
{
    unsigned me = (unsigned)omp_get_thread_num();

    if (omp_get_num_threads() != (int)*(unsigned *)data)
        atomic_store(&room.wrong, true);
    atomic_fetch_add(&room.ran[me], 1);
    atomic_fetch_add(&room.all, 1);
}

static void region(unsigned n)
{
    unsigned before = room.all;

    GOMP_parallel(count, &n, n, 0);
    ck_assert_uint_eq(room.all, before + n);            /* all, and all before the region ended */
    ck_assert(!room.wrong);
}

/* ---- size ---- */

static void remember(void *unused)
{
    (void)unused;
    room.who[omp_get_thread_num()] = pthread_self();
}

static void same_as_remembered(void *unused)
{
    (void)unused;
    if (!pthread_equal(room.who[omp_get_thread_num()], pthread_self()))
        atomic_store(&room.wrong, true);
}

START_TEST(a_smaller_team_keeps_its_workers)
{
    static const unsigned sizes[] = { 8, 4, 6, 8, 2, 1, 8, 3, 2, 1, 2, 3, 8 };

    test_soak((unsigned)_i);
    GOMP_parallel(remember, NULL, 8, 0);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        GOMP_parallel(same_as_remembered, NULL, sizes[i], 0);
        region(sizes[i]);
    }
    ck_assert(!room.wrong);
}
END_TEST

START_TEST(regions_of_any_size_follow_each_other)
{
    unsigned most = test_sizes[_i / TEST_WAYS];
    uint32_t random = 7;

    test_soak((unsigned)_i % TEST_WAYS);
    for (unsigned n = 0; n < REGIONS; n++)
        region(1 + test_random(&random) % most);
}
END_TEST

/* ---- on the way to the bench ---- */

enum { STRAY = 40 };                    /* the worker's number among the threads of the test */

static void mark_worker_two(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() == 2)
        test_become(STRAY);
}

static void go_later(unsigned me)
{
    (void)me;
    test_sleep_us(20000);
    test_go(STRAY);
}

/* Worker 2 stops between two regions: as a member of the last one before it sets SLEEP, or on its way to the bench, perhaps
 * while further regions pass.  Then a region means it, and the primary has rung and looked at its word before it goes on. */
START_TEST(a_worker_that_stalls_between_two_regions_is_not_lost)
{
    static const struct { const char *file; char letter; bool member; } at[] = {
        { "bell", 'E', true }, { "bell", 'G', false }, { "bell", 'H', false }, { "futex", 'W', false },
    };
    unsigned between = _i / 4 * 2;

    test_sleep_at_once();
    GOMP_parallel(mark_worker_two, NULL, 3, 0);
    test_asleep(STRAY);
    test_stop_at(STRAY, at[_i % 4].file, at[_i % 4].letter);
    region(at[_i % 4].member ? 3 : 2);
    test_stopped(STRAY);
    for (unsigned i = 0; i < between; i++)
        region(at[_i % 4].member ? 1 : 2);
    test_start(1, go_later);
    region(3);
    test_join(1);
    region(2);
    region(3);
}
END_TEST

START_TEST(benched_workers_are_left_alone_by_smaller_regions)
{
    test_sleep_at_once();
    GOMP_parallel(mark_worker_two, NULL, 3, 0);
    region(2);
    test_asleep(STRAY);
    test_stop_at(STRAY, "futex", 'W');                  /* it would come here if it were woken and slept again */
    for (int i = 0; i < 50; i++)
        region(2);
    test_asleep(STRAY);
    ck_assert(atomic_load(&test_thread[STRAY].armed));
    atomic_store(&test_thread[STRAY].armed, false);
    region(3);
}
END_TEST

/* ---- masters ---- */

static unsigned threads_alive(void)
{
    DIR *dir = opendir("/proc/self/task");
    unsigned n = 0;

    ck_assert_ptr_nonnull(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void master_once(unsigned me)
{
    (void)me;
    unsigned n = 4;

    GOMP_parallel(count, &n, n, 0);
}

START_TEST(workers_of_a_master_that_ended_serve_the_next)
{
    test_soak(0);
    for (unsigned i = 0; i < 30; i++) {
        test_start(0, master_once);
        test_join(0);
        test_sleep_us(3000);                            /* they lie down */
    }
    ck_assert_uint_eq(room.all, 120);
    ck_assert_uint_le(threads_alive(), 1 + 9);          /* 90 had been made if each master had made its own */
}
END_TEST

static void master_life(unsigned me)
{
    uint32_t random = me;

    for (unsigned i = 0; i < 12; i++) {
        unsigned n = 1 + test_random(&random) % 5;

        GOMP_parallel(count, &n, n, 0);
    }
}

START_TEST(masters_come_and_go)
{
    test_soak((unsigned)_i);
    for (unsigned again = 0; again < 15; again++)
        test_run_threads(6, master_life);
    ck_assert(!room.wrong);
}
END_TEST

/* ---- nesting ---- */

static void nest(void *data)
{
    int depth = *(int *)data - 1;

    atomic_fetch_add(&room.all, 1);
    if (depth > 0 && (omp_get_thread_num() == 0 || omp_get_level() < 3))
        GOMP_parallel(nest, &depth, 2, 0);
}

/* Levels beyond those whose teams are kept. */
START_TEST(teams_nest_deeper_than_they_are_kept)
{
    int depth = GOMPX_HOT_LEVELS + 3;
    unsigned before = 0, one;

    test_soak(0);
    omp_set_max_active_levels(GOMPX_HOT_LEVELS + 3);
    for (unsigned again = 0; again < 10; again++) {
        GOMP_parallel(nest, &depth, 2, 0);
        one = room.all - before;
        before = room.all;
        /* 2, 4 and 8 threads on the first three levels; there each of number 0 goes on alone: 4 chains of teams of 2 */
        ck_assert_uint_eq(one, 2 + 4 + 8 + 4 * 2 * GOMPX_HOT_LEVELS);
    }
}
END_TEST

/* ---- cancellation ---- */

static void cancel_somewhere(void *seed)
{
    unsigned me = (unsigned)omp_get_thread_num();
    uint32_t random = *(uint32_t *)seed * 31 + me;

    for (unsigned n = 0; n < 6; n++) {
        if (test_random(&random) % 12 == 0) {
            gompx_step("test", 'X');
            if (GOMP_cancel(PARALLEL, true))
                return;
            atomic_store(&room.wrong, true);
        }
        if (GOMP_barrier_cancel() || (test_random(&random) % 4 == 0 && GOMP_cancellation_point(PARALLEL)))
            return;
    }
}

static void whole(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    for (unsigned n = 1; n <= 3; n++) {
        room.plain[me] = n;
        GOMP_barrier();
        for (unsigned i = 0; i < room.size; i++)
            if (room.plain[i] != n)
                atomic_store(&room.wrong, true);
        GOMP_barrier();
    }
}

START_TEST(a_cancelled_region_ends_and_leaves_nothing_behind)
{
    test_soak((unsigned)_i % TEST_WAYS);
    room.size = test_sizes[_i / TEST_WAYS];
    gompx_globals.cancellation = true;
    for (uint32_t n = 1; n <= REGIONS; n++) {
        GOMP_parallel(cancel_somewhere, &n, room.size, 0);
        GOMP_parallel(whole, NULL, room.size, 0);
    }
    ck_assert(!room.wrong);
}
END_TEST

/* Thread 1 goes to the end at once; the others meet more constructs than there are slots before they notice. */
static void cancel_and_go_on(void *unused)
{
    long start, end;

    (void)unused;
    if (omp_get_thread_num() == 1) {
        ck_assert(GOMP_cancel(PARALLEL, true));
        return;
    }
    for (unsigned k = 0; k < 4 * GOMPX_SLOTS; k++) {
        if (GOMP_loop_dynamic_start(0, 10, 1, 1, &start, &end))
            while (GOMP_loop_dynamic_next(&start, &end))
                ;
        GOMP_loop_end_nowait();
        if (GOMP_loop_nonmonotonic_dynamic_start(0, 100, 1, 1, &start, &end))
            while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end))
                ;
        GOMP_loop_end_nowait();
    }
    if (!GOMP_barrier_cancel())
        atomic_store(&room.wrong, true);
}

START_TEST(nobody_waits_for_the_slots_of_a_thread_that_has_left)
{
    test_soak(0);
    gompx_globals.cancellation = true;
    for (unsigned n = 2; n <= 5; n++) {
        room.size = n;
        GOMP_parallel(cancel_and_go_on, NULL, n, 0);
        GOMP_parallel(whole, NULL, n, 0);
        GOMP_parallel(cancel_and_go_on, NULL, n, 0);
    }
    ck_assert(!room.wrong);
}
END_TEST

/* A loop is cancelled with most of its iterations still there; the loops after it are whole. */
static void cancel_loop(void *unused)
{
    long start, end;

    (void)unused;
    if (GOMP_loop_nonmonotonic_dynamic_start(0, 1000, 1, 1, &start, &end))
        do
            if (start % 7 == 3 ? GOMP_cancel(LOOP, true) : GOMP_cancellation_point(LOOP))
                break;
        while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end));
    if (GOMP_loop_end_cancel())
        atomic_store(&room.wrong, true);
    if (GOMP_cancellation_point(LOOP))
        atomic_store(&room.wrong, true);
    for (unsigned n = 0; n < 3; n++) {
        if (GOMP_loop_nonmonotonic_dynamic_start(0, 100, 1, 1, &start, &end))
            do
                atomic_fetch_add(&room.all, (unsigned)(end - start));
            while (!GOMP_cancellation_point(LOOP) && GOMP_loop_nonmonotonic_dynamic_next(&start, &end));
        GOMP_loop_end_nowait();
    }
}

START_TEST(a_cancelled_loop_does_not_disturb_the_next)
{
    test_soak((unsigned)_i % TEST_WAYS);
    gompx_globals.cancellation = true;
    for (unsigned n = 0; n < REGIONS / 3; n++) {
        atomic_store(&room.all, 0);
        GOMP_parallel(cancel_loop, NULL, test_sizes[_i / TEST_WAYS], 0);
        ck_assert_uint_eq(room.all, 300);
    }
    ck_assert(!room.wrong);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("team");
    TCase *tcase = tcase_create("team");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_smaller_team_keeps_its_workers, 0, TEST_WAYS);
    tcase_add_loop_test(tcase, regions_of_any_size_follow_each_other, 0, TEST_SIZES * TEST_WAYS);
    tcase_add_loop_test(tcase, a_worker_that_stalls_between_two_regions_is_not_lost, 0, 8);
    tcase_add_test(tcase, benched_workers_are_left_alone_by_smaller_regions);
    tcase_add_test(tcase, workers_of_a_master_that_ended_serve_the_next);
    tcase_add_loop_test(tcase, masters_come_and_go, 0, TEST_WAYS);
    tcase_add_test(tcase, teams_nest_deeper_than_they_are_kept);
    tcase_add_loop_test(tcase, a_cancelled_region_ends_and_leaves_nothing_behind, 0, TEST_SIZES * TEST_WAYS);
    tcase_add_test(tcase, nobody_waits_for_the_slots_of_a_thread_that_has_left);
    tcase_add_loop_test(tcase, a_cancelled_loop_does_not_disturb_the_next, 0, TEST_SIZES * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
