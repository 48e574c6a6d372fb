/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * One thread plays the initial threads of all teams of a league. */
#include "runtime/league.h"

#include <limits.h>

#include "runtime/parallel.h"

enum { TEAMS_BY_DEFAULT = 3 };          /* libgomp's choice: programs may have come to expect it */

static unsigned league_size(unsigned num_teams)
{
    if (num_teams == 0)
        num_teams = (unsigned)__atomic_load_n(&gompx_globals.num_teams, __ATOMIC_RELAXED);
    return num_teams ? num_teams : TEAMS_BY_DEFAULT;
}

static unsigned league_limit(unsigned thread_limit)
{
    return thread_limit ? thread_limit : (unsigned)__atomic_load_n(&gompx_globals.teams_thread_limit, __ATOMIC_RELAXED);
}

static void limit_threads(struct gompx_frame *f, unsigned limit)
{
    if (limit != 0)
        gompx_task_icvs_own(f->task)->thread_limit = limit < INT_MAX ? limit : INT_MAX;
}

/* A frame of level 0: nothing that looks outward goes beyond it. */
static void league_frame(struct gompx_frame *f, struct gompx_frame *outer)
{
    gompx_frame_serial(f, outer, GOMPX_BIND_LATER);
    f->outer = NULL;
    f->level = f->active_level = 0;
    f->implicit.icv = outer->task->icv;                 /* level 0 has the lists' first elements, as it has outside */
    f->implicit.parent = NULL;
}

void gompx_league_run(void (*fn)(void *), void *data, unsigned num_teams, unsigned thread_limit)
{
    struct gompx_frame *outer = gompx_frame_get(), f;

    num_teams = league_size(num_teams);                 /* both once: what a team sets is for later leagues */
    thread_limit = league_limit(thread_limit);
    for (unsigned i = 0; i < num_teams; i++) {
        league_frame(&f, outer);                        /* anew: a team's setters do not reach the next team */
        f.num_teams = num_teams;
        f.team_num = i;
        limit_threads(&f, thread_limit);
        gompx_frame_set(&f);
        fn(data);
    }
    gompx_frame_set(outer);
}

bool gompx_league_first(unsigned num_teams, unsigned thread_limit)
{
    struct gompx_frame *f = gompx_frame_get();

    limit_threads(f, thread_limit);
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
