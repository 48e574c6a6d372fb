/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * From the task construct to a task.
 *
 * Every explicit task runs at once, in the encountering thread, before the construct is over (OpenMP 5.2, 12.5 leaves
 * the choice).  It is a task of its own: record on the stack, own control variables (copied when it changes them),
 * parent, taskgroup, final flag.  Dependences hold by themselves, since all earlier siblings are complete but for
 * detached ones. */
#ifndef GOMPX_RUNTIME_SPAWN_H
#define GOMPX_RUNTIME_SPAWN_H

#include "runtime/detach.h"
#include "runtime/thread.h"

/* The ABI's bits of a task construct.  Bit 1 is also GOMPX_TASK_FINAL. */
enum gompx_spawn_flags {
    GOMPX_SPAWN_UNTIED = 1,
    GOMPX_SPAWN_FINAL = 2,
    GOMPX_SPAWN_MERGEABLE = 4,
    GOMPX_SPAWN_DEPEND = 8,
    GOMPX_SPAWN_PRIORITY = 16,
    GOMPX_SPAWN_DETACH = 0x2000,
};

static_assert((int)GOMPX_SPAWN_FINAL == (int)GOMPX_TASK_FINAL, "the bit is taken over as it is");

/* A task construct.  `depend` and `detach` are valid only with their flags. */
struct gompx_spawn {
    void (*fn)(void *);
    void *data;
    void (*cpyfn)(void *, void *);      /* NULL: plain copy, which a task that runs at once does not need */
    size_t size, align;                 /* of the block that cpyfn fills */
    bool if_clause;
    unsigned flags;
    void **depend;
    void *detach;
};

/* Makes `task` a child of the current task, and current. */
static inline void gompx_spawn_begin(struct gompx_frame *f, struct gompx_task *task, unsigned flags)
{
    struct gompx_task *parent = f->task;

    task->icv = parent->icv;
    task->parent = parent;
    task->group = parent->group;
    task->flags = GOMPX_TASK_EXPLICIT | ((flags | parent->flags) & GOMPX_TASK_FINAL);
    f->task = task;
}

/* The body of `task` has ended: its parent goes on. */
static inline void gompx_spawn_end(struct gompx_frame *f, struct gompx_task *task)
{
    if (gompx_unlikely(task->flags & GOMPX_TASK_DETACHED_KIDS))
        gompx_detach_orphan(f, task);
    f->task = task->parent;
}

void gompx_spawn_slow(struct gompx_frame *f, const struct gompx_spawn *s);

/* Calls use(block, context) with uninitialised memory of that size and alignment, which is gone afterwards. */
void gompx_spawn_block(size_t size, size_t align, void (*use)(void *block, void *context), void *context);

/* The task construct. */
static inline void gompx_spawn(struct gompx_frame *f, void (*fn)(void *), void *data, void (*cpyfn)(void *, void *),
                               long size, long align, bool if_clause, unsigned flags, void **depend, void *detach)
{
    if (gompx_likely(!cpyfn && !(flags & (GOMPX_SPAWN_DEPEND | GOMPX_SPAWN_DETACH)) && !gompx_globals.cancellation)) {
        struct gompx_task task;

        gompx_spawn_begin(f, &task, flags);
        fn(data);
        gompx_spawn_end(f, &task);
    } else {
        struct gompx_spawn s = { fn, data, cpyfn, (size_t)size, (size_t)align, if_clause, flags, depend, detach };

        gompx_spawn_slow(f, &s);
    }
}

#endif
