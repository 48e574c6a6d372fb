/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The events of detached tasks, and what is to wait for them.
 *
 *   word = PENDING | SLEEP, then FULFILLED          another value: no event, or one that is gone
 *
 *   fulfiller                                       creator
 *   (A) CAS(PENDING -> FULFILLED) [acq_rel]         (B) load word == FULFILLED [acquire]: complete
 *       wake all if it had SLEEP                    (C) CAS(PENDING -> PENDING | SLEEP), then futex_wait (sync/wait.c)
 *
 * Not lost: (A) and (C) are read-modify-writes of one word.  (B) reads from (A): it sees what the fulfiller did before.
 * After (A) the object may be gone: the fulfiller only names its address to the kernel, which does not read it. */
#include "runtime/detach.h"

#include <stdlib.h>

#include "sync/futex.h"

/* Unlikely numbers, told apart by their low halves, bit 0 clear. */
#define EVENT_PENDING   UINT64_C(0x9d3c5a1ea16b2f08)
#define EVENT_FULFILLED UINT64_C(0x9d3c5a1ea16b2f10)
#define EVENT_DISCARDED UINT64_C(0x9d3c5a1ea16b2f18)

static struct gompx_detached discarded = { .word = EVENT_DISCARDED };

struct gompx_detached *gompx_detach_discarded(void)
{
    return &discarded;
}

void gompx_detach_init(struct gompx_detached *d)
{
    gompx_store_rlx(&d->word, EVENT_PENDING);           /* the program hands the address on */
    d->undeferred = true;
    d->ndeps = 0;
}

static GOMPX_COLD void refuse(struct gompx_detached *d, uint64_t v)
{
    if (v == EVENT_DISCARDED)
        return;
    if (v == EVENT_FULFILLED && d->undeferred)
        gompx_error("omp_fulfill_event: %p event already fulfilled!", (void *)d);
    gompx_error("omp_fulfill_event: %p event is invalid or has already been fulfilled!", (void *)d);
}

void gompx_detach_fulfill(struct gompx_detached *d)
{
    uint64_t v = d ? gompx_load_rlx(&d->word) : 0;

    do
        if (gompx_unlikely((v & ~(uint64_t)GOMPX_SLEEP) != EVENT_PENDING)) {
            refuse(d, v);
            return;
        }
    while (!gompx_cas_ar(&d->word, &v, EVENT_FULFILLED));   /* (A) */
    if (v & GOMPX_SLEEP)
        gompx_futex_wake_all(gompx_low_half(&d->word));
}

void gompx_detach_wait(struct gompx_frame *f, struct gompx_detached *d)
{
    gompx_wait_equal(&d->word, EVENT_FULFILLED, &f->self->waiter);  /* (B), (C) */
}

/* ---- dependences: two layouts of the array, told apart by word 0 ---- */

enum { KIND_IN = 1, KIND_OUT, KIND_INOUT, KIND_MUTEXINOUTSET, KIND_INOUTSET };

static size_t depend_count(void **array)
{
    return (size_t)(uintptr_t)(array[0] ? array[0] : array[1]);
}

/* A depend object: an address and its kind. */
static struct gompx_depend depend_object(void **object)
{
    struct gompx_depend d = { object[0], (uintptr_t)object[1] };

    if (d.kind < KIND_IN || d.kind > KIND_INOUTSET)
        gompx_error("unknown omp_depend_t dependence type %d", (int)d.kind);
    return d;
}

static struct gompx_depend depend_at(void **array, size_t i)
{
    if (array[0])
        return (struct gompx_depend){ array[2 + i], i < (uintptr_t)array[1] ? KIND_INOUT : KIND_IN };

    uintptr_t out = (uintptr_t)array[2], mutex = out + (uintptr_t)array[3], in = mutex + (uintptr_t)array[4];
    if (i >= in)
        return depend_object(array[5 + i]);
    return (struct gompx_depend){ array[5 + i], i < out ? KIND_INOUT : i < mutex ? KIND_MUTEXINOUTSET : KIND_IN };
}

/* omp_all_memory */
static bool is_everything(const struct gompx_depend *d)
{
    return !d->address && (d->kind == KIND_OUT || d->kind == KIND_INOUT);
}

static bool is_edge(const struct gompx_depend *a, const struct gompx_depend *b)
{
    if (is_everything(a) || is_everything(b))
        return true;
    return a->address == b->address && (a->kind != b->kind || (a->kind != KIND_IN && a->kind != KIND_INOUTSET));
}

static bool depends_on(const struct gompx_detached *d, void **depend)
{
    for (size_t i = 0; d->ndeps > 0 && i < depend_count(depend); i++) {
        struct gompx_depend later = depend_at(depend, i);

        for (size_t j = 0; j < d->ndeps; j++)
            if (is_edge(&d->deps[j], &later))
                return true;
    }
    return false;
}

/* ---- the list ---- */

/* Which tasks of the list; NULL: any. */
struct filter {
    const struct gompx_frame *frame;
    const struct gompx_task *parent;
    const struct gompx_taskgroup *group;
    void **depend;
};

static bool is_meant(const struct gompx_detached *d, const struct filter *filter)
{
    return d->frame == filter->frame && (!filter->parent || d->parent == filter->parent)
        && (!filter->group || d->group == filter->group) && (!filter->depend || depends_on(d, filter->depend));
}

static void drop(struct gompx_task_local *local, struct gompx_detached **at)
{
    struct gompx_detached *d = *at;

    *at = d->next;
    local->detached_n--;
    free(d);
}

static GOMPX_COLD void wait_filtered(struct gompx_frame *f, const struct filter *filter)
{
    struct gompx_task_local *local = &f->self->tasks;

    for (struct gompx_detached **at = &local->detached; *at;)
        if (is_meant(*at, filter)) {
            gompx_detach_wait(f, *at);
            drop(local, at);
        } else {
            at = &(*at)->next;
        }
}

struct gompx_detached *gompx_detach_new(struct gompx_frame *f, void **depend)
{
    size_t n = depend ? depend_count(depend) : 0;
    struct gompx_detached *d = malloc(sizeof *d + n * sizeof *d->deps);

    if (!d)
        return NULL;
    gompx_detach_init(d);
    d->undeferred = false;
    d->frame = f;
    d->parent = f->task;
    d->group = f->task->group;
    d->ndeps = n;
    for (size_t i = 0; i < n; i++)
        d->deps[i] = depend_at(depend, i);
    return d;
}

/* A task that is never waited for is noticed here: half of the list or more is worth a search. */
static void prune(struct gompx_task_local *local)
{
    for (struct gompx_detached **at = &local->detached; *at;)
        if (gompx_load_acq(&(*at)->word) == EVENT_FULFILLED)        /* (B) */
            drop(local, at);
        else
            at = &(*at)->next;
    local->detached_prune = 2 * local->detached_n + 16;
}

void gompx_detach_keep(struct gompx_frame *f, struct gompx_detached *d)
{
    struct gompx_task_local *local = &f->self->tasks;

    if (gompx_load_acq(&d->word) == EVENT_FULFILLED) {  /* (B) */
        free(d);
        return;
    }
    d->next = local->detached;
    local->detached = d;
    f->detached = true;
    f->task->flags |= GOMPX_TASK_DETACHED_KIDS;
    if (++local->detached_n > local->detached_prune)
        prune(local);
}

void gompx_detach_orphan(struct gompx_frame *f, const struct gompx_task *task)
{
    for (struct gompx_detached *d = f->self->tasks.detached; d; d = d->next)
        if (d->parent == task)
            d->parent = NULL;
}

void gompx_detach_wait_children(struct gompx_frame *f)
{
    wait_filtered(f, &(struct filter){ .frame = f, .parent = f->task });
    f->task->flags &= ~(uint32_t)GOMPX_TASK_DETACHED_KIDS;
}

void gompx_detach_wait_group(struct gompx_frame *f, const struct gompx_taskgroup *group)
{
    wait_filtered(f, &(struct filter){ .frame = f, .group = group });
}

void gompx_detach_wait_depend(struct gompx_frame *f, void **depend)
{
    if (gompx_unlikely(f->task->flags & GOMPX_TASK_DETACHED_KIDS))
        wait_filtered(f, &(struct filter){ .frame = f, .parent = f->task, .depend = depend });
}

void gompx_detach_wait_region_slow(struct gompx_frame *f)
{
    wait_filtered(f, &(struct filter){ .frame = f });
    f->detached = false;
}
