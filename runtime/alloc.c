/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *   base                                 block
 *   | [mapping] | padding      | header | size bytes ... |
 *
 * Ordinary blocks come from malloc: base is what it gave.  Blocks that are pinned or placed on nodes have pages of their own,
 * which begin with the mapping's length; what is done to pages must not meet a neighbour's block.
 *
 * A pool's limit counts what libgomp's counts, so that programs find the same room: the bytes, a header of 32, and for alignments
 * above a pointer's size the difference. */
#include "runtime/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/allocator.h"

struct header {
    uintptr_t base;                     /* | MAPPED */
    size_t size, charged;               /* charged: 0 without a limit */
    uintptr_t allocator;
};
enum { MAPPED = 1 };

/* What malloc's alignment is enough for. */
enum { MALLOC_ALIGN = alignof(max_align_t) };
static_assert(sizeof(struct header) % MALLOC_ALIGN == 0, "a block without padding is as aligned as malloc's");

struct mapping {
    alignas(MALLOC_ALIGN) size_t length;
};

/* How a block is wanted. */
enum {
    ZEROED = 1,
    IMPOSSIBLE = 2,                     /* the size has overflowed: no allocator can */
};

static struct header *header_of(void *block)
{
    return (struct header *)block - 1;
}

/* ---- one allocator ---- */

/* What a block counts in a pool; false: more than memory can be. */
static inline bool charge_of(size_t alignment, size_t size, size_t *charge)
{
    return !__builtin_add_overflow(size, sizeof(struct header) + (alignment > sizeof(void *) ? alignment - sizeof(void *) : 0),
                                   charge);
}

/* Pages for `bytes`, placed and pinned as the allocator wants. */
static GOMPX_COLD void *pages_map(const struct gompx_allocator *a, size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), length;
    struct mapping *m;

    if (__builtin_add_overflow(bytes, page - 1, &length))
        return NULL;
    length &= ~(page - 1);
    m = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED)
        return NULL;
    /* To be near is a wish, to be fast a demand. */
    if ((a->placed && !gompx_memory_place(gompx_memory(), a->memory, a->spread, m, length) && a->memory == GOMPX_MEMORY_FAST)
        || (a->pinned && mlock(m, length) != 0)) {
        munmap(m, length);
        return NULL;
    }
    m->length = length;
    return m;
}

/* The header's place behind at least `lead` bytes, so that the block is aligned. */
static inline struct header *header_put(uintptr_t base, size_t lead, size_t alignment)
{
    uintptr_t block = base + lead + sizeof(struct header);

    return header_of((void *)((block + alignment - 1) & ~(uintptr_t)(alignment - 1)));
}

static GOMPX_COLD struct header *block_mapped(const struct gompx_allocator *a, size_t alignment, size_t charge)
{
    size_t bytes;
    void *base = __builtin_add_overflow(charge, sizeof(struct mapping), &bytes) ? NULL : pages_map(a, bytes);

    if (!base)
        return NULL;
    struct header *h = header_put((uintptr_t)base, sizeof(struct mapping), alignment);
    h->base = (uintptr_t)base | MAPPED;
    return h;
}

/* `size` and what comes to it is less than memory can be. */
static inline __attribute__((always_inline)) struct header *block_malloced(size_t alignment, size_t size, unsigned how)
{
    size_t padding = alignment > MALLOC_ALIGN ? alignment - MALLOC_ALIGN : 0, total = sizeof(struct header) + padding + size;
    void *base = how & ZEROED ? calloc(1, total) : malloc(total);

    if (gompx_unlikely(!base))
        return NULL;
    struct header *h = padding ? header_put((uintptr_t)base, 0, alignment) : base;
    h->base = (uintptr_t)base;
    return h;
}

static inline void *block_finish(struct header *h, size_t size, size_t charged, uintptr_t handle)
{
    h->size = size;
    h->charged = charged;
    h->allocator = handle;
    return h + 1;
}

/* From an allocator with traits; `alignment` is a power of two, as it is everywhere below gompx_alloc(). */
static inline __attribute__((always_inline)) void *block_with_traits(struct gompx_allocator *a, size_t alignment, size_t size, unsigned how, uintptr_t handle)
{
    size_t charge, charged = 0;
    struct header *h;

    if (a->alignment > alignment)
        alignment = a->alignment;
    if (!charge_of(alignment, size, &charge))
        return NULL;
    if (a->pool_size != SIZE_MAX) {
        if (!gompx_allocator_take(a, charge))
            return NULL;
        charged = charge;
    }
    h = a->pinned || a->placed ? block_mapped(a, alignment, charge) : block_malloced(alignment, size, how);
    if (gompx_likely(h != NULL))
        return block_finish(h, size, charged, handle);
    if (charged)
        gompx_allocator_give(a, charged);
    return NULL;
}

/* From this allocator and no other. */
static inline __attribute__((always_inline)) void *block_from_here(size_t alignment, size_t size, unsigned how, uintptr_t handle)
{
    struct gompx_allocator *a = gompx_allocator_find(handle);
    struct header *h;
    size_t charge;

    if (gompx_unlikely(how & IMPOSSIBLE))
        return NULL;
    if (a)
        return block_with_traits(a, alignment, size, how, handle);
    if (!gompx_allocator_is_plain(handle) || !charge_of(alignment, size, &charge))
        return NULL;
    h = block_malloced(alignment, size, how);
    return gompx_likely(h != NULL) ? block_finish(h, size, 0, handle) : NULL;
}

static GOMPX_COLD void *block_from(size_t alignment, size_t size, unsigned how, uintptr_t handle)
{
    return block_from_here(alignment, size, how, handle);
}

/* ---- with fallbacks ---- */

static GOMPX_COLD void *block_fallback(size_t alignment, size_t size, unsigned how, uintptr_t handle)
{
    const struct gompx_allocator *a;

    while ((a = gompx_allocator_find(handle)) != NULL && a->fallback != GOMPX_VALUE_NULL_FB) {
        if (a->fallback == GOMPX_VALUE_ABORT_FB)
            gompx_error("Out of memory allocating %zu bytes", size);
        handle = a->fallback == GOMPX_VALUE_ALLOCATOR_FB && a->fb_data != GOMPX_ALLOCATOR_NULL ? a->fb_data
                                                                                               : GOMPX_ALLOCATOR_DEFAULT;
        void *block = block_from(alignment, size, how, handle);
        if (block)
            return block;
    }
    return NULL;
}

static __attribute__((noinline)) void *block_get_general(size_t alignment, size_t size, unsigned how, uintptr_t handle)
{
    void *block;

    if (gompx_unlikely((alignment & (alignment - 1)) != 0)) {
        if (alignment > SIZE_MAX / 2 + 1)
            how |= IMPOSSIBLE;
        else
            alignment = (size_t)2 << (63 - __builtin_clzll(alignment));
    }
    if (size == 0 && !(how & IMPOSSIBLE))
        return NULL;
    block = block_from_here(alignment, size, how, handle);
    return gompx_likely(block != NULL) ? block : block_fallback(alignment, size, how, handle);
}

/* Most blocks are ordinary and need no more alignment than malloc's. */
static inline void *block_get(size_t alignment, size_t size, unsigned how, uintptr_t handle)
{
    struct header *h;

    if (handle == GOMPX_ALLOCATOR_NULL)
        handle = gompx_allocator_default();
    if (gompx_likely(handle <= GOMPX_ALLOCATOR_LAST && (handle != GOMPX_ALLOCATOR_HIGH_BW || !gompx_allocator_special(handle))
                     && alignment <= sizeof(void *) && size - 1 < PTRDIFF_MAX / 2 && !(how & IMPOSSIBLE))) {
        h = block_malloced(1, size, how);
        if (gompx_likely(h != NULL))
            return block_finish(h, size, 0, handle);
    }
    return block_get_general(alignment, size, how, handle);
}

void *gompx_alloc(size_t alignment, size_t size, uintptr_t handle)
{
    return block_get(alignment, size, 0, handle);
}

void *gompx_alloc_certain(size_t alignment, size_t size, uintptr_t handle)
{
    void *block = gompx_alloc(alignment, size, handle);

    if (gompx_unlikely(!block) && size > 0)
        gompx_error("Out of memory allocating %zu bytes", size);
    return block;
}

void *gompx_alloc_array(size_t alignment, size_t count, size_t size, uintptr_t handle)
{
    bool overflow = __builtin_mul_overflow(count, size, &size);     /* the product is what messages name */

    return block_get(alignment, size, ZEROED | (overflow ? IMPOSSIBLE : 0), handle);
}

void gompx_alloc_free(void *block)
{
    struct header *h;

    if (!block)
        return;
    h = header_of(block);
    if (h->charged)
        gompx_allocator_give((struct gompx_allocator *)h->allocator, h->charged);
    if (gompx_unlikely(h->base & MAPPED)) {
        struct mapping *m = (struct mapping *)(h->base - MAPPED);
        munmap(m, m->length);
    } else {
        free((void *)h->base);
    }
}

/* ---- resizing ---- */

/* By realloc(), which may have room behind the block, or move its pages; NULL: not to be done so. */
static void *resize_in_place(struct header *h, size_t size)
{
    struct gompx_allocator *a = gompx_allocator_find(h->allocator);
    size_t alignment = a ? a->alignment : 1, charge, charged = h->charged;
    struct header *moved;

    if (h->base != (uintptr_t)h || alignment > MALLOC_ALIGN || !charge_of(alignment, size, &charge))
        return NULL;
    if (charged && charge > charged && !gompx_allocator_take(a, charge - charged))
        return NULL;
    moved = realloc(h, sizeof *h + size);
    if (!moved) {
        if (charged && charge > charged)
            gompx_allocator_give(a, charge - charged);
        return NULL;
    }
    if (charged && charge < charged)
        gompx_allocator_give(a, charged - charge);
    moved->base = (uintptr_t)moved;
    moved->size = size;
    moved->charged = charged ? charge : 0;
    return moved + 1;
}

/* The same bytes for less: the block stays where it is, and its pool has the difference. */
static void *shrink(struct header *h, size_t size)
{
    size_t less = h->size - size;

    if (h->charged) {
        gompx_allocator_give((struct gompx_allocator *)h->allocator, less);
        h->charged -= less;
    }
    h->size = size;
    return h + 1;
}

static void *move(struct header *h, size_t size, void *to)
{
    if (!to)
        return NULL;
    memcpy(to, h + 1, h->size < size ? h->size : size);
    gompx_alloc_free(h + 1);
    return to;
}

void *gompx_alloc_resize(void *block, size_t size, uintptr_t handle)
{
    struct header *h;
    void *moved;

    if (!block)
        return gompx_alloc(1, size, handle);
    if (size == 0) {
        gompx_alloc_free(block);
        return NULL;
    }
    h = header_of(block);
    if (handle == GOMPX_ALLOCATOR_NULL)
        handle = h->allocator;
    if (handle != h->allocator)
        return move(h, size, gompx_alloc(1, size, handle));
    moved = resize_in_place(h, size);
    if (moved)
        return moved;
    if (size > h->size)
        return move(h, size, gompx_alloc(1, size, handle));
    moved = move(h, size, block_from(1, size, 0, handle));
    return moved ? moved : shrink(h, size);             /* there is no room for both: of less, there is enough */
}
