/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How many tasks, and which iterations each (OpenMP 5.2, 12.6). */
#include "runtime/taskloop.h"

#include <string.h>

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
};

static inline __attribute__((always_inline)) void
run_piece(const struct pass *p, void (*cpyfn)(void *, void *), void *arg, uint64_t lo, uint64_t hi)
{
    struct gompx_task task;

    gompx_spawn_begin(p->f, &task, p->loop->flags);
    if (cpyfn)
        cpyfn(arg, p->loop->data);
    bounds_store(p->loop, arg, lo, hi);
    p->loop->fn(arg);
    gompx_spawn_end(p->f, &task);
}

/* All tasks in ascending order, in one argument block. */
static void run_all(void *arg, void *context)
{
    const struct pass *p = context;
    uint64_t n = p->loop->iters, lo = 0;

    for (uint64_t i = 0; i < p->split.tasks; i++) {
        uint64_t size = p->split.size + (i < p->split.extra);
        uint64_t hi = size < n - lo ? lo + size : n;

        if (gompx_cancel_discards_task(p->f))
            return;
        if (p->loop->cpyfn)
            run_piece(p, p->loop->cpyfn, arg, lo, hi);
        else
            run_piece(p, NULL, arg, lo, hi);
        lo = hi;
    }
}

static void create(struct gompx_frame *f, const struct gompx_taskloop *loop)
{
    struct pass p = { f, loop, split_of(loop, f->nthreads) };

    if (loop->cpyfn)
        gompx_spawn_block(loop->size, loop->align, run_all, &p);
    else
        run_all(loop->data, &p);
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
