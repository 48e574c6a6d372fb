/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Detached tasks: complete when their body has ended and omp_fulfill_event() was called, in either order.
 *
 * The handle is the address of a gompx_detached.  Any thread may fulfil it; everything else is private to the thread
 * that created the task.  That thread runs the body at once and goes on, unless the task must not be deferred; what is
 * not fulfilled by then stands in the thread's list, and the thread waits for it where it waits for the task: at
 * taskwait, at the end of the taskgroup, before a dependent task, and before it arrives at a barrier or at the end of
 * its region. */
#ifndef GOMPX_RUNTIME_DETACH_H
#define GOMPX_RUNTIME_DETACH_H

#include "runtime/thread.h"

/* One task.  `word` is all that other threads touch. */
struct gompx_detached {
    _Atomic uint64_t word;
    bool undeferred;                    /* its creator waits at once; on its stack */
    struct gompx_detached *next;        /* in the creating thread's list */
    const struct gompx_frame *frame;
    const struct gompx_task *parent;    /* NULL: the parent has ended */
    const struct gompx_taskgroup *group;
    size_t ndeps;
    struct gompx_depend { const void *address; uintptr_t kind; } deps[];
};

/* A task that the current one is about to detach; `depend`: its array, or NULL.  NULL: no memory. */
struct gompx_detached *gompx_detach_new(struct gompx_frame *f, void **depend);

/* The same in the caller's memory, for a task that its creator waits for at once: gompx_detach_wait(). */
void gompx_detach_init(struct gompx_detached *d);
void gompx_detach_wait(struct gompx_frame *f, struct gompx_detached *d);

/* The body has ended: the thread keeps `d`, of gompx_detach_new(), until it is fulfilled. */
void gompx_detach_keep(struct gompx_frame *f, struct gompx_detached *d);

/* The handle of a task that never runs because it was cancelled: fulfilling it does nothing. */
struct gompx_detached *gompx_detach_discarded(void);

/* Fulfils; once.  Any thread, known to the runtime or not.  Fatal for what is no handle, or fulfilled already. */
void gompx_detach_fulfill(struct gompx_detached *d);

/* Wait until complete: the children of the current task; the tasks of `group`; earlier siblings on which a new child of
 * the current task with the array `depend` would depend; all tasks that this thread created in the region of `f`. */
void gompx_detach_wait_children(struct gompx_frame *f);
void gompx_detach_wait_group(struct gompx_frame *f, const struct gompx_taskgroup *group);
void gompx_detach_wait_depend(struct gompx_frame *f, void **depend);
void gompx_detach_wait_region_slow(struct gompx_frame *f) GOMPX_COLD;

static inline void gompx_detach_wait_region(struct gompx_frame *f)
{
    if (gompx_unlikely(f->detached))
        gompx_detach_wait_region_slow(f);
}

/* `task` ends before its detached children. */
void gompx_detach_orphan(struct gompx_frame *f, const struct gompx_task *task) GOMPX_COLD;

#endif
