/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The tree of a barrier: who arrives where when there are too many threads for one line.  The protocol stands in
 * sync/barrier.h; here is the shape.
 *
 * Threads that are near each other arrive at a node of their own; the last one there arrives at the node above for all of
 * them, and the last one of all at the root, which is the `arrive` word of the barrier itself.  A node is a count like that word:
 * monotone, never reset, complete when it has reached the target of the barrier.  So that one target fits all nodes,
 * whatever the number of their children, each child adds a weight of its own: 2, but the first one so much that the
 * weights of a node's m children add up to 2 * n, what n threads that arrive at one word would add:
 *
 *     2 * (n - m + 1) + (m - 1) * 2 = 2 * n
 *
 * A sum of some of them is below that, so exactly the last arrival finds old + weight == target.
 *
 * The shape follows the machine from the inside out: threads under one cache, then the caches of one memory node, then the
 * memory nodes; within each, nodes of at most `fanin` children of about equal number.  A level with one member is left
 * out.  A tree of up to `fanin` threads that are alike is no more than its root.
 *
 * Cost, n threads, f = fanin: n RMWs of lines, at most f of them in a row on one line, and one more for each node; the last
 * thread climbs log(n)/log(f) lines.  Source: Mellor-Crummey and Scott, 1991 (combining tree); Gao et al., Optimizing Barrier
 * Synchronization on ARMv8 Many-Core Architectures, 2021 (clusters of the machine as nodes). */
#ifndef GOMPX_SYNC_BARRIER_TREE_H
#define GOMPX_SYNC_BARRIER_TREE_H

#include "sync/atomic.h"
#include "sync/base.h"

/* Where a thread or a node arrives. */
struct gompx_tree_up {
    struct gompx_tree_node *node;       /* NULL: the root */
    uint32_t weight;
};

/* A line each.  Its children write `count`; the rest changes only with the shape, and who needs it has just fetched the line. */
struct gompx_tree_node {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t count;
    struct gompx_tree_up up;
};

/* A line each.  The last to arrive stores the target; the threads of one group poll. */
struct gompx_tree_line {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t sense;
};

/* What a thread has to know, by its number. */
struct gompx_tree_seat {
    struct gompx_tree_up up;
    _Atomic uint32_t *sense;            /* the word that it polls while it spins */
};

/* Where a thread runs: numbers that are equal for threads under one last-level cache, on one memory node. */
struct gompx_tree_place {
    uint32_t cache, memory;
};

/* What a tree is to look like. */
struct gompx_tree_plan {
    unsigned first, end;                /* the numbers of the threads that arrive; 0 ... first - 1 only wait */
    unsigned fanin;                     /* >= 2 */
    const struct gompx_tree_place *place;   /* [0 ... end), or NULL: nothing is known, neighbours have neighbouring numbers */
    bool lines;                         /* lines of their own to poll, each for up to `fanin` neighbours of one cache or small caches */
};

/* Read-mostly.  All memory is recycled and never returned. */
struct gompx_tree {
    struct gompx_tree_seat *seat;
    struct gompx_tree_node *node;       /* [0 ... nodes), children before parents */
    struct gompx_tree_line *line;       /* [0 ... lines); none: all poll the barrier's own sense word */
    unsigned nodes, lines;
    unsigned capacity;                  /* threads for which there is memory */
    struct gompx_tree_item *item;       /* room to work in while it is built */
    struct gompx_tree_plan plan;        /* by which it was built */
};

/* Makes `tree` what `plan` says; all counts, and the words to poll, are `count`.  Threads that have no line of their own poll `sense`.
 * Nobody uses the tree meanwhile.  Needs memory when it has never been so large; fatal without.  The tree of a plan like the last
 * one, without places, is kept. */
void gompx_tree_build(struct gompx_tree *tree, const struct gompx_tree_plan *plan, _Atomic uint32_t *sense, uint32_t count);

/* The greatest count of a node, not less than `count`. */
uint32_t gompx_tree_count(const struct gompx_tree *tree, uint32_t count);

/* Sets all counts and lines. */
void gompx_tree_set(struct gompx_tree *tree, uint32_t count);

#endif
