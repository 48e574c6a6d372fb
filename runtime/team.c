/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * One region of a team: launch, work, join.  The picture of a region stands in docs/architecture.md. */
#include "runtime/team.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/affinity.h"
#include "runtime/bind.h"
#include "runtime/cluster.h"
#include "runtime/depend.h"
#include "runtime/detach.h"
#include "runtime/phase.h"
#include "runtime/pool.h"
#include "runtime/reduce.h"
#include "runtime/schedule.h"
#include "runtime/steal.h"

enum {
    NO_ROUND = 2,                       /* no phase's name: the last to arrive at the join always releases */
    FIRST_K = 16,                       /* number of the first work share: words that are still zero look old */
    CANCEL_GAP = 64,                    /* more constructs than a thread can be ahead of another (GOMPX_SLOTS) */
};

/* ---- shape: cold ---- */

/* The old array stays: a worker that is slow to leave a phase of tasks may still look at it (runtime/phase.h). */
static void *grow(const void *old, size_t old_bytes, size_t bytes)
{
    void *p = gompx_lines_alloc(bytes);

    if (old)
        memcpy(p, old, old_bytes);
    return p;
}

static void team_reserve(struct gompx_team *team, unsigned n)
{
    unsigned old = team->capacity;

    if (n <= old)
        return;
    n = n < 2 * old ? 2 * old : n;
    team->worker = grow(team->worker, old * sizeof *team->worker, n * sizeof *team->worker);
    team->member = grow(team->member, old * sizeof *team->member, n * sizeof *team->member);
    team->capacity = n;
}

/* Members that were not in the last region may hold numbers of long ago. */
static void members_reset(struct gompx_team *team, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        gompx_store_rlx(&team->member[i].range, gompx_steal_empty(team->frame.steal_seq));
        gompx_store_rlx(&team->member[i].ws_done, team->frame.ws_seq);
    }
}

/* The sums over the members that are left must be equal again. */
static void accounts_reset(struct gompx_team *team, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        gompx_store_rlx(&team->member[i].deque.count, 0);
        gompx_store_rlx(&team->member[i].executed, 0);
    }
    gompx_store_rlx(&team->fulfilled, 0);
}

/* A team object as new: counters go on from where late readers may have seen them. */
static struct gompx_team *team_make(struct gompx_thread *self)
{
    struct gompx_team *team = gompx_pool_team_get();

    team->primary = self;
    team->nthreads = team->unbench_from = team->fit = 0;
    if (team->binding)
        team->binding->nthreads = 0;
    team->staffed = 1;
    team->young = false;
    team->flags = 0;
    team->frame.target = gompx_barrier_recount(&team->barrier, team->mode);
    team->join_target = gompx_barrier_recount(&team->join, team->mode);
    team->frame.single_n = gompx_load_rlx(&team->barrier.rider);
    team->frame.ws_seq += FIRST_K;
    team->frame.steal_seq += FIRST_K;
    gompx_store_rlx(&team->ws_cancel, 1);               /* targets are even */
    gompx_store_rlx(&team->bell, gompx_bell_next(gompx_load_rlx(&team->bell), 0));  /* takes back EXIT */
    return team;
}

/* What changes with the team's shape only: it lies in lines that the primary writes in every region. */
static GOMPX_COLD void member_shape(struct gompx_frame *f, struct gompx_team *team)
{
    f->mode = (uint8_t)team->mode;
    f->members = team->member;
    f->member = &team->member[f->tid];
}

static void team_shape(struct gompx_team *team, unsigned n)
{
    unsigned old = team->nthreads;

    if (n > old) {
        members_reset(team, old, n);
        team->unbench_from = old > 1 ? old : 1;
    }
    accounts_reset(team, n > old ? n : old);
    team->nthreads = n;
    team->fit = gompx_bind_on() ? 0 : n;
    team->undisplayed = true;
    gompx_wait_set_procs(gompx_icv_num_procs());
}

static GOMPX_COLD struct gompx_team *team_reshape(struct gompx_frame *outer, struct gompx_team *team, unsigned n, unsigned clause)
{
    struct gompx_thread *self = outer->self;
    unsigned staffed;
    bool anew;

    if (n > GOMPX_BELL_COUNT_MAX)
        n = GOMPX_BELL_COUNT_MAX;
    if (!team) {
        team = team_make(self);
        if (self->depth < GOMPX_HOT_LEVELS)
            self->hot[self->depth] = team;
    }
    team_reserve(team, n);
    staffed = team->staffed;
    if (n > staffed) {
        team->staffed = gompx_pool_take(team, staffed, n);
        team->young = true;
        n = n < team->staffed ? n : team->staffed;
    }
    if (n < 2) {
        if (self->depth >= GOMPX_HOT_LEVELS)
            gompx_team_dissolve(team);
        return NULL;
    }
    anew = n != team->nthreads || team->frame.members != team->member;
    if (anew)
        team_shape(team, n);
    gompx_bind_team(team, outer, clause, staffed);
    if (anew || gompx_bind_on()) {                      /* after the seats were dealt */
        gompx_cluster_team(team);
        member_shape(&team->frame, team);
    }
    return team;
}

struct gompx_team *gompx_team_acquire(struct gompx_frame *outer, unsigned nthreads, unsigned clause)
{
    struct gompx_thread *self = outer->self;
    struct gompx_team *team = gompx_likely(self->depth < GOMPX_HOT_LEVELS) ? self->hot[self->depth] : NULL;

    if (gompx_likely(team && team->fit == nthreads))
        return team;
    if (team && team->nthreads == nthreads && gompx_bind_same(team, outer, clause))
        return team;
    return team_reshape(outer, team, nthreads, clause);
}

void gompx_team_left(struct gompx_team *team)
{
    if (gompx_sub_ar(&team->leaving, 1) == 1)           /* acq_rel: the last one sees that all others are done with it */
        gompx_pool_team_put(team);
}

void gompx_team_dissolve(struct gompx_team *team)
{
    unsigned staffed = team->staffed;
    uint64_t word = gompx_bell_next(gompx_load_rlx(&team->bell), 0);

    gompx_store_rlx(&team->leaving, staffed);           /* published by the ring; the primary counts until it is done below */
    gompx_bell_ring(&team->bell, word | GOMPX_BELL_EXIT);
    for (unsigned i = 1; i < staffed; i++)
        gompx_bell_unbench(&team->worker[i]->park);
    gompx_team_left(team);
}

/* ---- one region: hot ---- */

/* The ICVs with which the implicit tasks of a region inside `outer` start. */
static inline const struct gompx_icvs *region_icvs(struct gompx_team *team, const struct gompx_frame *outer)
{
    if (gompx_likely(outer->level + 1 >= gompx_globals.own_levels))
        return outer->task->icv;
    return gompx_bind_icvs(&team->frame, outer, team->binding ? team->binding->clause : 0);
}

/* OMP_DISPLAY_AFFINITY: a line per thread, in the order of their numbers. */
static void member_display(struct gompx_frame *f, struct gompx_team *team)
{
    struct gompx_spin spin = gompx_spin_begin(&f->self->waiter);

    while (gompx_load_acq(&team->display_turn) != f->tid)   /* pairs with the store below: lines keep their order */
        gompx_wait_nap(&spin);
    gompx_spin_end(&spin);
    gompx_affinity_display(NULL, 0);
    gompx_store_rel(&team->display_turn, f->tid + 1);
}

/* As libgomp: every nested region, and others when the team is not that of the last region. */
static GOMPX_COLD void launch_display(struct gompx_team *team, const struct gompx_frame *outer)
{
    if (outer->level == 0) {                            /* nested ones always: what they tell may differ */
        if (!team->undisplayed)
            return;
        team->undisplayed = false;
    }
    team->flags |= GOMPX_TEAM_DISPLAY;
    gompx_store_rlx(&team->display_turn, 0);            /* published by the ring */
}

/* What only some regions begin with. */
static GOMPX_COLD void member_begin_special(struct gompx_frame *f, struct gompx_team *team)
{
    if (team->flags & GOMPX_TEAM_DEALT)
        gompx_waiter_confine(&f->self->waiter, f->nthreads, team->binding->crowded);
    if (team->flags & GOMPX_TEAM_DISPLAY)
        member_display(f, team);
    if (team->flags & GOMPX_TEAM_GROUP)
        f->implicit.group = team->group;
    if (team->flags & GOMPX_TEAM_LOOP)
        gompx_loop_begin(f, &team->first);
    if (team->flags & GOMPX_TEAM_SECTIONS)
        gompx_sections_init(f, team->sections, false);
}

/* What does not depend on the region: a worker does it before it waits for one, where it delays nobody. */
static inline void member_prepare(struct gompx_frame *f, struct gompx_thread *self, struct gompx_frame *outer, uint32_t tid)
{
    f->self = self;
    f->outer = outer;
    f->tid = tid;
    f->task = &f->implicit;
    gompx_store_rlx(&f->implicit.parent, outer ? outer->task : NULL);
    f->implicit.group = NULL;
    f->implicit.flags = 0;
    f->implicit.kids = 0;
    gompx_store_rlx(&f->implicit.pend, 0);
    gompx_store_rlx(&f->implicit.runner, self);
    f->implicit.own = &f->own_icvs;
    f->loop.kind = GOMPX_LOOP_NONE;
    f->loop.simple = GOMPX_LOOP_NONE;
    f->loop.slot = NULL;
    f->loop.ordered = false;
    f->loop.doacross = NULL;
}

void gompx_frame_serial(struct gompx_frame *f, struct gompx_frame *outer, unsigned clause)
{
    member_prepare(f, outer->self, outer, 0);
    f->implicit.icv = outer->task->icv;
    f->implicit.table = NULL;
    gompx_store_rlx(&f->implicit.depth, 0);
    gompx_store_rlx(&f->implicit.gen, 0);
    gompx_store_rlx(&f->implicit.parent_gen, 0);
    gompx_store_rlx(&f->unfulfilled, 0);
    f->team = NULL;
    f->nthreads = 1;
    f->level = outer->level + 1;
    f->active_level = outer->active_level;
    f->cancelled = 0;
    f->spare = false;
    if (gompx_unlikely(f->level < gompx_globals.own_levels))
        gompx_bind_serial(f, outer, clause);
}

static inline void member_begin(struct gompx_frame *f, struct gompx_team *team, uint64_t word)
{
    unsigned nthreads = gompx_bell_count(word);

    f->phase = gompx_bell_name(word);
    f->opened = 0;
    f->implicit.icv = team->icv;
    f->level = team->levels & 0xffff;
    f->active_level = team->levels >> 16;
    f->ws_limit = f->ws_seq + GOMPX_SLOTS;
    f->single_seen = f->single_n;
    f->team = team;
    f->nthreads = nthreads;
    gompx_waiter_team(&f->self->waiter, nthreads);
    gompx_frame_set(f);
    if (gompx_unlikely(team->flags))
        member_begin_special(f, team);
}

static GOMPX_COLD void launch_slow(struct gompx_team *team)
{
    for (unsigned i = team->unbench_from; i < team->nthreads; i++)
        gompx_bell_unbench(&team->worker[i]->park);
    team->unbench_from = 0;
    /* A new thread may have been put on this CPU: do not keep it busy. */
    team->primary->waiter.impatient = team->young;
    team->young = false;
}

/* Line 0 is polled by all workers; see runtime/team.h. */
#define STORE_IF_NEW(place, value) ((place) != (value) ? (void)((place) = (value)) : (void)0)

static inline void payload_write(struct gompx_team *team, const struct gompx_frame *outer, void (*fn)(void *), void *data)
{
    const struct gompx_frame *f = &team->frame;
    const struct gompx_icvs *icv = region_icvs(team, outer);
    uint32_t levels = (outer->active_level + 1) << 16 | (outer->level + 1);

    STORE_IF_NEW(team->fn, fn);
    STORE_IF_NEW(team->data, data);
    STORE_IF_NEW(team->icv, icv);
    STORE_IF_NEW(team->bar_base, f->target);
    STORE_IF_NEW(team->single_base, f->single_n);
    STORE_IF_NEW(team->ws_base, f->ws_seq);
    STORE_IF_NEW(team->steal_base, f->steal_seq);
    STORE_IF_NEW(team->levels, levels);
}

void gompx_team_launch(struct gompx_team *team, struct gompx_frame *outer, void (*fn)(void *), void *data)
{
    struct gompx_frame *f = &team->frame;
    unsigned n = team->nthreads;
    uint64_t word = gompx_bell_next(gompx_load_rlx(&team->bell), n);

    team->outer = outer;
    if (gompx_unlikely(gompx_globals.display_affinity))
        launch_display(team, outer);
    payload_write(team, outer, fn, data);
    gompx_bell_ring(&team->bell, word);
    if (gompx_unlikely(team->unbench_from))
        launch_slow(team);
    team->join_target += 2 * (n - 1);
    outer->self->depth++;
    member_prepare(f, outer->self, outer, 0);
    member_begin(f, team, word);
}

void gompx_team_worker_prepare(struct gompx_thread *self)
{
    member_prepare(&self->root, self, NULL, self->tid);
}

/* The implicit task of `f` is over. */
static inline void member_end(struct gompx_frame *f)
{
    gompx_phase_report(f);
    if (gompx_unlikely(f->implicit.table != NULL))
        gompx_depend_forget(f, &f->implicit);
}

uint64_t gompx_team_work(struct gompx_thread *self, struct gompx_team *team, uint64_t word)
{
    struct gompx_frame *f = &self->root;
    unsigned n = gompx_bell_count(word);
    uint32_t call;
    uint64_t now;

    if (gompx_unlikely(self->shape != team->shape)) {
        self->shape = team->shape;
        self->join_target = team->join_base;
        member_shape(f, team);
    }
    self->join_target += 2 * (n - 1);
    f->target = team->bar_base;
    f->single_n = team->single_base;
    f->ws_seq = team->ws_base;
    f->steal_seq = team->steal_base;
    member_begin(f, team, word);
    team->fn(team->data);
    if (gompx_unlikely(!f->team))
        pthread_exit(NULL);                             /* forked inside the region: the child's only thread is done */
    member_end(f);
    gompx_barrier_arrive(&team->join, self->join_target, f->mode, f->tid, NO_ROUND);
    now = gompx_load_acq(&team->bell) & ~(uint64_t)GOMPX_SLEEP; /* pairs with gompx_bell_call() */
    if (gompx_bell_same_ring(now, word))
        word = now;                                     /* a call before this look is seen below, a later one at the bell */
    call = gompx_phase_called(f);
    if (gompx_unlikely(call != 0))
        gompx_phase_finish_join(f, call, self->join_target);
    gompx_team_worker_prepare(self);
    return word;
}

void gompx_team_called(struct gompx_thread *self)
{
    uint32_t call = gompx_phase_called(&self->root);

    if (call != 0)
        gompx_phase_finish_join(&self->root, call, self->join_target);
}

/* After a cancelled region counts are short and threads have met different numbers of constructs: start from beyond all. */
static GOMPX_COLD void team_repair(struct gompx_team *team)
{
    struct gompx_frame *f = &team->frame;

    f->target = gompx_barrier_recount(&team->barrier, team->mode);
    f->single_n = gompx_load_rlx(&team->barrier.rider);
    f->ws_seq += CANCEL_GAP;
    f->steal_seq += CANCEL_GAP;
    members_reset(team, 0, team->nthreads);
}

/* `self` goes on in `f`, and waits as all in that team do: who wakes one relies on how the others sleep (runtime/doze.c). */
static void waiter_resume(struct gompx_thread *self, const struct gompx_frame *f)
{
    while (f && f->self == self && !f->team)
        f = f->level > 0 ? f->outer : f->under;
    if (f && f->self == self && gompx_bind_on())
        gompx_waiter_confine(&self->waiter, f->nthreads, f->team->binding->crowded);
    else if (f && f->self == self)
        gompx_waiter_team(&self->waiter, f->nthreads);
}

static GOMPX_COLD void join_slow(struct gompx_team *team, struct gompx_frame *outer)
{
    struct gompx_thread *self = outer->self;

    if (gompx_globals.cancellation && gompx_barrier_cancelled(&team->barrier, team->mode))
        team_repair(team);
    if (team->group_busy)
        gompx_sub_ar(team->group_busy, team->nthreads - 1);
    team->group_busy = NULL;
    team->flags = 0;
    team->group = NULL;
    if (self->depth >= GOMPX_HOT_LEVELS)
        gompx_team_dissolve(team);
    waiter_resume(self, outer);
}

void gompx_team_join(struct gompx_team *team)
{
    struct gompx_frame *f = &team->frame, *outer = f->outer;
    struct gompx_thread *self = f->self;
    uint32_t call;

    if (gompx_unlikely(!f->team)) {                     /* a forked child: there is nobody to wait for */
        gompx_frame_set(outer);
        return;
    }
    member_end(f);
    call = gompx_phase_called(f);
    if (gompx_likely(call == 0)) {
        gompx_barrier_wait(&team->join, team->join_target, f->mode, 0, f->phase, &self->waiter);
        call = gompx_phase_called(f);                   /* by a task or another thread meanwhile */
    }
    if (gompx_unlikely(call != 0))
        gompx_phase_finish_join(f, call, team->join_target);
    self->depth--;
    if (gompx_unlikely(gompx_globals.cancellation || team->group_busy || team->flags || outer->level > 0 || outer->under
                       || self->depth >= GOMPX_HOT_LEVELS))
        join_slow(team, outer);
    gompx_frame_set(outer);
}

/* ---- barrier ---- */

void gompx_team_barrier_pass(struct gompx_frame *f)
{
    struct gompx_team *team = f->team;
    uint32_t target = f->target += 2 * f->nthreads, phase = f->phase;
    enum gompx_barrier_mode mode = (enum gompx_barrier_mode)f->mode;
    enum gompx_arrival arrival;

    f->ws_limit = f->ws_seq + GOMPX_SLOTS;              /* all have left the constructs before */
    gompx_phase_report(f);
    arrival = gompx_barrier_arrive(&team->barrier, target, mode, f->tid, phase);
    if (gompx_unlikely(arrival == GOMPX_ARRIVED_CALLED)
        || (arrival == GOMPX_ARRIVED
            && gompx_barrier_wait(&team->barrier, target, mode, f->tid, phase, &f->self->waiter) == GOMPX_WAIT_CALLED))
        gompx_phase_finish(f, target, false);
    f->phase = gompx_phase_next(phase);
    f->opened = 0;
}

bool gompx_team_barrier_cancel(struct gompx_frame *f)
{
    struct gompx_team *team = f->team;
    enum gompx_barrier_mode mode = (enum gompx_barrier_mode)f->mode;
    enum gompx_arrival arrival;

    if (team ? gompx_barrier_cancelled(&team->barrier, mode) : f->cancelled & GOMPX_CANCEL_PARALLEL)
        return true;
    if (!team) {
        gompx_detach_wait_region(f);
        return false;
    }
    uint32_t target = f->target += 2 * f->nthreads;
    f->ws_limit = f->ws_seq + GOMPX_SLOTS;
    gompx_phase_report(f);
    arrival = gompx_barrier_arrive(&team->barrier, target, mode, f->tid, f->phase);
    enum gompx_wait_end end = arrival == GOMPX_ARRIVED_LAST ? GOMPX_WAIT_REACHED
        : arrival == GOMPX_ARRIVED_CALLED ? GOMPX_WAIT_CALLED
        : gompx_barrier_wait_cancel(&team->barrier, target, mode, f->tid, f->phase, &f->self->waiter);
    if (end == GOMPX_WAIT_ALARMED || (end == GOMPX_WAIT_CALLED && gompx_phase_finish(f, target, true)))
        return true;
    f->phase = gompx_phase_next(f->phase);
    f->opened = 0;
    return false;
}
