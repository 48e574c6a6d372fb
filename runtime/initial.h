/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Initial tasks other than those with which a thread starts: of the teams of a league, and of target regions.  The
 * calling thread plays the initial thread.  It stands in a frame of level 0 from which nothing that looks outward
 * goes on: no enclosing region, no place of a team, a contention group of its own.  Regions met there use the
 * caller's hot teams.  Source: OpenMP 5.2, sections 10.2 and 13.8. */
#ifndef GOMPX_RUNTIME_INITIAL_H
#define GOMPX_RUNTIME_INITIAL_H

#include "runtime/thread.h"

struct gompx_initial {
    struct gompx_frame frame;
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t group_busy;     /* of its contention group (runtime/parallel.c) */
};

/* Puts the thread of `outer`, its current frame, into a new initial task with these control variables, which must not
 * change before the end.  `thread_limit` != 0: of the contention group. */
void gompx_initial_begin(struct gompx_initial *initial, struct gompx_frame *outer, const struct gompx_icvs *icv,
                         unsigned thread_limit);

/* All that was begun in it is complete; the thread goes on where it was. */
void gompx_initial_end(struct gompx_initial *initial);

#endif
