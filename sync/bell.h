/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The bell: one word by which a master starts all its workers, or as many of them as it wants.
 *
 *   word, 64 bits:   0 SLEEP | 1 EXIT | 2 CALL | 3-31 epoch, low part | 32-47 count | 48-63 epoch, high part
 *
 * The master alone advances the epoch.  `count` tells who is meant: the workers whose number is below it.  SLEEP is set by a
 * worker that is about to sleep on the low half and cleared by the next ring.  EXIT is the last ring of all.
 *
 *   master                                        worker `number`, last saw word s
 *   write payload                                 (D) load word [acquire]; other epoch and number < count: go
 *   (A) exchange(word, {epoch+1, count})  [sc]    member of s:
 *   (B) old & SLEEP: futex_wake all               (E)   CAS word: w -> w | SLEEP; futex_wait on the low half
 *   (C) for the numbers that were not             not a member of s, benched:
 *       members of the last ring:                 (F)   exchange(park, ARMED)                [sc]
 *       load(park) == ARMED and                   (G)   load word; a member now:             [sc]
 *       CAS(park, ARMED, RUN): futex_wake                 CAS(park, ARMED, IDLE) or see RUN; go
 *                                                 (H)   futex_wait(park) while ARMED
 *
 * Not lost on the bell: (A) and (E) are RMWs of one word.  A first: (E) fails.  E first: (B) sees SLEEP; the new epoch
 * makes a late futex_wait return.  Not lost on the bench: (A), (C), (F), (G) are sc, so either (G) sees the ring or (C) sees
 * ARMED (Dekker).  Every benched thread's number is >= the count of the last ring, so (C) looks at all that could be benched.
 * (D) and (G) read from (A) or a later RMW: they see the payload.  A worker that is not meant reads nothing but the word.
 *
 * A call fetches the workers of the last ring that wait at the bell already: any thread turns CALL over, by RMW, clears SLEEP and
 * wakes who slept.  A worker that sees the word change in nothing else returns with the same epoch; it was called, or had not yet
 * noticed that a call came while it worked: it asks elsewhere.  A call and a sleeper's (E) are RMWs of one word, as above.
 * Cost: the line goes to the master once and from there to each spinning worker once; sleepers cost one system call in all. */
#ifndef GOMPX_SYNC_BELL_H
#define GOMPX_SYNC_BELL_H

#include "sync/wait.h"

#define GOMPX_BELL_EXIT  2u
#define GOMPX_BELL_CALL  4u
#define GOMPX_BELL_COUNT_MAX 65535u

enum { GOMPX_PARK_IDLE, GOMPX_PARK_ARMED, GOMPX_PARK_RUN };

static inline unsigned gompx_bell_count(uint64_t word)
{
    return (unsigned)(word >> 32) & 0xffff;
}

/* The word after `word` for `count` numbers: next epoch, no flags. */
static inline uint64_t gompx_bell_next(uint64_t word, unsigned count)
{
    uint64_t epoch = ((word >> 3 & 0x1fffffff) | (word >> 48) << 29) + 1;

    return (epoch & 0x1fffffff) << 3 | (uint64_t)count << 32 | (epoch >> 29 & 0xffff) << 48;
}

/* An odd number that tells this ring from the 2^29 before; bits 1 and 2 are 0. */
static inline uint32_t gompx_bell_name(uint64_t word)
{
    return ((uint32_t)word & ~7u) | 1;
}

/* True if `word` was made from `seen` by calls alone. */
static inline bool gompx_bell_same_ring(uint64_t word, uint64_t seen)
{
    return ((word ^ seen) & ~(uint64_t)(GOMPX_BELL_CALL | GOMPX_SLEEP)) == 0;
}

/* Calls the workers of the last ring.  Any thread, while the ring's work is not over. */
void gompx_bell_call(_Atomic uint64_t *bell) GOMPX_COLD;

void gompx_bell_wake(_Atomic uint64_t *bell) GOMPX_COLD;

/* Rings: publishes `word`, made by gompx_bell_next(), and wakes the sleepers of the bell.  The benched ones are left to
 * gompx_bell_unbench().  Only the master. */
static inline void gompx_bell_ring(_Atomic uint64_t *bell, uint64_t word)
{
    uint64_t old = gompx_xchg_sc(bell, word);           /* (A): sc with (C), (F), (G); releases the payload to (D) */

    GOMPX_STEP(bell, B);
    if (gompx_unlikely(old & GOMPX_SLEEP))              /* (B) */
        gompx_bell_wake(bell);
}

/* Wakes the worker of this park word if it is benched.  Only the master, after a ring that means this worker. */
void gompx_bell_unbench(_Atomic uint32_t *park);

/* Waits for a ring that means worker `number`, for EXIT, or, if `seen` meant it, for a call.  `seen` is the last word seen, without SLEEP; the result is
 * the new one, likewise.  `park` is the worker's own word, IDLE before and after.  Acquires the payload. */
uint64_t gompx_bell_wait(_Atomic uint64_t *bell, unsigned number, uint64_t seen, _Atomic uint32_t *park,
                         struct gompx_waiter *me);

/* Waits until somebody stores GOMPX_PARK_RUN into an ARMED `park`, at most `ms` milliseconds (negative: for ever).  False:
 * time is up and the word is IDLE again; true: it was RUN and is IDLE now.  The caller has set ARMED. */
bool gompx_park_wait(_Atomic uint32_t *park, long ms);

/* RUN for an ARMED word, and wake.  False if it was not ARMED. */
bool gompx_park_run(_Atomic uint32_t *park);

#endif
