/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The thieves' side of sync/deque.h. */
#include "sync/deque.h"

#include <stdlib.h>

bool gompx_deque_reserve(struct gompx_deque *d, uint32_t capacity)
{
    size_t bytes = (capacity * sizeof(void *) + GOMPX_CACHE_LINE - 1) & ~(size_t)(GOMPX_CACHE_LINE - 1);
    void *_Atomic *slot = aligned_alloc(GOMPX_CACHE_LINE, bytes);

    if (!slot)
        return false;
#ifdef GOMPX_COUNT
    gompx_counts.mallocs++;
#endif
    for (uint32_t i = 0; i < capacity; i++)
        gompx_store_rlx(&slot[i], NULL);
    d->slot = slot;
    d->capacity = capacity;
    return true;
}

void *gompx_deque_steal(struct gompx_deque *d, uint32_t tag, bool (*may)(void *, void *), void *context)
{
    uint64_t t = gompx_load_sc(&d->top);                /* (D) */
    void *entry;

    if ((uint32_t)(t >> 32) != tag)
        return NULL;
    GOMPX_STEP(deque, E);
    if ((int32_t)(gompx_load_sc(&d->bottom) - (uint32_t)t) <= 0)    /* (E), pairs with (A) */
        return NULL;
    entry = gompx_load_acq(&d->slot[(uint32_t)t & (d->capacity - 1)]);  /* pairs with the store of the push */
    if (may && !may(entry, context))
        return NULL;
    GOMPX_STEP(deque, F);
    if (!gompx_cas_sc(&d->top, &t, (t & ~(uint64_t)UINT32_MAX) | (uint32_t)(t + 1)))    /* (F) */
        return NULL;
    return entry;
}
