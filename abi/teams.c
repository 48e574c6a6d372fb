/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The teams construct: on the host, and as the body of a target region that runs on the host. */
#include "abi/abi.h"
#include "runtime/league.h"

GOMPX_ENTRY(void, GOMP_teams_reg, void (*fn)(void *), void *data, unsigned num_teams, unsigned thread_limit, unsigned flags)
{
    (void)flags;                                        /* none is defined */
    gompx_league_run(fn, data, num_teams, thread_limit);
}

GOMPX_ENTRY(bool, GOMP_teams4, unsigned low, unsigned high, unsigned thread_limit, bool first)
{
    (void)high;                                         /* `low` teams are enough */
    return first ? gompx_league_first(low, thread_limit) : gompx_league_next();
}

GOMPX_ENTRY(void, GOMP_teams, unsigned num_teams, unsigned thread_limit)
{
    (void)num_teams;                                    /* an upper bound; the body is run once */
    gompx_league_first(1, thread_limit);
}
