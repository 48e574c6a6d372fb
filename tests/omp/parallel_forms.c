/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The parallel construct in all its forms: team sizes, thread numbers, clauses, the data that every member sees. */
#include "check.h"

enum { MOST = 64 };

/* Runs one region of n threads and checks that each thread number occurs exactly once. */
static void a_team_has_every_number_once(int n)
{
    int seen[MOST] = { 0 };
    int size = 0;

#pragma omp parallel num_threads(n) shared(seen, size)
    {
        int me = omp_get_thread_num();

        CHECK(me >= 0 && me < n);
        CHECK_EQ(omp_get_num_threads(), n);
        CHECK_EQ(omp_get_level(), 1);
        CHECK_EQ(omp_get_active_level(), n > 1);
        CHECK_EQ(omp_in_parallel(), n > 1);
#pragma omp atomic
        seen[me]++;
        if (me == 0)
            size = omp_get_num_threads();
    }
    CHECK_EQ(size, n);
    for (int i = 0; i < MOST; i++)
        CHECK_EQ(seen[i], i < n);
    CHECK_EQ(omp_get_level(), 0);
    CHECK_EQ(omp_get_num_threads(), 1);
    CHECK_EQ(omp_get_thread_num(), 0);
}

static void the_default_is_omp_num_threads(void)
{
    const char *wanted = getenv("OMP_NUM_THREADS");
    int size = 0;

    CHECK(wanted != NULL);
    CHECK_EQ(omp_get_max_threads(), atoi(wanted));
#pragma omp parallel
CHECK_MASKED
    size = omp_get_num_threads();
    CHECK_EQ(size, atoi(wanted));
}

static void a_team_may_change_its_size_region_by_region(void)
{
    static const int sizes[] = { 8, 4, 6, 8, 1, 8, 2, 3, 2, 7, 1, 1, 16, 2, 16, 5 };

    for (int round = 0; round < check_rounds(20); round++)
        for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
            a_team_has_every_number_once(sizes[i]);
}

static void a_large_team_works(void)
{
    for (int round = 0; round < 3; round++) {
        a_team_has_every_number_once(MOST);
        a_team_has_every_number_once(2);
    }
}

static void an_if_clause_serialises(int zero)
{
    int runs = 0, threads = 0;

#pragma omp parallel if(zero) num_threads(4)
    {
        runs++;
        threads = omp_get_num_threads();
        CHECK_EQ(omp_in_parallel(), 0);
        CHECK_EQ(omp_get_level(), 1);
        CHECK_EQ(omp_get_active_level(), 0);
        CHECK_EQ(omp_get_team_size(1), 1);
    }
    CHECK_EQ(runs, 1);
    CHECK_EQ(threads, 1);
    threads = 0;
#pragma omp parallel if(zero == 0) num_threads(4) reduction(+ : threads)
    threads++;
    CHECK_EQ(threads, 4);
}

static void proc_bind_clauses_change_nothing_visible(void)
{
    int close_n = 0, spread_n = 0, primary_n = 0;

    for (int i = 0; i < 10; i++) {
#pragma omp parallel proc_bind(close) num_threads(4) reduction(+ : close_n)
        close_n++;
#pragma omp parallel proc_bind(spread) num_threads(3) reduction(+ : spread_n)
        spread_n++;
#pragma omp parallel proc_bind(primary) num_threads(2) reduction(+ : primary_n)
        primary_n++;
    }
    CHECK_EQ(close_n, 40);
    CHECK_EQ(spread_n, 30);
    CHECK_EQ(primary_n, 20);
}

static void data_clauses_hold(void)
{
    int a = 7, b = 9, total = 0, array[5] = { 1, 2, 3, 4, 5 };

#pragma omp parallel num_threads(5) private(a) firstprivate(b, array) shared(total)
    {
        a = omp_get_thread_num();
        b += a;
        array[a]++;
        for (int i = 0; i < 5; i++)
            CHECK_EQ(array[i], i + 1 + (i == a));
#pragma omp atomic
        total += b;
    }
    CHECK_EQ(total, 5 * 9 + 10);
    CHECK_EQ(a, 7);
    CHECK_EQ(b, 9);
}

static void writes_before_and_in_the_region_are_seen(void)
{
    int box[16], before = 0;

    for (int round = 0; round < check_rounds(200); round++) {
        before = round;
#pragma omp parallel num_threads(4)
        {
            CHECK_EQ(before, round);
            box[omp_get_thread_num()] = round + omp_get_thread_num();
        }
        for (int i = 0; i < 4; i++)
            CHECK_EQ(box[i], round + i);
    }
}

static void the_stack_of_every_thread_is_aligned(void)
{
#pragma omp parallel
    {
        __attribute__((aligned(64))) volatile char wide[64];
        __attribute__((aligned(16))) volatile char narrow[16];

        wide[0] = narrow[0] = 1;
        CHECK_EQ((size_t)wide % 64, 0);
        CHECK_EQ((size_t)narrow % 16, 0);
    }
}

int main(void)
{
    the_default_is_omp_num_threads();
    for (int n = 1; n <= 17; n++)
        a_team_has_every_number_once(n);
    a_team_may_change_its_size_region_by_region();
    a_large_team_works();
    an_if_clause_serialises(0);
    proc_bind_clauses_change_nothing_visible();
    data_clauses_hold();
    writes_before_and_in_the_region_are_seen();
    the_stack_of_every_thread_is_aligned();
    return 0;
}
