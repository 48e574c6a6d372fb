/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The counters of the counting build (sync/atomic.h): of the calling thread. */
#include "sync/atomic.h"

#ifdef GOMPX_COUNT
__thread struct gompx_counts gompx_counts;
#endif
