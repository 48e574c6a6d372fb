/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Whose tasks may be run here, where to look for them, and when not to look. */
#include "runtime/search.h"

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

void gompx_search_at_once(struct gompx_task_local *local)
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

struct gompx_task *gompx_search_find(struct gompx_frame *f, struct gompx_task *within, bool (*may)(void *, void *), void *context)
{
    struct gompx_team *team = f->team;
    struct gompx_task *task;

    if (gompx_unlikely(!team))
        return gompx_taskqueue_any(&f->self->queue) ? gompx_taskqueue_take(&f->self->queue, is_descendant, f->task) : NULL;
    if (gompx_unlikely(gompx_taskqueue_any(&team->queue))) {
        task = gompx_taskqueue_take(&team->queue, within ? is_descendant : may, within ? within : context);
        if (task)
            return task;
    }
    if (gompx_likely(f->opened == f->phase)) {
        task = gompx_search_own_pop(f, within);
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

bool gompx_search_run_own(struct gompx_frame *f)
{
    struct gompx_task *task = gompx_search_own_pop(f, f->task);

    if (task)
        run_between(f, task);
    return task != NULL;
}

bool gompx_search_is_work_about(struct gompx_frame *f)
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

bool gompx_search_run_one(struct gompx_frame *f)
{
    struct gompx_task *task = gompx_search_find(f, f->task, NULL, NULL);

    if (task)
        run_between(f, task);
    return task != NULL;
}
