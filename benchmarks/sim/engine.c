/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The engine: a queue of events in the order of time. */
#include "benchmarks/sim/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum what { STEP, PICK, WRITTEN, READ };

struct event {
    double time;
    uint64_t number;                    /* of two at one time the older comes first */
    enum what what;
    unsigned thread, line;
    bool posted, exchange;              /* WRITTEN: by a store; not an addition */
    uint32_t value;
};

struct request {
    unsigned thread;
    bool write, posted, exchange;
    uint32_t value;
};

struct line {
    uint32_t value;
    unsigned owner;                     /* SIM_THREADS: nobody has written it, the first access is free */
    bool busy;                          /* under way to somebody, or being copied */
    bool *copy;                         /* [threads], the owner's included */
    unsigned reads;                     /* READs under way */
    struct request *pending;
    unsigned waiting, room;
};

struct sim {
    const struct sim_machine *machine;
    struct sim_costs costs;
    unsigned threads, lines, running;
    struct line *line;
    struct sim_thread thread[SIM_THREADS];
    bool polls[SIM_THREADS];            /* waits for `line` to reach `value`, with a copy or a READ under way */
    struct event *heap;
    unsigned events, heap_room;
    double now;
    uint64_t number, transfers;
    uint32_t random;
    sim_step *step;
    void *context;
};

static void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);

    if (!p) {
        fputs("sim: out of memory\n", stderr);
        exit(2);
    }
    return p;
}

/* ---- events ---- */

static bool is_before(const struct event *a, const struct event *b)
{
    return a->time != b->time ? a->time < b->time : a->number < b->number;
}

static void event_put(struct sim *s, double time, struct event e)
{
    unsigned i = s->events++;

    e.time = time;
    e.number = s->number++;
    if (s->events > s->heap_room) {
        s->heap_room = 2 * s->heap_room + 64;
        s->heap = realloc(s->heap, s->heap_room * sizeof *s->heap);
        if (!s->heap)
            exit(2);
    }
    for (; i > 0 && is_before(&e, &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = e;
}

static struct event event_take(struct sim *s)
{
    struct event first = s->heap[0], last = s->heap[--s->events];
    unsigned i = 0;

    for (unsigned child; (child = 2 * i + 1) < s->events; i = child) {
        if (child + 1 < s->events && is_before(&s->heap[child + 1], &s->heap[child]))
            child++;
        if (!is_before(&s->heap[child], &last))
            break;
        s->heap[i] = s->heap[child];
    }
    s->heap[i] = last;
    return first;
}

static unsigned random_below(struct sim *s, unsigned n)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 17;
    s->random ^= s->random << 5;
    return s->random % n;
}

/* ---- lines ---- */

static double way(const struct sim *s, unsigned from, unsigned to)
{
    return from == SIM_THREADS ? 0 : sim_machine_latency(s->machine, from, to);
}

static bool is_alone(const struct sim *s, const struct line *l, unsigned thread)
{
    for (unsigned i = 0; i < s->threads; i++)
        if (i != thread && l->copy[i])
            return false;
    return l->owner == thread;
}

static void written_at(struct sim *s, double time, unsigned line, const struct request *r)
{
    s->line[line].busy = true;
    event_put(s, time, (struct event){ .what = WRITTEN, .thread = r->thread, .line = line, .posted = r->posted,
                                       .exchange = r->exchange, .value = r->value });
}

static void request(struct sim *s, unsigned line, struct request r)
{
    struct line *l = &s->line[line];

    if (!l->busy && r.write && is_alone(s, l, r.thread)) {
        written_at(s, s->now + s->costs.op, line, &r);
        return;
    }
    if (l->waiting == l->room) {
        l->room = 2 * l->room + 8;
        l->pending = realloc(l->pending, l->room * sizeof *l->pending);
        if (!l->pending)
            exit(2);
    }
    l->pending[l->waiting++] = r;
    if (!l->busy)
        event_put(s, s->now, (struct event){ .what = PICK, .line = line });
}

static struct request pending_take(struct line *l, unsigned i)
{
    struct request r = l->pending[i];

    memmove(l->pending + i, l->pending + i + 1, (l->waiting - i - 1) * sizeof *l->pending);
    l->waiting--;
    return r;
}

static void write_serve(struct sim *s, unsigned line, const struct request *r)
{
    struct line *l = &s->line[line];
    double time = way(s, l->owner, r->thread);

    for (unsigned i = 0; i < s->threads; i++)
        if (l->copy[i] && way(s, i, r->thread) > time)
            time = way(s, i, r->thread);
    s->transfers++;
    written_at(s, s->now + time + s->costs.op, line, r);
}

static void reads_serve(struct sim *s, unsigned line)
{
    struct line *l = &s->line[line];
    unsigned kept = 0, k = 0;

    for (unsigned i = 0; i < l->waiting; i++) {
        struct request r = l->pending[i];

        if (r.write) {
            l->pending[kept++] = r;
            continue;
        }
        s->transfers++;
        l->reads++;
        event_put(s, s->now + way(s, l->owner, r.thread) + k++ * s->costs.reply,
                  (struct event){ .what = READ, .thread = r.thread, .line = line });
    }
    l->waiting = kept;
    l->busy = true;
}

static void pick(struct sim *s, unsigned line)
{
    struct line *l = &s->line[line];
    unsigned i;

    if (l->busy || l->waiting == 0)
        return;
    i = s->costs.order == SIM_FIFO ? 0 : random_below(s, l->waiting);
    if (!l->pending[i].write) {
        reads_serve(s, line);
    } else {
        struct request r = pending_take(l, i);

        write_serve(s, line, &r);
    }
}

static void freed(struct sim *s, unsigned line)
{
    s->line[line].busy = false;
    if (s->line[line].waiting > 0)
        event_put(s, s->now, (struct event){ .what = PICK, .line = line });
}

/* ---- threads ---- */

static void step_soon(struct sim *s, unsigned thread)
{
    event_put(s, s->now, (struct event){ .what = STEP, .thread = thread });
}

static void poll(struct sim *s, unsigned thread)
{
    struct sim_thread *t = &s->thread[thread];

    if (!s->line[t->line].copy[thread]) {
        request(s, t->line, (struct request){ .thread = thread });
    } else if ((int32_t)(s->line[t->line].value - t->value) >= 0) {
        s->polls[thread] = false;
        step_soon(s, thread);
    }
}

static void written(struct sim *s, const struct event *e)
{
    struct line *l = &s->line[e->line];
    struct sim_thread *t = &s->thread[e->thread];
    uint32_t old = l->value;

    l->value = e->exchange || e->posted ? e->value : old + e->value;
    l->owner = e->thread;
    l->copy[e->thread] = true;
    for (unsigned i = 0; i < s->threads; i++) {
        if (i == e->thread || !l->copy[i])
            continue;
        l->copy[i] = false;
        if (s->polls[i] && s->thread[i].line == e->line)
            request(s, e->line, (struct request){ .thread = i });   /* l is busy still: it waits */
    }
    if (!e->posted) {
        t->seen = old;
        step_soon(s, e->thread);                        /* before the next request is looked at */
    }
    freed(s, e->line);
    if (e->posted && --t->stores == 0 && t->held) {
        t->held = false;
        request(s, t->line, (struct request){ e->thread, true, false, t->exchange, t->value });
    }
}

static void was_read(struct sim *s, const struct event *e)
{
    struct line *l = &s->line[e->line];

    l->copy[e->thread] = true;
    poll(s, e->thread);
    if (--l->reads == 0)
        freed(s, e->line);
}

/* ---- for the steps ---- */

static void write_begin(struct sim *s, unsigned thread, unsigned line, uint32_t value, bool exchange)
{
    struct sim_thread *t = &s->thread[thread];

    t->line = line;
    t->value = value;
    t->exchange = exchange;
    t->held = t->stores > 0;
    if (!t->held)
        request(s, line, (struct request){ thread, true, false, exchange, value });
}

void sim_add(struct sim *s, unsigned thread, unsigned line, uint32_t value)
{
    write_begin(s, thread, line, value, false);
}

void sim_exchange(struct sim *s, unsigned thread, unsigned line, uint32_t value)
{
    write_begin(s, thread, line, value, true);
}

void sim_store(struct sim *s, unsigned thread, unsigned line, uint32_t value)
{
    s->thread[thread].stores++;
    request(s, line, (struct request){ thread, true, true, false, value });
}

void sim_wait(struct sim *s, unsigned thread, unsigned line, uint32_t value)
{
    s->thread[thread].line = line;
    s->thread[thread].value = value;
    s->polls[thread] = true;
    poll(s, thread);
}

void sim_end(struct sim *s, unsigned thread)
{
    s->thread[thread].finished = s->now;
    s->running--;
}

/* ---- running ---- */

struct sim *sim_new(const struct sim_machine *m, const struct sim_costs *costs, unsigned threads, unsigned lines)
{
    struct sim *s = allocate(1, sizeof *s);

    s->machine = m;
    s->costs = *costs;
    s->threads = threads;
    s->lines = lines;
    s->random = 2463534242u;
    s->line = allocate(lines, sizeof *s->line);
    for (unsigned i = 0; i < lines; i++) {
        s->line[i].copy = allocate(threads, sizeof(bool));
        s->line[i].owner = SIM_THREADS;
    }
    return s;
}

void sim_free(struct sim *s)
{
    for (unsigned i = 0; i < s->lines; i++) {
        free(s->line[i].copy);
        free(s->line[i].pending);
    }
    free(s->line);
    free(s->heap);
    free(s);
}

static void events_run(struct sim *s)
{
    while (s->events > 0) {
        struct event e = event_take(s);

        s->now = e.time;
        switch (e.what) {
        case STEP:
            s->step(s, e.thread, &s->thread[e.thread], s->thread[e.thread].seen);
            break;
        case PICK:
            pick(s, e.line);
            break;
        case WRITTEN:
            written(s, &e);
            break;
        case READ:
            was_read(s, &e);
        }
    }
}

double sim_run(struct sim *s, sim_step *step, void *context, unsigned late)
{
    double begun, last;

    s->step = step;
    s->context = context;
    s->running = s->threads;
    for (unsigned i = 0; i < s->threads; i++) {
        s->thread[i].pc = 0;
        if (i != late)
            step_soon(s, i);
    }
    begun = s->now;
    if (late < s->threads) {
        events_run(s);
        begun = s->now;
        step_soon(s, late);
    }
    events_run(s);
    if (s->running > 0) {
        fprintf(stderr, "sim: %u of %u threads wait for ever\n", s->running, s->threads);
        exit(2);
    }
    last = begun;
    for (unsigned i = 0; i < s->threads; i++)
        last = s->thread[i].finished > last ? s->thread[i].finished : last;
    return last - begun;
}

void *sim_context(struct sim *s)
{
    return s->context;
}

struct sim_thread *sim_thread(struct sim *s, unsigned thread)
{
    return &s->thread[thread];
}

double sim_now(const struct sim *s)
{
    return s->now;
}

uint64_t sim_transfers(const struct sim *s)
{
    return s->transfers;
}
