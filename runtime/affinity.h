/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the calling thread can say about its affinity: the places, its own among them, and the text that a format makes of it.
 * Everything here may be called by threads that the runtime does not know, and before the library's constructor. */
#ifndef GOMPX_RUNTIME_AFFINITY_H
#define GOMPX_RUNTIME_AFFINITY_H

#include <stddef.h>

#include "affinity/place.h"
#include "runtime/bind.h"

/* The place list; empty where gompx_icv_places() has none. */
const struct gompx_place_list *gompx_affinity_places(void);

/* The place of this number, or NULL. */
const struct gompx_place *gompx_affinity_place_at(int number);

/* Number of the calling thread's place: of its seat, or, when somebody else has set its mask, of the first place that holds
 * all CPUs of the mask; -1: there is none.  A thread that has met no region yet is told where it is going to sit. */
int gompx_affinity_place(void);

/* The calling thread's seat, of which .first and .count are place-partition-var; .count == 0: there are no places. */
struct gompx_where gompx_affinity_where(void);

/* Number of the i-th place of the partition. */
static inline int gompx_affinity_partition(const struct gompx_where *at, unsigned i)
{
    return (int)at->domain->number[at->seat.first + i];
}

/* affinity-format-var of the process: reading it, and replacing it by a copy of `length` bytes.  Fatal without memory. */
const char *gompx_affinity_format(void);
void gompx_affinity_set_format(const char *format, size_t length);

/* The expansion of `length` bytes of `format` (0: of affinity-format-var) for the calling thread, and its length; the caller
 * frees it.  A mistake in the format is fatal (affinity/format.h). */
char *gompx_affinity_text(const char *format, size_t length, size_t *text_length);

/* The same as one line on stderr. */
void gompx_affinity_display(const char *format, size_t length);

#endif
