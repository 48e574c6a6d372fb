/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Waiting: spin for a while that pays, then sleep in the kernel.
 *
 * Every wait of the runtime is "loop { look at one word; gompx_spin_once() or sleep }".  A word that a thread may sleep
 * on keeps bit 0 for GOMPX_SLEEP: whoever changes the word by a read-modify-write learns from the old value whether a
 * wake-up is needed, so a system call is made only for a thread that really sleeps. (Gates, below, count
 * their sleepers beside the word instead.)
 *
 * The ladder of one wait:
 *   1. some 2 us of polls with a PAUSE after each (one after every eighth only was 2 to 16 % slower, on neighbouring cores and
 *      on cores far apart: polls disturb the line that the other is about to write);
 *   2. polls with PAUSE bursts of up to 200 ns until the budget, in time, is used up;
 *   3. more threads than CPUs: no budget, but some sched_yield()s, as long as they prove to be short.  Step 1 is skipped, also by
 *      a small team among others (nested 2 x 2 regions on 2 CPUs: 5.9 us; 14.6, and at times 32, with it);
 *   4. sleep.
 * With OMP_WAIT_POLICY=active step 2 has no end, unless there are more threads than CPUs: then it is as without (yields without
 * end instead took 2 to 6 times as long; T = 8 on 2 CPUs beside other load, us per region 89-122 against 14-58).
 * The budget is 1 ms; 100 us for a thread whose last four waits all ended in sleep; 50 us while the thread finds gaps
 * in its own time (somebody else uses its CPU); unlimited or nothing as the user's policy says.  Source of the rule:
 * Karlin et al., Empirical Studies of Competitive Spinning, 1991: spin for about what the sleep would cost. */
#ifndef GOMPX_SYNC_WAIT_H
#define GOMPX_SYNC_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/atomic.h"
#include "sync/base.h"
#include "sync/spin.h"

#define GOMPX_SLEEP 1u                  /* bit 0 of every word that can be slept on */
#define GOMPX_SPIN_POLLS 128            /* step 1 of the ladder */

enum gompx_wait_mode { GOMPX_WAIT_AUTO, GOMPX_WAIT_ACTIVE, GOMPX_WAIT_PASSIVE };

/* What one thread knows about its own waiting. Private to the thread: no other reads it. */
struct gompx_waiter {
    uint32_t nthreads;                  /* size of its team as gompx_waiter_team() was told last; 0: never */
    bool crowded;                       /* that is more than there are CPUs */
    bool company;                       /* when it last went beyond step 1, more threads were awake than there are CPUs */
    bool impatient;                     /* for one wait: the awaited thread may need this CPU to start at all */
    uint16_t first_poll, next_poll;     /* 0, or how much of step 1 gompx_spin_begin(), _begin_next() skip */
    uint32_t slept;                     /* consecutive waits that ended in sleep, at most 4 */
    uint64_t gap_at;                    /* ticks: last time this thread found itself descheduled while polling */
    uint64_t contended_until, contended_span;
    uint64_t ban_until, ban_span;       /* no sched_yield() before */
    uint32_t short_yields;              /* since the last ban */
    uint32_t rule;                      /* the policy that first_poll, next_poll were derived from */
};

/* One wait in progress; lives on the stack. */
struct gompx_spin {
    struct gompx_waiter *me;
    uint32_t polls, burst;
    uint32_t yields, quick, nap_ns;
    bool slept;
    uint64_t start, last, deadline;     /* ticks; start == 0: step 1 was enough so far */
};

/* Sets the policy of the process, before any wait: `mode`; the budget of step 2 in microseconds, at most 10^9; how many
 * yields step 3 may try and how many microseconds one may take.  Not thread-safe; called from the library's constructor. */
void gompx_wait_configure(enum gompx_wait_mode mode, uint64_t spin_us, unsigned yields, unsigned yield_limit_us);

/* Changes mode and budget later.  Threads that spin now see the new mode at their next poll beyond step 1 and the new budget
 * at their next wait; threads that sleep go on sleeping.  Thread-safe. */
void gompx_wait_retune(enum gompx_wait_mode mode, uint64_t spin_us);

/* The mode, and the budget in *spin_us.  Thread-safe. */
enum gompx_wait_mode gompx_wait_tuned(uint64_t *spin_us);

/* The number of CPUs that the process can use.  Thread-safe. */
void gompx_wait_set_procs(unsigned procs);
unsigned gompx_wait_procs(void);

/* False if the user wants no spinning at all. */
bool gompx_wait_may_spin(void);

/* The number of runtime threads that are not asleep between regions rises or falls by `delta`.  Called around sleeps and
 * at the first region of a host thread only.  Thread-safe. */
void gompx_wait_busy(int delta);

/* A forked child starts anew with one thread. */
void gompx_wait_reset_busy(int busy);

/* The calling thread is about to wake others.  Thread-safe. */
void gompx_wait_waking(void);

/* True while more threads of the runtime are awake than there are CPUs. A hint. */
bool gompx_wait_crowded(void);

void gompx_waiter_team_slow(struct gompx_waiter *me, unsigned nthreads) GOMPX_COLD;

/* Tells the waiter how large its team is, so that it does not spin for a thread that has no CPU. */
static inline void gompx_waiter_team(struct gompx_waiter *me, unsigned nthreads)
{
    if (gompx_unlikely(me->nthreads != nthreads))
        gompx_waiter_team_slow(me, nthreads);
}

/* The same for a team that has CPUs of its own: `crowded`: fewer than threads. */
void gompx_waiter_confine(struct gompx_waiter *me, unsigned nthreads, bool crowded) GOMPX_COLD;

/* The thread goes to another team, which may have but one region: its first wait there polls again, also in a crowd. */
void gompx_waiter_move(struct gompx_waiter *me) GOMPX_COLD;

bool gompx_spin_slow(struct gompx_spin *s) GOMPX_COLD;
void gompx_spin_end_slow(struct gompx_spin *s) GOMPX_COLD;

static inline struct gompx_spin gompx_spin_begin(struct gompx_waiter *me)
{
    return (struct gompx_spin){ .me = me, .polls = me->first_poll };
}

/* The same for a wait that one other thread ends, most likely one that is running now: half of step 1 even in a crowd. */
static inline struct gompx_spin gompx_spin_begin_next(struct gompx_waiter *me)
{
    return (struct gompx_spin){ .me = me, .polls = me->next_poll };
}

/* One poll has failed. True: poll again; false: sleep now. */
static inline bool gompx_spin_once(struct gompx_spin *s)
{
    if (gompx_unlikely(s->polls >= GOMPX_SPIN_POLLS))
        return gompx_spin_slow(s);
    s->polls++;
    gompx_pause();
    return true;
}

/* The wait is over: learn from it. */
static inline void gompx_spin_end(struct gompx_spin *s)
{
    if (gompx_unlikely(s->start != 0))
        gompx_spin_end_slow(s);
}

/* True once the even, monotone count in `word` has reached `target`; compared by signed difference, so the count may wrap. */
static inline bool gompx_reached(uint32_t word, uint32_t target)
{
    return (int32_t)((word & ~GOMPX_SLEEP) - target) >= 0;
}

enum gompx_wait_end { GOMPX_WAIT_REACHED, GOMPX_WAIT_ALARMED, GOMPX_WAIT_CALLED };

/* Waits until gompx_reached(*word, target); acquires what the threads that raised the count released.  CALLED: *call == round,
 * whether the count was reached or not. */
enum gompx_wait_end gompx_wait_reach(_Atomic uint32_t *word, uint32_t target, _Atomic uint32_t *call, uint32_t round,
                                     struct gompx_waiter *me);

/* The same, or until *alarm != 0: ALARMED.  Whoever raises the alarm or calls must afterwards clear GOMPX_SLEEP in *word by a
 * read-modify-write and wake all if it was set (gompx_alarm_raise). */
enum gompx_wait_end gompx_wait_reach_or_alarm(_Atomic uint32_t *word, uint32_t target, _Atomic uint32_t *call, uint32_t round,
                                              _Atomic uint32_t *alarm, struct gompx_waiter *me);

/* The same for a count that is told in two places: `near` (may be `word`), which the waiter polls while it spins, is stored
 * first, releasing; then `word`, on which it sleeps, is raised.  `alarm` may be NULL. */
enum gompx_wait_end gompx_wait_reach_near(_Atomic uint32_t *near, _Atomic uint32_t *word, uint32_t target,
                                          _Atomic uint32_t *call, uint32_t round, _Atomic uint32_t *alarm,
                                          struct gompx_waiter *me);

/* Sets *alarm, or a call word, to `value` and wakes the sleepers of `word`.  Any thread, any number of times; false: it had
 * that value, and nothing was done. */
bool gompx_alarm_raise(_Atomic uint32_t *word, _Atomic uint32_t *alarm, uint32_t value);

/* A word that takes one value after the other, and how many threads sleep until it has theirs; one line, zero at first.  Bit 0
 * of values is 0. */
struct gompx_gate {
    _Atomic uint64_t word;
    _Atomic uint32_t sleepers;
};

/* Waits until the word is `value`; acquires. */
void gompx_gate_wait(struct gompx_gate *gate, uint64_t value, struct gompx_waiter *me);

/* The word becomes `value`, releasing; those who sleep until then are woken, others but by chance are not. */
void gompx_gate_pass(struct gompx_gate *gate, uint64_t value);

void gompx_wait_nap_slow(struct gompx_spin *s) GOMPX_COLD;

/* For a condition that has no sleep bit because its writers must stay plain stores: call after each failed look, until it
 * holds. Spins as gompx_spin_once(), then yields and naps. */
static inline void gompx_wait_nap(struct gompx_spin *s)
{
    if (gompx_unlikely(!gompx_spin_once(s)))
        gompx_wait_nap_slow(s);
}

/* The half of a 64-bit word that the kernel compares: the one with bit 0. */
static inline _Atomic uint32_t *gompx_low_half(_Atomic uint64_t *word)
{
    return (_Atomic uint32_t *)(void *)word + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

#endif
