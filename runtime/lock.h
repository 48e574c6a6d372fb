/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The locks of omp.h, in the user's memory.  The plain one is a word of sync/lock.h.  The nestable ones add an owner:
 *
 *   since OpenMP 3.0   the owner is a task: {lock, count, task}, 16 bytes
 *   OpenMP 2.5         the owner is a thread: {tid | SLEPT_ON, count}, 8 bytes, for binaries of GCC before 4.4
 *
 * `count` and the owner are written only by who holds the lock.  Another task reads `owner` while it changes: it may see any
 * value but its own address or number, for that is there only if it wrote it itself and has not yet taken it back.
 * A lock that another task holds must not be unset, nor destroyed; neither is checked. */
#ifndef GOMPX_RUNTIME_LOCK_H
#define GOMPX_RUNTIME_LOCK_H

#include "sync/lock.h"

/* omp_lock_t, of every version */
struct gompx_user_lock {
    _Atomic uint32_t word;
};
static_assert(sizeof(struct gompx_user_lock) == 4 && alignof(struct gompx_user_lock) == 4, "omp_lock_t");

/* omp_nest_lock_t */
struct gompx_nest_lock {
    _Atomic uint32_t word;
    int32_t count;
    const void *_Atomic owner;          /* gompx_task_identity(); NULL unless held */
};
static_assert(sizeof(struct gompx_nest_lock) == 8 + sizeof(void *), "omp_nest_lock_t");
static_assert(alignof(struct gompx_nest_lock) == sizeof(void *), "omp_nest_lock_t");

/* omp_nest_lock_t of OpenMP 2.5 */
struct gompx_nest_lock_25 {
    _Atomic uint32_t owner;
    int32_t count;
};
static_assert(sizeof(struct gompx_nest_lock_25) == 8 && alignof(struct gompx_nest_lock_25) == 4, "omp_nest_lock_25_t");

static inline void gompx_user_lock_init(struct gompx_user_lock *lock)
{
    gompx_store_rlx(&lock->word, GOMPX_LOCK_FREE);
}

static inline void gompx_nest_lock_init(struct gompx_nest_lock *lock)
{
    gompx_store_rlx(&lock->word, GOMPX_LOCK_FREE);
    gompx_store_rlx(&lock->owner, NULL);
    lock->count = 0;
}

static inline void gompx_nest_lock_set(struct gompx_nest_lock *lock, const void *me)
{
    if (gompx_load_rlx(&lock->owner) != me) {
        gompx_lock(&lock->word);
        gompx_store_rlx(&lock->owner, me);
        lock->count = 1;
    } else {
        lock->count++;
    }
}

/* The new nesting count; 0: somebody else holds the lock. */
static inline int gompx_nest_lock_test(struct gompx_nest_lock *lock, const void *me)
{
    if (gompx_load_rlx(&lock->owner) != me) {
        if (!gompx_lock_try(&lock->word))
            return 0;
        gompx_store_rlx(&lock->owner, me);
    }
    return ++lock->count;
}

static inline void gompx_nest_lock_unset(struct gompx_nest_lock *lock)
{
    if (--lock->count > 0)
        return;
    gompx_store_rlx(&lock->owner, NULL);                /* before the release: the next owner's store comes after */
    gompx_unlock(&lock->word);
}

/* The same for the old kind; the owner is the calling thread. */
void gompx_nest_lock_25_init(struct gompx_nest_lock_25 *lock);
void gompx_nest_lock_25_set(struct gompx_nest_lock_25 *lock);
int gompx_nest_lock_25_test(struct gompx_nest_lock_25 *lock);
void gompx_nest_lock_25_unset(struct gompx_nest_lock_25 *lock);

#endif
