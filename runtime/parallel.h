/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The parallel construct in all its forms.  `nthreads`: the num_threads clause, 0 = none; an if clause that is false arrives
 * as 1.  `flags`: bits 0-2 the proc_bind clause (0 none, 2 primary, 3 close, 4 spread). */
#ifndef GOMPX_RUNTIME_PARALLEL_H
#define GOMPX_RUNTIME_PARALLEL_H

#include "runtime/team.h"

/* Runs fn(data) on a new team, thread 0 being the caller, and returns when all have finished. */
void gompx_parallel_run(void (*fn)(void *), void *data, unsigned nthreads, unsigned flags);

/* The same with the first work share already begun in every member. */
void gompx_parallel_run_loop(void (*fn)(void *), void *data, unsigned nthreads, const struct gompx_loop_args *args, unsigned flags);
void gompx_parallel_run_sections(void (*fn)(void *), void *data, unsigned nthreads, unsigned count, unsigned flags);

/* The same inside a taskgroup with the task reductions that *data begins with.  Returns the size of the team. */
unsigned gompx_parallel_run_reductions(void (*fn)(void *), void *data, unsigned nthreads, unsigned flags);

/* The two halves, for compilers that call fn(data) themselves in between.  `args`, `sections`: NULL, 0 or the first work share. */
void gompx_parallel_start(void (*fn)(void *), void *data, unsigned nthreads, const struct gompx_loop_args *args, unsigned sections);
void gompx_parallel_end(void);

/* The number of threads for a region that `outer` meets (OpenMP 5.2, algorithm 10.1): `nthreads` as above; `sections` != 0:
 * with dynamic adjustment, no more than that. */
unsigned gompx_parallel_size(struct gompx_frame *outer, unsigned nthreads, unsigned sections);

#endif
