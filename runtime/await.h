/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A task that waits runs its descendants meanwhile. */
#ifndef GOMPX_RUNTIME_AWAIT_H
#define GOMPX_RUNTIME_AWAIT_H

#include "runtime/thread.h"

/* What a suspended task waits for, other than the end of the phase. */
enum gompx_await_kind {
    GOMPX_AWAIT_CHILDREN,               /* of the current task */
    GOMPX_AWAIT_GROUP,                  /* a taskgroup that the calling thread has opened */
    GOMPX_AWAIT_NODE,                   /* the predecessors of a depend node */
    GOMPX_AWAIT_EVENT,                  /* the event of an undeferred task */
    GOMPX_AWAIT_FRAME,                  /* all tasks of a region without a team */
};

/* Runs descendants of the current task until that has come; sleeps when there are none.  Frames without a team as well. */
void gompx_await(struct gompx_frame *f, enum gompx_await_kind kind, void *object);

/* The same for the children of the current task. */
void gompx_await_children(struct gompx_frame *f);

#endif
