/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * hwloc 2, loaded by name. */
#include "affinity/hwloc.h"

#if HAVE_HWLOC

#include <dlfcn.h>

enum { DONT_CHANGE_BINDING = 1 << 6 };  /* HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING, which older headers do not have */

#define FIND(name) && (*(void **)&h->name = dlsym(h->library, "hwloc_" #name)) != NULL

/* hwloc 2 keeps its binary interface from 2.0 on; another major version is another interface. */
bool gompx_hwloc_open(struct gompx_hwloc *h)
{
    h->library = dlopen(GOMPX_HWLOC_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!h->library)
        return false;
    *(void **)&h->memattr_get_best_initiator = dlsym(h->library, "hwloc_memattr_get_best_initiator");
    return true GOMPX_HWLOC_CALLS(FIND) && h->get_api_version() >> 16 == HWLOC_API_VERSION >> 16;
}

hwloc_topology_t gompx_hwloc_topology(const struct gompx_hwloc *h)
{
    hwloc_topology_t topology;

    if (h->topology_init(&topology) != 0)
        return NULL;
    h->topology_set_flags(topology, DONT_CHANGE_BINDING);   /* refused before 2.5: then the thread may travel and come back */
    if (h->topology_load(topology) == 0)
        return topology;
    h->topology_destroy(topology);
    return NULL;
}

#endif
