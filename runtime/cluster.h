/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How the members of a team meet: the mode of its barriers (sync/barrier.h), and which of them share a node of the tree.
 *
 * The mode depends on the number of threads; GOMPX_BARRIER overrides.  All members must agree on it: the primary chooses
 * between regions, and each worker takes it when it sees that the team's shape has changed. */
#ifndef GOMPX_RUNTIME_CLUSTER_H
#define GOMPX_RUNTIME_CLUSTER_H

#include "runtime/icv.h"
#include "sync/barrier.h"

struct gompx_team;

/* The mode for `nthreads` threads. Pure. */
enum gompx_barrier_mode gompx_cluster_mode(unsigned nthreads, enum gompx_barrier_choice choice);

/* The team has a new number of threads: sets up its barrier and its join.  By the primary, between regions. */
void gompx_cluster_team(struct gompx_team *team);

#endif
