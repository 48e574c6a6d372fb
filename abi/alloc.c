/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators: the routines of omp.h, the allocate construct, and Fortran's deallocation of what came from it. */
#include "abi/abi.h"
#include "runtime/alloc.h"
#include "runtime/allocator.h"
#include "runtime/allocated.h"

/* ---- allocators ---- */

GOMPX_ENTRY(uintptr_t, omp_init_allocator, uintptr_t memspace, int ntraits, const struct gompx_alloctrait *traits)
{
    return gompx_allocator_new(memspace, ntraits, traits);
}

GOMPX_ENTRY(uintptr_t, omp_init_allocator_, const uintptr_t *memspace, const int32_t *ntraits, const struct gompx_alloctrait *traits)
{
    return gompx_allocator_new(*memspace, *ntraits, traits);
}

GOMPX_ENTRY(uintptr_t, omp_init_allocator_8_, const uintptr_t *memspace, const int64_t *ntraits, const struct gompx_alloctrait *traits)
{
    return gompx_allocator_new(*memspace, (int)*ntraits, traits);
}

GOMPX_ENTRY(void, omp_destroy_allocator, uintptr_t allocator)
{
    gompx_allocator_free(allocator);
}

GOMPX_ENTRY(void, omp_destroy_allocator_, const uintptr_t *allocator)
{
    gompx_allocator_free(*allocator);
}

GOMPX_ENTRY(void, omp_set_default_allocator, uintptr_t allocator)
{
    gompx_allocator_set_default(allocator);
}

GOMPX_ENTRY(void, omp_set_default_allocator_, const uintptr_t *allocator)
{
    gompx_allocator_set_default(*allocator);
}

GOMPX_ENTRY(uintptr_t, omp_get_default_allocator, void)
{
    return gompx_allocator_default();
}

GOMPX_ENTRY(uintptr_t, omp_get_default_allocator_, void)
{
    return gompx_allocator_default();
}

/* ---- memory; a block knows its allocator, so the one named for freeing is not looked at ---- */

GOMPX_ENTRY(void *, omp_alloc, size_t size, uintptr_t allocator)
{
    return gompx_alloc(1, size, allocator);
}

GOMPX_ENTRY(void *, omp_aligned_alloc, size_t alignment, size_t size, uintptr_t allocator)
{
    return gompx_alloc(alignment, size, allocator);
}

GOMPX_ENTRY(void *, omp_calloc, size_t count, size_t size, uintptr_t allocator)
{
    return gompx_alloc_array(1, count, size, allocator);
}

GOMPX_ENTRY(void *, omp_aligned_calloc, size_t alignment, size_t count, size_t size, uintptr_t allocator)
{
    return gompx_alloc_array(alignment, count, size, allocator);
}

GOMPX_ENTRY(void *, omp_realloc, void *ptr, size_t size, uintptr_t allocator, uintptr_t free_allocator)
{
    (void)free_allocator;
    return gompx_alloc_resize(ptr, size, allocator);
}

GOMPX_ENTRY(void, omp_free, void *ptr, uintptr_t allocator)
{
    (void)allocator;
    gompx_alloc_free(ptr);
}

/* ---- the allocate construct ---- */

GOMPX_ENTRY(void *, GOMP_alloc, size_t alignment, size_t size, uintptr_t allocator)
{
    return gompx_alloc_certain(alignment, size, allocator);
}

GOMPX_ENTRY(void, GOMP_free, void *ptr, uintptr_t allocator)
{
    (void)allocator;
    gompx_alloc_free(ptr);
}

/* ---- Fortran: what deallocate has to give back to an allocator ---- */

GOMPX_ENTRY(void, GOMP_add_alloc, void *ptr)
{
    gompx_allocated_add(ptr);
}

GOMPX_ENTRY(bool, GOMP_is_alloc, void *ptr)
{
    return gompx_allocated_remove(ptr);
}
