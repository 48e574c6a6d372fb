/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks: what a region, an implicit and an explicit task carry with them; taskgroups; taskwait.  How explicit tasks
 * come about stands in runtime/spawn.h. */
#ifndef GOMPX_RUNTIME_TASK_H
#define GOMPX_RUNTIME_TASK_H

#include "runtime/icv.h"
#include "sync/atomic.h"

struct gompx_detached;
struct gompx_frame;

enum gompx_task_flags {
    GOMPX_TASK_EXPLICIT = 1,
    GOMPX_TASK_FINAL = 2,               /* all descendants are included tasks */
    GOMPX_TASK_DETACHED_KIDS = 4,       /* some children are in the thread's list of detached tasks */
};

/* One taskgroup, open in the task that started it; on the stack or in the thread of its owner. */
struct gompx_taskgroup {
    struct gompx_taskgroup *outer;      /* the enclosing one of the same task, or that of the creating task */
    uintptr_t *reductions;              /* innermost active registration (runtime/reduce.h), or NULL */
    bool workshare;                     /* of a worksharing construct with task reductions: cancel looks further out */
    bool allocated;                     /* comes from malloc: freed at its end */
    _Atomic uint32_t cancelled;         /* set once; read by all tasks of the group */
};

/* The data environment's control variables are copied on write: `icv` points at a block that nobody changes while this
 * task can read it (the encountering task's, the initial one), until a setter of this task makes it point at `own`. */
struct gompx_task {
    const struct gompx_icvs *icv;
    struct gompx_task *parent;          /* the task that created this one; NULL for an initial task */
    struct gompx_taskgroup *group;      /* innermost taskgroup, or NULL */
    uint32_t flags;                     /* enum gompx_task_flags */
    struct gompx_icvs own;              /* uninitialised unless icv == &own */
};

enum { GOMPX_TASK_GROUPS = 8 };         /* taskgroups open at once in a thread without malloc */

/* What a thread keeps for its tasks; private to it, all zero at first. */
struct gompx_task_local {
    struct gompx_detached *detached;    /* bodies done, still to be fulfilled or noticed (runtime/detach.h) */
    uint32_t detached_n, detached_prune;    /* how many; number at which the list is next searched for fulfilled ones */
    uint32_t groups_used;               /* groups[0 ... used) are open: a thread's groups end in reverse order */
    struct gompx_taskgroup groups[GOMPX_TASK_GROUPS];
};

/* The task's own control variables, for writing.  Only by the thread that runs the task. */
static inline struct gompx_icvs *gompx_task_icvs_own(struct gompx_task *task)
{
    if (task->icv != &task->own) {
        task->own = *task->icv;
        task->icv = &task->own;
    }
    return &task->own;
}

/* Opens a taskgroup in the current task: in the thread's memory, or in the caller's `group`, which must last till the
 * end. It begins with the task reductions that are active around it. */
struct gompx_taskgroup *gompx_task_group_start(struct gompx_frame *f);
void gompx_task_group_enter(struct gompx_frame *f, struct gompx_taskgroup *group);

/* Waits for all tasks of the current task's innermost taskgroup and closes it; nothing if there is none. */
void gompx_task_group_end(struct gompx_frame *f);

/* Waits for all children of the current task. */
void gompx_task_wait(struct gompx_frame *f);

#endif
