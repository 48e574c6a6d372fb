/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads that meet us and threads that leave us. */
#include "runtime/thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/depend.h"
#include "runtime/init.h"
#include "runtime/pool.h"
#include "runtime/stack.h"
#include "runtime/team.h"

__thread struct gompx_tls gompx_tls = { .frame = NULL, .tid = 0, .nthreads = 1 };

static pthread_key_t host_key;
static bool host_key_made;

struct gompx_thread *gompx_thread_new(bool is_worker)
{
    struct gompx_thread *self = gompx_pool_thread_get();

    if (self)
        memset(self, 0, offsetof(struct gompx_thread, park));   /* `park`: a late waker may look at it; it is IDLE */
    else
        self = gompx_lines_alloc(sizeof *self);
    self->is_worker = is_worker;
    return self;
}

void gompx_thread_drop_teams(struct gompx_thread *self)
{
    for (unsigned d = self->depth; d < GOMPX_HOT_LEVELS; d++)
        if (self->hot[d]) {
            gompx_team_dissolve(self->hot[d]);
            self->hot[d] = NULL;
        }
}

void gompx_thread_free(struct gompx_thread *self)
{
    gompx_thread_drop_teams(self);
    free(self->spare);
    free(self->serial_slot.memory);
    gompx_stack_drop(&self->tasks);
    gompx_depend_drop(&self->tasks);
    gompx_pool_thread_put(self);
}

/* Runs when a host thread ends.  Destructors of the program that run later may adopt the thread once more. */
static void host_ended(void *arg)
{
    struct gompx_thread *self = arg;

    if (gompx_tls.frame != &self->root)
        return;                                         /* it ends inside a region: its team may still use all this */
    if (self->root.implicit.table)
        gompx_depend_forget(&self->root, &self->root.implicit);
    gompx_tls = (struct gompx_tls){ .frame = NULL, .tid = 0, .nthreads = 1 };
    if (gompx_load_acq(&self->root.unfulfilled) == 0)   /* pairs with gompx_detach_leave() */
        gompx_thread_free(self);
    else
        gompx_thread_drop_teams(self);                  /* the rest is for those who fulfil its events later */
    gompx_pool_host_ends();
}

void gompx_thread_init(void)
{
    host_key_made = pthread_key_create(&host_key, host_ended) == 0;
}

struct gompx_frame *gompx_thread_adopt(void)
{
    struct gompx_thread *self;
    struct gompx_frame *root;

    gompx_init();
    gompx_pool_host_begins();
    self = gompx_thread_new(false);
    root = &self->root;
    root->self = self;
    root->task = &root->implicit;
    root->implicit.icv = &gompx_globals.icvs;
    root->implicit.own = &root->own_icvs;
    gompx_store_rlx(&root->implicit.runner, self);
    root->nthreads = 1;
    root->num_teams = 1;
    root->group_busy = &self->group_busy;
    gompx_store_rlx(&self->group_busy, 1);
    if (host_key_made)
        pthread_setspecific(host_key, self);            /* without a key the thread's teams merely stay */
    gompx_frame_set(root);
    return root;
}

struct gompx_frame *gompx_frame_outer(const struct gompx_frame *f)
{
    return f->outer ? f->outer : f->team ? f->team->outer : NULL;
}

const struct gompx_frame *gompx_frame_ancestor(const struct gompx_frame *f, uint32_t level)
{
    while (f->level > level)
        f = gompx_frame_outer(f);
    return f;
}

/* Nobody is left to finish the children and group members that other threads had: the child does not wait for them. */
static void tasks_forget(struct gompx_frame *f)
{
    for (struct gompx_task *task = f->task; task; task = gompx_load_rlx(&task->parent)) {
        for (struct gompx_taskgroup *group = task->group; group; group = group->outer)
            gompx_store_rlx(&group->pend, 0);
        if (!(task->flags & GOMPX_TASK_ON_STACK)) {
            gompx_store_rlx(&task->pend, 0);
            task->kids = 0;
        }
        if (!(task->flags & GOMPX_TASK_EXPLICIT))
            return;
    }
}

/* Teams and workers of the parent are only memory here; it is left alone.  If the thread stands in regions, they go on with
 * this one thread: their frames lose their teams. */
void gompx_thread_forked(void)
{
    struct gompx_frame *f = gompx_tls.frame;

    if (!f)
        return;
    struct gompx_thread *self = f->self;
    memset(self->hot, 0, sizeof self->hot);
    self->depth = 0;
    memset(&self->queue, 0, sizeof self->queue);
    self->tasks.credit = 0;
    for (struct gompx_frame *g = f, *next; g; g = next) {
        if (g->self != self)
            break;                                      /* a worker's region was met by a thread that is not here */
        next = g->outer = gompx_frame_outer(g);
        if (g->level == 0) {
            next = g->under;
            gompx_store_rlx(g->group_busy, 1);
        }
        gompx_store_rlx(&g->unfulfilled, 0);            /* whoever was to run or to fulfil them may not be here */
        tasks_forget(g);
        g->team = NULL;
        g->tid = 0;
        g->nthreads = 1;
        g->active_level = 0;
        if (g->loop.kind != GOMPX_LOOP_ONE)
            g->loop.kind = GOMPX_LOOP_NONE;
        g->loop.simple = GOMPX_LOOP_NONE;
        g->loop.slot = NULL;
        g->loop.ordered = false;
        g->loop.doacross = NULL;
    }
    gompx_frame_set(f);
}
