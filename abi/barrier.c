/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Barriers and cancellation.  `kind` (implicit of parallel 0, of a work share 1, explicit 2) is for tools. */
#include "abi/abi.h"
#include "runtime/cancel.h"
#include "runtime/team.h"

GOMPX_ENTRY(void, GOMP_barrier, void)
{
    gompx_team_barrier(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_barrier_ext, int kind)
{
    (void)kind;
    gompx_team_barrier(gompx_frame_get());
}

GOMPX_ENTRY(bool, GOMP_barrier_cancel, void)
{
    return gompx_cancel_barrier(gompx_frame_get());
}

GOMPX_ENTRY(bool, GOMP_barrier_cancel_ext, int kind)
{
    (void)kind;
    return gompx_cancel_barrier(gompx_frame_get());
}

GOMPX_ENTRY(bool, GOMP_cancel, int which, bool do_cancel)
{
    struct gompx_frame *f = gompx_frame_get();

    return do_cancel ? gompx_cancel(f, (unsigned)which) : gompx_cancellation_point(f, (unsigned)which);
}

GOMPX_ENTRY(bool, GOMP_cancellation_point, int which)
{
    return gompx_cancellation_point(gompx_frame_get(), (unsigned)which);
}
