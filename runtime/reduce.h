/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task reductions.  An array, built by the compiler on the stack, describes the items of one construct:
 *
 *   word 0  items n                     4  the next array of the same construct; the last one's: the registration that
 *        1  bytes per thread               was active before, or 0
 *        2  alignment, then the base    5  ours: 1 in the first array of a construct, 0 in its further ones
 *        3  allocator or -1             6  end of the memory
 *   7+3i  original item i        8+3i  its offset in a thread's chunk        9+3i  ours, unused
 *
 * Thread t's copy of all items lies at base + t * word 1; it is zeroed, and compiled code initialises what it uses.
 * The current registration of a taskgroup is the first array of its innermost construct; word 4 leads on to those
 * around it, which belong to enclosing taskgroups and outlive it.  Only the threads of the construct's team look at its
 * arrays. */
#ifndef GOMPX_RUNTIME_REDUCE_H
#define GOMPX_RUNTIME_REDUCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gompx_frame;

/* Gives the arrays of one construct, chained from `array`, zeroed memory for `nthreads` threads. */
void gompx_reduction_allocate(uintptr_t *array, unsigned nthreads);

/* `mine` describes the same construct as `first`, which has been allocated: takes over addresses, chain by chain.  The
 * memory lasts until both have given it up. */
void gompx_reduction_share(uintptr_t *mine, const uintptr_t *first);

/* Marks `array` as not registered. */
void gompx_reduction_none(uintptr_t *array);

/* Allocates for the team and makes `array` the registration of the current task's taskgroup. */
void gompx_reduction_register(struct gompx_frame *f, uintptr_t *array);

/* Gives up the memory of a construct; the arrays of those around it are left alone. */
void gompx_reduction_unregister(uintptr_t *array);

/* Opens the implicit taskgroup of a worksharing construct in the current task and makes `array` its registration. */
void gompx_reduction_open(struct gompx_frame *f, uintptr_t *array);

/* Ends that taskgroup and gives the memory up; then, unless the region was `cancelled`, a barrier. */
void gompx_reduction_close(struct gompx_frame *f, bool cancelled);

/* ptrs[0 ... n): addresses of original items of the registrations that the current task sees, or addresses in any
 * thread's copy of one: replaces them by those of the calling thread's copies.  For the first `originals` also stores
 * the address of the original item in ptrs[n + i].  Fatal for an address that is neither. */
void gompx_reduction_remap(struct gompx_frame *f, size_t n, size_t originals, void **ptrs);

#endif
