/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * teams on the host: a league of teams, each an initial thread of its own; distribute; thread_limit; the related
 * routines. */
#include "check.h"

static void every_team_runs_once(int wanted)
{
    int seen[32] = { 0 }, league = 0, strange = 0;

#pragma omp teams num_teams(wanted) shared(seen, league, strange)
    {
        int me = omp_get_team_num();

        strange += me < 0 || me >= omp_get_num_teams() || omp_get_num_teams() > wanted;
#pragma omp parallel num_threads(1) reduction(+ : strange)
        strange += omp_get_level() != 1 || omp_in_parallel() != 0 || omp_get_team_num() != me;
        seen[me]++;
        league = omp_get_num_teams();
    }
    CHECK_EQ(strange, 0);
    CHECK(league >= 1 && league <= wanted);
    for (int i = 0; i < 32; i++)
        CHECK_EQ(seen[i], i < league);
    CHECK_EQ(omp_get_num_teams(), 1);
    CHECK_EQ(omp_get_team_num(), 0);
}

static void regions_inside_teams(void)
{
    int sum = 0, teams = 0;

#pragma omp teams num_teams(3) reduction(+ : sum, teams)
    {
        teams++;
#pragma omp parallel reduction(+ : sum) num_threads(3)
        {
            CHECK_EQ(omp_get_level(), 1);
            CHECK_EQ(omp_get_num_threads(), 3);
            CHECK(omp_get_team_num() >= 0 && omp_get_team_num() < omp_get_num_teams());
            sum++;
        }
    }
    CHECK_EQ(sum, 3 * teams);
}

static void distribute_covers_the_loop(void)
{
    static int ran[200];

    memset(ran, 0, sizeof ran);
#pragma omp teams distribute num_teams(4)
    for (int i = 0; i < 200; i++)
        __atomic_fetch_add(&ran[i], 1, __ATOMIC_RELAXED);
#pragma omp teams distribute parallel for num_teams(2) schedule(dynamic)
    for (int i = 0; i < 200; i++)
        __atomic_fetch_add(&ran[i], 1, __ATOMIC_RELAXED);
#pragma omp teams distribute parallel for simd dist_schedule(static, 8)
    for (int i = 0; i < 200; i++)
        __atomic_fetch_add(&ran[i], 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 200; i++)
        CHECK_EQ(ran[i], 3);
}

static void thread_limit_holds_inside_and_ends_outside(void)
{
    int before = omp_get_thread_limit(), most = 0;

#pragma omp teams num_teams(2) thread_limit(2) shared(most)
    {
#pragma omp parallel num_threads(6)
CHECK_MASKED
        {
            CHECK_EQ(omp_get_thread_limit(), 2);
            if (omp_get_num_threads() > most)
                most = omp_get_num_threads();
        }
    }
    CHECK_EQ(most, 2);
    CHECK_EQ(omp_get_thread_limit(), before);
#pragma omp parallel num_threads(6)
    CHECK_EQ(omp_get_num_threads(), 6);
}

#if CHECK_OPENMP_51
static void the_routines_set_the_defaults(void)
{
    int teams = 0;

    omp_set_num_teams(5);
    CHECK_EQ(omp_get_max_teams(), 5);
    omp_set_teams_thread_limit(3);
    CHECK_EQ(omp_get_teams_thread_limit(), 3);
#pragma omp teams reduction(+ : teams)
    {
        teams++;
#pragma omp parallel num_threads(8)
        {
            CHECK_EQ(omp_get_num_threads(), 3);
            CHECK_EQ(omp_get_thread_limit(), 3);
        }
    }
    CHECK(teams >= 1 && teams <= 5);
    omp_set_num_teams(0);
    omp_set_teams_thread_limit(0);
    CHECK_EQ(omp_get_max_teams(), 0);
}
#endif

int main(void)
{
    for (int wanted = 1; wanted < 10; wanted++)
        every_team_runs_once(wanted);
    regions_inside_teams();
    distribute_covers_the_loop();
    thread_limit_holds_inside_and_ends_outside();
#if CHECK_OPENMP_51
    the_routines_set_the_defaults();
#endif
    return 0;
}
