/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What hwloc knows about the CPUs of the machine.  It is loaded when first asked (affinity/hwloc.h). */
#ifndef GOMPX_AFFINITY_TOPOLOGY_H
#define GOMPX_AFFINITY_TOPOLOGY_H

#include <stdbool.h>

#include "affinity/place.h"

/* Appends to `list` one place for each core, package, last-level cache or NUMA node (`kind`) with the CPUs that it
 * has in `mask`; none for those without.  CPUs that belong to no such object are left out.  False, and perhaps a part
 * of the places: there is no hwloc 2, or it knows no such objects.  Takes milliseconds.  Thread-safe. */
bool gompx_topology_places(enum gompx_place_kind kind, const struct gompx_cpuset *mask, struct gompx_place_list *list);

#endif
