/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The slow ways of sync/slab.h. */
#include "sync/slab.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

static const unsigned bytes_of[GOMPX_SLAB_CLASSES] = { 192, 256, 512, GOMPX_SLAB_LARGEST, 192 };

static struct gompx_slab_object *take_back(struct gompx_slab *mine, unsigned class)
{
    if (!gompx_load_rlx(&mine->returned[class]))        /* a hint: saves the exchange */
        return NULL;
    GOMPX_STEP(slab, B);
    return gompx_xchg_acq(&mine->returned[class], NULL);    /* (B), pairs with (A) */
}

static bool chunk_new(struct gompx_slab *mine, unsigned class)
{
    char *chunk = aligned_alloc(GOMPX_CACHE_LINE, CHUNK);

    if (!chunk)
        return false;
#ifdef GOMPX_COUNT
    gompx_counts.mallocs++;
#endif
    memset(chunk, 0, CHUNK);
    mine->cut[class] = chunk;
    mine->cut_end[class] = chunk + CHUNK;
    return true;
}

void *gompx_slab_get_slow(struct gompx_slab *mine, unsigned class)
{
    struct gompx_slab_object *object = take_back(mine, class);
    unsigned bytes = bytes_of[class];

    if (object) {
        mine->free[class] = object->next;
        return object;
    }
    if ((size_t)(mine->cut_end[class] - mine->cut[class]) < bytes && !chunk_new(mine, class))
        return NULL;
    object = (struct gompx_slab_object *)mine->cut[class];
    mine->cut[class] += bytes;
    return object;
}

static void hand_over(struct gompx_slab_object *_Atomic *returned, struct gompx_slab_object *first,
                      struct gompx_slab_object *last)
{
    struct gompx_slab_object *head = gompx_load_rlx(returned);

    do
        last->next = head;
    while (!gompx_cas_rel(returned, &head, first));     /* (A): the owner may write the objects after it */
}

void gompx_slab_return(struct gompx_slab *owner, unsigned class, void *object)
{
    hand_over(&owner->returned[class], object, object);
}

void gompx_slab_flush(struct gompx_slab *mine)
{
    if (mine->out_n == 0)
        return;
    hand_over(&mine->out_owner->returned[mine->out_class], mine->out_first, mine->out_last);
    mine->out_n = 0;
}

void gompx_slab_put_other(struct gompx_slab *mine, struct gompx_slab *owner, unsigned class, void *object)
{
    struct gompx_slab_object *o = object;

    if (mine->out_n > 0 && (mine->out_owner != owner || mine->out_class != class || mine->out_n == GOMPX_SLAB_OUTBOX))
        gompx_slab_flush(mine);
    if (mine->out_n == 0) {
        mine->out_owner = owner;
        mine->out_class = class;
        mine->out_last = o;
    }
    o->next = mine->out_first;
    mine->out_first = o;
    mine->out_n++;
}
