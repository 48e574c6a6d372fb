/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks with more to them than a function and a few words of data. */
#include "runtime/await.h"
#include "runtime/spawn.h"

#include <stdlib.h>

#include "runtime/cancel.h"
#include "runtime/depend.h"
#include "runtime/search.h"

enum { STACK_BLOCK = 4096 };            /* larger argument blocks come from malloc */

static void *align_up(void *p, size_t align)
{
    return (void *)(((uintptr_t)p + align - 1) & ~(uintptr_t)(align - 1));
}

static void block_on_stack(size_t room, size_t align, void (*use)(void *, void *), void *context)
{
    char block[room];

    use(align_up(block, align), context);
}

void gompx_spawn_block(size_t size, size_t align, void (*use)(void *, void *), void *context)
{
    size_t room;
    void *block;

    align = align ? align : 1;
    room = size + align;                                /* never 0 */
    if (gompx_likely(room <= STACK_BLOCK)) {
        block_on_stack(room, align, use, context);
        return;
    }
    block = malloc(room);
    if (!block) {
        block_on_stack(room, align, use, context);      /* as far as it reaches */
        return;
    }
    use(align_up(block, align), context);
    free(block);
}

void gompx_spawn_end_slow(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_task *record = f->task;

    f->task = gompx_load_rlx(&record->parent);
    if (record != task)
        gompx_task_retire(f, record);                   /* it took the control variables over */
    else
        free(task->own);
}

/* ---- undeferred ---- */

struct copied {
    struct gompx_frame *f;
    const struct gompx_spawn *s;
};

/* The copy is made inside the new task: copy constructors may ask where they are. */
static void run_copied(void *arg, void *context)
{
    struct copied *c = context;
    struct gompx_task task;

    gompx_spawn_begin(c->f, &task, c->s->flags);
    c->s->cpyfn(arg, c->s->data);
    gompx_stack_call(&c->f->self->tasks, c->s->fn, arg);
    gompx_spawn_end(c->f, &task);
}

static void run(struct gompx_frame *f, const struct gompx_spawn *s)
{
    struct gompx_task task;

    if (s->cpyfn) {
        gompx_spawn_block(s->size, s->align, run_copied, &(struct copied){ f, s });
        return;
    }
    gompx_spawn_begin(f, &task, s->flags);
    gompx_stack_call(&f->self->tasks, s->fn, s->data);
    gompx_spawn_end(f, &task);
}

/* Compiled code reads the handle from the variable of the clause and, in the task, from the first word of its data. */
static void handle_store(const struct gompx_spawn *s, struct gompx_event *event)
{
    *(void **)s->detach = event;
    if (s->data)
        *(void **)s->data = event;
}

static void run_undeferred(struct gompx_frame *f, const struct gompx_spawn *s)
{
    struct gompx_event event;

    if (s->flags & GOMPX_SPAWN_DEPEND)
        gompx_depend_wait(f, s->depend);
    if (!(s->flags & GOMPX_SPAWN_DETACH)) {
        run(f, s);
        return;
    }
    gompx_detach_init(f, &event);
    handle_store(s, &event);
    run(f, s);
    gompx_detach_wait(f, &event);
}

/* ---- deferred ---- */

struct gompx_task *gompx_spawn_record(struct gompx_frame *f, struct gompx_task *parent, size_t size, size_t align)
{
    bool inside = align <= 64 && size <= GOMPX_SLAB_LARGEST - sizeof(struct gompx_task);
    struct gompx_task *task = gompx_task_new(f, parent, inside ? gompx_slab_class(sizeof *task + size) : 0);

    if (!task)
        return NULL;
    task->arg = task + 1;
    if (inside)
        return task;
    align = align < 64 ? 64 : align;
    task->block = aligned_alloc(align, (size + align - 1) & ~(align - 1));
    task->arg = task->block;
    if (task->block)
        return task;
    gompx_task_discard(f, task);
    return NULL;
}

void gompx_spawn_publish(struct gompx_frame *f, struct gompx_task *task, int priority)
{
    if (gompx_unlikely(priority > gompx_globals.max_task_priority))
        priority = gompx_globals.max_task_priority;
    if (gompx_likely(priority <= 0)) {
        gompx_phase_push_ready(f, task);
        return;
    }
    task->priority = priority;
    gompx_taskqueue_put(&f->team->queue, task);
    gompx_phase_notify(f);
}

static void data_copy(struct gompx_frame *f, struct gompx_task *task, const struct gompx_spawn *s)
{
    struct gompx_task *outer = f->task;

    if (!s->cpyfn) {
        if (s->size > 0)
            memcpy(task->arg, s->data, s->size);
        return;
    }
    gompx_store_rlx(&task->runner, f->self);
    task->base = f->team ? gompx_deque_mark(&f->member->deque) : 0;
    f->task = task;
    s->cpyfn(task->arg, s->data);
    f->task = outer;
    gompx_store_rlx(&task->runner, NULL);
    if (!s->plain)
        task->flags |= GOMPX_TASK_COPIED;
}

/* The edges are not all known: its siblings must be complete, itself aside. */
static void await_siblings(struct gompx_frame *f)
{
    f->task->kids--;
    gompx_await(f, GOMPX_AWAIT_CHILDREN, f->task);
    f->task->kids++;
}

struct gompx_task *gompx_spawn_make(struct gompx_frame *f, const struct gompx_spawn *s, uint32_t final)
{
    struct gompx_task *parent = gompx_spawn_parent(f);
    struct gompx_task *task = parent ? gompx_spawn_record(f, parent, s->size, s->align) : NULL;

    if (!task)
        return NULL;
    if (s->flags & GOMPX_SPAWN_DETACH) {
        if (!gompx_detach_new(f, task)) {
            gompx_task_discard(f, task);
            return NULL;
        }
        handle_store(s, task->event);
    }
    task->fn = s->fn;
    task->flags |= final;
    data_copy(f, task, s);
    return task;
}

/* True: the task is made, and runs now or later. */
static bool defer(struct gompx_frame *f, const struct gompx_spawn *s)
{
    struct gompx_task *task = gompx_spawn_make(f, s, s->flags & GOMPX_TASK_FINAL);
    enum gompx_depend_result ready = GOMPX_DEPEND_READY;

    if (!task)
        return false;
    gompx_spawn_count(f, task);
    if (s->flags & GOMPX_SPAWN_DEPEND)
        ready = gompx_depend_enter(f, task, s->depend);
    if (ready == GOMPX_DEPEND_NO_MEMORY)
        await_siblings(f);
    if (ready == GOMPX_DEPEND_NO_MEMORY || (ready == GOMPX_DEPEND_READY && !f->team))
        gompx_task_run(f, task);
    else if (ready == GOMPX_DEPEND_READY)
        gompx_spawn_publish(f, task, s->flags & GOMPX_SPAWN_PRIORITY ? s->priority : 0);
    return true;
}

/* Without a team only what is not complete at the end of its construct needs a record: a task that is detached, or that
 * depends on such a one. */
static bool is_pending(const struct gompx_frame *f, const struct gompx_spawn *s)
{
    return (s->flags & GOMPX_SPAWN_DETACH) || ((s->flags & GOMPX_SPAWN_DEPEND) && gompx_task_table(f->task));
}

bool gompx_spawn_room_make(struct gompx_frame *f)
{
    return f->opened == f->phase && gompx_search_run_own(f) && gompx_phase_room(f);
}

bool gompx_spawn_defer(struct gompx_frame *f, const struct gompx_spawn *s)
{
    bool may_defer = s->if_clause && !(f->task->flags & GOMPX_TASK_FINAL);

    if (gompx_cancel_discards_task(f)) {
        if (s->flags & GOMPX_SPAWN_DETACH)
            handle_store(s, gompx_detach_discarded());
        return true;
    }
    return may_defer && (f->team ? gompx_phase_room(f) || gompx_spawn_room_make(f) : is_pending(f, s)) && defer(f, s);
}

void gompx_spawn_slow(struct gompx_frame *f, const struct gompx_spawn *s)
{
    if (!gompx_spawn_defer(f, s))
        run_undeferred(f, s);
}

void gompx_spawn_special(struct gompx_frame *f, void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), size_t size,
                         size_t align, bool if_clause, unsigned flags, void **depend, int priority, void *detach)
{
    struct gompx_spawn s = { fn, data, cpyfn, size, align, if_clause, flags, depend, priority, detach, false };

    gompx_spawn_slow(f, &s);
}

static void nothing(void *data)
{
    (void)data;
}

void gompx_spawn_empty(struct gompx_frame *f, void **depend)
{
    struct gompx_spawn s = { .fn = nothing, .if_clause = true, .flags = GOMPX_SPAWN_DEPEND, .depend = depend };

    gompx_spawn_slow(f, &s);
}
