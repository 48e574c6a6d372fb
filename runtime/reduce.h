/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task reductions.  An array, built by the compiler on the stack, describes the items of one construct:
 *
 *   word 0  items n                     4  the next array of the same construct; the last one's: the registration that
 *        1  bytes per thread               was active before, or 0
 *        2  alignment, then the base    5  ours
 *        3  allocator or -1             6  end of the memory
 *   7+3i  original item i        8+3i  its offset in a thread's chunk        9+3i  ours
 *
 * Thread t's copy of all items lies at base + t * word 1; it is zeroed, and compiled code initialises what it uses. */
#ifndef GOMPX_RUNTIME_REDUCE_H
#define GOMPX_RUNTIME_REDUCE_H

#include <stddef.h>
#include <stdint.h>

struct gompx_frame;

/* Gives the arrays of one construct, chained from `array`, zeroed memory for `nthreads` threads. */
void gompx_reduction_allocate(uintptr_t *array, unsigned nthreads);

/* `mine` describes the same construct as `first`, which has been allocated: takes over addresses, chain by chain. */
void gompx_reduction_share(uintptr_t *mine, const uintptr_t *first);

/* Opens the implicit taskgroup of a worksharing construct in the current task and makes `array` its registration. */
void gompx_reduction_open(struct gompx_frame *f, uintptr_t *array);

#endif
