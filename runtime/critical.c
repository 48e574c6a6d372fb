/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The locks behind critical and atomic, and what becomes of them in a forked child. */
#include "runtime/critical.h"

struct gompx_critical gompx_critical_unnamed;
struct gompx_critical gompx_critical_atomic;

/* Whoever held one is not here, or is the thread that forked: that one is alone, and to give back a free lock does no harm. */
void gompx_critical_forked(void)
{
    gompx_store_rlx(&gompx_critical_unnamed.lock, GOMPX_LOCK_FREE);
    gompx_store_rlx(&gompx_critical_atomic.lock, GOMPX_LOCK_FREE);
}
