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
 * So does a call word: a thread that has something for the others to do during a round stores its name there before it arrives,
 * and all who wait in that round come out to do it; the barrier then only counts arrivals, and the end of the round is the
 * caller's business.  Not missed: the caller's store precedes its (A), so that whoever sees the count complete sees the
 * call; who sleeps was woken as by an alarm (sync/wait.c).
 *
 * Cost, T threads that spin: mono T transfers to arrive, T - 1 to leave, and at T = 2 these are two in all; central 1 + 1
 * more.  Source: Mellor-Crummey and Scott, 1991; Hensgen, Finkel and Manber, 1988, for the count that is never reset. */
#ifndef GOMPX_SYNC_BARRIER_H
#define GOMPX_SYNC_BARRIER_H

#include "sync/wait.h"

struct gompx_barrier {
    /* Line 0.  All threads, RMW once per barrier; polled in mono. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t arrive;
    _Atomic uint32_t arrive_alarm, arrive_call;
    _Atomic uint32_t rider;             /* the user's: a word that threads change shortly before they arrive */
    /* Line 1.  The last to arrive writes; polled in central. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t sense;
    _Atomic uint32_t sense_alarm, sense_call;
};

static_assert(offsetof(struct gompx_barrier, sense) % GOMPX_CACHE_LINE == 0, "sense owns its line");

#define GOMPX_BARRIER_MONO_MAX 4

enum gompx_arrival {
    GOMPX_ARRIVED,                      /* others are missing */
    GOMPX_ARRIVED_LAST,                 /* the barrier is complete */
    GOMPX_ARRIVED_CALLED,               /* the last one, but the round was called: whoever called it says when it is over */
};

void gompx_barrier_wake(struct gompx_barrier *b, bool mono) GOMPX_COLD;

/* The word that says which round was called last; in the polled line. */
static inline _Atomic uint32_t *gompx_barrier_call_word(struct gompx_barrier *b, bool mono)
{
    return mono ? &b->arrive_call : &b->sense_call;
}

/* Arrives; `target` counts this barrier in, `round` is its name for callers.  The last thread has thereby released the others,
 * unless the round was called. */
static inline enum gompx_arrival gompx_barrier_arrive(struct gompx_barrier *b, uint32_t target, bool mono, uint32_t round)
{
    uint32_t old = gompx_add_ar(&b->arrive, 2);         /* (A) */

    if (gompx_likely((old & ~GOMPX_SLEEP) + 2 != target))
        return GOMPX_ARRIVED;
    if (gompx_unlikely(gompx_load_rlx(gompx_barrier_call_word(b, mono)) == round)) {    /* who calls does it before (A) */
        if (mono && (old & GOMPX_SLEEP))
            gompx_barrier_wake(b, true);                /* a thread that missed the call sleeps until the count is complete */
        return GOMPX_ARRIVED_CALLED;
    }
    if (!mono)
        old = gompx_xchg_ar(&b->sense, target);         /* (B); acq_rel: continues the arrivals' release sequence to (D) */
    GOMPX_STEP(barrier, B);
    if (gompx_unlikely(old & GOMPX_SLEEP))
        gompx_barrier_wake(b, mono);
    return GOMPX_ARRIVED_LAST;
}

/* Waits until the barrier of `target` is complete, or `round` is called. */
static inline enum gompx_wait_end gompx_barrier_wait(struct gompx_barrier *b, uint32_t target, bool mono, uint32_t round,
                                                     struct gompx_waiter *me)
{
    return mono ? gompx_wait_reach(&b->arrive, target, &b->arrive_call, round, me)
                : gompx_wait_reach(&b->sense, target, &b->sense_call, round, me);
}

/* The same, or until the alarm. */
static inline enum gompx_wait_end gompx_barrier_wait_cancel(struct gompx_barrier *b, uint32_t target, bool mono,
                                                            uint32_t round, struct gompx_waiter *me)
{
    return mono ? gompx_wait_reach_or_alarm(&b->arrive, target, &b->arrive_call, round, &b->arrive_alarm, me)
                : gompx_wait_reach_or_alarm(&b->sense, target, &b->sense_call, round, &b->sense_alarm, me);
}

/* Calls `round`: its waiters return, now and later.  Before the calling thread arrives there itself.  Any number of
 * times; false: it had been called before. */
bool gompx_barrier_call(struct gompx_barrier *b, bool mono, uint32_t round);

/* The round is not called any more; true for the one that took it back. */
static inline bool gompx_barrier_call_end(struct gompx_barrier *b, bool mono, uint32_t round)
{
    return gompx_cas_ar(gompx_barrier_call_word(b, mono), &round, 0);   /* releases the round's work to those who see the 0 */
}

/* A round that was called is over: in central, lets the word that waiters of other rounds compare keep up. */
static inline void gompx_barrier_catch_up(struct gompx_barrier *b, uint32_t target, bool mono)
{
    if (!mono && (gompx_xchg_ar(&b->sense, target) & GOMPX_SLEEP))  /* as (B); a thread that missed the whole call may sleep */
        gompx_barrier_wake(b, mono);
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
