/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Memory for small objects that one thread makes and another often ends.
 *
 * Each thread has a slab.  It takes objects from its own free list, and puts its own back there: no atomics.  An object of
 * another thread's slab goes into the outbox; a full outbox is handed to that slab as a chain, with one CAS.  A thread whose
 * free list is empty takes back all that was handed to it, with one exchange, before it cuts new objects from a chunk.
 *
 *   returned   head of a chain, linked through word 0          pushed by others, taken as a whole by the owner
 *
 *   another thread                                    owner, free list empty
 *   (A) CAS(returned: head -> my chain) [release]     (B) exchange(returned, NULL) [acquire]
 *
 * Nothing is popped singly from `returned`, so a head that comes back means no harm (no ABA).  (B) reads from (A): it sees the
 * links, and that the other thread has done with the objects.
 *
 * Objects are type-stable: once cut they are never unmapped, and word 0 is the only one that the slab writes.  Whoever reads
 * an object that may have been freed reads old values, not foreign memory.
 * Cost: a transfer of the line `returned` per outbox, 1/16 per object.  Source: Leijen et al., Mimalloc, 2019. */
#ifndef GOMPX_SYNC_SLAB_H
#define GOMPX_SYNC_SLAB_H

#include "sync/atomic.h"
#include "sync/base.h"

enum {
    GOMPX_SLAB_CLASSES = 5,
    GOMPX_SLAB_OTHER = 4,               /* a class for what must not take the place of the users of the others */
    GOMPX_SLAB_OUTBOX = 16,
};

/* Bytes of an object of class c: 192, 256, 512, 1024; 192 of GOMPX_SLAB_OTHER. */
#define GOMPX_SLAB_LARGEST 1024u

struct gompx_slab_object {
    struct gompx_slab_object *next;
};

struct gompx_slab {
    /* Owner. */
    alignas(GOMPX_CACHE_LINE) struct gompx_slab_object *free[GOMPX_SLAB_CLASSES];
    char *cut[GOMPX_SLAB_CLASSES];      /* rest of the chunk from which objects are cut: [cut, cut_end) */
    char *cut_end[GOMPX_SLAB_CLASSES];
    struct gompx_slab *out_owner;       /* outbox: out_n objects of this slab and class, out_first ... out_last */
    struct gompx_slab_object *out_first, *out_last;
    unsigned out_class, out_n;
    /* Others push, owner takes. */
    alignas(GOMPX_CACHE_LINE) struct gompx_slab_object *_Atomic returned[GOMPX_SLAB_CLASSES];
};

static inline unsigned gompx_slab_class(size_t bytes)
{
    return bytes <= 192 ? 0 : bytes <= 256 ? 1 : bytes <= 512 ? 2 : 3;
}

void *gompx_slab_get_slow(struct gompx_slab *mine, unsigned class) GOMPX_COLD;
void gompx_slab_put_other(struct gompx_slab *mine, struct gompx_slab *owner, unsigned class, void *object);

/* An object of class `class`, aligned to 64; zeroed if it is new, else as it was left, but for word 0.  NULL: no memory.
 * Only the slab's owner. */
static inline void *gompx_slab_get(struct gompx_slab *mine, unsigned class)
{
    struct gompx_slab_object *object = mine->free[class];

    if (gompx_unlikely(!object))
        return gompx_slab_get_slow(mine, class);
    mine->free[class] = object->next;
    return object;
}

/* Gives an object back that came from the slab `owner`.  `mine` is the calling thread's. */
static inline void gompx_slab_put(struct gompx_slab *mine, struct gompx_slab *owner, unsigned class, void *object)
{
    if (gompx_likely(mine == owner)) {
        ((struct gompx_slab_object *)object)->next = mine->free[class];
        mine->free[class] = object;
    } else {
        gompx_slab_put_other(mine, owner, class, object);
    }
}

/* The same for a thread that has no slab. */
void gompx_slab_return(struct gompx_slab *owner, unsigned class, void *object);

/* Hands on what is in the outbox: before the thread idles. */
void gompx_slab_flush(struct gompx_slab *mine);

#endif
