/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Teams.  One per thread that leads regions and per depth of its own nesting; kept ("hot") from region to region.
 *
 * Who does what when:
 *   - The primary writes line 0 and rings the bell; the workers read it and go.  A worker's private counters start from
 *     the bases found there, so the primary never writes a line of a worker.  The workers poll line 0, so each store into
 *     it may cost a transfer: the primary stores only what is not there already, for a region like the last one nothing
 *     but the bell.
 *   - A worker that is done arrives at `join` and goes back to the bell: the next ring is its release.  Only the primary
 *     waits.  Hence one broadcast and one gather per region.
 *   - Line 0 may be read by members until they have arrived at the join, and is not written before all have.
 *   - Workers of a larger, earlier team stay on the bench (sync/bell.h); they cost a smaller region nothing.
 * Memory: type-stable.  Late workers may still look at the bell of a team that was given up. */
#ifndef GOMPX_RUNTIME_TEAM_H
#define GOMPX_RUNTIME_TEAM_H

#include "runtime/detach.h"
#include "runtime/taskqueue.h"
#include "runtime/thread.h"
#include "sync/barrier.h"
#include "sync/bell.h"
#include "sync/nap.h"

enum { GOMPX_IDLE_WORDS = 16 };

enum gompx_team_flags {
    GOMPX_TEAM_LOOP = 1,                /* members begin inside the work share described by `first` */
    GOMPX_TEAM_SECTIONS = 2,
    GOMPX_TEAM_GROUP = 4,               /* members begin inside the taskgroup `group` */
    GOMPX_TEAM_DISPLAY = 8,             /* members begin by saying where they run, one after the other */
    GOMPX_TEAM_DEALT = 16,              /* members have new places, or must share CPUs: binding->crowded tells which */
};

struct gompx_team {
    /* Line 0.  The primary writes before ringing; members read inside the region. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t bell;
    void (*fn)(void *);
    void *data;
    const struct gompx_icvs *icv;
    uint32_t bar_base;                  /* arrival count at which the region starts */
    uint32_t single_base, ws_base, steal_base;
    uint32_t levels;                    /* active level << 16 | level */
    uint32_t flags;
    uint32_t shape;                     /* changes when the members do: then they take `mode`, and `join_base` as their join target */
    /* Lines 1 to 3: barriers.  Lines 4 to 6: the join of the workers; the primary polls. */
    struct gompx_barrier barrier;
    struct gompx_barrier join;
    /* Line 7.  Cancellation; written when it happens. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t ws_cancel;   /* `target` of the threads whose work share is cancelled, or 1 */
    /* Line 8.  Sleeping members, bit i mod 1024 each: two that share a bit may miss a wake-up that is only an offer. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t idle[GOMPX_IDLE_WORDS];
    _Atomic uint32_t dozing;            /* members that sleep for want of tasks, in that set or not */
    /* Line 9.  Tasks that any member may take, and counts that any thread changes; both rare. */
    alignas(GOMPX_CACHE_LINE) struct gompx_taskqueue queue;
    _Atomic uint64_t fulfilled;
    _Atomic uint32_t joined;            /* the called phase in which the primary has arrived at the join, or 0 */
    /* Line 10.  Written between regions; read-mostly. */
    alignas(GOMPX_CACHE_LINE) struct gompx_frame *outer;
    struct gompx_thread *primary;
    uint32_t join_target;               /* of the last region; the primary's */
    uint32_t join_base;                 /* what it was when `shape` changed */
    struct gompx_thread **worker;       /* [0] unused; [1 ... staffed) */
    struct gompx_member *member;        /* [0 ... capacity) */
    unsigned nthreads;                  /* of the last region */
    unsigned fit;                       /* so many threads may start at once; 0: binding is on, see gompx_bind_same() */
    struct gompx_binding *binding;      /* NULL while binding is off; the team's own (runtime/bind.h) */
    unsigned staffed, capacity;         /* threads incl. the primary that the team has, and has room for */
    unsigned unbench_from;              /* != 0: the next ring means benched workers from this number on */
    enum gompx_barrier_mode mode;       /* of barrier and join (runtime/cluster.h) */
    bool young;                         /* some worker has not run yet */
    bool undisplayed;                   /* reshaped, and OMP_DISPLAY_AFFINITY has not shown it */
    _Atomic uint32_t display_turn;      /* number of the thread that displays next */
    _Atomic uint32_t *group_busy;       /* contention group's count, or NULL without a thread limit */
    struct gompx_taskgroup *group;
    struct gompx_loop_args first;
    uint32_t sections;
    _Atomic uint32_t leaving;           /* EXIT was rung: workers that still have to leave */
    struct gompx_tree_place *place;     /* [0 ... placed): where the members are (runtime/cluster.c), or NULL */
    unsigned placed;
    struct gompx_team *next;            /* in the list of unused teams, under the pool's lock */
    /* The primary's frame while a region runs. */
    alignas(GOMPX_CACHE_LINE) struct gompx_frame frame;
    struct gompx_slot slots[GOMPX_SLOTS];
};

/* The team of `nthreads` > 1 that the thread of `outer` leads at its present depth; makes or reshapes it, and binds its
 * threads (`clause`: see gompx_bind_team()).  The result may be smaller than asked for (1: none, the pointer is NULL) when
 * the system gives no more threads. */
struct gompx_team *gompx_team_acquire(struct gompx_frame *outer, unsigned nthreads, unsigned clause);

/* Starts fn(data) on the workers and puts the calling thread into the region as thread 0. */
void gompx_team_launch(struct gompx_team *team, struct gompx_frame *outer, void (*fn)(void *), void *data);

/* Thread 0 leaves the region: waits for the workers and returns to the outer frame. */
void gompx_team_join(struct gompx_team *team);

/* A worker (self->root is its frame, prepared) takes its seat in the region published by `word`, runs it, arrives at the
 * join, and prepares its frame for the next one.  The result is the bell's word as it was last seen, of the same ring. */
uint64_t gompx_team_work(struct gompx_thread *self, struct gompx_team *team, uint64_t word);
void gompx_team_worker_prepare(struct gompx_thread *self);

/* A worker at the bell was called: if the region still has tasks, helps with them. */
void gompx_team_called(struct gompx_thread *self) GOMPX_COLD;

/* Sends the workers away; the team goes back to the pool when the last has left.  By its primary, outside its regions. */
void gompx_team_dissolve(struct gompx_team *team);

/* A worker has seen EXIT and reads nothing of the team any more. */
void gompx_team_left(struct gompx_team *team);

/* A region of one thread with this proc_bind clause (gompx_bind_serial(); 0: none): sets up `f`; the caller makes it current. */
void gompx_frame_serial(struct gompx_frame *f, struct gompx_frame *outer, unsigned clause);

void gompx_team_barrier_pass(struct gompx_frame *f);

/* A barrier of the whole team; all tasks are complete when it is over. */
static inline void gompx_team_barrier(struct gompx_frame *f)
{
    if (f->team)
        gompx_team_barrier_pass(f);
    else
        gompx_detach_wait_region(f);
}

/* The same in a cancellable region: true if the region has been cancelled. */
bool gompx_team_barrier_cancel(struct gompx_frame *f);

#endif
