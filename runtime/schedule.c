/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * From a loop's arguments to pieces of it. */
#include "runtime/schedule.h"

#include "runtime/icv.h"
#include "runtime/steal.h"
#include "runtime/team.h"

enum {
    COUNTER_BITS = 31,                  /* units that a slot's counter may reach */
    STEAL_BITS = 23,                    /* at most 2^23 units: both ends fit 24 bits of a range word */
};

uint64_t gompx_loop_iters_long(long start, long end, long incr)
{
    if (incr > 0)
        return start < end ? ((uint64_t)end - (uint64_t)start - 1) / (uint64_t)incr + 1 : 0;
    return start > end ? ((uint64_t)start - (uint64_t)end - 1) / -(uint64_t)incr + 1 : 0;
}

uint64_t gompx_loop_iters_ull(bool up, unsigned long long start, unsigned long long end, unsigned long long incr)
{
    if (up)
        return start < end ? (end - start - 1) / incr + 1 : 0;
    return start > end ? (start - end - 1) / -incr + 1 : 0;
}

void gompx_loop_resolve(struct gompx_frame *f, struct gompx_loop_args *args)
{
    const struct gompx_icvs *icv = f->task->icv;
    uint32_t kind = icv->sched_kind & ~(uint32_t)GOMPX_SCHED_MONOTONIC;

    if (icv->sched_kind & GOMPX_SCHED_MONOTONIC)
        args->nonmonotonic = false;
    args->sched = kind == GOMPX_SCHED_AUTO ? GOMPX_SCHED_STATIC : kind;
    args->chunk = kind == GOMPX_SCHED_AUTO || icv->sched_chunk < 0 ? 0 : (uint64_t)icv->sched_chunk;
}

/* Fewest bits to drop so that `n` things fit a counter of `bits` bits. */
static uint32_t unit_shift(uint64_t n, unsigned bits)
{
    unsigned used = n ? 64 - (unsigned)__builtin_clzll(n) : 0;

    return used > bits ? used - bits : 0;
}

static uint64_t units_of(uint64_t n, uint32_t shift)
{
    return n == 0 ? 0 : ((n - 1) >> shift) + 1;
}

/* Block split: the first iters mod T threads get one iteration more. */
static void begin_block(struct gompx_frame *f, struct gompx_loop *loop)
{
    uint64_t q = loop->iters / f->nthreads, r = loop->iters % f->nthreads;

    loop->kind = GOMPX_LOOP_ONE;
    loop->chunk = 1;
    loop->nchunks = loop->iters;
    loop->lo = q * f->tid + (f->tid < r ? f->tid : r);
    loop->hi = loop->lo + q + (f->tid < r);
}

/* In the order of the list of kinds in the specification; `iters` is not 0, and there is more than one thread. */
static void begin_shared(struct gompx_frame *f, struct gompx_loop *loop, const struct gompx_loop_args *args)
{
    loop->lo = loop->hi = 0;
    loop->nchunks = (loop->iters - 1) / loop->chunk + 1;
    switch (args->sched & ~(uint32_t)GOMPX_SCHED_MONOTONIC) {
    case GOMPX_SCHED_STATIC:
        loop->kind = GOMPX_LOOP_ROUND;
        loop->lo = f->tid;
        return;
    case GOMPX_SCHED_GUIDED:
        loop->kind = GOMPX_LOOP_GUIDED;
        loop->shift = unit_shift(loop->iters, COUNTER_BITS);
        loop->units = units_of(loop->iters, loop->shift);
        return;
    default:
        if (args->nonmonotonic && !args->ordered && loop->nchunks >= 2 * f->nthreads) {
            loop->kind = GOMPX_LOOP_STEAL;
            loop->shift = unit_shift(loop->nchunks, STEAL_BITS);
            loop->units = units_of(loop->nchunks, loop->shift);
            loop->steal_j = ++f->steal_seq;
            gompx_steal_begin(f, loop);
            return;
        }
        loop->kind = GOMPX_LOOP_COUNTER;
        loop->shift = unit_shift(loop->nchunks, COUNTER_BITS);
        loop->units = units_of(loop->nchunks, loop->shift);
    }
}

static bool needs_slot(const struct gompx_loop_args *args)
{
    if (args->slot)
        return true;
    return args->iters && (args->ordered || (args->sched & ~(uint32_t)GOMPX_SCHED_MONOTONIC) != GOMPX_SCHED_STATIC);
}

void gompx_loop_begin(struct gompx_frame *f, const struct gompx_loop_args *args)
{
    struct gompx_loop *loop = &f->loop;

    loop->start = args->start;
    loop->end = args->end;
    loop->incr = args->incr;
    loop->iters = args->iters;
    loop->chunk = args->chunk;
    loop->simple = GOMPX_LOOP_NONE;
    loop->ordered = args->ordered && f->team;
    loop->open_turn = false;
    loop->slot = NULL;
    loop->doacross = NULL;
    if (f->team && needs_slot(args))
        gompx_workshare_enter(f, loop);
    if (args->iters == 0) {
        loop->kind = GOMPX_LOOP_NONE;
        loop->ordered = false;
        return;
    }
    if (!f->team) {
        loop->kind = GOMPX_LOOP_ONE;
        loop->chunk = 1;
        loop->nchunks = loop->hi = loop->iters;
        loop->lo = 0;
        return;
    }
    if (loop->chunk == 0 && (args->sched & ~(uint32_t)GOMPX_SCHED_MONOTONIC) == GOMPX_SCHED_STATIC) {
        begin_block(f, loop);
        return;
    }
    if (loop->chunk == 0)
        loop->chunk = 1;
    loop->step = loop->chunk * loop->incr;
    loop->step_shift = (loop->step & (loop->step - 1)) == 0 && loop->step ? (uint32_t)__builtin_ctzll(loop->step) : 64;
    begin_shared(f, loop, args);
    if (!loop->ordered && loop->shift == 0)
        loop->simple = loop->kind;
}

void gompx_loop_begin_slot(struct gompx_frame *f, bool slot)
{
    struct gompx_loop *loop = &f->loop;

    loop->kind = GOMPX_LOOP_NONE;
    loop->simple = GOMPX_LOOP_NONE;
    loop->ordered = false;
    loop->slot = NULL;
    loop->doacross = NULL;
    if (f->team && slot)
        gompx_workshare_enter(f, loop);
}

/* ---- the shared counter ---- */

/* The first to come finds the number of an older construct and starts from 0; what its own fetch_add did to the old index
 * does not matter.  Relaxed throughout: the counter orders nothing, it only deals out numbers. */
static GOMPX_COLD uint64_t counter_first(_Atomic uint64_t *next, uint32_t k, uint64_t seen)
{
    do
        if ((uint32_t)(seen >> 32) == k)
            return (uint32_t)gompx_add_rlx(next, 1);
    while (!gompx_cas_rlx(next, &seen, (uint64_t)k << 32 | 1));
    return 0;
}

/* One transfer of the line and one RMW per unit. An index past the end is never brought back: at most T of them, far from 2^32. */
static inline uint64_t counter_take(struct gompx_loop *loop)
{
    _Atomic uint64_t *next = &loop->slot->next;
    uint64_t old = gompx_add_rlx(next, 1);

    if (gompx_likely((uint32_t)(old >> 32) == loop->k))
        return (uint32_t)old;
    return counter_first(next, loop->k, old + 1);
}

/* The last unit of a stealing loop is index 0 of its slot's counter; who gets it has nothing else to do. */
static GOMPX_COLD bool steal_last(struct gompx_loop *loop)
{
    bool mine = (uint32_t)(gompx_load_rlx(&loop->slot->next) >> 32) != loop->k && counter_take(loop) == 0;

    if (mine)
        gompx_loop_own_units(loop, loop->units - 1, loop->units);
    loop->kind = mine ? GOMPX_LOOP_REST : GOMPX_LOOP_NONE;
    loop->simple = GOMPX_LOOP_NONE;
    return mine;
}

/* guided: each takes 1/T of what remains, but not less than a chunk (Polychronopoulos and Kuck, 1987). */
static bool guided_take(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *lo, uint64_t *hi)
{
    _Atomic uint64_t *next = &loop->slot->next;
    uint64_t least = units_of(loop->chunk, loop->shift), seen = gompx_load_rlx(next);

    for (;;) {
        uint64_t at = (uint32_t)(seen >> 32) == loop->k ? (uint32_t)seen : 0, rest = loop->units - at, n;

        if (rest == 0)
            return false;
        n = (rest - 1) / f->nthreads + 1;
        n = n < least ? least : n;
        n = n > rest ? rest : n;
        if (gompx_cas_rlx(next, &seen, (uint64_t)loop->k << 32 | (at + n))) {
            *lo = at;
            *hi = at + n;
            return true;
        }
    }
}

/* ---- the next piece ---- */

static inline void piece(const struct gompx_loop *loop, uint64_t lo, uint64_t hi, uint64_t total, uint64_t size,
                         uint64_t *start, uint64_t *end)
{
    *start = loop->start + lo * size * loop->incr;
    *end = hi >= total ? loop->end : loop->start + hi * size * loop->incr;
}

void gompx_loop_own_units(struct gompx_loop *loop, uint64_t lo, uint64_t hi)
{
    loop->lo = lo << loop->shift;
    loop->hi = hi >= loop->units ? loop->nchunks : hi << loop->shift;
}

static bool guided_next(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *start, uint64_t *end)
{
    uint64_t lo, hi;

    if (!guided_take(f, loop, &lo, &hi))
        return false;
    if (loop->ordered)
        gompx_ordered_chunk(loop, lo, hi);
    piece(loop, lo << loop->shift, hi >= loop->units ? loop->iters : hi << loop->shift, loop->iters, 1, start, end);
    return true;
}

/* Chunk c.  The next RMW on the counter waits until *start is stored: a shift is two cycles faster than a product. */
static inline bool chunk_piece(const struct gompx_loop *loop, uint64_t c, uint64_t *start, uint64_t *end)
{
    uint64_t first = loop->start + (gompx_likely(loop->step_shift < 64) ? c << loop->step_shift : c * loop->step);

    *start = first;
    *end = c + 1 == loop->nchunks ? loop->end : first + loop->step;
    return true;
}

/* One chunk of the range [lo, hi) that is ours. */
static inline bool own_next(struct gompx_loop *loop, uint64_t *start, uint64_t *end)
{
    uint64_t c = loop->lo++;

    if (loop->ordered)
        gompx_ordered_chunk(loop, c, c + 1);
    return chunk_piece(loop, c, start, end);
}

static bool one_next(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *start, uint64_t *end)
{
    uint64_t lo = loop->lo, hi = loop->hi;

    loop->kind = GOMPX_LOOP_NONE;
    if (lo >= hi)
        return false;
    if (loop->ordered)                                  /* blocks in the order of the threads */
        gompx_ordered_chunk(loop, f->tid, f->tid + 1);
    piece(loop, lo, hi, loop->nchunks, loop->chunk, start, end);
    return true;
}

static bool round_next(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *start, uint64_t *end)
{
    uint64_t c = loop->lo;

    if (c >= loop->nchunks)
        return false;
    loop->lo = loop->nchunks - c > f->nthreads ? c + f->nthreads : loop->nchunks;
    if (loop->ordered)
        gompx_ordered_chunk(loop, c, c + 1);
    piece(loop, c, c + 1, loop->nchunks, loop->chunk, start, end);
    return true;
}

static __attribute__((noinline)) bool next_slow(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *start, uint64_t *end)
{
    uint64_t lo, hi;

    if (loop->ordered)
        gompx_ordered_release(f, loop);
    switch (loop->kind) {
    case GOMPX_LOOP_COUNTER:
        if (loop->lo < loop->hi)
            return own_next(loop, start, end);
        lo = counter_take(loop);
        if (lo >= loop->units)
            return false;
        gompx_loop_own_units(loop, lo, lo + 1);
        return own_next(loop, start, end);
    case GOMPX_LOOP_STEAL:
        if (loop->lo < loop->hi)
            return own_next(loop, start, end);
        if (gompx_steal_take(f, loop, &lo, &hi))
            gompx_loop_own_units(loop, lo, hi);
        else if (!steal_last(loop))
            return false;
        return own_next(loop, start, end);
    case GOMPX_LOOP_REST:
        return loop->lo < loop->hi && own_next(loop, start, end);
    case GOMPX_LOOP_GUIDED:
        return guided_next(f, loop, start, end);
    case GOMPX_LOOP_ROUND:
        return round_next(f, loop, start, end);
    case GOMPX_LOOP_ONE:
        return one_next(f, loop, start, end);
    default:
        return false;
    }
}

/* First the two kinds of which a program may ask for millions of pieces: units that are single chunks, no order kept. */
bool gompx_loop_next(struct gompx_frame *f, uint64_t *start, uint64_t *end)
{
    struct gompx_loop *loop = &f->loop;
    uint64_t c;

    if (loop->simple == GOMPX_LOOP_COUNTER) {
        c = counter_take(loop);
        return c < loop->nchunks && chunk_piece(loop, c, start, end);
    }
    if (loop->simple == GOMPX_LOOP_STEAL && loop->lo >= loop->hi && gompx_steal_own(loop, &c))
        return chunk_piece(loop, c, start, end);
    return next_slow(f, loop, start, end);
}

/* ---- the end ---- */

static inline void loop_leave(struct gompx_frame *f)
{
    struct gompx_loop *loop = &f->loop;

    if (gompx_unlikely(loop->ordered))
        gompx_ordered_release(f, loop);
    loop->kind = GOMPX_LOOP_NONE;
    loop->simple = GOMPX_LOOP_NONE;
    loop->ordered = false;
    loop->doacross = NULL;
}

void gompx_loop_end(struct gompx_frame *f)
{
    loop_leave(f);
    gompx_team_barrier(f);
}

void gompx_loop_end_nowait(struct gompx_frame *f)
{
    loop_leave(f);
    gompx_workshare_leave(f);
}

bool gompx_loop_end_cancel(struct gompx_frame *f)
{
    loop_leave(f);
    return gompx_cancel_barrier(f);
}
