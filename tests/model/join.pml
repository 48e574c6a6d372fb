/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DPRIMARY, -DWORKER, -DSHRINK
 * MISTAKES: -DWORKER -DKEEP_CALL, -DWORKER -DPLAIN_STORE, -DWORKER -DOLD_WORD, -DPRIMARY -DOLD_WORD, -DWORKER -DNO_JOINED
 * MISTAKES: -DWORKER -DNO_LOOK, -DPRIMARY -DNO_BELL, -DSHRINK -DCATCH_UP, -DSHRINK -DKEEP_ROUND
 *
 * The end of a region whose last phase has tasks: runtime/team.c, runtime/phase.c, sync/bell.h.  A primary and two workers, a region of
 * three phases and one of a single phase, then EXIT; with SHRINK two regions of a single phase, the second of which has one worker only.
 * The last worker at the join releases it by a second word, as in central.  Names of phases repeat after two barriers here.  In each phase one
 * thread, the primary or worker 1, may create a task.  In the phase that ends at a join that thread does not arrive before all who
 * have arrived there come to help: the primary from the join, the workers from their bell.
 * Promised: the primary leaves a region when all workers have arrived and all tasks are done; everybody who waits at the join or at
 * the bell is called, in every phase; nobody stays.
 *
 * How the last thread at a barrier learns that all tasks are done stands in phase.pml; how a waiter at the join sleeps, in barrier.pml.
 *
 * KEEP_CALL: a phase that ends at a barrier stays called at the join, and is met there again two barriers on.
 * PLAIN_STORE: it is taken back there by a store, which may hit the next phase's call.
 * OLD_WORD: a worker goes to the bell with the word of the ring: two calls cancel out.
 * NO_JOINED: it is not asked whether the primary has arrived.
 * NO_LOOK: the primary, who has waited for the workers, does not look once more whether the phase was called.
 * NO_BELL: the workers at the bell are not called.
 * CATCH_UP: when a called phase is over the primary does not wait for the last worker's release, but makes up for it.
 * KEEP_ROUND: the last worker leaves the release to the callers if the phase was called. */
#define THREADS 3
#include "futex.pml"

#define BELL 1                          /* name for the kernel */
#define CALL 2
#define EPOCH 4                         /* bell = epoch * EPOCH + CALL + SLEEP */
#define REGIONS 2
#define EXIT (REGIONS + 1)
#ifdef SHRINK
#define PHASES(region) 1
#define TARGET(region) ((region) == 1 -> 2 : 3)
#define MEANT(region) ((region) == 1 || (region) == EXIT || me == 1)
#else
#define PHASES(region) ((region) == 1 -> 3 : 1)
#define TARGET(region) (2 * (region))
#define MEANT(region) true
#endif
#define NAME(region, n) (2 * (region) + (n) % 2)

#ifdef PRIMARY
#define CREATOR 0
#else
#define CREATOR 1
#endif

byte call, join_call, joined;
byte bell;
byte arrived;                           /* at barriers, in all */
byte join_arrived, join_sense;          /* workers, in all; as many as have been released */
bool here[THREADS], helping[THREADS];   /* in truth: at the join of this region; and has come to help */
bool unfinished;                        /* a task, in truth */

#define ALL_JOINED (join_arrived >= TARGET(region))
#define RELEASED (join_sense >= TARGET(region))
#define ALL_HELP ((!here[0] || helping[0]) && (!here[1] || helping[1]) && (!here[2] || helping[2]))

inline bell_call()
{
    atomic {
        word = bell;
        bell = (bell / EPOCH) * EPOCH + CALL - (bell & CALL)
    }
    if
    :: word % 2 == SLEEP -> futex_wake_all(BELL)
    :: else
    fi;
    word = 0
}

/* The first task of the phase; it is done before the thread arrives. */
inline create(last)
{
    unfinished = true;
    atomic { done = (call != name); call = name }
    if
    :: done ->
        join_call = name;
#ifndef NO_BELL
        bell_call()
#endif
    :: else
    fi;
    done = false;
    if
    :: last -> ALL_HELP
    :: else
    fi;
    unfinished = false
}

/* Who finds that all have arrived ends the phase. */
inline barrier()
{
    arrived++;
    due = due + THREADS;
    arrived >= due || call == name;
    if
    :: call == name ->
        if
        :: call != name -> done = false
        :: arrived >= due -> compare_and_swap(call, name, 0, done)
        fi;
        if
        :: done ->
#if defined(PLAIN_STORE)
            join_call = 0
#elif !defined(KEEP_CALL)
            compare_and_swap(join_call, name, 0, done)
#endif
        :: else
        fi
    :: else
    fi;
    done = false
}

inline help()
{
    helping[me] = true;
    if
    :: call != name
#ifdef NO_JOINED
    :: ALL_JOINED && !unfinished ->
#else
    :: ALL_JOINED && joined == name ->
#endif
        atomic {
            if
            :: call == name -> assert(here[0] && !unfinished); call = 0
            :: else
            fi
        }
    fi
}

inline body()
{
    n = 0;
    do
    :: true ->
        name = NAME(region, n);
        if
        :: me == CREATOR -> create(n == PHASES(region) - 1)
        :: true
        fi;
        n++;
        if
        :: n == PHASES(region) -> break
        :: else -> barrier()
        fi
    od
}

proctype primary(byte me)
{
    byte region, n, name, word, due;
    bool done;

    for (region : 1 .. REGIONS) {
        d_step {
            here[0] = false; here[1] = false; here[2] = false;
            helping[0] = false; helping[1] = false; helping[2] = false
        }
        atomic { word = bell; bell = region * EPOCH }
        if
        :: word % 2 == SLEEP -> futex_wake_all(BELL)
        :: else
        fi;
        word = 0;
        body();
        here[0] = true;
        done = (call == name);
        if
        :: !done ->
            RELEASED || join_call == name;
#ifndef NO_LOOK
            done = (call == name)
#endif
        :: else
        fi;
        if
        :: done ->
            joined = name;
            help();
            joined = 0;
            join_call = 0;
#ifdef CATCH_UP
            join_sense = TARGET(region)
#else
            RELEASED
#endif
        :: else
        fi;
        assert(ALL_JOINED && !unfinished);
        done = false
    }
    atomic { word = bell; bell = EXIT * EPOCH }
    if
    :: word % 2 == SLEEP -> futex_wake_all(BELL)
    :: else
    fi
}

#define PLAIN(word) ((word) - (word) % 2)

/* Until the word is another than `seen`. */
inline bell_wait()
{
    do
    :: true ->
        word = bell;
        if
        :: PLAIN(word) != seen -> word = PLAIN(word); break
        :: else
        fi;
        done = true;
        if
        :: word % 2 != SLEEP -> compare_and_swap(bell, word, word + SLEEP, done)
        :: else
        fi;
        if
        :: done ->
            word = PLAIN(word) + SLEEP;
            futex_wait(BELL, bell, word)
        :: else
        fi
    od;
    done = false
}

proctype worker(byte me)
{
    byte region, n, name, word, seen, due;
    bool done;

    do
    :: true ->
        bell_wait();
        if
        :: word / EPOCH == EXIT -> break
        :: word / EPOCH != EXIT && (word / EPOCH == seen / EPOCH || !MEANT(word / EPOCH)) ->
            seen = word                                                 /* called, perhaps */
        :: word / EPOCH != EXIT && word / EPOCH != seen / EPOCH && MEANT(word / EPOCH) ->
            seen = word;
            region = word / EPOCH;
            body();
            atomic { here[me] = true; join_arrived++; done = ALL_JOINED }
            if
#ifdef KEEP_ROUND
            :: done && join_call != name -> join_sense = TARGET(region)
#else
            :: done -> join_sense = TARGET(region)
#endif
            :: else
            fi;
            done = false;
#ifndef OLD_WORD
            word = PLAIN(bell);
            if
            :: word / EPOCH == seen / EPOCH -> seen = word
            :: else
            fi
#endif
        fi;
        if
        :: call == name && region == seen / EPOCH -> help()
        :: else
        fi
    od
}

init {
    atomic {
        run primary(0);
        run worker(1);
        run worker(2)
    }
}
