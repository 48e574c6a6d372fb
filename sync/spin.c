/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Calibration of the cheap clock against CLOCK_MONOTONIC. */
#include "sync/spin.h"

#include <time.h>

#include "sync/atomic.h"

#if defined(__x86_64__) || defined(__i386__)
#define TICKS_GUESS 3000
#else
#define TICKS_GUESS 1000
#endif

static struct {
    uint64_t ticks0, ns0;
    _Atomic uint64_t rate;                              /* ticks per us; 0: not yet measured */
} clock_pair;

static uint64_t monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void gompx_spin_init(void)
{
    clock_pair.ns0 = monotonic_ns();
    clock_pair.ticks0 = gompx_ticks();
}

uint64_t gompx_ticks_per_us(void)
{
    uint64_t rate = gompx_load_rlx(&clock_pair.rate);

    if (rate)
        return rate;
    uint64_t ns = monotonic_ns() - clock_pair.ns0, ticks = gompx_ticks() - clock_pair.ticks0;
    if (clock_pair.ns0 == 0 || ns < 20000)
        return TICKS_GUESS;
    rate = (uint64_t)((double)ticks * 1000.0 / (double)ns);
    rate = rate ? rate : 1;
    gompx_store_rlx(&clock_pair.rate, rate);            /* every thread computes nearly the same: a race is harmless */
    return rate;
}

uint64_t gompx_pause_ps(void)
{
    uint64_t t = gompx_ticks();

    for (int i = 0; i < 128; i++)
        gompx_pause();
    t = gompx_ticks() - t;
    return t * 1000000u / gompx_ticks_per_us() / 128u + 1;
}
