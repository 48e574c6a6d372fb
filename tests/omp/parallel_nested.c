/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Nested regions: real threads up to max-active-levels, one thread below, the ancestors' numbers and sizes. */
#include "check.h"

/* Checks a thread's view of the levels above it; size[l] and number[l] are those of level l. */
static void check_ancestors(int level, const int *size, const int *number)
{
    CHECK_EQ(omp_get_level(), level);
    for (int l = 0; l <= level; l++) {
        CHECK_EQ(omp_get_team_size(l), size[l]);
        CHECK_EQ(omp_get_ancestor_thread_num(l), number[l]);
    }
    CHECK_EQ(omp_get_team_size(level + 1), -1);
    CHECK_EQ(omp_get_ancestor_thread_num(level + 1), -1);
    CHECK_EQ(omp_get_ancestor_thread_num(-1), -1);
    CHECK_EQ(omp_get_team_size(-1), -1);
}

static void without_nesting_an_inner_region_has_one_thread(void)
{
    int inner = 0;

    omp_set_max_active_levels(1);
#pragma omp parallel num_threads(4) reduction(+ : inner)
    {
#pragma omp parallel num_threads(4) reduction(+ : inner)
        {
            int size[] = { 1, 4, 1 };
            int number[] = { 0, omp_get_ancestor_thread_num(1), 0 };

            inner++;
            check_ancestors(2, size, number);
            CHECK_EQ(omp_get_active_level(), 1);
            CHECK_EQ(omp_in_parallel(), 1);
            CHECK_EQ(omp_get_num_threads(), 1);
        }
    }
    CHECK_EQ(inner, 4);
}

static void inner_teams_have_real_threads(int outer, int inner)
{
    int seen[8][8] = { { 0 } };

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(outer) shared(seen)
    {
        int o = omp_get_thread_num();
#pragma omp parallel num_threads(inner) firstprivate(o) shared(seen)
        {
            int i = omp_get_thread_num();
            int size[] = { 1, outer, inner };
            int number[] = { 0, o, i };

            check_ancestors(2, size, number);
            CHECK_EQ(omp_get_active_level(), (outer > 1) + (inner > 1));
#pragma omp atomic
            seen[o][i]++;
#pragma omp barrier
#pragma omp parallel num_threads(2)
            CHECK_EQ(omp_get_num_threads(), outer > 1 && inner > 1 ? 1 : 2);
        }
        CHECK_EQ(omp_get_thread_num(), o);
        CHECK_EQ(omp_get_num_threads(), outer);
    }
    for (int o = 0; o < 8; o++)
        for (int i = 0; i < 8; i++)
            CHECK_EQ(seen[o][i], o < outer && i < inner);
}

static void three_levels_work(void)
{
    int leaves = 0;

    omp_set_max_active_levels(3);
#pragma omp parallel num_threads(2) reduction(+ : leaves)
    {
        int a = omp_get_thread_num();
#pragma omp parallel num_threads(3) reduction(+ : leaves)
        {
            int b = omp_get_thread_num();
#pragma omp parallel num_threads(2) reduction(+ : leaves)
            {
                int size[] = { 1, 2, 3, 2 };
                int number[] = { 0, a, b, omp_get_thread_num() };

                leaves++;
                check_ancestors(3, size, number);
                CHECK_EQ(omp_get_active_level(), 3);
            }
        }
    }
    CHECK_EQ(leaves, 12);
}

static void inner_teams_synchronise_apart(void)
{
    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(3)
    {
        int mine = 0, o = omp_get_thread_num();
        int rounds = 5 + 10 * o;            /* teams of one level run different numbers of barriers */

#pragma omp parallel num_threads(3) shared(mine)
        for (int r = 0; r < rounds; r++) {
#pragma omp atomic
            mine++;
#pragma omp barrier
            CHECK_EQ(mine, 3 * (r + 1));
#pragma omp barrier
        }
        CHECK_EQ(mine, 3 * rounds);
#pragma omp barrier
    }
}

static void worksharing_binds_to_the_innermost_team(void)
{
    int outer_count = 0, inner_count = 0;

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
    {
#pragma omp for schedule(dynamic) reduction(+ : outer_count, inner_count)
        for (int i = 0; i < 10; i++) {
            int found = 0;

            outer_count++;
#pragma omp parallel for num_threads(2) schedule(dynamic) reduction(+ : found)
            for (int j = 0; j < 20; j++)
                found++;
            inner_count += found;
        }
    }
    CHECK_EQ(outer_count, 10);
    CHECK_EQ(inner_count, 200);
}

static void changing_inner_sizes_work(void)
{
    omp_set_max_active_levels(2);
    for (int round = 0; round < check_rounds(8); round++) {
#pragma omp parallel num_threads(round % 3 + 1)
        for (int n = 1; n <= 4; n++) {
            int count = 0;

#pragma omp parallel num_threads((n + omp_get_thread_num()) % 4 + 1) reduction(+ : count)
            count++;
            CHECK_EQ(count, (n + omp_get_thread_num()) % 4 + 1);
        }
    }
}

static void zero_levels_serialise_everything(void)
{
    omp_set_max_active_levels(0);
#pragma omp parallel num_threads(4)
    CHECK_EQ(omp_get_num_threads(), 1);
    omp_set_max_active_levels(1);
}

int main(void)
{
    without_nesting_an_inner_region_has_one_thread();
    for (int outer = 1; outer <= 4; outer++)
        for (int inner = 1; inner <= 4; inner++)
            inner_teams_have_real_threads(outer, inner);
    three_levels_work();
    inner_teams_synchronise_apart();
    worksharing_binds_to_the_innermost_team();
    changing_inner_sizes_work();
    zero_levels_serialise_everything();
    without_nesting_an_inner_region_has_one_thread();
    return 0;
}
