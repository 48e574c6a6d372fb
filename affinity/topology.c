/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Places from what hwloc says of the machine. */
#include "affinity/topology.h"

#include "affinity/hwloc.h"

#if HAVE_HWLOC

/* Caches may be missing from a virtual machine's description; then the next larger thing that shares one stands in. */
static int kind_depth(const struct gompx_hwloc *h, hwloc_topology_t topology, enum gompx_place_kind kind)
{
    static const hwloc_obj_type_t cores[] = { HWLOC_OBJ_CORE, HWLOC_OBJ_PU };
    static const hwloc_obj_type_t sockets[] = { HWLOC_OBJ_PACKAGE, HWLOC_OBJ_MACHINE };
    static const hwloc_obj_type_t caches[] = { HWLOC_OBJ_L5CACHE, HWLOC_OBJ_L4CACHE, HWLOC_OBJ_L3CACHE,
                                               HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L1CACHE, HWLOC_OBJ_PACKAGE,
                                               HWLOC_OBJ_MACHINE };
    static const hwloc_obj_type_t nodes[] = { HWLOC_OBJ_NUMANODE };
    static const struct { const hwloc_obj_type_t *type; unsigned count; } choice[] = {
        [GOMPX_PLACES_CORES] = { cores, 2 },
        [GOMPX_PLACES_SOCKETS] = { sockets, 2 },
        [GOMPX_PLACES_LL_CACHES] = { caches, 7 },
        [GOMPX_PLACES_NUMA_DOMAINS] = { nodes, 1 },
    };

    for (unsigned i = 0; i < choice[kind].count; i++) {
        int depth = h->get_type_depth(topology, choice[kind].type[i]);
        if (depth != HWLOC_TYPE_DEPTH_UNKNOWN && depth != HWLOC_TYPE_DEPTH_MULTIPLE)
            return depth;
    }
    return HWLOC_TYPE_DEPTH_UNKNOWN;
}

/* The CPUs of an object inside the mask; false: none. */
static bool object_cpus(const struct gompx_hwloc *h, hwloc_obj_t object, const struct gompx_cpuset *mask,
                        struct gompx_cpuset *set)
{
    hwloc_const_bitmap_t cpus = object->cpuset;
    bool any = false;

    gompx_cpuset_clear(set, mask->size);
    if (!cpus)
        return false;
    for (int cpu = h->bitmap_next(cpus, -1); cpu >= 0 && (unsigned)cpu < mask->size; cpu = h->bitmap_next(cpus, cpu)) {
        if (gompx_cpuset_has(mask, (unsigned)cpu)) {
            gompx_cpuset_add(set, (unsigned)cpu);
            any = true;
        }
    }
    return any;
}

/* Memory without CPUs of its own (high-bandwidth memory, CXL) is a NUMA node as well, and hwloc gives it the CPUs that it is
 * near to: those of one or of several other nodes.  True if the node with `set` is such a one, or a second one with the
 * same CPUs: an earlier one has them all, or any other has a part of them. */
static bool node_is_memory(const struct gompx_hwloc *h, hwloc_topology_t topology, int depth, unsigned index,
                           const struct gompx_cpuset *mask, const struct gompx_cpuset *set)
{
    struct gompx_cpuset other;
    hwloc_obj_t object;

    for (unsigned i = 0; (object = h->get_obj_by_depth(topology, depth, i)) != NULL; i++)
        if (i != index && object_cpus(h, object, mask, &other) && gompx_cpuset_within(&other, set)
            && (i < index || !gompx_cpuset_within(set, &other)))
            return true;
    return false;
}

static bool objects_add(const struct gompx_hwloc *h, hwloc_topology_t topology, enum gompx_place_kind kind,
                        const struct gompx_cpuset *mask, struct gompx_place_list *list)
{
    int depth = kind_depth(h, topology, kind);
    struct gompx_cpuset set;
    hwloc_obj_t object;

    if (depth == HWLOC_TYPE_DEPTH_UNKNOWN)
        return false;
    for (unsigned i = 0; (object = h->get_obj_by_depth(topology, depth, i)) != NULL; i++)
        if (object_cpus(h, object, mask, &set)
            && !(kind == GOMPX_PLACES_NUMA_DOMAINS && node_is_memory(h, topology, depth, i, mask, &set)))
            gompx_place_list_add(list, &set);
    return list->count > 0;
}

bool gompx_topology_places(enum gompx_place_kind kind, const struct gompx_cpuset *mask, struct gompx_place_list *list)
{
    struct gompx_hwloc h;
    hwloc_topology_t topology = gompx_hwloc_open(&h) ? gompx_hwloc_topology(&h) : NULL;
    bool found;

    if (!topology)
        return false;
    found = objects_add(&h, topology, kind, mask, list);
    h.topology_destroy(topology);
    return found;
}

#else

bool gompx_topology_places(enum gompx_place_kind kind, const struct gompx_cpuset *mask, struct gompx_place_list *list)
{
    (void)kind, (void)mask, (void)list;
    return false;
}

#endif
