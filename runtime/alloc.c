/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *   base                     block
 *   | padding       | header | size bytes ... |
 *   `------------------ charged ---------------'      what malloc was asked for, and what counts against the pool's limit */
#include "runtime/alloc.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/thread.h"

enum { KEY_SYNC_HINT = 1, KEY_ALIGNMENT, KEY_ACCESS, KEY_POOL_SIZE, KEY_FALLBACK, KEY_FB_DATA, KEY_PINNED, KEY_PARTITION };
enum {
    VALUE_FALSE = 0,
    VALUE_CONTENDED = 3, VALUE_PRIVATE = 6,             /* synchronisation hints */
    VALUE_ALL = 7, VALUE_CGROUP = 10,                   /* access */
    FALLBACK_DEFAULT_MEM = 11, FALLBACK_NULL, FALLBACK_ABORT, FALLBACK_ALLOCATOR,
    VALUE_ENVIRONMENT = 15, VALUE_INTERLEAVED = 18,     /* partition */
};
enum { SPACE_HIGH_BW = 3, SPACE_LAST = 4 };
static const uintptr_t value_default = UINTPTR_MAX;     /* omp_atv_default */

struct allocator {
    size_t alignment, pool_size;        /* pool_size SIZE_MAX: no limit */
    int fallback;
    uintptr_t fb_data;
    alignas(GOMPX_CACHE_LINE) _Atomic size_t used;      /* bytes charged; only kept under a limit */
};

struct header {
    void *base;
    size_t size, charged;               /* charged: 0 without a limit */
    uintptr_t allocator;
};
static_assert(sizeof(struct header) % alignof(max_align_t) == 0, "a block without padding is as aligned as malloc's");

static struct header *header_of(void *block)
{
    return (struct header *)block - 1;
}

/* NULL: a predefined one, without traits. */
static struct allocator *allocator_of(uintptr_t handle)
{
    return handle > GOMPX_ALLOC_PREDEFINED ? (struct allocator *)handle : NULL;
}

/* ---- allocators ---- */

static bool within(uintptr_t value, uintptr_t first, uintptr_t last)
{
    return value == value_default || (value >= first && value <= last);
}

static bool trait_set(struct allocator *a, const struct gompx_alloctrait *t)
{
    uintptr_t value = t->value;

    switch (t->key) {
    case KEY_SYNC_HINT:
        return within(value, VALUE_CONTENDED, VALUE_PRIVATE);       /* malloc serves all */
    case KEY_ALIGNMENT:
        if (value == value_default)
            return true;
        a->alignment = value;
        return value != 0 && (value & (value - 1)) == 0;
    case KEY_ACCESS:
        return within(value, VALUE_ALL, VALUE_CGROUP);
    case KEY_POOL_SIZE:
        a->pool_size = value;                           /* the default is SIZE_MAX */
        return true;
    case KEY_FALLBACK:
        a->fallback = value == value_default ? FALLBACK_DEFAULT_MEM : (int)value;
        return within(value, FALLBACK_DEFAULT_MEM, FALLBACK_ALLOCATOR);
    case KEY_FB_DATA:
        a->fb_data = value;
        return true;
    case KEY_PINNED:
        return value == value_default || value == VALUE_FALSE;
    case KEY_PARTITION:
        return within(value, VALUE_ENVIRONMENT, VALUE_INTERLEAVED); /* a wish: where pages lie does not change what they hold */
    default:
        return false;
    }
}

uintptr_t gompx_alloc_init(uintptr_t memspace, int ntraits, const struct gompx_alloctrait *traits)
{
    struct allocator *a;

    if (ntraits < 0 || memspace > SPACE_LAST || memspace == SPACE_HIGH_BW)
        return GOMPX_ALLOC_NULL;
    a = aligned_alloc(GOMPX_CACHE_LINE, sizeof *a);
    if (!a)
        return GOMPX_ALLOC_NULL;
    *a = (struct allocator){ .alignment = 1, .pool_size = SIZE_MAX, .fallback = FALLBACK_DEFAULT_MEM };
    for (int i = 0; i < ntraits; i++)
        if (!trait_set(a, &traits[i])) {
            free(a);
            return GOMPX_ALLOC_NULL;
        }
    return (uintptr_t)a;
}

void gompx_alloc_destroy(uintptr_t allocator)
{
    free(allocator_of(allocator));
}

uintptr_t gompx_alloc_default(void)
{
    gompx_frame_get();                                  /* the first call may come before the library's constructor */
    return gompx_globals.allocator;
}

/* ---- pool ---- */

static bool pool_charge(struct allocator *a, size_t bytes)
{
    size_t used = gompx_load_rlx(&a->used);

    do
        if (bytes > a->pool_size || used > a->pool_size - bytes)
            return false;
    while (!gompx_cas_rlx(&a->used, &used, used + bytes));          /* a count, which orders nothing */
    return true;
}

static void pool_return(struct allocator *a, size_t bytes)
{
    gompx_add_rlx(&a->used, -bytes);
}

/* ---- blocks ---- */

static void *block_from(size_t alignment, size_t size, uintptr_t handle, bool zeroed)
{
    struct allocator *a = allocator_of(handle);
    size_t padding, total, charged = 0;
    char *base;

    if (!a && handle > GOMPX_ALLOC_LAST)
        return NULL;                                    /* predefined, but of memory that cannot be had */
    if (a && a->alignment > alignment)
        alignment = a->alignment;
    padding = alignment > alignof(max_align_t) ? alignment : 0;
    if (__builtin_add_overflow(size, sizeof(struct header) + padding, &total))
        return NULL;
    if (a && a->pool_size != SIZE_MAX) {
        if (!pool_charge(a, total))
            return NULL;
        charged = total;
    }
    base = zeroed ? calloc(1, total) : malloc(total);
    if (!base) {
        if (charged)
            pool_return(a, charged);
        return NULL;
    }
    uintptr_t at = (uintptr_t)base + sizeof(struct header);
    struct header *h = header_of((void *)(padding ? (at + alignment - 1) & ~(uintptr_t)(alignment - 1) : at));
    *h = (struct header){ .base = base, .size = size, .charged = charged, .allocator = handle };
    return h + 1;
}

void *gompx_alloc(size_t alignment, size_t size, uintptr_t handle, bool zeroed)
{
    if (size == 0)
        return NULL;
    if (handle == GOMPX_ALLOC_NULL)
        handle = gompx_alloc_default();
    for (;;) {
        void *block = block_from(alignment, size, handle, zeroed);
        struct allocator *a = allocator_of(handle);

        if (block || !a || a->fallback == FALLBACK_NULL)
            return block;
        if (a->fallback == FALLBACK_ABORT)
            gompx_error("Out of memory allocating %zu bytes", size);
        handle = a->fallback == FALLBACK_ALLOCATOR && a->fb_data != GOMPX_ALLOC_NULL ? a->fb_data : GOMPX_ALLOC_DEFAULT;
    }
}

void gompx_alloc_free(void *block)
{
    struct header *h;

    if (!block)
        return;
    h = header_of(block);
    if (h->charged)
        pool_return(allocator_of(h->allocator), h->charged);
    free(h->base);
}

/* A block that malloc can grow in place: not padded, not counted, with no alignment to keep. */
static bool is_plain(const struct header *h)
{
    const struct allocator *a = allocator_of(h->allocator);

    return h->base == h && h->charged == 0 && (!a || a->alignment <= alignof(max_align_t));
}

void *gompx_alloc_resize(void *block, size_t size, uintptr_t handle)
{
    struct header *h = header_of(block), *grown;
    size_t total;
    void *moved;

    if (handle == GOMPX_ALLOC_NULL)
        handle = h->allocator;
    if (handle == h->allocator && is_plain(h) && !__builtin_add_overflow(size, sizeof *h, &total)) {
        grown = realloc(h, total);
        if (grown) {
            grown->base = grown;
            grown->size = size;
            return grown + 1;
        }
    }
    moved = gompx_alloc(1, size, handle, false);        /* with the allocator's fallback */
    if (!moved)
        return NULL;
    memcpy(moved, block, h->size < size ? h->size : size);
    gompx_alloc_free(block);
    return moved;
}
