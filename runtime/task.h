/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks: what a region, an implicit and an explicit task carry with them. */
#ifndef GOMPX_RUNTIME_TASK_H
#define GOMPX_RUNTIME_TASK_H

#include "runtime/icv.h"
#include "sync/atomic.h"

enum gompx_task_flags {
    GOMPX_TASK_EXPLICIT = 1,
    GOMPX_TASK_FINAL = 2,               /* all descendants are included tasks */
};

/* One taskgroup, open in the task that started it; on the stack or in the frame of its owner. */
struct gompx_taskgroup {
    struct gompx_taskgroup *outer;      /* the enclosing one of the same task, or that of the creating task */
    uintptr_t *reductions;              /* innermost active registration (runtime/reduce.h), or NULL */
    bool workshare;                     /* opened by a worksharing construct with task reductions: cancel looks further out */
    bool allocated;                     /* comes from malloc: freed at its end */
    _Atomic uint32_t cancelled;         /* set once; read by all tasks of the group */
};

/* The data environment's control variables are copied on write: `icv` points at a block that nobody changes while this
 * task can read it (the encountering task's, the initial one), until a setter of this task makes it point at `own`. */
struct gompx_task {
    const struct gompx_icvs *icv;
    struct gompx_task *parent;          /* the task that was current when this one was created; NULL for an initial task */
    struct gompx_taskgroup *group;      /* innermost taskgroup, or NULL */
    uint32_t flags;                     /* enum gompx_task_flags */
    struct gompx_icvs own;              /* uninitialised unless icv == &own */
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

#endif
