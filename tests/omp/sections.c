/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sections: each runs once, with fewer and more threads than sections, nowait, combined with parallel, last- and
 * firstprivate. */
#include "check.h"

enum { MANY = 12 };

static int ran[MANY];

static void mark(int s)
{
    __atomic_fetch_add(&ran[s], 1, __ATOMIC_RELAXED);
}

static void each_ran(int sections, int times)
{
    for (int s = 0; s < MANY; s++) {
        CHECK_EQ(ran[s], s < sections ? times : 0);
        ran[s] = 0;
    }
}

static void twelve_sections(void)
{
#pragma omp sections
    {
        mark(0);
#pragma omp section
        mark(1);
#pragma omp section
        mark(2);
#pragma omp section
        mark(3);
#pragma omp section
        mark(4);
#pragma omp section
        mark(5);
#pragma omp section
        mark(6);
#pragma omp section
        mark(7);
#pragma omp section
        mark(8);
#pragma omp section
        mark(9);
#pragma omp section
        mark(10);
#pragma omp section
        mark(11);
    }
}

static void more_and_fewer_than_threads(void)
{
#pragma omp parallel
    for (int round = 0; round < 20; round++)
        twelve_sections();
    each_ran(12, 20);
#pragma omp parallel
    for (int round = 0; round < 20; round++) {
#pragma omp sections
        {
            mark(0);
        }
    }
    each_ran(1, 20);
    twelve_sections();
    each_ran(12, 1);
}

static void the_end_of_sections_is_a_barrier(void)
{
    int value = 0;

#pragma omp parallel
    for (int round = 1; round <= 20; round++) {
#pragma omp sections
        {
#pragma omp section
            {
                check_work(500);
                value = round;
            }
#pragma omp section
            mark(0);
        }
        CHECK_EQ(value, round);
#pragma omp barrier
    }
    each_ran(1, 20);
}

static void nowait_sections_in_a_row(void)
{
    int count = 0;

#pragma omp parallel
    for (int round = 0; round < 50; round++) {
#pragma omp sections nowait
        {
#pragma omp atomic
            count++;
#pragma omp section
            if (round == 3)
                check_sleep_us(500);
#pragma omp section
#pragma omp atomic
            count++;
        }
    }
    CHECK_EQ(count, 100);
}

static void combined_with_parallel(int n)
{
    int last = -1, first = 5, sum = 0;

#pragma omp parallel sections num_threads(n) lastprivate(last) firstprivate(first) reduction(+ : sum)
    {
        {
            last = 0;
            sum += first;
        }
#pragma omp section
        {
            last = 1;
            sum += 10;
        }
#pragma omp section
        {
            last = 2;
            sum += 100;
        }
    }
    CHECK_EQ(last, 2);
    CHECK_EQ(sum, 115);
    CHECK_EQ(first, 5);
}

static void first_and_lastprivate_of_one_variable(void)
{
    int x = 40;

#pragma omp parallel
#pragma omp sections firstprivate(x) lastprivate(x)
    {
#pragma omp section
        x += 1;
#pragma omp section
        x = 77;
    }
    CHECK_EQ(x, 77);
}

/* Two sections that wait for each other finish when there are two threads to run them. */
static void sections_run_concurrently(void)
{
    int a = 0, b = 0;

#pragma omp parallel num_threads(2)
    {
#pragma omp sections
        {
            {
                __atomic_store_n(&a, 1, __ATOMIC_RELEASE);
                while (__atomic_load_n(&b, __ATOMIC_ACQUIRE) == 0)
                    sched_yield();
            }
#pragma omp section
            {
                __atomic_store_n(&b, 1, __ATOMIC_RELEASE);
                while (__atomic_load_n(&a, __ATOMIC_ACQUIRE) == 0)
                    sched_yield();
            }
        }
    }
}

int main(void)
{
    more_and_fewer_than_threads();
    the_end_of_sections_is_a_barrier();
    nowait_sections_in_a_row();
    for (int n = 1; n <= 5; n++)
        combined_with_parallel(n);
    first_and_lastprivate_of_one_variable();
    sections_run_concurrently();
    return 0;
}
