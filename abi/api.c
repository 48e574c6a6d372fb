/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Where the calling thread stands, and its control variables.  A getter reads the current task's variables, a setter gives
 * the task a copy of its own first; what belongs to the process stands in gompx_globals.
 * omp_get_num_threads() and omp_get_thread_num() are part of every loop with a static schedule: one load each. */
#include "abi/api.h"

#include <limits.h>

#include "runtime/device.h"
#include "runtime/display.h"
#include "runtime/icv.h"
#include "runtime/thread.h"

enum { LEVELS_MAX = 255 };              /* what max_active_levels can hold */

static const struct gompx_icvs *icvs(void)
{
    return gompx_icvs(gompx_frame_get());
}

static struct gompx_icvs *icvs_own(void)
{
    return gompx_task_icvs_own(gompx_frame_get()->task);
}

/* Variables of the process: the first call may come before the library's constructor. */
static struct gompx_globals *globals(void)
{
    gompx_frame_get();
    return &gompx_globals;
}

static int to_int(uint32_t n)
{
    return n < INT_MAX ? (int)n : INT_MAX;
}

/* ---- regions and teams ---- */

int omp_get_num_threads(void)
{
    return gompx_tls.nthreads;
}

int omp_get_thread_num(void)
{
    return gompx_tls.tid;
}

int omp_get_max_threads(void)
{
    return to_int(gompx_icv_nthreads(icvs()));
}

int omp_get_num_procs(void)
{
    gompx_frame_get();
    return to_int(gompx_icv_num_procs());
}

int omp_in_parallel(void)
{
    return gompx_frame_get()->active_level > 0;
}

int omp_get_level(void)
{
    return (int)gompx_frame_get()->level;
}

int omp_get_active_level(void)
{
    return (int)gompx_frame_get()->active_level;
}

/* NULL: there is no such level. */
static const struct gompx_frame *ancestor(int level)
{
    const struct gompx_frame *f = gompx_frame_get();

    return level < 0 || (uint32_t)level > f->level ? NULL : gompx_frame_ancestor(f, (uint32_t)level);
}

int omp_get_ancestor_thread_num(int level)
{
    const struct gompx_frame *f = ancestor(level);

    return f ? (int)f->tid : -1;
}

int omp_get_team_size(int level)
{
    const struct gompx_frame *f = ancestor(level);

    return f ? (int)f->nthreads : -1;
}

int omp_get_num_teams(void)
{
    return (int)ancestor(0)->num_teams;
}

int omp_get_team_num(void)
{
    return (int)ancestor(0)->team_num;
}

int omp_in_final(void)
{
    return (gompx_frame_get()->task->flags & GOMPX_TASK_FINAL) != 0;
}

int omp_in_explicit_task(void)
{
    return (gompx_frame_get()->task->flags & GOMPX_TASK_EXPLICIT) != 0;
}

int omp_get_supported_active_levels(void)
{
    return LEVELS_MAX;
}

/* ---- control variables of the task ---- */

void omp_set_num_threads(int n)
{
    icvs_own()->nthreads = n > 0 ? (uint32_t)n : 1;
}

void omp_set_dynamic(int on)
{
    icvs_own()->dynamic = on != 0;
}

int omp_get_dynamic(void)
{
    return icvs()->dynamic;
}

void omp_set_nested(int on)
{
    if (on)
        icvs_own()->max_active_levels = LEVELS_MAX;
    else if (icvs()->max_active_levels > 1)
        icvs_own()->max_active_levels = 1;
}

int omp_get_nested(void)
{
    const struct gompx_frame *f = gompx_frame_get();
    uint32_t levels = gompx_icvs(f)->max_active_levels;

    return levels > 1 && levels > f->active_level;
}

void omp_set_max_active_levels(int n)
{
    if (n >= 0)
        icvs_own()->max_active_levels = (uint8_t)(n < LEVELS_MAX ? n : LEVELS_MAX);
}

int omp_get_max_active_levels(void)
{
    return icvs()->max_active_levels;
}

/* `auto` leaves the chunk size alone; an unknown kind leaves all alone. */
void omp_set_schedule(unsigned kind, int chunk)
{
    unsigned plain = kind & ~GOMPX_SCHED_MONOTONIC;
    struct gompx_icvs *own;

    if (plain < GOMPX_SCHED_STATIC || plain > GOMPX_SCHED_AUTO)
        return;
    own = icvs_own();
    own->sched_kind = kind;
    if (plain != GOMPX_SCHED_AUTO)
        own->sched_chunk = chunk > 0 ? chunk : plain == GOMPX_SCHED_STATIC ? 0 : 1;
}

void omp_get_schedule(unsigned *kind, int *chunk)
{
    const struct gompx_icvs *icv = icvs();

    *kind = icv->sched_kind;
    *chunk = icv->sched_chunk < INT_MAX ? (int)icv->sched_chunk : INT_MAX;
}

int omp_get_thread_limit(void)
{
    return to_int(icvs()->thread_limit);
}

int omp_get_proc_bind(void)
{
    return icvs()->bind;
}

/* ---- control variables of the process ---- */

int omp_get_cancellation(void)
{
    return globals()->cancellation;
}

int omp_get_max_task_priority(void)
{
    return globals()->max_task_priority;
}

void omp_set_num_teams(int n)
{
    if (n >= 0)
        __atomic_store_n(&globals()->num_teams, n, __ATOMIC_RELAXED);
}

int omp_get_max_teams(void)
{
    return __atomic_load_n(&globals()->num_teams, __ATOMIC_RELAXED);
}

void omp_set_teams_thread_limit(int n)
{
    if (n >= 0)
        __atomic_store_n(&globals()->teams_thread_limit, n, __ATOMIC_RELAXED);
}

int omp_get_teams_thread_limit(void)
{
    return __atomic_load_n(&globals()->teams_thread_limit, __ATOMIC_RELAXED);
}

void omp_display_env(int verbose)
{
    gompx_frame_get();
    gompx_display_env(verbose != 0);
}

/* ---- dimensions: 0 is the only one, the others have extent 1 ---- */

int omp_get_num_teams_dim(int dim)
{
    return dim == 0 ? omp_get_num_teams() : 1;
}

int omp_get_team_num_dim(int dim)
{
    return dim == 0 ? omp_get_team_num() : 0;
}

int omp_get_num_threads_dim(int dim)
{
    return dim == 0 ? omp_get_num_threads() : 1;
}

int omp_get_thread_num_dim(int dim)
{
    return dim == 0 ? omp_get_thread_num() : 0;
}

int omp_get_thread_limit_dim(int dim)
{
    return dim == 0 ? omp_get_thread_limit() : 1;
}

int omp_get_supported_active_league_dims(int dev, int native)
{
    (void)dev;
    (void)native;
    return 1;
}

int omp_get_supported_active_team_dims(int dev, int native)
{
    (void)dev;
    (void)native;
    return 1;
}

int omp_get_supported_teams_dim(int dev, int dim)
{
    return !gompx_device_names_host(dev) ? -1 : dim == 0 ? INT_MAX : 1;
}

int omp_get_supported_threads_dim(int dev, int dim)
{
    return !gompx_device_names_host(dev) ? -1 : dim == 0 ? INT_MAX : 1;
}
