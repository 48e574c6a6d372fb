/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The life of a task: record, run, end; taskgroups; taskwait.  The counts are explained in runtime/task.h. */
#include "runtime/await.h"
#include "runtime/task.h"

#include <stdlib.h>

#include "runtime/cancel.h"
#include "runtime/depend.h"
#include "runtime/detach.h"
#include "runtime/phase.h"
#include "runtime/search.h"
#include "runtime/stack.h"
#include "runtime/thread.h"

struct gompx_icvs *gompx_task_icvs_copy(struct gompx_task *task)
{
    if (!task->own) {
        task->own = malloc(sizeof *task->own);
        if (!task->own)
            gompx_fatal("out of memory allocating %zu bytes", sizeof *task->own);
        task->flags |= GOMPX_TASK_OWN_ICVS;
    }
    *task->own = *task->icv;
    task->icv = task->own;
    return task->own;
}

/* The block belongs to a task of this thread that goes on later and may then change it: to the current one, or to one that waits
 * for the current one, which is undeferred. */
static bool icvs_may_change(const struct gompx_task *task)
{
    const struct gompx_icvs *icv = task->icv;

    while (task->own != icv && (task->flags & (GOMPX_TASK_ON_STACK | GOMPX_TASK_PROMOTED)))
        task = gompx_load_rlx(&task->parent);
    return task->own == icv;
}

/* ---- credit ---- */

void gompx_task_credit_flush(struct gompx_task_local *local)
{
    struct gompx_taskgroup *group = local->credit_group;
    int64_t n = local->credit * GOMPX_PEND_ONE;

    if (n == 0)
        return;
    struct gompx_thread *opener = group->opener;        /* the group may be gone after the addition */
    local->credit = 0;
    GOMPX_STEP(task, G);
    n += gompx_add_ar(&group->pend, n);                 /* releases what the members did to the opener's acquire */
    if (gompx_unlikely((n >> 2) == 0 && (n & GOMPX_PEND_WAITER)))
        gompx_nap_wake(&opener->nap);
}

void gompx_task_credit_turn(struct gompx_task_local *local, struct gompx_taskgroup *group)
{
    gompx_task_credit_flush(local);
    local->credit_group = group;
}

void gompx_task_credit_draw(struct gompx_task_local *local)
{
    enum { DRAW = 32 };

    gompx_add_rlx(&local->credit_group->pend, (int64_t)DRAW * GOMPX_PEND_ONE);  /* relaxed: the creator is a member that is counted */
    local->credit -= DRAW;
}

/* ---- record ---- */

struct gompx_task *gompx_task_new(struct gompx_frame *f, struct gompx_task *parent, unsigned class)
{
    struct gompx_slab *slab = &f->self->slab;
    struct gompx_task *task = gompx_slab_get(slab, class), *from = f->task;

    if (gompx_unlikely(!task))
        return NULL;
    gompx_store_rlx(&task->parent, parent);
    task->group = from->group;
    task->icv = from->icv;
    task->flags = GOMPX_TASK_EXPLICIT | class << GOMPX_TASK_CLASS_SHIFT;
    gompx_store_rlx(&task->depth, gompx_load_rlx(&parent->depth) + 1);
    task->kids = 0;
    gompx_store_rlx(&task->parent_gen, gompx_load_rlx(&parent->gen));
    gompx_store_rlx(&task->pend, 0);
    task->own = NULL;
    task->slab = slab;
    task->block = NULL;
    task->table = NULL;
    task->node = NULL;
    if (gompx_unlikely(icvs_may_change(from)))
        gompx_task_icvs_copy(task);
    return task;
}

/* Nobody counts on the record any more. */
static void record_free(struct gompx_frame *f, struct gompx_task *task)
{
    if (gompx_unlikely(task->flags & (GOMPX_TASK_OWN_ICVS | GOMPX_TASK_PROMOTED)) && (task->flags & GOMPX_TASK_OWN_ICVS))
        free(task->own);
    if (gompx_unlikely(task->block != NULL) && !(task->flags & GOMPX_TASK_PROMOTED))
        free(task->block);
    gompx_store_rlx(&task->parent, NULL);               /* which may have stood on a stack */
    gompx_store_rlx(&task->gen, gompx_load_rlx(&task->gen) + 1);    /* single writer; who misses it is refused by the deque */
    if (f)
        gompx_slab_put(&f->self->slab, task->slab, task->flags >> GOMPX_TASK_CLASS_SHIFT, task);
    else
        gompx_slab_return(task->slab, task->flags >> GOMPX_TASK_CLASS_SHIFT, task);
}

void gompx_task_discard(struct gompx_frame *f, struct gompx_task *task)
{
    record_free(f, task);
}

struct gompx_task *gompx_task_promote(struct gompx_frame *f)
{
    struct gompx_task *old = f->task, *parent = gompx_load_rlx(&old->parent), *task;

    if (parent && (parent->flags & GOMPX_TASK_ON_STACK)) {
        f->task = parent;                               /* outer ones first: f->task is the one to be promoted */
        parent = gompx_task_promote(f);
        f->task = old;
        if (!parent)
            return NULL;
        gompx_store_rlx(&old->parent, parent);
    }
    task = gompx_slab_get(&f->self->slab, 0);
    if (!task)
        return NULL;
    gompx_store_rlx(&task->parent, parent);
    task->group = old->group;
    task->icv = old->icv;
    task->flags = (old->flags & ~(uint32_t)GOMPX_TASK_ON_STACK) | GOMPX_TASK_PROMOTED;
    gompx_store_rlx(&task->depth, gompx_load_rlx(&old->depth));
    task->kids = 0;
    task->base = f->team ? gompx_deque_mark(&f->member->deque) : 0;
    gompx_store_rlx(&task->parent_gen, parent ? gompx_load_rlx(&parent->gen) : 0);
    gompx_store_rlx(&task->pend, 0);
    gompx_store_rlx(&task->runner, f->self);
    task->own = old->own;
    task->slab = &f->self->slab;
    task->block = old;
    task->table = NULL;
    task->node = NULL;
    f->task = task;
    return task;
}

/* ---- end ---- */

/* The body is over and nobody will ask for the task any more; its children may still need the record. */
static inline void retire(struct gompx_frame *f, struct gompx_task *task)
{
    int64_t n;

    if (gompx_unlikely(task->table != NULL))
        gompx_depend_forget(f, task);
    if (gompx_likely(gompx_task_outstanding(task) == 0)) {
        record_free(f, task);
        return;
    }
    gompx_store_rlx(&task->runner, NULL);               /* children that this thread finishes from now on are counted in pend */
    n = (int64_t)task->kids * GOMPX_PEND_ONE + GOMPX_PEND_ENDED;
    GOMPX_STEP(task, C);
    if ((gompx_add_ar(&task->pend, n) + n) >> 2 == 0)   /* (C): acquire, for the record is to be used anew */
        record_free(f, task);
}

void gompx_task_retire(struct gompx_frame *f, struct gompx_task *task)
{
    retire(f, task);
}

void gompx_task_hold(struct gompx_frame *f, struct gompx_task *task)
{
    if (task->table)
        gompx_depend_forget(f, task);
    gompx_store_rlx(&task->runner, NULL);               /* as in retire(); the event counts as one more child */
    gompx_add_ar(&task->pend, ((int64_t)task->kids + 1) * GOMPX_PEND_ONE + GOMPX_PEND_ENDED);
}

void gompx_task_release(struct gompx_frame *f, struct gompx_task *task)
{
    if ((gompx_sub_ar(&task->pend, GOMPX_PEND_ONE) - GOMPX_PEND_ONE) >> 2 == 0)     /* (E), and ENDED is set */
        record_free(f, task);
}

static void child_done_elsewhere(struct gompx_frame *f, struct gompx_task *parent)
{
    struct gompx_thread *runner = gompx_load_rlx(&parent->runner);      /* (D) */
    int64_t n;

    GOMPX_STEP(task, E);
    n = gompx_sub_ar(&parent->pend, GOMPX_PEND_ONE) - GOMPX_PEND_ONE;   /* (E): release to (A), (B), (C) */
    if (gompx_likely((n >> 2) != 0))
        return;
    if (n & GOMPX_PEND_ENDED)
        record_free(f, parent);
    else if ((n & GOMPX_PEND_WAITER) && runner)
        gompx_nap_wake(&runner->nap);
}

void gompx_task_complete(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_task *parent = gompx_load_rlx(&task->parent);
    struct gompx_taskgroup *group = task->group;

    if (gompx_unlikely(task->node != NULL))
        gompx_depend_release(f, task);
    if (group && f) {
        gompx_task_credit_finished(&f->self->tasks, group);
    } else if (group) {
        struct gompx_task_local once = { .credit_group = group, .credit = -1 };

        gompx_task_credit_flush(&once);
    }
    if (f && gompx_likely(gompx_load_rlx(&parent->runner) == f->self))
        parent->kids--;
    else
        child_done_elsewhere(f, parent);
}

/* ---- run ---- */

/* Cancelled before it began. */
static bool is_void(struct gompx_frame *f, const struct gompx_task *task)
{
    return gompx_globals.cancellation && !(task->flags & GOMPX_TASK_COPIED) && gompx_cancel_voids_task(f, task);
}

void gompx_task_run(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_task *outer = f->task;
    struct gompx_task_local *local = &f->self->tasks;

    if (gompx_unlikely(local->credit != 0 && local->credit_group != task->group))
        gompx_task_credit_flush(local);                 /* the task may take long */
    task->base = f->team ? gompx_deque_mark(&f->member->deque) : 0;
    gompx_store_rlx(&task->runner, f->self);
    f->task = task;
    if (gompx_unlikely(is_void(f, task)))
        gompx_detach_void(task);
    else
        gompx_stack_call(local, task->fn, task->arg);
    f->task = outer;
    if (gompx_unlikely(task->flags & GOMPX_TASK_DETACH)) {
        gompx_detach_body_done(f, task);
        return;
    }
    gompx_phase_executed(f);
    gompx_task_complete(f, task);
    retire(f, task);
}

/* ---- taskgroup ---- */

static GOMPX_COLD struct gompx_taskgroup *group_allocate(void)
{
    return gompx_lines_alloc(sizeof(struct gompx_taskgroup));
}

void gompx_task_group_enter(struct gompx_frame *f, struct gompx_taskgroup *group)
{
    struct gompx_taskgroup *outer = f->task->group;

    group->outer = outer;
    group->reductions = outer ? outer->reductions : NULL;
    group->opener = f->self;
    group->workshare = false;
    group->allocated = false;
    gompx_store_rlx(&group->cancelled, 0);              /* nobody else knows the group yet */
    gompx_store_rlx(&group->pend, 0);
    f->task->group = group;
}

struct gompx_taskgroup *gompx_task_group_start(struct gompx_frame *f)
{
    struct gompx_task_local *local = &f->self->tasks;
    bool room = gompx_likely(local->groups_used < GOMPX_TASK_GROUPS);
    struct gompx_taskgroup *group = room ? &local->groups[local->groups_used++] : group_allocate();

    gompx_task_group_enter(f, group);
    group->allocated = !room;
    return group;
}

void gompx_task_group_end(struct gompx_frame *f)
{
    struct gompx_task_local *local = &f->self->tasks;
    struct gompx_taskgroup *group = f->task->group;
    bool credited;

    if (gompx_unlikely(!group))
        return;
    credited = local->credit_group == group;
    if (gompx_unlikely((credited && local->credit != 0) || gompx_load_acq(&group->pend) != 0))  /* pairs with credit_flush() */
        gompx_await(f, GOMPX_AWAIT_GROUP, group);
    if (local->credit_group == group)
        local->credit = 0;                              /* what pend lacks; both end here */
    f->task->group = group->outer;
    if (gompx_unlikely(group->allocated))
        free(group);
    else if (group >= local->groups && group < local->groups + GOMPX_TASK_GROUPS)
        local->groups_used = (uint32_t)(group - local->groups);
}

/* ---- taskwait ---- */

void gompx_task_wait(struct gompx_frame *f)
{
    if (gompx_task_outstanding(f->task) != 0)
        gompx_await_children(f);
}

void gompx_task_yield(struct gompx_frame *f)
{
    gompx_search_run_one(f);
}
