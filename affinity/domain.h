/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Domains: the part of the place list that lies inside a mask.  A thread of the program that may run on some CPUs only
 * deals its teams the places that it can reach, and of those only the CPUs that it can reach.  Seats (affinity/place.h)
 * count places by their index in a domain. */
#ifndef GOMPX_AFFINITY_DOMAIN_H
#define GOMPX_AFFINITY_DOMAIN_H

#include "affinity/place.h"

#define GOMPX_DOMAIN_NONE UINT32_MAX    /* instead of an index: no place, all CPUs of the limit */

/* Fixed once it is made, but for `used`. Never freed: threads keep pointers to it. */
struct gompx_domain {
    const struct gompx_domain *next;    /* in its owner's list */
    const struct gompx_place_list *list;
    struct gompx_cpuset limit;          /* nothing outside it is ever given to a thread */
    unsigned count;                     /* places that have a CPU inside the limit; 0: threads are not bound */
    unsigned *number;                   /* their numbers in the list, ascending */
    _Atomic uint8_t *used;              /* != 0: some thread was given this place; any thread writes */
};

/* The domain of `limit`.  `list` may be NULL or empty.  Fatal without memory. */
struct gompx_domain *gompx_domain_new(const struct gompx_place_list *list, const struct gompx_cpuset *limit);
void gompx_domain_free(struct gompx_domain *domain);

/* The CPUs of the place with this index, or of the whole limit for GOMPX_DOMAIN_NONE. */
void gompx_domain_mask(const struct gompx_domain *domain, unsigned index, struct gompx_cpuset *mask);

/* Index of the place with this number, or GOMPX_DOMAIN_NONE. */
unsigned gompx_domain_find(const struct gompx_domain *domain, unsigned number);

/* Index of a used place whose mask is exactly `mask`, or GOMPX_DOMAIN_NONE. */
unsigned gompx_domain_match(const struct gompx_domain *domain, const struct gompx_cpuset *mask);

#endif
