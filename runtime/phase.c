/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The beginning and the end of a phase with tasks; the protocol stands in runtime/phase.h. */
#include "runtime/phase.h"

#include "runtime/search.h"

/* ---- tasks come to be known ---- */

bool gompx_phase_open(struct gompx_frame *f)
{
    struct gompx_team *team = f->team;
    struct gompx_deque *deque = &f->member->deque;

    if (deque->capacity == 0 && !gompx_deque_reserve(deque, gompx_globals.task_cutoff))
        return false;
    gompx_deque_open(deque, f->phase);
    f->opened = f->phase;
    GOMPX_STEP(phase, O);
    if (gompx_barrier_call(&team->barrier, f->mode, f->phase)) {
        gompx_barrier_call(&team->join, f->mode, f->phase);
        gompx_bell_call(&team->bell);
    }
    return true;
}

void gompx_phase_push_ready(struct gompx_frame *f, struct gompx_task *task)
{
    task->priority = 0;
    if (!f->team) {
        gompx_taskqueue_put(&f->self->queue, task);
    } else if (gompx_phase_room(f)) {
        gompx_phase_push(f, task);
    } else {
        gompx_taskqueue_put(&f->team->queue, task);
        gompx_phase_notify(f);
    }
}

void gompx_phase_inject(struct gompx_team *team, struct gompx_thread *self, struct gompx_task *task)
{
    gompx_taskqueue_put(team ? &team->queue : &self->queue, task);
    if (team) {
        gompx_doze_wake_all(team->member, team->nthreads);
        return;
    }
    gompx_fence_sc();                                   /* between the put and the look at the nap; pairs with (B) of nap.h */
    gompx_nap_wake(&self->nap);
}

void gompx_phase_fulfilled(struct gompx_team *team)
{
    struct gompx_member *members = team->member;
    unsigned n = team->nthreads;

    gompx_add_ar(&team->fulfilled, 1);                  /* (A): released to (D); afterwards the region may end */
    gompx_doze_wake_all(members, n);
}

/* ---- the end of a phase ---- */

void gompx_phase_report_slow(struct gompx_frame *f)
{
    struct gompx_member *m = f->member;

    gompx_task_credit_flush(&f->self->tasks);
    gompx_slab_flush(&f->self->slab);
    if (f->executed_n == 0)
        return;
    gompx_store_rel(&m->executed, gompx_load_rlx(&m->executed) + f->executed_n);    /* (A), pairs with (D) */
    f->executed_n = 0;
}

/* What a member helps with: until `call` is no longer called. */
struct finish {
    struct gompx_frame *f;
    uint32_t call, target;              /* arrival count of the barrier, or of the join */
    bool join, cancellable;
};

static bool is_over(const struct gompx_frame *f, const struct finish *p)
{
    return gompx_load_acq(gompx_barrier_call_word(&f->team->barrier, f->mode)) != p->call;    /* pairs with gompx_barrier_call_end() */
}

/* The queue has no tag as deques have.  Asked under its lock: what belongs to a later phase was put in after that began, and a thief
 * that sees it there sees that its own phase is over. */
static bool is_of_phase(void *task, void *context)
{
    const struct finish *p = context;

    (void)task;
    return !is_over(p->f, p);
}

static bool have_all_arrived(struct gompx_frame *f, const struct finish *p)
{
    struct gompx_team *team = f->team;

    if (!p->join)
        return gompx_barrier_complete(&team->barrier, p->target);
    return gompx_barrier_complete(&team->join, p->target) && gompx_load_acq(&team->joined) == p->call;
}

/* After the caller's own report.  True: the phase is over, by this thread or another. */
static bool try_end(struct gompx_frame *f, const struct finish *p)
{
    struct gompx_team *team = f->team;
    uint64_t executed = 0, created = 0;

    gompx_fence_sc();                                   /* (B): between my report or arrival and (C), (D); two who report at once */
    if (!have_all_arrived(f, p))                        /* (C) */
        return false;
    executed = gompx_load_acq(&team->fulfilled);        /* (D) */
    for (unsigned i = 0; i < f->nthreads; i++)
        executed += gompx_load_acq(&f->members[i].executed);
    gompx_fence_sc();                                   /* keeps (E) after (D) */
    GOMPX_STEP(phase, E);
    for (unsigned i = 0; i < f->nthreads; i++)
        created += gompx_load_rlx(&f->members[i].deque.count);  /* (E) */
    if (executed != created)
        return is_over(f, p);
    GOMPX_STEP(phase, W);
    if (!gompx_barrier_call_end(&team->barrier, f->mode, p->call))
        return true;
    if (!p->join) {
        gompx_barrier_call_end(&team->join, f->mode, p->call);   /* or the same name would be called there four barriers on */
        gompx_barrier_catch_up(&team->barrier, p->target, f->mode);
    }
    gompx_doze_wake_all(f->members, f->nthreads);
    return true;
}

static bool is_cancelled(struct gompx_frame *f, const struct finish *p)
{
    return p->cancellable && gompx_barrier_cancelled(&f->team->barrier, f->mode);
}

/* Sleeps until there may be something to do. */
static void finish_doze(struct gompx_frame *f, const struct finish *p, long *ms)
{
    gompx_doze_arm(f, true);
    GOMPX_STEP(phase, S);
    gompx_fence_heavy();
    gompx_search_at_once(&f->self->tasks);
    if (!is_over(f, p) && !gompx_search_is_work_about(f) && !is_cancelled(f, p) && !try_end(f, p))
        gompx_doze(f, ms);
    gompx_doze_end(f);
}

/* True: cancelled. */
static bool help(struct gompx_frame *f, struct finish *p)
{
    struct gompx_lull lull = { .on = false };
    bool news = true, woken = false;                    /* news: the sums may have become equal since the last look */
    uint64_t fulfilled = 0;

    while (!is_over(f, p)) {
        struct gompx_task *task = gompx_search_find(f, NULL, is_of_phase, p);

        if (task) {
            if (woken && gompx_search_is_work_about(f))
                gompx_doze_wake_one(f);                /* waking the rest is the woken ones' work */
            woken = false;
            gompx_lull_end(&lull);
            gompx_task_run(f, task);
            news = true;
            continue;
        }
        if (is_cancelled(f, p)) {
            gompx_phase_report(f);
            return true;
        }
        if (news || gompx_load_rlx(&f->team->fulfilled) != fulfilled) {
            news = false;
            fulfilled = gompx_load_rlx(&f->team->fulfilled);
            gompx_phase_report_slow(f);
            if (try_end(f, p))
                break;
            continue;
        }
        if (gompx_likely(gompx_lull_once(f, &lull)))
            continue;
        lull.spin.slept = true;
        finish_doze(f, p, &lull.ms);
        news = woken = true;
    }
    gompx_lull_end(&lull);
    return false;
}

bool gompx_phase_finish(struct gompx_frame *f, uint32_t target, bool cancellable)
{
    struct finish p = { f, f->phase, target, false, cancellable };

    return help(f, &p);
}

void gompx_phase_finish_join(struct gompx_frame *f, uint32_t call, uint32_t target)
{
    struct finish p = { f, call, target, true, false };
    struct gompx_team *team = f->team;

    if (gompx_unlikely(f->phase != call)) {             /* after a cancellation; my phase is over then, and my deque empty */
        f->phase = call;
        f->opened = 0;
    }
    if (f->tid != 0) {
        help(f, &p);
        return;
    }
    gompx_store_rel(&team->joined, call);               /* ordered before (D) by the fence (B) */
    help(f, &p);
    gompx_store_rlx(&team->joined, 0);                  /* both published by the next ring */
    gompx_store_rlx(gompx_barrier_call_word(&team->join, f->mode), 0);
    gompx_barrier_catch_up(&team->join, target, f->mode);
}
