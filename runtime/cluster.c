/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Choosing how a team meets; runs when a team changes its shape. */
#include "runtime/cluster.h"

#include "runtime/team.h"

/* Figures in docs/architecture.md. */
enum {
    MONO_MAX = 4,                       /* threads that may wait for the word that others still change */
    CENTRAL_MAX = 8,                    /* threads that may arrive on one line */
    LINES_FROM = 65,                    /* threads that are too many to poll one line */
};

enum gompx_barrier_mode gompx_cluster_mode(unsigned nthreads, enum gompx_barrier_choice choice)
{
    switch (choice) {
    case GOMPX_CHOICE_MONO:
        return GOMPX_BARRIER_MONO;
    case GOMPX_CHOICE_CENTRAL:
        return GOMPX_BARRIER_CENTRAL;
    case GOMPX_CHOICE_TREE:
        return GOMPX_BARRIER_TREE;
    default:
        return nthreads <= MONO_MAX ? GOMPX_BARRIER_MONO : nthreads <= CENTRAL_MAX ? GOMPX_BARRIER_CENTRAL : GOMPX_BARRIER_TREE;
    }
}

void gompx_cluster_team(struct gompx_team *team)
{
    unsigned n = team->nthreads;
    struct gompx_tree_plan barrier = { .first = 0, .end = n, .fanin = gompx_globals.fanin, .lines = n >= LINES_FROM };
    struct gompx_tree_plan join = { .first = 1, .end = n, .fanin = gompx_globals.fanin };
    bool tree;

    team->mode = gompx_cluster_mode(n, gompx_globals.barrier);
    tree = team->mode == GOMPX_BARRIER_TREE;
    gompx_barrier_shape(&team->barrier, tree ? &barrier : NULL, team->frame.target);
    gompx_barrier_shape(&team->join, tree ? &join : NULL, team->join_target);
    team->join_base = team->join_target;
    team->shape += team->shape == UINT32_MAX ? 2 : 1;   /* never 0 */
}
