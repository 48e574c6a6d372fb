/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What GOMPX_STEP (sync/atomic.h) calls in the delay build: a pause of random length at the lettered steps of a protocol, or
 * what a test wants done there.  Not part of a release. */
#ifndef GOMPX_SYNC_STEP_H
#define GOMPX_SYNC_STEP_H

#include <stdbool.h>

/* Called at each step with the protocol's name and the letter, on the thread that takes the step.  True: the hook has done
 * what is to be done here; false: a random pause follows. */
typedef bool gompx_step_hook(const char *file, char letter);

/* Sets the hook of the process; NULL: none.  Any thread, at any time. */
void gompx_step_set(gompx_step_hook *hook);

/* Random pauses from now on, by `seed`; 0: none.  At the start the seed is the number in GOMPX_STEP_SEED, or 1.  Threads draw
 * different numbers; they are the same in each run of a program that starts its threads in one order. */
void gompx_step_seed(unsigned seed);

#endif
