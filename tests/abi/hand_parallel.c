/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Regions lowered by hand: the old GOMP_parallel_start and _end pair of gcc 4.2 to 4.8, GOMP_parallel with every kind
 * of argument, regions in the outlined function itself. */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

struct region {
    int members, level, wanted;
    int seen[64];
};

static void body(void *data)
{
    struct region *r = data;

    CHECK_EQ(omp_get_level(), r->level);
    if (r->wanted > 0)
        CHECK_EQ(omp_get_num_threads(), r->wanted);
    __atomic_fetch_add(&r->members, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&r->seen[omp_get_thread_num()], 1, __ATOMIC_RELAXED);
    GOMP_barrier();
    CHECK_EQ(__atomic_load_n(&r->members, __ATOMIC_RELAXED), omp_get_num_threads());
}

static void check_members(struct region *r, int threads)
{
    CHECK_EQ(r->members, threads);
    for (int i = 0; i < 64; i++)
        CHECK_EQ(r->seen[i], i < threads);
}

static void the_old_pair(unsigned n)
{
    struct region r = { .level = 1, .wanted = (int)n };

    GOMP_parallel_start(body, &r, n);
    CHECK_EQ(omp_get_level(), 1);
    CHECK_EQ(omp_get_thread_num(), 0);
    body(&r);
    GOMP_parallel_end();
    CHECK_EQ(omp_get_level(), 0);
    check_members(&r, n ? (int)n : omp_get_max_threads());
}

static void the_whole_call(unsigned n, unsigned flags)
{
    struct region r = { .level = 1, .wanted = (int)n };

    GOMP_parallel(body, &r, n, flags);
    check_members(&r, n ? (int)n : omp_get_max_threads());
}

static int null_calls;

static void without_data(void *data)
{
    CHECK(data == NULL);
    __atomic_fetch_add(&null_calls, 1, __ATOMIC_RELAXED);
}

/* An outlined function that runs the old pair once more, in each thread. */
static void nested_old_pair(void *data)
{
    struct region r = { .level = 2, .wanted = 2 };

    (void)data;
    GOMP_parallel_start(body, &r, 2);
    body(&r);
    GOMP_parallel_end();
    check_members(&r, 2);
    CHECK_EQ(omp_get_level(), 1);
}

static void serial_nested(void *data)
{
    struct region r = { .level = 2, .wanted = 1 };

    (void)data;
    GOMP_parallel_start(body, &r, 2);       /* max-active-levels is 1 */
    body(&r);
    GOMP_parallel_end();
    check_members(&r, 1);
}

/* The critical and atomic locks are different ones, and a named one is the compiler's word. */
static void *name_word;

static void locked(void *data)
{
    long *count = data;

    for (int i = 0; i < 300; i++) {
        GOMP_critical_start();
        count[0]++;
        GOMP_atomic_start();
        count[1]++;
        GOMP_atomic_end();
        GOMP_critical_end();
        GOMP_critical_name_start(&name_word);
        count[2]++;
        GOMP_critical_name_end(&name_word);
    }
}

int main(void)
{
    static const unsigned sizes[] = { 0, 1, 2, 3, 4, 2, 8, 5, 1, 0, 64, 2 };
    long count[3] = { 0, 0, 0 };

    for (int round = 0; round < 5; round++)
        for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            the_old_pair(sizes[i]);
            the_whole_call(sizes[i], i % 2 ? 0 : 2 + i % 3);
        }
    GOMP_parallel(without_data, NULL, 3, 0);
    GOMP_parallel_start(without_data, NULL, 3);
    without_data(NULL);
    GOMP_parallel_end();
    CHECK_EQ(null_calls, 6);
    GOMP_parallel(serial_nested, NULL, 3, 0);
    omp_set_max_active_levels(2);
    for (int i = 0; i < 5; i++) {
        GOMP_parallel(nested_old_pair, NULL, 3, 0);
        GOMP_parallel_start(nested_old_pair, NULL, 2);
        nested_old_pair(NULL);
        GOMP_parallel_end();
    }
    omp_set_max_active_levels(1);
    GOMP_parallel(locked, count, 0, 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(count[i], 300L * omp_get_max_threads());
    GOMP_barrier();                         /* outside any region: nothing to wait for */
    return 0;
}
