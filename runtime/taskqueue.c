/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A sorted list under a lock, with short cuts to the end of each priority: programs have few of them. */
#include "runtime/taskqueue.h"

#include <string.h>

#include "runtime/task.h"
#include "sync/lock.h"

/* Number of levels whose priority is `priority` or higher. */
static unsigned levels_above(const struct gompx_taskqueue *queue, int32_t priority)
{
    unsigned n = 0;

    while (n < queue->levels && queue->last[n]->priority >= priority)
        n++;
    return n;
}

static void level_insert(struct gompx_taskqueue *queue, unsigned n, struct gompx_task *task)
{
    if (queue->levels == GOMPX_TASKQUEUE_LEVELS)
        return;
    memmove(&queue->last[n + 1], &queue->last[n], (queue->levels - n) * sizeof queue->last[0]);
    queue->last[n] = task;
    queue->levels++;
}

static void level_remove(struct gompx_taskqueue *queue, unsigned n)
{
    queue->levels--;
    memmove(&queue->last[n], &queue->last[n + 1], (queue->levels - n) * sizeof queue->last[0]);
}

void gompx_taskqueue_put(struct gompx_taskqueue *queue, struct gompx_task *task)
{
    gompx_lock(&queue->lock);
    unsigned n = levels_above(queue, task->priority);
    struct gompx_task **at = n > 0 ? &queue->last[n - 1]->next : &queue->first;

    while (*at && (*at)->priority >= task->priority)
        at = &(*at)->next;
    task->next = *at;
    *at = task;
    if (n > 0 && queue->last[n - 1]->priority == task->priority)
        queue->last[n - 1] = task;
    else
        level_insert(queue, n, task);
    gompx_store_rlx(&queue->count, gompx_load_rlx(&queue->count) + 1);
    gompx_unlock(&queue->lock);
}

/* `before` precedes `task` in the list, or is NULL. */
static void list_remove(struct gompx_taskqueue *queue, struct gompx_task *before, struct gompx_task *task)
{
    unsigned n = levels_above(queue, task->priority);

    if (n > 0 && queue->last[n - 1] == task) {
        if (before && before->priority == task->priority)
            queue->last[n - 1] = before;
        else
            level_remove(queue, n - 1);
    }
    *(before ? &before->next : &queue->first) = task->next;
    task->next = NULL;
    gompx_store_rlx(&queue->count, gompx_load_rlx(&queue->count) - 1);
}

struct gompx_task *gompx_taskqueue_take(struct gompx_taskqueue *queue, bool (*may)(void *, void *), void *context)
{
    struct gompx_task *before = NULL, *task;

    gompx_lock(&queue->lock);
    for (task = queue->first; task && may && !may(task, context); task = task->next)
        before = task;
    if (task)
        list_remove(queue, before, task);
    gompx_unlock(&queue->lock);
    return task;
}
