/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Workers: their birth, their life between two teams, their end.
 *
 * A worker belongs to a team (self->team, self->tid) or lies on the idle list; `team` changes only under the pool's lock.
 * An idle worker sleeps on its park word.  Who leases it sets `team` and then the word; since a master that gives up its
 * team may set the word of a worker that has moved on, a woken worker believes `team` and not the word. */
#include "runtime/pool.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/icv.h"
#include "sync/lock.h"

static struct {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t lock;    /* GOMPX_RANK_POOL; guards all below */
    struct gompx_thread *idle, *unused_threads;
    struct gompx_team *unused_teams;
    _Atomic uint32_t drain;                             /* raised by gompx_pool_drain(): workers of before end, once they are idle */
    unsigned hosts;                                     /* threads of the program that have teams or may get them */
    bool warned;
    unsigned born;                                      /* workers that have begun */
} pool;

static void idle_remove(struct gompx_thread *self)
{
    struct gompx_thread **p = &pool.idle;

    while (*p && *p != self)
        p = &(*p)->next;
    if (*p)
        *p = self->next;
}

/* Nobody but idle workers is left, perhaps: they must not keep the process alive, but a program may also be between two
 * threads of its own. */
enum { LAST_IDLE_MS = 100 };

static long idle_limit_locked(void)
{
    return pool.hosts == 0 && gompx_globals.pool_idle_ms > LAST_IDLE_MS ? LAST_IDLE_MS : (long)gompx_globals.pool_idle_ms;
}

/* Lies down until leased (true), or until nobody has wanted this worker for the time set (false: it is off the list). */
static bool worker_rest(struct gompx_thread *self)
{
    gompx_lock(&pool.lock);
    self->team = NULL;
    self->next = pool.idle;
    pool.idle = self;
    while (self->drain == gompx_load_rlx(&pool.drain)) {
        long ms = idle_limit_locked();

        gompx_xchg_sc(&self->park, GOMPX_PARK_ARMED);   /* under the lock: a lease comes after */
        gompx_unlock(&pool.lock);
        gompx_wait_busy(-1);
        bool in_time = gompx_park_wait(&self->park, ms);
        gompx_wait_busy(+1);
        gompx_lock(&pool.lock);
        if (self->team || !in_time)
            break;
    }
    bool leased = self->team != NULL;
    if (!leased)
        idle_remove(self);
    gompx_unlock(&pool.lock);
    return leased;
}

static void worker_serve(struct gompx_thread *self)
{
    struct gompx_team *team = self->team;
    uint64_t seen = self->seen;

    gompx_team_worker_prepare(self);
    gompx_waiter_move(&self->waiter);
    for (;;) {
        uint64_t word = gompx_bell_wait(&team->bell, self->tid, seen, &self->park, &self->waiter);
        if (word & GOMPX_BELL_EXIT)
            break;
        if (gompx_likely(!gompx_bell_same_ring(word, seen)))
            word = gompx_team_work(self, team, word);
        else
            gompx_team_called(self);
        seen = word;
    }
    gompx_thread_drop_teams(self);
    gompx_team_left(team);
}

/* For top, gdb and the like: gompx-1 is the first worker of the process. */
static void worker_name(void)
{
    char name[16];                                      /* the kernel's limit */
    unsigned number;

    gompx_lock(&pool.lock);
    number = ++pool.born;
    gompx_unlock(&pool.lock);
    snprintf(name, sizeof name, "gompx-%u", number % 1000000000);
    pthread_setname_np(pthread_self(), name);           /* a failure is harmless */
}

static void *worker_main(void *arg)
{
    struct gompx_thread *self = arg;

    worker_name();
    do
        worker_serve(self);
    while (worker_rest(self));
    gompx_wait_busy(-1);
    gompx_tls.frame = NULL;
    gompx_thread_free(self);
    return NULL;
}

/* 0, or the errno of pthread_create(). */
static int worker_create(struct gompx_thread *self)
{
    pthread_attr_t attr;
    int error;

    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    if (gompx_globals.stacksize)
        pthread_attr_setstacksize(&attr, gompx_globals.stacksize);     /* validated when it was parsed */
    error = pthread_create(&self->bound.id, &attr, worker_main, self);
    pthread_attr_destroy(&attr);
    return error;
}

static void creation_failed(int error, unsigned got)
{
    bool first;

    gompx_lock(&pool.lock);
    first = !pool.warned;
    pool.warned = true;
    gompx_unlock(&pool.lock);
    if (first)
        gompx_warn("Thread creation failed: %s; using a team of %u", strerror(error), got);
}

static void seat(struct gompx_thread *w, struct gompx_team *team, unsigned tid)
{
    team->worker[tid] = w;
    w->tid = tid;
    w->shape = 0;
    w->drain = gompx_load_rlx(&pool.drain);            /* relaxed: as good as before it was raised */
    w->seen = gompx_load_rlx(&team->bell) & ~(uint64_t)GOMPX_SLEEP;
    w->team = team;
}

static struct gompx_thread *idle_lease(struct gompx_team *team, unsigned tid)
{
    struct gompx_thread *w;

    gompx_lock(&pool.lock);
    w = pool.idle;
    if (w) {
        pool.idle = w->next;
        w->bound.leased = true;
        seat(w, team, tid);
    }
    gompx_unlock(&pool.lock);
    if (w)
        gompx_park_run(&w->park);                       /* ARMED since it is on the list, or about to look at `team` */
    return w;
}

unsigned gompx_pool_take(struct gompx_team *team, unsigned from, unsigned to)
{
    for (unsigned tid = from; tid < to; tid++) {
        if (idle_lease(team, tid))
            continue;
        struct gompx_thread *w = gompx_thread_new(true);
        seat(w, team, tid);
        gompx_wait_busy(+1);
        int error = worker_create(w);
        if (error) {
            gompx_wait_busy(-1);
            w->team = NULL;
            gompx_thread_free(w);
            creation_failed(error, tid);
            return tid;
        }
    }
    return to;
}

struct gompx_team *gompx_pool_team_get(void)
{
    struct gompx_team *team;

    gompx_lock(&pool.lock);
    team = pool.unused_teams;
    if (team)
        pool.unused_teams = team->next;
    gompx_unlock(&pool.lock);
    return team ? team : gompx_lines_alloc(sizeof *team);
}

void gompx_pool_team_put(struct gompx_team *team)
{
    gompx_lock(&pool.lock);
    team->next = pool.unused_teams;
    pool.unused_teams = team;
    gompx_unlock(&pool.lock);
}

struct gompx_thread *gompx_pool_thread_get(void)
{
    struct gompx_thread *thread;

    gompx_lock(&pool.lock);
    thread = pool.unused_threads;
    if (thread)
        pool.unused_threads = thread->next;
    gompx_unlock(&pool.lock);
    return thread;
}

void gompx_pool_thread_put(struct gompx_thread *thread)
{
    gompx_lock(&pool.lock);
    thread->next = pool.unused_threads;
    pool.unused_threads = thread;
    gompx_unlock(&pool.lock);
}

static void idle_wake_locked(void)
{
    for (struct gompx_thread *w = pool.idle; w; w = w->next)
        gompx_park_run(&w->park);
}

void gompx_pool_drain(void)
{
    gompx_lock(&pool.lock);
    gompx_store_rlx(&pool.drain, gompx_load_rlx(&pool.drain) + 1);
    idle_wake_locked();
    pool.idle = NULL;                                   /* nobody leases them any more */
    gompx_unlock(&pool.lock);
}

void gompx_pool_host_begins(void)
{
    gompx_lock(&pool.lock);
    pool.hosts++;
    gompx_unlock(&pool.lock);
}

void gompx_pool_host_ends(void)
{
    gompx_lock(&pool.lock);
    if (--pool.hosts == 0)
        idle_wake_locked();                             /* they lie down again, for a shorter time */
    gompx_unlock(&pool.lock);
}

void gompx_pool_fork_prepare(void)
{
    gompx_lock(&pool.lock);
}

void gompx_pool_fork_parent(void)
{
    gompx_unlock(&pool.lock);
}

/* The idle workers do not exist here; their objects are as good as new once nobody waits on them. */
void gompx_pool_fork_child(void)
{
    pool.idle = NULL;
    pool.hosts = gompx_tls.frame != NULL && !gompx_tls.frame->self->is_worker;
    gompx_store_rlx(&pool.lock, GOMPX_LOCK_FREE);       /* held by the thread that forked, which is the only one */
}
