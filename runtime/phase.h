/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A team and its tasks: who makes one known, who finds it, when all are done.
 *
 * A phase is what lies between two barriers of a region (or its beginning, or its end).  Its name, equal in all members:
 *
 *   ring of the bell:29 | barriers passed, modulo 4:2 | 1
 *
 * Most phases have no tasks, and their barriers know nothing of this file: the first deferred task of a phase "calls".
 *
 *   call       name of the phase if it has tasks, 0 when it is over; lies in the line that barrier waiters poll, with a copy
 *              where the primary waits for the join (sync/barrier.h); workers at the bell are called by the bell
 *   created    per member, single writer, grows: deferred tasks, stored before the task is published
 *   executed   per member, single writer, grows: complete tasks, stored when the member finds no more work, after everything
 *              else that it still had to say about them (credit, children)
 *   fulfilled  tasks completed by omp_fulfill_event(), any thread
 *
 *   member at a barrier whose phase is called        member that finds nothing any more, or arrives last
 *   run tasks, own ones first, then steal            (A) executed = ...                             [release]
 *   until call != phase                              (B) fence                                      [sc]
 *                                                    (C) all have arrived?
 *                                                    (D) sum of all executed, fulfilled [acquire]; fence; (E) sum of all created
 *                                                        equal: CAS(call: phase -> 0), wake all that sleep
 *
 * The phase is over when the sums are equal.  Let t be a moment between (D) and (E).  Counts only grow, so executed(t) >= (D) =
 * (E) >= created(t) >= executed(t): at t all tasks were complete and reported.  All had arrived, so only tasks could create
 * tasks, and there were none.  It does not stay unnoticed: of the members that report or arrive last, each looks after its own
 * report, and because of (B) at least one of two sees both.
 *
 * `call` is the sense of this barrier: it holds the name exactly while the phase has tasks, so no name can be taken for an
 * older one; a member that is slow to leave is at most one barrier behind.
 *
 * A worker that is done with its region waits at the bell already when it is called.  It helps from there; the primary goes on
 * when the phase of the join is over, perhaps before that worker noticed: it finds another `call` and, until then, no
 * deque of its phase.  Everything that it looks at is type-stable.  Source: Mattern, Algorithms for Distributed Termination
 * Detection, 1987 (double counting). */
#ifndef GOMPX_RUNTIME_PHASE_H
#define GOMPX_RUNTIME_PHASE_H

#include "runtime/detach.h"
#include "runtime/doze.h"
#include "runtime/task.h"
#include "runtime/team.h"

/* The calling thread creates its first deferred task of this phase: the others are called, its deque is opened.  False: no memory
 * for the deque. */
bool gompx_phase_open(struct gompx_frame *f) GOMPX_COLD;

/* True if the calling thread may push a task now. */
static inline bool gompx_phase_room(struct gompx_frame *f)
{
    if (gompx_unlikely(f->opened != f->phase) && !gompx_phase_open(f))
        return false;
    return gompx_deque_room(&f->member->deque);
}

/* A task of this phase comes to be; before anybody can find it.  The line is the one that the push writes. */
static inline void gompx_phase_created(struct gompx_frame *f)
{
    _Atomic uint64_t *created = &f->member->deque.count;

    gompx_store_rlx(created, gompx_load_rlx(created) + 1);  /* single writer; published with the task */
}

/* The calling thread has run and completed a deferred task. */
static inline void gompx_phase_executed(struct gompx_frame *f)
{
    if (gompx_likely(f->team != NULL))
        f->executed_n++;
    else
        gompx_detach_leave(f);
}

/* After a task was made available: somebody may be asleep for want of it. */
static inline void gompx_phase_notify(struct gompx_frame *f)
{
    gompx_fence_light();
    if (gompx_unlikely(gompx_idle_any(f->team->idle, f->nthreads)))
        gompx_doze_wake_one(f);
}

/* Hands a task to whoever is free.  gompx_phase_room() was true and nothing was pushed since. */
static inline void gompx_phase_push(struct gompx_frame *f, struct gompx_task *task)
{
    gompx_deque_push(&f->member->deque, task);
    gompx_phase_notify(f);
}

/* The same for a task that became ready when there is perhaps no room. */
void gompx_phase_push_ready(struct gompx_frame *f, struct gompx_task *task);

/* The same from outside, by any thread: into `team`, or, if that is NULL, to the thread `self` that stands in a region without
 * a team. */
void gompx_phase_inject(struct gompx_team *team, struct gompx_thread *self, struct gompx_task *task);

/* A detached task was completed by omp_fulfill_event().  The last that the caller does with the team. */
void gompx_phase_fulfilled(struct gompx_team *team);

/* Says all that the calling thread still has to say: before it arrives anywhere. */
void gompx_phase_report_slow(struct gompx_frame *f);
static inline void gompx_phase_report(struct gompx_frame *f)
{
    if (gompx_unlikely((f->executed_n | f->opened) != 0))   /* no credit without having made or run a task */
        gompx_phase_report_slow(f);
}

/* The barrier of arrival count `target` was reached or waited for, and this phase was called: helps until it is over.  True: the
 * region was cancelled instead (only if `cancellable`). */
bool gompx_phase_finish(struct gompx_frame *f, uint32_t target, bool cancellable);

/* Name of the called phase that the end of the region has to wait for, or 0.  After a cancellation members may be in different
 * phases of the region. */
static inline uint32_t gompx_phase_called(const struct gompx_frame *f)
{
    uint32_t call = gompx_load_acq(gompx_barrier_call_word(&f->team->barrier, f->mode));

    if (gompx_likely(call == 0))
        return 0;
    return call == f->phase || (gompx_globals.cancellation && (call ^ f->phase) >> 3 == 0) ? call : 0;
}

/* The same for the end of the region, where the workers have arrived at the join or will (`target`). */
void gompx_phase_finish_join(struct gompx_frame *f, uint32_t call, uint32_t target);

/* The next barrier's phase. */
static inline uint32_t gompx_phase_next(uint32_t phase)
{
    return (phase & ~7u) | ((phase + 2) & 7);
}

#endif
