/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The entry points of version node GOMP_6.0.2, which compilers newer than those in use today call: looked up by name
 * and version, since no link-time library of an older gcc has them.
 *
 * run: gompx-only="libgomp of gcc 12 to 16 has none of them" */
#include <dlfcn.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

static _Complex int (*loop_static)(ull), (*loop_static_start)(ull), (*distribute_static)(ull), (*distribute_start)(ull);
static void (*loop_dispatch)(ull, ull), (*loop_end)(void), (*distribute_dispatch)(ull, ull), (*distribute_end)(void);
static void (*barrier_ext)(int), (*reduction_start)(void), (*reduction_end)(void), (*single_end)(void);
static void (*masked_end)(void);
static bool (*barrier_cancel_ext)(int), (*single_start_with_end)(void), (*has_masked_thread_num)(int);

static void *newest(const char *name)
{
    void *found = dlvsym(RTLD_DEFAULT, name, "GOMP_6.0.2");

    if (found == NULL)
        fprintf(stderr, "%s is missing\n", name);
    CHECK(found != NULL);
    return found;
}

static void look_up(void)
{
    *(void **)&loop_static = newest("GOMP_loop_static_worksharing");
    *(void **)&loop_static_start = newest("GOMP_loop_static_worksharing_start");
    *(void **)&loop_dispatch = newest("GOMP_loop_static_worksharing_dispatch");
    *(void **)&loop_end = newest("GOMP_loop_static_worksharing_end");
    *(void **)&distribute_static = newest("GOMP_distribute_static_worksharing");
    *(void **)&distribute_start = newest("GOMP_distribute_static_worksharing_start");
    *(void **)&distribute_dispatch = newest("GOMP_distribute_static_worksharing_dispatch");
    *(void **)&distribute_end = newest("GOMP_distribute_static_worksharing_end");
    *(void **)&barrier_ext = newest("GOMP_barrier_ext");
    *(void **)&barrier_cancel_ext = newest("GOMP_barrier_cancel_ext");
    *(void **)&reduction_start = newest("GOMP_reduction_start");
    *(void **)&reduction_end = newest("GOMP_reduction_end");
    *(void **)&single_start_with_end = newest("GOMP_single_start_with_end");
    *(void **)&single_end = newest("GOMP_single_end");
    *(void **)&has_masked_thread_num = newest("GOMP_has_masked_thread_num");
    *(void **)&masked_end = newest("GOMP_masked_end");
}

static void check_pair(_Complex int pair, int real, int imaginary)
{
    CHECK_EQ(__real__ pair, real);
    CHECK_EQ(__imag__ pair, imaginary);
}

static int arrived, singles, masked;
static long sum;

static void members(void *unused)
{
    int me = omp_get_thread_num(), threads = omp_get_num_threads();

    (void)unused;
    check_pair(loop_static(1000), threads, me);
    check_pair(loop_static_start(1ull << 63), threads, me);
    loop_dispatch(0, 10);
    loop_end();
    for (int kind = 0; kind < 3; kind++)
        for (int round = 1; round <= 30; round++) {
            __atomic_fetch_add(&arrived, 1, __ATOMIC_RELAXED);
            barrier_ext(kind);
            CHECK_EQ(__atomic_load_n(&arrived, __ATOMIC_RELAXED), (kind * 30 + round) * threads);
            CHECK_EQ(barrier_cancel_ext(kind), false);
        }
    for (int i = 0; i < 200; i++) {
        reduction_start();
        sum++;
        reduction_end();
        if (single_start_with_end()) {
            __atomic_fetch_add(&singles, 1, __ATOMIC_RELAXED);
            single_end();
        }
        if (has_masked_thread_num(i % (threads + 1))) {
            CHECK_EQ(i % (threads + 1), me);
            __atomic_fetch_add(&masked, 1, __ATOMIC_RELAXED);
            masked_end();
        }
    }
}

static void one_region(void)
{
    int threads = omp_get_max_threads(), expected = 0;

    arrived = singles = masked = 0;
    sum = 0;
    GOMP_parallel(members, NULL, 0, 0);
    CHECK_EQ(singles, 200);
    CHECK_EQ(sum, 200L * threads);
    for (int i = 0; i < 200; i++)
        expected += i % (threads + 1) < threads;
    CHECK_EQ(masked, expected);
}

static void league_member(void *teams)
{
    check_pair(distribute_static(50), omp_get_num_teams(), omp_get_team_num());
    check_pair(distribute_start(50), omp_get_num_teams(), omp_get_team_num());
    distribute_dispatch(0, 5);
    distribute_end();
    __atomic_fetch_add((int *)teams, 1, __ATOMIC_RELAXED);
}

int main(void)
{
    int teams = 0;

    look_up();
    check_pair(loop_static(7), 1, 0);           /* outside any region */
    check_pair(distribute_static(7), 1, 0);
    CHECK(single_start_with_end());
    CHECK(has_masked_thread_num(0));
    CHECK(!has_masked_thread_num(1));
    barrier_ext(2);
    CHECK_EQ(barrier_cancel_ext(2), false);
    for (int i = 0; i < 5; i++)
        one_region();
    GOMP_teams_reg(league_member, &teams, 4, 0, 0);
    CHECK(teams >= 1 && teams <= 4);
    return 0;
}
