/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What each construct costs, exactly: read-modify-writes of all threads of the team together, calls of the kernel and of malloc.
 * As count_region.c, but where that one gives bounds for each thread, here the sums are equal to what the protocols'
 * comments promise. */
#include <stddef.h>

#include "sync/atomic.h"
#include "tests/runtime/test_gomp.h"

bool GOMP_single_start(void);
bool GOMP_loop_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_nonmonotonic_dynamic_start(long start, long end, long incr, long chunk, long *istart, long *iend);
bool GOMP_loop_nonmonotonic_dynamic_next(long *istart, long *iend);
void GOMP_loop_end_nowait(void);
void GOMP_parallel_start(void (*fn)(void *), void *data, unsigned num_threads);
void GOMP_parallel_end(void);
void GOMP_critical_start(void);
void GOMP_critical_end(void);
void GOMP_critical_name_start(void **object);
void GOMP_critical_name_end(void **object);
void GOMP_atomic_start(void);
void GOMP_atomic_end(void);
void omp_init_lock(void *lock);
void omp_set_lock(void *lock);
int omp_test_lock(void *lock);
void omp_unset_lock(void *lock);
void omp_init_nest_lock(void *lock);
void omp_set_nest_lock(void *lock);
void omp_unset_nest_lock(void *lock);

enum { TEAM_MAX = 8, ROUNDS = 100, WARM = 10, CHUNKS = 1000 };

static const int sizes[] = { 2, 3, 4, 8 };
enum { SIZES = sizeof sizes / sizeof *sizes, MONO_MAX = 4 };

/* ---- allocations ---- */

static _Atomic unsigned allocations;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_memalign(align, size);
}

/* ---- counting ---- */

/* The counters of each thread as it found them in each round. */
static struct gompx_counts seen[TEAM_MAX][ROUNDS];
static int round_now;

static void note(void *unused)
{
    (void)unused;
    seen[omp_get_thread_num()][round_now] = gompx_counts;
}

static uint64_t paid(int thread, int round)
{
    return seen[thread][round].rmw - seen[thread][round - 1].rmw;
}

static uint64_t paid_by_all(int n, int round)
{
    uint64_t sum = 0;

    for (int t = 0; t < n; t++)
        sum += paid(t, round);
    return sum;
}

static bool cpus_for(int n)
{
    return sysconf(_SC_NPROCESSORS_ONLN) >= n && omp_get_max_threads() >= n;
}

static void no_syscalls(int n)
{
    for (int t = 0; t < n && cpus_for(n); t++)
        ck_assert_uint_eq(seen[t][ROUNDS - 1].syscalls, seen[t][WARM].syscalls);
}

/* ---- regions ---- */

/* The primary's exchange on the bell, and one arrival of each worker; the sense of a larger team's join is one more. */
START_TEST(a_region_is_one_exchange_and_one_arrival_per_worker)
{
    int n = sizes[_i];

    for (round_now = 0; round_now < ROUNDS; round_now++)
        GOMP_parallel(note, NULL, (unsigned)n, 0);
    for (int r = WARM; r < ROUNDS; r++) {
        ck_assert_uint_eq(paid(0, r), 1);
        ck_assert_uint_eq(paid_by_all(n, r), (uint64_t)n + (n > MONO_MAX));
    }
    no_syscalls(n);
}
END_TEST

static void loop_body(void *unused)
{
    long start, end;

    (void)unused;
    if (GOMP_loop_dynamic_start(0, 100, 1, 10, &start, &end))
        while (GOMP_loop_dynamic_next(&start, &end))
            ;
    GOMP_loop_end_nowait();
}

static void nested_body(void *unused)
{
    (void)unused;
    GOMP_parallel(loop_body, NULL, 2, 0);
}

static void old_region(unsigned n)
{
    GOMP_parallel_start(loop_body, NULL, n);
    loop_body(NULL);
    GOMP_parallel_end();
}

/* Of one shape: team size, loops, nesting. */
START_TEST(later_regions_of_a_shape_allocate_nothing)
{
    unsigned n = (unsigned)sizes[_i % SIZES], before;

    for (int r = 0; r < ROUNDS; r++) {
        if (r == 1)
            before = allocations;
        if (_i / SIZES == 0)
            GOMP_parallel(loop_body, NULL, n, 0);
        else if (_i / SIZES == 1)
            GOMP_parallel(nested_body, NULL, n, 0);
        else
            old_region(r % 2 ? n : 1);
        if (_i / SIZES == 2 && r < 2)
            before = allocations;
    }
    ck_assert_uint_eq(allocations, before);
}
END_TEST

/* ---- inside a region ---- */

static void barriers(void *unused)
{
    int me = omp_get_thread_num();

    (void)unused;
    for (int r = 0; r < ROUNDS; r++) {
        seen[me][r] = gompx_counts;
        GOMP_barrier();
    }
}

START_TEST(a_barrier_is_one_arrival_per_thread)
{
    int n = sizes[_i];

    GOMP_parallel(barriers, NULL, (unsigned)n, 0);
    for (int r = WARM; r < ROUNDS; r++) {
        for (int t = 0; t < n && n <= MONO_MAX; t++)
            ck_assert_uint_eq(paid(t, r), 1);
        ck_assert_uint_eq(paid_by_all(n, r), (uint64_t)n + (n > MONO_MAX));
    }
    no_syscalls(n);
}
END_TEST

static _Atomic unsigned winners;

static void singles(void *unused)
{
    int me = omp_get_thread_num();

    (void)unused;
    for (int r = 0; r < ROUNDS; r++) {
        seen[me][r] = gompx_counts;
        if (GOMP_single_start())
            atomic_fetch_add(&winners, 1);
        GOMP_barrier();
    }
}

/* The barrier included: a loser may have swapped in vain, once. */
START_TEST(a_single_is_at_most_two_per_thread)
{
    int n = sizes[_i];

    GOMP_parallel(singles, NULL, (unsigned)n, 0);
    ck_assert_uint_eq(winners, ROUNDS);
    for (int r = WARM; r < ROUNDS; r++) {
        for (int t = 0; t < n && n <= MONO_MAX; t++)
            ck_assert_uint_le(paid(t, r), 2);
        ck_assert_uint_ge(paid_by_all(n, r), (uint64_t)n + 1);
    }
    no_syscalls(n);
}
END_TEST

/* ---- loops ---- */

static struct { uint64_t rmw, chunks; } share[TEAM_MAX];

static void monotonic(void *unused)
{
    int me = omp_get_thread_num();
    uint64_t before = gompx_counts.rmw, chunks = 0;
    long start, end;

    (void)unused;
    if (GOMP_loop_dynamic_start(0, CHUNKS, 1, 1, &start, &end))
        do
            chunks++;
        while (GOMP_loop_dynamic_next(&start, &end));
    share[me].rmw = gompx_counts.rmw - before;
    share[me].chunks = chunks;
    GOMP_loop_end_nowait();
}

/* One for each chunk and one to learn that there is none left.  Where the loop begins: one that finds the counter of an older loop, and
 * a vain exchange for every other thread that does so meanwhile and for the one that sets the counter up. */
START_TEST(a_chunk_of_a_monotonic_dynamic_loop_is_one)
{
    uint64_t chunks = 0;
    int n = sizes[_i];

    GOMP_parallel(monotonic, NULL, (unsigned)n, 0);
    for (int t = 0; t < n; t++) {
        chunks += share[t].chunks;
        ck_assert_uint_ge(share[t].rmw, share[t].chunks + 1);
        ck_assert_uint_le(share[t].rmw, share[t].chunks + 2 + (uint64_t)n);
    }
    ck_assert_uint_eq(chunks, CHUNKS);
}
END_TEST

static void alone_in_its_block(void *unused)
{
    int me = omp_get_thread_num();
    uint64_t before = gompx_counts.rmw, chunks = 0;
    long start, end;

    (void)unused;
    if (GOMP_loop_nonmonotonic_dynamic_start(0, CHUNKS, 1, 1, &start, &end))
        do {
            if (++chunks == CHUNKS / TEAM_MAX / 2) {
                share[me].rmw = gompx_counts.rmw - before;
                share[me].chunks = chunks;
            }
        } while (GOMP_loop_nonmonotonic_dynamic_next(&start, &end));
    GOMP_loop_end();
}

/* The first of its own block comes with the entry; nobody robs so early, but who begins late may have been robbed: then the
 * units of its loot cost as many. */
START_TEST(a_unit_of_ones_own_block_is_one)
{
    int n = sizes[_i];

    GOMP_parallel(alone_in_its_block, NULL, (unsigned)n, 0);
    for (int t = 0; t < n; t++)
        ck_assert_uint_le(share[t].rmw, share[t].chunks + 64);
    ck_assert_uint_gt(share[0].rmw + share[1].rmw, 0);
}
END_TEST

/* ---- locks ---- */

static uint64_t since(struct gompx_counts before)
{
    ck_assert_uint_eq(gompx_counts.syscalls, before.syscalls);
    return gompx_counts.rmw - before.rmw;
}

START_TEST(an_uncontended_lock_is_two)
{
    uint64_t lock[4] = { 0 };
    void *name = NULL;
    struct gompx_counts before;

    GOMP_parallel(note, NULL, 1, 0);                    /* the thread has met the runtime */
    omp_init_lock(lock);
    before = gompx_counts;
    omp_set_lock(lock);
    omp_unset_lock(lock);
    ck_assert_uint_eq(since(before), 2);
    before = gompx_counts;
    ck_assert_int_eq(omp_test_lock(lock), 1);
    omp_unset_lock(lock);
    ck_assert_uint_eq(since(before), 2);
    omp_init_nest_lock(lock);
    before = gompx_counts;
    omp_set_nest_lock(lock);
    omp_set_nest_lock(lock);
    omp_unset_nest_lock(lock);
    omp_unset_nest_lock(lock);
    ck_assert_uint_eq(since(before), 2);
    before = gompx_counts;
    GOMP_critical_start();
    GOMP_critical_end();
    ck_assert_uint_eq(since(before), 2);
    before = gompx_counts;
    GOMP_critical_name_start(&name);
    GOMP_critical_name_end(&name);
    ck_assert_uint_eq(since(before), 2);
    before = gompx_counts;
    GOMP_atomic_start();
    GOMP_atomic_end();
    ck_assert_uint_eq(since(before), 2);
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
        setenv("OMP_MAX_ACTIVE_LEVELS", "2", 1);
        execv("/proc/self/exe", argv);
        return 1;
    }
    Suite *suite = suite_create("count_constructs");
    TCase *tcase = tcase_create("counts");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_region_is_one_exchange_and_one_arrival_per_worker, 0, SIZES);
    tcase_add_loop_test(tcase, later_regions_of_a_shape_allocate_nothing, 0, 3 * SIZES);
    tcase_add_loop_test(tcase, a_barrier_is_one_arrival_per_thread, 0, SIZES);
    tcase_add_loop_test(tcase, a_single_is_at_most_two_per_thread, 0, SIZES);
    tcase_add_loop_test(tcase, a_chunk_of_a_monotonic_dynamic_loop_is_one, 0, SIZES);
    tcase_add_loop_test(tcase, a_unit_of_ones_own_block_is_one, 0, SIZES);
    tcase_add_test(tcase, an_uncontended_lock_is_two);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
