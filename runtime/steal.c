/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Nonmonotonic dynamic loops: every thread starts with a block of its own, and who runs dry robs others.
 *
 *   range word of member i:   tag << 48 | hi << 24 | lo        tag = low 16 bits of the number j of a stealing loop
 *
 *   {j, lo < hi}    units [lo, hi) of loop j are left for i, or for thieves
 *   {j, lo >= hi}   nothing left, and the home block of loop j has been claimed
 *   {j-1, empty}    the home block of loop j has not been claimed yet: by i when it comes, or by a thief before
 *
 *   enter j     (A) i: CAS(own, tag before j -> {j, block less its first unit}), runs the first unit; tag j or later: a
 *                   thief has claimed the block; i begins as a thief
 *   take        (B) i: CAS(own, {j, lo, hi} -> {j, lo+1, hi})
 *   steal       (C) CAS(victim, {j, lo, hi} -> {j, lo, mid}): the upper half
 *               (D) CAS(victim, {j-1, empty} -> {j, empty}): the whole home block of a thread that is late
 *   keep        (E) the thief runs its first unit and leaves the rest in its own word: CAS(own, {j, empty} -> {j, rest});
 *                   if that fails somebody far ahead has claimed its block of j+1: the rest stays private
 *
 * Each unit is handed out once: (B), (C) and (D) are CASes of one word on what they take away, a block enters a word only by
 * (A) and (E), and between the theft and (E) the loot is in no word.  No ABA: units are never put back, so the same
 * non-empty range cannot return, and for the empty ones all that counts is that they are empty now.  A tag is exact: (D)
 * leaves a thread alone that still owes an earlier loop.  The window of work shares keeps threads within 16 constructs of
 * each other, so 16 bits are enough; (E) and (A) can therefore not meet a tag of another round.
 * A thread that finds nothing in one scan leaves: what others hold privately is being run.  But the last unit of the loop is
 * not in any block: it goes to the first thread that finds nothing else (the slot's counter), because compiled code takes the
 * piece that a thread got last for the one that decides about lastprivate.
 * Relaxed order throughout: the words hand out numbers; what the iterations write is ordered by the construct's barrier.
 * Cost: a unit of one's own is one CAS on a line that nobody else wants; the last scan reads T - 1 lines.
 * Source: Markatos and LeBlanc, Using Processor Affinity in Loop Scheduling, 1994. */
#include "runtime/steal.h"

#include "runtime/schedule.h"
#include "runtime/team.h"

uint64_t gompx_steal_empty(uint32_t j)
{
    return gompx_range_make(j, 0, 0);
}

/* The home block of thread t, in units; units <= 2^23, of which the last belongs to nobody. */
static inline void home_block(const struct gompx_loop *loop, uint32_t t, uint32_t nthreads, uint64_t *lo, uint64_t *hi)
{
    uint64_t q = (loop->units - 1) / nthreads, r = (loop->units - 1) % nthreads;

    *lo = q * t + (t < r ? t : r);
    *hi = *lo + q + (t < r);
}

void gompx_steal_begin(struct gompx_frame *f, struct gompx_loop *loop)
{
    _Atomic uint64_t *own = loop->range = &f->member->range;
    uint64_t w = gompx_load_rlx(own), lo, hi;

    home_block(loop, f->tid, f->nthreads, &lo, &hi);    /* not empty: there are more units than threads */
    while ((int16_t)(gompx_range_tag(w) - (uint16_t)loop->steal_j) < 0)
        if (gompx_cas_rlx(own, &w, gompx_range_make(loop->steal_j, lo + 1, hi))) {     /* (A) */
            gompx_loop_own_units(loop, lo, lo + 1);
            return;
        }
}

/* Puts the rest of the loot where others can take it; else it stays with the caller: *hi says which. */
static void keep(struct gompx_loop *loop, uint64_t lo, uint64_t *hi)
{
    _Atomic uint64_t *own = loop->range;
    uint64_t w = gompx_load_rlx(own);

    if (lo + 1 < *hi && gompx_range_tag(w) == (uint16_t)loop->steal_j && gompx_range_is_empty(w)
        && gompx_cas_rlx(own, &w, gompx_range_make(loop->steal_j, lo + 1, *hi)))   /* (E) */
        *hi = lo + 1;
}

/* Robs member v: (C) or (D). */
static bool rob(struct gompx_frame *f, struct gompx_loop *loop, uint32_t v, uint64_t *lo, uint64_t *hi)
{
    _Atomic uint64_t *range = &f->members[v].range;
    uint64_t w = gompx_load_rlx(range);

    for (;;) {
        uint16_t tag = gompx_range_tag(w);

        if (tag == (uint16_t)loop->steal_j && !gompx_range_is_empty(w)) {
            uint64_t mid = gompx_range_hi(w) - (gompx_range_hi(w) - gompx_range_lo(w) + 1) / 2;

            *lo = mid;
            *hi = gompx_range_hi(w);
            if (gompx_cas_rlx(range, &w, gompx_range_make(loop->steal_j, gompx_range_lo(w), mid)))    /* (C) */
                return true;
        } else if (tag == (uint16_t)(loop->steal_j - 1) && gompx_range_is_empty(w)) {
            home_block(loop, v, f->nthreads, lo, hi);
            if (gompx_cas_rlx(range, &w, gompx_steal_empty(loop->steal_j)))             /* (D) */
                return *lo < *hi;
        } else {
            return false;
        }
    }
}

static bool take_foreign(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *lo, uint64_t *hi)
{
    for (uint32_t d = 1; d < f->nthreads; d++) {
        uint32_t v = f->tid + d < f->nthreads ? f->tid + d : f->tid + d - f->nthreads;

        if (rob(f, loop, v, lo, hi)) {
            keep(loop, *lo, hi);
            return true;
        }
    }
    return false;
}

bool gompx_steal_take(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *lo, uint64_t *hi)
{
    if (!gompx_steal_own(loop, lo))
        return take_foreign(f, loop, lo, hi);
    *hi = *lo + 1;
    return true;
}
