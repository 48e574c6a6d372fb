/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Constructs met outside any parallel region act for a team of one; the same functions called from a region work for
 * its team; also in a serialised nested region. */
#include "check.h"

enum { N = 30 };

static int count_of[N];

static void all_loops(void)
{
#pragma omp for schedule(static)
    for (int i = 0; i < N; i++)
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
#pragma omp for schedule(dynamic, 4)
    for (int i = 0; i < N; i++)
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
#pragma omp for schedule(guided) nowait
    for (long i = N - 1; i >= 0; i--)
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
#pragma omp for schedule(runtime)
    for (unsigned long long i = 0; i < N; i++)
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
#pragma omp for schedule(dynamic) ordered
    for (int i = 0; i < N; i++) {
#pragma omp ordered
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
    }
#pragma omp for schedule(static, 3) ordered
    for (int i = 0; i < N; i++) {
#pragma omp ordered
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
    }
#pragma omp for ordered(1) schedule(dynamic)
    for (int i = 0; i < N; i++) {
#pragma omp ordered depend(sink : i - 1)
        __atomic_fetch_add(&count_of[i], 1, __ATOMIC_RELAXED);
#pragma omp ordered depend(source)
    }
}

static void all_others(void)
{
    int told = 0;
    static int section_runs, single_runs;

#pragma omp single
    section_runs = single_runs = 0;
#pragma omp sections
    {
        __atomic_fetch_add(&section_runs, 1, __ATOMIC_RELAXED);
#pragma omp section
        __atomic_fetch_add(&section_runs, 1, __ATOMIC_RELAXED);
    }
    CHECK_EQ(section_runs, 2);
#pragma omp single
    single_runs++;
    CHECK_EQ(single_runs, 1);
#pragma omp single copyprivate(told)
    told = 9;
    CHECK_EQ(told, 9);
#pragma omp barrier
#pragma omp critical
    told++;
#pragma omp critical(orphan)
    told++;
    CHECK_EQ(told, 11);
#pragma omp taskgroup
    {
#pragma omp task shared(told)
        told++;
    }
#pragma omp taskwait
#pragma omp taskyield
    CHECK_EQ(told, 12);
}

static void serial_state(void)
{
    CHECK_EQ(omp_get_num_threads(), 1);
    CHECK_EQ(omp_get_thread_num(), 0);
    CHECK_EQ(omp_get_level(), 0);
    CHECK_EQ(omp_in_parallel(), 0);
    CHECK_EQ(omp_in_final(), 0);
    CHECK_EQ(omp_get_team_num(), 0);
    CHECK_EQ(omp_get_num_teams(), 1);
}

int main(void)
{
    for (int round = 0; round < 3; round++) {
        serial_state();
        all_loops();
        all_others();
    }
    for (int i = 0; i < N; i++)
        CHECK_EQ(count_of[i], 3 * 7);
#pragma omp parallel
    for (int round = 0; round < 3; round++) {
        all_loops();
        all_others();
    }
    for (int i = 0; i < N; i++)
        CHECK_EQ(count_of[i], 6 * 7);
#pragma omp parallel num_threads(2)
    {
#pragma omp critical(serial_inner)
        {
#pragma omp parallel num_threads(3)     /* one level only: serialised */
            {
                all_loops();
                all_others();
            }
        }
    }
    for (int i = 0; i < N; i++)
        CHECK_EQ(count_of[i], 8 * 7);
    for (int round = 0; round < 3; round++) {
        all_loops();
        all_others();
    }
    serial_state();
    return 0;
}
