/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Places: lists of sets of CPUs that threads are bound to; reading them from OMP_PLACES and GOMP_CPU_AFFINITY, and
 * dealing them out to the threads of a team.  Source: OpenMP 5.2, sections 10.1.3 and 21.1.6. */
#ifndef GOMPX_AFFINITY_PLACE_H
#define GOMPX_AFFINITY_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "affinity/cpuset.h"

/* Numbers as in omp.h. */
enum gompx_bind {
    GOMPX_BIND_FALSE = 0,
    GOMPX_BIND_TRUE = 1,
    GOMPX_BIND_PRIMARY = 2,
    GOMPX_BIND_CLOSE = 3,
    GOMPX_BIND_SPREAD = 4,
};

struct gompx_place {
    unsigned *cpu;                      /* ascending, without duplicates */
    unsigned ncpus;                     /* >= 1 in a finished list */
};

/* Owns its places and their CPUs: gompx_place_list_free(). */
struct gompx_place_list {
    struct gompx_place *place;
    unsigned count, capacity;
};

enum gompx_place_kind {
    GOMPX_PLACES_NONE,
    GOMPX_PLACES_LIST,
    GOMPX_PLACES_THREADS,
    GOMPX_PLACES_CORES,
    GOMPX_PLACES_SOCKETS,
    GOMPX_PLACES_LL_CACHES,
    GOMPX_PLACES_NUMA_DOMAINS,
};

/* Places as the user gave them: a finished list, or a name that stands for one once the topology is known. */
struct gompx_places {
    enum gompx_place_kind kind;
    unsigned limit;                     /* at most so many places of a name; 0: all */
    struct gompx_place_list list;       /* LIST only */
};

#define GOMPX_PLACE_REASON 128          /* bytes */

/* Reads a value of OMP_PLACES.  CPUs outside `mask` are left out, then places without any; a loss of places is
 * reported with gompx_warn().  False: the value is invalid, *places is unchanged, and `reason` (GOMPX_PLACE_REASON
 * bytes) tells why in libgomp's words, or is empty for plain syntax.  Does not look at the topology.  Needs memory;
 * fatal without. */
bool gompx_places_parse(const char *text, const struct gompx_cpuset *mask, struct gompx_places *places, char *reason);

/* The same for GOMP_CPU_AFFINITY; CPUs that cannot be used are skipped silently. False as well if none is left. */
bool gompx_places_parse_cpus(const char *text, const struct gompx_cpuset *mask, struct gompx_places *places,
                             char *reason);

/* The list that `places` stand for, restricted to `mask`.  Asks the topology for names other than threads; where it
 * cannot be told, warns once and takes threads.  Not for kinds NONE and LIST.  The list is empty only if the mask is.
 * Thread-safe; the caller owns the list. */
struct gompx_place_list gompx_places_resolve(const struct gompx_places *places, const struct gompx_cpuset *mask);

/* Appends a place with the CPUs of `set`. */
void gompx_place_list_add(struct gompx_place_list *list, const struct gompx_cpuset *set);
void gompx_place_list_free(struct gompx_place_list *list);

/* Where a thread is, and which part of the place list its own regions may use (place-partition-var). */
struct gompx_seat {
    unsigned place;                     /* index into the list; within the part */
    unsigned first, count;              /* the part: places [first, first + count), count >= 1 */
};

/* The seat of thread `tid` in a team of `nthreads` whose primary thread has the seat `primary` when it meets the
 * region. `bind` is not FALSE; TRUE means CLOSE.  Pure. */
struct gompx_seat gompx_place_assign(enum gompx_bind bind, unsigned nthreads, unsigned tid, struct gompx_seat primary);

#endif
