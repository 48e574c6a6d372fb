/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Device constructs, all of which run on the host.
 *
 * Nothing is mapped: host memory is device memory, so the addresses that compiled code passes are those that the body
 * gets.  Only private copies have to be made.  The body is run by the thread that meets the construct, as an initial
 * task (runtime/initial.h).  With nowait it becomes a task that may be deferred, with copies of all that would be
 * gone by then; it runs at once when that is the same to its creator: in a region without a team, unless it has to
 * wait for an event. */
#ifndef GOMPX_RUNTIME_TARGET_H
#define GOMPX_RUNTIME_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct gompx_frame;

/* A target construct as compiled code passes it; arrays of `count` elements, NULL if there is none. */
struct gompx_target {
    void (*fn)(void *);                 /* gets `addresses`: of each list item, or the value if that fits a pointer */
    size_t count;
    void **addresses;                   /* those of private copies are put in place of the originals' */
    const size_t *sizes;                /* bytes */
    const unsigned short *kinds;        /* kind, and above its 8 bits log2 of the alignment; NULL: nothing is private */
    unsigned thread_limit;              /* of the region; 0: that of the initial environment */
};

/* Runs it when its dependences (NULL: none; either layout of the ABI) are met.  `nowait`: the caller may go on
 * before. */
void gompx_target_run(struct gompx_frame *f, const struct gompx_target *target, bool nowait, void **depend);

/* A construct that moves data, which is nothing to do but for its dependences. */
void gompx_target_transfer(struct gompx_frame *f, bool nowait, void **depend);

/* The thread limit among the arguments that compiled code passes, a list of words; 0: none. */
unsigned gompx_target_thread_limit(void *const *args);

#endif
