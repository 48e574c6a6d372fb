/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Teams much larger than the machine: regions, barriers, every kind of loop, single, reductions, locks, tasks and
 * nested regions with 32 and 64 threads, and back to small ones.  Nothing may be wrong, hang or take for ever.
 *
 * run: opt=2 threads=32,64 pin=no,yes timeout=120 modes=path */
#include "tests/omp/check.h"

static int n;                           /* threads */

static void barriers(void)
{
    int count = 0;

#pragma omp parallel
    for (int round = 1; round <= 30; round++) {
#pragma omp atomic
        count++;
#pragma omp barrier
        CHECK_EQ(count, n * round);
#pragma omp barrier
    }
}

static void regions(void)
{
    long sum = 0;

    for (int round = 0; round < 60; round++) {
        int size = round % 4 == 3 ? 2 : n;

#pragma omp parallel num_threads(size) reduction(+ : sum)
        {
            CHECK_EQ(omp_get_num_threads(), size);
            sum++;
        }
    }
    CHECK_EQ(sum, 45L * n + 30);
}

static void loops(void)
{
    long sum = 0;

#pragma omp parallel reduction(+ : sum)
    for (int round = 0; round < 10; round++) {
#pragma omp for schedule(static) nowait
        for (int i = 0; i < 1000; i++)
            sum += i;
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 1000; i++)
            sum += i;
#pragma omp for schedule(guided) nowait
        for (int i = 0; i < 1000; i++)
            sum += i;
    }
    CHECK_EQ(sum, 30 * 499500L);
}

static void turns(void)
{
    int next = 0;

#pragma omp parallel for ordered schedule(static, 1)
    for (int i = 0; i < 500; i++) {
#pragma omp ordered
        CHECK_EQ(next++, i);
    }
#pragma omp parallel for ordered schedule(dynamic)
    for (int i = 0; i < 500; i++) {
#pragma omp ordered
        CHECK_EQ(next++, i + 500);
    }
}

static void doacross(void)
{
    int a[400];

#pragma omp parallel for ordered(1) schedule(static, 1)
    for (int i = 0; i < 400; i++) {
#pragma omp ordered depend(sink : i - 1)
        a[i] = i ? a[i - 1] + 1 : 0;
#pragma omp ordered depend(source)
    }
    CHECK_EQ(a[399], 399);
}

static void others(void)
{
    int singles = 0, inside = 0, tasks = 0;

#pragma omp parallel
    for (int round = 0; round < 10; round++) {
#pragma omp single
        singles++;
#pragma omp critical
        inside++;
#pragma omp single nowait
        for (int i = 0; i < 200; i++) {
#pragma omp task
            {
#pragma omp atomic
                tasks++;
            }
        }
#pragma omp taskwait
    }
    CHECK_EQ(singles, 10);
    CHECK_EQ(inside, 10 * n);
    CHECK_EQ(tasks, 2000);
}

static void nested(void)
{
    int count = 0;

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(8)
    for (int round = 0; round < 5; round++) {
#pragma omp parallel num_threads(n / 8)
        {
#pragma omp atomic
            count++;
        }
    }
    CHECK_EQ(count, 5 * n);
}

int main(void)
{
    n = omp_get_max_threads();
    for (int round = 0; round < 2; round++) {
        barriers();
        regions();
        loops();
        turns();
        doacross();
        others();
    }
    nested();
    return 0;
}
