/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * NUMA nodes by what they are good for, and pages on them, through hwloc. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* sched_getcpu */
#endif
#include "affinity/memory.h"

#include "affinity/hwloc.h"

#if HAVE_HWLOC

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/atomic.h"
#include "sync/base.h"

enum { NODES_MAX = 1024, CPUS_MAX = 65536 };

struct node_list {
    unsigned count;
    unsigned *number;
    hwloc_bitmap_t set;                 /* the same nodes */
    uint16_t *near;                     /* by CPU: index of the node next to it */
};

struct gompx_memory {
    struct gompx_hwloc hwloc;
    hwloc_topology_t topology;
    unsigned cpus;                      /* length of `near` */
    struct node_list kind[GOMPX_MEMORY_KINDS];
};

/* ---- which node is what ---- */

static hwloc_obj_t node_get(const struct gompx_memory *m, unsigned i)
{
    return m->hwloc.get_obj_by_depth(m->topology, HWLOC_TYPE_DEPTH_NUMANODE, i);
}

/* hwloc gives a node without CPUs of its own those that it is near to: those of one or several other nodes.  The first node of
 * each locality is the usual one: no earlier one has all its CPUs, and no other has a part of them. */
static bool is_usual(const struct gompx_memory *m, unsigned index)
{
    hwloc_obj_t node = node_get(m, index), other;

    for (unsigned i = 0; (other = node_get(m, i)) != NULL; i++)
        if (i != index && m->hwloc.bitmap_isincluded(other->cpuset, node->cpuset)
            && (i < index || !m->hwloc.bitmap_isequal(other->cpuset, node->cpuset)))
            return false;
    return true;
}

/* MiB/s from where it is best; 0: not known. */
static uint64_t bandwidth_of(const struct gompx_memory *m, hwloc_obj_t node)
{
    struct { int type; void *where; } initiator;
    hwloc_uint64_t value = 0;

    if (m->hwloc.memattr_get_best_initiator
        && m->hwloc.memattr_get_best_initiator(m->topology, GOMPX_HWLOC_BANDWIDTH, node, 0, &initiator, &value) != 0)
        value = 0;
    return value;
}

static uint64_t bandwidth_usual(const struct gompx_memory *m)
{
    uint64_t most = 0;
    hwloc_obj_t node;

    for (unsigned i = 0; (node = node_get(m, i)) != NULL; i++)
        if (is_usual(m, i) && bandwidth_of(m, node) > most)
            most = bandwidth_of(m, node);
    return most;
}

static bool is_fast(const struct gompx_memory *m, unsigned i, uint64_t usual)
{
    hwloc_obj_t node = node_get(m, i);

    if (node->subtype && (strcmp(node->subtype, "HBM") == 0 || strcmp(node->subtype, "MCDRAM") == 0))
        return true;
    return usual > 0 && bandwidth_of(m, node) >= usual + usual / 2;
}

/* ---- reading ---- */

static bool list_make(const struct gompx_memory *m, struct node_list *list)
{
    list->number = calloc(NODES_MAX, sizeof *list->number);
    list->near = calloc(m->cpus, sizeof *list->near);
    list->set = m->hwloc.bitmap_alloc();
    return list->number && list->near && list->set;
}

/* A CPU without a node of its own goes to the first one: `near` is zeroed. */
static void list_add(const struct gompx_memory *m, struct node_list *list, hwloc_obj_t node)
{
    unsigned index = list->count;

    if (index == NODES_MAX || node->os_index == HWLOC_UNKNOWN_INDEX)
        return;
    list->number[list->count++] = node->os_index;
    m->hwloc.bitmap_set(list->set, node->os_index);
    for (int cpu = m->hwloc.bitmap_next(node->cpuset, -1); cpu >= 0 && (unsigned)cpu < m->cpus;
         cpu = m->hwloc.bitmap_next(node->cpuset, cpu))
        list->near[cpu] = (uint16_t)index;
}

static unsigned cpus_count(const struct gompx_memory *m)
{
    hwloc_obj_t machine = m->hwloc.get_obj_by_depth(m->topology, 0, 0);
    int last = -1;

    for (int cpu = m->hwloc.bitmap_next(machine->cpuset, -1); cpu >= 0 && cpu < CPUS_MAX;
         cpu = m->hwloc.bitmap_next(machine->cpuset, cpu))
        last = cpu;
    return (unsigned)last + 1;
}

/* False: there is nothing to choose, or no memory to note it in. */
static bool nodes_read(struct gompx_memory *m)
{
    uint64_t usual = bandwidth_usual(m);

    m->cpus = cpus_count(m);
    if (m->cpus == 0 || !node_get(m, 0) || !node_get(m, 1))
        return false;
    if (!list_make(m, &m->kind[GOMPX_MEMORY_USUAL]) || !list_make(m, &m->kind[GOMPX_MEMORY_FAST]))
        return false;
    for (unsigned i = 0; node_get(m, i); i++) {
        if (is_usual(m, i))
            list_add(m, &m->kind[GOMPX_MEMORY_USUAL], node_get(m, i));
        if (is_fast(m, i, usual))
            list_add(m, &m->kind[GOMPX_MEMORY_FAST], node_get(m, i));
    }
    return true;
}

void gompx_memory_free(struct gompx_memory *m)
{
    if (!m)
        return;
    for (int kind = 0; kind < GOMPX_MEMORY_KINDS; kind++) {
        free(m->kind[kind].number);
        free(m->kind[kind].near);
        if (m->kind[kind].set)
            m->hwloc.bitmap_free(m->kind[kind].set);
    }
    if (m->topology)
        m->hwloc.topology_destroy(m->topology);
    free(m);
}

struct gompx_memory *gompx_memory_read(void)
{
    struct gompx_memory *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    if (gompx_hwloc_open(&m->hwloc) && (m->topology = gompx_hwloc_topology(&m->hwloc)) != NULL && nodes_read(m))
        return m;
    gompx_memory_free(m);
    return NULL;
}

/* The kernel's list of nodes is a single number, or there is none: hwloc need not be asked. */
static bool one_node(void)
{
    char text[16];
    int fd = open("/sys/devices/system/node/online", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);

    if (fd >= 0)
        close(fd);
    return n <= 0 || (!memchr(text, '-', (size_t)n) && !memchr(text, ',', (size_t)n));
}

static struct gompx_memory none;        /* the answer that there is nothing to choose */
static struct { struct gompx_memory *_Atomic answer; } known;

void gompx_memory_pretend(struct gompx_memory *m)
{
    gompx_store_rel(&known.answer, m);
}

/* Found out without a lock, so that a fork() at a bad moment leaves none held: of several first callers one installs its answer,
 * the others drop theirs.  Acquire pairs with the release of the one. */
const struct gompx_memory *gompx_memory(void)
{
    struct gompx_memory *m = gompx_load_acq(&known.answer), *other = NULL;

    if (!m) {
        m = one_node() ? NULL : gompx_memory_read();
        if (!gompx_cas_ar(&known.answer, &other, m ? m : &none)) {
            gompx_memory_free(m);
            m = gompx_load_acq(&known.answer);
        }
    }
    return m == &none ? NULL : m;
}

/* ---- placing ---- */

const unsigned *gompx_memory_nodes(const struct gompx_memory *m, enum gompx_memory_kind kind, unsigned *count)
{
    *count = m->kind[kind].count;
    return m->kind[kind].number;
}

bool gompx_memory_is_all_fast(const struct gompx_memory *m)
{
    return m->hwloc.bitmap_isequal(m->kind[GOMPX_MEMORY_USUAL].set, m->kind[GOMPX_MEMORY_FAST].set);
}

/* Pages of the first i of n pieces that differ by one at most. */
static size_t pages_before(size_t pages, unsigned n, unsigned i)
{
    return pages / n * i + (pages % n < i ? pages % n : i);
}

bool gompx_memory_piece(const struct gompx_memory *m, enum gompx_memory_kind kind, enum gompx_memory_spread spread, int cpu,
                        size_t length, size_t page, unsigned i, struct gompx_memory_piece *piece)
{
    const struct node_list *list = &m->kind[kind];
    size_t from, to;

    if (i >= (spread == GOMPX_MEMORY_BLOCKED ? list->count : list->count > 0))
        return false;
    *piece = (struct gompx_memory_piece){ .length = length, .node = -1 };
    if (spread == GOMPX_MEMORY_NEAREST) {
        piece->node = cpu >= 0 && (unsigned)cpu < m->cpus ? list->near[cpu] : 0;
    } else if (spread == GOMPX_MEMORY_BLOCKED) {
        from = pages_before(length / page, list->count, i) * page;
        to = pages_before(length / page, list->count, i + 1) * page;
        *piece = (struct gompx_memory_piece){ from, to - from, (int)i };
    }
    return true;
}

static bool piece_place(const struct gompx_memory *m, enum gompx_memory_kind kind, char *start,
                        const struct gompx_memory_piece *piece)
{
    const struct node_list *list = &m->kind[kind];
    hwloc_membind_policy_t policy = piece->node < 0 ? HWLOC_MEMBIND_INTERLEAVE : HWLOC_MEMBIND_BIND;
    hwloc_bitmap_t set = list->set;
    bool done;

    if (piece->length == 0)
        return true;                    /* fewer pages than nodes */
    if (piece->node >= 0) {
        set = m->hwloc.bitmap_alloc();
        if (!set)
            return false;
        m->hwloc.bitmap_set(set, list->number[piece->node]);
    }
    done = m->hwloc.set_area_membind(m->topology, start + piece->start, piece->length, set, policy, HWLOC_MEMBIND_BYNODESET) == 0;
    if (set != list->set)
        m->hwloc.bitmap_free(set);
    return done;
}

bool gompx_memory_place(const struct gompx_memory *m, enum gompx_memory_kind kind, enum gompx_memory_spread spread, void *start,
                        size_t length)
{
    int cpu = spread == GOMPX_MEMORY_NEAREST ? sched_getcpu() : -1;
    struct gompx_memory_piece piece;
    unsigned i = 0;

    while (gompx_memory_piece(m, kind, spread, cpu, length, (size_t)sysconf(_SC_PAGESIZE), i, &piece)) {
        if (!piece_place(m, kind, start, &piece))
            return false;
        i++;
    }
    return i > 0;
}

#else

const struct gompx_memory *gompx_memory(void)
{
    return NULL;
}

struct gompx_memory *gompx_memory_read(void)
{
    return NULL;
}

void gompx_memory_free(struct gompx_memory *m)
{
    (void)m;
}

const unsigned *gompx_memory_nodes(const struct gompx_memory *m, enum gompx_memory_kind kind, unsigned *count)
{
    (void)m, (void)kind;
    *count = 0;
    return NULL;
}

bool gompx_memory_is_all_fast(const struct gompx_memory *m)
{
    (void)m;
    return false;
}

void gompx_memory_pretend(struct gompx_memory *m)
{
    (void)m;
}

bool gompx_memory_piece(const struct gompx_memory *m, enum gompx_memory_kind kind, enum gompx_memory_spread spread, int cpu,
                        size_t length, size_t page, unsigned i, struct gompx_memory_piece *piece)
{
    (void)m, (void)kind, (void)spread, (void)cpu, (void)length, (void)page, (void)i, (void)piece;
    return false;
}

bool gompx_memory_place(const struct gompx_memory *m, enum gompx_memory_kind kind, enum gompx_memory_spread spread, void *start,
                        size_t length)
{
    (void)m, (void)kind, (void)spread, (void)start, (void)length;
    return false;
}

#endif
