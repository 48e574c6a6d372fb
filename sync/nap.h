/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sleeping until there is work, among threads that look for work in many places.
 *
 * No single word tells such a thread that something came, so each has a word of its own on which it sleeps, `nap`, and
 * the group has a set of those who do, `idle`, one bit per member.
 *
 *   member i, found nothing                           publisher of work
 *   (A) nap = ARMED; idle |= bit i    [RMW]           (D) publish            (a plain release store)
 *   (B) heavy fence                                   (E) light fence
 *   (C) look everywhere once more; found or over:     (F) idle == 0: nobody sleeps
 *       nap = AWAKE; idle &= ~bit i                       else take a bit: idle &= ~bit j; bit was mine to take:
 *   (G) futex_wait(nap) while ARMED                   (H) exchange(nap j, AWAKE) == ARMED: futex_wake
 *
 * Not lost: (A)-(C) and (D)-(F) are Dekker's pattern: (C) sees the work or (F) sees the bit.  It needs a full fence on both
 * sides; ours is lopsided, since publishing is frequent and sleeping rare: (B) is the system call membarrier, which makes
 * every running thread of the process pass a full fence, and (E) only keeps the compiler in order.  A (D) that stands before
 * its thread's forced fence is seen by (C); otherwise its (F) comes after (A).  Where the kernel has no membarrier both are
 * ordinary full fences.
 * A publisher wakes one member; who is woken and finds more than it can take wakes the next.
 * Who has something to tell one certain member uses (H) alone: that member has armed itself before the read-modify-write
 * by which it told that it waits.
 * Cost: (E), (F) one load of a line that is written only around sleeps.  Source: Dekker's pattern with an asymmetric fence as in
 * Dice, Huang and Yang, Asymmetric Dekker Synchronization, 2001. */
#ifndef GOMPX_SYNC_NAP_H
#define GOMPX_SYNC_NAP_H

#include "sync/atomic.h"
#include "sync/base.h"

enum { GOMPX_NAP_AWAKE, GOMPX_NAP_ARMED };

/* True once the kernel has promised membarrier to this process.  Read-mostly. */
extern bool gompx_fence_lopsided __attribute__((visibility("hidden")));

/* Asks the kernel for it; from the constructor and in a forked child, while there is one thread that uses the library. */
void gompx_fence_init(void);

static inline void gompx_fence_light(void)
{
    if (gompx_likely(gompx_fence_lopsided))
        atomic_signal_fence(memory_order_seq_cst);
    else
        gompx_fence_sc();                               /* between the store of (D) and the load of (F); pairs with (B) */
}

void gompx_fence_heavy(void);

static inline void gompx_nap_arm(_Atomic uint32_t *nap)
{
    gompx_store_rlx(nap, GOMPX_NAP_ARMED);              /* published by the read-modify-write that follows */
}

static inline void gompx_nap_disarm(_Atomic uint32_t *nap)
{
    gompx_store_rlx(nap, GOMPX_NAP_AWAKE);              /* a waker that is late makes one system call for nothing */
}

/* Sleeps until woken; nap is ARMED at first or has been.  Acquires what the waker released. */
void gompx_nap_sleep(_Atomic uint32_t *nap) GOMPX_COLD;

/* The same for at most `ms` milliseconds. */
void gompx_nap_sleep_ms(_Atomic uint32_t *nap, long ms) GOMPX_COLD;

/* Wakes the sleeper of `nap`, if there is one. */
void gompx_nap_wake(_Atomic uint32_t *nap) GOMPX_COLD;

/* ---- the set: words of 64 bits, members 0 ... n - 1 ---- */

static inline void gompx_idle_add(_Atomic uint64_t *idle, unsigned i)
{
    gompx_or_ar(&idle[i / 64], UINT64_C(1) << i % 64);  /* (A); ordered before (C) by (B) */
}

/* True if the member was still in the set. */
static inline bool gompx_idle_remove(_Atomic uint64_t *idle, unsigned i)
{
    uint64_t bit = UINT64_C(1) << i % 64;

    return gompx_and_ar(&idle[i / 64], ~bit) & bit;
}

/* Takes one member of the set out of it, beginning the search at `from`.  -1: it is empty. */
int gompx_idle_take(_Atomic uint64_t *idle, unsigned n, unsigned from) GOMPX_COLD;

static inline bool gompx_idle_any(_Atomic uint64_t *idle, unsigned n)
{
    for (unsigned w = 0; w < (n + 63) / 64; w++)
        if (gompx_load_rlx(&idle[w]) != 0)              /* (F); ordered after (D) by (E) */
            return true;
    return false;
}

#endif
