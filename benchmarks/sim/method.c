/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The threads' programs: each step is one access to a line. */
#include "benchmarks/sim/method.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/cluster.h"
#include "sync/barrier.h"

const char *const sim_method_name[SIM_METHODS] = {
    "mono", "central", "tree", "tree+lines", "dissemination", "region", "two-barrier",
};

/* Lines, by number. */
enum { ARRIVE, SENSE, BELL, DOCK, DOCK_SENSE, OTHERS };

enum {
    STEPS_MAX = 10,                     /* of a dissemination: log2(SIM_THREADS) */
    WARM_UP = 4,                        /* rounds that do not count */
};

struct shape {
    enum gompx_barrier_mode mode;       /* of barrier, or join */
    unsigned threads;
    unsigned arriving;                  /* threads, or without the primary */
    unsigned first_node, first_line, first_own;     /* lines: of the tree's nodes, of its lines to poll, of each thread */
    uint32_t round;                     /* the last barrier or region to be done */
    struct gompx_barrier barrier;
    struct gompx_tree_up up[SIM_THREADS];           /* where each thread arrives next */
};

static unsigned line_of_node(const struct shape *c, const struct gompx_tree_node *node)
{
    return node ? c->first_node + (unsigned)(node - c->barrier.tree.node) : ARRIVE;
}

static unsigned line_of_sense(const struct shape *c, unsigned thread)
{
    const struct gompx_tree *tree = &c->barrier.tree;
    const char *sense = (const char *)tree->seat[thread].sense;

    return tree->lines > 0 ? c->first_line + (unsigned)((sense - (const char *)tree->line) / (ptrdiff_t)sizeof *tree->line) : SENSE;
}

/* ---- arriving, in the modes of sync/barrier.h ---- */

static void arrive(struct sim *s, unsigned thread)
{
    struct shape *c = sim_context(s);

    c->up[thread] = c->mode == GOMPX_BARRIER_TREE ? c->barrier.tree.seat[thread].up : (struct gompx_tree_up){ NULL, 2 };
    sim_add(s, thread, line_of_node(c, c->up[thread].node), c->up[thread].weight);
}

enum arrival { MISSING, CLIMBING, LAST };

static enum arrival arrived(struct sim *s, unsigned thread, uint32_t seen, uint32_t target)
{
    struct shape *c = sim_context(s);
    const struct gompx_tree_node *node = c->up[thread].node;

    if (seen + c->up[thread].weight != target)
        return MISSING;
    if (!node)
        return LAST;
    c->up[thread] = node->up;
    sim_add(s, thread, line_of_node(c, node->up.node), node->up.weight);
    return CLIMBING;
}

static void release(struct sim *s, unsigned thread, uint32_t target)
{
    struct shape *c = sim_context(s);

    for (unsigned i = 0; i < c->barrier.tree.lines; i++)
        sim_store(s, thread, c->first_line + i, target);
    sim_exchange(s, thread, SENSE, target);
}

/* Begins its next barrier or region, unless it has done all. */
static bool round_next(struct sim *s, unsigned thread, struct sim_thread *t)
{
    struct shape *c = sim_context(s);

    if (t->round == c->round) {
        sim_end(s, thread);
        return false;
    }
    t->round++;
    return true;
}

static void barrier_step(struct sim *s, unsigned thread, struct sim_thread *t, uint32_t seen)
{
    struct shape *c = sim_context(s);
    uint32_t target = 2 * c->threads * t->round;
    unsigned sense;

    if (t->pc == 0) {
        if (round_next(s, thread, t)) {
            t->pc = 1;
            arrive(s, thread);
        }
        return;
    }
    switch (arrived(s, thread, seen, target)) {
    case CLIMBING:
        return;
    case MISSING:
        t->pc = 0;
        sense = c->mode == GOMPX_BARRIER_MONO ? ARRIVE : c->mode == GOMPX_BARRIER_TREE ? line_of_sense(c, thread) : SENSE;
        sim_wait(s, thread, sense, target);
        return;
    default:
        t->pc = 0;
        if (c->mode != GOMPX_BARRIER_MONO)
            release(s, thread, target);
        else
            barrier_step(s, thread, t, 0);
    }
}

/* ---- dissemination ---- */

/* In step i each thread tells the one 2^i further on, and waits to be told. */
static void dissemination_step(struct sim *s, unsigned thread, struct sim_thread *t, uint32_t seen)
{
    struct shape *c = sim_context(s);
    unsigned i;

    (void)seen;
    if (1u << t->pc >= c->threads)
        t->pc = 0;
    i = t->pc;
    if (i == 0 && !round_next(s, thread, t))
        return;
    t->pc++;
    sim_store(s, thread, c->first_own + (thread + (1u << i)) % c->threads * STEPS_MAX + i, t->round);
    sim_wait(s, thread, c->first_own + thread * STEPS_MAX + i, t->round);
}

/* ---- regions ---- */

enum { NEXT, WORK, JOIN };

static void region_step(struct sim *s, unsigned thread, struct sim_thread *t, uint32_t seen)
{
    struct shape *c = sim_context(s);
    bool primary = thread == 0;
    enum arrival arrival;

    switch (t->pc) {
    case NEXT:
        if (!round_next(s, thread, t))
            return;
        t->pc = WORK;
        if (primary)
            sim_exchange(s, thread, BELL, t->round);
        else
            sim_wait(s, thread, BELL, t->round);
        return;
    case WORK:
        t->pc = primary ? NEXT : JOIN;
        if (primary)
            sim_wait(s, thread, c->mode == GOMPX_BARRIER_MONO ? ARRIVE : SENSE, 2 * c->arriving * t->round);
        else
            arrive(s, thread);
        return;
    default:
        arrival = arrived(s, thread, seen, 2 * c->arriving * t->round);
        if (arrival == CLIMBING)
            return;
        t->pc = NEXT;
        if (arrival == LAST && c->mode != GOMPX_BARRIER_MONO)
            release(s, thread, 2 * c->arriving * t->round);
        else
            region_step(s, thread, t, 0);
    }
}

/* Count and sense of one barrier: true when the thread may go on at once. */
static void plain_arrived(struct sim *s, unsigned thread, unsigned sense, uint32_t seen, uint32_t round)
{
    struct shape *c = sim_context(s);

    if (seen + 1 == c->threads * round)
        sim_exchange(s, thread, sense, round);
    else
        sim_wait(s, thread, sense, round);
}

static void region_two_step(struct sim *s, unsigned thread, struct sim_thread *t, uint32_t seen)
{
    struct shape *c = sim_context(s);

    switch (t->pc++) {
    case 0:
        if (!round_next(s, thread, t))
            return;
        for (unsigned i = 1; thread == 0 && i < c->threads; i++)
            sim_store(s, 0, c->first_own + i, t->round);
        sim_add(s, thread, DOCK, 1);
        return;
    case 1:
        plain_arrived(s, thread, DOCK_SENSE, seen, t->round);
        return;
    case 2:
        if (thread != 0) {
            sim_wait(s, thread, c->first_own + thread, t->round);
            return;
        }
        t->pc++;                                        /* fall through */
    case 3:
        sim_add(s, thread, ARRIVE, 1);
        return;
    default:
        t->pc = 0;
        plain_arrived(s, thread, SENSE, seen, t->round);
    }
}

/* ---- */

static const enum gompx_barrier_mode modes[SIM_METHODS] = {
    [SIM_MONO] = GOMPX_BARRIER_MONO, [SIM_CENTRAL] = GOMPX_BARRIER_CENTRAL, [SIM_TREE] = GOMPX_BARRIER_TREE,
    [SIM_TREE_LINES] = GOMPX_BARRIER_TREE,
};

bool sim_method_is_feasible(enum sim_method method, unsigned threads)
{
    return method != SIM_MONO || threads <= 64;
}

static void tree_build(struct shape *c, const struct sim_machine *m, unsigned fanin, bool lines)
{
    static struct gompx_tree_place place[SIM_THREADS];
    struct gompx_tree_plan plan = { c->threads - c->arriving, c->threads, fanin, m->scattered ? NULL : place, lines };

    for (unsigned i = 0; i < c->threads; i++)
        place[i] = (struct gompx_tree_place){ m->cpu[i].cache, m->cpu[i].memory };
    gompx_barrier_shape(&c->barrier, &plan, 0);
    c->first_line = c->first_node + c->barrier.tree.nodes;
    c->first_own = c->first_line + c->barrier.tree.lines;
}

static void shape_make(struct shape *c, enum sim_method method, const struct sim_machine *m, unsigned threads, unsigned fanin)
{
    struct gompx_tree tree = c->barrier.tree;           /* keeps its memory */

    memset(c, 0, sizeof *c);
    c->barrier.tree = tree;
    c->barrier.tree.lines = 0;
    c->threads = threads;
    c->arriving = method == SIM_REGION ? threads - 1 : threads;
    c->mode = method == SIM_REGION ? gompx_cluster_mode(threads, SIM_CPUS, GOMPX_CHOICE_AUTO) : modes[method];
    c->first_node = c->first_line = c->first_own = OTHERS;
    if (c->mode == GOMPX_BARRIER_TREE)
        tree_build(c, m, fanin, method == SIM_TREE_LINES);
}

double sim_method_cost(enum sim_method method, enum sim_scene scene, const struct sim_machine *m, const struct sim_costs *costs,
                       unsigned threads, unsigned fanin, unsigned rounds)
{
    static sim_step *const steps[SIM_METHODS] = {
        [SIM_MONO] = barrier_step, [SIM_CENTRAL] = barrier_step, [SIM_TREE] = barrier_step, [SIM_TREE_LINES] = barrier_step,
        [SIM_DISSEMINATION] = dissemination_step, [SIM_REGION] = region_step, [SIM_REGION_TWO] = region_two_step,
    };
    static struct shape shape;
    struct shape *c = &shape;
    struct sim *s;
    double sum = 0;

    shape_make(c, method, m, threads, fanin);
    s = sim_new(m, costs, threads, c->first_own + threads * STEPS_MAX);
    c->round = WARM_UP;
    sim_run(s, steps[method], c, SIM_THREADS);
    if (scene == SIM_REPEATED) {
        c->round += rounds;
        sum = sim_run(s, steps[method], c, SIM_THREADS);
    }
    for (unsigned i = 0; i < rounds && scene != SIM_REPEATED; i++) {
        c->round++;
        sum += sim_run(s, steps[method], c, scene == SIM_LATE ? (i * 7 + 1) % threads : SIM_THREADS);
    }
    sim_free(s);
    return sum / rounds;
}
