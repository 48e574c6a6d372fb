/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The centralized sense-reversing barrier, in two shapes.
 *
 *   arrive word = arrivals << 1 | SLEEP, monotone, may wrap         sense word = target of the last barrier | SLEEP
 *
 * Each thread keeps the arrival count at which the next barrier is complete, `target`, and raises it by 2 * nthreads per
 * barrier.  The target plays the part of the sense: it never repeats, so nothing is ever reset and no thread can take one
 * barrier for the next.
 *
 *   mono, up to 4 threads: all wait for the arrive word itself.  The last arrival is the release; no second line.
 *   central, above:        all wait for the sense word, which the last to arrive sets to the target; arrivals do not
 *                          disturb those who wait.
 *
 *   each thread                                     sleeper on the polled word w
 *   (A) old = fetch_add(arrive, 2) [acq_rel]        (C) CAS(w, v, v | SLEEP), then futex_wait (sync/wait.c)
 *   last (old + 2 == target):                       (D) load w [acquire] until it has reached the target
 *     mono:    old & SLEEP: (B) clear SLEEP, wake all
 *     central: (B) exchange(sense, target) [acq_rel], wake all if it had SLEEP
 *   other: wait for the polled word to reach the target
 *
 * Every arrival is a read-modify-write of one word, so all belong to one release sequence: the last arrival acquires what
 * every thread did before, and (D) that reads its value, or the sense stored after it, acquires that in turn.  The sleeping
 * protocol and why no wake-up is lost stand in sync/wait.c.  Whoever is woken although its own barrier is not complete (it
 * ran ahead to the next one between clearing and waking) looks again and sleeps again.
 *
 * An alarm word lies in the polled line: a cancelled wait ends although the count is short.  The owner of the barrier
 * then starts from the count it finds (gompx_barrier_recount) when no thread is inside any more.
 *
 * Cost, T threads that spin: mono T transfers to arrive, T - 1 to leave, and at T = 2 these are two in all; central 1 + 1
 * more.  Source: Mellor-Crummey and Scott, 1991; Hensgen, Finkel and Manber, 1988, for the count that is never reset. */
#ifndef GOMPX_SYNC_BARRIER_H
#define GOMPX_SYNC_BARRIER_H

#include "sync/wait.h"

struct gompx_barrier {
    /* Line 0.  All threads, RMW once per barrier; polled in mono. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t arrive;
    _Atomic uint32_t arrive_alarm;
    _Atomic uint32_t rider;             /* the user's: a word that threads change shortly before they arrive */
    /* Line 1.  The last to arrive writes; polled in central. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t sense;
    _Atomic uint32_t sense_alarm;
};

static_assert(offsetof(struct gompx_barrier, sense) % GOMPX_CACHE_LINE == 0, "sense owns its line");

#define GOMPX_BARRIER_MONO_MAX 4

void gompx_barrier_wake(struct gompx_barrier *b, bool mono) GOMPX_COLD;

/* Arrives; `target` counts this barrier in.  True for the last thread, which has thereby released the others. */
static inline bool gompx_barrier_arrive(struct gompx_barrier *b, uint32_t target, bool mono)
{
    uint32_t old = gompx_add_ar(&b->arrive, 2);         /* (A) */

    if (gompx_likely((old & ~GOMPX_SLEEP) + 2 != target))
        return false;
    if (!mono)
        old = gompx_xchg_ar(&b->sense, target);         /* (B); acq_rel: continues the arrivals' release sequence to (D) */
    GOMPX_STEP(barrier, B);
    if (gompx_unlikely(old & GOMPX_SLEEP))
        gompx_barrier_wake(b, mono);
    return true;
}

/* Waits until the barrier of `target` is complete. */
static inline void gompx_barrier_wait(struct gompx_barrier *b, uint32_t target, bool mono, struct gompx_waiter *me)
{
    gompx_wait_reach(mono ? &b->arrive : &b->sense, target, me);
}

/* The same, or until the alarm: then true. */
static inline bool gompx_barrier_wait_cancel(struct gompx_barrier *b, uint32_t target, bool mono, struct gompx_waiter *me)
{
    return mono ? gompx_wait_reach_or_alarm(&b->arrive, target, &b->arrive_alarm, me)
                : gompx_wait_reach_or_alarm(&b->sense, target, &b->sense_alarm, me);
}

/* True once gompx_barrier_cancel() was called. Acquires what the canceller did before. */
static inline bool gompx_barrier_cancelled(struct gompx_barrier *b, bool mono)
{
    return gompx_load_acq(mono ? &b->arrive_alarm : &b->sense_alarm) != 0;
}

/* Ends all cancellable waits, now and until gompx_barrier_recount(). Any thread. */
void gompx_barrier_cancel(struct gompx_barrier *b, bool mono);

/* Nobody is inside, and nobody comes until the caller says so: takes back an alarm and returns the arrival count from which
 * the next targets are to be counted. */
uint32_t gompx_barrier_recount(struct gompx_barrier *b);

#endif
