/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Entering and leaving initial tasks. */
#include "runtime/initial.h"

#include <limits.h>

#include "runtime/detach.h"
#include "runtime/team.h"

void gompx_initial_begin(struct gompx_initial *initial, struct gompx_frame *outer, const struct gompx_icvs *icv,
                         unsigned thread_limit)
{
    struct gompx_frame *f = &initial->frame;

    gompx_frame_serial(f, outer, GOMPX_BIND_LATER);
    f->outer = NULL;
    f->under = outer;
    f->level = f->active_level = 0;
    f->team_num = 0;
    f->num_teams = 1;
    f->group_busy = &initial->group_busy;
    gompx_store_rlx(&initial->group_busy, 1);
    f->implicit.icv = icv;                              /* level 0 has the lists' first elements */
    gompx_store_rlx(&f->implicit.parent, NULL);
    if (thread_limit != 0)
        gompx_task_icvs_own(&f->implicit)->thread_limit = thread_limit < INT_MAX ? thread_limit : INT_MAX;
    gompx_frame_set(f);
}

void gompx_initial_end(struct gompx_initial *initial)
{
    gompx_detach_wait_region(&initial->frame);
    gompx_frame_set(initial->frame.under);
}
