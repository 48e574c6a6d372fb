/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Taskgroups and taskwait.  Every explicit task runs at once, so what is left to wait for are detached tasks. */
#include "runtime/task.h"

#include <stdlib.h>

#include "runtime/detach.h"
#include "runtime/thread.h"

static GOMPX_COLD struct gompx_taskgroup *group_allocate(void)
{
    struct gompx_taskgroup *group = malloc(sizeof *group);

    if (!group)
        gompx_fatal("out of memory allocating %zu bytes", sizeof *group);
    return group;
}

void gompx_task_group_enter(struct gompx_frame *f, struct gompx_taskgroup *group)
{
    struct gompx_taskgroup *outer = f->task->group;

    group->outer = outer;
    group->reductions = outer ? outer->reductions : NULL;
    group->workshare = false;
    group->allocated = false;
    gompx_store_rlx(&group->cancelled, 0);              /* nobody else knows the group yet */
    f->task->group = group;
}

struct gompx_taskgroup *gompx_task_group_start(struct gompx_frame *f)
{
    struct gompx_task_local *local = &f->self->tasks;
    bool room = gompx_likely(local->groups_used < GOMPX_TASK_GROUPS);
    struct gompx_taskgroup *group = room ? &local->groups[local->groups_used++] : group_allocate();

    gompx_task_group_enter(f, group);
    group->allocated = !room;
    return group;
}

void gompx_task_group_end(struct gompx_frame *f)
{
    struct gompx_task_local *local = &f->self->tasks;
    struct gompx_taskgroup *group = f->task->group;

    if (gompx_unlikely(!group))
        return;
    if (gompx_unlikely(local->detached != NULL))
        gompx_detach_wait_group(f, group);
    f->task->group = group->outer;
    if (gompx_unlikely(group->allocated))
        free(group);
    else if (group >= local->groups && group < local->groups + GOMPX_TASK_GROUPS)
        local->groups_used = (uint32_t)(group - local->groups);
}

void gompx_task_wait(struct gompx_frame *f)
{
    if (gompx_unlikely(f->task->flags & GOMPX_TASK_DETACHED_KIDS))
        gompx_detach_wait_children(f);
}
