/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DMONO, -DCENTRAL, -DMONO -DCANCEL, -DCENTRAL -DCANCEL, -DMONO -DCALL, -DCENTRAL -DCALL
 * MISTAKES: -DMONO -DWAKE_FIRST, -DCENTRAL -DNO_LOOK, -DMONO -DCANCEL -DNO_ANSWER, -DCENTRAL -DCANCEL -DNO_ANSWER
 * MISTAKES: -DMONO -DCALL -DNO_LOOK, -DMONO -DCALL -DNO_ANSWER, -DCENTRAL -DCALL -DNO_CATCH_UP, -DCENTRAL -DCALL -DLATE_CALL
 *
 * The barrier of sync/barrier.h with the sleeping of sync/wait.c: three threads, two barriers in a row.  With CANCEL each
 * thread may cancel before any barrier of a first region; then all join, the owner recounts, and a second region follows as
 * if nothing had been.  With CALL two threads may call a round before they arrive there (they have created a task); the round is then
 * over when somebody finds that all have arrived (what has to happen besides stands in phase.pml).  Thread 0 does not arrive
 * before all who have arrived come to help.
 * Promised: no thread passes a barrier before all have arrived, unless cancelled; who waits for a round that is called comes out
 * to help, and does not go on before the round is over; nobody sleeps for ever.
 *
 * WAKE_FIRST: the last thread of mono wakes before it clears SLEEP.
 * NO_LOOK: the last thread wakes without looking at SLEEP: in central it stores the sense; in a round of mono that was called
 *     it leaves the waking to the callers.  Then one that slept through the whole call sleeps for ever.
 * NO_ANSWER: a waiter that sets SLEEP and then finds the alarm or the call leaves the bit set: it puts back the very value
 *     on which another, that looked at the alarm too early, is about to sleep.
 * NO_CATCH_UP: the sense stays behind when a round was called.
 * LATE_CALL: a thread calls after it has arrived. */
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
byte call;                              /* name of the round that was called, or 0 */
bool called[2 * BARRIERS];              /* [barrier] by anybody */
byte helped[2 * BARRIERS];              /* [barrier] threads that have come to help */

#define ROUND(barrier) ((barrier) + 1)
#ifdef CALL
#define IS_CALLED (call == ROUND(n))
#else
#define IS_CALLED false
#endif
#define IS_TOLD (IS_CALLED || (cancellable && alarm))

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

/* The last to arrive, `v` being the word before its arrival; `over` if the others may go. */
inline release()
{
#if defined(MONO) && defined(WAKE_FIRST)
    wake_if_slept();
    clear_sleep();
    over = true
#elif defined(MONO)
#if defined(CALL) && defined(NO_LOOK)
    over = !IS_CALLED;
    if
    :: over && HAS_SLEEP(v) ->
#else
    if
    :: HAS_SLEEP(v) ->                                  /* (B) */
#endif
        clear_sleep();
        futex_wake_all(POLLED)
    :: else
    fi;
    over = !IS_CALLED
#else
    over = !IS_CALLED;
    if
    :: over ->
#ifdef NO_LOOK
        sense = target
#else
        atomic { v = sense; sense = target }            /* (B) */
        wake_if_slept()
#endif
    :: else
    fi
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
    :: done && IS_TOLD ->                               /* (D) */
#ifndef NO_ANSWER
        clear_sleep();
        wake_if_slept()
#else
        skip
#endif
    :: done && !IS_TOLD ->
        futex_wait(POLLED, polled, v)                   /* (E) */
    :: !done
    fi
}

inline wait()
{
    do
    :: v = polled;                                      /* (F) */
        if
        :: COUNT(v) >= target || IS_CALLED -> break
        :: else
        fi;
        if
        :: cancellable && alarm -> cancelled = true; break
        :: else
        fi;
        sleep()
    od;
    over = !IS_CALLED
}

/* The round was called: until it is over. */
inline finish(n)
{
    helped[n]++;
    if
    :: call != ROUND(n) -> done = false
    :: COUNT(arrive) >= target -> compare_and_swap(call, ROUND(n), 0, done)
    fi;
#if defined(CENTRAL) && !defined(NO_CATCH_UP)
    if
    :: done ->
        atomic { v = sense; sense = target }
        wake_if_slept()
    :: else
    fi
#endif
}

inline call_round(n)
{
    atomic { v = call; call = ROUND(n); called[n] = true }
    if
    :: v != ROUND(n) ->
        clear_sleep();
        wake_if_slept()
    :: else
    fi
}

inline barrier(n)
{
    target = target + 6;
#if defined(CALL) && !defined(LATE_CALL)
    if
    :: me == 0 -> call_round(n); helped[n] == there[n]
    :: me == 1 && n == 0 -> call_round(n)
    :: true
    fi;
#endif
    there[n]++;
    atomic { v = arrive; arrive = arrive + 2 }          /* (A) */
    if
    :: COUNT(v) + 2 == target -> release()
    :: else -> wait()
    fi;
#ifdef LATE_CALL
    if
    :: me < 2 -> call_round(n); over = false
    :: true
    fi;
#endif
    if
    :: cancelled || over
    :: else -> finish(n)
    fi;
    assert(cancelled || there[n] == 3);
    assert(!called[n] || call != ROUND(n));
    d_step { over = false; done = false; v = 0 }
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
    bool done, cancelled, cancellable, over;

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
