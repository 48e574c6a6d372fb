/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The nestable lock of OpenMP 2.5.  Its 8 bytes have no room for a lock beside the owner, so the owner's number is the lock:
 *
 *   word = 0 free | tid of the owner | SLEPT_ON beside it: somebody may sleep         (a tid has at most 22 bits)
 *
 *   set                                               unset
 *   (A) CAS(word, 0, tid) [acquire]; done             (D) old = exchange(word, 0) [release]
 *   (B) word != 0: CAS(word, seen, seen | SLEPT_ON)   (E) old & SLEPT_ON: futex_wake one
 *   (C) futex_wait while word == seen | SLEPT_ON
 *   (A') CAS(word, 0, tid | SLEPT_ON) [acquire]; done, or again from (B)
 *
 * Not lost: (B) and (D) are RMWs of one word.  (B) before (D): (D) sees SLEPT_ON and wakes; if it falls between (B) and (C)
 * the kernel sees a changed word.  (D) before (B): (B) fails and looks again.  A thread that has slept takes the lock as
 * slept on, for it cannot know whether others still sleep.  No spinning: programs that old are not hurried. */
#include "runtime/lock.h"

#include <unistd.h>

#include "sync/futex.h"

#define SLEPT_ON 0x80000000u

static uint32_t self_tid(void)
{
    return (uint32_t)syscall(SYS_gettid);
}

void gompx_nest_lock_25_init(struct gompx_nest_lock_25 *lock)
{
    gompx_store_rlx(&lock->owner, 0);
    lock->count = 0;
}

static void lock_25_slow(_Atomic uint32_t *word, uint32_t tid)
{
    for (;;) {
        uint32_t seen = gompx_load_rlx(word);

        if (seen == 0) {
            if (gompx_cas_acq(word, &seen, tid | SLEPT_ON))                             /* (A'), pairs with (D) */
                return;
        } else if ((seen & SLEPT_ON) || gompx_cas_rlx(word, &seen, seen | SLEPT_ON)) {  /* (B): publishes nothing */
            gompx_futex_wait(word, seen | SLEPT_ON);                                    /* (C) */
        }
    }
}

void gompx_nest_lock_25_set(struct gompx_nest_lock_25 *lock)
{
    uint32_t tid = self_tid(), free = 0;

    if ((gompx_load_rlx(&lock->owner) & ~SLEPT_ON) != tid && !gompx_cas_acq(&lock->owner, &free, tid))   /* (A), with (D) */
        lock_25_slow(&lock->owner, tid);
    lock->count++;
}

int gompx_nest_lock_25_test(struct gompx_nest_lock_25 *lock)
{
    uint32_t tid = self_tid(), free = 0;

    if ((gompx_load_rlx(&lock->owner) & ~SLEPT_ON) != tid && !gompx_cas_acq(&lock->owner, &free, tid))   /* (A), with (D) */
        return 0;
    return ++lock->count;
}

void gompx_nest_lock_25_unset(struct gompx_nest_lock_25 *lock)
{
    if (--lock->count > 0)
        return;
    if (gompx_xchg_rel(&lock->owner, 0) & SLEPT_ON)                                     /* (D) */
        gompx_futex_wake(&lock->owner, 1);                                              /* (E) */
}
