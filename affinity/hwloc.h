/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The one door to hwloc 2, which is loaded by name when somebody first asks for it, into a namespace of its own symbols
 * (RTLD_LOCAL), so that it neither costs a program that does not ask nor meets the program's own copy.  Only for the files of
 * affinity/ that explain the machine.  hwloc's inline helpers would need the library at link time: not used. */
#ifndef GOMPX_AFFINITY_HWLOC_H
#define GOMPX_AFFINITY_HWLOC_H

#include "config.h"

#if HAVE_HWLOC

#include <hwloc.h>
#include <stdbool.h>

/* X(name without hwloc_): functions that every hwloc 2 has. */
#define GOMPX_HWLOC_CALLS(X) \
    X(get_api_version) X(topology_init) X(topology_set_flags) X(topology_load) X(topology_destroy) X(get_type_depth) \
    X(get_obj_by_depth) X(bitmap_alloc) X(bitmap_free) X(bitmap_set) X(bitmap_next) X(bitmap_isincluded) X(bitmap_isequal) \
    X(bitmap_isset) X(set_area_membind)

struct gompx_hwloc {
    void *library;
#define GOMPX_HWLOC_FIELD(name) __typeof__(&hwloc_##name) name;
    GOMPX_HWLOC_CALLS(GOMPX_HWLOC_FIELD)
#undef GOMPX_HWLOC_FIELD
    /* Since 2.3; else NULL.  hwloc_memattr_get_best_initiator(), with the location given without its type's name. */
    int (*memattr_get_best_initiator)(hwloc_topology_t, unsigned attribute, hwloc_obj_t node, unsigned long flags,
                                      void *initiator, hwloc_uint64_t *value);
};

enum { GOMPX_HWLOC_BANDWIDTH = 2 };     /* HWLOC_MEMATTR_ID_BANDWIDTH; MiB/s */

/* Finds the library and fills *h; false: there is no hwloc 2.  The library stays loaded: unloading is a risk, and the memory is
 * paid for.  Thread-safe. */
bool gompx_hwloc_open(struct gompx_hwloc *h);

/* A new topology of this machine, or of the one that hwloc's variables describe; NULL: it cannot be read.  Takes milliseconds.
 * The caller destroys it.  Thread-safe. */
hwloc_topology_t gompx_hwloc_topology(const struct gompx_hwloc *h);

#endif
#endif
