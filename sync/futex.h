/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The one door to SYS_futex.  Words are 32 bits, private to the process. */
#ifndef GOMPX_SYNC_FUTEX_H
#define GOMPX_SYNC_FUTEX_H

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sync/atomic.h"
#include "sync/base.h"

static_assert(sizeof(_Atomic uint32_t) == 4, "the kernel compares four bytes");

/* Sleeps while *word == value, until a wake.  Returns on a wake, on a signal (EINTR), when the value had changed
 * (EAGAIN), or for no reason: callers loop on their predicate. */
static inline void gompx_futex_wait(_Atomic uint32_t *word, uint32_t value)
{
    int saved = errno;

    GOMPX_COUNT_SLEEP();
    if (syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0) < 0 && errno != EAGAIN && errno != EINTR)
        gompx_impossible(__FILE__, __LINE__, "futex wait", errno);
    errno = saved;
}

/* The same; only wakes that share a bit with `bits` (not 0) end the sleep, or such as name none. */
static inline void gompx_futex_wait_bits(_Atomic uint32_t *word, uint32_t value, uint32_t bits)
{
    int saved = errno;

    GOMPX_COUNT_SLEEP();
    if (syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, NULL, NULL, bits) < 0 && errno != EAGAIN && errno != EINTR)
        gompx_impossible(__FILE__, __LINE__, "futex wait", errno);
    errno = saved;
}

/* The same with a limit of `ms` milliseconds (negative: none). False: the time is up. */
static inline bool gompx_futex_wait_ms(_Atomic uint32_t *word, uint32_t value, long ms)
{
    struct timespec limit = { ms / 1000, ms % 1000 * 1000000 };
    int saved = errno, error = 0;

    GOMPX_COUNT_SLEEP();
    if (syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, ms < 0 ? NULL : &limit, NULL, 0) < 0)
        error = errno;
    errno = saved;
    if (error != 0 && error != EAGAIN && error != EINTR && error != ETIMEDOUT)
        gompx_impossible(__FILE__, __LINE__, "futex wait", error);
    return error != ETIMEDOUT;
}

/* Wakes at most `count` sleepers of `word`. */
static inline void gompx_futex_wake(_Atomic uint32_t *word, int count)
{
    int saved = errno;

    GOMPX_COUNT_WAKE();
    if (syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0) < 0)
        gompx_impossible(__FILE__, __LINE__, "futex wake", errno);
    errno = saved;
}

/* Wakes all sleepers of `word` whose bits share one with `bits`. */
static inline void gompx_futex_wake_bits(_Atomic uint32_t *word, uint32_t bits)
{
    int saved = errno;

    GOMPX_COUNT_WAKE();
    if (syscall(SYS_futex, word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, bits) < 0)
        gompx_impossible(__FILE__, __LINE__, "futex wake", errno);
    errno = saved;
}

static inline void gompx_futex_wake_all(_Atomic uint32_t *word)
{
    gompx_futex_wake(word, INT_MAX);
}

#endif
