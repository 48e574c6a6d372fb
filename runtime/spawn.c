/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks with more to them than a function and its data. */
#include "runtime/spawn.h"

#include <stdlib.h>

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
    if (!block)
        gompx_fatal("out of memory allocating %zu bytes", room);
    use(align_up(block, align), context);
    free(block);
}

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
    c->s->fn(arg);
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
    s->fn(s->data);
    gompx_spawn_end(f, &task);
}

/* Compiled code reads the handle from the variable of the clause and, in the task, from the first word of its data. */
static void handle_store(const struct gompx_spawn *s, struct gompx_detached *d)
{
    *(void **)s->detach = d;
    if (s->data)
        *(void **)s->data = d;
}

static void run_detached(struct gompx_frame *f, const struct gompx_spawn *s)
{
    bool undeferred = !s->if_clause || (f->task->flags & GOMPX_TASK_FINAL);
    void **depend = s->flags & GOMPX_SPAWN_DEPEND ? s->depend : NULL;
    struct gompx_detached *d = undeferred ? NULL : gompx_detach_new(f, depend);
    struct gompx_detached own;

    if (!d)
        gompx_detach_init(&own);
    handle_store(s, d ? d : &own);
    run(f, s);
    if (d)
        gompx_detach_keep(f, d);
    else
        gompx_detach_wait(f, &own);
}

void gompx_spawn_slow(struct gompx_frame *f, const struct gompx_spawn *s)
{
    if (gompx_cancel_discards_task(f)) {
        if (s->flags & GOMPX_SPAWN_DETACH)
            handle_store(s, gompx_detach_discarded());
        return;
    }
    if (s->flags & GOMPX_SPAWN_DEPEND)
        gompx_detach_wait_depend(f, s->depend);
    if (s->flags & GOMPX_SPAWN_DETACH)
        run_detached(f, s);
    else
        run(f, s);
}
