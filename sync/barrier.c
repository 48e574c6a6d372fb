/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The cold parts of the barrier in sync/barrier.h, and the tree. */
#include "sync/barrier.h"

#include "sync/futex.h"

void gompx_barrier_wake(struct gompx_barrier *b, enum gompx_barrier_mode mode)
{
    bool mono = mode == GOMPX_BARRIER_MONO;

    /* In the others the exchange has cleared SLEEP already. */
    if (mono)
        gompx_and_ar(&b->arrive, ~GOMPX_SLEEP);         /* acq_rel: stays in the release sequence of the arrivals */
    gompx_wait_waking();
    gompx_futex_wake_all(mono ? &b->arrive : &b->sense);
}

/* ---- tree ---- */

static inline void tree_release(struct gompx_barrier *b, uint32_t target)
{
    const struct gompx_tree *tree = &b->tree;
    uint32_t old;

    for (unsigned i = 0; i < tree->lines; i++)
        gompx_store_rel(&tree->line[i].sense, target);  /* (L), pairs with (D); stores, so that they overlap */
    GOMPX_STEP(barrier, L);
    old = gompx_xchg_ar(&b->sense, target);             /* (B) */
    GOMPX_STEP(barrier, B);
    if (gompx_unlikely(old & GOMPX_SLEEP))
        gompx_barrier_wake(b, GOMPX_BARRIER_TREE);
}

enum gompx_arrival gompx_barrier_climb(struct gompx_barrier *b, uint32_t target, uint32_t tid, uint32_t round)
{
    struct gompx_tree_up up = b->tree.seat[tid].up;

    for (struct gompx_tree_node *node; (node = up.node) != NULL; up = node->up) {
        if (gompx_add_ar(&node->count, up.weight) + up.weight != target)    /* (N) */
            return GOMPX_ARRIVED;
        GOMPX_STEP(barrier, N);
    }
    if (gompx_add_ar(&b->arrive, up.weight) + up.weight != target)          /* (A); nobody sleeps on this word in tree */
        return GOMPX_ARRIVED;
    if (gompx_unlikely(gompx_load_rlx(&b->sense_call) == round))            /* as in gompx_barrier_arrive() */
        return GOMPX_ARRIVED_CALLED;
    tree_release(b, target);
    return GOMPX_ARRIVED_LAST;
}

enum gompx_wait_end gompx_barrier_wait_below(struct gompx_barrier *b, uint32_t target, uint32_t tid, uint32_t round,
                                             _Atomic uint32_t *alarm, struct gompx_waiter *me)
{
    return gompx_wait_reach_near(b->tree.seat[tid].sense, &b->sense, target, &b->sense_call, round, alarm, me);
}

/* ---- all modes ---- */

void gompx_barrier_release(struct gompx_barrier *b, uint32_t target, enum gompx_barrier_mode mode)
{
    if (mode == GOMPX_BARRIER_TREE)
        tree_release(b, target);
    else if (gompx_xchg_ar(&b->sense, target) & GOMPX_SLEEP)    /* as (B) */
        gompx_barrier_wake(b, mode);
}

void gompx_barrier_cancel(struct gompx_barrier *b, enum gompx_barrier_mode mode)
{
    if (mode == GOMPX_BARRIER_MONO)
        gompx_alarm_raise(&b->arrive, &b->arrive_alarm, 1);
    else
        gompx_alarm_raise(&b->sense, &b->sense_alarm, 1);
}

bool gompx_barrier_call(struct gompx_barrier *b, enum gompx_barrier_mode mode, uint32_t round)
{
    return gompx_alarm_raise(mode == GOMPX_BARRIER_MONO ? &b->arrive : &b->sense, gompx_barrier_call_word(b, mode), round);
}

static void count_set(struct gompx_barrier *b, uint32_t count)
{
    gompx_store_rlx(&b->arrive, count);
    gompx_store_rlx(&b->sense, count);
    gompx_store_rlx(&b->arrive_alarm, 0);
    gompx_store_rlx(&b->sense_alarm, 0);
}

uint32_t gompx_barrier_recount(struct gompx_barrier *b, enum gompx_barrier_mode mode)
{
    uint32_t count = gompx_load_rlx(&b->arrive) & ~GOMPX_SLEEP;

    if (mode == GOMPX_BARRIER_TREE) {
        count = gompx_tree_count(&b->tree, count);      /* some arrived at nodes that were never complete */
        gompx_tree_set(&b->tree, count);
    }
    count_set(b, count);
    return count;
}

void gompx_barrier_shape(struct gompx_barrier *b, const struct gompx_tree_plan *plan, uint32_t count)
{
    if (plan)
        gompx_tree_build(&b->tree, plan, &b->sense, count);
    count_set(b, count);
}
