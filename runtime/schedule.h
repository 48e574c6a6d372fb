/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Loop schedules (OpenMP 5.2, 11.5.3).
 *
 * All arithmetic is in chunk numbers 0 ... nchunks - 1, never in the loop's own values: no product or sum can overflow, and
 * the last chunk ends at the loop's own `end`.  The shared counter of a slot has 32 bits; loops of more than 2^31 chunks
 * take them from it in units of 2^shift chunks. */
#ifndef GOMPX_RUNTIME_SCHEDULE_H
#define GOMPX_RUNTIME_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct gompx_frame;
struct gompx_loop;
struct gompx_loop_args;

/* Number of iterations of start, start + incr, ... before end. incr != 0. */
uint64_t gompx_loop_iters_long(long start, long end, long incr);
uint64_t gompx_loop_iters_ull(bool up, unsigned long long start, unsigned long long end, unsigned long long incr);

/* Replaces a schedule of "runtime" in `args` by run-sched-var of the current task. */
void gompx_loop_resolve(struct gompx_frame *f, struct gompx_loop_args *args);

/* Enters the work share: f->loop. */
void gompx_loop_begin(struct gompx_frame *f, const struct gompx_loop_args *args);

/* The same for a construct whose iterations the caller divides itself, or that has none; with a slot or without. */
void gompx_loop_begin_slot(struct gompx_frame *f, bool slot);

/* The thread's next piece: false if there is none; *start, *end in the loop's values, end exclusive. */
bool gompx_loop_next(struct gompx_frame *f, uint64_t *start, uint64_t *end);

/* Units [lo, hi) of the shared counter or range became the thread's own: the chunks in them are next. */
void gompx_loop_own_units(struct gompx_loop *loop, uint64_t lo, uint64_t hi);

/* Leaves the work share. */
void gompx_loop_end(struct gompx_frame *f);
void gompx_loop_end_nowait(struct gompx_frame *f);
bool gompx_loop_end_cancel(struct gompx_frame *f);

/* ---- runtime/ordered.c ---- */

/* A chunk was handed out: [lo, hi) in turn numbers. */
void gompx_ordered_chunk(struct gompx_loop *loop, uint64_t lo, uint64_t hi);
/* Before the next chunk and at the end: takes part in the order although no ordered region was met, and hands the turn on. */
void gompx_ordered_release(struct gompx_frame *f, struct gompx_loop *loop);
/* Beginning of an ordered region: waits until all earlier chunks are done. */
void gompx_ordered_wait(struct gompx_frame *f);

#endif
