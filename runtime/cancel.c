/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A cancelled region is known by the alarm of its barrier, which waiting threads poll anyway; it is taken back when all have
 * joined.  A cancelled work share is known by `ws_cancel` = the canceller's barrier target: all threads inside one work share
 * that ends with a barrier have the same, and the threads that come out of the barrier take it back. */
#include "runtime/cancel.h"

#include "runtime/phase.h"

/* A work share with task reductions opened its group itself: the program's own is further out. */
static struct gompx_taskgroup *group_of(const struct gompx_frame *f)
{
    struct gompx_taskgroup *group = f->task->group;

    while (group && group->workshare)
        group = group->outer;
    return group;
}

static bool region_cancelled(const struct gompx_frame *f)
{
    return f->team ? gompx_barrier_cancelled(&f->team->barrier, f->mode) : f->cancelled & GOMPX_CANCEL_PARALLEL;
}

/* The thread goes to the end of the region: nobody may wait for it to leave a work share. team_repair() undoes this. */
static bool region_leave(struct gompx_frame *f)
{
    if (f->team)
        gompx_store_rel(&f->member->ws_done, f->ws_seq + (1u << 30));  /* pairs with window_wait() */
    return true;
}

/* All have left the work share whose stamp is `target`; the number comes again after 2^31 arrivals, the stamp must not. */
static void work_share_forget(struct gompx_team *team, uint32_t target)
{
    if (gompx_unlikely(gompx_load_rlx(&team->ws_cancel) == target))
        gompx_cas_rlx(&team->ws_cancel, &target, 1);    /* a thread ahead may have cancelled the next one: leave that */
}

bool gompx_cancel_barrier(struct gompx_frame *f)
{
    uint32_t target = f->target;

    if (gompx_team_barrier_cancel(f))
        return region_leave(f);
    if (f->team)
        work_share_forget(f->team, target);
    return false;
}

bool gompx_cancel(struct gompx_frame *f, unsigned kind)
{
    struct gompx_team *team = f->team;
    struct gompx_taskgroup *group;

    if (!gompx_globals.cancellation)
        return false;
    switch (kind) {
    case GOMPX_CANCEL_LOOP:
    case GOMPX_CANCEL_SECTIONS:
        if (team)
            gompx_store_rlx(&team->ws_cancel, f->target);   /* relaxed: only asks others to hurry */
        return true;
    case GOMPX_CANCEL_TASKGROUP:
        group = group_of(f);
        if (group)
            gompx_store_rel(&group->cancelled, 1);
        return true;
    case GOMPX_CANCEL_PARALLEL:
        if (team) {
            gompx_barrier_cancel(&team->barrier, f->mode);
            gompx_doze_wake_all(team->member, team->nthreads);
        } else
            f->cancelled |= GOMPX_CANCEL_PARALLEL;
        return region_leave(f);
    default:
        return false;
    }
}

bool gompx_cancellation_point(struct gompx_frame *f, unsigned kind)
{
    struct gompx_taskgroup *group;

    if (!gompx_globals.cancellation)
        return false;
    switch (kind) {
    case GOMPX_CANCEL_LOOP:
    case GOMPX_CANCEL_SECTIONS:
        return f->team && gompx_load_rlx(&f->team->ws_cancel) == f->target;
    case GOMPX_CANCEL_TASKGROUP:
        group = group_of(f);
        if (group && gompx_load_acq(&group->cancelled))     /* pairs with the release in gompx_cancel() */
            return true;
        return region_cancelled(f);
    case GOMPX_CANCEL_PARALLEL:
        return region_cancelled(f) && region_leave(f);
    default:
        return false;
    }
}

/* A cancelled group takes the groups inside it along. */
static bool group_cancelled(const struct gompx_taskgroup *group)
{
    for (; group; group = group->outer)
        if (!group->workshare && gompx_load_acq((_Atomic uint32_t *)&group->cancelled))     /* pairs with gompx_cancel() */
            return true;
    return false;
}

bool gompx_cancel_voids_task(struct gompx_frame *f, const struct gompx_task *task)
{
    return group_cancelled(task->group) || region_cancelled(f);
}

bool gompx_cancel_discards_task(struct gompx_frame *f)
{
    return gompx_globals.cancellation && gompx_cancel_voids_task(f, f->task);
}
