/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The ladder of sync/wait.h below its first step, and the waits on the three shapes of words. */
#include "sync/wait.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "sync/futex.h"

enum { RULE_MODE = 30 };                /* so that the two change together */

/* Read-mostly, reached by pointer-sized loads only on the slow path; `busy` is written around sleeps between regions. */
static struct {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t rule;    /* mode << RULE_MODE | budget in us */
    unsigned yields, yield_limit_us;
    _Atomic uint32_t procs;
    alignas(GOMPX_CACHE_LINE) _Atomic int busy;
} policy = { .rule = GOMPX_WAIT_AUTO << RULE_MODE | 1000, .yields = 8, .yield_limit_us = 100, .procs = UINT_MAX, .busy = 1 };

enum {
    SLEEPY_US = 100,                    /* budget of a thread whose last waits all ended in sleep */
    CONTENDED_US = 50,                  /* budget of a thread that does not have its CPU for itself */
    IMPATIENT_US = 10,
    LONGEST_US = 1000000000,            /* "for ever"; less than 1 << RULE_MODE; in ticks it still fits 63 bits */
    GAP_US = 50,                        /* between two polls: the thread was not running */
    BURST_PAUSES = 16,                  /* about 200 ns where PAUSE takes 11 ns */
    SHORT_YIELDS = 16,                  /* so many in a row: there is no stranger */
    QUICK_YIELD_NS = 300,               /* such a yield found nobody to run */
};

void gompx_wait_configure(enum gompx_wait_mode mode, uint64_t spin_us, unsigned yields, unsigned yield_limit_us)
{
    gompx_wait_retune(mode, spin_us);
    policy.yields = yields;
    policy.yield_limit_us = yield_limit_us;
}

static enum gompx_wait_mode mode_of(uint32_t rule)
{
    return (enum gompx_wait_mode)(rule >> RULE_MODE);
}

static enum gompx_wait_mode mode_now(void)
{
    return mode_of(gompx_load_rlx(&policy.rule));
}

static uint64_t budget_of(uint32_t rule)
{
    return rule & ((1u << RULE_MODE) - 1);
}

/* Relaxed: nothing else is published with the rule. */
void gompx_wait_retune(enum gompx_wait_mode mode, uint64_t spin_us)
{
    uint64_t us = spin_us < LONGEST_US ? spin_us : LONGEST_US;

    gompx_store_rlx(&policy.rule, (uint32_t)mode << RULE_MODE | (uint32_t)us);
}

enum gompx_wait_mode gompx_wait_tuned(uint64_t *spin_us)
{
    uint32_t rule = gompx_load_rlx(&policy.rule);

    *spin_us = budget_of(rule);
    return mode_of(rule);
}

void gompx_wait_set_procs(unsigned procs)
{
    gompx_store_rlx(&policy.procs, procs);
}

unsigned gompx_wait_procs(void)
{
    return gompx_load_rlx(&policy.procs);
}

bool gompx_wait_may_spin(void)
{
    uint32_t rule = gompx_load_rlx(&policy.rule);

    return mode_of(rule) != GOMPX_WAIT_PASSIVE && budget_of(rule) > 0;
}

/* Relaxed: a hint for the length of spins, which orders nothing. */
void gompx_wait_busy(int delta)
{
    gompx_add_rlx(&policy.busy, delta);
}

void gompx_wait_reset_busy(int busy)
{
    gompx_store_rlx(&policy.busy, busy);
}

/* Derives from the rule how much of step 1 the waiter skips. */
static GOMPX_COLD void waiter_tune(struct gompx_waiter *me, uint32_t rule)
{
    me->rule = rule;
    me->first_poll = me->next_poll = 0;
    if (mode_of(rule) == GOMPX_WAIT_PASSIVE || budget_of(rule) == 0)
        me->first_poll = me->next_poll = GOMPX_SPIN_POLLS;
    else if (me->crowded || me->company)
        me->first_poll = GOMPX_SPIN_POLLS, me->next_poll = GOMPX_SPIN_POLLS / 2;
}

void gompx_waiter_team_slow(struct gompx_waiter *me, unsigned nthreads)
{
    me->nthreads = nthreads;
    me->crowded = nthreads > gompx_load_rlx(&policy.procs);
    waiter_tune(me, gompx_load_rlx(&policy.rule));
}

void gompx_waiter_move(struct gompx_waiter *me)
{
    me->company = false;
    waiter_tune(me, gompx_load_rlx(&policy.rule));
}

void gompx_waiter_confine(struct gompx_waiter *me, unsigned nthreads, bool crowded)
{
    gompx_waiter_team_slow(me, crowded ? UINT_MAX : nthreads);
    me->nthreads = nthreads;
}

bool gompx_wait_crowded(void)
{
    int busy = gompx_load_rlx(&policy.busy);

    return busy > 0 && (uint32_t)busy > gompx_load_rlx(&policy.procs);
}

static bool too_many_threads(const struct gompx_waiter *me)
{
    return me->crowded || gompx_wait_crowded();
}

static uint64_t budget_us(struct gompx_waiter *me, uint64_t now)
{
    uint64_t us = budget_of(me->rule);

    if (me->impatient)
        us = us < IMPATIENT_US ? us : IMPATIENT_US;
    if (me->slept >= 4)
        us = us < SLEEPY_US ? us : SLEEPY_US;
    if (now < me->contended_until)
        us = us < CONTENDED_US ? us : CONTENDED_US;
    return us;
}

/* Who waited last on each CPU, and who woke others there, by a number that is never 0.  A thread that finds another's number
 * where it waits has to share that CPU, most likely with the very thread it waits for: spinning would only keep it away.  A
 * stale number costs one yield.  (Measured, T = 2 on one CPU of two beside other load, us per barrier: 128-153 without this,
 * 38-56 with it.  Wakers are noted because a thread that is woken often preempts its waker and comes back to wait where that
 * has not waited at all; us per region every 200 us when both are on one CPU: 58 if only waiters are noted, 8 with wakers.) */
static struct { _Atomic uint32_t waiter, waker; } last_on[1024];

static uint32_t own_number(void)
{
    return (uint32_t)((uintptr_t)pthread_self() / GOMPX_CACHE_LINE) | 1u << 31;
}

void gompx_wait_waking(void)
{
    int cpu = sched_getcpu();

    if (cpu >= 0)
        gompx_store_rlx(&last_on[cpu % 1024].waker, own_number());
}

static bool cpu_is_shared(void)
{
    uint32_t id = own_number(), waiter, waker;
    int cpu = sched_getcpu();

    if (cpu < 0)
        return false;
    waiter = gompx_load_rlx(&last_on[cpu % 1024].waiter);
    waker = gompx_load_rlx(&last_on[cpu % 1024].waker);
    if (waiter != id)
        gompx_store_rlx(&last_on[cpu % 1024].waiter, id);
    if (waker != 0)
        gompx_store_rlx(&last_on[cpu % 1024].waker, 0);
    return (waiter != 0 && waiter != id) || (waker != 0 && waker != id);
}

static void spin_start(struct gompx_spin *s)
{
    uint64_t rate = gompx_ticks_per_us();
    uint32_t rule = gompx_load_rlx(&policy.rule);
    bool company = gompx_wait_crowded();

    if (gompx_unlikely(s->me->rule != rule || s->me->company != company)) {
        s->me->company = company;
        waiter_tune(s->me, rule);
    }
    s->start = s->last = gompx_ticks();
    s->start += s->start == 0;
    s->burst = 1;
    s->deadline = s->start;
    if (mode_of(rule) != GOMPX_WAIT_PASSIVE && !s->me->crowded && !company && !cpu_is_shared())
        s->deadline += budget_us(s->me, s->start) * rate;
}

/* Two gaps within 100 ms: the CPU is shared with a stranger, or the hypervisor takes it away.  Believed for 200 ms, and for
 * twice as long each time, up to 3 s. */
static void gap_found(struct gompx_waiter *me, uint64_t now, uint64_t rate)
{
    if (me->gap_at != 0 && now - me->gap_at < 100000 * rate) {
        uint64_t span = me->contended_span * 2, least = 200000 * rate, most = 3000000 * rate;

        if (now > me->contended_until + most || span < least)
            span = least;
        me->contended_span = span < most ? span : most;
        me->contended_until = now + me->contended_span;
    }
    me->gap_at = now;
}

/* Among threads of our own a yield is the cheapest hand-over there is; beside a stranger it gives a whole time slice away
 * (measured: 0.8 us against 704 us per barrier).  A yield that took long is therefore the last one for a while. */
static bool yield_try(struct gompx_spin *s)
{
    struct gompx_waiter *me = s->me;
    uint64_t rate = gompx_ticks_per_us(), before = gompx_ticks(), took;

    if (s->yields >= policy.yields || s->quick >= (policy.yields + 1) / 2 || before < me->ban_until)
        return false;
    s->yields++;
    GOMPX_COUNT_SYSCALL();
    sched_yield();
    took = gompx_ticks() - before;
    s->quick = took * 1000 < QUICK_YIELD_NS * rate ? s->quick + 1 : 0;
    me->short_yields++;
    if (took > policy.yield_limit_us * rate) {
        uint64_t least = 5000 * rate, most = 2000000 * rate, span = me->ban_span * 2;

        /* Now and then one of our own threads works that long; a stranger does it every time. */
        if (span < least || me->short_yields > SHORT_YIELDS)
            span = least;
        me->ban_span = span < most ? span : most;
        me->ban_until = gompx_ticks() + me->ban_span;
        me->short_yields = 0;
    }
    return true;
}

bool gompx_spin_slow(struct gompx_spin *s)
{
    uint64_t now, rate;

    if (s->start == 0)
        spin_start(s);
    if (mode_now() == GOMPX_WAIT_ACTIVE && !too_many_threads(s->me)) {
        gompx_pause();
        return true;
    }
    if (s->deadline == s->start)                        /* no time to spin: step 3 */
        return mode_now() != GOMPX_WAIT_PASSIVE && yield_try(s);
    for (uint32_t i = 0; i < s->burst; i++)
        gompx_pause();
    if (s->burst < BURST_PAUSES)
        s->burst *= 2;
    now = gompx_ticks();
    rate = gompx_ticks_per_us();
    if (now - s->last > GAP_US * rate && !s->slept)
        gap_found(s->me, now, rate);
    s->last = now;
    return (int64_t)(now - s->deadline) < 0;
}

/* A thread that slept but need not have slept long should have spun: the next waits get the whole budget again. */
void gompx_spin_end_slow(struct gompx_spin *s)
{
    struct gompx_waiter *me = s->me;

    me->impatient = false;
    if (!s->slept || gompx_ticks() - s->start < 1000 * gompx_ticks_per_us())
        me->slept = 0;
    else if (me->slept < 4)
        me->slept++;
}

/* Takes SLEEP back: nobody may sleep on this count any more. */
static void alarm_answer(_Atomic uint32_t *word)
{
    if (gompx_and_ar(word, ~GOMPX_SLEEP) & GOMPX_SLEEP) /* acq_rel: orders the alarm before the cleared bit, for (C) */
        gompx_futex_wake_all(word);
}

/* Sleeping on a count.            word = count << 1 | SLEEP        alarm: 0, or set once        call: name of a round
 *
 *   raiser                                     waiter
 *   (A) count += 2 by RMW   [release]          (C) CAS word: v -> v | SLEEP
 *       the last one sees old & SLEEP:         (D) load alarm, call; set: go
 *       clear SLEEP, wake all                  (E) futex_wait while word == v | SLEEP
 *   canceller, caller                              alarm set: clear SLEEP by RMW, wake all if it was set, go
 *   (B) alarm = 1, call = round; clear SLEEP   (F) load word [acquire]
 *       by RMW; wake all if it was set
 *
 * Not lost: (A) and (C) are RMWs of one word.  (A) of the last raiser first: (C) fails, and the waiter looks again.  (C)
 * first: that raiser sees SLEEP, for nobody but itself and a canceller clears it; if it falls between (C) and (E), the
 * kernel finds a changed word.  (B)'s RMW first: (C), or the (F) before it, reads from it or later and acquires, so (D)
 * sees the alarm.  (C) first: (B) sees SLEEP and wakes, and the cleared bit stops a late (E); should another waiter set
 * the bit again before that (E), it sees the alarm at its (D) and clears it: whoever sets the bit last clears it after.
 * A call is an alarm for the waiters of one round: those of another round, who ran ahead, may be woken and sleep again.
 * A raiser that clears SLEEP before it wakes may wake threads that wait for the next count: they look and sleep again.
 *
 * With a `near` word, which its raiser stores before (A) and nobody sleeps on, a waiter polls that one, and the word itself only
 * before it sleeps. */
static inline __attribute__((always_inline)) bool
is_told(_Atomic uint32_t *call, uint32_t round, _Atomic uint32_t *alarm)
{
    return gompx_load_acq(call) == round || (alarm && gompx_load_acq(alarm) != 0);  /* pair with (B): see what came before */
}

static inline __attribute__((always_inline)) enum gompx_wait_end
wait_count(_Atomic uint32_t *near, _Atomic uint32_t *word, uint32_t target, _Atomic uint32_t *call, uint32_t round,
           _Atomic uint32_t *alarm, struct gompx_waiter *me)
{
    struct gompx_spin spin = gompx_spin_begin(me);
    bool reached;

    for (;;) {
        uint32_t v = gompx_load_acq(near ? near : word);    /* (F), pairs with (A): what the others did before is visible */

        reached = gompx_reached(v, target);
        if (reached || gompx_unlikely(is_told(call, round, alarm)))
            break;
        if (gompx_likely(gompx_spin_once(&spin)))
            continue;
        if (near) {
            v = gompx_load_acq(word);                   /* (F) */
            reached = gompx_reached(v, target);
            if (reached)
                break;
        }
        GOMPX_STEP(wait, C);
        if (!(v & GOMPX_SLEEP)) {
            if (!gompx_cas_ar(word, &v, v | GOMPX_SLEEP))   /* (C); acquire pairs with (B) */
                continue;
            v |= GOMPX_SLEEP;
        }
        GOMPX_STEP(wait, D);
        if (is_told(call, round, alarm)) {              /* (D) */
            alarm_answer(word);
            continue;
        }
        GOMPX_STEP(wait, E);
        spin.slept = true;
        gompx_futex_wait(word, v);                      /* (E) */
    }
    gompx_spin_end(&spin);
    if (gompx_unlikely(gompx_load_acq(call) == round))  /* a count that is complete shows all calls of its round */
        return GOMPX_WAIT_CALLED;
    return reached ? GOMPX_WAIT_REACHED : GOMPX_WAIT_ALARMED;
}

enum gompx_wait_end gompx_wait_reach(_Atomic uint32_t *word, uint32_t target, _Atomic uint32_t *call, uint32_t round,
                                     struct gompx_waiter *me)
{
    return wait_count(NULL, word, target, call, round, NULL, me);
}

enum gompx_wait_end gompx_wait_reach_or_alarm(_Atomic uint32_t *word, uint32_t target, _Atomic uint32_t *call, uint32_t round,
                                              _Atomic uint32_t *alarm, struct gompx_waiter *me)
{
    return wait_count(NULL, word, target, call, round, alarm, me);
}

enum gompx_wait_end gompx_wait_reach_near(_Atomic uint32_t *near, _Atomic uint32_t *word, uint32_t target,
                                          _Atomic uint32_t *call, uint32_t round, _Atomic uint32_t *alarm,
                                          struct gompx_waiter *me)
{
    return wait_count(near, word, target, call, round, alarm, me);
}

bool gompx_alarm_raise(_Atomic uint32_t *word, _Atomic uint32_t *alarm, uint32_t value)
{
    if (gompx_xchg_ar(alarm, value) == value)           /* (B): release pairs with (D) through the RMW below; acquire: who is
                                                         * second has seen what the first did before */
        return false;
    GOMPX_STEP(wait, B);
    alarm_answer(word);
    return true;
}

/* Sleeping until a 64-bit word has a value.  The kernel compares its low half, and tells sleepers by five bits of what they wait for.
 *
 *   passer                                     waiter for `value`
 *   (P) exchange(word, v)          [sc]        (Q) sleepers += 1                        [sc]
 *   (R) load sleepers, not 0:      [sc]        (S) load word; the value: go             [sc, acquire]
 *       wake those who wait for v                  futex_wait while the low half is what (S) saw
 *                                                  sleepers -= 1 when it goes
 *
 * Not lost: (P), (Q), (R), (S) are sc, so either (S) sees v or (R) sees the sleeper (Dekker).  If (R) wakes before the sleep begins,
 * the kernel finds another half: v stays until its waiter goes on, and the 31 bits must not come back to what (S) saw
 * meanwhile: see who calls this.  Nobody is woken for a value that he does not wait for, but one thread in 32.
 * Cost of a pass: the line moves once; the count lies in it, and is written around sleeps only.  (A line of its own for the count
 * changed nothing; a SLEEP bit in the word, as counts have it, took 2 to 3 ns less at T = 2, but woke all sleepers at each pass: us per
 * turn of ordered static,1: T = 4 5.5 against 2.0, T = 16 20 against 7.4.) */
static uint32_t gate_bit(uint64_t value)
{
    return 1u << ((uint32_t)value >> 1 & 31);
}

void gompx_gate_wait(struct gompx_gate *gate, uint64_t value, struct gompx_waiter *me)
{
    struct gompx_spin spin = gompx_spin_begin_next(me);

    for (;;) {
        uint64_t v = gompx_load_sc(&gate->word);        /* (S); acquires from (P) */

        if (v == value)
            break;
        if (gompx_likely(!spin.slept && gompx_spin_once(&spin)))
            continue;
        GOMPX_STEP(wait, Q);
        if (!spin.slept) {
            spin.slept = true;
            gompx_add_sc(&gate->sleepers, 1);           /* (Q): sc with (P), (R), (S) */
            continue;
        }
        GOMPX_STEP(wait, S);
        gompx_futex_wait_bits(gompx_low_half(&gate->word), (uint32_t)v, gate_bit(value));
    }
    if (spin.slept)
        gompx_add_rlx(&gate->sleepers, -1u);            /* too late costs one wake-up that finds nobody */
    gompx_spin_end(&spin);
}

void gompx_gate_pass(struct gompx_gate *gate, uint64_t value)
{
    gompx_xchg_sc(&gate->word, value);                  /* (P): sc with (Q), (R), (S); releases to (S) */
    GOMPX_STEP(wait, R);
    if (gompx_unlikely(gompx_load_sc(&gate->sleepers) != 0))    /* (R): sc with (P), (Q), (S) */
        gompx_futex_wake_bits(gompx_low_half(&gate->word), gate_bit(value));
}

void gompx_wait_nap_slow(struct gompx_spin *s)
{
    struct timespec nap = { 0, s->nap_ns ? s->nap_ns : 20000 };

    s->yields = 0;
    if (yield_try(s))
        return;
    s->quick = 0;
    s->slept = true;
    s->nap_ns = nap.tv_nsec * 2 < 1000000 ? (uint32_t)nap.tv_nsec * 2 : 1000000;
    int saved = errno;

    GOMPX_COUNT_SYSCALL();
    nanosleep(&nap, NULL);                              /* nobody will wake us: from 20 us, growing to 1 ms */
    errno = saved;
}
