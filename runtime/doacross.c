/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Posting and waiting are a plain store and plain loads of one word; the line goes straight from the poster to who waits.
 * There is no sleep bit, for that would make every post a read-modify-write: waits that last nap (gompx_wait_nap). */
#include "runtime/doacross.h"

#include "runtime/reduce.h"
#include "runtime/schedule.h"
#include "runtime/team.h"

enum { PADDED_MAX = 2048 };             /* entries that get a line each; above, the memory would cost more than it saves */

enum entry_kind { PER_BLOCK, PER_ROUND, PER_CHUNK };

/* In the slot's memory; written by the first thread to come, read-only for the others. */
struct gompx_doacross {
    enum entry_kind kind;
    bool wide;                          /* entries are {sequence, vector} */
    unsigned dims;
    uint32_t nthreads;
    uint64_t chunk;                     /* outer iterations per chunk */
    uint64_t big, small;                /* PER_BLOCK: first `nbig` threads have `big` outer iterations, the others `small` */
    uint64_t nbig;
    uint64_t inner;                     /* vectors per outer iteration */
    uint64_t step;                      /* words from one entry to the next */
    _Atomic uint64_t *entry;
    uint64_t weight[];                  /* of vector[1 ...]; [0] is unused */
};

struct shape {
    enum entry_kind kind;
    bool wide;
    uint64_t entries, step;
    size_t head;                        /* bytes of the struct, whole lines */
};

static size_t lines(size_t bytes)
{
    return (bytes + GOMPX_CACHE_LINE - 1) & ~(size_t)(GOMPX_CACHE_LINE - 1);
}

/* Whether positions in the space need more than 64 bits. */
static bool is_wide(unsigned dims, const uint64_t *counts)
{
    uint64_t vectors = counts[0];

    for (unsigned i = 1; i < dims; i++)
        if (__builtin_mul_overflow(vectors, counts[i], &vectors))
            return true;
    return false;
}

static struct shape shape_of(const struct gompx_frame *f, unsigned dims, const uint64_t *counts, const struct gompx_loop_args *args)
{
    struct shape s = { .wide = is_wide(dims, counts), .head = lines(sizeof(struct gompx_doacross) + dims * sizeof(uint64_t)) };
    uint64_t chunk = args->chunk ? args->chunk : 1;

    switch (args->sched & ~(uint32_t)GOMPX_SCHED_MONOTONIC) {
    case GOMPX_SCHED_STATIC:
        s.kind = args->chunk ? PER_ROUND : PER_BLOCK;
        s.entries = f->nthreads;
        break;
    case GOMPX_SCHED_GUIDED:
        s.kind = PER_CHUNK;
        s.entries = args->iters;
        break;
    default:
        s.kind = PER_CHUNK;
        s.entries = args->iters ? (args->iters - 1) / chunk + 1 : 0;
    }
    s.step = s.wide ? dims + 1 : 1;
    if (s.entries <= PADDED_MAX)
        s.step = lines(s.step * sizeof(uint64_t)) / sizeof(uint64_t);
    return s;
}

static void fill(struct gompx_doacross *d, const struct gompx_frame *f, const struct shape *s, unsigned dims,
                 const uint64_t *counts, const struct gompx_loop_args *args)
{
    bool guided = (args->sched & ~(uint32_t)GOMPX_SCHED_MONOTONIC) == GOMPX_SCHED_GUIDED;

    d->kind = s->kind;
    d->wide = s->wide;
    d->dims = dims;
    d->nthreads = f->nthreads;
    d->chunk = guided || args->chunk == 0 ? 1 : args->chunk;
    d->small = args->iters / f->nthreads;
    d->big = d->small + 1;
    d->nbig = args->iters % f->nthreads;
    d->step = s->step;
    d->entry = (_Atomic uint64_t *)(void *)((char *)d + s->head);
    d->inner = 1;
    for (unsigned i = dims; i-- > 1;) {
        d->weight[i] = d->inner;
        d->inner *= counts[i];
    }
}

/* Where the calling thread posts, if that is always the same entry, and which outer iterations are its own. */
static void own_entry(struct gompx_loop *loop, uint32_t tid)
{
    const struct gompx_doacross *d = loop->doacross;

    loop->doacross_own = d->kind == PER_CHUNK ? NULL : &d->entry[tid * d->step];
    loop->doacross_mine = 0;
    if (d->kind == PER_ROUND) {
        loop->doacross_first = tid * d->chunk;
    } else if (d->kind == PER_BLOCK) {
        loop->doacross_first = tid < d->nbig ? tid * d->big : d->nbig * d->big + (tid - d->nbig) * d->small;
        loop->doacross_mine = tid < d->nbig ? d->big : d->small;
    }
}

void gompx_doacross_begin(struct gompx_frame *f, unsigned dims, const uint64_t *counts, struct gompx_loop_args *args,
                          uintptr_t *reductions, void **mem)
{
    struct gompx_loop *loop = &f->loop;
    size_t extra = mem ? lines((size_t)(uintptr_t)*mem) : 0;

    args->start = 0;
    args->end = args->iters = counts[0];
    args->incr = 1;
    args->slot = true;
    gompx_loop_begin(f, args);
    if (!f->team) {
        gompx_workshare_extras(f, reductions, mem);
        return;
    }
    if (gompx_once_begin(f, loop)) {
        struct shape s = shape_of(f, dims, counts, args);
        char *p = gompx_slot_memory(loop->slot, extra + s.head + s.entries * s.step * sizeof(uint64_t));

        fill((struct gompx_doacross *)(void *)(p + extra), f, &s, dims, counts, args);
        if (reductions)
            gompx_reduction_allocate(reductions, f->nthreads);
        loop->slot->value = reductions;
        gompx_once_done(loop);
    } else if (reductions) {
        gompx_reduction_share(reductions, loop->slot->value);
    }
    if (reductions)
        gompx_reduction_open(f, reductions);
    loop->doacross = (struct gompx_doacross *)(void *)((char *)loop->slot->memory + extra);
    own_entry(loop, f->tid);
    if (mem)
        *mem = loop->slot->memory;
}

unsigned gompx_doacross_dims(const struct gompx_frame *f)
{
    return f->loop.doacross ? f->loop.doacross->dims : 0;
}

/* Position of a vector within an entry that counts from outer iteration `first`. */
static inline uint64_t position_of(const struct gompx_doacross *d, const uint64_t *v, uint64_t first)
{
    uint64_t p = (v[0] - first) * d->inner;

    for (unsigned k = 1; k < d->dims; k++)
        p += v[k] * d->weight[k];
    return p;
}

/* Most loops have fewer than 2^32 iterations, and a narrow division takes a third of the time of a wide one. */
static inline uint64_t quotient(uint64_t a, uint64_t b)
{
    return b == 1 ? a : (a | b) >> 32 ? a / b : (uint32_t)a / (uint32_t)b;
}

/* The entry that covers outer iteration i, and the first outer iteration that the entry counts from. */
static inline _Atomic uint64_t *entry_of(const struct gompx_doacross *d, uint64_t i, uint64_t *first)
{
    uint64_t index;

    switch (d->kind) {
    case PER_ROUND:
        index = quotient(i, d->chunk);
        index -= quotient(index, d->nthreads) * d->nthreads;
        *first = index * d->chunk;
        break;
    case PER_BLOCK:
        index = i < d->nbig * d->big ? i / d->big : d->nbig + (i - d->nbig * d->big) / d->small;
        *first = index < d->nbig ? index * d->big : d->nbig * d->big + (index - d->nbig) * d->small;
        break;
    default:
        index = quotient(i, d->chunk);
        *first = index * d->chunk;
    }
    return &d->entry[index * d->step];
}

/* ---- spaces of 2^64 vectors and more ----
 *
 * entry = sequence, vector: a sequence lock with one writer.      0: nothing posted; odd: being written
 *
 *   poster                                      waiter
 *   (A) sequence = odd; fence [release]         (D) load sequence [acquire]; 0 or odd: not yet
 *   (B) store the vector                        (E) load the vector; fence [acquire]
 *   (C) sequence = even [release]               (F) load sequence; another one: not yet
 *
 * (D) reads from (C): what was done before the post is visible.  If (E) reads from a later (B), the fences make (F) see at
 * least the (A) before that. */

static void post_wide(const struct gompx_doacross *d, _Atomic uint64_t *entry, const uint64_t *vector)
{
    uint64_t sequence = gompx_load_rlx(entry);

    gompx_store_rlx(entry, sequence + 1);               /* (A) */
    gompx_fence_rel();
    for (unsigned i = 0; i < d->dims; i++)
        gompx_store_rlx(&entry[1 + i], vector[i]);      /* (B) */
    gompx_store_rel(entry, sequence + 2);               /* (C) */
}

static bool is_posted_wide(const struct gompx_doacross *d, _Atomic uint64_t *entry, const uint64_t *vector)
{
    uint64_t sequence = gompx_load_acq(entry);          /* (D) */
    int order = 0;

    if (sequence == 0 || (sequence & 1))
        return false;
    for (unsigned i = 0; i < d->dims && order == 0; i++) {
        uint64_t posted = gompx_load_rlx(&entry[1 + i]);    /* (E) */

        order = (posted > vector[i]) - (posted < vector[i]);
    }
    gompx_fence_acq();
    return gompx_load_rlx(entry) == sequence && order >= 0; /* (F) */
}

static GOMPX_COLD void wait_wide(struct gompx_frame *f, _Atomic uint64_t *entry, const uint64_t *vector)
{
    struct gompx_spin spin = gompx_spin_begin_next(&f->self->waiter);

    while (!is_posted_wide(f->loop.doacross, entry, vector))
        gompx_wait_nap(&spin);
    gompx_spin_end(&spin);
}

/* ---- the others ---- */

/* A thread posts for its own iterations: under a static schedule that is always the same entry. */
void gompx_doacross_post(struct gompx_frame *f, const uint64_t *vector)
{
    struct gompx_loop *loop = &f->loop;
    const struct gompx_doacross *d = loop->doacross;

    if (!d)
        return;
    if (gompx_unlikely(!loop->doacross_own))
        loop->doacross_own = entry_of(d, vector[0], &loop->doacross_first);
    if (gompx_unlikely(d->wide))
        post_wide(d, loop->doacross_own, vector);
    else
        gompx_store_rel(loop->doacross_own, position_of(d, vector, loop->doacross_first) + 1);  /* pairs with the wait */
    if (d->kind == PER_CHUNK)
        loop->doacross_own = NULL;
}

static GOMPX_COLD void wait_long(struct gompx_frame *f, _Atomic uint64_t *entry, uint64_t position)
{
    struct gompx_spin spin = gompx_spin_begin_next(&f->self->waiter);

    while (gompx_load_acq(entry) <= position)           /* pairs with gompx_doacross_post() */
        gompx_wait_nap(&spin);
    gompx_spin_end(&spin);
}

void gompx_doacross_wait(struct gompx_frame *f, const uint64_t *vector)
{
    const struct gompx_doacross *d = f->loop.doacross;
    uint64_t first, position;

    if (vector[0] - f->loop.doacross_first < f->loop.doacross_mine)
        return;                                         /* an earlier vector of our own block: posted by ourselves */
    _Atomic uint64_t *entry = entry_of(d, vector[0], &first);

    if (gompx_unlikely(d->wide)) {
        wait_wide(f, entry, vector);
        return;
    }
    position = position_of(d, vector, first);
    if (gompx_load_acq(entry) <= position)              /* likewise */
        wait_long(f, entry, position);
}
