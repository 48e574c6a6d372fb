/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DPLAIN, -DLINES, -DLINES -DCANCEL, -DLINES -DCALL
 * MORE: -DPLAIN -DCANCEL, -DPLAIN -DCALL
 *
 * The tree of sync/barrier.h with the sleeping of sync/wait.c: three threads, two barriers in a row.  Threads 1 and 2 meet at a
 * node, whose last one meets thread 0 at the root.  With LINES threads 1 and 2 spin on a line, thread 0 on another, and
 * all sleep on the sense word.  With CANCEL each thread may cancel before any barrier of a first region; then all join, the
 * owner recounts, and a second region follows as if nothing had been.  With CALL any thread may call the round of a barrier before
 * it arrives: then all come out, and whoever was last to arrive says when the round is over.
 * Promised: no thread passes a barrier before all have arrived, unless cancelled; nobody sleeps for ever.
 *
 * MISTAKE: PLAIN: a node is not monotone, but set back by the last thread to arrive there, when it has released the others.
 * LINES: a thread that is about to sleep does not look whether the sense word has reached its target.  CANCEL: the
 * owner counts on from the root, not from the node that is ahead.  CALL: a thread calls after it has arrived. */
#include "futex.pml"

#define POLLED 1                        /* the sense word's name for the kernel */
#define BARRIERS 2                      /* in each region */

#define COUNT(word) ((word) - (word) % 2)
#define HAS_SLEEP(word) ((word) % 2 == SLEEP)

#if defined(MISTAKE) && defined(CALL)
#define CALLS_LATE
#elif defined(MISTAKE) && defined(CANCEL)
#define COUNTS_ROOT_ONLY
#elif defined(MISTAKE) && defined(LINES)
#define SLEEPS_BLINDLY
#elif defined(MISTAKE)
#define SETS_BACK
#endif

/* The weights of two children add up to 2 * 3 threads. */
#define FIRST 4
#define OTHER 2

byte node, arrive, sense, line[2];
byte call;                              /* number of the barrier that is called, from 1 on, or 0 */
bool alarm;
byte there[2 * BARRIERS];               /* [barrier] threads that have arrived */
byte gone;                              /* threads that have left the first region */
bool again;                             /* the second region has begun */
byte base;                              /* its arrival count */

inline clear_sleep()
{
    atomic { v = sense; sense = COUNT(sense) }
}

inline wake_if_slept()
{
    if
    :: HAS_SLEEP(v) -> futex_wake_all(POLLED)
    :: else
    fi
}

inline release()
{
#ifdef LINES
    line[0] = target;                                   /* (L) */
    line[1] = target;
#endif
    atomic { v = sense; sense = target }                /* (B) */
    wake_if_slept()
}

#ifdef SLEEPS_BLINDLY
#define REACHED(word) false
#else
#define REACHED(word) (COUNT(word) >= target)
#endif

#ifdef LINES
#define spun_on line[me > 0]
#else
#define spun_on sense
#endif

#define told (alarm && cancellable || call == round)

/* A failed look at the words: sleep, or look again. */
inline sleep()
{
    if
    :: !HAS_SLEEP(v) ->
        compare_and_swap(sense, v, v + SLEEP, done);    /* (C) */
        v = v + SLEEP
    :: else -> done = true
    fi;
    if
    :: done && told ->                                  /* (D) */
        clear_sleep();
        wake_if_slept()
    :: done && !told ->
        futex_wait(POLLED, sense, v)                    /* (E) */
    :: !done
    fi
}

inline wait()
{
    do
    :: v = spun_on;                                     /* (F) */
        if
        :: COUNT(v) >= target -> break
        :: COUNT(v) < target && told -> break
        :: else
        fi;
#ifdef LINES
        v = sense;                                      /* (F) */
        if
        :: REACHED(v) -> break
        :: else
        fi;
#endif
        sleep()
    od;
    if
    :: call == round -> call != round                   /* helps until the round is over */
    :: else ->
        if
        :: cancellable && alarm && COUNT(v) < target -> cancelled = true
        :: else
        fi
    fi
}

/* At a node of two; `last`: the other one was there before. */
inline arrive_at(word, weight)
{
    atomic { last = (COUNT(word) + weight == expected); word = word + weight }
}

inline raise_call()
{
    atomic { first = (call != round); call = round };   /* (B) of sync/wait.c */
    if
    :: first -> clear_sleep(); wake_if_slept()
    :: else
    fi
}

inline finish()
{
    if
    :: call == round ->
        assert(COUNT(arrive) == target);
        call = 0;
        release()                                       /* catches up */
    :: else -> release()
    fi
}

inline barrier(n)
{
    target = target + 6;
    round = n + 1;
    calls = false;
#ifdef CALL
    if
    :: calls = true
    :: true
    fi;
#ifndef CALLS_LATE
    if
    :: calls -> raise_call()
    :: else
    fi;
#endif
#endif
    there[n]++;
    last = true;
    expected = target;
#ifdef SETS_BACK
    expected = 6;
#endif
    if
    :: me == 1 -> arrive_at(node, FIRST)                /* (N) */
    :: me == 2 -> arrive_at(node, OTHER)
    :: else
    fi;
    expected = target;
    climbed = last && me > 0;
    if
    :: last && me == 0 -> arrive_at(arrive, FIRST)      /* (A) */
    :: last && me > 0 -> arrive_at(arrive, OTHER)
    :: else
    fi;
#ifdef CALLS_LATE
    if
    :: calls && !last -> raise_call()
    :: else
    fi;
#endif
    if
    :: last -> finish()
    :: else -> wait()
    fi;
#ifdef SETS_BACK
    if
    :: climbed -> node = 0
    :: else
    fi;
#endif
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
        base = COUNT(arrive);
#ifndef COUNTS_ROOT_ONLY
        if
        :: node > base -> base = node
        :: else
        fi;
        node = base;
#endif
        arrive = base;
        sense = base;
        line[0] = base;
        line[1] = base;
        alarm = false
    }
}

proctype thread(byte me)
{
    byte v, target, n, round, expected;
    bool done, cancelled, cancellable, last, climbed, calls, first;

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
