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

struct request {
    size_t alignment, size;             /* alignment: a power of two */
    bool zeroed;
    bool impossible;                    /* size has overflowed: no allocator can */
};

static struct header *header_of(void *block)
{
    return (struct header *)block - 1;
}

/* ---- one allocator ---- */

/* What a block counts in a pool; false: more than memory can be. */
static inline bool charge_of(const struct request *r, size_t *charge)
{
    size_t extra = sizeof(struct header) + (r->alignment > sizeof(void *) ? r->alignment - sizeof(void *) : 0);

    return !r->impossible && !__builtin_add_overflow(r->size, extra, charge);
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

static GOMPX_COLD void *block_mapped(const struct gompx_allocator *a, const struct request *r, size_t charge)
{
    size_t bytes;
    void *base = __builtin_add_overflow(charge, sizeof(struct mapping), &bytes) ? NULL : pages_map(a, bytes);

    if (!base)
        return NULL;
    struct header *h = header_put((uintptr_t)base, sizeof(struct mapping), r->alignment);
    h->base = (uintptr_t)base | MAPPED;
    return h + 1;
}

static inline void *block_malloced(const struct request *r)
{
    size_t padding = r->alignment > MALLOC_ALIGN ? r->alignment - MALLOC_ALIGN : 0;
    size_t total = sizeof(struct header) + padding + r->size;
    void *base = r->zeroed ? calloc(1, total) : malloc(total);

    if (!base)
        return NULL;
    struct header *h = header_put((uintptr_t)base, 0, r->alignment > MALLOC_ALIGN ? r->alignment : 1);
    h->base = (uintptr_t)base;
    return h + 1;
}

/* From this allocator and no other. */
static inline void *block_from(struct request r, uintptr_t handle)
{
    struct gompx_allocator *a = gompx_allocator_find(handle);
    size_t charge, charged = 0;
    void *block;

    if (a && a->alignment > r.alignment)
        r.alignment = a->alignment;
    if (!charge_of(&r, &charge) || (!a && !gompx_allocator_is_plain(handle)))
        return NULL;
    if (a && a->pool_size != SIZE_MAX) {
        if (!gompx_allocator_charge(a, 0, charge))
            return NULL;
        charged = charge;
    }
    block = a && (a->pinned || a->placed) ? block_mapped(a, &r, charge) : block_malloced(&r);
    if (gompx_unlikely(!block)) {
        if (charged)
            gompx_allocator_charge(a, charged, 0);
        return NULL;
    }
    struct header *h = header_of(block);
    h->size = r.size;
    h->charged = charged;
    h->allocator = handle;
    return block;
}

/* ---- with fallbacks ---- */

static GOMPX_COLD void *block_fallback(const struct request *r, uintptr_t handle)
{
    const struct gompx_allocator *a;

    while ((a = gompx_allocator_find(handle)) != NULL && a->fallback != GOMPX_VALUE_NULL_FB) {
        if (a->fallback == GOMPX_VALUE_ABORT_FB)
            gompx_error("Out of memory allocating %zu bytes", r->size);
        handle = a->fallback == GOMPX_VALUE_ALLOCATOR_FB && a->fb_data != GOMPX_ALLOCATOR_NULL ? a->fb_data
                                                                                               : GOMPX_ALLOCATOR_DEFAULT;
        void *block = block_from(*r, handle);
        if (block)
            return block;
    }
    return NULL;
}

static inline void *block_get(struct request r, uintptr_t handle)
{
    void *block;

    if (r.size == 0 && !r.impossible)
        return NULL;
    if (handle == GOMPX_ALLOCATOR_NULL)
        handle = gompx_allocator_default();
    block = block_from(r, handle);
    return gompx_likely(block != NULL) ? block : block_fallback(&r, handle);
}

static size_t power_of_two(size_t n)
{
    if (gompx_likely((n & (n - 1)) == 0))
        return n ? n : 1;
    return n > SIZE_MAX / 2 + 1 ? 0 : (size_t)2 << (63 - __builtin_clzll(n));
}

void *gompx_alloc(size_t alignment, size_t size, uintptr_t handle)
{
    alignment = power_of_two(alignment);
    return block_get((struct request){ .alignment = alignment, .size = size, .impossible = alignment == 0 }, handle);
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
    struct request r = { .alignment = power_of_two(alignment), .zeroed = true };

    r.impossible = __builtin_mul_overflow(count, size, &r.size) || r.alignment == 0;    /* the product is what messages name */
    return block_get(r, handle);
}

void gompx_alloc_free(void *block)
{
    struct header *h;

    if (!block)
        return;
    h = header_of(block);
    if (h->charged)
        gompx_allocator_charge((struct gompx_allocator *)h->allocator, h->charged, 0);
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
    struct request r = { .alignment = a ? a->alignment : 1, .size = size };
    size_t charge, charged = h->charged;
    struct header *moved;

    if (h->base != (uintptr_t)h || r.alignment > MALLOC_ALIGN || (a && (a->pinned || a->placed)) || !charge_of(&r, &charge))
        return NULL;
    if (charged && !gompx_allocator_charge(a, charged, charge))
        return NULL;
    moved = realloc(h, sizeof *h + size);
    if (!moved) {
        if (charged)
            gompx_allocator_charge(a, charge, charged);
        return NULL;
    }
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
        gompx_allocator_charge((struct gompx_allocator *)h->allocator, less, 0);
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
    moved = move(h, size, block_from((struct request){ .alignment = 1, .size = size }, handle));
    return moved ? moved : shrink(h, size);             /* there is no room for both: of less, there is enough */
}
