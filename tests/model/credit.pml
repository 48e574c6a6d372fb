/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MISTAKES: -DNO_DRAW, -DLATE_DRAW, -DNO_FLUSH, -DNO_MOVE, -DLATE_ARM, -DEARLY_FLUSH
 *
 * The count of a taskgroup's members, runtime/task.h: the opener creates two tasks, each of which creates another; the opener and two
 * more threads run them.  Either of those may at any time turn to other things that last until the group has ended.
 * Promised: the opener leaves when all members are finished, not before, and nobody touches the group afterwards.
 *
 * A draw is 2 here.
 *
 * NO_DRAW: a thread that creates members gets a positive credit.  (Then pend + the opener's credit may be 0 while there are some.)
 * LATE_DRAW: it draws after others can find the new member.
 * NO_FLUSH: a thread that turns to other things keeps its credit.
 * NO_MOVE: the opener sleeps with a credit of its own.
 * LATE_ARM: it arms its nap word after it has told that it waits.
 * EARLY_FLUSH: a member is signed off when it begins. */
#define THREADS 3
#define DRAW 2

short pend;
bool waiter;
short credit[THREADS];
byte parents, leaves;                   /* members that may be taken */
byte unfinished;                        /* members, in truth */
bool armed;                             /* the opener */
bool closed;

inline flush()
{
    if
    :: credit[me] != 0 ->
        n = credit[me];
        credit[me] = 0;
        atomic { assert(!closed); pend = pend + n; n = pend; was_waiter = waiter }
        if
        :: n == 0 && was_waiter -> armed = false
        :: else
        fi;
        d_step { n = 0; was_waiter = false }
    :: else
    fi
}

inline draw()
{
#ifndef NO_DRAW
    if
    :: credit[me] >= 0 && me != 0 ->
        atomic { assert(!closed); pend = pend + DRAW }
        credit[me] = credit[me] - DRAW
    :: else
    fi;
#endif
    credit[me]++
}

inline create(sort)
{
    unfinished++;
#ifdef LATE_DRAW
    sort++;
    draw();
#else
    draw();
    sort++;
#endif
    armed = false                                       /* the opener is woken for it */
}

#define NOTHING 0
#define LEAF 1
#define PARENT 2

inline take()
{
    atomic {
        if
        :: parents > 0 -> parents--; task = PARENT
        :: leaves > 0 -> leaves--; task = LEAF
        :: parents + leaves == 0 -> task = NOTHING
        fi
    }
}

inline run_task()
{
#ifdef EARLY_FLUSH
    credit[me]--;
    flush();
#endif
    if
    :: task == PARENT -> create(leaves)
    :: else
    fi;
    unfinished--;
#ifndef EARLY_FLUSH
    credit[me]--;
#endif
    task = NOTHING
}

inline doze()
{
#ifndef LATE_ARM
    armed = true;
#endif
    atomic {
#ifndef NO_MOVE
        pend = pend + credit[me];
        credit[me] = 0;
#endif
        waiter = true;
        n = pend
    }
#ifdef LATE_ARM
    armed = true;
#endif
    if
    :: n != 0 && parents + leaves == 0 -> !armed
    :: else
    fi;
    d_step { armed = false; n = 0 }
    waiter = false
}

proctype opener(byte me)
{
    byte task;
    short n;
    bool was_waiter;

    create(parents);
    create(parents);
    do
    :: pend + credit[me] == 0 -> break
    :: else ->
        take();
        if
        :: task != NOTHING -> run_task()
        :: else -> doze()
        fi
    od;
    assert(unfinished == 0);
    d_step { credit[me] = 0; closed = true }
}

proctype other(byte me)
{
    byte task;
    short n;
    bool was_waiter;

    do
    :: parents + leaves > 0 ->
        take();
        if
        :: task != NOTHING -> run_task()
        :: else
        fi
    :: true -> break                                    /* nothing found, or nothing more that this thread may run */
    od;
#ifndef NO_FLUSH
    flush();
#endif
    closed
}

init {
    atomic {
        run opener(0);
        run other(1);
        run other(2)
    }
}
