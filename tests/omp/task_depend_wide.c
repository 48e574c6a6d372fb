/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Dependences in large numbers: thousands of readers of one address, one task with thousands of predecessors, hundreds
 * of addresses in one task, and 100 000 addresses in one parent.
 *
 * run: opt=2 timeout=60 threads=1,2,4,16 policy=default pin=no,yes */
#include "tests/omp/task_check.h"

enum { MANY = 100000, WIDE = 4000, LIST = 300 };

static int cell[MANY];

static void fan_out_and_in(void)
{
    int x = 0, readers = 0;

#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 2; round++) {
#pragma omp task depend(out : x) shared(x, readers)
        {
            CHECK_EQ(LOAD(readers), WIDE * (round - 1));
            check_sleep_us(1000);
            x = round;
        }
        for (int i = 0; i < WIDE; i++) {
#pragma omp task depend(in : x) shared(x, readers)
            {
                CHECK_EQ(x, round);
                ADD(readers, 1);
            }
        }
#pragma omp task depend(inout : x) shared(x, readers)
        {
            CHECK_EQ(LOAD(readers), WIDE * round);
            CHECK_EQ(x, round);
        }
    }
    CHECK_EQ(readers, 2 * WIDE);
}

/* One writer of every cell; one reader of all of them, a few at a time. */
static void long_lists(void)
{
    int sums = 0;

    memset(cell, 0, sizeof cell);
#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 4; round++) {
        for (int i = 0; i < LIST; i++) {
#pragma omp task depend(out : cell[i]) firstprivate(i, round)
            cell[i] = round;
        }
#pragma omp task depend(iterator(i = 0 : LIST), in : cell[i]) shared(sums)
        for (int i = 0; i < LIST; i++)
            ADD(sums, cell[i] == round);
#pragma omp task depend(iterator(i = 0 : LIST), inout : cell[i])
        for (int i = 0; i < LIST; i++)
            cell[i] = -1;
    }
    CHECK_EQ(sums, 4 * LIST);
}

/* Each cell has two writers and two readers, which are the writer of the next cell and a reader. */
static void many_addresses(void)
{
    memset(cell, 0, sizeof cell);
#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < MANY; i++) {
#pragma omp task depend(out : cell[i]) firstprivate(i)
            cell[i] = i;
        }
        for (int i = 1; i < MANY; i += 2) {
#pragma omp task depend(inout : cell[i]) depend(in : cell[i - 1]) firstprivate(i)
            cell[i] += cell[i - 1];
        }
#pragma omp taskwait
        for (int i = 0; i < MANY; i++)
            CHECK_EQ(cell[i], i % 2 ? 2 * i - 1 : i);
    }
}

/* The addresses of one parent, and of many parents one after the other: what they used is used again. */
static void parents_one_after_the_other(void)
{
#pragma omp parallel
#pragma omp single
    for (int p = 0; p < 300; p++) {
#pragma omp task firstprivate(p)
        {
            int local[20] = { 0 };

            for (int i = 0; i < 40; i++) {
#pragma omp task depend(inout : local[i % 20]) shared(local) firstprivate(i)
                local[i % 20] += i + p;
            }
#pragma omp taskwait
            for (int i = 0; i < 20; i++)
                CHECK_EQ(local[i], 2 * i + 20 + 2 * p);
        }
    }
}

int main(void)
{
    fan_out_and_in();
    long_lists();
    many_addresses();
    parents_one_after_the_other();
    return 0;
}
