/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The waiting side of the bell; the protocol stands in sync/bell.h. */
#include "sync/bell.h"

#include "sync/futex.h"

void gompx_bell_wake(_Atomic uint64_t *bell)
{
    gompx_wait_waking();
    gompx_futex_wake_all(gompx_low_half(bell));
}

void gompx_bell_call(_Atomic uint64_t *bell)
{
    uint64_t word = gompx_load_rlx(bell);

    do
        GOMPX_STEP(bell, K);
    while (!gompx_cas_ar(bell, &word, (word ^ GOMPX_BELL_CALL) & ~(uint64_t)GOMPX_SLEEP));  /* release pairs with (D) */
    if (word & GOMPX_SLEEP)
        gompx_bell_wake(bell);
}

bool gompx_park_run(_Atomic uint32_t *park)
{
    uint32_t armed = GOMPX_PARK_ARMED;

    /* sc: (C) of the bell; for other users a release of what the woken thread is to read */
    if (gompx_load_sc(park) != GOMPX_PARK_ARMED || !gompx_cas_sc(park, &armed, GOMPX_PARK_RUN))
        return false;
    gompx_futex_wake(park, 1);
    return true;
}

void gompx_bell_unbench(_Atomic uint32_t *park)
{
    GOMPX_STEP(bell, C);
    gompx_park_run(park);                               /* (C) */
}

bool gompx_park_wait(_Atomic uint32_t *park, long ms)
{
    uint32_t armed = GOMPX_PARK_ARMED;

    while (gompx_load_acq(park) == GOMPX_PARK_ARMED) {  /* pairs with gompx_park_run() */
        if (gompx_futex_wait_ms(park, GOMPX_PARK_ARMED, ms))
            continue;
        if (gompx_cas_acq(park, &armed, GOMPX_PARK_IDLE))
            return false;
        break;                                          /* RUN came together with the timeout */
    }
    gompx_store_rlx(park, GOMPX_PARK_IDLE);             /* nobody writes the word of a thread that is not ARMED */
    return true;
}

static bool is_meant(uint64_t word, unsigned number)
{
    return (word & GOMPX_BELL_EXIT) || number < gompx_bell_count(word);
}

/* A worker that the last ring did not mean leaves the bell to the others: rings wake only those that they mean. */
static void bench(_Atomic uint64_t *bell, unsigned number, _Atomic uint32_t *park)
{
    uint32_t armed = GOMPX_PARK_ARMED;

    gompx_xchg_sc(park, GOMPX_PARK_ARMED);              /* (F): sc with (A) and (C) */
    GOMPX_STEP(bell, G);
    if (is_meant(gompx_load_sc(bell), number)) {        /* (G) */
        if (!gompx_cas_acq(park, &armed, GOMPX_PARK_IDLE))
            gompx_store_rlx(park, GOMPX_PARK_IDLE);     /* the master was faster: RUN, its wake-up finds nobody */
        return;
    }
    GOMPX_STEP(bell, H);
    gompx_wait_busy(-1);
    gompx_park_wait(park, -1);                          /* (H) */
    gompx_wait_busy(+1);
}

uint64_t gompx_bell_wait(_Atomic uint64_t *bell, unsigned number, uint64_t seen, _Atomic uint32_t *park,
                         struct gompx_waiter *me)
{
    struct gompx_spin spin = gompx_spin_begin(me);

    for (;;) {
        uint64_t word = gompx_load_acq(bell);           /* (D), pairs with (A) */
        uint64_t plain = word & ~(uint64_t)GOMPX_SLEEP;

        if (gompx_unlikely(plain != seen)) {
            seen = plain;
            if (is_meant(word, number))
                break;
        }
        if (gompx_likely(gompx_spin_once(&spin)))
            continue;
        spin.slept = true;
        if (number >= gompx_bell_count(seen)) {
            bench(bell, number, park);
            continue;
        }
        GOMPX_STEP(bell, E);
        if (!(word & GOMPX_SLEEP)) {
            if (!gompx_cas_rlx(bell, &word, word | GOMPX_SLEEP))    /* (E): publishes nothing */
                continue;
            word |= GOMPX_SLEEP;
        }
        gompx_wait_busy(-1);
        gompx_futex_wait(gompx_low_half(bell), (uint32_t)word);
        gompx_wait_busy(+1);
    }
    gompx_spin_end(&spin);
    return seen;
}
