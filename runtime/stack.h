/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Room for deep recursion.  A task that waits runs others on top of itself, so the depth of a task tree becomes the depth of
 * the stack.  When a quarter of the thread's stack is left, the next task gets a fresh piece of stack of its own; the thread
 * stays the same one, with its thread-local variables. */
#ifndef GOMPX_RUNTIME_STACK_H
#define GOMPX_RUNTIME_STACK_H

#include "runtime/task.h"

void gompx_stack_call_slow(struct gompx_task_local *local, void (*fn)(void *), void *arg) GOMPX_COLD;

/* fn(arg), on the present stack if there is room. */
static inline void gompx_stack_call(struct gompx_task_local *local, void (*fn)(void *), void *arg)
{
    char *here = __builtin_frame_address(0);

    /* One comparison: below the limit, or not on the known stack at all. */
    if (gompx_likely((uintptr_t)(here - local->stack_low) < (uintptr_t)(local->stack_high - local->stack_low)))
        fn(arg);
    else
        gompx_stack_call_slow(local, fn, arg);
}

/* The thread ends: gives its spare piece back. */
void gompx_stack_drop(struct gompx_task_local *local);

#endif
