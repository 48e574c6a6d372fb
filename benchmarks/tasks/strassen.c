/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Strassen's product of two square matrices: seven products of half the size, each a task that first adds up its two
 * operands in memory of its own; the parent combines them.  Blocks of `cut` rows are multiplied in three loops.  The
 * entries are small whole numbers, so the result is exact whatever the order.  `size` is the number of rows. */
#include "tasks.h"

#include <stdlib.h>

/* A square block of a matrix with rows of `stride` numbers. */
struct block {
    double *at;
    size_t stride;
};

struct strassen {
    size_t rows, cut;
    struct block a, b, c;
};

static struct block new_block(size_t rows)
{
    return (struct block){tasks_memory(rows * rows, sizeof(double)), rows};
}

static void *make(int size, int cut)
{
    struct strassen *s = tasks_memory(1, sizeof *s);
    uint64_t random = 2;

    s->rows = (size_t)size;
    s->cut = (size_t)cut;
    s->a = new_block(s->rows);
    s->b = new_block(s->rows);
    s->c = new_block(s->rows);
    for (size_t i = 0; i < s->rows * s->rows; i++) {
        s->a.at[i] = (double)(tasks_random(&random) % 9) - 4;
        s->b.at[i] = (double)(tasks_random(&random) % 9) - 4;
    }
    return s;
}

static struct block quarter(struct block m, size_t half, int row, int column)
{
    return (struct block){m.at + ((size_t)row * m.stride + (size_t)column) * half, m.stride};
}

/* The operands of the seven products, as quarters 11, 12, 21, 22 with their signs, and which quarters of the result
 * each product is added to. */
static const signed char operands[7][3][4] = {
    {{1, 0, 0, 1}, {1, 0, 0, 1}, {1, 0, 0, 1}},     /* (A11 + A22)(B11 + B22) */
    {{0, 0, 1, 1}, {1, 0, 0, 0}, {0, 0, 1, -1}},    /* (A21 + A22) B11 */
    {{1, 0, 0, 0}, {0, 1, 0, -1}, {0, 1, 0, 1}},    /* A11 (B12 - B22) */
    {{0, 0, 0, 1}, {-1, 0, 1, 0}, {1, 0, 1, 0}},    /* A22 (B21 - B11) */
    {{1, 1, 0, 0}, {0, 0, 0, 1}, {-1, 1, 0, 0}},    /* (A11 + A12) B22 */
    {{-1, 0, 1, 0}, {1, 1, 0, 0}, {0, 0, 0, 1}},    /* (A21 - A11)(B11 + B12) */
    {{0, 1, 0, -1}, {0, 0, 1, 1}, {1, 0, 0, 0}},    /* (A12 - A22)(B21 + B22) */
};

/* to += factor * from, or to = if `first`. */
static void add(struct block to, struct block from, size_t rows, double factor, int first)
{
    for (size_t i = 0; i < rows; i++) {
        double *restrict t = to.at + i * to.stride;
        const double *restrict f = from.at + i * from.stride;
        if (first)
            for (size_t j = 0; j < rows; j++)
                t[j] = factor * f[j];
        else
            for (size_t j = 0; j < rows; j++)
                t[j] += factor * f[j];
    }
}

/* An operand of a product: a quarter as it is, or a sum of quarters in `scratch`. */
static struct block operand(const signed char *signs, struct block m, size_t half, struct block scratch)
{
    int terms = 0;

    for (int q = 0; q < 4; q++)
        terms += signs[q] != 0;
    for (int q = 0, first = 1; q < 4; q++) {
        if (!signs[q])
            continue;
        if (terms == 1)
            return quarter(m, half, q / 2, q % 2);
        add(scratch, quarter(m, half, q / 2, q % 2), half, signs[q], first);
        first = 0;
    }
    return scratch;
}

static void multiply_loops(struct block c, struct block a, struct block b, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        double *restrict to = c.at + i * c.stride;
        for (size_t j = 0; j < rows; j++)
            to[j] = 0;
        for (size_t k = 0; k < rows; k++) {
            double factor = a.at[i * a.stride + k];
            const double *restrict from = b.at + k * b.stride;
            for (size_t j = 0; j < rows; j++)
                to[j] += factor * from[j];
        }
    }
}

static void combine(struct block c, const struct block *products, size_t half)
{
    for (int q = 0; q < 4; q++) {
        for (int p = 0, first = 1; p < 7; p++) {
            if (!operands[p][2][q])
                continue;
            add(quarter(c, half, q / 2, q % 2), products[p], half, operands[p][2][q], first);
            first = 0;
        }
    }
}

/* Memory for a product and the sums that are its operands: three blocks. */
static double *scratch_for(size_t half)
{
    double *memory = aligned_alloc(64, 3 * half * half * sizeof *memory);

    if (!memory)
        bench_fail("no memory for a block of %zu rows", half);
    return memory;
}

static void multiply_serial(struct block c, struct block a, struct block b, size_t rows, size_t cut)
{
    size_t half = rows / 2, area = half * half;
    struct block products[7];

    if (rows <= cut) {
        multiply_loops(c, a, b, rows);
        return;
    }
    for (int p = 0; p < 7; p++) {
        double *m = scratch_for(half);
        products[p] = (struct block){m, half};
        multiply_serial(products[p], operand(operands[p][0], a, half, (struct block){m + area, half}),
                        operand(operands[p][1], b, half, (struct block){m + 2 * area, half}), half, cut);
    }
    combine(c, products, half);
    for (int p = 0; p < 7; p++)
        free(products[p].at);
}

static void multiply_tasks(struct block c, struct block a, struct block b, size_t rows, size_t cut)
{
    size_t half = rows / 2, area = half * half;
    struct block products[7];

    if (rows <= cut) {
        multiply_loops(c, a, b, rows);
        return;
    }
    for (int p = 0; p < 7; p++) {
#pragma omp task shared(products) firstprivate(p, a, b, half, area, cut)
        {
            double *m = scratch_for(half);
            products[p] = (struct block){m, half};
            multiply_tasks(products[p], operand(operands[p][0], a, half, (struct block){m + area, half}),
                           operand(operands[p][1], b, half, (struct block){m + 2 * area, half}), half, cut);
        }
    }
#pragma omp taskwait
    combine(c, products, half);
    for (int p = 0; p < 7; p++)
        free(products[p].at);
}

static uint64_t serial(void *data)
{
    struct strassen *s = data;

    multiply_serial(s->c, s->a, s->b, s->rows, s->cut);
    return 0;
}

static uint64_t tasks(void *data)
{
    struct strassen *s = data;

    multiply_tasks(s->c, s->a, s->b, s->rows, s->cut);
    return 0;
}

static uint64_t result(void *data)
{
    struct strassen *s = data;

    return tasks_hash(s->c.at, s->rows * s->rows * sizeof(double));
}

static void times_vector(struct block m, size_t rows, const double *x, double *to)
{
    for (size_t i = 0; i < rows; i++) {
        to[i] = 0;
        for (size_t j = 0; j < rows; j++)
            to[i] += m.at[i * m.stride + j] * x[j];
    }
}

/* Freivalds' test: A (B x) = C x for a random x. */
static void verify(void *data, uint64_t hash)
{
    struct strassen *s = data;
    double *v = tasks_memory(4 * s->rows, sizeof *v);
    double *x = v, *bx = v + s->rows, *abx = v + 2 * s->rows, *cx = v + 3 * s->rows;
    uint64_t random = 3;

    (void)hash;
    for (size_t i = 0; i < s->rows; i++)
        x[i] = (double)(tasks_random(&random) % 1000);
    times_vector(s->b, s->rows, x, bx);
    times_vector(s->a, s->rows, bx, abx);
    times_vector(s->c, s->rows, x, cx);
    for (size_t i = 0; i < s->rows; i++)
        if (abx[i] != cx[i])
            bench_fail("strassen: row %zu of the product is wrong", i);
    free(v);
}

const struct kernel kernel_strassen_fine = {
    "strassen_fine", "256 x 256 numbers, tasks down to 16 x 16", make, 0, serial, tasks, result, verify, 256, 16};
const struct kernel kernel_strassen_cut = {
    "strassen_cut", "384 x 384 numbers, tasks down to 48 x 48", make, 0, serial, tasks, result, verify, 384, 48};
