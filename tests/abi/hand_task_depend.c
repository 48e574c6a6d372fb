/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Depend arrays of both layouts, made by hand: random graphs of siblings over a few addresses with entries of every
 * kind, plain and as dependence objects, deferred and undeferred, with taskwait depend among them. Every task checks
 * that all tasks it must follow are done. With HAND_NEW also what came after gcc 12: inoutset, omp_all_memory and
 * taskwait depend nowait.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: env=HAND_NEW=1 policy=passive,default gompx-only="libgomp 12 knows neither inoutset nor omp_all_memory" */
#include <dlfcn.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/task_check.h"

enum { TASKS = 60, ADDRESSES = 6, USES = 5 };
enum { NONE = 0 };      /* a kind: the address is not used */

/* One task: the kind of each address, and, as bits, the tasks it directly or indirectly follows. */
struct node {
    struct graph *graph;
    int index, kind[ADDRESSES], all_memory;
    uint64_t follows;
};

struct graph {
    struct node node[TASKS];
    int n;
    uint64_t done;
    int inside[ADDRESSES];      /* members of a mutexinoutset that run now */
    unsigned random;
};

static char place[ADDRESSES];
static void (*taskwait_depend_nowait)(void **);      /* NULL: only what gcc 12 knows */

/* Whether a task with kind b on an address waits for an earlier one with kind a. Equal sets do not order. */
static bool ordered(int a, int b)
{
    if (a == NONE || b == NONE || (a == b && (a == HAND_IN || a == HAND_MUTEXINOUTSET || a == HAND_INOUTSET)))
        return false;
    return true;
}

static bool depends_at_all(const struct node *node)
{
    for (int a = 0; a < ADDRESSES; a++)
        if (node->kind[a] != NONE)
            return true;
    return node->all_memory;
}

static bool follows(const struct node *later, const struct node *earlier)
{
    if (later->all_memory || earlier->all_memory)
        return depends_at_all(later) && depends_at_all(earlier);
    for (int a = 0; a < ADDRESSES; a++)
        if (ordered(earlier->kind[a], later->kind[a]))
            return true;
    return false;
}

static void find_predecessors(struct graph *graph, struct node *node)
{
    node->follows = 0;
    for (int i = 0; i < graph->n; i++)
        if (follows(node, &graph->node[i]))
            node->follows |= graph->node[i].follows | (graph->node[i].index == i ? (uint64_t)1 << i : 0);
}

static void body(void *data)
{
    struct node *node = *(struct node **)data;
    struct graph *graph = node->graph;

    CHECK_EQ(__atomic_load_n(&graph->done, __ATOMIC_ACQUIRE) & node->follows, node->follows);
    for (int a = 0; a < ADDRESSES; a++)
        if (node->kind[a] == HAND_MUTEXINOUTSET)
            CHECK_EQ(ADD(graph->inside[a], 1), 1);
    check_work(node->index % 7 * 40);
    for (int a = 0; a < ADDRESSES; a++)
        if (node->kind[a] == HAND_MUTEXINOUTSET)
            CHECK_EQ(ADD(graph->inside[a], -1), 0);
    CHECK_EQ(__atomic_fetch_or(&graph->done, (uint64_t)1 << node->index, __ATOMIC_ACQ_REL) >> node->index & 1, 0);
}

static int draw(struct graph *graph, int n)
{
    return (int)(check_random(&graph->random) % (unsigned)n);
}

/* Room for the depend array of a node in either layout, and for its dependence objects, one for each address at
 * most. */
struct entries {
    void *array[5 + 2 * ADDRESSES];
    void *object[ADDRESSES][2];
};

static int add_kind(const struct node *node, int kind, void **to)
{
    int n = 0;

    for (int a = 0; a < ADDRESSES; a++)
        if (node->kind[a] == kind)
            to[n++] = &place[a];
    return n;
}

static void layout_a(struct graph *graph, const struct node *node, void **array)
{
    int outs = add_kind(node, HAND_OUT, array + 2), n;

    if (node->all_memory)
        array[2 + outs++] = NULL;
    n = outs + add_kind(node, HAND_IN, array + 2 + outs);
    if (outs > 0 && draw(graph, 2))
        array[2 + n++] = array[2];              /* the first address written is read as well */
    array[0] = (void *)(intptr_t)n;
    array[1] = (void *)(intptr_t)outs;
}

/* Kinds that the layout has words for go there or into an object, by lot; inoutset has objects only. */
static void layout_b(struct graph *graph, const struct node *node, struct entries *e)
{
    static const int kinds[] = { HAND_OUT, HAND_MUTEXINOUTSET, HAND_IN };
    int n = 5, objects = 0;
    void **array = e->array;

    array[0] = NULL;
    for (int k = 0; k < 3; k++) {
        int before = n;

        for (int a = 0; a < ADDRESSES; a++) {
            if (node->kind[a] != kinds[k])
                continue;
            if (draw(graph, 3) == 0) {
                int kind = kinds[k] == HAND_OUT && draw(graph, 2) ? HAND_INOUT : kinds[k];

                e->object[objects][0] = &place[a];
                e->object[objects++][1] = (void *)(intptr_t)kind;
            } else {
                array[n++] = &place[a];
            }
        }
        if (kinds[k] == HAND_OUT && node->all_memory)
            array[n++] = NULL;
        array[2 + k] = (void *)(intptr_t)(n - before);
    }
    for (int a = 0; a < ADDRESSES; a++)
        if (node->kind[a] == HAND_INOUTSET) {
            e->object[objects][0] = &place[a];
            e->object[objects++][1] = (void *)(intptr_t)HAND_INOUTSET;
        }
    for (int i = 0; i < objects; i++)
        array[n++] = e->object[i];
    array[1] = (void *)(intptr_t)(n - 5);
}

static void **lower(struct graph *graph, const struct node *node, struct entries *e)
{
    bool sets = false;

    for (int a = 0; a < ADDRESSES; a++)
        sets |= node->kind[a] == HAND_MUTEXINOUTSET || node->kind[a] == HAND_INOUTSET;
    memset(e, 0x5a, sizeof *e);
    if (sets || draw(graph, 2))
        layout_b(graph, node, e);
    else
        layout_a(graph, node, e->array);
    return e->array;
}

static void choose_kinds(struct graph *graph, struct node *node)
{
    static const int kinds[] = { HAND_OUT, HAND_IN, HAND_IN, HAND_MUTEXINOUTSET, HAND_MUTEXINOUTSET, HAND_INOUTSET };

    memset(node, 0, sizeof *node);
    node->graph = graph;
    for (int i = draw(graph, USES); i >= 0; i--)
        node->kind[draw(graph, ADDRESSES)] = kinds[draw(graph, taskwait_depend_nowait ? 6 : 5)];
    node->all_memory = taskwait_depend_nowait && draw(graph, 12) == 0;
}

/* One child of the calling task, or a taskwait with dependences. */
static void generate(struct graph *graph, int index)
{
    struct node *node = &graph->node[index];
    int what = draw(graph, 10);
    struct entries e;

    choose_kinds(graph, node);
    node->index = index;
    find_predecessors(graph, node);
    if (what == 0) {
        GOMP_taskwait_depend(lower(graph, node, &e));
        CHECK_EQ(__atomic_load_n(&graph->done, __ATOMIC_ACQUIRE) & node->follows, node->follows);
        memset(node->kind, 0, sizeof node->kind);       /* nothing follows it */
        node->all_memory = 0;
        node->index = -1;
    } else if (what == 1 && taskwait_depend_nowait) {
        node->index = -1;                               /* a task of its own, empty */
        taskwait_depend_nowait(lower(graph, node, &e));
    } else {
        GOMP_task(body, &node, NULL, sizeof node, sizeof node, what != 2, HAND_DEPEND | (what == 3 ? HAND_UNTIED : 0),
                  lower(graph, node, &e), 0, NULL);
    }
    memset(&e, 0xa5, sizeof e);                         /* the array is the runtime's only during the call */
    graph->n++;
}

static void whole_graph(struct graph *graph, unsigned seed)
{
    uint64_t wanted = 0;

    memset(graph, 0, sizeof *graph);
    graph->random = seed * 2654435761u + 1;
    for (int i = 0; i < TASKS; i++)
        generate(graph, i);
    GOMP_taskwait();
    for (int i = 0; i < TASKS; i++)
        wanted |= graph->node[i].index == i ? (uint64_t)1 << i : 0;
    CHECK_EQ(graph->done, wanted);
}

/* One graph at a time; then one in each thread; then graphs of children of one parent, all over the same addresses. */
static void graphs(void)
{
    int rounds = check_rounds(40);

#pragma omp parallel
    {
        struct graph own;
#pragma omp single
        for (int i = 0; i < rounds; i++)
            whole_graph(&own, (unsigned)i);
        for (int i = 0; i < rounds / 8 + 1; i++)
            whole_graph(&own, (unsigned)(1000 * i + omp_get_thread_num()));
#pragma omp barrier
#pragma omp single
        for (int i = 0; i < 16; i++) {
#pragma omp task firstprivate(i)
            {
                struct graph mine;
                whole_graph(&mine, (unsigned)(7777 * i));
            }
        }
    }
    static struct graph outside;
    whole_graph(&outside, 99);
}

static int flag, order;

static void wait_for_flag(void *data)
{
    (void)data;
    task_await(&flag, 1);
    STORE(order, 1);
}

static void set_second(void *data)
{
    (void)data;
    CHECK_EQ(LOAD(order), 1);
    STORE(order, 2);
}

/* The empty task is deferred: the call returns although its predecessor waits for what comes later. */
static void nowait_returns_at_once(void)
{
    char x, y;

    flag = order = 0;
#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
        void *first[] = { (void *)1, (void *)1, &x }, *second[] = { (void *)2, (void *)1, &y, &x };
        void *third[] = { (void *)1, NULL, &y }, *last[] = { (void *)1, (void *)1, &y };

        GOMP_task(wait_for_flag, NULL, NULL, 0, 1, true, HAND_DEPEND, first, 0, NULL);
        taskwait_depend_nowait(second);
        GOMP_task(set_second, NULL, NULL, 0, 1, true, HAND_DEPEND, third, 0, NULL);
        CHECK_EQ(LOAD(order), 0);
        STORE(flag, 1);
        GOMP_taskwait_depend(last);
        CHECK_EQ(LOAD(order), 2);
    }
}

int main(void)
{
    if (getenv("HAND_NEW") != NULL) {
        *(void **)&taskwait_depend_nowait = dlsym(RTLD_DEFAULT, "GOMP_taskwait_depend_nowait");
        CHECK(taskwait_depend_nowait != NULL);
    }
    graphs();
    for (int i = 0; taskwait_depend_nowait && i < 10; i++)
        nowait_returns_at_once();
    return 0;
}
