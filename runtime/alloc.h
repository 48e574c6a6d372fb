/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators of OpenMP: memory of the system's malloc with an alignment, a limit on the whole, and a rule for the case that
 * there is none left.  Every block knows its allocator, so freeing needs none.  All memory spaces are ordinary memory here;
 * those that promise more than that (high bandwidth, pinned) are refused.  All functions are thread-safe.
 * Source: OpenMP 5.2, chapter 6. */
#ifndef GOMPX_RUNTIME_ALLOC_H
#define GOMPX_RUNTIME_ALLOC_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* omp_allocator_handle_t: these, or the address of an allocator that the program has made. */
enum {
    GOMPX_ALLOC_NULL = 0,
    GOMPX_ALLOC_DEFAULT = 1,
    GOMPX_ALLOC_LAST = 8,               /* omp_thread_mem_alloc: the last of those that are served */
    GOMPX_ALLOC_PREDEFINED = 1024,      /* no address is this small */
};

/* omp_alloctrait_t */
struct gompx_alloctrait {
    int key;
    uintptr_t value;
};
static_assert(sizeof(struct gompx_alloctrait) == 2 * sizeof(uintptr_t), "omp_alloctrait_t");

/* A new allocator, or GOMPX_ALLOC_NULL: a trait or the memory space is unknown or cannot be had, or there is no memory. */
uintptr_t gompx_alloc_init(uintptr_t memspace, int ntraits, const struct gompx_alloctrait *traits);

/* Gives an allocator of the program up; its blocks must have been freed.  Nothing for the others. */
void gompx_alloc_destroy(uintptr_t allocator);

/* A block of `size` bytes at a multiple of `alignment` (a power of two; 1: any), zeroed if asked for; NULL: size is 0, or
 * there is no memory and the allocator's fallback gives none.  Allocator GOMPX_ALLOC_NULL: the default one. */
void *gompx_alloc(size_t alignment, size_t size, uintptr_t allocator, bool zeroed);

/* realloc(): `allocator` GOMPX_ALLOC_NULL means the block's own.  NULL with size > 0: the block is as it was. */
void *gompx_alloc_resize(void *block, size_t size, uintptr_t allocator);

/* NULL is allowed. */
void gompx_alloc_free(void *block);

/* def-allocator-var */
uintptr_t gompx_alloc_default(void);

#endif
