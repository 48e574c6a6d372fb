/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A member looks for a task to run: in the team's queue, in its own deque, in those of the others. */
#ifndef GOMPX_RUNTIME_SEARCH_H
#define GOMPX_RUNTIME_SEARCH_H

#include "runtime/team.h"

/* What an implicit task finds in its thread's deque are its descendants, as it is for any task above its mark; a task on the stack
 * has none. */
static inline struct gompx_task *gompx_search_own_pop(struct gompx_frame *f, const struct gompx_task *within)
{
    struct gompx_deque *own = &f->member->deque;

    if (!within || !(within->flags & GOMPX_TASK_EXPLICIT))
        return gompx_deque_pop(own, (uint32_t)gompx_load_rlx(&own->top));
    return within->flags & GOMPX_TASK_ON_STACK ? NULL : gompx_deque_pop(own, within->base);
}

/* A task that the calling thread may run now: a descendant of the current task `within`, or, if that is NULL, any of its phase.
 * Queued ones are of this phase if may(task, context) says so, which is asked under the queue's lock.  NULL: none was found, or it
 * is not time to look.  Frames without a team as well; `within` is not NULL then. */
struct gompx_task *gompx_search_find(struct gompx_frame *f, struct gompx_task *within, bool (*may)(void *, void *), void *context);

/* True if there is something that some member can take. */
bool gompx_search_is_work_about(struct gompx_frame *f);

/* The next look is at once. */
void gompx_search_at_once(struct gompx_task_local *local);

/* Runs one descendant of the current task, if one is found; from the thread's own deque only, which is open.  False: none. */
bool gompx_search_run_one(struct gompx_frame *f);
bool gompx_search_run_own(struct gompx_frame *f);

#endif
