/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The turns of runtime/ordered.c on a slot that an earlier ordered loop has used, and the gate of sync/wait.c at which they are
 * waited for: three threads with a chunk each; the earlier loop may have had up to four chunks.  The word is 64 bits, but the
 * kernel compares only the half in which the number of the construct does not occur.  Any two turns may share a bit.
 * Promised: the turns come in order, and nobody sleeps for ever.
 *
 * MODEL: -DOWN_BITS, -DSHARED_BITS
 * MISTAKES: -DOWN_BITS -DMISTAKE, -DOWN_BITS -DBLIND, -DOWN_BITS -DPASS_LAST, -DSHARED_BITS -DWAKE_ONE
 *
 * MISTAKE: a waiter sleeps on what the earlier loop left, whose low half can come back with the very turn it waits for.
 * BLIND: a waiter sleeps whatever the word is by then.
 * PASS_LAST: the passer looks for sleepers before it passes.
 * WAKE_ONE: the passer wakes one of those who share the bit. */
#include "futex.pml"

#define OLD 1                           /* numbers of constructs */
#define NEW 2

#define WORD(k, number) ((k) * 16 + (number))
#define K(word) ((word) / 16)
#define LOW(word) ((word) % 16)

#ifdef SHARED_BITS
#define BIT(number) 1
#else
#define BIT(number) (1 + (number))
#endif

byte turn, sleepers;
byte next;                              /* chunk whose ordered region comes next */

inline turn_wait()
{
#ifndef MISTAKE
    do
    :: v = turn;
        if
        :: K(v) == NEW -> break
        :: else -> compare_and_swap(turn, v, WORD(NEW, 0), done)
        fi
    od;
#endif
    do
    :: v = turn;
        if
        :: v == WORD(NEW, me) -> break
        :: else
        fi;
        if
        :: !counted ->
            sleepers++;
            counted = true
#ifdef BLIND
            ; futex_wait(BIT(me), LOW(turn), LOW(turn))
#endif
        :: else -> futex_wait(BIT(me), LOW(turn), LOW(v))
        fi
    od;
    if
    :: counted -> sleepers--
    :: else
    fi
}

proctype thread(byte me)
{
    byte v, asleep;
    bool done, counted;

    if
    :: me > 0 -> turn_wait()            /* chunk 0 need not wait */
    :: else
    fi;
    assert(next == me);
    next++;
#ifdef PASS_LAST
    asleep = sleepers;
    turn = WORD(NEW, me + 1);
#else
    turn = WORD(NEW, me + 1);
    asleep = sleepers;
#endif
    if
#ifdef WAKE_ONE
    :: asleep > 0 -> futex_wake_one(BIT(me + 1))
#else
    :: asleep > 0 -> futex_wake_all(BIT(me + 1))
#endif
    :: else
    fi
}

init {
    atomic {
        if
        :: turn = WORD(OLD, 1)
        :: turn = WORD(OLD, 2)
        :: turn = WORD(OLD, 3)
        :: turn = WORD(OLD, 4)
        fi;
        run thread(0);
        run thread(1);
        run thread(2)
    }
}
