/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * All ways to place n queens on n rows: a task per safe placement, which gets its own copy of the board; the solutions
 * below a placement are summed up when its tasks are done.  `size` is n; from row `cut` on there are no more tasks. */
#include "tasks.h"

enum { MAX_QUEENS = 16 };

struct board {
    signed char column[MAX_QUEENS]; /* of the queen in each row */
};

struct queens {
    int n, cut;
};

static void *make(int size, int cut)
{
    struct queens *q = tasks_memory(1, sizeof *q);

    *q = (struct queens){size, cut};
    return q;
}

static int safe(const struct board *b, int row, int column)
{
    for (int i = 0; i < row; i++) {
        int other = b->column[i], distance = row - i;
        if (other == column || other == column - distance || other == column + distance)
            return 0;
    }
    return 1;
}

static long place_serial(const struct board *b, int row, int n)
{
    long found = 0;

    if (row == n)
        return 1;
    for (int column = 0; column < n; column++) {
        if (!safe(b, row, column))
            continue;
        struct board next = *b;
        next.column[row] = (signed char)column;
        found += place_serial(&next, row + 1, n);
    }
    return found;
}

static long place_tasks(const struct board *b, int row, int n, int cut)
{
    long found[MAX_QUEENS] = {0}, sum = 0;

    if (row >= cut)
        return place_serial(b, row, n);
    for (int column = 0; column < n; column++) {
        if (!safe(b, row, column))
            continue;
        struct board next = *b;
        next.column[row] = (signed char)column;
#pragma omp task shared(found) firstprivate(next, row, column, n, cut)
        found[column] = place_tasks(&next, row + 1, n, cut);
    }
#pragma omp taskwait
    for (int column = 0; column < n; column++)
        sum += found[column];
    return sum;
}

static uint64_t serial(void *data)
{
    struct queens *q = data;
    struct board empty = {{0}};

    return (uint64_t)place_serial(&empty, 0, q->n);
}

static uint64_t tasks(void *data)
{
    struct queens *q = data;
    struct board empty = {{0}};

    return (uint64_t)place_tasks(&empty, 0, q->n, q->cut);
}

/* The known numbers of solutions, OEIS A000170. */
static void verify(void *data, uint64_t result)
{
    static const uint64_t known[] = {1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14200, 73712};
    struct queens *q = data;

    if (result != known[q->n])
        bench_fail("nqueens: %llu solutions for %d", (unsigned long long)result, q->n);
}

const struct kernel kernel_nqueens_fine = {
    "nqueens_fine", "10 queens, a task per placement", make, 0, serial, tasks, 0, verify, 10, 10};
const struct kernel kernel_nqueens_cut = {
    "nqueens_cut", "11 queens, tasks in the first 4 rows", make, 0, serial, tasks, 0, verify, 11, 4};
