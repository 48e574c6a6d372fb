/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DTREE, -DTWICE, -DDETACH
 * MISTAKES: -DTREE -DSUMS_SWAPPED, -DTREE -DLATE_COUNT, -DTREE -DNO_FENCE, -DTREE -DNO_ARRIVAL, -DTWICE -DNO_TAG
 * MISTAKES: -DDETACH -DNO_FULFILLED, -DDETACH -DEARLY
 *
 * The end of a phase, runtime/phase.h: three members at a barrier.
 *   TREE     member 0 creates a task that creates another
 *   TWICE    member 0 creates a task; after the barrier member 1 creates one, and there is a second barrier
 *   DETACH   member 0 creates a task that is complete only when a foreign thread has fulfilled its event as well
 * Promised: nobody leaves a barrier with an unfinished task, no task is run by a member that is in another phase, nobody stays.
 *
 * The store of `executed` lies in a store buffer for as long as the machine likes.  A deque is a set here (deque.cpp is about
 * them).  Who finds nothing looks again when there is something new, but does not try to end the phase a second time without
 * having run something; how sleepers learn of what is new stands in nap.pml, how waiters learn of the call in barrier.pml.
 *
 * SUMS_SWAPPED: the created ones are summed up first.
 * LATE_COUNT: a task is counted when others can find it already.
 * NO_FENCE: without (B), two that report at once miss each other.
 * NO_ARRIVAL: without (C).
 * NO_TAG: a member that is slow to leave steals from any deque.
 * NO_FULFILLED: the foreign thread's count is not news.
 * EARLY: the foreign thread counts the task before it has completed it. */
#define THREADS 3
#ifdef TWICE
#define PHASES 2
#else
#define PHASES 1
#endif

/* Tasks by what they do. */
#define LEAF 1
#define PARENT 2
#define DETACHED 3
#if defined(TREE)
#define FIRST PARENT
#elif defined(DETACH)
#define FIRST DETACHED
#else
#define FIRST LEAF
#endif

byte call;                              /* name of the phase that has tasks */
byte arrived;
byte tag[THREADS];                      /* of the deques */
byte leaves[THREADS];                   /* tasks in them */
byte others[THREADS];                   /* those that are no leaves */
byte created[THREADS];
byte executed[THREADS];
byte buffered[THREADS];                 /* so much is still to be added to `executed` */
byte fulfilled;
byte unfinished[PHASES + 1];            /* [phase] tasks, in truth */
bool begun, halves;                     /* the detached task: it was created; one of its two halves is done */

#define LOADED(i) (tag[i] == phase && leaves[i] + others[i] > 0)
#define WORK_ABOUT (LOADED(0) || LOADED(1) || LOADED(2))

inline flush(i)
{
    d_step { executed[i] = executed[i] + buffered[i]; buffered[i] = 0 }
}

inline push(kind)
{
    d_step {
        assert(leaves[me] + others[me] == 0 || tag[me] == phase);
        tag[me] = phase;
        leaves[me] = leaves[me] + (kind == LEAF);
        others[me] = others[me] + (kind != LEAF)
    }
}

inline create(kind)
{
    d_step { call = phase; unfinished[phase]++ }
#ifndef LATE_COUNT
    created[me]++;
#endif
    push(kind);
#ifdef LATE_COUNT
    created[me]++;
#endif
}

inline take(i)
{
    d_step {
        assert(tag[i] == phase);
        if
        :: others[i] > 0 -> others[i]--; task = FIRST
        :: else -> leaves[i]--; task = LEAF
        fi
    }
}

#ifdef NO_TAG
#define MAY_TAKE(i) (leaves[i] + others[i] > 0)
#else
#define MAY_TAKE(i) LOADED(i)
#endif

/* The own ones first. */
inline find()
{
    atomic {
        task = 0;
        if
        :: LOADED(me) -> take(me)
        :: else ->
            if
            :: me != 0 && MAY_TAKE(0) -> take(0)
            :: me != 1 && MAY_TAKE(1) -> take(1)
            :: me != 2 && MAY_TAKE(2) -> take(2)
            :: else
            fi
        fi
    }
}

inline run_task()
{
    if
    :: task == PARENT -> create(LEAF)
    :: else
    fi;
    if
    :: task == DETACHED ->
        atomic {
            last = halves;
            halves = true;
            unfinished[phase] = unfinished[phase] - last;
            executed_n = executed_n + last;
            last = false
        }
    :: else -> d_step { unfinished[phase]--; executed_n++ }
    fi
}

inline report()
{
    d_step { buffered[me] = buffered[me] + executed_n; executed_n = 0 }     /* (A) */
}

inline sum_executed()
{
    sum_of_executed = fulfilled;                                            /* (D) */
    sum_of_executed = sum_of_executed + executed[0];
    sum_of_executed = sum_of_executed + executed[1];
    sum_of_executed = sum_of_executed + executed[2]
}

inline sum_created()
{
    sum_of_created = created[0];                                            /* (E) */
    sum_of_created = sum_of_created + created[1];
    sum_of_created = sum_of_created + created[2]
}

inline try_end()
{
#ifndef NO_FENCE
    flush(me);                                                              /* (B) */
#endif
#ifdef NO_ARRIVAL
    if
    :: true ->
#else
    if
    :: arrived >= THREADS * phase ->                                        /* (C) */
#endif
#ifdef SUMS_SWAPPED
        sum_created();
        sum_executed();
#else
        sum_executed();
        sum_created();
#endif
        if
        :: sum_of_executed == sum_of_created ->
            d_step { call = (call == phase -> 0 : call) }
        :: else
        fi;
        d_step { sum_of_executed = 0; sum_of_created = 0 }
    :: else
    fi
}

#ifdef NO_FULFILLED
#define NEWS news
#else
#define NEWS (news || fulfilled != seen)
#endif

inline help()
{
    news = true;
    do
    :: call != phase -> break
    :: else ->
        find();
        if
        :: task != 0 -> run_task(); task = 0; news = true
        :: task == 0 && NEWS ->
            d_step { news = false; seen = fulfilled }
            report();
            try_end()
        :: task == 0 && !NEWS ->
            call != phase || WORK_ABOUT || NEWS
        fi
    od
}

inline barrier()
{
    report();
    atomic { flush(me); arrived++; last = (arrived == THREADS * phase && call != phase) }
    if
    :: last -> last = false
    :: else ->
        arrived >= THREADS * phase || call == phase;
        help()
    fi;
    assert(arrived >= THREADS * phase);
    assert(unfinished[phase] == 0);
    d_step { news = false; phase++ }
}

proctype member(byte me)
{
    byte phase = 1, task, executed_n, sum_of_executed, sum_of_created, seen;
    bool last, news;

    if
    :: me == 0 -> create(FIRST); begun = true
    :: else
    fi;
    barrier();
#ifdef TWICE
    if
    :: me == 1 -> create(LEAF)
    :: else
    fi;
    barrier()
#endif
}

#ifdef DETACH
proctype fulfiller()
{
    bool last;

    begun;
    atomic { last = halves; halves = true }
    if
    :: last ->
#ifdef EARLY
        fulfilled++;
        unfinished[1]--
#else
        unfinished[1]--;
        fulfilled++
#endif
    :: else
    fi
}
#endif

/* The machine empties the store buffer of member i when it likes. */
proctype store_buffer(byte i)
{
end:
    do
    :: atomic { buffered[i] != 0 -> flush(i) }
    od
}

init {
    atomic {
        run member(0);
        run member(1);
        run member(2);
        run store_buffer(0);
        run store_buffer(1);
        run store_buffer(2);
#ifdef DETACH
        run fulfiller()
#endif
    }
}
