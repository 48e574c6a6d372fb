/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How a worker goes from one team to the next (runtime/pool.c): its first master dissolves team A and wakes the benched,
 * perhaps long after the worker has moved on; a second master leases it for team B, runs one region and dissolves B; somebody
 * drains the pool; and the worker may lose patience.  All of them write the one park word.
 * Promised: a leased worker runs the region of B once and sees its EXIT, a worker that was not leased never serves, and it is
 * off the list when it ends.
 *
 * MISTAKE: a worker woken on the idle list believes the word and not `team`. */
#define THREADS 4
#include "futex.pml"

#define PARK 1                          /* the word's name for the kernel */
#define IDLE 0
#define ARMED 1
#define RUN 2

#define A 1                             /* teams */
#define B 2
#define EXIT 8                          /* in a bell; below it the epoch */

bool locked;                            /* the pool's lock; guards the next four */
byte team = A;
byte seen_at_lease;
bool on_list;
bool drained;

byte park = IDLE;
byte bell[3];
bool joined;
bool leased;                            /* the second master has taken the worker */

inline lock() { atomic { !locked -> locked = true } }
inline unlock() { locked = false }

inline park_run()
{
    word = park;
    if
    :: word == ARMED ->
        compare_and_swap(park, ARMED, RUN, done);
        if
        :: done -> futex_wake_one(PARK)
        :: else
        fi
    :: else
    fi
}

/* gompx_bell_wait() of a thread that the last ring did not mean, if it was one, or that waits for the next ring by spinning.
 * How members sleep on the bell is another model's matter. */
inline bell_wait()
{
    do
    :: bell[mine] != seen -> seen = bell[mine]; break
    :: bell[mine] == seen ->
        atomic { park = ARMED }                         /* (F) */
        if
        :: bell[mine] != seen ->                        /* (G) */
            compare_and_swap(park, ARMED, IDLE, done);
            if
            :: done
            :: else -> park = IDLE
            fi
        :: else ->
            do
            :: park == ARMED -> futex_wait(PARK, park, ARMED)           /* (H) */
            :: else -> break
            od;
            park = IDLE
        fi
    od
}

/* gompx_park_wait() with a limit: `in_time` tells whether it was RUN. */
inline park_wait()
{
    do
    :: park != ARMED -> in_time = true; park = IDLE; break
    :: park == ARMED ->
        atomic {
            if
            :: park == ARMED -> futex_on[me] = PARK
            :: else
            fi
        }
        if
        :: futex_on[me] == 0
        :: patience_ends ->                             /* the kernel's timer */
            futex_on[me] = 0;
            compare_and_swap(park, ARMED, IDLE, done);
            if
            :: done -> in_time = false; break
            :: else
            fi
        fi
    od
}

inline rest()
{
    lock();
    team = 0;
    on_list = true;
    drain = drained;
    do
    :: park = ARMED;
        unlock();
        park_wait();
        lock();
#ifdef MISTAKE
        if
        :: in_time -> break
        :: else
        fi;
#endif
        if
        :: team != 0 -> break
        :: else
        fi;
        if
        :: !in_time || drain != drained -> on_list = false; break
        :: else
        fi
    od;
    mine = team;
    unlock()
}

bool patience_ends;

proctype worker(byte me)
{
    byte mine = A, seen, ran;
    bool done, in_time, drain;

    do
    :: bell_wait();
        if
        :: seen >= EXIT ->
            rest();
            if
            :: mine == 0 && !on_list -> break           /* ends: nobody wanted it */
            :: else
            fi;
            assert(mine == B && leased);
            seen = seen_at_lease
        :: else ->
            assert(mine == B && ran == 0);
            ran++;
            joined = true
        fi
    od;
    assert(ran == leased)
}

proctype first_master(byte me)
{
    byte word;
    bool done;

    bell[A] = EXIT + 1;
    park_run()
}

proctype second_master(byte me)
{
    byte word;
    bool done;

    lock();
    if
    :: on_list ->
        on_list = false;
        leased = true;
        seen_at_lease = bell[B];
        team = B
    :: else
    fi;
    unlock();
    if
    :: leased ->
        park_run();
        bell[B] = 1;
        park_run();
        joined;
        bell[B] = EXIT + 2;
        park_run()
    :: else
    fi
}

proctype drainer(byte me)
{
    byte word;
    bool done;

    lock();
    drained = true;
    if
    :: on_list -> park_run()
    :: else
    fi;
    unlock();
    patience_ends = true                /* the worker ends in each run, drained or not */
}

init {
    atomic {
        run worker(0);
        run first_master(1);
        run second_master(2);
        run drainer(3)
    }
}
