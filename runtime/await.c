/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What a suspended task waits for, by its kind; and the wait. */
#include "runtime/await.h"

#include "runtime/depend.h"
#include "runtime/doze.h"
#include "runtime/search.h"

struct awaited {
    enum gompx_await_kind kind;
    void *object;
};

static bool has_come(struct gompx_frame *f, const struct awaited *await)
{
    struct gompx_taskgroup *group;

    switch (await->kind) {
    case GOMPX_AWAIT_CHILDREN:
        return gompx_task_outstanding(await->object) == 0;
    case GOMPX_AWAIT_GROUP:
        group = await->object;
        return (gompx_load_acq(&group->pend) >> 2)      /* pairs with the credit of others */
             + (f->self->tasks.credit_group == group ? f->self->tasks.credit : 0) == 0;
    case GOMPX_AWAIT_NODE:
        return gompx_depend_is_ready(await->object);
    case GOMPX_AWAIT_EVENT:
        return gompx_detach_is_fulfilled(await->object);
    default:
        return gompx_load_acq(&f->unfulfilled) >> 1 == 0;   /* pairs with gompx_detach_leave() */
    }
}

/* Asks for a wake-up when it comes, from now on (`on`) or no longer.  True: it has come. */
static bool ask(struct gompx_frame *f, const struct awaited *await, bool on)
{
    struct gompx_task *task = await->object;
    struct gompx_taskgroup *group = await->object;
    int64_t extra = on ? GOMPX_PEND_WAITER : -GOMPX_PEND_WAITER;

    switch (await->kind) {
    case GOMPX_AWAIT_CHILDREN:
        extra += (int64_t)task->kids * GOMPX_PEND_ONE;
        task->kids = 0;
        return (gompx_add_ar(&task->pend, extra) + extra) >> 2 == 0;    /* (B) of runtime/task.h */
    case GOMPX_AWAIT_GROUP:
        if (f->self->tasks.credit_group == group) {
            extra += f->self->tasks.credit * GOMPX_PEND_ONE;
            f->self->tasks.credit = 0;
        }
        return (gompx_add_ar(&group->pend, extra) + extra) >> 2 == 0;
    case GOMPX_AWAIT_NODE:
        return gompx_depend_ask(await->object, on);
    case GOMPX_AWAIT_EVENT:
        return gompx_detach_ask(await->object, on);
    default:
        return (gompx_add_ar(&f->unfulfilled, (uint32_t)extra) + (uint32_t)extra) >> 1 == 0;
    }
}

enum { VAIN_OFFERS = 2, DEAF_NAP_MS = 1 };

/* A waiting task that was offered work which it may not run, twice, asks for no more; it looks for itself now and then. */
static void await_doze(struct gompx_frame *f, const struct awaited *await, int *vain, struct gompx_lull *lull)
{
    bool offer = !f->team || *vain < VAIN_OFFERS;

    gompx_doze_arm(f, offer);
    if (!ask(f, await, true)) {
        GOMPX_STEP(phase, T);
        if (offer)
            gompx_fence_heavy();
        if (offer && gompx_search_is_work_about(f)) {
            ++*vain;
            gompx_search_at_once(&f->self->tasks);
        } else if (offer) {
            gompx_doze(f, &lull->ms);
        } else {
            lull->ms = lull->ms ? lull->ms : DEAF_NAP_MS;
            gompx_doze_ms(f, &lull->ms);
            gompx_search_at_once(&f->self->tasks);
        }
    }
    gompx_doze_end(f);
    ask(f, await, false);
}

static void await_slow(struct gompx_frame *f, const struct awaited *await)
{
    struct gompx_task_local *local = &f->self->tasks;
    struct gompx_lull lull = { .on = false };
    bool told = false, woken = false;
    int vain = 0;

    while (!has_come(f, await)) {
        struct gompx_task *task = gompx_search_find(f, f->task, NULL, NULL);

        if (task) {
            gompx_lull_end(&lull);
            gompx_task_run(f, task);
            told = woken = false;
            vain = 0;
            continue;
        }
        if (!told) {
            told = true;
            gompx_task_credit_flush(local);
            gompx_slab_flush(&f->self->slab);
            continue;
        }
        if (woken && f->team && gompx_search_is_work_about(f))
            gompx_doze_wake_one(f);                    /* an offer that I cannot use: somebody else perhaps */
        woken = false;
        if (gompx_likely(gompx_lull_once(f, &lull)))
            continue;
        lull.spin.slept = true;
        await_doze(f, await, &vain, &lull);
        woken = true;
    }
    gompx_lull_end(&lull);
    if (local->credit != 0 && local->credit_group != f->task->group)
        gompx_task_credit_flush(local);                 /* the current task may go on for long */
}

void gompx_await(struct gompx_frame *f, enum gompx_await_kind kind, void *object)
{
    struct awaited await = { kind, object };

    await_slow(f, &await);
}

void gompx_await_children(struct gompx_frame *f)
{
    struct gompx_task *task = f->task;
    struct awaited await = { GOMPX_AWAIT_CHILDREN, task };

    /* Most children are where they were put; priorities are looked after by find(). */
    if (f->team && f->opened == f->phase && gompx_globals.max_task_priority == 0)
        while (gompx_task_outstanding(task) != 0) {
            struct gompx_task *child = gompx_search_own_pop(f, task);

            if (!child)
                break;
            gompx_task_run(f, child);
        }
    if (gompx_task_outstanding(task) != 0)
        await_slow(f, &await);
    else if (f->self->tasks.credit != 0 && f->self->tasks.credit_group != task->group)
        gompx_task_credit_flush(&f->self->tasks);
}
