/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Events; the protocol stands in runtime/detach.h. */
#include "runtime/await.h"
#include "runtime/detach.h"

#include "runtime/depend.h"
#include "runtime/phase.h"

enum {
    BODY_DONE = 1,
    FULFILLED = 2,
    WAITER = 4,
    VOIDED = 0x40000000,                /* fulfilled by the runtime: its task was cancelled before it began */
    FLAGS = 7 | VOIDED,
    /* Unlikely numbers. */
    EVENT = 0x1ea16b08,
    DISCARDED = 0x1ea16b10,
    GONE = 0x1ea16b18,
};

static struct gompx_event discarded = { .word = DISCARDED };

struct gompx_event *gompx_detach_discarded(void)
{
    return &discarded;
}

void gompx_detach_init(struct gompx_frame *f, struct gompx_event *event)
{
    event->undeferred = true;
    event->self = f->self;
    gompx_store_rlx(&event->word, EVENT);               /* the program hands the address on */
}

struct gompx_event *gompx_detach_new(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_event *event = gompx_slab_get(&f->self->slab, GOMPX_SLAB_OTHER);

    if (!event)
        return NULL;
    gompx_detach_init(f, event);
    event->undeferred = false;
    event->task = task;
    event->team = f->team;
    event->frame = f;
    event->slab = &f->self->slab;
    task->event = event;
    task->flags |= GOMPX_TASK_DETACH;
    return event;
}

static GOMPX_COLD void refuse(struct gompx_event *event, uint32_t v)
{
    if (v == DISCARDED || ((v & ~(uint32_t)FLAGS) == EVENT && (v & VOIDED)))
        return;
    if ((v & ~(uint32_t)FLAGS) == EVENT && event->undeferred)
        gompx_error("omp_fulfill_event: %p event already fulfilled!", (void *)event);
    gompx_error("omp_fulfill_event: %p event is invalid or has already been fulfilled!", (void *)event);
}

void gompx_detach_inject(const struct gompx_event *event, struct gompx_task *task)
{
    task->priority = 0;
    gompx_phase_inject(event->team, event->self, task);
}

/* Both have happened; `f` is the frame that the task ran in, or NULL for a fulfiller. */
static void complete(struct gompx_frame *f, struct gompx_event *event)
{
    struct gompx_task *task = event->task;
    struct gompx_team *team = event->team;
    struct gompx_frame *frame = event->frame;
    struct gompx_slab *slab = event->slab;

    gompx_task_complete(f, task);
    bool kept = gompx_load_rlx(&event->word) & VOIDED;                          /* its program may still fulfil it: the event stays for ever */
    gompx_store_rlx(&event->word, kept ? DISCARDED : GONE);
    gompx_task_release(f, task);
    if (kept)
        ;
    else if (f)
        gompx_slab_put(&f->self->slab, slab, GOMPX_SLAB_OTHER, event);
    else
        gompx_slab_return(slab, GOMPX_SLAB_OTHER, event);
    if (f)
        gompx_phase_executed(f);
    else if (team)
        gompx_phase_fulfilled(team);
    else
        gompx_detach_leave(frame);
}

void gompx_detach_fulfill(struct gompx_event *event)
{
    uint32_t v = event ? gompx_load_rlx(&event->word) : GONE;
    struct gompx_thread *creator;

    do {
        if (gompx_unlikely((v & ~(uint32_t)FLAGS) != EVENT || (v & FULFILLED))) {
            refuse(event, v);
            return;
        }
        creator = event->self;                          /* an undeferred task's event may be gone after (C) */
        GOMPX_STEP(detach, C);
    } while (!gompx_cas_ar(&event->word, &v, v | FULFILLED));   /* (C) */
    if (v & BODY_DONE)
        complete(NULL, event);
    else if (v & WAITER)
        gompx_nap_wake(&creator->nap);
}

void gompx_detach_body_done(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_event *event = task->event;

    gompx_task_hold(f, task);                           /* (A) */
    GOMPX_STEP(detach, B);
    if (gompx_or_ar(&event->word, BODY_DONE) & FULFILLED)   /* (B) */
        complete(f, event);
}

void gompx_detach_void(struct gompx_task *task)
{
    uint32_t v;

    if (!(task->flags & GOMPX_TASK_DETACH))
        return;
    v = gompx_load_rlx(&task->event->word);
    while (!(v & FULFILLED) && !gompx_cas_ar(&task->event->word, &v, v | FULFILLED | VOIDED))   /* (C) */
        continue;
}

bool gompx_detach_is_fulfilled(struct gompx_event *event)
{
    return gompx_load_acq(&event->word) & FULFILLED;    /* pairs with (C) */
}

bool gompx_detach_ask(struct gompx_event *event, bool on)
{
    return (on ? gompx_or_ar(&event->word, WAITER) : gompx_and_ar(&event->word, ~(uint32_t)WAITER)) & FULFILLED;
}

void gompx_detach_wait(struct gompx_frame *f, struct gompx_event *event)
{
    if (!gompx_detach_is_fulfilled(event))
        gompx_await(f, GOMPX_AWAIT_EVENT, event);
}

void gompx_detach_leave(struct gompx_frame *f)
{
    struct gompx_thread *self = f->self;                /* the frame may be gone after the subtraction */
    uint32_t v = gompx_sub_ar(&f->unfulfilled, 2) - 2;  /* releases to gompx_detach_wait_region() */

    if (v == 1)
        gompx_nap_wake(&self->nap);
}

void gompx_detach_wait_region_slow(struct gompx_frame *f)
{
    if (gompx_load_acq(&f->unfulfilled) != 0)           /* pairs with gompx_detach_leave() */
        gompx_await(f, GOMPX_AWAIT_FRAME, f);
    if (f->implicit.table)
        gompx_depend_forget(f, &f->implicit);
}
