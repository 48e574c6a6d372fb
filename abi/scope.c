/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * scope: a construct of the runtime only if it has task reductions; the compiler closes it with a barrier. */
#include "abi/abi.h"
#include "runtime/schedule.h"
#include "runtime/team.h"

GOMPX_ENTRY(void, GOMP_scope_start, uintptr_t *reductions)
{
    struct gompx_frame *f = gompx_frame_get();

    gompx_loop_begin_slot(f, true);
    gompx_workshare_extras(f, reductions, NULL);
}
