/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task reductions: memory, registrations, look-up.  The array stands in runtime/reduce.h. */
#include "runtime/reduce.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/team.h"

enum { WORD_ITEMS, WORD_CHUNK, WORD_BASE, WORD_ALLOCATOR, WORD_NEXT, WORD_FIRST, WORD_END, WORD_ITEM };

static inline uintptr_t *next_of(const uintptr_t *array)
{
    return (uintptr_t *)array[WORD_NEXT];
}

static inline uintptr_t item_address(const uintptr_t *array, size_t i)
{
    return array[WORD_ITEM + 3 * i];
}

static inline uintptr_t item_offset(const uintptr_t *array, size_t i)
{
    return array[WORD_ITEM + 3 * i + 1];
}

/* ---- memory ----
 *
 * A block has its header in the line before its base.  `users` counts the threads that hold the block through their
 * arrays: in a cancelled region no barrier tells when the last has left.  Blocks of usual size go to a shelf of the
 * process and come back from there, so that a construct met again and again allocates nothing.  The shelf's words are
 * exchanged whole: who holds the pointer owns the block. */

struct block {
    size_t capacity;                    /* bytes from the base on */
    void *start;                        /* what free() takes */
    _Atomic uint32_t users;
};

enum { SHELF = 4, SHELF_BYTES_MAX = 1 << 16 };

static_assert(sizeof(struct block) <= GOMPX_CACHE_LINE, "the header fits the line before the base");

static struct { alignas(GOMPX_CACHE_LINE) _Atomic uintptr_t block[SHELF]; } shelf;

static struct block *block_of(uintptr_t base)
{
    return (struct block *)(base - GOMPX_CACHE_LINE);
}

static uintptr_t base_of(const struct block *b)
{
    return (uintptr_t)b + GOMPX_CACHE_LINE;
}

/* acq_rel: what a former holder did to the block is over. */
static void shelf_put(struct block *b)
{
    for (unsigned i = 0; i < SHELF; i++) {
        uintptr_t empty = 0;

        if (gompx_load_rlx(&shelf.block[i]) == 0 && gompx_cas_ar(&shelf.block[i], &empty, (uintptr_t)b))
            return;
    }
    b = (struct block *)gompx_xchg_ar(&shelf.block[0], (uintptr_t)b);   /* the newest are the likeliest to be wanted */
    if (b)
        free(b->start);
}

static struct block *shelf_take(size_t bytes)
{
    for (unsigned i = 0; i < SHELF; i++) {
        struct block *b = gompx_load_rlx(&shelf.block[i]) ? (struct block *)gompx_xchg_ar(&shelf.block[i], 0) : NULL;

        if (b && b->capacity >= bytes)
            return b;
        if (b)
            shelf_put(b);
    }
    return NULL;
}

static struct block *block_new(size_t bytes, size_t align)
{
    size_t lead = align > GOMPX_CACHE_LINE ? align : GOMPX_CACHE_LINE;
    size_t whole = (bytes + 2 * lead - 1) & ~(lead - 1);
    char *start = whole > bytes ? aligned_alloc(lead, whole) : NULL;

    if (!start)
        gompx_fatal("out of memory allocating %zu bytes", bytes);
    struct block *b = block_of((uintptr_t)start + lead);
    b->start = start;
    b->capacity = whole - lead;
    return b;
}

static uintptr_t block_get(size_t bytes, size_t align)
{
    struct block *b = align <= GOMPX_CACHE_LINE && bytes <= SHELF_BYTES_MAX ? shelf_take(bytes) : NULL;

    if (!b)
        b = block_new(bytes, align);
    gompx_store_rlx(&b->users, 1);
    memset((void *)base_of(b), 0, bytes);
    return base_of(b);
}

static void block_drop(uintptr_t base)
{
    struct block *b = block_of(base);

    if (gompx_load_acq(&b->users) != 1 && gompx_sub_ar(&b->users, 1) != 1)
        return;                                         /* the last one sees that all others are done with it */
    if (b->capacity <= SHELF_BYTES_MAX)
        shelf_put(b);
    else
        free(b->start);
}

void gompx_reduction_allocate(uintptr_t *array, unsigned nthreads)
{
    for (uintptr_t *a = array; a; a = next_of(a)) {
        size_t bytes = a[WORD_CHUNK] * nthreads;

        a[WORD_BASE] = block_get(bytes, a[WORD_BASE]);
        a[WORD_END] = a[WORD_BASE] + bytes;
        a[WORD_FIRST] = a == array;
    }
}

/* The last array of `first` may by now lead on to another registration: only `mine` tells where the construct ends. */
void gompx_reduction_share(uintptr_t *mine, const uintptr_t *first)
{
    for (uintptr_t *a = mine;; first = next_of(first)) {
        a[WORD_BASE] = first[WORD_BASE];
        a[WORD_END] = first[WORD_END];
        a[WORD_FIRST] = a == mine;
        gompx_add_rlx(&block_of(a[WORD_BASE])->users, 1);   /* relaxed: `first` still holds it */
        a = next_of(a);
        if (!a)
            return;
    }
}

void gompx_reduction_none(uintptr_t *array)
{
    array[WORD_BASE] = 0;
}

void gompx_reduction_unregister(uintptr_t *array)
{
    if (array[WORD_BASE] == 0)
        return;
    do {
        block_drop(array[WORD_BASE]);
        array = next_of(array);
    } while (array && !array[WORD_FIRST]);
}

/* ---- registration ---- */

static void link_to(struct gompx_taskgroup *group, uintptr_t *array)
{
    uintptr_t *last = array;

    while (next_of(last))
        last = next_of(last);
    last[WORD_NEXT] = (uintptr_t)group->reductions;
    group->reductions = array;
}

void gompx_reduction_register(struct gompx_frame *f, uintptr_t *array)
{
    if (!f->task->group)
        gompx_error("task_reduction clause outside of a taskgroup");
    gompx_reduction_allocate(array, f->nthreads);
    link_to(f->task->group, array);
}

void gompx_reduction_open(struct gompx_frame *f, uintptr_t *array)
{
    struct gompx_taskgroup *group = gompx_task_group_start(f);

    group->workshare = true;
    link_to(group, array);
}

void gompx_reduction_close(struct gompx_frame *f, bool cancelled)
{
    struct gompx_taskgroup *group = f->task->group;

    if (group && group->workshare) {
        uintptr_t *array = group->reductions;

        gompx_task_group_end(f);
        gompx_reduction_unregister(array);
    }
    if (!cancelled)
        gompx_team_barrier(f);
}

/* ---- look-up ---- */

struct place {
    const uintptr_t *array;
    uintptr_t offset;                   /* in a thread's chunk */
    uintptr_t original;
};

/* `address` in one array: an original item, or inside somebody's copy of one. */
static bool find_in(const uintptr_t *array, uintptr_t address, struct place *place)
{
    size_t n = array[WORD_ITEMS];

    for (size_t i = 0; i < n; i++)
        if (item_address(array, i) == address) {
            *place = (struct place){ array, item_offset(array, i), address };
            return true;
        }
    if (address < array[WORD_BASE] || address >= array[WORD_END])
        return false;

    uintptr_t offset = (address - array[WORD_BASE]) % array[WORD_CHUNK];
    size_t i = n;
    while (i > 0 && item_offset(array, i - 1) > offset)
        i--;
    if (i == 0)
        return false;
    *place = (struct place){ array, offset, item_address(array, i - 1) + (offset - item_offset(array, i - 1)) };
    return true;
}

static struct place find(const uintptr_t *registration, void *address)
{
    struct place place;

    for (; registration; registration = next_of(registration))
        if (find_in(registration, (uintptr_t)address, &place))
            return place;
    gompx_error("couldn't find matching task_reduction or reduction with task modifier for %p", address);
}

void gompx_reduction_remap(struct gompx_frame *f, size_t n, size_t originals, void **ptrs)
{
    const struct gompx_taskgroup *group = f->task->group;

    for (size_t i = 0; i < n; i++) {
        struct place place = find(group ? group->reductions : NULL, ptrs[i]);

        ptrs[i] = (void *)(place.array[WORD_BASE] + f->tid * place.array[WORD_CHUNK] + place.offset);
        if (i < originals)
            ptrs[n + i] = (void *)place.original;
    }
}
