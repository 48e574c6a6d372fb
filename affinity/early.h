/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the affinity mask was before any library's constructor ran.  Preloaded under a name of its own, gompx stands beside
 * GNU libgomp, whose constructor runs first and, when it is to bind threads, leaves the main thread on its first place
 * only.  But the loader relocates all libraries before it calls the first constructor, and to relocate a pointer to an
 * indirect function it asks that function's resolver, which may look around. */
#ifndef GOMPX_AFFINITY_EARLY_H
#define GOMPX_AFFINITY_EARLY_H

#include <stdbool.h>

#include "affinity/cpuset.h"

/* The mask of the thread that loaded this library, while it did.  False: not known on this system. */
bool gompx_early_mask(struct gompx_cpuset *set);

/* True if a libgomp other than this library is in the process. */
bool gompx_early_rival(void);

#endif
