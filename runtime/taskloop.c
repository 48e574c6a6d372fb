/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How many tasks, and which iterations each (OpenMP 5.2, 12.6).
 *
 * Where plain copies of the argument block will do, the tasks are not made one by one: a range of them stands in the deque as
 * one record.  Whoever takes a range cuts off the upper half as a record of its own, again and again, until `grain` tasks are
 * left, and runs these one after the other, each a task of its own; while its deque is empty, so that thieves find nothing, it
 * goes on halving.  What a thread keeps for itself while it runs a long task is never more than 1/16 of a thread's share.
 * Source: Tzannes et al., Lazy Binary-Splitting, 2010. */
#include "runtime/taskloop.h"

#include <string.h>

#include "runtime/cancel.h"
#include "runtime/reduce.h"
#include "runtime/spawn.h"

/* `tasks` pieces of `size` iterations; the first `extra` have one more; the last has what is left. */
struct split {
    uint64_t tasks, size, extra;
};

static struct split split_of(const struct gompx_taskloop *loop, unsigned nthreads)
{
    uint64_t n = loop->iters, k = loop->num_tasks;
    bool grains = (loop->flags & GOMPX_TASKLOOP_GRAINSIZE) && k > 0;

    if (grains && (loop->flags & GOMPX_TASKLOOP_STRICT))
        return (struct split){ (n - 1) / k + 1, k, 0 };
    if (grains)
        k = n / k;
    else if (k == 0)
        k = nthreads;
    k = k < 1 ? 1 : k < n ? k : n;
    return (struct split){ k, n / k, n % k };
}

/* First iteration of task i. */
static uint64_t piece_begin(const struct gompx_taskloop *loop, const struct split *split, uint64_t i)
{
    uint64_t lo = i * split->size + (i < split->extra ? i : split->extra);

    return i < split->tasks ? lo : loop->iters;
}

/* Iterations [lo, hi) in the loop's values.  The last piece ends at the loop's own end: a step further might not be a
 * value of its type. */
static void bounds_store(const struct gompx_taskloop *loop, void *arg, uint64_t lo, uint64_t hi)
{
    uint64_t start = loop->start + lo * loop->step;
    uint64_t end = hi == loop->iters ? loop->end : loop->start + hi * loop->step;

    if (loop->word == sizeof(uint64_t)) {
        ((uint64_t *)arg)[0] = start;
        ((uint64_t *)arg)[1] = end;
    } else {
        ((uint32_t *)arg)[0] = (uint32_t)start;
        ((uint32_t *)arg)[1] = (uint32_t)end;
    }
}

struct pass {
    struct gompx_frame *f;
    const struct gompx_taskloop *loop;
    struct split split;
    uint64_t first, last;               /* these tasks only */
    uint64_t grain;                     /* cut into pieces of at most so many tasks at once */
};

static inline __attribute__((always_inline)) void
run_piece(const struct pass *p, void (*cpyfn)(void *, void *), void *arg, uint64_t i)
{
    struct gompx_task task;

    gompx_spawn_begin(p->f, &task, p->loop->flags);
    if (cpyfn)
        cpyfn(arg, p->loop->data);
    bounds_store(p->loop, arg, piece_begin(p->loop, &p->split, i), piece_begin(p->loop, &p->split, i + 1));
    gompx_stack_call(&p->f->self->tasks, p->loop->fn, arg);
    gompx_spawn_end(p->f, &task);
}

/* ---- undeferred: all tasks in ascending order, in one argument block ---- */

static void run_all(void *arg, void *context)
{
    const struct pass *p = context;

    for (uint64_t i = p->first; i < p->last; i++) {
        if (gompx_cancel_discards_task(p->f))
            return;
        if (p->loop->cpyfn)
            run_piece(p, p->loop->cpyfn, arg, i);
        else
            run_piece(p, NULL, arg, i);
    }
}

static void run_here(const struct pass *p)
{
    if (p->loop->cpyfn)
        gompx_spawn_block(p->loop->size, p->loop->align, run_all, (void *)p);
    else
        run_all(p->loop->data, (void *)p);
}

/* ---- deferred, with copy constructors, which run where the construct is met: one record for each ---- */

static bool create_one(const struct pass *p, uint64_t i)
{
    const struct gompx_taskloop *loop = p->loop;
    struct gompx_spawn s = { .fn = loop->fn, .data = loop->data, .cpyfn = loop->cpyfn, .size = loop->size, .align = loop->align };
    struct gompx_task *task = gompx_spawn_make(p->f, &s, loop->flags & GOMPX_TASK_FINAL);

    if (!task)
        return false;
    bounds_store(loop, task->arg, piece_begin(loop, &p->split, i), piece_begin(loop, &p->split, i + 1));
    gompx_spawn_count(p->f, task);
    gompx_spawn_publish(p->f, task, loop->priority);
    return true;
}

static void create_each(const struct pass *p)
{
    for (uint64_t i = p->first; i < p->last; i++) {
        struct pass one = { p->f, p->loop, p->split, i, i + 1, 1 };

        if (gompx_cancel_discards_task(p->f))
            return;
        if (!gompx_phase_room(p->f) || !create_one(p, i))
            run_here(&one);
    }
}

/* ---- deferred, with plain copies: a range in one record ---- */

/* The argument block of such a record; the original argument block follows, aligned. */
struct range {
    struct gompx_taskloop loop;         /* `data` is the block behind */
    struct split split;
    uint64_t first, last, grain;
};

static size_t range_bytes(const struct gompx_taskloop *loop)
{
    size_t align = loop->align < alignof(struct range) ? alignof(struct range) : loop->align;

    return ((sizeof(struct range) + align - 1) & ~(align - 1)) + loop->size;
}

static void run_range(void *arg);

/* A new record for the tasks [first, last), a child of `parent`.  False: no room. */
static bool range_push(struct gompx_frame *f, struct gompx_task *parent, const struct pass *p)
{
    const struct gompx_taskloop *loop = p->loop;
    size_t bytes = range_bytes(loop);
    struct gompx_task *task = gompx_phase_room(f) ? gompx_spawn_record(f, parent, bytes, loop->align) : NULL;
    struct range *range;

    if (!task)
        return false;
    range = task->arg;
    range->loop = *loop;
    range->loop.data = (char *)range + bytes - loop->size;
    range->split = p->split;
    range->first = p->first;
    range->last = p->last;
    range->grain = p->grain;
    memcpy(range->loop.data, loop->data, loop->size);
    task->fn = run_range;
    task->flags |= loop->flags & GOMPX_TASK_FINAL;
    gompx_spawn_count(f, task);
    gompx_spawn_publish(f, task, loop->priority);
    return true;
}

/* True if a thief would find nothing in the calling thread's deque. */
static bool is_deque_empty(struct gompx_frame *f)
{
    struct gompx_deque *own = &f->member->deque;

    return f->opened != f->phase || gompx_deque_mark(own) == (uint32_t)gompx_load_rlx(&own->top);
}

static void run_range_in(void *block, void *context)
{
    struct pass *p = context;
    struct gompx_frame *f = p->f;

    while (p->first < p->last) {
        if (gompx_cancel_discards_task(f))
            return;
        if (p->last - p->first > 1 && (p->last - p->first > p->grain || is_deque_empty(f))) {
            struct pass upper = *p;

            upper.first = p->first + (p->last - p->first + 1) / 2;
            if (range_push(f, gompx_load_rlx(&f->task->parent), &upper)) {
                p->last = upper.first;
                continue;
            }
        }
        gompx_spawn_copy(block, p->loop->data, p->loop->size);  /* the task may change its block */
        run_piece(p, NULL, block, p->first++);
    }
}

static void run_range(void *arg)
{
    struct range *range = arg;
    struct pass p = { gompx_frame_get(), &range->loop, range->split, range->first, range->last, range->grain };

    gompx_spawn_block(range->loop.size, range->loop.align, run_range_in, &p);
}

/* ---- the construct ---- */

static void create(struct gompx_frame *f, const struct gompx_taskloop *loop)
{
    struct split split = split_of(loop, f->nthreads);
    struct pass p = { f, loop, split, 0, split.tasks, 1 + split.tasks / (16 * (uint64_t)f->nthreads) };
    bool deferred = f->team && (loop->flags & GOMPX_TASKLOOP_IF) && !(f->task->flags & GOMPX_TASK_FINAL);
    struct gompx_task *parent = deferred ? gompx_spawn_parent(f) : NULL;

    if (!parent)
        run_here(&p);
    else if (loop->cpyfn)
        create_each(&p);
    else if (!range_push(f, parent, &p))
        run_here(&p);
}

static uintptr_t *reduction_array(const struct gompx_taskloop *loop)
{
    return *(uintptr_t **)((char *)loop->data + 2 * loop->word);
}

void gompx_taskloop_run(struct gompx_frame *f, const struct gompx_taskloop *loop)
{
    bool grouped = !(loop->flags & GOMPX_TASKLOOP_NOGROUP);
    uintptr_t *reductions = grouped && (loop->flags & GOMPX_TASKLOOP_REDUCTION) ? reduction_array(loop) : NULL;
    struct gompx_taskgroup group;

    if (loop->iters == 0 || gompx_cancel_discards_task(f)) {
        if (reductions)
            gompx_reduction_none(reductions);
        return;
    }
    if (grouped)
        gompx_task_group_enter(f, &group);
    if (reductions)
        gompx_reduction_register(f, reductions);
    create(f, loop);
    if (grouped)
        gompx_task_group_end(f);
}
