/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Branch and bound: rectangles, lying or standing, are placed one after the other so that the box around them becomes
 * as small as it can.  A rectangle may stand in the corner that two others leave, or at the origin.  Each placement is
 * a task with a copy of the whole board; none waits for its children, so that the tasks of the tree end in any order.
 * The bound is a fixed one, so that the amount of work is the same whoever finds what first.  `size` is the number of
 * rectangles; from rectangle `cut` on there are no more tasks. */
#include "tasks.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIDE = 32, /* of the board: a row is a word */
    MAX_CELLS = 10,
    MAX_THREADS = 1024,
    SLACK = 30, /* percent by which the box may exceed the sum of the areas */
};

static const struct {
    int width, height;
} cells[MAX_CELLS] = {{7, 5}, {4, 6}, {5, 3}, {3, 8}, {6, 2}, {4, 4}, {2, 5}, {3, 3}, {1, 4}, {2, 2}};

struct corner {
    signed char x, y;
};

struct board {
    uint32_t row[SIDE]; /* a bit per square that is taken */
    int placed, corners, width, height;
    struct corner corner[2 * MAX_CELLS + 1];
};

/* What a thread found. */
struct findings {
    uint64_t nodes, smallest;
} __attribute__((aligned(64)));

struct floorplan {
    int size, cut, bound;
    struct findings serial;
    struct findings by_thread[MAX_THREADS];
};

static void *make(int size, int cut)
{
    struct floorplan *f = tasks_memory(1, sizeof *f);
    int area = 0;

    for (int i = 0; i < size; i++)
        area += cells[i].width * cells[i].height;
    f->size = size;
    f->cut = cut;
    f->bound = area * (100 + SLACK) / 100;
    return f;
}

static void reset(void *data)
{
    struct floorplan *f = data;

    f->serial = (struct findings){0, SIDE * SIDE};
    for (int i = 0; i < MAX_THREADS; i++)
        f->by_thread[i] = f->serial;
}

/* Puts a rectangle on the board.  False if it does not fit or makes the box larger than the bound. */
static int place(struct board *b, int bound, struct corner at, int width, int height)
{
    int right = at.x + width, top = at.y + height;

    if (right > SIDE || top > SIDE)
        return 0;
    uint32_t squares = (uint32_t)((1ull << width) - 1) << at.x;
    for (int y = at.y; y < top; y++)
        if (b->row[y] & squares)
            return 0;
    right = right > b->width ? right : b->width;
    top = top > b->height ? top : b->height;
    if (right * top > bound)
        return 0;
    for (int y = at.y; y < at.y + height; y++)
        b->row[y] |= squares;
    b->width = right;
    b->height = top;
    b->placed++;
    b->corner[b->corners++] = (struct corner){(signed char)(at.x + width), at.y};
    b->corner[b->corners++] = (struct corner){at.x, (signed char)(at.y + height)};
    return 1;
}

/* Board number `choice` of those that follow `from`.  False if there is none. */
static int follow(const struct floorplan *f, const struct board *from, int choice, struct board *to)
{
    int width = cells[from->placed].width, height = cells[from->placed].height;

    if (choice % 2 && width == height)
        return 0;
    *to = *from;
    return place(to, f->bound, from->corner[choice / 2], choice % 2 ? height : width, choice % 2 ? width : height);
}

static void note(const struct floorplan *f, const struct board *b, struct findings *found)
{
    uint64_t area = (uint64_t)(b->width * b->height);

    found->nodes++;
    if (b->placed == f->size && area < found->smallest)
        found->smallest = area;
}

static void search_serial(const struct floorplan *f, const struct board *b, struct findings *found)
{
    struct board next;

    note(f, b, found);
    if (b->placed == f->size)
        return;
    for (int choice = 0; choice < 2 * b->corners; choice++)
        if (follow(f, b, choice, &next))
            search_serial(f, &next, found);
}

static void search_tasks(struct floorplan *f, const struct board *b)
{
    struct findings *mine = &f->by_thread[omp_get_thread_num()];
    struct board next;

    if (b->placed >= f->cut) {
        search_serial(f, b, mine);
        return;
    }
    note(f, b, mine);
    if (b->placed == f->size)
        return;
    for (int choice = 0; choice < 2 * b->corners; choice++) {
        if (!follow(f, b, choice, &next))
            continue;
#pragma omp task firstprivate(f, next)
        search_tasks(f, &next);
    }
}

static void empty(struct board *b)
{
    memset(b, 0, sizeof *b);
    b->corners = 1;
}

static uint64_t serial(void *data)
{
    struct floorplan *f = data;
    struct board b;

    empty(&b);
    search_serial(f, &b, &f->serial);
    return 0;
}

static uint64_t tasks(void *data)
{
    struct floorplan *f = data;
    struct board b;

    if (omp_get_num_threads() > MAX_THREADS)
        bench_fail("floorplan: at most %d threads", MAX_THREADS);
    empty(&b);
    search_tasks(f, &b);
    return 0;
}

static uint64_t result(void *data)
{
    struct floorplan *f = data;
    uint64_t nodes = f->serial.nodes, smallest = f->serial.smallest;

    for (int i = 0; i < MAX_THREADS; i++) {
        nodes += f->by_thread[i].nodes;
        smallest = f->by_thread[i].smallest < smallest ? f->by_thread[i].smallest : smallest;
    }
    return nodes * SIDE * SIDE + smallest;
}

/* The best box is one that the bound allows, and not smaller than what is in it. */
static void verify(void *data, uint64_t result)
{
    struct floorplan *f = data;
    uint64_t smallest = result % (SIDE * SIDE);
    int area = 0;

    for (int i = 0; i < f->size; i++)
        area += cells[i].width * cells[i].height;
    if (smallest > (uint64_t)f->bound || smallest < (uint64_t)area)
        bench_fail("floorplan: the smallest box is %d, the rectangles' area %d", (int)smallest, area);
}

const struct kernel kernel_floorplan_fine = {
    "floorplan_fine", "8 rectangles, a task per placement", make, reset, serial, tasks, result, verify, 8, 8};
const struct kernel kernel_floorplan_cut = {
    "floorplan_cut", "9 rectangles, tasks for the first 5", make, reset, serial, tasks, result, verify, 9, 5};
