/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The pause instruction and the cheap clock of each architecture: one small block each, chosen once.
 * Ticks are whatever the cheap clock counts; gompx_ticks_per_us() tells how many make a microsecond. */
#ifndef GOMPX_SYNC_SPIN_H
#define GOMPX_SYNC_SPIN_H

#include <stdint.h>

#if defined(__x86_64__) || defined(__i386__)

static inline void gompx_pause(void) { __builtin_ia32_pause(); }
static inline uint64_t gompx_ticks(void) { return __builtin_ia32_rdtsc(); }

#elif defined(__aarch64__)

/* ISB delays by about as much as x86's PAUSE; YIELD is a no-op on most cores. */
static inline void gompx_pause(void) { __asm__ volatile("isb" ::: "memory"); }
static inline uint64_t gompx_ticks(void)
{
    uint64_t t;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(t));
    return t;
}

#else

#include <time.h>

static inline void gompx_pause(void) { __asm__ volatile("" ::: "memory"); }
static inline uint64_t gompx_ticks(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif

/* Called once at load: takes the first of the two clock pairs that the calibration compares. */
void gompx_spin_init(void);

/* Ticks in a microsecond.  Calibrated without waiting: by the time anybody asks, time has passed since gompx_spin_init().
 * Until 20 us have passed it answers with a guess (3000 on x86), later with the measured rate. Thread-safe. */
uint64_t gompx_ticks_per_us(void);

/* Duration of one gompx_pause(), in picoseconds, measured once (about 2 us). Only for GOMP_SPINCOUNT. */
uint64_t gompx_pause_ps(void);

#endif
