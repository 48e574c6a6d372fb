/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Doacross loops: ordered(n) with cross-iteration dependences (OpenMP 5.2, 15.9.5).
 *
 * A vector of loop numbers counts as one number, its position in the iteration space.  What has been posted is kept per
 * thread for static schedules, whose owner of an outer iteration can be computed, and per chunk (dynamic) or per outer
 * iteration (guided) otherwise:
 *
 *   entry = 1 + position of the last vector posted, counted from the entry's first outer iteration; 0: none
 *
 * A thread posts in increasing order, so an entry only grows and one load tells whether a vector has been posted.  Where the
 * space has 2^64 vectors or more, an entry holds the vector itself, behind a sequence number. */
#ifndef GOMPX_RUNTIME_DOACROSS_H
#define GOMPX_RUNTIME_DOACROSS_H

#include <stddef.h>
#include <stdint.h>

struct gompx_frame;
struct gompx_loop_args;

/* Enters a loop over 0 ... counts[0] - 1 with the schedule of `args` (start, end, incr, iters are set here).  `reductions`,
 * `mem`: as gompx_workshare_extras(). */
void gompx_doacross_begin(struct gompx_frame *f, unsigned ncounts, const uint64_t *counts, struct gompx_loop_args *args,
                          uintptr_t *reductions, void **mem);

/* Number of elements of a vector in the current loop; 0: there is nothing to wait for. */
unsigned gompx_doacross_dims(const struct gompx_frame *f);

/* Waits until the vector has been posted; acquires what was written before. */
void gompx_doacross_wait(struct gompx_frame *f, const uint64_t *vector);
void gompx_doacross_post(struct gompx_frame *f, const uint64_t *vector);

#endif
