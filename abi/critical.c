/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * critical, atomic, and the combining of reductions.  Start and end come from the same thread; none is recursive.  An atomic
 * may stand inside a critical: they have locks of their own. */
#include "abi/abi.h"
#include "runtime/critical.h"

#define PAIR(name, lock) \
    GOMPX_ENTRY(void, GOMP_##name##_start, void) \
    { \
        gompx_lock(lock); \
    } \
    GOMPX_ENTRY(void, GOMP_##name##_end, void) \
    { \
        gompx_unlock(lock); \
    }

PAIR(critical, &gompx_critical_unnamed.lock)
PAIR(atomic, &gompx_critical_atomic.lock)
PAIR(reduction, &gompx_critical_atomic.lock)

GOMPX_ENTRY(void, GOMP_critical_name_start, void **pptr)
{
    gompx_lock(gompx_critical_named(pptr));
}

GOMPX_ENTRY(void, GOMP_critical_name_end, void **pptr)
{
    gompx_unlock(gompx_critical_named(pptr));
}
