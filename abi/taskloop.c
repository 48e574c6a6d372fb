/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskloop, in the two types of its bounds. */
#include "abi/abi.h"
#include "runtime/schedule.h"
#include "runtime/taskloop.h"

#define TASKLOOP(name, type, iterations) \
    GOMPX_ENTRY(void, name, void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), long arg_size, \
                long arg_align, unsigned flags, unsigned long num_tasks, int priority, type start, type end, type step) \
    { \
        struct gompx_taskloop loop = { \
            .fn = fn, .data = data, .cpyfn = cpyfn, .size = (size_t)arg_size, .align = (size_t)arg_align, \
            .flags = flags, .priority = priority, .num_tasks = num_tasks, .start = (uint64_t)start, .end = (uint64_t)end, .step = (uint64_t)step, \
            .iters = iterations, .word = sizeof(type), \
        }; \
        gompx_taskloop_run(gompx_frame_get(), &loop); \
    }

TASKLOOP(GOMP_taskloop, long, gompx_loop_iters_long(start, end, step))
TASKLOOP(GOMP_taskloop_ull, gompx_ull, gompx_loop_iters_ull((flags & GOMPX_TASKLOOP_UP) != 0, start, end, step))
