/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading the environment: the one door to getenv(). */
#ifndef GOMPX_RUNTIME_ENV_H
#define GOMPX_RUNTIME_ENV_H

#include "runtime/icv.h"

/* What OMP_DISPLAY_ENV asks for. */
enum gompx_display { GOMPX_DISPLAY_NOTHING, GOMPX_DISPLAY_PLAIN, GOMPX_DISPLAY_VERBOSE };

/* Reads every variable of runtime/icv.def into gompx_globals, which holds the defaults, and reports each invalid one on
 * stderr.  `mask`: the CPUs of the process, for place lists.  Not thread-safe.  Does not look at topology or cgroups
 * unless a message has to name what they decide. */
enum gompx_display gompx_env_read(const struct gompx_cpuset *mask);

#endif
