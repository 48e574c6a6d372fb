/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * From the task construct to a task.
 *
 * A task is deferred if that can be of use: in a team, unless its if clause is false or the current task is final.  It goes into
 * the deque of the thread that meets the construct, and any member of the team may take it from there.  All others run
 * at once, also when there is no memory for a record.  When the deque is full (GOMPX_TASK_CUTOFF), the construct runs a child made
 * earlier, if one is left, to make room.
 *
 * Cost of a deferred task, run by its creator: no lock, no malloc, one RMW (of the deque, a line of its own).  An undeferred one: a
 * record on the stack. */
#ifndef GOMPX_RUNTIME_SPAWN_H
#define GOMPX_RUNTIME_SPAWN_H

#include <string.h>

#include "runtime/phase.h"
#include "runtime/stack.h"

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

/* A task construct.  `depend`, `priority` and `detach` are valid only with their flags. */
struct gompx_spawn {
    void (*fn)(void *);
    void *data;
    void (*cpyfn)(void *, void *);      /* NULL: plain copy */
    size_t size, align;                 /* of the argument block */
    bool if_clause;
    unsigned flags;
    void **depend;
    int priority;
    void *detach;
    bool plain;                         /* cpyfn makes nothing that has to be taken apart if the task is discarded */
};

/* Makes `task`, on the stack, a child of the current task, and current.  What a record needs for deferred children is set when
 * there is one (gompx_task_promote()). */
static inline void gompx_spawn_begin(struct gompx_frame *f, struct gompx_task *task, unsigned flags)
{
    struct gompx_task *parent = f->task;

    gompx_store_rlx(&task->parent, parent);
    task->group = parent->group;
    task->icv = parent->icv;
    task->flags = GOMPX_TASK_EXPLICIT | GOMPX_TASK_ON_STACK | ((flags | parent->flags) & GOMPX_TASK_FINAL);
    gompx_store_rlx(&task->depth, gompx_load_rlx(&parent->depth) + 1);
    task->own = NULL;
    f->task = task;
}

void gompx_spawn_end_slow(struct gompx_frame *f, struct gompx_task *task) GOMPX_COLD;

/* The body of `task` has ended: its parent goes on.  Its record may have been promoted, and so may have been its parents'. */
static inline void gompx_spawn_end(struct gompx_frame *f, struct gompx_task *task)
{
    if (gompx_unlikely(f->task != task || (task->flags & GOMPX_TASK_OWN_ICVS)))
        gompx_spawn_end_slow(f, task);
    else
        f->task = gompx_load_rlx(&task->parent);
}

void gompx_spawn_slow(struct gompx_frame *f, const struct gompx_spawn *s);

/* The same, if it makes a deferred task, or none because of a cancellation.  False: nothing has happened, it is for the caller to run
 * the task when its dependences are met. */
bool gompx_spawn_defer(struct gompx_frame *f, const struct gompx_spawn *s);

/* The deque is full: runs a task that stands there and may be run here.  True: there is room now. */
bool gompx_spawn_room_make(struct gompx_frame *f);
void gompx_spawn_special(struct gompx_frame *f, void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), size_t size,
                         size_t align, bool if_clause, unsigned flags, void **depend, int priority, void *detach);

/* taskwait depend nowait: a task with these dependences that does nothing. */
void gompx_spawn_empty(struct gompx_frame *f, void **depend);

/* Calls use(block, context) with uninitialised memory of that size and alignment, which is gone afterwards. */
void gompx_spawn_block(size_t size, size_t align, void (*use)(void *block, void *context), void *context);

/* A record for a child of `parent` with room for an argument block; NULL: no memory.  As gompx_task_new(). */
struct gompx_task *gompx_spawn_record(struct gompx_frame *f, struct gompx_task *parent, size_t size, size_t align);

/* The current task as a parent of deferred tasks; NULL: no memory. */
static inline struct gompx_task *gompx_spawn_parent(struct gompx_frame *f)
{
    return gompx_likely(!(f->task->flags & GOMPX_TASK_ON_STACK)) ? f->task : gompx_task_promote(f);
}

/* A record for a child of the current task with the data of the construct copied; `final`: GOMPX_TASK_FINAL or 0.  Not yet
 * counted.  NULL: no memory. */
struct gompx_task *gompx_spawn_make(struct gompx_frame *f, const struct gompx_spawn *s, uint32_t final);

/* A counted task is ready: any member may run it. */
void gompx_spawn_publish(struct gompx_frame *f, struct gompx_task *task, int priority);

/* Compiled code's argument blocks are short, and mostly whole words. */
static inline void gompx_spawn_copy(void *to, const void *from, size_t size)
{
    char *t = to;
    const char *s = from;

    for (; size >= 8; size -= 8, t += 8, s += 8)
        __builtin_memcpy(t, s, 8);
    if (gompx_unlikely(size > 0))
        memcpy(t, s, size);
}

/* Counts a new task, before anybody can find it. */
static inline void gompx_spawn_count(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_task *parent = gompx_load_rlx(&task->parent);

    if (gompx_likely(gompx_load_rlx(&parent->runner) == f->self))
        parent->kids++;
    else
        gompx_add_rlx(&parent->pend, GOMPX_PEND_ONE);   /* relaxed: a sibling that is not complete keeps the count up */
    if (task->group)
        gompx_task_credit_created(&f->self->tasks, f->self, task->group);
    if (gompx_likely(f->team != NULL))
        gompx_phase_created(f);
    else
        gompx_detach_join(f);
}

enum { GOMPX_SPAWN_INLINE = 64 };       /* bytes and alignment of an argument block in the smallest record */

/* The task construct, as the ABI passes it: see struct gompx_spawn. */
static inline void gompx_spawn(struct gompx_frame *f, void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), size_t size,
                               size_t align, bool if_clause, unsigned flags, void **depend, int priority, void *detach)
{
    const unsigned special = GOMPX_SPAWN_DEPEND | GOMPX_SPAWN_PRIORITY | GOMPX_SPAWN_DETACH;
    struct gompx_task *task, own;

    if (gompx_unlikely((flags & special) || cpyfn || gompx_globals.cancellation))
        goto slow;
    if (!f->team || !if_clause || (f->task->flags & GOMPX_TASK_FINAL)) {
        gompx_spawn_begin(f, &own, flags);
        gompx_stack_call(&f->self->tasks, fn, data);
        gompx_spawn_end(f, &own);
        return;
    }
    if (gompx_unlikely(size > GOMPX_SPAWN_INLINE || align > GOMPX_SPAWN_INLINE || (f->task->flags & GOMPX_TASK_ON_STACK)
                       || (!gompx_phase_room(f) && !gompx_spawn_room_make(f))))
        goto slow;
    task = gompx_task_new(f, f->task, 0);
    if (gompx_unlikely(!task))
        goto slow;
    task->fn = fn;
    task->arg = task + 1;
    task->flags |= flags & GOMPX_TASK_FINAL;
    gompx_spawn_copy(task + 1, data, size);
    gompx_spawn_count(f, task);
    gompx_phase_push(f, task);
    return;
slow:
    gompx_spawn_special(f, fn, data, cpyfn, size, align, if_clause, flags, depend, priority, detach);
}

#endif
