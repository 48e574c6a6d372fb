/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * From the parallel construct to a team: how many threads, and which of the forms. */
#include "runtime/parallel.h"

#include <stdlib.h>

#include "runtime/detach.h"
#include "runtime/reduce.h"
#include "runtime/schedule.h"

/* ---- size ---- */

/* dyn-var: leave room for what else the machine does, judged by the load average of 15 minutes, read at most 4 times a second. */
static unsigned size_dynamic(unsigned wanted)
{
    static _Atomic uint64_t read_at;
    static _Atomic uint32_t load;
    uint64_t now = gompx_ticks();
    unsigned n = gompx_icv_num_procs(), busy;

    n = n < wanted ? n : wanted;
    if (now - gompx_load_rlx(&read_at) > 250000 * gompx_ticks_per_us()) {
        double avg[3];

        if (getloadavg(avg, 3) == 3)
            gompx_store_rlx(&load, (uint32_t)(avg[2] + 0.1));
        gompx_store_rlx(&read_at, now);
    }
    busy = gompx_load_rlx(&load);
    return busy >= n ? 1 : n - busy;
}

/* The contention group's count of threads. */
static _Atomic uint32_t *group_count(struct gompx_frame *f)
{
    return gompx_frame_ancestor(f, 0)->group_busy;
}

/* thread-limit-var: reserves as many of `wanted` as the group may still have. */
static GOMPX_COLD unsigned size_limited(struct gompx_frame *outer, unsigned wanted, uint32_t limit)
{
    _Atomic uint32_t *count = group_count(outer);
    uint32_t busy = gompx_load_rlx(count), granted;

    if (wanted <= 1)
        return wanted;
    do
        granted = busy >= limit ? 1 : wanted - 1 <= limit - busy ? wanted : limit - busy + 1;
    while (!gompx_cas_rlx(count, &busy, busy + granted - 1));   /* a count, which orders nothing */
    return granted;
}

unsigned gompx_parallel_size(struct gompx_frame *outer, unsigned nthreads, unsigned sections)
{
    const struct gompx_icvs *icv = outer->task->icv;

    if (nthreads == 1 || outer->active_level >= icv->max_active_levels)
        return 1;
    if (nthreads == 0)
        nthreads = gompx_icv_nthreads(icv);
    if (gompx_unlikely(icv->dynamic)) {
        unsigned most = size_dynamic(gompx_icv_nthreads(icv));

        nthreads = nthreads < most ? nthreads : most;
        if (sections && nthreads > sections)
            nthreads = sections;
    }
    if (gompx_unlikely(icv->thread_limit != UINT32_MAX))
        nthreads = size_limited(outer, nthreads, icv->thread_limit);
    return nthreads;
}

/* The team for `n` > 1 threads, or NULL for a region of one. */
static struct gompx_team *team_for(struct gompx_frame *outer, unsigned n, unsigned flags)
{
    struct gompx_team *team = gompx_team_acquire(outer, n, flags);

    if (gompx_unlikely(outer->task->icv->thread_limit != UINT32_MAX)) {
        _Atomic uint32_t *count = group_count(outer);
        unsigned got = team ? team->nthreads : 1;

        gompx_sub_ar(count, n - got);                   /* reserved, but the system has no such threads */
        if (team)
            team->group_busy = count;
    }
    return team;
}

/* ---- forms ---- */

static __attribute__((noinline)) void run_serial(struct gompx_frame *outer, void (*fn)(void *), void *data, unsigned flags)
{
    struct gompx_frame f;

    gompx_frame_serial(&f, outer, flags);
    gompx_frame_set(&f);
    fn(data);
    gompx_detach_wait_region(&f);
    gompx_frame_set(outer);
}

void gompx_parallel_run(void (*fn)(void *), void *data, unsigned nthreads, unsigned flags)
{
    struct gompx_frame *outer = gompx_frame_get();
    unsigned n = gompx_parallel_size(outer, nthreads, 0);
    struct gompx_team *team = n == 1 ? NULL : team_for(outer, n, flags);

    if (!team) {
        run_serial(outer, fn, data, flags);
        return;
    }
    gompx_team_launch(team, outer, fn, data);
    fn(data);
    gompx_team_join(team);
}

/* A region that begins in some special state. */
struct special {
    const struct gompx_loop_args *loop;
    unsigned sections;
    struct gompx_taskgroup *group;
    unsigned flags;
};

static void special_begin(struct gompx_frame *f, const struct special *s)
{
    f->implicit.group = s->group;
    if (s->loop)
        gompx_loop_begin(f, s->loop);
    if (s->sections)
        gompx_sections_init(f, s->sections, false);
}

static void special_launch(struct gompx_team *team, struct gompx_frame *outer, void (*fn)(void *), void *data, const struct special *s)
{
    team->flags |= (s->loop ? GOMPX_TEAM_LOOP : 0) | (s->sections ? GOMPX_TEAM_SECTIONS : 0) | (s->group ? GOMPX_TEAM_GROUP : 0);
    if (s->loop)
        team->first = *s->loop;
    team->sections = s->sections;
    team->group = s->group;
    gompx_team_launch(team, outer, fn, data);
}

static unsigned run_special(struct gompx_frame *outer, unsigned n, void (*fn)(void *), void *data, const struct special *s)
{
    struct gompx_team *team = n == 1 ? NULL : team_for(outer, n, s->flags);
    struct gompx_frame f;

    if (team) {
        n = team->nthreads;
        special_launch(team, outer, fn, data, s);
        fn(data);
        gompx_team_join(team);
        return n;
    }
    gompx_frame_serial(&f, outer, s->flags);
    gompx_frame_set(&f);
    special_begin(&f, s);
    fn(data);
    gompx_detach_wait_region(&f);
    gompx_frame_set(outer);
    return 1;
}

void gompx_parallel_run_loop(void (*fn)(void *), void *data, unsigned nthreads, const struct gompx_loop_args *args, unsigned flags)
{
    struct gompx_frame *outer = gompx_frame_get();
    struct special s = { .loop = args, .flags = flags };

    run_special(outer, gompx_parallel_size(outer, nthreads, 0), fn, data, &s);
}

void gompx_parallel_run_sections(void (*fn)(void *), void *data, unsigned nthreads, unsigned count, unsigned flags)
{
    struct gompx_frame *outer = gompx_frame_get();
    struct special s = { .sections = count, .flags = flags };

    run_special(outer, gompx_parallel_size(outer, nthreads, count), fn, data, &s);
}

unsigned gompx_parallel_run_reductions(void (*fn)(void *), void *data, unsigned nthreads, unsigned flags)
{
    struct gompx_frame *outer = gompx_frame_get();
    unsigned n = gompx_parallel_size(outer, nthreads, 0);
    uintptr_t *array = *(uintptr_t **)data;
    struct gompx_taskgroup group = { .reductions = array };
    struct special s = { .group = &group, .flags = flags };

    gompx_reduction_allocate(array, n);
    return run_special(outer, n, fn, data, &s);
}

/* A frame that outlives the call: from the thread's spare one, so that a second region allocates nothing. */
static struct gompx_frame *spare_take(struct gompx_thread *self)
{
    struct gompx_frame *f = self->spare;

    self->spare = NULL;
    return f ? f : gompx_lines_alloc(sizeof *f);
}

void gompx_parallel_start(void (*fn)(void *), void *data, unsigned nthreads, const struct gompx_loop_args *args, unsigned sections)
{
    struct gompx_frame *outer = gompx_frame_get();
    unsigned n = gompx_parallel_size(outer, nthreads, sections);
    struct gompx_team *team = n == 1 ? NULL : team_for(outer, n, 0);
    struct special s = { .loop = args, .sections = sections };

    if (team) {
        special_launch(team, outer, fn, data, &s);
        return;
    }
    struct gompx_frame *f = spare_take(outer->self);
    gompx_frame_serial(f, outer, 0);
    f->spare = true;
    gompx_frame_set(f);
    special_begin(f, &s);
}

void gompx_parallel_end(void)
{
    struct gompx_frame *f = gompx_frame_get();

    if (f->team) {
        gompx_team_join(f->team);
        return;
    }
    if (f->level == 0)
        gompx_error("GOMP_parallel_end without GOMP_parallel_start");
    gompx_detach_wait_region(f);
    gompx_frame_set(f->outer);
    if (!f->spare)
        return;                                         /* the frame of a team, lost by fork() */
    if (f->self->spare)
        free(f);
    else
        f->self->spare = f;
}
