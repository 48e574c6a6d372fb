/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Topology through hwloc 2, loaded by name.  hwloc's inline helpers are built upon hwloc_get_obj_by_depth() and are
 * written out here, because they would need the library at link time. */
#include "affinity/topology.h"

#include "config.h"

#if HAVE_HWLOC

#include <dlfcn.h>
#include <hwloc.h>

enum { DONT_CHANGE_BINDING = 1 << 6 };  /* HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING, which older headers do not have */

struct hwloc_calls {
    void *library;
    __typeof__(&hwloc_get_api_version) get_api_version;
    __typeof__(&hwloc_topology_init) init;
    __typeof__(&hwloc_topology_set_flags) set_flags;
    __typeof__(&hwloc_topology_load) load;
    __typeof__(&hwloc_topology_destroy) destroy;
    __typeof__(&hwloc_get_type_depth) type_depth;
    __typeof__(&hwloc_get_obj_by_depth) object;
    __typeof__(&hwloc_bitmap_next) bitmap_next;
};

#define FIND(field, name) ((*(void **)&h->field = dlsym(h->library, #name)) != NULL)

/* hwloc 2 keeps its binary interface from 2.0 on; another major version is another interface. */
static bool hwloc_open(struct hwloc_calls *h)
{
    h->library = dlopen(GOMPX_HWLOC_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (!h->library)
        return false;
    return FIND(get_api_version, hwloc_get_api_version) && FIND(init, hwloc_topology_init)
        && FIND(set_flags, hwloc_topology_set_flags) && FIND(load, hwloc_topology_load) && FIND(destroy, hwloc_topology_destroy)
        && FIND(type_depth, hwloc_get_type_depth) && FIND(object, hwloc_get_obj_by_depth)
        && FIND(bitmap_next, hwloc_bitmap_next) && h->get_api_version() >> 16 == HWLOC_API_VERSION >> 16;
}

/* Caches may be missing from a virtual machine's description; then the next larger thing that shares one stands in. */
static int kind_depth(const struct hwloc_calls *h, hwloc_topology_t topology, enum gompx_place_kind kind)
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
        int depth = h->type_depth(topology, choice[kind].type[i]);
        if (depth != HWLOC_TYPE_DEPTH_UNKNOWN && depth != HWLOC_TYPE_DEPTH_MULTIPLE)
            return depth;
    }
    return HWLOC_TYPE_DEPTH_UNKNOWN;
}

/* The CPUs of an object inside the mask; false: none. */
static bool object_cpus(const struct hwloc_calls *h, hwloc_obj_t object, const struct gompx_cpuset *mask,
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
static bool node_is_memory(const struct hwloc_calls *h, hwloc_topology_t topology, int depth, unsigned index,
                           const struct gompx_cpuset *mask, const struct gompx_cpuset *set)
{
    struct gompx_cpuset other;
    hwloc_obj_t object;

    for (unsigned i = 0; (object = h->object(topology, depth, i)) != NULL; i++)
        if (i != index && object_cpus(h, object, mask, &other) && gompx_cpuset_within(&other, set)
            && (i < index || !gompx_cpuset_within(set, &other)))
            return true;
    return false;
}

static bool objects_add(const struct hwloc_calls *h, hwloc_topology_t topology, enum gompx_place_kind kind,
                        const struct gompx_cpuset *mask, struct gompx_place_list *list)
{
    int depth = kind_depth(h, topology, kind);
    struct gompx_cpuset set;
    hwloc_obj_t object;

    if (depth == HWLOC_TYPE_DEPTH_UNKNOWN)
        return false;
    for (unsigned i = 0; (object = h->object(topology, depth, i)) != NULL; i++)
        if (object_cpus(h, object, mask, &set)
            && !(kind == GOMPX_PLACES_NUMA_DOMAINS && node_is_memory(h, topology, depth, i, mask, &set)))
            gompx_place_list_add(list, &set);
    return list->count > 0;
}

bool gompx_topology_places(enum gompx_place_kind kind, const struct gompx_cpuset *mask, struct gompx_place_list *list)
{
    struct hwloc_calls h;
    hwloc_topology_t topology;
    bool found = false;

    if (hwloc_open(&h) && h.init(&topology) == 0) {
        h.set_flags(topology, DONT_CHANGE_BINDING);     /* refused before 2.5: then the thread may travel and come back */
        found = h.load(topology) == 0 && objects_add(&h, topology, kind, mask, list);
        h.destroy(topology);
    }
    return found;                       /* the library stays: unloading is a risk, and the memory is paid for */
}

#else

bool gompx_topology_places(enum gompx_place_kind kind, const struct gompx_cpuset *mask, struct gompx_place_list *list)
{
    (void)kind, (void)mask, (void)list;
    return false;
}

#endif
