/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ordered regions.  The turn passes when the thread asks for its next chunk (runtime/ordered.c), so the end does nothing. */
#include "abi/abi.h"
#include "runtime/schedule.h"
#include "runtime/thread.h"

GOMPX_ENTRY(void, GOMP_ordered_start, void)
{
    gompx_ordered_wait(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_ordered_end, void)
{
}
