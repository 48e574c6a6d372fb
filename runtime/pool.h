/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The one reservoir of workers, and of the objects that are recycled and never freed.  Cold paths: a mutex. */
#ifndef GOMPX_RUNTIME_POOL_H
#define GOMPX_RUNTIME_POOL_H

#include "runtime/team.h"

/* Gives `team` the workers [from, to): idle ones first, new threads after.  They wait for the team's next ring.  Returns
 * the number up to which it succeeded; less than `to` when the system refuses threads (one warning per process). */
unsigned gompx_pool_take(struct gompx_team *team, unsigned from, unsigned to);

/* An unused team object, or a new one; zeroed apart from words that late readers may still look at. */
struct gompx_team *gompx_pool_team_get(void);
void gompx_pool_team_put(struct gompx_team *team);

/* Thread objects likewise; NULL from get: none unused. */
struct gompx_thread *gompx_pool_thread_get(void);
void gompx_pool_thread_put(struct gompx_thread *thread);

/* fork(): before, and in both processes after.  The child has no workers. */
void gompx_pool_fork_prepare(void);
void gompx_pool_fork_parent(void);
void gompx_pool_fork_child(void);

/* A thread of the program becomes known, or ends.  After the last has ended idle workers end soon. */
void gompx_pool_host_begins(void);
void gompx_pool_host_ends(void);

/* omp_pause_resource: idle workers end, and all others that now exist when they become idle; none of them is leased again. */
void gompx_pool_drain(void);

#endif
