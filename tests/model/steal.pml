/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DLOOPS=2 -DUNITS=4
 * MORE: -DLOOPS=2 -DUNITS=6, -DLOOPS=3 -DUNITS=4
 *
 * The stealing loops of runtime/steal.c: three threads, loops that follow each other without a barrier.
 * Promised: each unit of each loop is handed out exactly once; every thread comes to its end.
 *
 * (What follows the blocks of a loop, its last unit, comes from a counter and is left out here.)
 * The steps that others can see are a load and a compare-and-swap of one word each; all orders are relaxed in the code, and
 * nothing depends on two words.
 *
 * MISTAKE: (A) looks and then stores, so that a block which a thief claims in between is handed out twice. */
#define THREADS 3

/* A range word: tag, hi, lo in one number. */
#define MAKE(tag, lo, hi) ((tag) * 64 + (hi) * 8 + (lo))
#define TAG(w) ((w) / 64)
#define HI(w) (((w) / 8) % 8)
#define LO(w) ((w) % 8)
#define EMPTY(w) (LO(w) >= HI(w))

/* home_block() */
#define BLOCK_LO(t) ((UNITS / THREADS) * (t) + ((t) < UNITS % THREADS -> (t) : UNITS % THREADS))
#define BLOCK_HI(t) (BLOCK_LO(t) + UNITS / THREADS + ((t) < UNITS % THREADS -> 1 : 0))

byte range[THREADS];
bool handed[(LOOPS + 1) * UNITS];
byte left;                              /* threads that are through */

/* The caller is to run units [lo, end): marked in the same step as the word that gave them to it. */
inline hand_out(end_)
{
    do
    :: lo < end_ ->
        assert(!handed[j * UNITS + lo]);
        handed[j * UNITS + lo] = true;
        lo++
    :: else -> break
    od
}

inline enter()
{
    lo = BLOCK_LO(me);
    hi = BLOCK_HI(me);
    w = range[me];
    do
    :: TAG(w) < j ->
        atomic {                                                        /* (A) */
            if
#ifdef MISTAKE
            :: true ->
#else
            :: range[me] == w ->
#endif
                range[me] = MAKE(j, lo + 1, hi);        /* its first unit is run at once */
                w = lo + 1;
                hand_out(w);
                break
#ifndef MISTAKE
            :: else -> w = range[me]
#endif
            fi
        }
    :: else -> break
    od;
    w = 0
}

/* Takes a unit of one's own; otherwise lo == hi afterwards. */
inline take()
{
    w = range[me];
    do
    :: TAG(w) == j && !EMPTY(w) ->
        atomic {
            if
            :: range[me] == w ->                                        /* (B) */
                range[me] = w + 1;
                lo = LO(w);
                hand_out(LO(w) + 1);
                hi = lo + 1;
                w = 0;
                break
            :: else -> w = range[me]
            fi
        }
    :: else -> lo = 0; hi = 0; w = 0; break
    od
}

/* Robs member v: then [lo, hi) are ours. */
inline rob()
{
    w = range[v];
    do
    :: TAG(w) == j && !EMPTY(w) ->
        hi = HI(w);
        lo = hi - (hi - LO(w) + 1) / 2;
        atomic {
            if
            :: range[v] == w -> range[v] = MAKE(j, LO(w), lo); break    /* (C) */
            :: else -> w = range[v]
            fi
        }
    :: TAG(w) == j - 1 && EMPTY(w) ->
        lo = BLOCK_LO(v);
        hi = BLOCK_HI(v);
        atomic {
            if
            :: range[v] == w -> range[v] = MAKE(j, 0, 0); break         /* (D) */
            :: else -> w = range[v]
            fi
        }
    :: else -> lo = 0; hi = 0; break
    od
}

/* Runs the first unit; leaves the rest in the own word, or runs it all. */
inline keep()
{
    w = range[me];
    atomic {
        if
        :: lo + 1 < hi && TAG(w) == j && EMPTY(w) && range[me] == w ->
            range[me] = MAKE(j, lo + 1, hi);                            /* (E) */
            w = lo + 1; hand_out(w)
        :: else -> hand_out(hi)
        fi;
        lo = 0; hi = 0; w = 0
    }
}

proctype thread(byte me)
{
    byte j, w, lo, hi, v;

    for (j : 1 .. LOOPS) {
        enter();
        do
        :: take();
            if
            :: hi == 0 ->
                v = me;
                do
                :: v = (v + 1) % THREADS;
                    if
                    :: v == me -> break
                    :: else -> rob()
                    fi;
                    if
                    :: hi > 0 -> break
                    :: else
                    fi
                od;
                v = 0;
                if
                :: hi > 0 -> keep()
                :: else -> break
                fi
            :: else
            fi
        od
    }
    atomic {
        left++;
        if
        :: left == THREADS ->
            for (j : UNITS .. (LOOPS + 1) * UNITS - 1) {
                assert(handed[j])
            }
        :: else
        fi
    }
}

init {
    atomic {
        run thread(0);
        run thread(1);
        run thread(2)
    }
}
