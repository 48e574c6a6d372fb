/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DMONO, -DCENTRAL, -DMONO -DCANCEL, -DCENTRAL -DCANCEL
 *
 * The barrier of sync/barrier.h with the sleeping of sync/wait.c: three threads, two barriers in a row.  With CANCEL each
 * thread may cancel before any barrier of a first region; then all join, the owner recounts, and a second region follows as
 * if nothing had been.
 * Promised: no thread passes a barrier before all have arrived, unless cancelled; nobody sleeps for ever.
 *
 * MISTAKE: without CANCEL, the last thread of mono wakes before it clears SLEEP, that of central stores the sense without
 * looking at SLEEP.  With CANCEL, a waiter that sets SLEEP and then finds the alarm leaves the bit set: it puts back the very
 * value on which another, that looked at the alarm too early, is about to sleep. */
#include "futex.pml"

#define POLLED 1                        /* the word's name for the kernel */
#define BARRIERS 2                      /* in each region */

#define COUNT(word) ((word) - (word) % 2)
#define HAS_SLEEP(word) ((word) % 2 == SLEEP)

#ifdef MONO
#define polled arrive
#else
#define polled sense
byte sense;
#endif

byte arrive;
bool alarm;
byte there[2 * BARRIERS];               /* [barrier] threads that have arrived */
byte gone;                              /* threads that have left the first region */
bool again;                             /* the second region has begun */
byte base;                              /* its arrival count */

inline clear_sleep()
{
    atomic { v = polled; polled = COUNT(polled) }
}

inline wake_if_slept()
{
    if
    :: HAS_SLEEP(v) -> futex_wake_all(POLLED)
    :: else
    fi
}

/* The last to arrive, `v` being the word before its arrival. */
inline release()
{
#if defined(MONO) && defined(MISTAKE) && !defined(CANCEL)
    wake_if_slept();
    clear_sleep()
#elif defined(MONO)
    if
    :: HAS_SLEEP(v) ->                                  /* (B) */
        clear_sleep();
        futex_wake_all(POLLED)
    :: else
    fi
#elif defined(MISTAKE) && !defined(CANCEL)
    sense = target
#else
    atomic { v = sense; sense = target }                /* (B) */
    wake_if_slept()
#endif
}

/* A failed look at the word: sleep, or look again. */
inline sleep()
{
    if
    :: !HAS_SLEEP(v) ->
        compare_and_swap(polled, v, v + SLEEP, done);   /* (C) */
        v = v + SLEEP
    :: else -> done = true
    fi;
    if
    :: done && cancellable && alarm ->                  /* (D) */
#ifndef MISTAKE
        clear_sleep();
        wake_if_slept()
#else
        skip
#endif
    :: done && !(cancellable && alarm) ->
        futex_wait(POLLED, polled, v)                   /* (E) */
    :: !done
    fi
}

inline wait()
{
    do
    :: v = polled;                                      /* (F) */
        if
        :: COUNT(v) >= target -> break
        :: else
        fi;
        if
        :: cancellable && alarm -> cancelled = true; break
        :: else
        fi;
        sleep()
    od
}

inline barrier(n)
{
    target = target + 6;
    there[n]++;
    atomic { v = arrive; arrive = arrive + 2 }          /* (A) */
    if
    :: COUNT(v) + 2 == target -> release()
    :: else -> wait()
    fi;
    assert(cancelled || there[n] == 3)
}

inline cancel()
{
    alarm = true;                                       /* (B) of sync/wait.c */
    clear_sleep();
    wake_if_slept();
    cancelled = true
}

inline recount()
{
    d_step {
        arrive = COUNT(arrive);
#ifdef CENTRAL
        sense = arrive;
#endif
        alarm = false;
        base = arrive
    }
}

proctype thread(byte me)
{
    byte v, target, n;
    bool done, cancelled, cancellable;

#ifdef CANCEL
    cancellable = true;
    for (n : 0 .. BARRIERS - 1) {
        if
        :: alarm -> cancelled = true
        :: else
        fi;
        if
        :: !cancelled -> cancel()
        :: true
        fi;
        if
        :: cancelled -> break
        :: else -> barrier(n)
        fi;
        if
        :: cancelled -> break
        :: else
        fi
    }
    if
    :: me == 0 -> gone == 2; recount(); again = true
    :: else -> gone++; again
    fi;
    target = base;
    cancelled = false;
    cancellable = false;
    barrier(BARRIERS)
#else
    for (n : 0 .. BARRIERS - 1) {
        barrier(n)
    }
#endif
}

init {
    atomic {
        run thread(0);
        run thread(1);
        run thread(2)
    }
}
