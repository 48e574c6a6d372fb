/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * teams as the body of a target region calls it: GOMP_teams of gcc 4.9 to 11, one call before the body, and GOMP_teams4 of
 * gcc 12 and later, a loop around it.
 *
 * run: threads=1,3 pin=no policy=default opt=2 */
#include <limits.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

static void a_league_is(int teams, int team, int limit)
{
    CHECK_EQ(omp_get_num_teams(), teams);
    CHECK_EQ(omp_get_team_num(), team);
    CHECK_EQ(omp_get_thread_limit(), limit);
    CHECK_EQ(omp_get_level(), 0);
}

static void inside_a_region(void *team)
{
    CHECK_EQ(omp_get_team_num(), *(int *)team);
    CHECK_EQ(omp_get_level(), 1);
    CHECK(omp_get_num_threads() <= omp_get_thread_limit());
}

/* The old call asks for up to so many teams; it is given one. */
static void the_old_call(void)
{
    int team = 0;

    GOMP_teams(4, 7);
    a_league_is(1, 0, 7);
    GOMP_parallel(inside_a_region, &team, 20, 0);
    GOMP_teams(0, 0);                           /* no limit given: the last one holds */
    a_league_is(1, 0, 7);
    GOMP_teams(1, 2);
    a_league_is(1, 0, 2);
    GOMP_parallel(inside_a_region, &team, 20, 0);
}

/* As many teams as the lower bound, one after the other, in order. */
static void the_new_loop(unsigned low, unsigned high, unsigned limit, int wanted_teams, int wanted_limit)
{
    int team = 0;

    for (bool first = true; GOMP_teams4(low, high, limit, first); first = false) {
        a_league_is(wanted_teams, team, wanted_limit);
        GOMP_parallel(inside_a_region, &team, 3, 0);
        team++;
    }
    CHECK_EQ(team, wanted_teams);
}

int main(void)
{
    CHECK_EQ(omp_get_thread_limit(), INT_MAX);
    the_old_call();
    the_new_loop(0, 0, 0, 1, 2);                /* no clause */
    the_new_loop(0, 6, 3, 1, 3);                /* num_teams(6): an upper bound */
    the_new_loop(6, 6, 0, 6, 3);
    the_new_loop(2, 6, 5, 2, 5);
    the_new_loop(200, 200, 1u << 31, 200, INT_MAX);
    return 0;
}
