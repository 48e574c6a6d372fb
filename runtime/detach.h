/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Detached tasks: complete when their body has ended and omp_fulfill_event() was called, in either order.
 *
 *   word = EVENT | BODY_DONE | FULFILLED | WAITER, then GONE          another value: no event
 *
 *   thread that runs the body                          fulfiller, any thread at all
 *   (A) its record is held for the event               (C) CAS(word: + FULFILLED)  [acq_rel]
 *   (B) old = fetch_or(word, BODY_DONE) [acq_rel]          old & BODY_DONE: completes the task
 *       old & FULFILLED: completes the task                old & WAITER: wakes the creator
 *
 * (B) and (C) are RMWs of one word: the second completes, once, and acquires what the first did.  An undeferred task has no
 * BODY_DONE; its creator runs the body and then waits for FULFILLED, the event lies on its stack.
 *
 * A task completed by a fulfiller is told to parent, group and successors by RMWs alone, and to its team last (`fulfilled` in
 * runtime/phase.h): the region cannot end before.  In a region without a team, tasks that are not complete when their construct
 * ends are counted in the frame: `unfulfilled` = count << 1 | WAITER. */
#ifndef GOMPX_RUNTIME_DETACH_H
#define GOMPX_RUNTIME_DETACH_H

#include "runtime/thread.h"

/* The handle is the address of one; type-stable but for undeferred tasks. */
struct gompx_event {
    uint64_t link;                      /* of the slab, when free */
    _Atomic uint32_t word;
    bool undeferred;
    struct gompx_task *task;
    struct gompx_team *team;            /* NULL: a region without one, `frame` */
    struct gompx_frame *frame;
    struct gompx_thread *self;          /* who created the task */
    struct gompx_slab *slab;
};

/* The event of `task`, a new child of the current task; NULL: no memory. */
struct gompx_event *gompx_detach_new(struct gompx_frame *f, struct gompx_task *task);

/* The same in the caller's memory, for a task that its creator waits for at once: gompx_detach_wait(). */
void gompx_detach_init(struct gompx_frame *f, struct gompx_event *event);
void gompx_detach_wait(struct gompx_frame *f, struct gompx_event *event);

/* The body of a detached task has ended. */
void gompx_detach_body_done(struct gompx_frame *f, struct gompx_task *task) GOMPX_COLD;

/* The body never runs, because it was cancelled: as if fulfilled. */
void gompx_detach_void(struct gompx_task *task);

/* The handle of a task that was cancelled before there was one: fulfilling it does nothing. */
struct gompx_event *gompx_detach_discarded(void);

/* Fulfils; once.  Any thread, known to the runtime or not.  Fatal for what is no handle, or fulfilled already. */
void gompx_detach_fulfill(struct gompx_event *event);

/* A task became ready because a detached one was fulfilled. */
void gompx_detach_inject(const struct gompx_event *event, struct gompx_task *task);

/* For gompx_await(). */
bool gompx_detach_is_fulfilled(struct gompx_event *event);
bool gompx_detach_ask(struct gompx_event *event, bool on);

/* A region without a team: one more task, one task less that is not complete; wait for all of them. */
static inline void gompx_detach_join(struct gompx_frame *f)
{
    gompx_add_rlx(&f->unfulfilled, 2);                  /* relaxed: published with the task's handle */
}
void gompx_detach_leave(struct gompx_frame *f);
void gompx_detach_wait_region_slow(struct gompx_frame *f) GOMPX_COLD;

static inline void gompx_detach_wait_region(struct gompx_frame *f)
{
    if (gompx_unlikely(gompx_load_acq(&f->unfulfilled) != 0 || f->implicit.table))  /* pairs with gompx_detach_leave() */
        gompx_detach_wait_region_slow(f);
}

#endif
