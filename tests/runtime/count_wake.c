/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A thread is woken by a system call only if one sleeps: counted by the build that counts (sync/atomic.h), in teams of 1 to
 * 16, with waits that end in sleep always, by chance, and never (there as many CPUs as threads are claimed).  Each set SLEEP bit belongs to at least one call to sleep
 * and is answered by at most one call to wake, so the wake-ups of all threads together are never more than the sleeps. */
#include "sync/atomic.h"
#include "sync/wait.h"
#include "tests/runtime/test_gomp.h"

enum { TEAM_MAX = 16, ROUNDS = 300 };

static struct gompx_counts seen[2][TEAM_MAX];
static int slot;                        /* of `seen` */
static int naps;                        /* every so many barriers thread 0 naps in front of one; 0: never */

static void note(void *unused)
{
    (void)unused;
    seen[slot][omp_get_thread_num()] = gompx_counts;
}

static void nap(void)
{
    struct timespec t = { 0, 300000 };

    nanosleep(&t, NULL);
}

static void barriers(void *unused)
{
    (void)unused;
    for (int r = 0; r < 10; r++) {
        if (naps && r % naps == 0 && omp_get_thread_num() == 0)
            nap();
        GOMP_barrier();
    }
}

/* Sleeps and wake-ups of all members in ROUNDS regions of ten barriers. */
static void count(unsigned n, uint64_t *sleeps, uint64_t *wakes)
{
    GOMP_parallel(barriers, NULL, n, 0);
    slot = 0;
    GOMP_parallel(note, NULL, n, 0);
    for (int r = 0; r < ROUNDS; r++) {
        if (naps && r % 10 == 0)
            nap();                                          /* workers wait at the bell */
        GOMP_parallel(barriers, NULL, n, 0);
    }
    slot = 1;
    GOMP_parallel(note, NULL, n, 0);
    *sleeps = *wakes = 0;
    for (unsigned t = 0; t < n; t++) {
        *sleeps += seen[1][t].sleeps - seen[0][t].sleeps;
        *wakes += seen[1][t].wakes - seen[0][t].wakes;
    }
}

static const unsigned sizes[] = { 1, 2, 3, 4, 5, 8, 16 };
enum { SIZES = sizeof sizes / sizeof *sizes };

/* A sleeper of before the first note may be woken after it: one bit of each word at most. */
enum { EARLIER = 3 };

START_TEST(nobody_is_woken_who_does_not_sleep)
{
    static const long budgets[] = { 0, 20, 1000 };
    uint64_t sleeps, wakes;
    unsigned n = sizes[_i % SIZES];
    long us = budgets[_i / SIZES];

    gompx_wait_retune(us ? GOMPX_WAIT_AUTO : GOMPX_WAIT_PASSIVE, (uint64_t)us);
    naps = 5;
    count(n, &sleeps, &wakes);
    if (n == 1)
        ck_assert_uint_eq(sleeps + wakes, 0);
    ck_assert_uint_le(wakes, sleeps + EARLIER);
    if (n > 1 && us == 0)
        ck_assert_uint_gt(wakes, 0);                        /* they did sleep */
}
END_TEST

START_TEST(who_spins_for_ever_is_never_woken)
{
    uint64_t sleeps, wakes;

    gompx_wait_retune(GOMPX_WAIT_ACTIVE, 1000);
    naps = 0;
    count(sizes[_i], &sleeps, &wakes);
    ck_assert_uint_eq(sleeps, 0);
    ck_assert_uint_eq(wakes, 0);
}
END_TEST

int main(int argc, char **argv)
{
    /* The runtime has read the environment by now: say it and start again. */
    if (argc > 0 && !getenv("GOMPX_CPUS")) {
        setenv("GOMPX_CPUS", "16", 1);
        execv("/proc/self/exe", argv);
        return 1;
    }
    Suite *suite = suite_create("count_wake");
    TCase *tc = tcase_create("counts");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, nobody_is_woken_who_does_not_sleep, 0, 3 * SIZES);
    tcase_add_loop_test(tc, who_spins_for_ever_is_never_woken, 0, 2);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
