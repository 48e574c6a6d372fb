/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MISTAKES: -DHAND_RELAXED, -DTAKE_RELAXED, -DLATE_LINK, -DOLD_LINK
 *
 * The list of returned objects of sync/slab.h on the C11 memory model: the owner and two others, four objects.  Each of the others
 * has two of them: one hands them over as a chain, one singly; the owner takes back what there is, up to three times, and uses
 * it.  In the end it takes what is left.
 * Promised: each object comes back once, and its new user sees that the old one has done with it.
 *
 * HAND_RELAXED, TAKE_RELAXED: (A), (B) are relaxed.
 * LATE_LINK: the end of the chain is linked to the rest after (A).
 * OLD_LINK: it is not linked anew when (A) has found another head. */
#define MISTAKES(X) X(HAND_RELAXED) X(TAKE_RELAXED) X(LATE_LINK) X(OLD_LINK)
#include "relacy.h"

enum { OBJECTS = 4, NONE = OBJECTS };

struct model : rl::test_suite<model, 3>
{
    rl::atomic<unsigned> returned;
    rl::var<unsigned> next[OBJECTS];
    rl::var<unsigned> content[OBJECTS];
    unsigned back[OBJECTS];             /* the owner's */

    void before()
    {
        returned($) = NONE;
        for (unsigned i = 0; i < OBJECTS; i++) {
            next[i]($) = NONE;
            content[i]($) = 0;
            back[i] = 0;
        }
    }

    void after()
    {
        take_back();
        for (unsigned i = 0; i < OBJECTS; i++)
            RL_ASSERT(back[i] == 1);
    }

    void take_back()
    {
        unsigned object, after;

        if (returned.load(rl::memory_order_relaxed) == NONE)
            return;
        object = returned.exchange(NONE, ORDER(acquire, TAKE_RELAXED, relaxed));            /* (B) */
        for (; object != NONE; object = after) {
            after = next[object]($);
            RL_ASSERT(content[object]($) == object + 1);
            content[object]($) = 0;
            back[object]++;
        }
    }

    void hand_over(unsigned first, unsigned last)
    {
        unsigned head = returned.load(rl::memory_order_relaxed), tries = 0;

        do {
            if (!LATE_LINK && !(OLD_LINK && tries++ > 0))
                next[last]($) = head;
        } while (!returned.compare_exchange_strong(head, first, ORDER(release, HAND_RELAXED, relaxed), rl::memory_order_relaxed));  /* (A) */
        if (LATE_LINK)
            next[last]($) = head;
    }

    void use(unsigned object)
    {
        content[object]($) = object + 1;
    }

    void thread(unsigned i)
    {
        switch (i) {
        case 0:
            take_back();
            take_back();
            take_back();
            break;
        case 1:
            use(0);
            use(1);
            next[1]($) = 0;
            hand_over(1, 0);
            break;
        default:
            use(2);
            hand_over(2, 2);
            use(3);
            hand_over(3, 3);
        }
    }
};

int main(int argc, char **argv)
{
    return simulate<model>(argc, argv, 300000);
}
