/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Closed forms, in transfers that follow each other (T threads, fan-in f; L for a transfer, first come, first served):
 *
 *   mono            T + 1     each of T arrivals takes the line from those who have read it or changed it; then all read
 *   central         T + 1     T - 1 arrive; the sense word goes to the last one, and from there to all at once
 *   tree, f^d = T   d f + 1   f - 1 on the way to the first node, f more on each level above, 2 for the sense word
 *   dissemination   2 log2 T  a flag is fetched to be written, and fetched back to be read, in each step
 *
 * All wait for one thread:
 *   mono            2         it takes the line; all read it
 *   central         3         and another line first
 *   tree, f^d = T   d + 2     d lines on the way up
 *
 * One barrier or region after the other, with nothing in between:
 *   mono            T         the last one arrives again before the line is taken from it
 *   central, T = 2  3         as at once
 *   region, T = 2   4         the bell goes to the primary and to the worker, the join to the worker and to the primary
 *   two-barrier, T = 2   8    a line of the worker is fetched to be written; the count of the first barrier, where the worker is
 *                             already, goes to the primary, and so does its sense word; the worker reads the sense word and its
 *                             line, fetches the count of the second barrier and its sense word; the primary reads that */
#include "benchmarks/sim/check.h"

#include <math.h>

enum { L = 100, ROUNDS = 8 };

static unsigned power(unsigned base, unsigned exponent)
{
    unsigned p = 1;

    while (exponent-- > 0)
        p *= base;
    return p;
}

static const unsigned sizes[] = { 2, 3, 4, 5, 8, 16, 31, 64 };
static const struct { unsigned fanin, levels; } trees[] = {
    { 2, 1 }, { 2, 2 }, { 2, 5 }, { 3, 3 }, { 4, 1 }, { 4, 3 }, { 8, 1 }, { 8, 2 }, { 16, 2 },
};
static const struct sim_check others[] = {
    { SIM_MONO, SIM_REPEATED, 2, 8, 2, 0 }, { SIM_MONO, SIM_REPEATED, 4, 8, 4, 0 }, { SIM_CENTRAL, SIM_REPEATED, 2, 8, 3, 0 },
    { SIM_REGION, SIM_REPEATED, 2, 8, 4, 0 }, { SIM_REGION_TWO, SIM_REPEATED, 2, 8, 8, 0 },
    { SIM_MONO, SIM_LATE, 5, 8, 2, 0 }, { SIM_CENTRAL, SIM_LATE, 5, 8, 3, 0 }, { SIM_TREE, SIM_LATE, 9, 3, 4, 0 },
    { SIM_TREE, SIM_LATE, 64, 4, 5, 0 },
};
enum {
    SIZES = sizeof sizes / sizeof sizes[0], TREES = sizeof trees / sizeof trees[0], DOUBLINGS = 8,
    OTHERS_COUNT = sizeof others / sizeof others[0],
};

bool sim_check_next(unsigned number, struct sim_check *check)
{
    unsigned n = number;

    *check = (struct sim_check){ .fanin = 8 };
    if (n < SIZES) {
        check->method = SIM_MONO;
        check->threads = sizes[n];
        check->transfers = sizes[n] + 1;
        return true;
    }
    n -= SIZES;
    if (n < SIZES) {
        check->method = SIM_CENTRAL;
        check->threads = sizes[n];
        check->transfers = sizes[n] + 1;
        return true;
    }
    n -= SIZES;
    if (n < TREES) {
        check->method = SIM_TREE;
        check->fanin = trees[n].fanin;
        check->threads = power(trees[n].fanin, trees[n].levels);
        check->transfers = trees[n].levels * trees[n].fanin + 1;
        return true;
    }
    n -= TREES;
    if (n < DOUBLINGS) {
        check->method = SIM_DISSEMINATION;
        check->threads = 2u << n;
        check->transfers = 2 * (n + 1);
        return true;
    }
    n -= DOUBLINGS;
    if (n < OTHERS_COUNT) {
        *check = others[n];
        return true;
    }
    return false;
}

/* One after the other, the first and the last one have no neighbour. */
static bool is_right(const struct sim_check *check)
{
    double off = fabs(check->modelled / L - check->transfers);

    return check->scene != SIM_REPEATED ? off < 1e-6 : off <= 1.0 / ROUNDS + 1e-6;
}

unsigned sim_check_all(unsigned *count, struct sim_check *first_wrong)
{
    static struct sim_machine flat;
    struct sim_costs costs = { .order = SIM_FIFO };
    struct sim_check check;
    unsigned wrong = 0;

    for (*count = 0; sim_check_next(*count, &check); ++*count) {
        sim_machine_flat(&flat, check.threads, L);
        check.modelled = sim_method_cost(check.method, check.scene, &flat, &costs, check.threads, check.fanin, ROUNDS);
        if (!is_right(&check) && wrong++ == 0)
            *first_wrong = check;
    }
    return wrong;
}
