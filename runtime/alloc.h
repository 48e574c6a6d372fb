/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Blocks of memory from allocators.  Every block knows its allocator, so freeing and resizing need none.  `allocator` is a handle
 * (runtime/allocator.h); GOMPX_ALLOCATOR_NULL: the default one.  A block that the allocator cannot give comes from its fallback;
 * fallback abort ends the program.  Alignments are rounded up to powers of two; 0 and 1: any.  All functions are thread-safe, and
 * any thread may free what another has allocated.  Source: OpenMP 5.2, chapter 6 and 18.13. */
#ifndef GOMPX_RUNTIME_ALLOC_H
#define GOMPX_RUNTIME_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A block of `size` bytes; NULL: size is 0, or there is no memory. */
void *gompx_alloc(size_t alignment, size_t size, uintptr_t allocator);

/* The same, which ends the program when there is no memory: constructs have no way to report that. */
void *gompx_alloc_certain(size_t alignment, size_t size, uintptr_t allocator);

/* A zeroed array; NULL also if it is larger than memory can be. */
void *gompx_alloc_array(size_t alignment, size_t count, size_t size, uintptr_t allocator);

/* realloc(): `allocator` GOMPX_ALLOCATOR_NULL means the block's own, and the default one for block NULL.  The new block has the
 * allocator's alignment.  NULL with size > 0: the block is as it was. */
void *gompx_alloc_resize(void *block, size_t size, uintptr_t allocator);

/* NULL is allowed. */
void gompx_alloc_free(void *block);

#endif
