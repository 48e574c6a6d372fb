/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Which CPUs are near each other, from the kernel's files: the one door to /sys/devices/system.  For what gompx wants to
 * know for itself; the places of the user come from hwloc (affinity/topology.h), which takes longer. */
#ifndef GOMPX_AFFINITY_NEAR_H
#define GOMPX_AFFINITY_NEAR_H

#include <stdint.h>

#include "affinity/cpuset.h"

/* Numbers that are equal for CPUs under one last-level cache, on one memory node. */
struct gompx_near {
    uint32_t cache, memory;
};

/* Finds that out for the CPUs of `mask`; `near` has mask->size entries, those of other CPUs may change.  Without files about
 * caches the CPUs of a package count as near, without any about packages all do; without files about memory it is one node.
 * `root` is put before the paths: "" but in tests.  Reads some files per cache; uses little memory.  Thread-safe. */
void gompx_near_read(const char *root, const struct gompx_cpuset *mask, struct gompx_near *near);

#endif
