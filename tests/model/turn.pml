/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The turns of runtime/ordered.c on a slot that an earlier ordered loop has used: three threads with a chunk each; the
 * earlier loop may have had up to four chunks.  The word is 64 bits, but the kernel compares only the half with SLEEP, in
 * which the number of the construct does not occur.
 * Promised: the turns come in order, and nobody sleeps for ever.
 *
 * MISTAKE: a waiter sleeps on what the earlier loop left, whose low half can come back with the very turn it waits for. */
#include "futex.pml"

#define TURN 1                          /* the word's name for the kernel */
#define OLD 1                           /* numbers of constructs */
#define NEW 2

#define WORD(k, number) ((k) * 16 + (number) * 2)
#define K(word) ((word) / 16)
#define LOW(word) ((word) % 16)
#define HAS_SLEEP(word) ((word) % 2 == SLEEP)

byte turn;
byte next;                              /* chunk whose ordered region comes next */

inline turn_wait()
{
    do
    :: v = turn;
        if
        :: v - v % 2 == WORD(NEW, me) -> break
        :: else
        fi;
#ifndef MISTAKE
        if
        :: K(v) != NEW -> compare_and_swap(turn, v, WORD(NEW, 0), done)
        :: else
        fi;
        if
        :: K(v) == NEW -> sleep()
        :: else
        fi
#else
        sleep()
#endif
    od
}

inline sleep()
{
    done = true;
    if
    :: !HAS_SLEEP(v) -> compare_and_swap(turn, v, v + SLEEP, done); v = v + SLEEP
    :: else
    fi;
    if
    :: done -> futex_wait(TURN, LOW(turn), LOW(v))
    :: else
    fi
}

proctype thread(byte me)
{
    byte v;
    bool done;

    if
    :: me > 0 -> turn_wait()            /* chunk 0 need not wait */
    :: else
    fi;
    assert(next == me);
    next++;
    atomic { v = turn; turn = WORD(NEW, me + 1) }
    if
    :: HAS_SLEEP(v) -> futex_wake_all(TURN)
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
