/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators: traits, pools' limits, and which one is the default. */
#include "runtime/allocator.h"

#include <stdlib.h>


static const uintptr_t value_default = UINTPTR_MAX;     /* omp_atv_default */

/* ---- traits ---- */

/* `value`, or `initial` if it is the default; false: not in [first, last]. */
static bool choice_set(int *choice, uintptr_t value, int first, int last, int initial)
{
    if (value == value_default)
        value = (uintptr_t)initial;
    if (value < (uintptr_t)first || value > (uintptr_t)last)
        return false;
    *choice = (int)value;
    return true;
}

static bool trait_set(struct gompx_allocator *a, const struct gompx_alloctrait *t)
{
    uintptr_t value = t->value;
    int pinned, unused;

    switch (t->key) {
    case GOMPX_TRAIT_SYNC_HINT:                         /* malloc serves all */
        return choice_set(&unused, value, GOMPX_VALUE_CONTENDED, GOMPX_VALUE_PRIVATE, GOMPX_VALUE_CONTENDED);
    case GOMPX_TRAIT_ALIGNMENT:
        a->alignment = value == value_default ? 1 : value;
        return a->alignment != 0 && (a->alignment & (a->alignment - 1)) == 0;
    case GOMPX_TRAIT_ACCESS:                            /* everybody can reach it */
        return choice_set(&unused, value, GOMPX_VALUE_ALL, GOMPX_VALUE_CGROUP, GOMPX_VALUE_ALL);
    case GOMPX_TRAIT_POOL_SIZE:
        a->pool_size = value;                           /* the default is SIZE_MAX */
        return true;
    case GOMPX_TRAIT_FALLBACK:
        return choice_set(&a->fallback, value, GOMPX_VALUE_DEFAULT_MEM_FB, GOMPX_VALUE_ALLOCATOR_FB, GOMPX_VALUE_DEFAULT_MEM_FB);
    case GOMPX_TRAIT_FB_DATA:
        a->fb_data = value == value_default ? GOMPX_ALLOCATOR_NULL : value;
        return true;
    case GOMPX_TRAIT_PINNED:
        if (!choice_set(&pinned, value, GOMPX_VALUE_FALSE, GOMPX_VALUE_TRUE, GOMPX_VALUE_FALSE))
            return false;
        a->pinned = pinned;
        return true;
    case GOMPX_TRAIT_PARTITION:
        return choice_set(&a->partition, value, GOMPX_VALUE_ENVIRONMENT, GOMPX_VALUE_INTERLEAVED, GOMPX_VALUE_ENVIRONMENT);
    default:
        return false;
    }
}

/* Whether there is memory that promises more bandwidth.  *apart: it is not simply all that there is. */
static bool fast_exists(bool *apart)
{
    const struct gompx_memory *m = gompx_memory();
    unsigned nodes = 0;

    if (m)
        gompx_memory_nodes(m, GOMPX_MEMORY_FAST, &nodes);
    *apart = nodes > 0 && !gompx_memory_is_all_fast(m);
    return nodes > 0;
}

static bool nodes_are_several(void)
{
    const struct gompx_memory *m = gompx_memory();
    unsigned nodes = 0;

    if (m)
        gompx_memory_nodes(m, GOMPX_MEMORY_USUAL, &nodes);
    return nodes > 1;
}

/* Whether and how its pages are placed; false: there is no such memory.  Where pages lie within ordinary memory is a wish, and
 * nothing to wish for on a machine with one node. */
static bool placing_decide(struct gompx_allocator *a, uintptr_t memspace)
{
    bool apart = false, spread = a->partition != GOMPX_VALUE_ENVIRONMENT;

    if (memspace == GOMPX_SPACE_HIGH_BW && !fast_exists(&apart))
        return false;
    a->memory = apart ? GOMPX_MEMORY_FAST : GOMPX_MEMORY_USUAL;
    a->spread = a->partition == GOMPX_VALUE_BLOCKED ? GOMPX_MEMORY_BLOCKED
              : a->partition == GOMPX_VALUE_INTERLEAVED ? GOMPX_MEMORY_INTERLEAVED : GOMPX_MEMORY_NEAREST;
    a->placed = apart || (spread && nodes_are_several());
    return true;
}

/* ---- life ---- */

uintptr_t gompx_allocator_new(uintptr_t memspace, int ntraits, const struct gompx_alloctrait *traits)
{
    struct gompx_allocator *a;
    bool valid = memspace <= GOMPX_SPACE_LAST || memspace == GOMPX_SPACE_MANAGED;

    if (!valid)
        return GOMPX_ALLOCATOR_NULL;
    a = aligned_alloc(GOMPX_CACHE_LINE, sizeof *a);
    if (!a)
        return GOMPX_ALLOCATOR_NULL;
    *a = (struct gompx_allocator){ .alignment = 1, .pool_size = SIZE_MAX, .fallback = GOMPX_VALUE_DEFAULT_MEM_FB,
                                   .partition = GOMPX_VALUE_ENVIRONMENT };
    for (int i = 0; valid && i < ntraits; i++)
        valid = trait_set(a, &traits[i]);
    if (valid && placing_decide(a, memspace))
        return (uintptr_t)a;
    free(a);
    return GOMPX_ALLOCATOR_NULL;
}

void gompx_allocator_free(uintptr_t handle)
{
    if (handle > GOMPX_ALLOCATOR_NO_ADDRESS)
        free((struct gompx_allocator *)handle);
}

/* Without fast memory omp_high_bw_mem_alloc means ordinary memory: its fallback is that anyway. */
struct gompx_allocator *gompx_allocator_special(uintptr_t handle)
{
    static struct gompx_allocator pinned = { .alignment = 1, .pool_size = SIZE_MAX, .fallback = GOMPX_VALUE_DEFAULT_MEM_FB,
                                             .pinned = true };
    static struct gompx_allocator high_bw = { .alignment = 1, .pool_size = SIZE_MAX, .fallback = GOMPX_VALUE_DEFAULT_MEM_FB,
                                              .placed = true, .memory = GOMPX_MEMORY_FAST, .spread = GOMPX_MEMORY_NEAREST };
    static struct { _Atomic int apart; } known = { -1 };
    int apart = gompx_load_rlx(&known.apart);           /* relaxed: it is the same whoever finds it out */

    if (handle == GOMPX_ALLOCATOR_PINNED)
        return &pinned;
    if (gompx_unlikely(apart < 0)) {
        bool found;

        fast_exists(&found);
        gompx_store_rlx(&known.apart, apart = found);
    }
    return apart ? &high_bw : NULL;
}

/* ---- the default ---- */

/* The variable belongs to the implicit task.  An explicit task has a copy for the regions that it opens: they inherit from the
 * task that meets them. */
void gompx_allocator_set_default(uintptr_t handle)
{
    struct gompx_frame *f = gompx_frame_get();

    if (handle == GOMPX_ALLOCATOR_NULL)
        handle = GOMPX_ALLOCATOR_DEFAULT;
    gompx_task_icvs_own(&f->implicit)->allocator = handle;
    if (f->task != &f->implicit)
        gompx_task_icvs_own(f->task)->allocator = handle;
}
