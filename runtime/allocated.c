/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A set of addresses in levels, each four times the size of the last.
 *
 *   level   lines of 8 slots; an address may stand in one line of each level, chosen by its hash, in any slot, once
 *   slot    0 free | address.   0 -> address by CAS (add), address -> 0 by its owner (remove); no address ever moves
 *   above   the next level, installed once by CAS and kept
 *
 *   owner of p                            another thread, owner of q
 *   (A) find p: in no level               the same
 *   (B) CAS a free slot of p's line,      (B) CAS: of two that want one slot the other takes the next
 *       the largest level first
 *   (C) all lines full: CAS above         (C) the loser frees its level and takes the winner's
 *   (D) remove: store 0
 *
 * What was added is found: the address was handed to its next owner by the program's own synchronisation, so that one reads (B) or
 * a later value of the slot, and nothing but (D) changes it; `above` is read with acquire, and never changes once set.  Relaxed
 * suffices at (B) and (D): a slot publishes nothing but itself.  Cost: a line for each level; a program with a hundred addresses
 * has one, with a million seven.  Adding is one RMW in a line that few others look at. */
#include "runtime/allocated.h"

#include <stdint.h>
#include <stdlib.h>

#include "sync/atomic.h"
#include "sync/base.h"

enum { SLOTS = 8, FIRST_LINES = 64, GROWTH = 4 };

struct line {
    alignas(64) _Atomic uintptr_t slot[SLOTS];
};

struct level {
    struct level *_Atomic above;
    struct level *below;                /* NULL: the first */
    size_t mask;                        /* number of lines - 1 */
    struct line *line;
};

static struct line first_lines[FIRST_LINES];
static struct level first = { .mask = FIRST_LINES - 1, .line = first_lines };
static struct { struct level *_Atomic top; } set = { &first };

static struct line *line_of(const struct level *level, uintptr_t p)
{
    uint64_t hash = (uint64_t)(p >> 4) * 0x9e3779b97f4a7c15u;

    return &level->line[hash >> 20 & level->mask];
}

/* The slot that holds `value` (0: a free one) among those of the address; NULL: none. */
static _Atomic uintptr_t *slot_find(const struct level *level, uintptr_t p, uintptr_t value)
{
    struct line *line = line_of(level, p);

    for (int i = 0; i < SLOTS; i++)
        if (gompx_load_rlx(&line->slot[i]) == value)
            return &line->slot[i];
    return NULL;
}

/* The largest level; acquire pairs with the release in level_add().  `top` may lag behind. */
static struct level *level_top(void)
{
    struct level *level = gompx_load_acq(&set.top), *above;

    while ((above = gompx_load_acq(&level->above)) != NULL)
        level = above;
    return level;
}

static GOMPX_COLD void level_add(struct level *below)
{
    size_t lines = (below->mask + 1) * GROWTH;
    struct level *level = calloc(1, sizeof *level), *none = NULL;

    if (level)
        level->line = aligned_alloc(64, lines * sizeof(struct line));
    if (!level || !level->line)
        gompx_error("Out of memory allocating %zu bytes", lines * sizeof(struct line));
    for (size_t i = 0; i < lines; i++)
        for (int k = 0; k < SLOTS; k++)
            gompx_store_rlx(&level->line[i].slot[k], 0);
    level->below = below;
    level->mask = lines - 1;
    if (gompx_cas_ar(&below->above, &none, level)) {    /* (C) */
        gompx_store_rel(&set.top, level);
    } else {
        free(level->line);
        free(level);
    }
}

/* (B) in one level; false: its line is full. */
static bool level_put(const struct level *level, uintptr_t p)
{
    _Atomic uintptr_t *slot;
    uintptr_t free_slot;

    while ((slot = slot_find(level, p, 0)) != NULL) {
        free_slot = 0;
        if (gompx_cas_rlx(slot, &free_slot, p))
            return true;
    }
    return false;
}

static _Atomic uintptr_t *address_find(uintptr_t p)
{
    _Atomic uintptr_t *slot = NULL;

    for (const struct level *level = level_top(); level && !slot; level = level->below)
        slot = slot_find(level, p, p);
    return slot;
}

void gompx_allocated_add(const void *address)
{
    uintptr_t p = (uintptr_t)address;

    if (p == 0 || address_find(p))                      /* (A) */
        return;
    for (;;) {
        struct level *top = level_top();

        for (const struct level *level = top; level; level = level->below)
            if (level_put(level, p))
                return;
        level_add(top);
    }
}

bool gompx_allocated_remove(const void *address)
{
    _Atomic uintptr_t *slot = address ? address_find((uintptr_t)address) : NULL;

    if (!slot)
        return false;
    gompx_store_rlx(slot, 0);                           /* (D) */
    return true;
}
