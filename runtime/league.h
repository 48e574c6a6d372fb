/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Leagues: the teams construct.  The initial threads of a league are one and the same thread, the caller's, one after
 * the other; the regions that each of them meets use the caller's hot teams.  Source: OpenMP 5.2, section 10.2. */
#ifndef GOMPX_RUNTIME_LEAGUE_H
#define GOMPX_RUNTIME_LEAGUE_H

#include <stdbool.h>

/* Runs fn(data) once as the initial task of each of `num_teams` teams (0: as OMP_NUM_TEAMS says, else 3), each a
 * contention group of at most `thread_limit` threads (0: as OMP_TEAMS_THREAD_LIMIT says, else unchanged). */
void gompx_league_run(void (*fn)(void *), void *data, unsigned num_teams, unsigned thread_limit);

/* The same as a loop in compiled code, in the frame of level 0 that a target region has made: `first` begins with
 * team 0, `next` goes on to the next one; false: that was the last, the league is gone. */
bool gompx_league_first(unsigned num_teams, unsigned thread_limit);
bool gompx_league_next(void);

#endif
