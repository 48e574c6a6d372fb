/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The sense-reversing barrier, in three shapes.
 *
 *   arrive word = arrivals << 1 | SLEEP, monotone, may wrap         sense word = target of the last barrier | SLEEP
 *
 * Each thread keeps the arrival count at which the next barrier is complete, `target`, and raises it by 2 * nthreads per
 * barrier.  The target plays the part of the sense: it never repeats, so nothing is ever reset and no thread can take one
 * barrier for the next.
 *
 *   mono, few threads:  all wait for the arrive word itself.  The last arrival is the release; no second line.
 *   central, some more: all wait for the sense word, which the last to arrive sets to the target; arrivals do not
 *                       disturb those who wait.
 *   tree, many:         threads arrive at a node of their own cluster; the last one there goes on to the node above for all
 *                       of them, and at the end to the arrive word (sync/barrier_tree.h).  They wait as in central, or, if
 *                       the tree has lines, each cluster spins on a line of its own that is stored before the sense word.
 *
 *   each thread                                            sleeper on the polled word w
 *   tree: at each node on the way up                       (C) CAS(w, v, v | SLEEP), then futex_wait (sync/wait.c)
 *     (N) old = fetch_add(count, weight) [acq_rel]         (D) load w, or the line of its cluster [acquire], until it
 *         not the last (old + weight != target): wait          has reached the target
 *   (A) old = fetch_add(arrive, 2 or weight) [acq_rel]
 *   last (old + 2 or weight == target):
 *     mono:    old & SLEEP: (B) clear SLEEP, wake all
 *     tree:    (L) store the target to each line [release]
 *     central, tree: (B) exchange(sense, target) [acq_rel], wake all if it had SLEEP
 *   other: wait for the polled word to reach the target
 *
 * The arrivals at one word are read-modify-writes, so they belong to one release sequence: the last one acquires what
 * every thread below did before and hands it on with its own arrival further up; (D) that reads the value of the last arrival of all,
 * or what is stored after it, acquires everything.  Nobody sleeps on a node or a line: who spins long enough goes to
 * the sense word, so that one word says whether there is a sleeper and one system call wakes all.  The sleeping protocol
 * and why no wake-up is lost stand in sync/wait.c.  Whoever is woken although its own barrier is not complete (it ran
 * ahead to the next one between clearing and waking) looks again and sleeps again.
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
 * more.  RMWs: T; central one more; tree one more and one for each node.  Source: Mellor-Crummey and Scott, 1991; Hensgen, Finkel and Manber, 1988, for the count that is never reset. */
#ifndef GOMPX_SYNC_BARRIER_H
#define GOMPX_SYNC_BARRIER_H

#include "sync/barrier_tree.h"
#include "sync/wait.h"

enum gompx_barrier_mode { GOMPX_BARRIER_MONO, GOMPX_BARRIER_CENTRAL, GOMPX_BARRIER_TREE };

struct gompx_barrier {
    /* Line 0.  All threads, RMW once per barrier; polled in mono. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t arrive;
    _Atomic uint32_t arrive_alarm, arrive_call;
    _Atomic uint32_t rider;             /* the user's: a word that threads change shortly before they arrive */
    /* Line 1.  The last to arrive writes; polled in central, and in a tree without lines. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t sense;
    _Atomic uint32_t sense_alarm, sense_call;
    /* Line 2.  Written when the team changes; read in tree. */
    alignas(GOMPX_CACHE_LINE) struct gompx_tree tree;
};

static_assert(offsetof(struct gompx_barrier, sense) % GOMPX_CACHE_LINE == 0, "sense owns its line");

enum gompx_arrival {
    GOMPX_ARRIVED,                      /* others are missing */
    GOMPX_ARRIVED_LAST,                 /* the barrier is complete */
    GOMPX_ARRIVED_CALLED,               /* the last one, but the round was called: whoever called it says when it is over */
};

void gompx_barrier_wake(struct gompx_barrier *b, enum gompx_barrier_mode mode) GOMPX_COLD;

/* What gompx_barrier_arrive() and gompx_barrier_wait() do in tree; `alarm` may be NULL. */
enum gompx_arrival gompx_barrier_climb(struct gompx_barrier *b, uint32_t target, uint32_t tid, uint32_t round);
enum gompx_wait_end gompx_barrier_wait_below(struct gompx_barrier *b, uint32_t target, uint32_t tid, uint32_t round,
                                             _Atomic uint32_t *alarm, struct gompx_waiter *me);

/* The word that says which round was called last; in the polled line, or, if the tree has lines, in one that changes only then. */
static inline _Atomic uint32_t *gompx_barrier_call_word(struct gompx_barrier *b, enum gompx_barrier_mode mode)
{
    return mode == GOMPX_BARRIER_MONO ? &b->arrive_call : &b->sense_call;
}

/* Arrives as thread `tid`; `target` counts this barrier in, `round` is its name for callers.  The last thread has thereby released
 * the others, unless the round was called. */
static inline enum gompx_arrival gompx_barrier_arrive(struct gompx_barrier *b, uint32_t target, enum gompx_barrier_mode mode,
                                                      uint32_t tid, uint32_t round)
{
    uint32_t old;

    if (gompx_unlikely(mode == GOMPX_BARRIER_TREE))
        return gompx_barrier_climb(b, target, tid, round);
    old = gompx_add_ar(&b->arrive, 2);                  /* (A) */
    if (gompx_likely((old & ~GOMPX_SLEEP) + 2 != target))
        return GOMPX_ARRIVED;
    if (gompx_unlikely(gompx_load_rlx(gompx_barrier_call_word(b, mode)) == round)) {    /* who calls does it before (A) */
        if (mode == GOMPX_BARRIER_MONO && (old & GOMPX_SLEEP))
            gompx_barrier_wake(b, mode);                /* a thread that missed the call sleeps until the count is complete */
        return GOMPX_ARRIVED_CALLED;
    }
    if (mode != GOMPX_BARRIER_MONO)
        old = gompx_xchg_ar(&b->sense, target);         /* (B); acq_rel: continues the arrivals' release sequence to (D) */
    GOMPX_STEP(barrier, B);
    if (gompx_unlikely(old & GOMPX_SLEEP))
        gompx_barrier_wake(b, mode);
    return GOMPX_ARRIVED_LAST;
}

/* Waits, as thread `tid`, until the barrier of `target` is complete, or `round` is called. */
static inline enum gompx_wait_end gompx_barrier_wait(struct gompx_barrier *b, uint32_t target, enum gompx_barrier_mode mode,
                                                     uint32_t tid, uint32_t round, struct gompx_waiter *me)
{
    if (gompx_unlikely(mode == GOMPX_BARRIER_TREE))
        return gompx_barrier_wait_below(b, target, tid, round, NULL, me);
    return mode == GOMPX_BARRIER_MONO ? gompx_wait_reach(&b->arrive, target, &b->arrive_call, round, me)
                                      : gompx_wait_reach(&b->sense, target, &b->sense_call, round, me);
}

/* The same, or until the alarm. */
static inline enum gompx_wait_end gompx_barrier_wait_cancel(struct gompx_barrier *b, uint32_t target,
                                                            enum gompx_barrier_mode mode, uint32_t tid, uint32_t round,
                                                            struct gompx_waiter *me)
{
    if (gompx_unlikely(mode == GOMPX_BARRIER_TREE))
        return gompx_barrier_wait_below(b, target, tid, round, &b->sense_alarm, me);
    return mode == GOMPX_BARRIER_MONO
         ? gompx_wait_reach_or_alarm(&b->arrive, target, &b->arrive_call, round, &b->arrive_alarm, me)
         : gompx_wait_reach_or_alarm(&b->sense, target, &b->sense_call, round, &b->sense_alarm, me);
}

/* True once all have arrived, whether they were released or, the round being called, were not.  Acquires what they did before. */
static inline bool gompx_barrier_complete(struct gompx_barrier *b, uint32_t target)
{
    return gompx_reached(gompx_load_acq(&b->arrive), target);   /* the root of a tree; (A) */
}

/* Calls `round`: its waiters return, now and later.  Before the calling thread arrives there itself.  Any number of
 * times; false: it had been called before. */
bool gompx_barrier_call(struct gompx_barrier *b, enum gompx_barrier_mode mode, uint32_t round);

/* The round is not called any more; true for the one that took it back. */
static inline bool gompx_barrier_call_end(struct gompx_barrier *b, enum gompx_barrier_mode mode, uint32_t round)
{
    return gompx_cas_ar(gompx_barrier_call_word(b, mode), &round, 0);   /* releases the round's work to those who see the 0 */
}

void gompx_barrier_release(struct gompx_barrier *b, uint32_t target, enum gompx_barrier_mode mode);

/* A round that was called is over: lets the words that waiters of other rounds compare keep up.  By a thread without which the next
 * barrier cannot be complete. */
static inline void gompx_barrier_catch_up(struct gompx_barrier *b, uint32_t target, enum gompx_barrier_mode mode)
{
    if (mode != GOMPX_BARRIER_MONO)
        gompx_barrier_release(b, target, mode);         /* a thread that missed the whole call may sleep */
}

/* True once gompx_barrier_cancel() was called. Acquires what the canceller did before. */
static inline bool gompx_barrier_cancelled(struct gompx_barrier *b, enum gompx_barrier_mode mode)
{
    return gompx_load_acq(mode == GOMPX_BARRIER_MONO ? &b->arrive_alarm : &b->sense_alarm) != 0;
}

/* Ends all cancellable waits, now and until gompx_barrier_recount(). Any thread. */
void gompx_barrier_cancel(struct gompx_barrier *b, enum gompx_barrier_mode mode);

/* Nobody is inside, and nobody comes until the caller says so: takes back an alarm and returns the arrival count from which
 * the next targets are to be counted. */
uint32_t gompx_barrier_recount(struct gompx_barrier *b, enum gompx_barrier_mode mode);

/* The same, when the barrier goes on in another mode or with other threads: from the count `count`.  `plan` is that of the tree, or
 * NULL in other modes. */
void gompx_barrier_shape(struct gompx_barrier *b, const struct gompx_tree_plan *plan, uint32_t count);

#endif
