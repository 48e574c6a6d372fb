/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Unbalanced tree search, the binomial trees of UTS: a node is a random number, which decides whether it has four
 * children or none; on average it has just less than one, so subtrees are of very different size and nobody knows which
 * in advance.  Hence there is no cut-off: a task per node.  `size` is the number of children of the root, `cut` the
 * number of times a node mixes its number, which is its work. */
#include "tasks.h"

enum { CHILDREN = 4, MAX_ROOTS = 1024, PROBABLE = 248 /* of 1000 nodes have children */ };

struct tree {
    int roots, rounds;
};

static void *make(int size, int cut)
{
    struct tree *t = tasks_memory(1, sizeof *t);

    if (size > MAX_ROOTS)
        bench_fail("uts: at most %d children of the root", MAX_ROOTS);
    *t = (struct tree){size, cut};
    return t;
}

/* Does the work of a node.  Returns how many children it has. */
static int open_node(uint64_t node, int rounds)
{
    uint64_t x = node;

    for (int i = 0; i < rounds; i++)
        x = tasks_mix(x);
    bench_keep(&x);
    return tasks_mix(node) % 1000 < PROBABLE ? CHILDREN : 0;
}

static uint64_t child_of(uint64_t node, int i)
{
    return tasks_mix(node * CHILDREN + (uint64_t)i + 1);
}

static uint64_t count_serial(uint64_t node, int rounds)
{
    int children = open_node(node, rounds);
    uint64_t nodes = 1;

    for (int i = 0; i < children; i++)
        nodes += count_serial(child_of(node, i), rounds);
    return nodes;
}

static uint64_t count_tasks(uint64_t node, int rounds)
{
    int children = open_node(node, rounds);
    uint64_t below[CHILDREN], nodes = 1;

    for (int i = 0; i < children; i++) {
#pragma omp task shared(below) firstprivate(node, i, rounds)
        below[i] = count_tasks(child_of(node, i), rounds);
    }
    if (children) {
#pragma omp taskwait
    }
    for (int i = 0; i < children; i++)
        nodes += below[i];
    return nodes;
}

static uint64_t serial(void *data)
{
    struct tree *t = data;
    uint64_t nodes = 1;

    for (int i = 0; i < t->roots; i++)
        nodes += count_serial((uint64_t)i, t->rounds);
    return nodes;
}

static uint64_t tasks(void *data)
{
    struct tree *t = data;
    uint64_t below[MAX_ROOTS], nodes = 1;

    for (int i = 0; i < t->roots; i++) {
#pragma omp task shared(below) firstprivate(i, t)
        below[i] = count_tasks((uint64_t)i, t->rounds);
    }
#pragma omp taskwait
    for (int i = 0; i < t->roots; i++)
        nodes += below[i];
    return nodes;
}

/* Counted without recursion, in another order. */
static void verify(void *data, uint64_t result)
{
    struct tree *t = data;
    uint64_t nodes = 1, *stack = tasks_memory(1 << 20, sizeof *stack);
    size_t depth = 0;

    for (int i = 0; i < t->roots; i++) {
        stack[depth++] = (uint64_t)i;
        while (depth > 0) {
            uint64_t node = stack[--depth];
            nodes++;
            for (int c = open_node(node, 0); c > 0; c--)
                stack[depth++] = child_of(node, c - 1);
        }
    }
    if (nodes != result)
        bench_fail("uts: %llu nodes instead of %llu", (unsigned long long)result, (unsigned long long)nodes);
}

const struct kernel kernel_uts_fine = {
    "uts_fine", "a tree of small nodes, a task of some 80 ns each", make, 0, serial, tasks, 0, verify, 400, 16};
const struct kernel kernel_uts_1us = {
    "uts_1us", "a smaller tree, a task of some 1.2 us each", make, 0, serial, tasks, 0, verify, 160, 256};
