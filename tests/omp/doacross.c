/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cross-iteration dependences in one, two and three dimensions, under each schedule, long and unsigned long long: each
 * cell is computed from its predecessors, so a wait that returns early gives a wrong sum.
 *
 * run+: threads=1,2 pin=no
 * run+: threads=2 pin=yes opt=2 gompx-only="libgomp spins in doacross waits: seconds on a shared CPU"
 * run+: threads=3,4,8,16 gompx-only="libgomp spins in doacross waits: minutes on two CPUs" */
#include "check.h"

enum { N1 = 100, N2 = 12, N3 = 6 };

static int line[N1], grid[N2][N2], cube[N3][N3][N3];

#define LINE(name, type, ...)                                            \
    static void name(void)                                               \
    {                                                                    \
        memset(line, 0, sizeof line);                                    \
        _Pragma(__VA_ARGS__)                                             \
        for (type i = 1; i < N1; i++) {                                  \
            if (i % 5 == 0)                                              \
                check_work(100);                                         \
            _Pragma("omp ordered depend(sink : i - 1)")                  \
            line[i] = line[i - 1] + 1;                                   \
            _Pragma("omp ordered depend(source)")                        \
        }                                                                \
        for (int i = 0; i < N1; i++)                                     \
            CHECK_EQ(line[i], i);                                        \
    }

#define GRID(name, type, ...)                                            \
    static void name(void)                                               \
    {                                                                    \
        for (int i = 0; i < N2; i++)                                     \
            for (int j = 0; j < N2; j++)                                 \
                grid[i][j] = i == 0 || j == 0;                           \
        _Pragma(__VA_ARGS__)                                             \
        for (type i = 1; i < N2; i++)                                    \
            for (type j = 1; j < N2; j++) {                              \
                _Pragma("omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1)") \
                grid[i][j] = (grid[i - 1][j] + grid[i][j - 1]) % 10007;  \
                _Pragma("omp ordered depend(source)")                    \
            }                                                            \
        check_grid();                                                    \
    }

static void check_grid(void)
{
    int want[N2][N2];

    for (int i = 0; i < N2; i++)
        for (int j = 0; j < N2; j++) {
            want[i][j] = i == 0 || j == 0 ? 1 : (want[i - 1][j] + want[i][j - 1]) % 10007;
            CHECK_EQ(grid[i][j], want[i][j]);
        }
}

LINE(line_default, int, "omp parallel for ordered(1)")
LINE(line_static, long, "omp parallel for ordered(1) schedule(static, 1)")
LINE(line_static3, long, "omp parallel for ordered(1) schedule(static, 3)")
LINE(line_dynamic, int, "omp parallel for ordered(1) schedule(dynamic)")
LINE(line_dynamic4, int, "omp parallel for ordered(1) schedule(dynamic, 4)")
LINE(line_guided, int, "omp parallel for ordered(1) schedule(guided)")
LINE(line_runtime, int, "omp parallel for ordered(1) schedule(runtime)")
LINE(line_ull, unsigned long long, "omp parallel for ordered(1) schedule(dynamic, 2)")
LINE(line_ull_static, unsigned long long, "omp parallel for ordered(1) schedule(static)")
LINE(line_ull_guided, unsigned long long, "omp parallel for ordered(1) schedule(guided, 3)")
LINE(line_ull_runtime, unsigned long long, "omp parallel for ordered(1) schedule(runtime)")
GRID(grid_static, int, "omp parallel for ordered(2) schedule(static, 1)")
GRID(grid_block, int, "omp parallel for ordered(2) schedule(static)")
GRID(grid_dynamic, long, "omp parallel for ordered(2) schedule(dynamic)")
GRID(grid_guided, int, "omp parallel for ordered(2) schedule(guided)")
GRID(grid_ull, unsigned long long, "omp parallel for ordered(2) schedule(dynamic)")
GRID(grid_collapsed, int, "omp parallel for collapse(2) ordered(2) schedule(dynamic, 3)")

static void three_dimensions(void)
{
    memset(cube, 0, sizeof cube);
#pragma omp parallel for ordered(3) schedule(dynamic)
    for (int i = 0; i < N3; i++)
        for (int j = 0; j < N3; j++)
            for (int k = 0; k < N3; k++) {
                int before = 0;
#pragma omp ordered depend(sink : i - 1, j, k) depend(sink : i, j - 1, k) depend(sink : i, j, k - 1)
                before = i > 0 ? cube[i - 1][j][k] : j > 0 ? cube[i][j - 1][k] : k > 0 ? cube[i][j][k - 1] : 0;
                cube[i][j][k] = before + 1;
#pragma omp ordered depend(source)
            }
    for (int i = 0; i < N3; i++)
        for (int j = 0; j < N3; j++)
            for (int k = 0; k < N3; k++)
                CHECK_EQ(cube[i][j][k], (i > 0 ? i + 1 + j + k : j > 0 ? j + 1 + k : k + 1));
}

/* Dependences that reach far back and forth across: iteration i needs (i - 2, j + 1); strides other than one. */
static void distant_sinks(void)
{
    static int seen[40][8];

    memset(seen, 0, sizeof seen);
#pragma omp parallel for ordered(2) schedule(static, 1)
    for (int i = 38; i >= 0; i -= 2)
        for (int j = 0; j < 8; j++) {
#pragma omp ordered depend(sink : i + 4, j + 1)
            if (i + 4 <= 38 && j + 1 < 8)
                CHECK_EQ(seen[i + 4][j + 1], 1);
            seen[i][j] = 1;
#pragma omp ordered depend(source)
        }
}

static void several_doacross_loops_in_one_region(void)
{
    static int a[N1], b[N1];

    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
#pragma omp parallel
    for (int round = 1; round <= 4; round++) {
#pragma omp for ordered(1) schedule(static, 1) nowait
        for (int i = 1; i < N1; i++) {
#pragma omp ordered depend(sink : i - 1)
            a[i] = a[i - 1] + 1;
#pragma omp ordered depend(source)
        }
#pragma omp for ordered(1) schedule(dynamic, 3)
        for (int i = 1; i < N1; i++) {
#pragma omp ordered depend(sink : i - 1)
            b[i] = b[i - 1] + 1;
#pragma omp ordered depend(source)
        }
#pragma omp single
        for (int i = 0; i < N1; i++) {
            CHECK_EQ(a[i], i);
            CHECK_EQ(b[i], i);
        }
    }
}

int main(void)
{
    line_default();
    line_static();
    line_static3();
    line_dynamic();
    line_dynamic4();
    line_guided();
    line_ull();
    line_ull_static();
    line_ull_guided();
    for (int kind = omp_sched_static; kind <= (int)omp_sched_auto; kind++) {
        omp_set_schedule((omp_sched_t)kind, 2);
        line_runtime();
        line_ull_runtime();
    }
    grid_static();
    grid_block();
    grid_dynamic();
    grid_guided();
    grid_ull();
    grid_collapsed();
    three_dimensions();
    distant_sinks();
    several_doacross_loops_in_one_region();
    return 0;
}
