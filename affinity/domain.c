/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Domains: cutting a place list to a mask. */
#include "affinity/domain.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "sync/base.h"

static void *array_alloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);

    if (!p)
        gompx_fatal("out of memory allocating %zu bytes", count * size);
    return p;
}

static bool reachable(const struct gompx_place *place, const struct gompx_cpuset *limit)
{
    for (unsigned i = 0; i < place->ncpus; i++)
        if (gompx_cpuset_has(limit, place->cpu[i]))
            return true;
    return false;
}

struct gompx_domain *gompx_domain_new(const struct gompx_place_list *list, const struct gompx_cpuset *limit)
{
    struct gompx_domain *domain = array_alloc(1, sizeof *domain);
    unsigned most = list ? list->count : 0;

    domain->list = list;
    domain->limit = *limit;
    domain->number = array_alloc(most, sizeof *domain->number);
    domain->used = array_alloc(most, sizeof *domain->used);
    for (unsigned i = 0; i < most; i++)
        if (reachable(&list->place[i], limit))
            domain->number[domain->count++] = i;
    return domain;
}

void gompx_domain_free(struct gompx_domain *domain)
{
    free(domain->number);
    free((void *)domain->used);
    free(domain);
}

void gompx_domain_mask(const struct gompx_domain *domain, unsigned index, struct gompx_cpuset *mask)
{
    const struct gompx_place *place;

    if (index == GOMPX_DOMAIN_NONE) {
        *mask = domain->limit;
        return;
    }
    gompx_assert(index < domain->count);
    place = &domain->list->place[domain->number[index]];
    gompx_cpuset_clear(mask, domain->limit.size);
    for (unsigned i = 0; i < place->ncpus; i++)
        if (gompx_cpuset_has(&domain->limit, place->cpu[i]))
            gompx_cpuset_add(mask, place->cpu[i]);
}

unsigned gompx_domain_find(const struct gompx_domain *domain, unsigned number)
{
    for (unsigned i = 0; i < domain->count; i++)
        if (domain->number[i] == number)
            return i;
    return GOMPX_DOMAIN_NONE;
}

unsigned gompx_domain_match(const struct gompx_domain *domain, const struct gompx_cpuset *mask)
{
    struct gompx_cpuset its;

    for (unsigned i = 0; i < domain->count; i++) {
        if (!atomic_load_explicit(&domain->used[i], memory_order_relaxed)   /* a flag, which orders nothing */
            || !reachable(&domain->list->place[domain->number[i]], mask))
            continue;
        gompx_domain_mask(domain, i, &its);
        if (gompx_cpuset_equal(&its, mask))
            return i;
    }
    return GOMPX_DOMAIN_NONE;
}
