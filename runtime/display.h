/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Showing the control variables, as OMP_DISPLAY_ENV and omp_display_env() do. */
#ifndef GOMPX_RUNTIME_DISPLAY_H
#define GOMPX_RUNTIME_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the initial values of the variables to stderr, in the format of libgomp 12; verbose adds the GOMP_* and
 * GOMPX_* ones.  Looks up the CPU count and the places.  Thread-safe. */
void gompx_display_env(bool verbose);

/* The text that would stand between the quotes for the variable `name` of runtime/icv.def; the caller frees it.
 * NULL: no such variable, or no memory. */
char *gompx_display_value(const char *name);

#endif
