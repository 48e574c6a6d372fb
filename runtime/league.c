/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * One thread plays the initial threads of all teams of a league. */
#include "runtime/league.h"

#include <limits.h>

#include "runtime/initial.h"

enum { TEAMS_BY_DEFAULT = 3 };          /* libgomp's choice: programs may have come to expect it */

static unsigned league_size(unsigned num_teams)
{
    if (num_teams == 0)
        num_teams = (unsigned)__atomic_load_n(&gompx_globals.num_teams, __ATOMIC_RELAXED);
    return num_teams ? num_teams : TEAMS_BY_DEFAULT;
}

static unsigned threads_limit(unsigned limit)
{
    return limit ? limit : (unsigned)__atomic_load_n(&gompx_globals.teams_thread_limit, __ATOMIC_RELAXED);
}

void gompx_league_run(void (*fn)(void *), void *data, unsigned num_teams, unsigned thread_limit)
{
    struct gompx_frame *outer = gompx_frame_get();
    struct gompx_initial team;

    num_teams = league_size(num_teams);                 /* both once: what a team sets is for later leagues */
    thread_limit = threads_limit(thread_limit);
    for (unsigned i = 0; i < num_teams; i++) {
        /* Anew each time: a team's setters do not reach the next team. */
        gompx_initial_begin(&team, outer, outer->task->icv, thread_limit);
        team.frame.num_teams = num_teams;
        team.frame.team_num = i;
        fn(data);
        gompx_initial_end(&team);
    }
}

bool gompx_league_first(unsigned num_teams, unsigned thread_limit)
{
    struct gompx_frame *f = gompx_frame_get();

    if (thread_limit != 0)
        gompx_task_icvs_own(f->task)->thread_limit = thread_limit < INT_MAX ? thread_limit : INT_MAX;
    f->num_teams = num_teams ? num_teams : 1;
    f->team_num = 0;
    return true;
}

bool gompx_league_next(void)
{
    struct gompx_frame *f = gompx_frame_get();

    if (++f->team_num < f->num_teams)
        return true;
    f->num_teams = 1;
    f->team_num = 0;
    return false;
}
