/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The contended half of sync/lock.h. */
#include "sync/lock.h"

#include "sync/futex.h"
#include "sync/spin.h"
#include "sync/wait.h"

static uint64_t lock_spin_us = 200;

enum {
    /* PAUSEs.  Growing bursts leave the line to the holder of a short section, who retakes it soon (barging).  Who has seen
     * the longest burst waits for a long section, or has been passed over for long: hardly any pause from then on. */
    BURST_FIRST = 4, BURST_LAST = 32, BURST_LATER = 2,
    CROWDED_US = 5,                     /* with more threads than CPUs the holder may be waiting for this one's CPU */
};

void gompx_lock_configure(uint64_t spin_us)
{
    lock_spin_us = spin_us;
}

void gompx_lock_wake(_Atomic uint32_t *lock)
{
    gompx_futex_wake(lock, 1);
}

/* Marsaglia's xorshift, 2003: only the spread matters. */
static uint32_t spread(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Spins for the budget. True: got it, and the word is `mine`. */
static bool lock_spin(_Atomic uint32_t *lock, uint32_t mine, uint32_t *seed)
{
    uint64_t us = gompx_wait_crowded() && lock_spin_us > CROWDED_US ? CROWDED_US : lock_spin_us;
    uint64_t end = gompx_ticks() + us * gompx_ticks_per_us();
    uint32_t burst = BURST_FIRST;
    bool later = false;

    do {
        uint32_t seen = gompx_load_rlx(lock);

        if (seen == GOMPX_LOCK_FREE && gompx_cas_acq(lock, &seen, mine))    /* acquire pairs with (D) */
            return true;
        for (uint32_t n = (burst + 1) / 2 + spread(seed) % burst; n > 0; n--)
            gompx_pause();
        later |= burst == BURST_LAST;
        burst = later ? BURST_LATER : burst * 2;
    } while ((int64_t)(gompx_ticks() - end) < 0);
    return false;
}

void gompx_lock_slow(_Atomic uint32_t *lock)
{
    uint32_t seed = (uint32_t)gompx_ticks() ^ (uint32_t)(uintptr_t)&seed, mine = GOMPX_LOCK_HELD;

    seed |= seed == 0;
    while (!lock_spin(lock, mine, &seed)) {
        GOMPX_STEP(lock, B);
        if (gompx_xchg_acq(lock, GOMPX_LOCK_SLEPT_ON) == GOMPX_LOCK_FREE)   /* (B), pairs with (D) */
            return;
        GOMPX_STEP(lock, C);
        gompx_futex_wait(lock, GOMPX_LOCK_SLEPT_ON);    /* (C) */
        mine = GOMPX_LOCK_SLEPT_ON;
    }
}
