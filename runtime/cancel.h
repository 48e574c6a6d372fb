/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cancellation (OpenMP 5.2, chapter 16).  All of it does nothing unless OMP_CANCELLATION is true. */
#ifndef GOMPX_RUNTIME_CANCEL_H
#define GOMPX_RUNTIME_CANCEL_H

#include <stdbool.h>

struct gompx_frame;
struct gompx_task;

/* The ABI's kinds, as bits. */
enum gompx_cancel_kind {
    GOMPX_CANCEL_PARALLEL = 1,
    GOMPX_CANCEL_LOOP = 2,
    GOMPX_CANCEL_SECTIONS = 4,
    GOMPX_CANCEL_TASKGROUP = 8,
};

/* The calling thread cancels the innermost construct of that kind. True: it must go to the construct's end. */
bool gompx_cancel(struct gompx_frame *f, unsigned kind);

/* True if that construct has been cancelled. */
bool gompx_cancellation_point(struct gompx_frame *f, unsigned kind);

/* A barrier in a cancellable region: true if the region has been cancelled, and the thread goes to its end. */
bool gompx_cancel_barrier(struct gompx_frame *f);

/* True when a new task of the current one is to be discarded: its taskgroup or its region has been cancelled. */
bool gompx_cancel_discards_task(struct gompx_frame *f);

/* The same for a task of the team that has not begun. */
bool gompx_cancel_voids_task(struct gompx_frame *f, const struct gompx_task *task);

#endif
