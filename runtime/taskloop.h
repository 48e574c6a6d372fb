/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskloop: a loop cut into tasks. */
#ifndef GOMPX_RUNTIME_TASKLOOP_H
#define GOMPX_RUNTIME_TASKLOOP_H

#include "runtime/thread.h"

/* The ABI's bits beside those of enum gompx_spawn_flags. */
enum gompx_taskloop_flags {
    GOMPX_TASKLOOP_UP = 0x100,
    GOMPX_TASKLOOP_GRAINSIZE = 0x200,
    GOMPX_TASKLOOP_IF = 0x400,
    GOMPX_TASKLOOP_NOGROUP = 0x800,
    GOMPX_TASKLOOP_REDUCTION = 0x1000,
    GOMPX_TASKLOOP_STRICT = 0x4000,
};

/* A taskloop construct.  The argument block begins with two words of the loop's type, the task's [start, end); with
 * reductions a pointer to their array follows.  Bounds are kept modulo 2^64, whatever their type. */
struct gompx_taskloop {
    void (*fn)(void *);
    void *data;
    void (*cpyfn)(void *, void *);      /* NULL: plain copy; undeferred tasks use `data` itself, one after the other */
    size_t size, align;
    unsigned flags;
    int priority;
    uint64_t num_tasks;                 /* or the grain size; 0: neither clause was given */
    uint64_t start, end, step;
    uint64_t iters;
    size_t word;                        /* bytes of the loop's type: 4 or 8 */
};

void gompx_taskloop_run(struct gompx_frame *f, const struct gompx_taskloop *loop);

#endif
