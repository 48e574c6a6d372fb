/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sleeping for want of tasks; the protocol stands in sync/nap.h. */
#include "runtime/doze.h"

/* ---- waking ---- */

static unsigned bit_of(const struct gompx_frame *f)
{
    return f->tid % (GOMPX_IDLE_WORDS * 64);
}

static void member_wake(struct gompx_member *m)
{
    _Atomic uint32_t *nap = gompx_load_acq(&m->nap);    /* pairs with the release in doze() */

    if (nap && gompx_load_rlx(nap) == GOMPX_NAP_ARMED)  /* relaxed: after the caller's fence, see sync/nap.h */
        gompx_nap_wake(nap);
}

/* Members that do not sleep for want of tasks; a hint. */
static unsigned awake(const struct gompx_frame *f)
{
    return f->nthreads - gompx_load_rlx(&f->team->dozing);
}

void gompx_doze_wake_one(struct gompx_frame *f)
{
    unsigned n = f->nthreads, bits = GOMPX_IDLE_WORDS * 64;

    if (f->self->waiter.crowded && awake(f) >= gompx_wait_procs())
        return;                                         /* it would only take a CPU away from another member; see gompx_doze() */
    int taken = gompx_idle_take(f->team->idle, n < bits ? n : bits, f->tid);

    if (taken < 0)
        return;
    for (unsigned i = (unsigned)taken; i < n; i += bits)
        member_wake(&f->members[i]);
}

void gompx_doze_wake_all(struct gompx_member *members, unsigned n)
{
    gompx_fence_sc();                                   /* between the caller's store and the looks at naps; pairs with (B) of nap.h */
    for (unsigned i = 0; i < n; i++)
        member_wake(&members[i]);
}

/* ---- sleeping ---- */

void gompx_doze_arm(struct gompx_frame *f, bool offer)
{
    _Atomic uint32_t *nap = &f->self->nap;

    gompx_nap_arm(nap);
    if (!f->team)
        return;
    if (gompx_load_rlx(&f->member->nap) != nap)
        gompx_store_rel(&f->member->nap, nap);          /* pairs with member_wake() */
    gompx_add_rlx(&f->team->dozing, 1);                 /* relaxed: a hint */
    if (offer)
        gompx_idle_add(f->team->idle, bit_of(f));
}

enum { CROWD_NAP_MS = 2, NAP_MAX_MS = 64 };

void gompx_doze_ms(struct gompx_frame *f, long *ms)
{
    gompx_nap_sleep_ms(&f->self->nap, *ms);
    *ms = *ms < NAP_MAX_MS ? *ms * 2 : *ms;
}

/* In a team larger than the machine, no member is woken for work while as many are awake as there are CPUs; but these may all
 * be blocked in something that we do not know.  So members look for themselves now and then, *ms milliseconds apart and more. */
void gompx_doze(struct gompx_frame *f, long *ms)
{
    if (!f->team || !f->self->waiter.crowded) {
        gompx_nap_sleep(&f->self->nap);
        return;
    }
    *ms = *ms ? *ms : CROWD_NAP_MS;
    gompx_doze_ms(f, ms);
}

void gompx_doze_end(struct gompx_frame *f)
{
    gompx_nap_disarm(&f->self->nap);
    if (!f->team)
        return;
    gompx_idle_remove(f->team->idle, bit_of(f));
    gompx_sub_ar(&f->team->dozing, 1);
}

/* ---- before ---- */

enum { CROWD_SPIN_US = 50 };

/* In a crowd a thread that waits does not spin at all (sync/wait.c); but where the others sleep for want of tasks, the thread
 * that this one waits for has a CPU. */
static GOMPX_COLD bool is_worth_a_spin(struct gompx_frame *f, struct gompx_lull *lull)
{
    if (!f->team || awake(f) > gompx_wait_procs() || !gompx_wait_may_spin())
        return false;
    if (lull->until == 0)
        lull->until = gompx_ticks() + CROWD_SPIN_US * gompx_ticks_per_us();
    gompx_pause();
    return (int64_t)(gompx_ticks() - lull->until) < 0;
}

bool gompx_lull_once(struct gompx_frame *f, struct gompx_lull *lull)
{
    if (gompx_unlikely(!lull->on)) {
        lull->on = true;
        lull->ms = 0;
        lull->until = 0;
        lull->spin = gompx_spin_begin(&f->self->waiter);
    }
    if (gompx_unlikely(f->self->waiter.crowded) && is_worth_a_spin(f, lull))
        return true;
    return gompx_spin_once(&lull->spin);
}
