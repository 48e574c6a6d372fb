/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Place lists: memory, and making one from a name once the topology may be looked at. */
#include "affinity/place.h"

#include <stdlib.h>
#include <string.h>

#include "affinity/topology.h"
#include "sync/base.h"

static void *array_alloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);

    if (!p)
        gompx_fatal("out of memory allocating %zu bytes", count * size);
    return p;
}

void gompx_place_list_add(struct gompx_place_list *list, const struct gompx_cpuset *set)
{
    struct gompx_place *place;

    if (list->count == list->capacity) {
        unsigned capacity = list->capacity ? 2 * list->capacity : 16;
        struct gompx_place *more = array_alloc(capacity, sizeof *more);

        if (list->count)
            memcpy(more, list->place, list->count * sizeof *more);
        free(list->place);
        list->place = more;
        list->capacity = capacity;
    }
    place = &list->place[list->count++];
    place->ncpus = 0;
    place->cpu = array_alloc(gompx_cpuset_count(set), sizeof *place->cpu);
    for (unsigned cpu = gompx_cpuset_next(set, 0); cpu != GOMPX_CPU_NONE; cpu = gompx_cpuset_next(set, cpu + 1))
        place->cpu[place->ncpus++] = cpu;
}

void gompx_place_list_free(struct gompx_place_list *list)
{
    for (unsigned i = 0; i < list->count; i++)
        free(list->place[i].cpu);
    free(list->place);
    *list = (struct gompx_place_list){ 0 };
}

static void threads_add(struct gompx_place_list *list, const struct gompx_cpuset *mask)
{
    struct gompx_cpuset one;

    for (unsigned cpu = gompx_cpuset_next(mask, 0); cpu != GOMPX_CPU_NONE; cpu = gompx_cpuset_next(mask, cpu + 1)) {
        gompx_cpuset_clear(&one, mask->size);
        gompx_cpuset_add(&one, cpu);
        gompx_place_list_add(list, &one);
    }
}

static int place_order(const void *a, const void *b)
{
    const struct gompx_place *p = a, *q = b;

    return (p->cpu[0] > q->cpu[0]) - (p->cpu[0] < q->cpu[0]);
}

static void list_limit(struct gompx_place_list *list, unsigned limit)
{
    while (limit > 0 && list->count > limit)
        free(list->place[--list->count].cpu);
}

struct gompx_place_list gompx_places_resolve(const struct gompx_places *places, const struct gompx_cpuset *mask)
{
    struct gompx_place_list list = { 0 };

    if (places->kind != GOMPX_PLACES_THREADS && !gompx_topology_places(places->kind, mask, &list)) {
        gompx_warn("Error reading core/socket topology; using OMP_PLACES=threads");
        gompx_place_list_free(&list);
    }
    if (list.count == 0)
        threads_add(&list, mask);
    if (list.count > 0)
        qsort(list.place, list.count, sizeof *list.place, place_order);
    list_limit(&list, places->limit);
    return list;
}
