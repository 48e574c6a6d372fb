/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef GOMPX_ABI_LOOP_H
#define GOMPX_ABI_LOOP_H

struct gompx_frame;
struct gompx_loop_args;

/* Decodes the schedule argument of the general loop starts into `args`; a runtime schedule is resolved. */
void gompx_general_sched(struct gompx_frame *f, struct gompx_loop_args *args, long sched);

#endif
