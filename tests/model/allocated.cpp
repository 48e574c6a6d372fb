/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MISTAKES: -DABOVE_RELAXED, -DABOVE_BLIND, -DPUT_STORED, -DADDED_TWICE
 *
 * The set of addresses of runtime/allocated.c on the C11 memory model.  Every line is one line, of two slots, so that all addresses
 * want the same; three threads add two addresses each, which takes a second level; one is handed over to the next thread, which
 * takes it out, and in between it is added twice.
 * Promised: an address that was added is found by whoever it has been handed to, once, and a level is read only when it is whole.
 *
 * ABOVE_RELAXED: (C) installs a level with a relaxed exchange, and level_top() reads it relaxed.
 * ABOVE_BLIND: (C) stores the new level without looking whether there is one.
 * PUT_STORED: (B) stores into the slot that was seen free.
 * ADDED_TWICE: (A) is left out. */
#define MISTAKES(X) X(ABOVE_RELAXED) X(ABOVE_BLIND) X(PUT_STORED) X(ADDED_TWICE)
#include "relacy.h"

enum { THREADS = 3, LEVELS = 1 + THREADS * 4, SLOTS = 2 };

struct model : rl::test_suite<model, THREADS>
{
    struct level {
        rl::atomic<int> above;          /* 0: none */
        rl::var<int> whole;
        rl::atomic<int> slot[SLOTS];
    };

    level levels[LEVELS];               /* [0] is the first; the others belong to the threads that make them */
    rl::atomic<int> handed[THREADS];
    int made[THREADS];

    void level_begin(int l)
    {
        levels[l].above($) = 0;
        for (int i = 0; i < SLOTS; i++)
            levels[l].slot[i]($) = 0;
        levels[l].whole($) = 1;
    }

    void before()
    {
        level_begin(0);
        for (int t = 0; t < THREADS; t++) {
            handed[t]($) = 0;
            made[t] = 0;
        }
    }

    /* -1: none has it. */
    int find(int l, int value)
    {
        for (int i = 0; i < SLOTS; i++)
            if (levels[l].slot[i].load(rl::mo_relaxed, $) == value)
                return i;
        return -1;
    }

    /* The chain from below: what the program follows from above is the same. */
    int chain(int *l)
    {
        int n = 0, above = 0;

        do {
            l[n++] = above;
            RL_ASSERT(levels[above].whole($) == 1);
            above = levels[above].above.load(ORDER(acquire, ABOVE_RELAXED, relaxed));
        } while (above && n < LEVELS);
        return n;
    }

    bool put(int l, int p)
    {
        int i, free_slot;

        while ((i = find(l, 0)) >= 0) {
            free_slot = 0;
            if (PUT_STORED) {
                levels[l].slot[i].store(p, rl::mo_relaxed, $);
                return true;
            }
            if (levels[l].slot[i].compare_exchange_strong(free_slot, p, rl::mo_relaxed, $))      /* (B) */
                return true;
        }
        return false;
    }

    void add(unsigned t, int p)
    {
        int l[LEVELS], n = chain(l), none = 0, mine;

        for (int k = n - 1; k >= 0 && !ADDED_TWICE; k--)                                        /* (A) */
            if (find(l[k], p) >= 0)
                return;
        for (;;) {
            for (int k = n - 1; k >= 0; k--)
                if (put(l[k], p))
                    return;
            mine = 1 + (int)t * 4 + made[t]++ % 4;
            level_begin(mine);
            none = 0;
            if (ABOVE_BLIND)                                                                    /* (C) */
                levels[l[n - 1]].above.store(mine, rl::mo_release, $);
            else
                levels[l[n - 1]].above.compare_exchange_strong(none, mine, ORDER(acq_rel, ABOVE_RELAXED, relaxed), rl::memory_order_relaxed);
            n = chain(l);
        }
    }

    bool remove(int p)
    {
        int l[LEVELS], n = chain(l);

        for (int k = n - 1; k >= 0; k--) {
            int i = find(l[k], p);
            if (i >= 0) {
                levels[l[k]].slot[i].store(0, rl::mo_relaxed, $);                               /* (D) */
                return true;
            }
        }
        return false;
    }

    void thread(unsigned t)
    {
        int first = 10 + (int)t, second = 20 + (int)t, other;

        add(t, first);
        add(t, second);
        add(t, second);
        RL_ASSERT(remove(first));
        RL_ASSERT(!remove(first));
        handed[t].store(second, rl::mo_release, $);
        other = handed[(t + 1) % THREADS].load(rl::mo_acquire, $);
        if (other) {
            RL_ASSERT(remove(other));
            RL_ASSERT(!remove(other));
        }
    }
};

int main(int argc, char **argv)
{
    return simulate<model>(argc, argv, 100000);
}
