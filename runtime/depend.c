/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The table: for each address the tasks that may run together now (`now`: one writer, or a set of readers, or a set of
 * inoutset tasks) and those before them (`before`), which everyone who joins the set has to wait for.  mutexinoutset is treated as
 * inout, which the specification allows. */
#include "runtime/depend.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/await.h"
#include "runtime/depend_array.h"
#include "runtime/phase.h"

static struct gompx_depend_link closed; /* its address is a mark */
#define CLOSED (&closed)

/* A set of nodes, each mention with a reference. */
struct nodes {
    uint32_t n, room;                   /* room == 0: `one` holds the only one */
    union {
        struct gompx_depend_node *one;
        struct gompx_depend_node **many;
    };
};

struct entry {
    const void *address;
    uintptr_t kind;                     /* of `now`; 0: the entry is free */
    struct nodes now, before;
};

struct gompx_depend_table {
    size_t n, room;                     /* a power of two */
    struct entry *entry;
    struct gompx_depend_node *everything;   /* the last task with omp_all_memory, or NULL */
};

struct gompx_depend_block {
    struct gompx_depend_block *next;
    struct gompx_depend_link links[11];
};

/* ---- nodes ---- */

static void node_init(struct gompx_depend_node *node, struct gompx_task *task, struct gompx_thread *waiter, struct gompx_slab *slab)
{
    gompx_store_rlx(&node->npred, 2);                   /* the creator's own */
    gompx_store_rlx(&node->refs, 1);
    gompx_store_rlx(&node->succ, NULL);
    node->task = task;
    node->waiter = waiter;
    node->slab = slab;
    node->blocks = NULL;
    node->links_used = 0;
}

static_assert(sizeof(struct gompx_depend_node) <= 192, "fits the smallest class of the slab");
static_assert(sizeof(struct gompx_depend_block) <= 192, "so do further links");

static void slab_free(struct gompx_frame *f, struct gompx_slab *slab, void *object)
{
    if (f)
        gompx_slab_put(&f->self->slab, slab, 0, object);
    else
        gompx_slab_return(slab, 0, object);
}

static void blocks_free(struct gompx_frame *f, struct gompx_depend_block *block, struct gompx_slab *slab)
{
    for (struct gompx_depend_block *next; block; block = next) {
        next = block->next;
        slab_free(f, slab, block);
    }
}

static void unref(struct gompx_frame *f, struct gompx_depend_node *node)
{
    if (gompx_load_acq(&node->refs) != 1 && gompx_sub_ar(&node->refs, 1) != 1)
        return;                                         /* the last one sees that all others are done with it */
    blocks_free(f, node->blocks, node->slab);
    slab_free(f, node->slab, node);
}

static struct gompx_depend_link *link_get(struct gompx_frame *f, struct gompx_depend_node *node)
{
    uint32_t used = node->links_used, in_block = used - GOMPX_DEPEND_LINKS;

    if (used < GOMPX_DEPEND_LINKS) {
        node->links_used++;
        return &node->links[used];
    }
    in_block %= sizeof node->blocks->links / sizeof node->blocks->links[0];
    if (in_block == 0) {
        struct gompx_depend_block *block = gompx_slab_get(&f->self->slab, 0);

        if (!block)
            return NULL;
        block->next = node->blocks;
        node->blocks = block;
    }
    node->links_used++;
    return &node->blocks->links[in_block];
}

/* An edge; false: no memory. */
static bool edge(struct gompx_frame *f, struct gompx_depend_node *from, struct gompx_depend_node *to)
{
    struct gompx_depend_link *head = gompx_load_acq(&from->succ), *link;

    if (from == to || head == CLOSED)                   /* acquire pairs with (C): its task's work is visible */
        return true;
    link = link_get(f, to);
    if (!link)
        return false;
    link->node = to;
    gompx_add_rlx(&to->npred, 2);                       /* (A); relaxed: (B) publishes it */
    do {
        if (head == CLOSED) {
            gompx_load_acq(&from->succ);                /* as above, for the head that the CAS found; pairs with (C) */
            gompx_sub_ar(&to->npred, 2);
            return true;
        }
        link->next = head;
        GOMPX_STEP(depend, B);
    } while (!gompx_cas_rel(&from->succ, &head, link)); /* (B) */
    return true;
}

static bool edges(struct gompx_frame *f, const struct nodes *from, struct gompx_depend_node *to)
{
    bool good = true;

    for (uint32_t i = 0; i < from->n; i++)
        good &= edge(f, from->room ? from->many[i] : from->one, to);
    return good;
}

/* ---- sets ---- */

static bool is_complete(struct gompx_depend_node *node)
{
    return gompx_load_acq(&node->succ) == CLOSED;       /* pairs with (C) */
}

static void nodes_clear(struct gompx_frame *f, struct nodes *set)
{
    for (uint32_t i = 0; i < set->n; i++)
        unref(f, set->room ? set->many[i] : set->one);
    if (set->room)
        free(set->many);
    *set = (struct nodes){ .n = 0 };
}

/* Drops the complete ones. */
static void nodes_purge(struct gompx_frame *f, struct nodes *set)
{
    uint32_t kept = 0;

    if (!set->room) {
        if (set->n == 1 && is_complete(set->one))
            nodes_clear(f, set);
        return;
    }
    for (uint32_t i = 0; i < set->n; i++)
        if (is_complete(set->many[i]))
            unref(f, set->many[i]);
        else
            set->many[kept++] = set->many[i];
    set->n = kept;
}

static bool nodes_grow(struct gompx_frame *f, struct nodes *set)
{
    struct gompx_depend_node **many;
    uint32_t room;

    nodes_purge(f, set);
    if (set->n == 0 && !set->room)
        return true;
    if (set->room && set->n < set->room / 2)
        return true;
    room = set->room ? set->room * 2 : 4;
    many = realloc(set->room ? set->many : NULL, room * sizeof(struct gompx_depend_node *));
    if (!many)
        return set->n < set->room;
    if (!set->room)
        many[0] = set->one;
    set->many = many;
    set->room = room;
    return true;
}

static bool nodes_add(struct gompx_frame *f, struct nodes *set, struct gompx_depend_node *node)
{
    if (set->n >= (set->room ? set->room : 1) && !nodes_grow(f, set))
        return false;
    if (set->room)
        set->many[set->n] = node;
    else
        set->one = node;
    set->n++;
    gompx_add_rlx(&node->refs, 1);                      /* relaxed: the caller holds one */
    return true;
}

/* ---- table ---- */

static size_t hash(const void *address)
{
    return (size_t)(((uint64_t)(uintptr_t)address * UINT64_C(0x9e3779b97f4a7c15)) >> 20);
}

static struct entry *slot_of(struct entry *entries, size_t room, const void *address)
{
    size_t i = hash(address) & (room - 1);

    while (entries[i].kind != 0 && entries[i].address != address)
        i = (i + 1) & (room - 1);
    return &entries[i];
}

/* Drops addresses all of whose tasks are complete, and makes room. */
static bool table_grow(struct gompx_frame *f, struct gompx_depend_table *table)
{
    size_t live = 0, room = 16;
    struct entry *entries;

    for (size_t i = 0; i < table->room; i++) {
        struct entry *e = &table->entry[i];

        if (e->kind == 0)
            continue;
        nodes_purge(f, &e->now);
        nodes_purge(f, &e->before);
        live += e->now.n + e->before.n > 0;
    }
    while (room < 4 * live)
        room *= 2;
    entries = calloc(room, sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i < table->room; i++) {
        struct entry *e = &table->entry[i];

        if (e->now.n + e->before.n > 0) {
            *slot_of(entries, room, e->address) = *e;
        } else if (e->kind != 0) {
            nodes_clear(f, &e->now);                    /* empty, but it may own memory */
            nodes_clear(f, &e->before);
        }
    }
    free(table->entry);
    table->entry = entries;
    table->room = room;
    table->n = live;
    return true;
}

static struct entry *entry_of(struct gompx_frame *f, struct gompx_depend_table *table, const void *address, uintptr_t kind)
{
    struct entry *e;

    if (2 * table->n >= table->room && !table_grow(f, table))
        return NULL;
    e = slot_of(table->entry, table->room, address);
    if (e->kind == 0) {
        e->address = address;
        e->kind = kind;
        table->n++;
        if (table->everything)
            nodes_add(f, &e->before, table->everything);    /* the first one needs no memory */
    }
    return e;
}

static bool is_shared(uintptr_t kind)
{
    return kind == GOMPX_DEPEND_IN || kind == GOMPX_DEPEND_INOUTSET;
}

/* The set with which a task of this kind runs together is now `e->now`. */
static void entry_turn(struct gompx_frame *f, struct entry *e, uintptr_t kind)
{
    if (e->now.n == 0 || (is_shared(kind) && e->kind == kind)) {
        e->kind = kind;
        return;
    }
    nodes_clear(f, &e->before);
    e->before = e->now;
    e->now = (struct nodes){ .n = 0 };
    e->kind = kind;
}

static bool table_clear(struct gompx_frame *f, struct gompx_depend_table *table, struct gompx_depend_node *to)
{
    bool good = true;

    for (size_t i = 0; i < table->room; i++) {
        struct entry *e = &table->entry[i];

        if (to)
            good &= edges(f, &e->now, to) && edges(f, &e->before, to);
        nodes_clear(f, &e->now);
        nodes_clear(f, &e->before);
        e->kind = 0;
    }
    table->n = 0;
    if (table->everything) {
        if (to)
            good &= edge(f, table->everything, to);
        unref(f, table->everything);
    }
    table->everything = NULL;
    return good;
}

static bool depend_everything(struct gompx_frame *f, struct gompx_depend_table *table, struct gompx_depend_node *node)
{
    bool good = table_clear(f, table, node);

    table->everything = node;
    gompx_add_rlx(&node->refs, 1);                      /* relaxed: the caller holds one */
    return good;
}

static bool depend_on(struct gompx_frame *f, struct gompx_depend_table *table, struct gompx_depend_node *node,
                      const struct gompx_depend_item *item)
{
    uintptr_t kind = item->kind == GOMPX_DEPEND_OUT || item->kind == GOMPX_DEPEND_MUTEXINOUTSET ? GOMPX_DEPEND_INOUT : item->kind;
    struct entry *e = entry_of(f, table, item->address, kind);

    if (!e)
        return false;
    entry_turn(f, e, kind);
    return edges(f, &e->before, node) && nodes_add(f, &e->now, node);
}

/* ---- tasks ---- */

/* A thread keeps the last table that it gave up, so that a region like the one before finds it grown. */
static struct gompx_depend_table *table_of(struct gompx_frame *f, struct gompx_task *parent)
{
    struct gompx_task_local *local = &f->self->tasks;

    if (!parent->table) {
        parent->table = local->table_spare ? local->table_spare : calloc(1, sizeof *parent->table);
        local->table_spare = NULL;
    }
    return parent->table;
}

void gompx_depend_drop(struct gompx_task_local *local)
{
    if (local->table_spare)
        free(local->table_spare->entry);
    free(local->table_spare);
    local->table_spare = NULL;
}

enum gompx_depend_result gompx_depend_enter(struct gompx_frame *f, struct gompx_task *task, void **depend)
{
    struct gompx_task *parent = gompx_load_rlx(&task->parent);
    struct gompx_depend_table *table = table_of(f, parent);
    struct gompx_depend_node *node = table ? gompx_slab_get(&f->self->slab, 0) : NULL;
    size_t n = gompx_depend_count(depend);
    bool good = true;

    if (!node)
        return GOMPX_DEPEND_NO_MEMORY;
    node_init(node, task, NULL, &f->self->slab);
    task->node = node;
    for (size_t i = 0; i < n; i++) {
        struct gompx_depend_item item = gompx_depend_item_at(depend, i);

        good &= gompx_depend_is_everything(&item) ? depend_everything(f, table, node) : depend_on(f, table, node, &item);
    }
    if (!good)
        return GOMPX_DEPEND_NO_MEMORY;                  /* the creator keeps its own count, so that nobody pushes the task */
    GOMPX_STEP(depend, E);
    return gompx_sub_ar(&node->npred, 2) == 2 ? GOMPX_DEPEND_READY : GOMPX_DEPEND_BLOCKED;  /* (E) */
}

static bool wait_edges(struct gompx_frame *f, struct gompx_depend_table *table, struct gompx_depend_node *node, void **depend)
{
    size_t n = gompx_depend_count(depend);
    bool good = true;

    for (size_t i = 0; i < n; i++) {
        struct gompx_depend_item item = gompx_depend_item_at(depend, i);

        if (gompx_depend_is_everything(&item)) {
            for (size_t j = 0; j < table->room; j++)
                good &= edges(f, &table->entry[j].now, node) && edges(f, &table->entry[j].before, node);
        } else if (table->room > 0) {
            struct entry *e = slot_of(table->entry, table->room, item.address);

            if (e->kind != 0)
                good &= is_shared(item.kind) && e->kind == item.kind ? edges(f, &e->before, node) : edges(f, &e->now, node);
        }
        if (table->everything)
            good &= edge(f, table->everything, node);
    }
    return good;
}

void gompx_depend_wait(struct gompx_frame *f, void **depend)
{
    struct gompx_depend_table *table = gompx_task_table(f->task);
    struct gompx_depend_node node;

    if (!table)
        return;
    node_init(&node, NULL, f->self, NULL);
    bool good = wait_edges(f, table, &node, depend);
    gompx_sub_ar(&node.npred, 2);                       /* (E) */
    if (!gompx_depend_is_ready(&node))
        gompx_await(f, GOMPX_AWAIT_NODE, &node);
    blocks_free(f, node.blocks, &f->self->slab);
    if (!good)
        gompx_await(f, GOMPX_AWAIT_CHILDREN, f->task);
}

bool gompx_depend_ask(struct gompx_depend_node *node, bool on)
{
    uint32_t v = on ? gompx_add_ar(&node->npred, 1) : gompx_sub_ar(&node->npred, 1);

    return v >> 1 == 0;
}

/* The node `s` may be gone as soon as its count is 0. */
static void count_down(struct gompx_frame *f, struct gompx_event *event, struct gompx_depend_node *s)
{
    struct gompx_task *task = s->task;
    struct gompx_thread *waiter = s->waiter;

    if (task)
        gompx_task_prefetch(task);
    uint32_t v = gompx_sub_ar(&s->npred, 2) - 2;        /* (D) */

    if (v >> 1 != 0)
        return;
    if (task && f)
        gompx_phase_push_ready(f, task);
    else if (task)
        gompx_detach_inject(event, task);
    else if ((v & GOMPX_PEND_WAITER) && waiter)
        gompx_nap_wake(&waiter->nap);
}

void gompx_depend_release(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_depend_node *node = task->node;
    struct gompx_depend_link *link;

    GOMPX_STEP(depend, C);
    link = gompx_xchg_ar(&node->succ, CLOSED);          /* (C): releases the task's work, acquires the links */
    for (struct gompx_depend_link *next; link; link = next) {
        next = link->next;
        count_down(f, task->event, link->node);
    }
    unref(f, node);
}

void gompx_depend_forget(struct gompx_frame *f, struct gompx_task *task)
{
    struct gompx_depend_table *table = task->table;
    struct gompx_task_local *local = &f->self->tasks;
    bool sparse = 16 * table->n < table->room;          /* too large for what it was used for: clearing it would cost too much */

    task->table = NULL;
    table_clear(f, table, NULL);
    if (local->table_spare || sparse) {
        free(table->entry);
        free(table);
    } else {
        local->table_spare = table;
    }
}
