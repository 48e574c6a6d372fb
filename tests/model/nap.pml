/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DONE, -DTWO, -DONE -DFULL
 * MISTAKES: -DONE -DNO_HEAVY, -DTWO -DNO_HEAVY, -DTWO -DNO_LOOK, -DTWO -DLATE_ARM, -DTWO -DEARLY_OVER
 * MISTAKES: -DONE -DFULL -DNO_LIGHT
 *
 * Sleeping for want of work, sync/nap.h, as the members of a team use it (runtime/phase.c): two sleepers, and ONE publisher of a
 * short and two long pieces of work or TWO of a long one each.  The long pieces last until both are being worked at.  Whoever
 * finishes the last one ends it all and wakes everybody.
 * Promised: nobody sleeps while there is work that he could begin, and nobody sleeps for ever.
 *
 * A publisher's plain stores lie in a store buffer for as long as the machine likes; its read-modify-writes and system calls empty
 * it.  The system call membarrier empties the buffers of all others, each at some moment of the call; without it both sides have
 * ordinary fences (FULL).
 *
 * NO_HEAVY, NO_LIGHT: without the sleeper's, the publisher's fence.
 * NO_LOOK: without the second look.
 * LATE_ARM: the nap word is armed after the second look.
 * EARLY_OVER: who ends it all looks at the nap words first. */
#define THREADS 4
#include "futex.pml"

#define NAP(i) (1 + (i))                /* name for the kernel */
#define FIRST 2                         /* threads below are publishers, the others sleepers */
#ifdef ONE
#define SHORT 1
#define PIECES 3
#define PIECES_OF(p) (3 * ((p) == 0))
#else
#define SHORT 0
#define PIECES 2
#define PIECES_OF(p) 1
#endif
#define EMPTY 255

byte top[FIRST];                        /* pieces that were taken, that were published */
byte bottom[FIRST];
byte buffered[THREADS] = EMPTY;         /* a publisher's store to its bottom */
bool armed[THREADS];
bool idle[THREADS];
byte together;                          /* long pieces that have been begun */
byte finished;
bool over;

inline drain(i_)
{
    d_step {
        if
        :: buffered[i_] != EMPTY -> bottom[i_] = buffered[i_]; buffered[i_] = EMPTY
        :: else
        fi
    }
}

/* (H) */
inline member_wake(i_)
{
    if
    :: armed[i_] ->
        atomic { buffered[me] == EMPTY; done = armed[i_]; armed[i_] = false }
        if
        :: done -> futex_wake_all(NAP(i_))
        :: else
        fi
    :: else
    fi
}

/* Takes one out of the set and wakes him; its words are looked at and changed one after the other. */
inline wake_one()
{
    do
    :: atomic {
            if
            :: idle[2] -> other = 2
            :: idle[3] -> other = 3
            :: !idle[2] && !idle[3] -> break
            fi
        }
        atomic { buffered[me] == EMPTY; done = idle[other]; idle[other] = false; }
        if
        :: done -> member_wake(other); break
        :: else
        fi
    od;
    other = 0;
    done = false
}

proctype publisher(byte me)
{
    byte n, other;
    bool done;

    do
    :: n < PIECES_OF(me) ->
        n++;
        atomic { buffered[me] == EMPTY; buffered[me] = n }              /* (D) */
#if defined(FULL) && !defined(NO_LIGHT)
        buffered[me] == EMPTY;                                          /* (E) */
#endif
        if
        :: idle[2] || idle[3] -> wake_one()                             /* (F) */
        :: else
        fi
    :: else -> break
    od
}

/* The machine empties the store buffer of publisher i when it likes. */
proctype store_buffer(byte i)
{
end:
    do
    :: atomic { buffered[i] != EMPTY -> bottom[i] = buffered[i]; buffered[i] = EMPTY }
    od
}

#define LOADED(p) (top[p] < bottom[p])

inline fence_heavy()
{
#if !defined(FULL) && !defined(NO_HEAVY)
#ifdef ONE
    drain(0)
#else
    if
    :: drain(0); drain(1)
    :: drain(1); drain(0)
    fi
#endif
#else
    skip
#endif
}

inline doze()
{
#ifndef LATE_ARM
    armed[me] = true;
#endif
    idle[me] = true;                                                    /* (A) */
    fence_heavy();                                                      /* (B) */
    done = false;
#ifndef NO_LOOK
    if
    :: over -> done = true                                              /* (C) */
    :: else
    fi;
    if
    :: LOADED(0) -> done = true
    :: else
    fi;
    if
    :: LOADED(1) -> done = true
    :: else
    fi;
#endif
#ifdef LATE_ARM
    armed[me] = true;
#endif
    if
    :: !done ->
        do
        :: armed[me] -> futex_wait(NAP(me), armed[me], true)            /* (G) */
        :: else -> break
        od
    :: else
    fi;
    armed[me] = false;
    idle[me] = false;
    done = false
}

inline work()
{
    if
    :: piece <= SHORT
    :: else ->
        together++;
        together == 2
    fi;
    atomic { finished++; done = (finished == PIECES) }
    if
    :: done ->
#ifdef EARLY_OVER
        member_wake(2);
        member_wake(3);
        over = true
#else
        over = true;
        member_wake(2);
        member_wake(3)
#endif
    :: else
    fi;
    done = false
}

inline take(p)
{
    piece = 0;
    atomic {
        if
        :: LOADED(p) -> top[p]++; piece = top[p]
        :: else
        fi
    }
    if
    :: piece != 0 -> work(); found = true; piece = 0
    :: else
    fi
}

proctype member(byte me)
{
    byte piece;
    bool done, found;

    do
    :: over -> break
    :: else ->
        found = false;
        take(0);
        if
        :: !found -> take(1)
        :: else
        fi;
        if
        :: !found -> doze()
        :: else
        fi
    od
}

init {
    atomic {
        run publisher(0);
#ifdef TWO
        run publisher(1);
        run store_buffer(1);
#endif
        run member(2);
        run member(3);
        run store_buffer(0)
    }
}
