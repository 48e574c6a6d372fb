/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The addresses of Fortran variables that came from an allocator: deallocate asks whether it has to go to omp_free() or to
 * free().  One set for the process; all functions are thread-safe, take no lock and survive fork().  Nobody else may add or
 * remove an address at the same time: it belongs to the thread that is about to give its memory away. */
#ifndef GOMPX_RUNTIME_ALLOCATED_H
#define GOMPX_RUNTIME_ALLOCATED_H

#include <stdbool.h>

/* Adds an address; once, however often it is given.  Nothing for NULL.  No memory: ends the program. */
void gompx_allocated_add(const void *p);

/* Whether the address was there; it is not any more. */
bool gompx_allocated_remove(const void *p);

#endif
