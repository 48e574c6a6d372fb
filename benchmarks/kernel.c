/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Does it matter to a program?  Small numerical kernels whose regions last microseconds, and one large enough that the
 * runtime should not be noticed.  Time per sweep, iteration or picture, nothing subtracted.  Every result is checked
 * before anything is timed. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Jacobi's method for the Laplace equation on a square, one region per sweep ---- */

struct grid {
    int side;         /* inner points; the arrays have a border around them */
    double *from, *to;
};

static double *at(const struct grid *g, double *values, int row)
{
    return values + (size_t)row * (size_t)(g->side + 2);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (!memory)
        bench_fail("no memory for %zu times %zu bytes", count, size);
    return memory;
}

/* Top border 1, all else 0. */
static void grid_reset(struct grid *g, int side)
{
    size_t points = (size_t)(side + 2) * (size_t)(side + 2);

    if (g->side != side) {
        free(g->from);
        free(g->to);
        g->from = allocate(points, sizeof(double));
        g->to = allocate(points, sizeof(double));
        g->side = side;
    }
    memset(g->from, 0, points * sizeof(double));
    memset(g->to, 0, points * sizeof(double));
    for (int j = 0; j < side + 2; j++)
        g->from[j] = g->to[j] = 1;
}

static double jacobi_row(const struct grid *g, int i)
{
    const double *up = at(g, g->from, i - 1), *mid = at(g, g->from, i), *down = at(g, g->from, i + 1);
    double *to = at(g, g->to, i), change = 0;

    for (int j = 1; j <= g->side; j++) {
        to[j] = 0.25 * (up[j] + down[j] + mid[j - 1] + mid[j + 1]);
        change += fabs(to[j] - mid[j]);
    }
    return change;
}

static void grid_swap(struct grid *g)
{
    double *from = g->from;

    g->from = g->to;
    g->to = from;
}

static double jacobi_sweeps(struct grid *g, long sweeps)
{
    double change = 0;

    for (long n = 0; n < sweeps; n++) {
        change = 0;
#pragma omp parallel for reduction(+ : change)
        for (int i = 1; i <= g->side; i++)
            change += jacobi_row(g, i);
        grid_swap(g);
    }
    return change;
}

static double jacobi_plain(struct grid *g, long sweeps)
{
    double change = 0;

    for (long n = 0; n < sweeps; n++) {
        change = 0;
        for (int i = 1; i <= g->side; i++)
            change += jacobi_row(g, i);
        grid_swap(g);
    }
    return change;
}

static int close_to(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b));
}

static struct grid grid;

/* The points are computed in the same way whoever computes them, so they are equal bit by bit; the sum of the changes
 * is rounded in another order. */
static void jacobi_check(int side)
{
    struct grid plain = {0};
    size_t points = (size_t)(side + 2) * (size_t)(side + 2);

    grid_reset(&plain, side);
    grid_reset(&grid, side);
    double expected = jacobi_plain(&plain, 25), change = jacobi_sweeps(&grid, 25);
    if (!close_to(change, expected) || memcmp(plain.from, grid.from, points * sizeof(double)) != 0)
        bench_fail("jacobi %d: wrong result, change %.17g instead of %.17g", side, change, expected);
    free(plain.from);
    free(plain.to);
}

static void jacobi(long n, int side)
{
    if (grid.side != side)
        jacobi_check(side);
    double change = jacobi_sweeps(&grid, n);
    bench_keep(&change);
}

static void jacobi_64(long n)
{
    jacobi(n, 64);
}

static void jacobi_1000(long n)
{
    jacobi(n, 1000);
}

/* ---- conjugate gradients on a sparse matrix in rows: one region per iteration, four loops inside ---- */

enum { EDGE = 32, UNKNOWNS = EDGE * EDGE };

static int row_start[UNKNOWNS + 1], column[5 * UNKNOWNS];
static double entry[5 * UNKNOWNS];
static double x[UNKNOWNS], r[UNKNOWNS], p[UNKNOWNS], q[UNKNOWNS];

/* The five-point Laplacian. */
static void build_matrix(void)
{
    static const int step[5][2] = {{-1, 0}, {0, -1}, {0, 0}, {0, 1}, {1, 0}};
    int used = 0;

    for (int row = 0; row < UNKNOWNS; row++) {
        row_start[row] = used;
        for (int k = 0; k < 5; k++) {
            int i = row / EDGE + step[k][0], j = row % EDGE + step[k][1];
            if (i < 0 || i >= EDGE || j < 0 || j >= EDGE)
                continue;
            column[used] = i * EDGE + j;
            entry[used++] = k == 2 ? 4 : -1;
        }
    }
    row_start[UNKNOWNS] = used;
}

static double times_row(int row)
{
    double sum = 0;

    for (int k = row_start[row]; k < row_start[row + 1]; k++)
        sum += entry[k] * p[column[k]];
    return sum;
}

/* Right-hand side 1, first guess 0.  Returns the square of the residual. */
static double cg_reset(void)
{
    for (int i = 0; i < UNKNOWNS; i++) {
        x[i] = 0;
        r[i] = p[i] = 1;
    }
    return UNKNOWNS;
}

static double cg_iteration(double rr)
{
    double pq = 0, next = 0;

#pragma omp parallel
    {
#pragma omp for reduction(+ : pq)
        for (int i = 0; i < UNKNOWNS; i++) {
            q[i] = times_row(i);
            pq += p[i] * q[i];
        }
        double alpha = rr / pq;
#pragma omp for reduction(+ : next)
        for (int i = 0; i < UNKNOWNS; i++) {
            x[i] += alpha * p[i];
            r[i] -= alpha * q[i];
            next += r[i] * r[i];
        }
        double beta = next / rr;
#pragma omp for
        for (int i = 0; i < UNKNOWNS; i++)
            p[i] = r[i] + beta * p[i];
    }
    return next;
}

/* Largest |A x - 1|: the check needs no second solver. */
static double cg_defect(void)
{
    double worst = 0;

    memcpy(p, x, sizeof p);
    for (int i = 0; i < UNKNOWNS; i++)
        worst = fmax(worst, fabs(times_row(i) - 1));
    return worst;
}

static void conjugate_gradients(long n)
{
    static int checked;
    double rr = cg_reset();

    if (!checked) {
        build_matrix();
        for (int i = 0; i < 200 && rr > 1e-18; i++)
            rr = cg_iteration(rr);
        if (!(cg_defect() < 1e-7))
            bench_fail("conjugate gradients: the solution is off by %g", cg_defect());
        checked = 1;
        rr = cg_reset();
    }
    for (long i = 0; i < n; i++)
        rr = i % 40 == 39 ? cg_reset() : cg_iteration(rr);
}

/* ---- the Mandelbrot set in rows of very different length, dynamic ---- */

enum { PICTURE = 64, DEPTH = 200 };

static long mandelbrot_row(int row)
{
    long steps = 0;

    for (int i = 0; i < PICTURE; i++) {
        double cx = -2 + 3.0 * i / PICTURE, cy = -1.5 + 3.0 * row / PICTURE, a = 0, b = 0;
        for (int k = 0; k < DEPTH && a * a + b * b <= 4; k++, steps++) {
            double t = a * a - b * b + cx;
            b = 2 * a * b + cy;
            a = t;
        }
    }
    return steps;
}

static void mandelbrot(long n)
{
    static long expected;

    if (!expected)
        for (int row = 0; row < PICTURE; row++)
            expected += mandelbrot_row(row);
    for (long i = 0; i < n; i++) {
        long steps = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : steps)
        for (int row = 0; row < PICTURE; row++)
            steps += mandelbrot_row(row);
        if (steps != expected)
            bench_fail("mandelbrot: %ld steps instead of %ld", steps, expected);
    }
}

#define ROW(f, about) {#f, BENCH_TEAM, "-", f, 0, 0, about}

static const struct bench_case cases[] = {
    ROW(jacobi_64, "a sweep over 64 x 64 points: one region"),
    ROW(jacobi_1000, "a sweep over 1000 x 1000 points: one region"),
    ROW(conjugate_gradients, "an iteration with 1024 unknowns: one region, three loops, two reductions"),
    ROW(mandelbrot, "64 rows of very different length, schedule(dynamic)"),
    {0},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases);
}
