/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Choosing how a team meets; runs when a team changes its shape or its places. */
#include "runtime/cluster.h"

#include <stdlib.h>

#include "affinity/near.h"
#include "runtime/bind.h"
#include "runtime/team.h"

/* Figures in docs/architecture.md. */
enum {
    MONO_MAX = 4,                       /* threads that may wait for the word that others still change */
    CENTRAL_MAX = 8,                    /* threads that may arrive on one line at the same time */
    ONE_LINE_MAX = 16,                  /* threads of a tree that may wait for one line */
};

enum gompx_barrier_mode gompx_cluster_mode(unsigned nthreads, unsigned procs, enum gompx_barrier_choice choice)
{
    switch (choice) {
    case GOMPX_CHOICE_MONO:
        return GOMPX_BARRIER_MONO;
    case GOMPX_CHOICE_CENTRAL:
        return GOMPX_BARRIER_CENTRAL;
    case GOMPX_CHOICE_TREE:
        return GOMPX_BARRIER_TREE;
    default:
        return nthreads <= MONO_MAX ? GOMPX_BARRIER_MONO
             : nthreads <= CENTRAL_MAX || procs <= CENTRAL_MAX ? GOMPX_BARRIER_CENTRAL : GOMPX_BARRIER_TREE;
    }
}

/* By CPU; found out once. */
static const struct gompx_near *machine_near(void)
{
    static struct gompx_near *_Atomic known;
    struct gompx_near *near = gompx_load_acq(&known), *other = NULL;
    const struct gompx_cpuset *mask = gompx_icv_mask();

    if (near || mask->size == 0)
        return near;
    near = malloc(mask->size * sizeof *near);
    if (!near)
        return NULL;
    gompx_near_read("", mask, near);
    if (gompx_cas_ar(&known, &other, near))             /* acq_rel: pairs with the load, and with itself */
        return near;
    free(near);
    return gompx_load_acq(&known);
}

/* Where the members are; NULL: they are not bound, or nothing is known.  A member whose place is more than one cache counts by
 * the first CPU of the place, one whose mask others have changed by the seat that it was dealt: what meets whom is a matter of
 * cost only. */
static const struct gompx_tree_place *places_find(struct gompx_team *team)
{
    const struct gompx_binding *b = team->binding;
    const struct gompx_near *near = gompx_bind_on() && b && b->domain->count > 0 ? machine_near() : NULL;
    struct gompx_cpuset mask;

    if (!near)
        return NULL;
    if (team->placed < team->nthreads) {
        team->place = gompx_lines_alloc(team->capacity * sizeof *team->place);
        team->placed = team->capacity;
    }
    for (unsigned i = 0; i < team->nthreads; i++) {
        unsigned cpu;

        gompx_domain_mask(b->domain, b->seat[i].place, &mask);
        cpu = gompx_cpuset_next(&mask, 0);
        if (cpu == GOMPX_CPU_NONE || cpu >= gompx_icv_mask()->size)
            return NULL;
        team->place[i] = (struct gompx_tree_place){ near[cpu].cache, near[cpu].memory };
    }
    return team->place;
}

static bool is_spread(const struct gompx_tree_place *place, unsigned n)
{
    for (unsigned i = 1; place && i < n; i++)
        if (place[i].memory != place[0].memory)
            return true;
    return false;
}

void gompx_cluster_team(struct gompx_team *team)
{
    unsigned n = team->nthreads;
    struct gompx_tree_plan barrier = { .end = n, .fanin = gompx_globals.fanin }, join;
    bool tree;

    team->mode = gompx_cluster_mode(n, gompx_icv_num_procs(), gompx_globals.barrier);
    tree = team->mode == GOMPX_BARRIER_TREE;
    if (tree)
        barrier.place = places_find(team);
    join = barrier;
    join.first = 1;                                     /* the primary alone waits */
    barrier.lines = n > ONE_LINE_MAX || is_spread(barrier.place, n);
    gompx_barrier_shape(&team->barrier, tree ? &barrier : NULL, team->frame.target);
    gompx_barrier_shape(&team->join, tree ? &join : NULL, team->join_target);
    team->join_base = team->join_target;
    team->shape += team->shape == UINT32_MAX ? 2 : 1;   /* never 0 */
}
