/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The slow ways of sync/nap.h. */
#include "sync/nap.h"

#include <linux/membarrier.h>

#include "sync/futex.h"

bool gompx_fence_lopsided;

static bool membarrier(int command)
{
    int saved = errno;
    long result = syscall(SYS_membarrier, command, 0, 0);

    errno = saved;
    return result == 0;
}

void gompx_fence_init(void)
{
    gompx_fence_lopsided = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

void gompx_fence_heavy(void)
{
    GOMPX_COUNT_SYSCALL();
    if (gompx_fence_lopsided && !membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
        gompx_impossible(__FILE__, __LINE__, "membarrier", errno);
    gompx_fence_sc();                                   /* (B): between the RMW of (A) and the loads of (C); pairs with (E) */
}

void gompx_nap_sleep(_Atomic uint32_t *nap)
{
    while (gompx_load_acq(nap) == GOMPX_NAP_ARMED) {    /* pairs with (H) */
        GOMPX_STEP(nap, G);
        gompx_futex_wait(nap, GOMPX_NAP_ARMED);         /* (G) */
    }
}

void gompx_nap_wake(_Atomic uint32_t *nap)
{
    if (gompx_xchg_ar(nap, GOMPX_NAP_AWAKE) == GOMPX_NAP_ARMED)     /* (H) */
        gompx_futex_wake(nap, 1);
}

void gompx_nap_sleep_ms(_Atomic uint32_t *nap, long ms)
{
    while (gompx_load_acq(nap) == GOMPX_NAP_ARMED)      /* pairs with (H) */
        if (!gompx_futex_wait_ms(nap, GOMPX_NAP_ARMED, ms))
            return;
}

static int word_take(_Atomic uint64_t *word, unsigned w)
{
    uint64_t bits = gompx_load_rlx(word);

    while (bits != 0) {
        unsigned bit = (unsigned)__builtin_ctzll(bits);

        if (gompx_idle_remove(word, bit))
            return (int)(w * 64 + bit);
        bits = gompx_load_rlx(word);
    }
    return -1;
}

int gompx_idle_take(_Atomic uint64_t *idle, unsigned n, unsigned from)
{
    unsigned words = (n + 63) / 64;

    for (unsigned i = 0; i < words; i++) {
        unsigned w = (from / 64 + i) % words;
        int member = word_take(&idle[w], w);

        if (member >= 0)
            return member;
    }
    return -1;
}
