/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MISTAKES: -DPOP_ACQ_REL, -DPUSH_RELAXED, -DLOOK_ACQUIRE, -DNO_CAS, -DPOP_NO_CAS, -DTAG_APART, -DNO_ROOM
 *
 * The deque of sync/deque.h on the C11 memory model: its owner and two thieves, two rounds, a capacity of two.  In the first
 * round the owner pushes up to three entries, pops, perhaps pushes another and pops until the deque is empty; in the second round it pushes one
 * more and perhaps pops it.  One thief tries twice to steal in the first round, the other once in each.
 * Promised: each entry is taken once, by somebody of its round, who sees what it points to.
 *
 * POP_ACQ_REL, LOOK_ACQUIRE: (B), (D) and (E) are not sequentially consistent.
 * PUSH_RELAXED: (A) and the store to the slot do not release.
 * NO_CAS: the thief does not find out at (F) whether it was the first.
 * POP_NO_CAS: the owner takes the last entry without (F').
 * TAG_APART: the tag is a word of its own beside the index.
 * NO_ROOM: the owner pushes without looking whether the slot is free. */
#define MISTAKES(X) X(POP_ACQ_REL) X(PUSH_RELAXED) X(LOOK_ACQUIRE) X(NO_CAS) X(POP_NO_CAS) X(TAG_APART) X(NO_ROOM)
#include "relacy.h"

enum { CAPACITY = 2, ENTRIES = 4, LATER = 3, TAG = 100 };      /* entries from LATER on belong to round 2; top = tag * TAG + index */

struct model : rl::test_suite<model, 3>
{
    rl::atomic<unsigned> top, bottom, tag_apart, clock;
    rl::atomic<unsigned> slot[CAPACITY];
    rl::var<unsigned> pointee[ENTRIES];
    rl::atomic<unsigned> taken[ENTRIES];
    unsigned tag, top_seen, pushed;     /* the owner's */

    void before()
    {
        top($) = 0;
        bottom($) = 0;
        tag_apart($) = 0;
        clock($) = 0;
        for (unsigned i = 0; i < CAPACITY; i++)
            slot[i]($) = ENTRIES;
        for (unsigned i = 0; i < ENTRIES; i++) {
            pointee[i]($) = 0;
            taken[i]($) = 0;
        }
        tag = top_seen = pushed = 0;
    }

    void after()
    {
        for (unsigned i = 0; i < pushed; i++)
            RL_ASSERT(taken[i].load(rl::memory_order_relaxed) == 1 || (i == LATER && !taken[i].load(rl::memory_order_relaxed)));
    }

    void take(unsigned entry, unsigned round)
    {
        RL_ASSERT(entry < ENTRIES);
        RL_ASSERT(pointee[entry]($) == entry + 1);
        RL_ASSERT(round == (entry < LATER ? 1 : 2));
        taken[entry].fetch_add(1, rl::memory_order_relaxed);
    }

    void open(unsigned round)
    {
        unsigned index = top.load(rl::memory_order_relaxed) % TAG;

        tag = TAG_APART ? 0 : round;
        tag_apart.store(round, rl::memory_order_release);
        top.store(tag * TAG + index, rl::memory_order_release);
    }

    bool room()
    {
        unsigned b = bottom.load(rl::memory_order_relaxed);

        if (b - top_seen < CAPACITY || NO_ROOM)
            return true;
        top_seen = top.load(rl::memory_order_acquire) % TAG;
        return b - top_seen < CAPACITY;
    }

    void push()
    {
        unsigned b = bottom.load(rl::memory_order_relaxed);

        if (!room())
            return;
        pointee[pushed]($) = pushed + 1;
        slot[b % CAPACITY].store(pushed++, ORDER(release, PUSH_RELAXED, relaxed));
        bottom.store(b + 1, ORDER(release, PUSH_RELAXED, relaxed));         /* (A) */
    }

    bool pop(unsigned round)
    {
        unsigned b = bottom.load(rl::memory_order_relaxed);
        unsigned t = top.load(rl::memory_order_relaxed), entry;

        if (b == t % TAG)
            return false;
        b--;
        bottom.exchange(b, ORDER(seq_cst, POP_ACQ_REL, acq_rel));           /* (B) */
        t = top.load(rl::memory_order_seq_cst);                                 /* (C) */
        int n = (int)(b - t % TAG);
        if (n > 0) {
            take(slot[b % CAPACITY].load(rl::memory_order_relaxed), round);
            return true;
        }
        bool mine = false;
        if (n == 0) {
            entry = slot[b % CAPACITY].load(rl::memory_order_relaxed);
            mine = POP_NO_CAS || top.compare_exchange_strong(t, t + 1, rl::memory_order_seq_cst, rl::memory_order_relaxed);     /* (F') */
            if (POP_NO_CAS)
                top.store(t + 1, rl::memory_order_seq_cst);
        }
        bottom.store(b + 1, rl::memory_order_relaxed);
        if (mine)
            take(entry, round);
        return mine;
    }

    void owner()
    {
        unsigned n = rl::rand(4);

        open(1);
        for (unsigned i = 0; i < n; i++)
            push();
        pop(1);
        if (n > 1 && pushed < LATER)
            push();
        while (pop(1))
            ;
        for (; pushed < LATER; pushed++)
            taken[pushed].store(1, rl::memory_order_relaxed);               /* for want of room, or by chance */
        open(2);
        push();
        if (rl::rand(2))
            pop(2);
    }

    /* Threads advance about alike: else both thieves were done before the second round. */
    void steal(unsigned round)
    {
        for (unsigned i = rl::rand(12); i > 0; i--)
            clock.fetch_add(1, rl::memory_order_relaxed);
        unsigned apart = tag_apart.load(rl::memory_order_acquire);
        unsigned t = top.load(ORDER(seq_cst, LOOK_ACQUIRE, acquire)), entry;         /* (D) */

        if ((TAG_APART ? apart : t / TAG) != round)
            return;
        if ((int)(bottom.load(ORDER(seq_cst, LOOK_ACQUIRE, acquire)) - t % TAG) <= 0)    /* (E) */
            return;
        entry = slot[t % TAG % CAPACITY].load(rl::memory_order_acquire);
        if (NO_CAS)
            top.store(t + 1, rl::memory_order_seq_cst);
        else if (!top.compare_exchange_strong(t, t + 1, rl::memory_order_seq_cst, rl::memory_order_relaxed))    /* (F) */
            return;
        take(entry, round);
    }

    void thread(unsigned i)
    {
        switch (i) {
        case 0:
            owner();
            break;
        case 1:
            steal(1);
            steal(1);
            break;
        default:
            steal(1);
            steal(2);
        }
    }
};

int main(int argc, char **argv)
{
    return simulate<model>(argc, argv, 600000);
}
