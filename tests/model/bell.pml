/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The bell and the bench of sync/bell.h, with the join that runtime/team.h puts around them: a master and two workers,
 * regions of 3, 2, 1, 2, 3 threads, then EXIT.
 * Promised: each worker runs exactly the regions that mean it and finds their payload, the master never overwrites a payload
 * that a member may still read, and nobody sleeps for ever.
 *
 * Plain stores to `park` lie in a store buffer for as long as the machine likes (one entry per worker; a read-modify-write of
 * the worker and its system calls empty it).
 *
 * MISTAKE: (F) is a plain store instead of an exchange, so (G) may be done before others see ARMED. */
#include "futex.pml"

#define BELL 1                          /* names for the kernel */
#define PARK(i) (1 + (i))
#define JOIN 4

#define IDLE 0
#define ARMED 1
#define RUN 2
#define NOTHING 3                       /* in the store buffer */

#define EXIT 2
#define REGIONS 5
#define WORD(epoch, count) ((epoch) * 16 + (count) * 4)
#define EPOCH(word) ((word) / 16)
#define COUNT(word) (((word) / 4) % 4)
#define PLAIN(word) ((word) - (word) % 2)
#define IS_EXIT(word) (((word) / EXIT) % 2 == 1)
#define MEANT(word) (IS_EXIT(word) || me < COUNT(word))

byte bell;
byte park[THREADS];
byte buffered[THREADS] = NOTHING;
byte payload;                           /* number of the region */
byte joined;                            /* workers that are done with the region */
byte size[REGIONS + 1];                 /* [region], threads */

proctype master(byte me)
{
    byte region, old, seen, last = 1, i;
    bool done;

    for (region : 1 .. REGIONS) {
        payload = region;
        atomic { old = bell; bell = WORD(region, size[region]) }        /* (A) */
        if
        :: old % 2 == SLEEP -> futex_wake_all(BELL)                     /* (B) */
        :: else
        fi;
        for (i : last .. size[region] - 1) {
            seen = park[i];                                             /* (C) */
            if
            :: seen == ARMED ->
                compare_and_swap(park[i], ARMED, RUN, done);
                if
                :: done -> futex_wake_one(PARK(i))
                :: else
                fi
            :: else
            fi
        }
        last = size[region];
        joined == size[region] - 1;
        joined = 0
    }
    atomic { old = bell; bell = WORD(REGIONS + 1, 0) + EXIT }
    if
    :: old % 2 == SLEEP -> futex_wake_all(BELL)
    :: else
    fi;
    for (i : 1 .. THREADS - 1) {
        seen = park[i];
        if
        :: seen == ARMED ->
            compare_and_swap(park[i], ARMED, RUN, done);
            if
            :: done -> futex_wake_one(PARK(i))
            :: else
            fi
        :: else
        fi
    }
}

/* IDLE by a plain store: it may become visible late. */
inline park_idle()
{
    atomic { buffered[me] == NOTHING; buffered[me] = IDLE }
}

inline bench()
{
#ifdef MISTAKE
    atomic { buffered[me] == NOTHING; buffered[me] = ARMED }
#else
    atomic { buffered[me] == NOTHING; park[me] = ARMED }                /* (F) */
#endif
    word = bell;                                                        /* (G) */
    if
    :: MEANT(word) ->
        atomic { buffered[me] == NOTHING; compare_and_swap(park[me], ARMED, IDLE, done) }
        if
        :: done
        :: else -> park_idle()
        fi
    :: else ->
        buffered[me] == NOTHING;
        do
        :: park[me] == ARMED -> futex_wait(PARK(me), park[me], ARMED)   /* (H) */
        :: else -> break
        od;
        park_idle()
    fi
}

proctype worker(byte me)
{
    byte word, seen, ran;
    bool done;

wait:
    word = bell;                                                        /* (D) */
    if
    :: PLAIN(word) != seen ->
        seen = PLAIN(word);
        if
        :: MEANT(word) -> goto go
        :: else
        fi
    :: else
    fi;
    if
    :: me >= COUNT(seen) -> bench()
    :: else ->
        done = true;
        if
        :: word % 2 != SLEEP -> compare_and_swap(bell, word, word + SLEEP, done)    /* (E) */
        :: else
        fi;
        if
        :: done ->
            word = PLAIN(word) + SLEEP;
            buffered[me] == NOTHING;
            futex_wait(BELL, bell, word)
        :: else
        fi
    fi;
    goto wait;
go:
    if
    :: IS_EXIT(seen) -> goto end
    :: else
    fi;
    assert(payload == EPOCH(seen));
    assert(me < size[EPOCH(seen)]);
    ran++;
    assert(payload == EPOCH(seen));
    buffered[me] == NOTHING;
    joined++;                                                           /* the join, a read-modify-write */
    goto wait;
end:
    assert((me == 1 && ran == 4) || (me == 2 && ran == 2))
}

/* The machine empties the store buffer of worker i when it likes. */
proctype store_buffer(byte i)
{
end:
    do
    :: atomic { buffered[i] != NOTHING -> park[i] = buffered[i]; buffered[i] = NOTHING }
    od
}

init {
    atomic {
        size[1] = 3; size[2] = 2; size[3] = 1; size[4] = 2; size[5] = 3;
        run master(0);
        run worker(1);
        run worker(2);
        run store_buffer(1);
        run store_buffer(2)
    }
}
