/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DBELL, -DGATE, -DBARRIER
 * MISTAKES: -DBELL -DBELL_ACQ_REL, -DGATE -DGATE_ACQ_REL, -DBARRIER -DARRIVE_RELAXED
 *
 * The memory orders, in which a machine may differ from the interleavings of the other models: loads may return old values
 * wherever C11 lets them.  The plain data that each protocol is to publish are checked for races.
 *
 *   BELL      the bench of sync/bell.h, one worker: its look at the bell and the master's at the park word cross
 *   GATE      the gate of sync/wait.c, one waiter: its look at the word and the passer's at the count cross
 *   BARRIER   two barriers of sync/barrier.h (mono), three threads, each reads what all have written before
 *
 * Sleeping is waiting for the word here: a thread that waits for ever is reported.
 *
 * BELL_ACQ_REL: acq_rel where the code of the bench has sc.
 * GATE_ACQ_REL: the same for the gate.
 * ARRIVE_RELAXED: the arrival at the barrier neither acquires nor releases. */
#define MISTAKES(X) X(BELL_ACQ_REL) X(GATE_ACQ_REL) X(ARRIVE_RELAXED)
#include "relacy.h"

#ifdef BELL

#define RING ORDER(seq_cst, BELL_ACQ_REL, acq_rel)
#define LOOK ORDER(seq_cst, BELL_ACQ_REL, acquire)

enum { IDLE, ARMED, RUN };

struct model : rl::test_suite<model, 2>
{
    rl::atomic<unsigned> bell, park;
    rl::var<int> payload;

    void before()
    {
        bell($) = 0;
        park($) = IDLE;
        payload($) = 0;
    }

    void master()
    {
        unsigned armed = ARMED;

        payload($) = 7;
        bell.exchange(1, RING);                                              /* (A) */
        if (park.load(LOOK) == ARMED)                                        /* (C) */
            park.compare_exchange_strong(armed, RUN, RING, rl::memory_order_relaxed);
    }

    void worker()
    {
        unsigned armed = ARMED;

        if (bell.load(rl::memory_order_acquire) == 0) {                      /* (D) */
            park.exchange(ARMED, RING);                                      /* (F) */
            if (bell.load(LOOK) == 0) {                                      /* (G) */
                rl::linear_backoff wait;

                while (park.load(rl::memory_order_acquire) == ARMED)         /* (H) */
                    wait.yield($);
                park.store(IDLE, rl::memory_order_relaxed);
            } else if (!park.compare_exchange_strong(armed, IDLE, rl::memory_order_acquire, rl::memory_order_relaxed)) {
                park.store(IDLE, rl::memory_order_relaxed);
            }
            RL_ASSERT(bell.load(rl::memory_order_acquire) == 1);             /* (D) again */
        }
        RL_ASSERT(payload($) == 7);
    }

    void thread(unsigned i)
    {
        if (i == 0)
            master();
        else
            worker();
    }
};

#elif defined(GATE)

#define PASS ORDER(seq_cst, GATE_ACQ_REL, acq_rel)
#define LOOK ORDER(seq_cst, GATE_ACQ_REL, acquire)

struct model : rl::test_suite<model, 2>
{
    rl::atomic<unsigned> word, sleepers, woken;
    rl::var<int> payload;

    void before()
    {
        word($) = sleepers($) = woken($) = 0;
        payload($) = 0;
    }

    void passer()
    {
        payload($) = 7;
        word.exchange(1, PASS);                                              /* (P) */
        if (sleepers.load(LOOK) != 0)                                        /* (R) */
            woken.store(1, rl::memory_order_relaxed);
    }

    void waiter()
    {
        if (word.load(LOOK) == 0) {                                          /* (S) */
            sleepers.fetch_add(1, PASS);                                     /* (Q) */
            if (word.load(LOOK) == 0) {                                      /* (S) */
                rl::linear_backoff wait;

                while (woken.load(rl::memory_order_relaxed) == 0)
                    wait.yield($);
                RL_ASSERT(word.load(LOOK) == 1);                             /* (S) again */
            }
        }
        RL_ASSERT(payload($) == 7);
    }

    void thread(unsigned i)
    {
        if (i == 0)
            passer();
        else
            waiter();
    }
};

#else

#define ARRIVE ORDER(acq_rel, ARRIVE_RELAXED, relaxed)

enum { THREADS = 3 };

struct model : rl::test_suite<model, THREADS>
{
    rl::atomic<unsigned> arrive;
    rl::var<unsigned> data[THREADS];

    void before()
    {
        arrive($) = 0;
        for (unsigned i = 0; i < THREADS; i++)
            data[i]($) = 0;
    }

    void barrier(unsigned target)
    {
        rl::linear_backoff wait;

        if (arrive.fetch_add(1, ARRIVE) + 1 == target)                       /* (A) */
            return;
        while (arrive.load(rl::memory_order_acquire) < target)               /* (D) */
            wait.yield($);
    }

    void thread(unsigned me)
    {
        data[me]($) = me + 1;
        barrier(THREADS);
        for (unsigned i = 0; i < THREADS; i++)
            RL_ASSERT(data[i]($) == i + 1);
        barrier(2 * THREADS);
        data[me]($) = 0;                                                        /* no race with the others' reading */
    }
};

#endif

int main(int argc, char **argv)
{
    return simulate<model>(argc, argv, 1000000);
}
