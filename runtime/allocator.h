/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators: what a handle stands for.  Handles are those of omp.h: a small number for a predefined allocator, or the address of
 * one that the program has made.  All functions are thread-safe.  Source: OpenMP 5.2, 6.1 and 6.2. */
#ifndef GOMPX_RUNTIME_ALLOCATOR_H
#define GOMPX_RUNTIME_ALLOCATOR_H

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "affinity/memory.h"
#include "runtime/thread.h"
#include "sync/atomic.h"
#include "sync/base.h"

/* omp_allocator_handle_t */
enum {
    GOMPX_ALLOCATOR_NULL = 0,
    GOMPX_ALLOCATOR_DEFAULT = 1,
    GOMPX_ALLOCATOR_HIGH_BW = 4,
    GOMPX_ALLOCATOR_LAST = 8,           /* omp_thread_mem_alloc */
    GOMPX_ALLOCATOR_PINNED = 200,       /* ompx_gnu_pinned_mem_alloc */
    GOMPX_ALLOCATOR_MANAGED = 201,      /* ompx_gnu_managed_mem_alloc */
    GOMPX_ALLOCATOR_NO_ADDRESS = 1024,  /* no address is this small */
};

/* omp_memspace_handle_t */
enum {
    GOMPX_SPACE_DEFAULT = 0,
    GOMPX_SPACE_HIGH_BW = 3,
    GOMPX_SPACE_LAST = 4,               /* omp_low_lat_mem_space */
    GOMPX_SPACE_MANAGED = 200,          /* ompx_gnu_managed_mem_space */
};

/* omp_alloctrait_key_t */
enum gompx_trait_key {
    GOMPX_TRAIT_SYNC_HINT = 1, GOMPX_TRAIT_ALIGNMENT, GOMPX_TRAIT_ACCESS, GOMPX_TRAIT_POOL_SIZE, GOMPX_TRAIT_FALLBACK,
    GOMPX_TRAIT_FB_DATA, GOMPX_TRAIT_PINNED, GOMPX_TRAIT_PARTITION,
};

/* omp_alloctrait_value_t, but for omp_atv_default, which is UINTPTR_MAX */
enum {
    GOMPX_VALUE_FALSE = 0, GOMPX_VALUE_TRUE = 1,
    GOMPX_VALUE_CONTENDED = 3, GOMPX_VALUE_UNCONTENDED, GOMPX_VALUE_SERIALIZED, GOMPX_VALUE_PRIVATE,
    GOMPX_VALUE_ALL = 7, GOMPX_VALUE_THREAD, GOMPX_VALUE_PTEAM, GOMPX_VALUE_CGROUP,
    GOMPX_VALUE_DEFAULT_MEM_FB = 11, GOMPX_VALUE_NULL_FB, GOMPX_VALUE_ABORT_FB, GOMPX_VALUE_ALLOCATOR_FB,
    GOMPX_VALUE_ENVIRONMENT = 15, GOMPX_VALUE_NEAREST, GOMPX_VALUE_BLOCKED, GOMPX_VALUE_INTERLEAVED,
};

/* omp_alloctrait_t */
struct gompx_alloctrait {
    int key;
    uintptr_t value;
};
static_assert(sizeof(struct gompx_alloctrait) == 2 * sizeof(uintptr_t), "omp_alloctrait_t");

struct gompx_allocator {
    /* Written when it is made. */
    size_t alignment, pool_size;        /* pool_size SIZE_MAX: no limit */
    int fallback;
    uintptr_t fb_data;
    bool pinned;
    int partition;
    bool placed;                        /* pages of `memory` are asked for, spread in this way: */
    enum gompx_memory_kind memory;
    enum gompx_memory_spread spread;
    /* Read and written by all who allocate; only kept under a limit. */
    alignas(GOMPX_CACHE_LINE) _Atomic size_t used;      /* bytes charged */
};

/* A new allocator, or GOMPX_ALLOCATOR_NULL: a trait or the memory space is unknown or cannot be had, or there is no memory.
 * Of a trait given twice the last value counts.  ntraits < 0 means none. */
uintptr_t gompx_allocator_new(uintptr_t memspace, int ntraits, const struct gompx_alloctrait *traits);

/* Gives an allocator of the program up; its blocks must have been freed.  Nothing for the others. */
void gompx_allocator_free(uintptr_t handle);

/* omp_high_bw_mem_alloc, ompx_gnu_pinned_mem_alloc. */
struct gompx_allocator *gompx_allocator_special(uintptr_t handle);

/* NULL: a predefined one that stands for ordinary memory, or a number without a meaning. */
static inline struct gompx_allocator *gompx_allocator_find(uintptr_t handle)
{
    if (gompx_unlikely(handle == GOMPX_ALLOCATOR_HIGH_BW || handle == GOMPX_ALLOCATOR_PINNED))
        return gompx_allocator_special(handle);
    return handle > GOMPX_ALLOCATOR_NO_ADDRESS ? (struct gompx_allocator *)handle : NULL;
}

/* A handle that gompx_allocator_find() has no allocator for: it stands for ordinary memory. */
static inline bool gompx_allocator_is_plain(uintptr_t handle)
{
    return handle <= GOMPX_ALLOCATOR_LAST || handle == GOMPX_ALLOCATOR_MANAGED;
}

/* Takes bytes out of a pool; false: the limit excludes it.  Relaxed: a count, which orders nothing. */
static inline bool gompx_allocator_take(struct gompx_allocator *a, size_t bytes)
{
    size_t used = gompx_load_rlx(&a->used);

    if (gompx_unlikely(bytes > a->pool_size))
        return false;
    do
        if (gompx_unlikely(used > a->pool_size - bytes))
            return false;
    while (gompx_unlikely(!gompx_cas_rlx(&a->used, &used, used + bytes)));
    return true;
}

static inline void gompx_allocator_give(struct gompx_allocator *a, size_t bytes)
{
    gompx_add_rlx(&a->used, -bytes);
}

/* def-allocator-var: that of the implicit task that the calling thread executes. */
static inline uintptr_t gompx_allocator_default(void)
{
    return gompx_frame_get()->implicit.icv->allocator;
}

void gompx_allocator_set_default(uintptr_t handle);

#endif
