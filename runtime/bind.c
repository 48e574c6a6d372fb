/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Dealing seats to a team, and giving threads the masks that go with them. */
#include "runtime/bind.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/affinity.h"
#include "runtime/team.h"

/* All domains in use.  Two threads with one mask share one; there are as many as the program gives different masks to its
 * threads that meet regions. */
static struct {
    const struct gompx_domain *_Atomic newest;
    const struct gompx_domain *_Atomic whole;   /* limit: the process's mask at start */
    _Atomic uint32_t warned;
} binding;

/* ---- domains ---- */

static const struct gompx_domain *domain_search(const struct gompx_cpuset *limit, const struct gompx_domain *from,
                                                const struct gompx_domain *to)
{
    for (; from != to; from = from->next)
        if (gompx_cpuset_equal(&from->limit, limit))
            return from;
    return NULL;
}

/* Of several threads that need the same new domain at once the first to install it wins. */
static const struct gompx_domain *domain_of_limit(const struct gompx_cpuset *limit)
{
    const struct gompx_domain *seen = gompx_load_acq(&binding.newest), *found = domain_search(limit, seen, NULL), *newest;
    struct gompx_domain *made;

    if (found)
        return found;
    made = gompx_domain_new(gompx_icv_places(), limit);
    for (newest = seen;;) {
        made->next = newest;
        if (gompx_cas_ar(&binding.newest, &newest, made))   /* acq_rel: pairs with the loads of others, and with itself */
            return made;
        found = domain_search(limit, newest, seen);
        if (found) {
            gompx_domain_free(made);
            return found;
        }
        seen = newest;
    }
}

static const struct gompx_domain *domain_whole(void)
{
    const struct gompx_domain *whole = gompx_load_acq(&binding.whole);

    if (!whole) {
        whole = domain_of_limit(gompx_icv_mask());
        gompx_store_rel(&binding.whole, whole);         /* the same whoever stores it */
    }
    return whole;
}

static const struct gompx_domain *domain_of_mask(const struct gompx_cpuset *mask)
{
    const struct gompx_domain *whole = domain_whole();

    return gompx_cpuset_within(&whole->limit, mask) ? whole : domain_of_limit(mask);
}

/* The domain and index of the used place that has just this mask: false, none has. */
static bool domain_inherited(const struct gompx_cpuset *mask, const struct gompx_domain **domain, unsigned *index)
{
    for (const struct gompx_domain *d = gompx_load_acq(&binding.newest); d; d = d->next) {
        unsigned i = gompx_domain_match(d, mask);

        if (i != GOMPX_DOMAIN_NONE) {
            *domain = d;
            *index = i;
            return true;
        }
    }
    return false;
}

/* ---- masks ---- */

static void failed(int error, const struct gompx_cpuset *mask)
{
    uint32_t no = 0;
    char cpus[64];

    if (!gompx_cas_rlx(&binding.warned, &no, 1))
        return;
    gompx_cpuset_text(cpus, sizeof cpus, mask);
    gompx_warn("Cannot bind a thread to CPUs %s: %s; threads that cannot be bound stay where they are", cpus, strerror(error));
}

/* Sets the mask of a thread that has none of ours, or another one. */
static void bound_set(struct gompx_bound *b, pthread_t id, const struct gompx_domain *domain, unsigned index)
{
    struct gompx_cpuset mask;
    int error;

    b->domain = domain;
    b->place = index;
    gompx_domain_mask(domain, index, &mask);
    if (gompx_cpuset_next(&mask, 0) == GOMPX_CPU_NONE)
        return;                                         /* the kernel does not tell which CPUs there are */
    GOMPX_COUNT_SYSCALL();
    error = gompx_cpuset_give(id, &mask);
    b->loose = error != 0;
    if (error)
        failed(error, &mask);
    else if (index != GOMPX_DOMAIN_NONE)
        gompx_store_rlx(&domain->used[index], 1);
}

/* Somebody else has set the mask since bound_set(). */
static bool bound_altered(const struct gompx_bound *b, const struct gompx_cpuset *now)
{
    struct gompx_cpuset mask;

    gompx_domain_mask(b->domain, b->place, &mask);
    return !gompx_cpuset_equal(now, &mask);
}

/* A worker's seat in its team: true if it had to move. */
static bool worker_seat(struct gompx_bound *b, const struct gompx_domain *domain, unsigned index)
{
    bool leased = b->leased;
    struct gompx_cpuset now;

    b->leased = false;
    if (b->domain == domain && b->place == index && !(leased && b->loose))
        return false;
    if (b->domain && !b->loose && !leased) {
        GOMPX_COUNT_SYSCALL();
        b->loose = gompx_cpuset_take(b->id, &now) == 0 && bound_altered(b, &now);
    }
    if (b->loose && !leased) {
        b->domain = domain;
        b->place = index;
        return false;
    }
    bound_set(b, b->id, domain, index);
    return true;
}

/* ---- threads of the program ---- */

/* What the calling thread's mask makes of `b`, which is its own: as the opening of runtime/bind.h says.  Changes nothing. */
static struct gompx_bound host_judge(const struct gompx_bound *b)
{
    struct gompx_bound host = *b;
    struct gompx_cpuset now;

    GOMPX_COUNT_SYSCALL();
    if (!gompx_cpuset_current(&now))
        now = *gompx_icv_mask();
    if (b->domain && !b->loose && !bound_altered(b, &now))
        return host;
    host.domain = domain_of_mask(&now);
    if (!b->domain && host.domain != domain_whole() && domain_inherited(&now, &host.domain, &host.place))
        return host;
    host.loose = b->domain != NULL;
    host.place = host.domain->count > 0 ? 0 : GOMPX_DOMAIN_NONE;
    if (host.domain->count > 0 && b->domain && b->place != GOMPX_DOMAIN_NONE) {
        unsigned same = gompx_domain_find(host.domain, b->domain->number[b->place]);

        host.place = same != GOMPX_DOMAIN_NONE ? same : 0;
    }
    return host;
}

/* The calling thread takes a seat, or finds out what has become of it. */
static void host_seat(struct gompx_thread *self)
{
    struct gompx_bound host = host_judge(&self->bound);
    bool first = !self->bound.domain;

    self->bound = host;
    if (first && host.place != GOMPX_DOMAIN_NONE)
        bound_set(&self->bound, pthread_self(), host.domain, host.place);
}

/* The whole process has been narrowed to just the place where the primary sits, so that its own mask does not show it: all
 * workers that gompx had put elsewhere have that mask now. */
static bool host_confined(const struct gompx_thread *self, const struct gompx_team *team, unsigned staffed)
{
    struct gompx_cpuset mine, now;
    bool confined = false;

    if (self->bound.loose || self->bound.place == GOMPX_DOMAIN_NONE)
        return false;
    gompx_domain_mask(self->bound.domain, self->bound.place, &mine);
    for (unsigned tid = 1; tid < staffed; tid++) {
        const struct gompx_bound *b = &team->worker[tid]->bound;

        if (b->leased || !b->domain || !bound_altered(b, &mine))
            continue;
        GOMPX_COUNT_SYSCALL();
        if (gompx_cpuset_take(b->id, &now) != 0 || !gompx_cpuset_equal(&now, &mine))
            return false;
        confined = true;
    }
    return confined;
}

/* ---- seats ---- */

static struct gompx_where where_bound(const struct gompx_bound *b)
{
    return (struct gompx_where){ b->domain, { .place = b->place, .first = 0, .count = b->domain->count } };
}

/* The innermost team around `f` that its thread is in: that of a region of one thread is the one around.  NULL: none, the
 * thread sits where it is. */
static const struct gompx_frame *frame_dealt(const struct gompx_frame *f)
{
    for (const struct gompx_frame *g = f; g && g->self == f->self; g = g->outer)
        if (g->team)
            return g;
    return NULL;
}

struct gompx_where gompx_bind_where(const struct gompx_frame *f)
{
    const struct gompx_frame *dealt = frame_dealt(f);
    struct gompx_bound host;

    if (dealt)
        return (struct gompx_where){ dealt->team->binding->domain, dealt->team->binding->seat[dealt->tid] };
    if (f->self->bound.domain)
        return where_bound(&f->self->bound);
    host = host_judge(&f->self->bound);
    return where_bound(&host);
}

/* ---- regions ---- */

const struct gompx_icvs *gompx_bind_icvs(struct gompx_frame *f, const struct gompx_frame *outer, unsigned clause)
{
    const struct gompx_icvs *icv = outer->task->icv;
    unsigned level = outer->level + 1;
    uint32_t nthreads = level < gompx_globals.nthreads_list_len ? gompx_globals.nthreads_list[level] : icv->nthreads;
    unsigned bind = level < gompx_globals.bind_list_len ? gompx_globals.bind_list[level] : clause ? clause : icv->bind;

    if (nthreads == icv->nthreads && bind == icv->bind)
        return icv;
    f->level_icvs = *icv;
    f->level_icvs.nthreads = nthreads;
    f->level_icvs.bind = (uint8_t)bind;
    return &f->level_icvs;
}

void gompx_bind_serial(struct gompx_frame *f, const struct gompx_frame *outer, unsigned clause)
{
    struct gompx_frame *now = gompx_tls.frame;

    f->implicit.icv = gompx_bind_icvs(f, outer, gompx_bind_clause(clause));
    if (!gompx_bind_on() || f->self->bound.domain || (clause & GOMPX_BIND_LATER))
        return;
    host_seat(f->self);
    if (gompx_globals.display_affinity) {
        gompx_frame_set(f);
        gompx_affinity_display(NULL, 0);
        gompx_frame_set(now);
    }
}

static enum gompx_bind policy_of(const struct gompx_frame *outer, unsigned clause)
{
    unsigned policy = gompx_bind_clause(clause) ? gompx_bind_clause(clause) : outer->task->icv->bind;

    return policy == GOMPX_BIND_PRIMARY || policy == GOMPX_BIND_SPREAD ? (enum gompx_bind)policy : GOMPX_BIND_CLOSE;
}

/* What a region makes of a team that is dealt out rightly. */
static inline void region_note(struct gompx_team *team, unsigned clause)
{
    team->binding->clause = gompx_bind_clause(clause);
    if (team->binding->crowded)
        team->flags |= GOMPX_TEAM_DEALT;                /* a primary may have waited in another team since */
}

bool gompx_bind_same(struct gompx_team *team, const struct gompx_frame *outer, unsigned clause)
{
    const struct gompx_binding *b = team->binding;
    struct gompx_where at;

    if (!b || b->nthreads != team->nthreads || b->policy != policy_of(outer, clause))
        return false;
    at = gompx_bind_where(outer);                       /* a thread whose team has been dealt out has a seat */
    if (b->domain != at.domain || b->primary.place != at.seat.place || b->primary.first != at.seat.first
        || b->primary.count != at.seat.count)
        return false;
    region_note(team, clause);
    return true;
}

/* Room for `nthreads` seats.  Nobody reads the old ones: they are read inside regions. */
static struct gompx_binding *binding_reserve(struct gompx_team *team, unsigned nthreads)
{
    struct gompx_binding *b = team->binding;

    if (!b || b->capacity < nthreads) {
        free(b);
        b = gompx_lines_alloc(sizeof *b + nthreads * sizeof b->seat[0]);
        b->capacity = nthreads;
        team->binding = b;
    }
    return b;
}

static void seats_deal(struct gompx_binding *b, unsigned nthreads, enum gompx_bind policy, const struct gompx_where *at)
{
    struct gompx_cpuset all, mask;

    b->domain = at->domain;
    b->policy = policy;
    b->nthreads = nthreads;
    b->primary = at->seat;
    gompx_cpuset_clear(&all, GOMPX_CPU_MAX);
    for (unsigned tid = 0; tid < nthreads; tid++) {
        b->seat[tid] = at->seat.count > 0 ? gompx_place_assign(policy, nthreads, tid, at->seat) : at->seat;
        gompx_domain_mask(b->domain, b->seat[tid].place, &mask);
        gompx_cpuset_unite(&all, &mask);
    }
    b->crowded = gompx_cpuset_count(&all) < nthreads;
}

static GOMPX_COLD void team_deal(struct gompx_team *team, enum gompx_bind policy, const struct gompx_where *at)
{
    struct gompx_binding *b = binding_reserve(team, team->nthreads);

    seats_deal(b, team->nthreads, policy, at);
    team->flags |= GOMPX_TEAM_DEALT;
    for (unsigned tid = 1; tid < team->nthreads; tid++)
        if (worker_seat(&team->worker[tid]->bound, b->domain, b->seat[tid].place))
            team->undisplayed = true;
}

/* Binding is off: a worker from the pool may still have the mask of its former primary. */
static void leases_free(struct gompx_team *team, unsigned from)
{
    struct gompx_cpuset mine, its;
    bool known = false;

    for (unsigned tid = from; tid < team->nthreads; tid++) {
        struct gompx_bound *b = &team->worker[tid]->bound;

        if (!b->leased)
            continue;
        b->leased = false;
        if (!known && !gompx_cpuset_current(&mine))
            return;
        known = true;
        if (gompx_cpuset_take(b->id, &its) == 0 && !gompx_cpuset_equal(&its, &mine))
            gompx_cpuset_give(b->id, &mine);            /* if that fails it keeps what it has */
    }
}

void gompx_bind_team(struct gompx_team *team, struct gompx_frame *outer, unsigned clause, unsigned leased_from)
{
    struct gompx_thread *self = outer->self;
    struct gompx_where at;

    if (!gompx_bind_on()) {
        leases_free(team, leased_from);
        return;
    }
    if (!frame_dealt(outer)) {
        host_seat(self);
        if (host_confined(self, team, leased_from)) {
            self->bound.loose = true;                   /* from now on its mask says it all */
            host_seat(self);
        }
    }
    at = gompx_bind_where(outer);
    team_deal(team, policy_of(outer, clause), &at);
    region_note(team, clause);
}
