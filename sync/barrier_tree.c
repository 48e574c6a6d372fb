/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Building the tree of a barrier (sync/barrier_tree.h); not a hot path. */
#include "sync/barrier_tree.h"

#include <stdlib.h>

/* What arrives somewhere, a thread or a node, and where it runs. */
struct gompx_tree_item {
    struct gompx_tree_up *up;
    struct gompx_tree_place place;
    unsigned thread;                    /* the first one below it */
};

/* A tree in the making. */
struct work {
    struct gompx_tree *tree;
    struct gompx_tree_item *item;                  /* [0 ... count), neighbours beside each other; shrinks from level to level */
    unsigned count, fanin;
    uint32_t total;                     /* 2 * threads */
};

static void reserve(struct gompx_tree *tree, unsigned n)
{
    if (n <= tree->capacity)
        return;
    n = n < 2 * tree->capacity ? 2 * tree->capacity : n;
    tree->seat = gompx_lines_alloc(n * sizeof *tree->seat);
    tree->node = gompx_lines_alloc(n * sizeof *tree->node);     /* each has two children at least: n - 1 would do */
    tree->line = gompx_lines_alloc(n * sizeof *tree->line);
    tree->item = gompx_lines_alloc(n * sizeof *tree->item);
    tree->capacity = n;
}

static int item_order(const void *a, const void *b)
{
    const struct gompx_tree_item *x = a, *y = b;

    if (x->place.memory != y->place.memory)
        return x->place.memory < y->place.memory ? -1 : 1;
    if (x->place.cache != y->place.cache)
        return x->place.cache < y->place.cache ? -1 : 1;
    return x->thread < y->thread ? -1 : x->thread > y->thread;
}

static void items_make(struct work *w, const struct gompx_tree_plan *plan)
{
    w->count = plan->end - plan->first;
    w->item = w->tree->item;
    for (unsigned i = 0; i < w->count; i++) {
        unsigned thread = plan->first + i;

        w->item[i] = (struct gompx_tree_item){ .up = &w->tree->seat[thread].up, .thread = thread };
        if (plan->place)
            w->item[i].place = plan->place[thread];
    }
    if (plan->place)
        qsort(w->item, w->count, sizeof *w->item, item_order);
}

/* ---- nodes ---- */

/* `node` NULL: the root. */
static void children_join(struct work *w, struct gompx_tree_node *node, const struct gompx_tree_item *child, unsigned m)
{
    for (unsigned i = 0; i < m; i++) {
        child[i].up->node = node;
        child[i].up->weight = i == 0 ? w->total - 2 * (m - 1) : 2;
    }
}

/* One node for m items, which become one; an item alone stays what it is. */
static struct gompx_tree_item node_make(struct work *w, const struct gompx_tree_item *child, unsigned m)
{
    struct gompx_tree_node *node;

    if (m == 1)
        return child[0];
    node = &w->tree->node[w->tree->nodes++];
    children_join(w, node, child, m);
    return (struct gompx_tree_item){ &node->up, child[0].place, child[0].thread };
}

/* Puts nodes over the items [0 ... n) until at most `most` are left; their number.  The results stand at the front. */
static unsigned reduce(struct work *w, struct gompx_tree_item *item, unsigned n, unsigned most)
{
    while (n > most) {
        unsigned parts = (n + w->fanin - 1) / w->fanin, from = 0;

        for (unsigned p = 0; p < parts; p++) {
            unsigned to = (unsigned)((uint64_t)n * (p + 1) / parts);

            item[p] = node_make(w, item + from, to - from);
            from = to;
        }
        n = parts;
    }
    return n;
}

static bool same_memory(const struct gompx_tree_item *a, const struct gompx_tree_item *b)
{
    return a->place.memory == b->place.memory;
}

static bool same_cache(const struct gompx_tree_item *a, const struct gompx_tree_item *b)
{
    return same_memory(a, b) && a->place.cache == b->place.cache;
}

/* Makes one item of each run of items that are `same`, unless there is but one run. */
static void level_make(struct work *w, bool (*same)(const struct gompx_tree_item *, const struct gompx_tree_item *))
{
    unsigned out = 0;

    if (same(&w->item[0], &w->item[w->count - 1]))
        return;
    for (unsigned from = 0, to; from < w->count; from = to) {
        struct gompx_tree_item top;

        for (to = from + 1; to < w->count && same(&w->item[from], &w->item[to]); to++)
            ;
        reduce(w, w->item + from, to - from, 1);
        top = w->item[from];                            /* before its place is overwritten: out <= from */
        w->item[out++] = top;
    }
    w->count = out;
}

/* ---- lines to poll ---- */

/* Where the run of items that are of one cache ends. */
static unsigned cache_end(const struct work *w, unsigned from)
{
    unsigned to = from + 1;

    while (to < w->count && same_cache(&w->item[from], &w->item[to]))
        to++;
    return to;
}

/* The threads of a cache share lines, at most `fanin` each and about equally many; a few that fit join the line of the cache
 * before. */
static void lines_share(struct work *w)
{
    struct gompx_tree *tree = w->tree;
    unsigned on = 0;                                    /* threads of the last line */

    for (unsigned from = 0, to; from < w->count; from = to) {
        unsigned n = (to = cache_end(w, from)) - from, parts = (n + w->fanin - 1) / w->fanin;
        bool joins = from > 0 && on + n <= w->fanin && same_memory(&w->item[from - 1], &w->item[from]);

        for (unsigned i = 0, part = 0; i < n; i++) {
            if (!joins && i == (uint64_t)n * part / parts) {
                tree->lines++;
                part++;
                on = 0;
            }
            tree->seat[w->item[from + i].thread].sense = &tree->line[tree->lines - 1].sense;
            on++;
        }
    }
}

static void lines_deal(struct work *w, const struct gompx_tree_plan *plan, _Atomic uint32_t *sense)
{
    w->tree->lines = 0;
    for (unsigned i = 0; i < plan->first; i++)
        w->tree->seat[i] = (struct gompx_tree_seat){ .sense = sense };
    for (unsigned i = plan->first; i < plan->end && !plan->lines; i++)
        w->tree->seat[i].sense = sense;
    if (plan->lines)
        lines_share(w);
}

/* Places may have changed although the plan looks the same. */
static bool is_built(const struct gompx_tree *tree, const struct gompx_tree_plan *plan)
{
    const struct gompx_tree_plan *last = &tree->plan;

    return last->end == plan->end && last->first == plan->first && last->fanin == plan->fanin && last->lines == plan->lines
        && !last->place && !plan->place;
}

void gompx_tree_build(struct gompx_tree *tree, const struct gompx_tree_plan *plan, _Atomic uint32_t *sense, uint32_t count)
{
    struct work w = { .tree = tree, .fanin = plan->fanin, .total = 2 * (plan->end - plan->first) };

    gompx_assert(plan->fanin >= 2 && plan->end > plan->first);
    if (is_built(tree, plan)) {
        gompx_tree_set(tree, count);
        return;
    }
    tree->plan = *plan;
    reserve(tree, plan->end);
    tree->nodes = 0;
    items_make(&w, plan);
    lines_deal(&w, plan, sense);
    level_make(&w, same_cache);
    level_make(&w, same_memory);
    w.count = reduce(&w, w.item, w.count, w.fanin);
    children_join(&w, NULL, w.item, w.count);
    gompx_tree_set(tree, count);
}

/* ---- counts ---- */

uint32_t gompx_tree_count(const struct gompx_tree *tree, uint32_t count)
{
    for (unsigned i = 0; i < tree->nodes; i++) {
        uint32_t n = gompx_load_rlx(&tree->node[i].count);

        if ((int32_t)(n - count) > 0)
            count = n;
    }
    return count;
}

void gompx_tree_set(struct gompx_tree *tree, uint32_t count)
{
    for (unsigned i = 0; i < tree->nodes; i++)
        gompx_store_rlx(&tree->node[i].count, count);
    for (unsigned i = 0; i < tree->lines; i++)
        gompx_store_rlx(&tree->line[i].sense, count);
}
