/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How the members of a team meet: the mode of its barriers (sync/barrier.h), and which of them share a node of the tree.
 *
 * The mode depends on how many threads there are and how many of them can run at once; GOMPX_BARRIER overrides.  Threads that
 * are bound to places meet under their cache first, others beside those of neighbouring numbers.  All members must agree on
 * it: the primary chooses between regions, and each worker takes it when it sees that the team's shape has changed. */
#ifndef GOMPX_RUNTIME_CLUSTER_H
#define GOMPX_RUNTIME_CLUSTER_H

#include "runtime/icv.h"
#include "sync/barrier.h"

struct gompx_team;

/* The mode for `nthreads` threads on `procs` CPUs. Pure. */
enum gompx_barrier_mode gompx_cluster_mode(unsigned nthreads, unsigned procs, enum gompx_barrier_choice choice);

/* The team has a new number of threads, or its seats have been dealt anew: sets up its barrier and its join.  By the primary,
 * between regions. */
void gompx_cluster_team(struct gompx_team *team);

#endif
