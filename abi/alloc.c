/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators: the routines of omp.h, and the allocate construct. */
#include "abi/abi.h"
#include "runtime/alloc.h"
#include "sync/base.h"

/* ---- allocators ---- */

GOMPX_ENTRY(uintptr_t, omp_init_allocator, uintptr_t memspace, int ntraits, const struct gompx_alloctrait *traits)
{
    return gompx_alloc_init(memspace, ntraits, traits);
}

GOMPX_ENTRY(uintptr_t, omp_init_allocator_, const uintptr_t *memspace, const int32_t *ntraits, const struct gompx_alloctrait *traits)
{
    return gompx_alloc_init(*memspace, *ntraits, traits);
}

GOMPX_ENTRY(uintptr_t, omp_init_allocator_8_, const uintptr_t *memspace, const int64_t *ntraits, const struct gompx_alloctrait *traits)
{
    return gompx_alloc_init(*memspace, *ntraits == (int)*ntraits ? (int)*ntraits : -1, traits);
}

GOMPX_ENTRY(void, omp_destroy_allocator, uintptr_t allocator)
{
    gompx_alloc_destroy(allocator);
}

GOMPX_ENTRY(void, omp_destroy_allocator_, const uintptr_t *allocator)
{
    gompx_alloc_destroy(*allocator);
}

GOMPX_ENTRY(uintptr_t, omp_get_default_allocator, void)
{
    return gompx_alloc_default();
}

GOMPX_ENTRY(uintptr_t, omp_get_default_allocator_, void)
{
    return gompx_alloc_default();
}

/* ---- memory ---- */

static bool is_power_of_two(size_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static void *array_alloc(size_t alignment, size_t count, size_t size, uintptr_t allocator)
{
    size_t bytes;

    if (count == 0 || size == 0 || !is_power_of_two(alignment))
        return NULL;
    if (__builtin_mul_overflow(count, size, &bytes))
        bytes = SIZE_MAX;                               /* nobody has that much: the allocator's fallback decides */
    return gompx_alloc(alignment, bytes, allocator, true);
}

GOMPX_ENTRY(void *, omp_alloc, size_t size, uintptr_t allocator)
{
    return gompx_alloc(1, size, allocator, false);
}

GOMPX_ENTRY(void *, omp_aligned_alloc, size_t alignment, size_t size, uintptr_t allocator)
{
    return is_power_of_two(alignment) ? gompx_alloc(alignment, size, allocator, false) : NULL;
}

GOMPX_ENTRY(void *, omp_calloc, size_t count, size_t size, uintptr_t allocator)
{
    return array_alloc(1, count, size, allocator);
}

GOMPX_ENTRY(void *, omp_aligned_calloc, size_t alignment, size_t count, size_t size, uintptr_t allocator)
{
    return array_alloc(alignment, count, size, allocator);
}

GOMPX_ENTRY(void *, omp_realloc, void *ptr, size_t size, uintptr_t allocator, uintptr_t free_allocator)
{
    (void)free_allocator;                               /* the block knows */
    if (!ptr)
        return gompx_alloc(1, size, allocator, false);
    if (size > 0)
        return gompx_alloc_resize(ptr, size, allocator);
    gompx_alloc_free(ptr);
    return NULL;
}

GOMPX_ENTRY(void, omp_free, void *ptr, uintptr_t allocator)
{
    (void)allocator;
    gompx_alloc_free(ptr);
}

/* ---- the allocate construct: there is no way to report a failure ---- */

GOMPX_ENTRY(void *, GOMP_alloc, size_t alignment, size_t size, uintptr_t allocator)
{
    void *block = gompx_alloc(alignment, size, allocator, false);

    if (!block && size > 0)
        gompx_error("Out of memory allocating %zu bytes", size);
    return block;
}

GOMPX_ENTRY(void, GOMP_free, void *ptr, uintptr_t allocator)
{
    (void)allocator;
    gompx_alloc_free(ptr);
}
