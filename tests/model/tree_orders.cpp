/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DNODE, -DLINE
 * MISTAKES: -DNODE -DNODE_RELAXED, -DLINE -DLINE_RELAXED
 *
 * The memory orders of the tree (sync/barrier.h): two barriers, three threads, each reads what all have written before.
 * Threads 1 and 2 meet at a node, whose last one meets thread 0 at the root, which stores the line and then the sense word.
 * Thread 1 spins on the line, the others on the sense word.
 *
 * Sleeping is waiting for the word here: a thread that waits for ever is reported.
 *
 * NODE_RELAXED: a relaxed arrival at the node: what the first one there wrote is not handed on.
 * LINE_RELAXED: a relaxed store to the line. */
#define MISTAKES(X) X(NODE_RELAXED) X(LINE_RELAXED)
#include "relacy.h"

#define ARRIVE_NODE ORDER(acq_rel, NODE_RELAXED, relaxed)
#define STORE_LINE ORDER(release, LINE_RELAXED, relaxed)

enum { THREADS = 3, FIRST = 2, OTHER = 1 };             /* weights that add up to THREADS */

struct model : rl::test_suite<model, THREADS>
{
    rl::atomic<unsigned> node, arrive, line, sense;
    rl::var<unsigned> data[THREADS];

    void before()
    {
        node($) = 0;
        arrive($) = 0;
        line($) = 0;
        sense($) = 0;
        for (unsigned i = 0; i < THREADS; i++)
            data[i]($) = 0;
    }

    bool climb(unsigned me, unsigned target)
    {
        unsigned weight = me == 1 ? FIRST : OTHER;

        if (me != 0 && node.fetch_add(weight, ARRIVE_NODE) + weight != target)              /* (N) */
            return false;
        weight = me == 0 ? FIRST : OTHER;
        return arrive.fetch_add(weight, rl::memory_order_acq_rel) + weight == target;       /* (A) */
    }

    void barrier(unsigned me, unsigned target)
    {
        rl::linear_backoff wait;

        if (climb(me, target)) {
            line.store(target, STORE_LINE);                                                 /* (L) */
            sense.exchange(target, rl::memory_order_acq_rel);                               /* (B) */
            return;
        }
        while ((me == 1 ? line : sense).load(rl::memory_order_acquire) < target)            /* (D) */
            wait.yield($);
    }

    void thread(unsigned me)
    {
        data[me]($) = me + 1;
        barrier(me, THREADS);
        for (unsigned i = 0; i < THREADS; i++)
            RL_ASSERT(data[i]($) == i + 1);
        barrier(me, 2 * THREADS);
        data[me]($) = 0;                                                                    /* no race with the others' reading */
    }
};

int main(int argc, char **argv)
{
    return simulate<model>(argc, argv, 500000);
}
