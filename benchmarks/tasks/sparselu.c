/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * LU factorization, without pivoting, of a sparse matrix of dense blocks.  Step k factors the diagonal block, divides
 * the blocks right of it and below it, and subtracts their products from the rest; empty blocks are left out, and those
 * that fill up on the way exist from the beginning.  In `sparselu` one thread creates the tasks of each half-step and
 * waits; in `sparselu_depend` it creates all tasks of all steps, which wait for each other's blocks.  The matrix is
 * dominated by its diagonal.  `size` is the number of block rows; `cut` is 1 for dependences. */
#include "tasks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EDGE = 24, MAX_BLOCKS = 32 };

typedef double block[EDGE][EDGE];

struct matrix {
    int size, depend;
    int used;                              /* number of blocks */
    block *input, *blocks;                 /* all blocks, before and now */
    block *grid[MAX_BLOCKS][MAX_BLOCKS];   /* where they stand; NULL: empty */
};

/* Which blocks are there at first: the diagonals next to the main one, and one in four of the others. */
static int present(int i, int j)
{
    return abs(i - j) <= 1 || tasks_mix((uint64_t)(i * MAX_BLOCKS + j)) % 4 == 0;
}

static void fill(block *b, int diagonal, int size, uint64_t *random)
{
    for (int i = 0; i < EDGE; i++)
        for (int j = 0; j < EDGE; j++)
            (*b)[i][j] = (double)(tasks_random(random) % 2001) / 1000 - 1;
    for (int i = 0; diagonal && i < EDGE; i++)
        (*b)[i][i] += 2 * EDGE * size;
}

/* Which blocks there are in the end. */
static void fill_in(int size, char there[MAX_BLOCKS][MAX_BLOCKS])
{
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
            there[i][j] = (char)present(i, j);
    for (int k = 0; k < size; k++)
        for (int i = k + 1; i < size; i++)
            for (int j = k + 1; there[i][k] && j < size; j++)
                there[i][j] |= there[k][j];
}

static void *make(int size, int depend)
{
    struct matrix *m = tasks_memory(1, sizeof *m);
    char there[MAX_BLOCKS][MAX_BLOCKS];
    uint64_t random = 4;

    m->size = size;
    m->depend = depend;
    m->input = tasks_memory((size_t)(size * size), sizeof(block));
    m->blocks = tasks_memory((size_t)(size * size), sizeof(block));
    fill_in(size, there);
    for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
            if (!there[i][j])
                continue;
            if (present(i, j))
                fill(&m->input[m->used], i == j, size, &random);
            m->grid[i][j] = &m->blocks[m->used++];
        }
    }
    return m;
}

static void reset(void *data)
{
    struct matrix *m = data;

    memcpy(m->blocks, m->input, (size_t)m->used * sizeof(block));
}

/* ---- the four operations on blocks ---- */

static void factor(block *d)
{
    for (int k = 0; k < EDGE; k++)
        for (int i = k + 1; i < EDGE; i++) {
            (*d)[i][k] /= (*d)[k][k];
            for (int j = k + 1; j < EDGE; j++)
                (*d)[i][j] -= (*d)[i][k] * (*d)[k][j];
        }
}

/* right = L^-1 right, L being the lower triangle of d. */
static void divide_right(block *d, block *right)
{
    for (int k = 0; k < EDGE; k++)
        for (int i = k + 1; i < EDGE; i++)
            for (int j = 0; j < EDGE; j++)
                (*right)[i][j] -= (*d)[i][k] * (*right)[k][j];
}

/* below = below U^-1, U being the upper triangle of d. */
static void divide_below(block *d, block *below)
{
    for (int i = 0; i < EDGE; i++)
        for (int k = 0; k < EDGE; k++) {
            (*below)[i][k] /= (*d)[k][k];
            for (int j = k + 1; j < EDGE; j++)
                (*below)[i][j] -= (*below)[i][k] * (*d)[k][j];
        }
}

/* rest -= below * right */
static void subtract(block *rest, block *below, block *right)
{
    for (int i = 0; i < EDGE; i++)
        for (int k = 0; k < EDGE; k++) {
            double x = (*below)[i][k];
            for (int j = 0; j < EDGE; j++)
                (*rest)[i][j] -= x * (*right)[k][j];
        }
}

/* ---- the factorization, three times ---- */

static uint64_t serial(void *data)
{
    struct matrix *m = data;

    for (int k = 0; k < m->size; k++) {
        block *d = m->grid[k][k];
        factor(d);
        for (int j = k + 1; j < m->size; j++)
            if (m->grid[k][j])
                divide_right(d, m->grid[k][j]);
        for (int i = k + 1; i < m->size; i++)
            if (m->grid[i][k])
                divide_below(d, m->grid[i][k]);
        for (int i = k + 1; i < m->size; i++)
            for (int j = k + 1; m->grid[i][k] && j < m->size; j++)
                if (m->grid[k][j])
                    subtract(m->grid[i][j], m->grid[i][k], m->grid[k][j]);
    }
    return 0;
}

static void with_taskwait(struct matrix *m)
{
    for (int k = 0; k < m->size; k++) {
        block *d = m->grid[k][k];
        factor(d);
        for (int j = k + 1; j < m->size; j++) {
            if (!m->grid[k][j])
                continue;
#pragma omp task firstprivate(m, d, k, j)
            divide_right(d, m->grid[k][j]);
        }
        for (int i = k + 1; i < m->size; i++) {
            if (!m->grid[i][k])
                continue;
#pragma omp task firstprivate(m, d, k, i)
            divide_below(d, m->grid[i][k]);
        }
#pragma omp taskwait
        for (int i = k + 1; i < m->size; i++) {
            for (int j = k + 1; m->grid[i][k] && j < m->size; j++) {
                if (!m->grid[k][j])
                    continue;
#pragma omp task firstprivate(m, i, j, k)
                subtract(m->grid[i][j], m->grid[i][k], m->grid[k][j]);
            }
        }
#pragma omp taskwait
    }
}

static void with_depend(struct matrix *m)
{
    for (int k = 0; k < m->size; k++) {
        block *d = m->grid[k][k];
#pragma omp task depend(inout : *d) firstprivate(d)
        factor(d);
        for (int j = k + 1; j < m->size; j++) {
            block *right = m->grid[k][j];
            if (!right)
                continue;
#pragma omp task depend(in : *d) depend(inout : *right) firstprivate(d, right)
            divide_right(d, right);
        }
        for (int i = k + 1; i < m->size; i++) {
            block *below = m->grid[i][k];
            if (!below)
                continue;
#pragma omp task depend(in : *d) depend(inout : *below) firstprivate(d, below)
            divide_below(d, below);
        }
        for (int i = k + 1; i < m->size; i++) {
            block *below = m->grid[i][k];
            for (int j = k + 1; below && j < m->size; j++) {
                block *right = m->grid[k][j], *rest = m->grid[i][j];
                if (!right)
                    continue;
#pragma omp task depend(in : *below, *right) depend(inout : *rest) firstprivate(below, right, rest)
                subtract(rest, below, right);
            }
        }
    }
}

static uint64_t tasks(void *data)
{
    struct matrix *m = data;

    if (m->depend)
        with_depend(m);
    else
        with_taskwait(m);
    return 0;
}

static uint64_t result(void *data)
{
    struct matrix *m = data;

    return tasks_hash(m->blocks, (size_t)m->used * sizeof(block));
}

/* ---- L (U x) = A x for a random x ---- */

enum part { WHOLE, LOWER, UPPER }; /* LOWER has ones in the diagonal */

/* Entry (r, c) of the matrix in `blocks`, or of a triangle of it. */
static double entry(const struct matrix *m, const block *blocks, enum part part, int r, int c)
{
    const block *b = m->grid[r / EDGE][c / EDGE];

    if ((part == LOWER && r < c) || (part == UPPER && r > c) || !b)
        return 0;
    if (part == LOWER && r == c)
        return 1;
    return blocks[b - m->blocks][r % EDGE][c % EDGE];
}

static void times_vector(const struct matrix *m, const block *blocks, enum part part, const double *x, double *to)
{
    int rows = m->size * EDGE;

    for (int r = 0; r < rows; r++) {
        to[r] = 0;
        for (int c = 0; c < rows; c++)
            to[r] += entry(m, blocks, part, r, c) * x[c];
    }
}

static void verify(void *data, uint64_t hash)
{
    struct matrix *m = data;
    size_t rows = (size_t)(m->size * EDGE);
    double *x = tasks_memory(4 * rows, sizeof *x), *ax = x + rows, *ux = ax + rows, *lux = ux + rows;
    uint64_t random = 5;

    (void)hash;
    for (size_t i = 0; i < rows; i++)
        x[i] = (double)(tasks_random(&random) % 1000) / 1000;
    times_vector(m, m->input, WHOLE, x, ax);
    times_vector(m, m->blocks, UPPER, x, ux);
    times_vector(m, m->blocks, LOWER, ux, lux);
    for (size_t i = 0; i < rows; i++)
        if (!(fabs(lux[i] - ax[i]) <= 1e-9 * (1 + fabs(ax[i]))))
            bench_fail("sparselu: row %zu of LUx is %g, of Ax %g", i, lux[i], ax[i]);
    free(x);
}

const struct kernel kernel_sparselu = {
    "sparselu", "24 x 24 blocks of 24 x 24, a taskwait after each half-step", make, reset, serial, tasks, result,
    verify, 24, 0};
const struct kernel kernel_sparselu_depend = {
    "sparselu_depend", "the same, tasks that depend on blocks", make, reset, serial, tasks, result, verify, 24, 1};
