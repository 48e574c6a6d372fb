/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The work-stealing deque: its owner pushes and pops at the bottom, thieves take from the top.
 *
 *   top     tag << 32 | index of the oldest entry        bottom     index after the newest entry
 *
 * Indices grow for ever and wrap at 2^32; entry i lies in slot[i mod capacity].  `tag` is the user's number of the round in
 * which the entries were pushed: who comes from another round does not find them.
 *
 *   owner, push                                       thief of round `tag`
 *   slot[b] = e                                       (D) t = top; other tag: nothing     [sc]
 *   (A) bottom = b + 1            [release]           (E) b = bottom; b - index(t) <= 0: nothing  [sc]
 *                                                         e = slot[index(t)]
 *   owner, pop                                        (F) CAS(top: t -> t + 1)            [sc]; lost: nothing
 *   (B) exchange(bottom, b - 1)   [sc]
 *   (C) t = top                   [sc]
 *       b - 1 - index(t) > 0: e = slot[b - 1]
 *       == 0: (F') CAS(top: t -> t + 1), then bottom = b: mine if the CAS won
 *       < 0:  bottom = b: empty
 *
 * Each entry is taken once.  All but the last: a thief that wins (F) for the index i = b - 1 read bottom > i at (E), so its
 * (E) came before (B), hence its (D) before (C) and (C) ... the four are sc: if the owner's (C) does not see the advanced
 * top, (F) had not happened at (C), and the thief's (E) must have been before (B); top was then i at both, so the owner saw
 * a difference of 0 and went through (F'), where one CAS decides.  The slot is read before (F): the owner overwrites it only
 * when top has moved on, and then (F) fails.  A top that comes back takes 2^32 steals during one attempt.
 * (E) reads from (A) or a later store of the owner, and (A) releases the entry and what it points to; (B) is a read-modify-
 * write, so a thief that reads from it still synchronises with the (A) before.
 *
 * A new round begins when the deque is empty: the owner stores the new tag into top.  A thief of an earlier round that still
 * holds an old top fails at (F), because the tag differs.
 *
 * Cost: push none of the owner's own lines is away unless a thief looked since; pop one RMW on a line of its own; steal the
 * lines of top, bottom, slot and what the entry points to.
 * Source: Chase and Lev, Dynamic Circular Work-Stealing Deque, 2005; Le et al., 2013, for the orders (here the fence of pop is
 * folded into the exchange). */
#ifndef GOMPX_SYNC_DEQUE_H
#define GOMPX_SYNC_DEQUE_H

#include "sync/atomic.h"
#include "sync/base.h"

struct gompx_deque {
    /* Line 0.  Thieves and, for the last entry, the owner. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t top;
    /* Line 1.  Owner writes, thieves read. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t bottom;
    uint32_t capacity;                  /* a power of two; 0: no slots yet */
    uint32_t top_seen;                  /* owner: index of top when it looked last */
    void *_Atomic *slot;                /* written once, before the first entry is published */
    _Atomic uint64_t count;             /* the user's: a count that the owner advances along with its pushes */
};

/* Gives an empty deque its slots; `capacity` is a power of two.  False: no memory. */
bool gompx_deque_reserve(struct gompx_deque *d, uint32_t capacity) GOMPX_COLD;

/* Begins a round.  The owner; the deque is empty. */
static inline void gompx_deque_open(struct gompx_deque *d, uint32_t tag)
{
    uint32_t index = (uint32_t)gompx_load_rlx(&d->top);

    gompx_store_rel(&d->top, (uint64_t)tag << 32 | index);  /* thieves that see it see what came before the round */
}

/* True if another entry fits.  The owner; `top_seen` saves it the look at a line that thieves write. */
static inline bool gompx_deque_room(struct gompx_deque *d)
{
    uint32_t b = gompx_load_rlx(&d->bottom);

    if (gompx_likely(b - d->top_seen < d->capacity))
        return true;
    d->top_seen = (uint32_t)gompx_load_acq(&d->top);    /* acquire: thieves have read the slots that are free again */
    return b - d->top_seen < d->capacity;
}

/* The owner, after gompx_deque_room(). */
static inline void gompx_deque_push(struct gompx_deque *d, void *entry)
{
    uint32_t b = gompx_load_rlx(&d->bottom);

    gompx_store_rel(&d->slot[b & (d->capacity - 1)], entry);    /* for a thief that is so late that it finds a newer entry here: */
    GOMPX_STEP(deque, A);                               /* it may look at it, though it will not get it */
    gompx_store_rel(&d->bottom, b + 1);                 /* (A), pairs with (E) */
}

/* The newest entry with an index of `base` or above; NULL: none.  The owner. */
static inline void *gompx_deque_pop(struct gompx_deque *d, uint32_t base)
{
    uint32_t b = gompx_load_rlx(&d->bottom);
    uint64_t t = gompx_load_rlx(&d->top);               /* a hint: an empty deque costs no RMW */
    void *entry;

    if (b == base || b == (uint32_t)t)
        return NULL;
    b--;
    gompx_xchg_sc(&d->bottom, b);                       /* (B): sc with (C) against (E), (F) */
    GOMPX_STEP(deque, C);
    t = gompx_load_sc(&d->top);                         /* (C) */
    int32_t n = (int32_t)(b - (uint32_t)t);
    if (gompx_likely(n > 0))
        return gompx_load_rlx(&d->slot[b & (d->capacity - 1)]);
    entry = NULL;
    if (n == 0) {
        entry = gompx_load_rlx(&d->slot[b & (d->capacity - 1)]);
        if (!gompx_cas_sc(&d->top, &t, (t & ~(uint64_t)UINT32_MAX) | (uint32_t)(t + 1)))    /* (F') */
            entry = NULL;
    }
    gompx_store_rlx(&d->bottom, b + 1);                 /* equal to top again: publishes nothing */
    return entry;
}

/* Index after the newest entry: a mark for gompx_deque_pop().  The owner. */
static inline uint32_t gompx_deque_mark(const struct gompx_deque *d)
{
    return gompx_load_rlx(&d->bottom);
}

/* True if a thief of round `tag` would find something now. */
static inline bool gompx_deque_loaded(struct gompx_deque *d, uint32_t tag)
{
    uint64_t t = gompx_load_sc(&d->top);

    return (uint32_t)(t >> 32) == tag && (int32_t)(gompx_load_sc(&d->bottom) - (uint32_t)t) > 0;
}

/* The oldest entry, if the deque is in round `tag` and `may(entry, context)` does not object (NULL: no questions).  NULL: none,
 * or another thread was faster.  Any thread but the owner.  `may` looks at an entry that may be taken meanwhile. */
void *gompx_deque_steal(struct gompx_deque *d, uint32_t tag, bool (*may)(void *entry, void *context), void *context);

#endif
