/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A team's queue of tasks that any member may take: those with a priority, and those made ready by a thread that has no
 * deque in the team.  One lock, which is not contended by programs without priorities: not a hot path. */
#ifndef GOMPX_RUNTIME_TASKQUEUE_H
#define GOMPX_RUNTIME_TASKQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/atomic.h"

struct gompx_task;

enum { GOMPX_TASKQUEUE_LEVELS = 16 };

/* All zero: empty. */
struct gompx_taskqueue {
    _Atomic uint32_t lock;              /* GOMPX_RANK_TASKQUEUE */
    _Atomic uint32_t count;             /* written under the lock, read as a hint */
    struct gompx_task *first;           /* highest priority first, older before younger; linked by `next` */
    unsigned levels;                    /* some of the priorities in the list, descending, with the last task of each: where */
    struct gompx_task *last[GOMPX_TASKQUEUE_LEVELS];    /* to begin the search for a place */
};

/* Puts a task in, by its `priority`.  Any thread. */
void gompx_taskqueue_put(struct gompx_taskqueue *queue, struct gompx_task *task);

/* Takes the first task to which `may(task, context)` does not object (NULL: no questions), or NULL. */
struct gompx_task *gompx_taskqueue_take(struct gompx_taskqueue *queue, bool (*may)(void *task, void *context), void *context);

static inline bool gompx_taskqueue_any(struct gompx_taskqueue *queue)
{
    return gompx_load_acq(&queue->count) != 0;          /* a hint; ordered by the fences of sync/nap.h */
}

#endif
