/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Binding threads to places.  Source: OpenMP 5.2, section 10.1.3, and affinity/assign.c for what that leaves open.
 *
 * When a team is made, or is to run under another policy, with another number of threads or from another seat of its
 * primary thread than last time, its primary deals the places out again and moves the threads whose place has changed; in
 * all other regions nothing is done.  Whoever leads teams:
 *   - a thread of the program takes a seat when it meets its first region, on the first place that it can reach.  What its
 *     mask does not allow is not dealt to its teams either.  Exception: a mask that gompx itself gave to some thread has
 *     been inherited from that thread's creator; it does not limit, but says where the thread sits.
 *   - a worker that meets a region sits where its team has put it.
 * A mask that somebody else has changed since gompx set it is left alone from then on (`loose`).
 * Nothing here is called, and no thread is touched, while OMP_PROC_BIND is false, but for one thing: a worker that changes
 * teams through the pool gets the mask of its new primary, as a new thread would. */
#ifndef GOMPX_RUNTIME_BIND_H
#define GOMPX_RUNTIME_BIND_H

#include <pthread.h>

#include "affinity/domain.h"
#include "runtime/icv.h"

struct gompx_frame;
struct gompx_team;
struct gompx_thread;

/* What is known of a thread's mask.  Of a host thread: private.  Of a worker: of its primary between regions, as its seat
 * in the team is. */
struct gompx_bound {
    const struct gompx_domain *domain;  /* NULL: it was never given a place */
    unsigned place;                     /* index in the domain, or GOMPX_DOMAIN_NONE */
    bool loose;                         /* its mask is not what gompx gave to it */
    bool leased;                        /* from the pool, and its mask has not been looked at since */
    pthread_t id;                       /* of a worker; set by its maker */
};

/* How a team is dealt out; its primary writes between regions, members read. */
struct gompx_binding {
    const struct gompx_domain *domain;
    enum gompx_bind policy;
    unsigned clause;                    /* the policy of the region's proc_bind clause, or 0 */
    unsigned nthreads;                  /* 0: never dealt */
    struct gompx_seat primary;          /* of the primary thread in the region around */
    unsigned capacity;
    bool crowded;                       /* fewer CPUs than threads */
    struct gompx_seat seat[];           /* by thread number; .place == GOMPX_DOMAIN_NONE: not bound */
};

/* Where a thread is, and what its own teams may use. */
struct gompx_where {
    const struct gompx_domain *domain;
    struct gompx_seat seat;             /* .count == 0: nowhere */
};

/* Whether this process binds threads.  Never changes. */
static inline bool gompx_bind_on(void)
{
    return gompx_globals.icvs.bind != GOMPX_BIND_FALSE;
}

/* The policy of a region's proc_bind clause, from the ABI's flags; 0: none, or binding is off. */
static inline unsigned gompx_bind_clause(unsigned flags)
{
    return gompx_bind_on() ? flags & 7 : 0;
}

/* With binding, for each region: true if the team that the thread of `outer` is about to launch is dealt out as this region
 * wants it.  `clause`: the ABI's flags. */
bool gompx_bind_same(struct gompx_team *team, const struct gompx_frame *outer, unsigned clause);

/* It is not, or has a new size; workers from number `leased_from` on are new to it. */
void gompx_bind_team(struct gompx_team *team, struct gompx_frame *outer, unsigned clause, unsigned leased_from);

/* The ICVs with which the implicit tasks of a region met in `outer` start, where its level has something of its own
 * (gompx_globals.own_levels): the encountering task's, but with the elements of OMP_NUM_THREADS and OMP_PROC_BIND for the new
 * level, or else the policy of the clause.  `f`, the primary's frame, may keep them. */
const struct gompx_icvs *gompx_bind_icvs(struct gompx_frame *f, const struct gompx_frame *outer, unsigned clause);

/* The same for a region of one thread, of frame `f`, which is about to begin; and a host thread takes its seat if it has none,
 * unless `clause` has GOMPX_BIND_LATER. */
enum { GOMPX_BIND_LATER = 8 };
void gompx_bind_serial(struct gompx_frame *f, const struct gompx_frame *outer, unsigned clause);

/* The seat of `f`'s thread, in the region of `f`.  A host thread that has met no region yet has the seat that it would
 * take now; that costs a system call.  Only while binding is on. */
struct gompx_where gompx_bind_where(const struct gompx_frame *f);

#endif
