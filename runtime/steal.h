/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The range word of a stealing loop and its hot operation; the protocol stands in runtime/steal.c. */
#ifndef GOMPX_RUNTIME_STEAL_H
#define GOMPX_RUNTIME_STEAL_H

#include "runtime/workshare.h"

static inline uint64_t gompx_range_make(uint32_t j, uint64_t lo, uint64_t hi)
{
    return (uint64_t)(j & 0xffff) << 48 | hi << 24 | lo;
}

static inline uint64_t gompx_range_lo(uint64_t w) { return w & 0xffffff; }
static inline uint64_t gompx_range_hi(uint64_t w) { return w >> 24 & 0xffffff; }
static inline uint16_t gompx_range_tag(uint64_t w) { return (uint16_t)(w >> 48); }
static inline bool gompx_range_is_empty(uint64_t w) { return gompx_range_lo(w) >= gompx_range_hi(w); }

/* The word of a member that has left stealing loop j with nothing. */
uint64_t gompx_steal_empty(uint32_t j);

/* Enters stealing loop loop->steal_j. */
void gompx_steal_begin(struct gompx_frame *f, struct gompx_loop *loop);

/* Makes more units the thread's own: [*lo, *hi); false if all are taken. */
bool gompx_steal_take(struct gompx_frame *f, struct gompx_loop *loop, uint64_t *lo, uint64_t *hi);

/* The next unit of the thread's own range; false if it is empty.  One RMW on the thread's own line. */
static inline bool gompx_steal_own(struct gompx_loop *loop, uint64_t *unit)
{
    uint64_t w = gompx_load_rlx(loop->range);

    while (gompx_range_tag(w) == (uint16_t)loop->steal_j && !gompx_range_is_empty(w))
        if (gompx_likely(gompx_cas_rlx(loop->range, &w, w + 1))) {  /* (B): lo + 1 */
            *unit = gompx_range_lo(w);
            return true;
        }
    return false;
}

#endif
