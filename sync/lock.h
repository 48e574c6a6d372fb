/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The one mutex of the runtime: omp_lock_t, critical, atomic and our own cold paths.
 *
 *   word: 0 free | 1 held | 2 held, and somebody may sleep            all zero = free: needs no initialiser
 *
 *   lock                                              unlock
 *   (A) CAS(word, 0, 1) [acquire]; done               (D) old = exchange(word, 0) [release]
 *   spin: load; 0: CAS(word, 0, 1 or, after a         (E) old == 2: futex_wake one
 *         sleep, 2) [acquire]; done
 *   budget used up:
 *   (B) old = exchange(word, 2) [acquire]; 0: done
 *   (C) futex_wait while word == 2, then spin anew
 *
 * Not lost: (B) and (D) are RMWs of one word.  (B) before (D): (D) reads 2 and wakes; if it falls between (B) and (C) the
 * kernel sees a changed word.  (D) before (B): (B) reads 0 and owns the lock.  A woken thread takes the lock with 2, for it
 * cannot know whether others still sleep: at worst one superfluous wake-up follows.
 * A running thread may overtake a woken one (barging): handing over in order would make every section cost a context switch.
 * Spinners back off at random, so that the holder's line is left alone; the longest pause bounds how long the lock stays
 * unseen.  Cost: uncontended two RMWs on one line.  Sources: Drepper, Futexes Are Tricky, 2011; Anderson, 1990 (backoff). */
#ifndef GOMPX_SYNC_LOCK_H
#define GOMPX_SYNC_LOCK_H

#include "sync/atomic.h"
#include "sync/base.h"

enum { GOMPX_LOCK_FREE, GOMPX_LOCK_HELD, GOMPX_LOCK_SLEPT_ON };

/* Lock order, outermost first: a thread that holds one may take only those further down.  User locks are above all. */
enum gompx_lock_rank { GOMPX_RANK_USER, GOMPX_RANK_TASKQUEUE, GOMPX_RANK_POOL };

void gompx_lock_slow(_Atomic uint32_t *lock) GOMPX_COLD;
void gompx_lock_wake(_Atomic uint32_t *lock) GOMPX_COLD;

/* The budget of a wait for a lock, in microseconds. Not thread-safe; called at load. */
void gompx_lock_configure(uint64_t spin_us);

static inline bool gompx_lock_try(_Atomic uint32_t *lock)
{
    uint32_t free = GOMPX_LOCK_FREE;

    return gompx_cas_acq(lock, &free, GOMPX_LOCK_HELD); /* acquire pairs with (D) of the last owner */
}

static inline void gompx_lock(_Atomic uint32_t *lock)
{
    if (gompx_unlikely(!gompx_lock_try(lock)))          /* (A) */
        gompx_lock_slow(lock);
}

static inline void gompx_unlock(_Atomic uint32_t *lock)
{
    if (gompx_unlikely(gompx_xchg_rel(lock, GOMPX_LOCK_FREE) == GOMPX_LOCK_SLEPT_ON))   /* (D) */
        gompx_lock_wake(lock);                          /* (E) */
}

#endif
