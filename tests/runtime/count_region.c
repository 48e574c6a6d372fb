/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What a construct costs in read-modify-writes and system calls, counted by the build that counts (sync/atomic.h).
 *
 * A body notes the counter of its thread; the difference between two bodies that follow each other is what the thread paid
 * for one construct.  Waiting is active, so nobody sleeps, and the counts are exact whatever the machine does. */
#include <sched.h>

#include "sync/atomic.h"
#include "tests/runtime/test_gomp.h"

enum { TEAM_MAX = 8, ROUNDS = 200, WARM = 20 };

/* As the body of each round found them, by thread. */
static struct gompx_counts seen[TEAM_MAX][ROUNDS];
static int round_now;

static void note(void *unused)
{
    (void)unused;
    seen[omp_get_thread_num()][round_now] = gompx_counts;
}

/* Most read-modify-writes and system calls that any thread of a team of `n` paid for one warm round. */
static void worst(int n, uint64_t *rmw, uint64_t *syscalls)
{
    *rmw = *syscalls = 0;
    for (int t = 0; t < n; t++) {
        for (int r = WARM; r < ROUNDS; r++) {
            uint64_t paid = seen[t][r].rmw - seen[t][r - 1].rmw, calls = seen[t][r].syscalls - seen[t][r - 1].syscalls;
            *rmw = paid > *rmw ? paid : *rmw;
            *syscalls = calls > *syscalls ? calls : *syscalls;
        }
    }
}

static const int sizes[] = { 2, 3, 4, 8 };

/* With a CPU for each thread nobody calls the kernel; with fewer, waiting threads yield to the others. */
static void no_syscalls(int n, uint64_t syscalls)
{
    cpu_set_t cpus;

    ck_assert_int_eq(sched_getaffinity(0, sizeof cpus, &cpus), 0);
    if (n <= CPU_COUNT(&cpus))
        ck_assert_uint_eq(syscalls, 0);
}

START_TEST(a_region_takes_at_most_two_rmws_of_each_thread)
{
    uint64_t rmw, syscalls;

    for (round_now = 0; round_now < ROUNDS; round_now++)
        GOMP_parallel(note, NULL, (unsigned)sizes[_i], 0);
    worst(sizes[_i], &rmw, &syscalls);
    ck_assert_uint_le(rmw, 2);
    ck_assert_uint_ge(rmw, 1);                              /* they met at all */
    no_syscalls(sizes[_i], syscalls);
}
END_TEST

static void barriers(void *unused)
{
    (void)unused;
    for (int r = 0; r < ROUNDS; r++) {
        seen[omp_get_thread_num()][r] = gompx_counts;
        GOMP_barrier();
    }
}

/* One arrival each; in a larger team the last to arrive sets the sense with another (sync/barrier.h). */
START_TEST(a_barrier_takes_at_most_two_rmws_of_each_thread)
{
    uint64_t rmw, syscalls;

    GOMP_parallel(barriers, NULL, (unsigned)sizes[_i], 0);
    worst(sizes[_i], &rmw, &syscalls);
    ck_assert_uint_le(rmw, 2);
    ck_assert_uint_ge(rmw, 1);
    no_syscalls(sizes[_i], syscalls);
}
END_TEST

START_TEST(a_region_of_one_thread_takes_none)
{
    struct gompx_counts before, after;

    GOMP_parallel(note, NULL, 1, 0);
    before = gompx_counts;
    GOMP_parallel(note, NULL, 1, 0);
    after = gompx_counts;
    ck_assert_uint_eq(after.rmw - before.rmw, 0);
    ck_assert_uint_eq(after.syscalls - before.syscalls, 0);
}
END_TEST

int main(int argc, char **argv)
{
    /* The runtime has read the environment by now: say it and start again. */
    const char *policy = getenv("OMP_WAIT_POLICY");
    if (argc > 0 && (!policy || strcmp(policy, "active") != 0)) {
        setenv("OMP_WAIT_POLICY", "active", 1);
        setenv("GOMPX_YIELDS", "2000000000", 1);        /* nobody sleeps in a crowd either */
        setenv("GOMPX_YIELD_LIMIT_US", "2000000000", 1);
        execv("/proc/self/exe", argv);
        return 1;
    }
    Suite *suite = suite_create("count_region");
    TCase *tc = tcase_create("counts");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_region_takes_at_most_two_rmws_of_each_thread, 0, sizeof sizes / sizeof *sizes);
    tcase_add_loop_test(tc, a_barrier_takes_at_most_two_rmws_of_each_thread, 0, sizeof sizes / sizeof *sizes);
    tcase_add_test(tc, a_region_of_one_thread_takes_none);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
