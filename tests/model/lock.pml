/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The mutex of sync/lock.h: three threads, two sections each.  Spinning is left out: it only delays the steps that follow.
 * Promised: one thread at a time inside; nobody sleeps for ever.
 *
 * MISTAKE: a thread that has slept takes the lock with HELD, as if it knew that nobody else sleeps. */
#include "futex.pml"

#define FREE 0
#define HELD 1
#define SLEPT_ON 2
#define LOCK 1                          /* the word's name for the kernel */
#define SECTIONS 2

byte lock = FREE;
byte inside;

inline lock_take()
{
    byte mine = HELD, seen;
    bool got;

    compare_and_swap(lock, FREE, HELD, got);            /* (A) */
    do
    :: got -> break
    :: else ->
        compare_and_swap(lock, FREE, mine, got);        /* the spin's last look */
        if
        :: got -> break
        :: else
        fi;
        atomic { seen = lock; lock = SLEPT_ON }         /* (B) */
        if
        :: seen == FREE -> break
        :: else
        fi;
        futex_wait(LOCK, lock, SLEPT_ON);               /* (C) */
#ifndef MISTAKE
        mine = SLEPT_ON
#endif
    od;
    mine = 0; seen = 0; got = false
}

inline lock_give()
{
    byte old;

    atomic { old = lock; lock = FREE }                  /* (D) */
    if
    :: old == SLEPT_ON -> futex_wake_one(LOCK)          /* (E) */
    :: else
    fi;
    old = 0
}

proctype thread(byte me)
{
    byte n;

    for (n : 1 .. SECTIONS) {
        lock_take();
        inside++;
        assert(inside == 1);
        inside--;
        lock_give()
    }
}

init {
    atomic {
        run thread(0);
        run thread(1);
        run thread(2)
    }
}
