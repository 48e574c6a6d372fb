/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Finding tasks, sleeping for want of them, and the end of a phase: the protocols stand in runtime/phase.h and
 * sync/nap.h. */
#include "runtime/phase.h"

#include "runtime/depend.h"
#include "runtime/detach.h"

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

/* ---- calling and waking ---- */

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

void gompx_phase_wake_one(struct gompx_frame *f)
{
    unsigned n = f->nthreads, bits = GOMPX_IDLE_WORDS * 64;

    if (f->self->waiter.crowded && awake(f) >= gompx_wait_procs())
        return;                                         /* it would only take a CPU away from another member; see doze() */
    int taken = gompx_idle_take(f->team->idle, n < bits ? n : bits, f->tid);

    if (taken < 0)
        return;
    for (unsigned i = (unsigned)taken; i < n; i += bits)
        member_wake(&f->members[i]);
}

static void wake_all(struct gompx_member *members, unsigned n)
{
    gompx_fence_sc();                                   /* between the caller's store and the looks at naps; pairs with (B) of nap.h */
    for (unsigned i = 0; i < n; i++)
        member_wake(&members[i]);
}

void gompx_phase_wake_all(struct gompx_team *team)
{
    wake_all(team->member, team->nthreads);
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
        gompx_phase_wake_all(team);
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
    wake_all(members, n);
}

/* ---- finding ---- */

/* True if `entry` descends from the task `context`.  The record may be freed and used again while we look: a generation that has
 * changed ends the walk, and the result counts only if the entry can then be taken. */
static bool is_descendant(void *entry, void *context)
{
    const struct gompx_task *ancestor = context;
    uint32_t depth = gompx_load_rlx((_Atomic uint32_t *)&ancestor->depth);
    uint32_t ancestor_gen = gompx_load_rlx((_Atomic uint32_t *)&ancestor->gen);
    struct gompx_task *task = entry;

    for (;;) {
        uint32_t gen = gompx_load_acq(&task->gen);
        struct gompx_task *parent = gompx_load_acq(&task->parent);
        uint32_t parent_gen = gompx_load_acq(&task->parent_gen);

        if (!parent || gompx_load_rlx(&task->gen) != gen)
            return false;
        if (parent == ancestor)
            return parent_gen == ancestor_gen;
        if (gompx_load_acq(&parent->gen) != parent_gen || gompx_load_rlx(&parent->depth) <= depth)
            return false;
        task = parent;
    }
}

static uint32_t next_random(struct gompx_task_local *local)
{
    uint32_t x = local->seed ? local->seed : (uint32_t)(uintptr_t)local | 1;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return local->seed = x;
}

/* How often a thread with nothing to do looks at the others' deques.  Each look takes lines away from their owners: that costs
 * nothing where nobody makes tasks, and much where somebody makes and runs them faster than they can be carried over.  So a
 * thread looks at once and all the time, until it finds that tasks have come and gone in between, or that what it took was done
 * in no time; then it leaves a gap, twice as long each time.  (One producer, T = 2, line round trip 315 ns; ns per empty task without
 * and with gaps: 198 and 30, with a taskgroup each 815 and 78, bursts of 32 265 and 29; a chain of dependences 460 and 597.) */
enum { TINY_NS = 500, GAP_NS = 125, GAP_MAX_NS = 4000 };

static void gap_widen(struct gompx_task_local *local, uint64_t now)
{
    uint64_t least = GAP_NS * gompx_ticks_per_us() / 1000, most = GAP_MAX_NS * gompx_ticks_per_us() / 1000;

    local->gap = local->gap * 2 < least ? least : local->gap * 2 > most ? most : local->gap * 2;
    local->look_at = now + local->gap;
}

/* True if it is not time to look. */
static bool is_in_gap(struct gompx_task_local *local)
{
    uint64_t now;

    if (local->robbed_at == 0 && local->gap == 0)
        return false;
    now = gompx_ticks();
    if (local->robbed_at != 0) {
        if (now - local->robbed_at < TINY_NS * gompx_ticks_per_us() / 1000)
            gap_widen(local, now);
        else
            local->gap = 0;
        local->robbed_at = 0;
    }
    return local->gap != 0 && (int64_t)(now - local->look_at) < 0;
}

/* The next look is at once. */
static void gap_forget(struct gompx_task_local *local)
{
    local->gap = 0;
    local->robbed_at = 0;
}

/* Nothing was found; `created`: how many tasks the others have made. */
static void gap_learn(struct gompx_task_local *local, uint64_t created)
{
    if (created != local->created_seen)
        gap_widen(local, gompx_ticks());
    else
        local->gap = 0;
    local->created_seen = created;
}

/* Looks at every other member once: first where it was lucky last, then from a random one on. */
static struct gompx_task *steal(struct gompx_frame *f, struct gompx_task *within)
{
    struct gompx_task_local *local = &f->self->tasks;
    unsigned n = f->nthreads, at = local->victim;
    bool (*may)(void *, void *) = within ? is_descendant : NULL;
    uint64_t created = 0;

    if (n < 2 || is_in_gap(local))
        return NULL;
    if (n > 2 && (at >= n || at == f->tid))
        at = next_random(local) % n;
    for (unsigned i = 0; i <= n; i++, at++) {
        if (at >= n)
            at = 0;
        if (at == f->tid)
            continue;
        struct gompx_deque *deque = &f->members[at].deque;
        struct gompx_task *task = gompx_deque_steal(deque, f->phase, may, within);
        if (task) {
            local->victim = at;
            local->robbed_at = gompx_ticks();
            gompx_task_prefetch(task);
            return task;
        }
        created += gompx_load_rlx(&deque->count);       /* relaxed: a hint */
        if (i == 0 && n > 2)
            at = next_random(local) % n;
    }
    gap_learn(local, created);
    return NULL;
}

/* The queue has no tag as deques have.  Asked under its lock: what belongs to a later phase was put in after that began, and a thief
 * that sees it there sees that its own phase is over. */
static bool is_of_phase(void *task, void *context)
{
    const struct finish *p = context;

    (void)task;
    return !is_over(p->f, p);
}

/* What an implicit task finds in its thread's deque are its descendants, as it is for any task above its mark; a task on the stack
 * has none. */
static struct gompx_task *own_pop(struct gompx_frame *f, const struct gompx_task *within)
{
    struct gompx_deque *own = &f->member->deque;

    if (!within || !(within->flags & GOMPX_TASK_EXPLICIT))
        return gompx_deque_pop(own, (uint32_t)gompx_load_rlx(&own->top));
    return within->flags & GOMPX_TASK_ON_STACK ? NULL : gompx_deque_pop(own, within->base);
}

/* A task that the calling thread may run now: a descendant of the current task `within`, or, if that is NULL, any of the phase `p`. */
static struct gompx_task *find(struct gompx_frame *f, struct gompx_task *within, struct finish *p)
{
    struct gompx_team *team = f->team;
    struct gompx_task *task;

    if (gompx_unlikely(!team))
        return gompx_taskqueue_any(&f->self->queue) ? gompx_taskqueue_take(&f->self->queue, is_descendant, f->task) : NULL;
    if (gompx_unlikely(gompx_taskqueue_any(&team->queue))) {
        task = gompx_taskqueue_take(&team->queue, within ? is_descendant : is_of_phase, within ? (void *)within : p);
        if (task)
            return task;
    }
    if (gompx_likely(f->opened == f->phase)) {
        task = own_pop(f, within);
        if (task)
            return task;
    }
    return steal(f, within);
}

/* Runs a task in the middle of the current one, which then goes on for who knows how long. */
static void run_between(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_task_local *local = &f->self->tasks;

    gompx_task_run(f, task);
    if (local->credit != 0 && local->credit_group != f->task->group)
        gompx_task_credit_flush(local);
}

bool gompx_phase_run_own(struct gompx_frame *f)
{
    struct gompx_task *task = own_pop(f, f->task);

    if (task)
        run_between(f, task);
    return task != NULL;
}

/* True if there is something that some member can take. */
static bool is_work_about(struct gompx_frame *f)
{
    if (!f->team)
        return gompx_taskqueue_any(&f->self->queue);
    if (gompx_taskqueue_any(&f->team->queue))
        return true;
    for (unsigned i = 0; i < f->nthreads; i++)
        if (i != f->tid && gompx_deque_loaded(&f->members[i].deque, f->phase))
            return true;
    return false;
}

bool gompx_phase_run_one(struct gompx_frame *f)
{
    struct gompx_task *task = find(f, f->task, NULL);

    if (task)
        run_between(f, task);
    return task != NULL;
}

/* ---- sleeping ---- */

/* A wait that begins when a search has failed and ends with the next task: most searches do not fail. */
struct lull {
    bool on;
    long ms;                            /* of doze() */
    uint64_t until;                     /* of is_worth_a_spin(); 0: not begun */
    struct gompx_spin spin;
};

/* Between arming and the second look the caller tells whomever it waits for; see sync/nap.h. */
static void doze_arm(struct gompx_frame *f, bool offer)
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

static void doze_ms(struct gompx_frame *f, long *ms)
{
    gompx_nap_sleep_ms(&f->self->nap, *ms);
    *ms = *ms < NAP_MAX_MS ? *ms * 2 : *ms;
}

/* In a team larger than the machine, no member is woken for work while as many are awake as there are CPUs; but these may all
 * be blocked in something that we do not know.  So members look for themselves now and then, *ms milliseconds apart and more. */
static void doze(struct gompx_frame *f, long *ms)
{
    if (!f->team || !f->self->waiter.crowded) {
        gompx_nap_sleep(&f->self->nap);
        return;
    }
    *ms = *ms ? *ms : CROWD_NAP_MS;
    doze_ms(f, ms);
}

static void doze_end(struct gompx_frame *f)
{
    gompx_nap_disarm(&f->self->nap);
    if (!f->team)
        return;
    gompx_idle_remove(f->team->idle, bit_of(f));
    gompx_sub_ar(&f->team->dozing, 1);
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
    wake_all(f->members, f->nthreads);
    return true;
}

static bool is_cancelled(struct gompx_frame *f, const struct finish *p)
{
    return p->cancellable && gompx_barrier_cancelled(&f->team->barrier, f->mode);
}

/* Sleeps until there may be something to do. */
static void finish_doze(struct gompx_frame *f, const struct finish *p, long *ms)
{
    doze_arm(f, true);
    GOMPX_STEP(phase, S);
    gompx_fence_heavy();
    gap_forget(&f->self->tasks);
    if (!is_over(f, p) && !is_work_about(f) && !is_cancelled(f, p) && !try_end(f, p))
        doze(f, ms);
    doze_end(f);
}

static inline void lull_end(struct lull *lull)
{
    if (lull->on)
        gompx_spin_end(&lull->spin);
    lull->on = false;
}

enum { CROWD_SPIN_US = 50 };

/* In a crowd a thread that waits does not spin at all (sync/wait.c); but where the others sleep for want of tasks, the thread
 * that this one waits for has a CPU. */
static GOMPX_COLD bool is_worth_a_spin(struct gompx_frame *f, struct lull *lull)
{
    if (!f->team || awake(f) > gompx_wait_procs() || !gompx_wait_may_spin())
        return false;
    if (lull->until == 0)
        lull->until = gompx_ticks() + CROWD_SPIN_US * gompx_ticks_per_us();
    gompx_pause();
    return (int64_t)(gompx_ticks() - lull->until) < 0;
}

/* True: look again; false: sleep. */
static inline bool lull_once(struct gompx_frame *f, struct lull *lull)
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

/* True: cancelled. */
static bool help(struct gompx_frame *f, struct finish *p)
{
    struct lull lull = { .on = false };
    bool news = true, woken = false;                    /* news: the sums may have become equal since the last look */
    uint64_t fulfilled = 0;

    while (!is_over(f, p)) {
        struct gompx_task *task = find(f, NULL, p);

        if (task) {
            if (woken && is_work_about(f))
                gompx_phase_wake_one(f);                /* waking the rest is the woken ones' work */
            woken = false;
            lull_end(&lull);
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
        if (gompx_likely(lull_once(f, &lull)))
            continue;
        lull.spin.slept = true;
        finish_doze(f, p, &lull.ms);
        news = woken = true;
    }
    lull_end(&lull);
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

/* ---- a task that waits ---- */

struct awaited {
    enum gompx_await_kind kind;
    void *object;
};

static bool has_come(struct gompx_frame *f, const struct awaited *await)
{
    struct gompx_taskgroup *group;

    switch (await->kind) {
    case GOMPX_AWAIT_CHILDREN:
        return gompx_task_outstanding(await->object) == 0;
    case GOMPX_AWAIT_GROUP:
        group = await->object;
        return (gompx_load_acq(&group->pend) >> 2)      /* pairs with the credit of others */
             + (f->self->tasks.credit_group == group ? f->self->tasks.credit : 0) == 0;
    case GOMPX_AWAIT_NODE:
        return gompx_depend_is_ready(await->object);
    case GOMPX_AWAIT_EVENT:
        return gompx_detach_is_fulfilled(await->object);
    default:
        return gompx_load_acq(&f->unfulfilled) >> 1 == 0;   /* pairs with gompx_detach_leave() */
    }
}

/* Asks for a wake-up when it comes, from now on (`on`) or no longer.  True: it has come. */
static bool ask(struct gompx_frame *f, const struct awaited *await, bool on)
{
    struct gompx_task *task = await->object;
    struct gompx_taskgroup *group = await->object;
    int64_t extra = on ? GOMPX_PEND_WAITER : -GOMPX_PEND_WAITER;

    switch (await->kind) {
    case GOMPX_AWAIT_CHILDREN:
        extra += (int64_t)task->kids * GOMPX_PEND_ONE;
        task->kids = 0;
        return (gompx_add_ar(&task->pend, extra) + extra) >> 2 == 0;    /* (B) of runtime/task.h */
    case GOMPX_AWAIT_GROUP:
        if (f->self->tasks.credit_group == group) {
            extra += f->self->tasks.credit * GOMPX_PEND_ONE;
            f->self->tasks.credit = 0;
        }
        return (gompx_add_ar(&group->pend, extra) + extra) >> 2 == 0;
    case GOMPX_AWAIT_NODE:
        return gompx_depend_ask(await->object, on);
    case GOMPX_AWAIT_EVENT:
        return gompx_detach_ask(await->object, on);
    default:
        return (gompx_add_ar(&f->unfulfilled, (uint32_t)extra) + (uint32_t)extra) >> 1 == 0;
    }
}

enum { VAIN_OFFERS = 2, DEAF_NAP_MS = 1 };

/* A waiting task that was offered work which it may not run, twice, asks for no more; it looks for itself now and then. */
static void await_doze(struct gompx_frame *f, const struct awaited *await, int *vain, struct lull *lull)
{
    bool offer = !f->team || *vain < VAIN_OFFERS;

    doze_arm(f, offer);
    if (!ask(f, await, true)) {
        GOMPX_STEP(phase, T);
        if (offer)
            gompx_fence_heavy();
        if (offer && is_work_about(f)) {
            ++*vain;
            gap_forget(&f->self->tasks);
        } else if (offer) {
            doze(f, &lull->ms);
        } else {
            lull->ms = lull->ms ? lull->ms : DEAF_NAP_MS;
            doze_ms(f, &lull->ms);
            gap_forget(&f->self->tasks);
        }
    }
    doze_end(f);
    ask(f, await, false);
}

static void await_slow(struct gompx_frame *f, const struct awaited *await)
{
    struct gompx_task_local *local = &f->self->tasks;
    struct lull lull = { .on = false };
    bool told = false, woken = false;
    int vain = 0;

    while (!has_come(f, await)) {
        struct gompx_task *task = find(f, f->task, NULL);

        if (task) {
            lull_end(&lull);
            gompx_task_run(f, task);
            told = woken = false;
            vain = 0;
            continue;
        }
        if (!told) {
            told = true;
            gompx_task_credit_flush(local);
            gompx_slab_flush(&f->self->slab);
            continue;
        }
        if (woken && f->team && is_work_about(f))
            gompx_phase_wake_one(f);                    /* an offer that I cannot use: somebody else perhaps */
        woken = false;
        if (gompx_likely(lull_once(f, &lull)))
            continue;
        lull.spin.slept = true;
        await_doze(f, await, &vain, &lull);
        woken = true;
    }
    lull_end(&lull);
    if (local->credit != 0 && local->credit_group != f->task->group)
        gompx_task_credit_flush(local);                 /* the current task may go on for long */
}

void gompx_phase_await(struct gompx_frame *f, enum gompx_await_kind kind, void *object)
{
    struct awaited await = { kind, object };

    await_slow(f, &await);
}

void gompx_phase_await_children(struct gompx_frame *f)
{
    struct gompx_task *task = f->task;
    struct awaited await = { GOMPX_AWAIT_CHILDREN, task };

    /* Most children are where they were put; priorities are looked after by find(). */
    if (f->team && f->opened == f->phase && gompx_globals.max_task_priority == 0)
        while (gompx_task_outstanding(task) != 0) {
            struct gompx_task *child = own_pop(f, task);

            if (!child)
                break;
            gompx_task_run(f, child);
        }
    if (gompx_task_outstanding(task) != 0)
        await_slow(f, &await);
    else if (f->self->tasks.credit != 0 && f->self->tasks.credit_group != task->group)
        gompx_task_credit_flush(&f->self->tasks);
}
