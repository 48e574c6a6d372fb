/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads, and where each of them stands: the thread-local anchor, the thread, the frame.
 *
 *   frame    one thread's view of one region: its number, its levels, its current task, its private counters.  A region
 *            with a team has one frame per member; a region of one thread has one and no team; every thread that the
 *            program made itself stands in a root frame of level 0 while it is in no region.  Teams of a league and target
 *            regions have frames of level 0 as well (runtime/initial.h).
 *   thread   one POSIX thread that met a construct: a host thread (the program's) or a worker (ours).
 *   team     the threads of one region (runtime/team.h).
 *
 * An entry point reads the thread-local anchor once and passes the frame down. */
#ifndef GOMPX_RUNTIME_THREAD_H
#define GOMPX_RUNTIME_THREAD_H

#include "runtime/bind.h"
#include "runtime/cancel.h"
#include "runtime/task.h"
#include "runtime/taskqueue.h"
#include "runtime/workshare.h"
#include "sync/wait.h"

struct gompx_team;
struct gompx_thread;

struct gompx_frame {
    struct gompx_team *team;            /* NULL: one thread */
    struct gompx_thread *self;
    struct gompx_task *task;            /* the current task, &implicit or an explicit one */
    struct gompx_frame *outer;          /* the encountering frame; NULL at level 0 and in workers: gompx_frame_outer() */
    uint32_t tid, nthreads;
    uint32_t level, active_level;
    /* Tasks (runtime/phase.h); of a region with a team. */
    struct gompx_member *members;       /* of the team; */
    struct gompx_member *member;        /* its own one */
    uint32_t phase;                     /* name of the phase */
    uint32_t opened;                    /* the last one in which the member has pushed a task */
    uint32_t executed_n;                /* tasks completed and not yet reported */
    _Atomic uint32_t unfulfilled;       /* of a region without a team: detached tasks << 1 | WAITER (runtime/detach.h) */
    /* Private counters of this member, equal in all members at equal points of the program. */
    uint32_t target;                    /* arrival count of the last barrier passed (sync/barrier.h) */
    uint32_t single_n;                  /* single constructs met */
    uint32_t single_seen;               /* so many had been won when this thread looked last */
    bool single_won;                    /* this thread executed the last one (a guess for the next) */
    bool copy_executor;                 /* the same of single copyprivate */
    uint8_t mode;                       /* enum gompx_barrier_mode of the team, as this member has been told (runtime/cluster.h) */
    uint32_t ws_seq, ws_limit;          /* work shares with a slot: met so far; first number whose slot may be in use */
    uint32_t steal_seq;                 /* stealing loops met */
    uint32_t cancelled;                 /* a region or construct of one thread: enum gompx_cancel_kind bits */
    bool spare;                         /* of one thread, and from gompx_thread.spare */
    /* Valid in frames of level 0. */
    uint32_t team_num, num_teams;       /* league */
    struct gompx_frame *under;          /* the frame that goes on after this initial task (runtime/initial.h), or NULL */
    _Atomic uint32_t *group_busy;       /* threads of its contention group, kept only under a thread limit */
    struct gompx_loop loop;             /* the work share this thread is in */
    struct gompx_task implicit;
    struct gompx_icvs own_icvs;         /* room for those of `implicit` */
    struct gompx_icvs level_icvs;       /* ICVs of a region whose level has list elements of its own; else unused */
};

struct gompx_tls {
    struct gompx_frame *frame;          /* NULL: a thread that has not met us yet */
    int tid, nthreads;                  /* of the frame; right (0, 1) even before there is one */
};

extern __thread struct gompx_tls gompx_tls __attribute__((visibility("hidden")));

enum { GOMPX_HOT_LEVELS = 8 };          /* teams kept per thread; deeper ones are dissolved at their end */

struct gompx_thread {
    /* Line 0.  Private to the thread. */
    alignas(GOMPX_CACHE_LINE) struct gompx_waiter waiter;
    unsigned depth;                     /* active regions of which this thread is now the primary */
    bool is_worker;
    struct gompx_team *hot[GOMPX_HOT_LEVELS];   /* the team this thread leads at each depth; kept between regions */
    struct gompx_frame *spare;          /* a frame for GOMP_parallel_start regions of one thread */
    struct gompx_slot serial_slot;      /* team memory of constructs that this thread meets alone; its words are unused */
    struct gompx_task_local tasks;      /* runtime/task.h */
    struct gompx_taskqueue queue;       /* tasks that are ready, of regions without a team */
    struct gompx_frame root;            /* level 0; of a host thread */
    /* A worker's place; written by the master that leases it while the worker is parked, read after. */
    struct gompx_team *team;
    unsigned tid;
    uint32_t drain;                     /* what the pool's was when the lease began */
    uint64_t seen;                      /* the bell's word when the lease began */
    uint32_t shape;                     /* of the team, when join_target was taken from it; 0: never */
    uint32_t join_target;               /* of the last region (runtime/team.h); advanced by each member alike */
    struct gompx_thread *next;          /* in a list of the pool, under its lock */
    struct gompx_bound bound;           /* its place and mask (runtime/bind.h) */
    /* Line P.  Written by the owner and by whoever wakes it (sync/bell.h). */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t park;
    _Atomic uint32_t nap;               /* it sleeps for want of tasks (sync/nap.h) */
    /* Task records; they outlast the thread, as its object does. */
    struct gompx_slab slab;
    /* Contention group of a host thread: threads in its teams, kept only under a thread limit. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t group_busy;
};

/* Makes the calling thread known: a host thread at level 0.  Returns its root frame. */
struct gompx_frame *gompx_thread_adopt(void) GOMPX_COLD;

/* The calling thread's frame; never NULL. */
static inline struct gompx_frame *gompx_frame_get(void)
{
    struct gompx_frame *f = gompx_tls.frame;

    return gompx_likely(f != NULL) ? f : gompx_thread_adopt();
}

/* Makes `f` the calling thread's current frame. */
static inline void gompx_frame_set(struct gompx_frame *f)
{
    struct gompx_tls *tls = &gompx_tls;

    tls->frame = f;
    tls->tid = (int)f->tid;
    tls->nthreads = (int)f->nthreads;
}

/* The frame in which the region of `f` was met; NULL at level 0.  For a worker, that is a frame of another thread, which
 * stands still: it may be read, not written. */
struct gompx_frame *gompx_frame_outer(const struct gompx_frame *f);

/* The frame of the ancestor at `level` (0 ... f->level). */
const struct gompx_frame *gompx_frame_ancestor(const struct gompx_frame *f, uint32_t level);

/* single: true for exactly one thread per construct. */
static inline bool gompx_single(struct gompx_frame *f)
{
    return !f->team || gompx_single_shared(f);
}

/* The thread's ICVs for reading. */
static inline const struct gompx_icvs *gompx_icvs(const struct gompx_frame *f)
{
    return f->task->icv;
}

/* A new thread object, zeroed; recycled ones first. */
struct gompx_thread *gompx_thread_new(bool is_worker);
/* Gives its teams up and puts the object away for reuse.  The calling thread's own, or one that never ran. */
void gompx_thread_free(struct gompx_thread *self);

/* Dissolves the teams that the calling thread keeps; not those of regions it is in. */
void gompx_thread_drop_teams(struct gompx_thread *self);

/* Sets up the key by which the end of a host thread is noticed.  Once, from the constructor. */
void gompx_thread_init(void);

/* In a forked child: `self` is the only thread left. */
void gompx_thread_forked(void);

#endif
