/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DWAIT, -DEND, -DDETACH
 * MISTAKES: -DWAIT -DNO_MOVE, -DWAIT -DLATE_ARM, -DWAIT -DLATE_COUNT, -DEND -DKEEP_RUNNER, -DEND -DLATE_RUNNER, -DEND -DTWO_LOOKS
 * MISTAKES: -DEND -DLATE_COUNT, -DDETACH -DNO_HOLD, -DDETACH -DTWO_LOOKS
 *
 * The count of a task's children, runtime/task.h: a parent on thread 0 creates two children, each of which is run there or by one of
 * two thieves; the first of them to run creates a sibling (as the pieces of a taskloop do).
 *   WAIT     the parent waits for its children, helping and sleeping, and ends
 *   END      it ends while they are unfinished
 *   DETACH   so it does, and its record stays until a fourth thread has fulfilled its event as well
 * Promised: the wait ends when all children have, not before; the record is freed once, not before they are finished, and nobody touches
 * it afterwards.
 *
 * NO_MOVE: WAITER is set, but the private count is not moved into the shared one.
 * LATE_ARM: the parent arms its nap word after it has told that it waits.
 * LATE_COUNT: the sibling is counted when others can find it already.
 * KEEP_RUNNER: the parent ends without giving up the private count.
 * LATE_RUNNER: a finished child looks for the parent's thread after (E).
 * TWO_LOOKS: it looks at the flags after (E).
 * NO_HOLD: the event is not counted. */
#define THREADS 3
#define NOBODY 255
#define CHILDREN 3                      /* in all */

/* The record. */
short kids;
short pend;
bool waiter, ended;
byte runner = 0;
bool freed;

byte deque = 0;                         /* children that may be taken */
byte finished;                          /* in truth */
bool sibling;                           /* it has been created */
bool armed, offered;                    /* thread 0 */
bool fulfilled, body_done;
bool complete;                          /* in truth: nobody will ask for the task any more */

inline free()
{
    d_step {
        assert(!freed && complete && finished == CHILDREN);
        freed = true
    }
}

/* (E): `n` is what is left, the flags as they were then. */
inline subtract()
{
    atomic {
        assert(!freed);
        pend--;
        n = pend;
        was_waiter = waiter;
        was_ended = ended
    }
}

inline release_record()
{
    subtract();
    if
    :: n == 0 && was_ended -> free()
    :: else
    fi
}

inline finish()
{
    finished++;
    r = runner;                                                         /* (D) */
    assert(!freed);
    if
    :: r == me -> kids--
    :: else ->
        subtract();
#ifdef LATE_RUNNER
        assert(!freed);
        r = runner;
#endif
#ifdef TWO_LOOKS
        assert(!freed);
        d_step { was_waiter = waiter; was_ended = ended };
#endif
        if
        :: n == 0 && was_ended -> free()
        :: n == 0 && !was_ended && was_waiter && r != NOBODY -> armed = false
        :: else
        fi
    fi;
    d_step { n = 0; r = 0; was_waiter = false; was_ended = false }
}

/* Whoever runs the parent counts by himself. */
inline count()
{
    assert(!freed);
    if
    :: runner == me -> kids++
    :: else -> pend++
    fi
}

/* A child, taken already. */
inline run_child()
{
    atomic { first = !sibling; sibling = true }
    if
    :: first ->
#ifdef LATE_COUNT
        deque++;
        count()
#else
        count();
        deque++
#endif
    :: else
    fi;
    first = false;
    finish()
}

inline take()
{
    atomic {
        if
        :: deque > 0 -> deque--; taken = true
        :: else -> taken = false
        fi
    }
}

inline doze()
{
#ifndef LATE_ARM
    armed = true;
#endif
    atomic {                                                            /* (B) */
#ifndef NO_MOVE
        pend = pend + kids;
        kids = 0;
#endif
        waiter = true;
        n = pend
    }
#ifdef LATE_ARM
    armed = true;
#endif
    if
    :: n != 0 && !offered -> offered = true             /* woken for something else, once */
    :: n != 0 -> !armed
    :: else
    fi;
    armed = false;
    waiter = false;
    n = 0
}

inline wait()
{
    do
    :: kids + pend == 0 -> break                                        /* (A) */
    :: else ->
        take();
        if
        :: taken -> run_child()
        :: else -> doze()
        fi
    od;
    assert(finished == CHILDREN)
}

inline retire()
{
    complete = true;
    if
    :: kids + pend == 0 -> free()
    :: else ->
#ifndef KEEP_RUNNER
        runner = NOBODY;
#endif
        atomic {                                                        /* (C) */
            pend = pend + kids;
            ended = true;
            n = pend
        }
        if
        :: n == 0 -> free()
        :: else
        fi
    fi
}

inline hold()
{
    runner = NOBODY;
    atomic {
        pend = pend + kids;
#ifndef NO_HOLD
        pend++;
#endif
        ended = true
    }
    atomic { n = fulfilled; body_done = true }
    if
    :: n == 1 -> complete = true; release_record()
    :: else
    fi
}

/* Until all children are finished. */
inline help()
{
    do
    :: deque > 0 ->
        take();
        if
        :: taken -> run_child()
        :: else
        fi
    :: finished == CHILDREN -> break
    od
}

proctype parent(byte me)
{
    byte r;
    short n;
    bool taken, first, was_waiter, was_ended;

    kids++;
    deque++;
    kids++;
    deque++;
#if defined(WAIT)
    wait();
    retire()
#elif defined(END)
    retire();
    help()
#else
    hold();
    help()
#endif
}

proctype thief(byte me)
{
    byte r;
    short n;
    bool taken, first, was_waiter, was_ended;

    help()
}

#ifdef DETACH
proctype fulfiller()
{
    short n;
    bool was_waiter, was_ended;

    atomic { n = body_done; fulfilled = true }
    if
    :: n == 1 -> complete = true; release_record()
    :: else
    fi
}
#endif

init {
    atomic {
        run parent(0);
        run thief(1);
        run thief(2);
#ifdef DETACH
        run fulfiller()
#endif
    }
    _nr_pr == 1;
    assert(freed)
}
