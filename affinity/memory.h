/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The memory of a machine with several NUMA nodes, and the placing of pages on them.
 *
 *   usual   the first node of each locality: what a program gets that asks for nothing
 *   fast    nodes whose bandwidth is at least 1.5 times that of the usual ones, or that the firmware calls HBM or MCDRAM
 *
 * Other nodes (expanders, persistent memory) are not placed on.  Placing prefers: when a node is full the kernel goes on with
 * others.  All functions are thread-safe. */
#ifndef GOMPX_AFFINITY_MEMORY_H
#define GOMPX_AFFINITY_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

enum gompx_memory_kind { GOMPX_MEMORY_USUAL, GOMPX_MEMORY_FAST, GOMPX_MEMORY_KINDS };

enum gompx_memory_spread {
    GOMPX_MEMORY_NEAREST,               /* on the node next to a CPU */
    GOMPX_MEMORY_BLOCKED,               /* one piece on each node */
    GOMPX_MEMORY_INTERLEAVED,           /* page by page on all */
};

struct gompx_memory;

/* The machine's memory; NULL: one node, or nobody knows (no hwloc 2).  The first call may take milliseconds on a machine with
 * several nodes; the answer stays.  */
const struct gompx_memory *gompx_memory(void);

/* Reads the topology, that of hwloc's variables if they are set; NULL as above.  For gompx_memory() and tests. */
struct gompx_memory *gompx_memory_read(void);
void gompx_memory_free(struct gompx_memory *m);

/* The numbers of the nodes of a kind, neighbours beside each other; *count of them, perhaps none. */
const unsigned *gompx_memory_nodes(const struct gompx_memory *m, enum gompx_memory_kind kind, unsigned *count);

/* All usual memory is fast, and there is no other. */
bool gompx_memory_is_all_fast(const struct gompx_memory *m);

/* Makes `m` the answer of gompx_memory(), whatever this machine is; for tests, before the first call. */
void gompx_memory_pretend(struct gompx_memory *m);

/* A part of an area, in bytes from its start: on the node with the index `node` in gompx_memory_nodes(); -1: on all in turn. */
struct gompx_memory_piece {
    size_t start, length;
    int node;
};

/* The i-th piece of an area of whole pages (length a multiple of `page`), asked for by a thread on `cpu` (-1: not known); false:
 * there are no more, or no nodes of that kind. */
bool gompx_memory_piece(const struct gompx_memory *m, enum gompx_memory_kind kind, enum gompx_memory_spread spread, int cpu,
                        size_t length, size_t page, unsigned i, struct gompx_memory_piece *piece);

/* Places the pages [start, start + length), which nobody has touched yet.  False: the kernel refuses, or there is no such memory;
 * a part may have been placed. */
bool gompx_memory_place(const struct gompx_memory *m, enum gompx_memory_kind kind, enum gompx_memory_spread spread, void *start,
                        size_t length);

#endif
