/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * single, copyprivate, masked and master: how often the block runs, who runs it, who waits, what the others get. */
#include "check.h"

static void one_thread_runs_it_and_all_wait(void)
{
    int done = 0, runs = 0;

#pragma omp parallel
    for (int round = 1; round <= check_rounds(200); round++) {
#pragma omp single
        {
            runs++;
            done = round;
        }
        CHECK_EQ(done, round);
        CHECK_EQ(runs, round);
#pragma omp barrier
    }
}

static void nowait_lets_the_others_pass(void)
{
    int flag = 0, runs = 0;

    /* The executor waits for another thread that is already past the construct. */
#pragma omp parallel num_threads(3)
    {
#pragma omp single nowait
        {
            runs++;
            while (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) < 2)
                sched_yield();
        }
        __atomic_fetch_add(&flag, 1, __ATOMIC_RELEASE);
    }
    CHECK_EQ(runs, 1);
}

static void many_nowait_singles_run_once_each(void)
{
    static int ran[300];

    memset(ran, 0, sizeof ran);
#pragma omp parallel
    for (int i = 0; i < 300; i++) {
        if (i == 100 && omp_get_thread_num() == 0)
            check_sleep_us(1000);
#pragma omp single nowait
        ran[i]++;
    }
    for (int i = 0; i < 300; i++)
        CHECK_EQ(ran[i], 1);
}

static void copyprivate_reaches_everybody(void)
{
#pragma omp parallel
    {
        int x, array[4];
        double *p;

        for (int round = 0; round < check_rounds(200); round++) {
#pragma omp single copyprivate(x, array, p)
            {
                x = round * 3;
                p = (double *)(size_t)(round * 8);
                for (int i = 0; i < 4; i++)
                    array[i] = round + i;
                if (round % 50 == 1)
                    check_sleep_us(300);        /* the others come to wait for the values, and sleep */
            }
            CHECK_EQ(x, round * 3);
            CHECK_EQ((size_t)p, round * 8);
            for (int i = 0; i < 4; i++)
                CHECK_EQ(array[i], round + i);
        }
    }
}

static void private_and_firstprivate_in_single(void)
{
    int f = 4, seen = 0;

#pragma omp parallel
    {
#pragma omp single firstprivate(f)
        {
            f++;
            seen = f;
        }
    }
    CHECK_EQ(seen, 5);
    CHECK_EQ(f, 4);
}

#if CHECK_OPENMP_51
static void masked_filters(void)
{
    int by[16] = { 0 }, masters = 0;

#pragma omp parallel num_threads(5)
    {
#pragma omp masked
        {
            CHECK_EQ(omp_get_thread_num(), 0);
            masters++;
        }
        for (int t = 0; t < 7; t++) {
#pragma omp masked filter(t)
            {
                CHECK_EQ(omp_get_thread_num(), t);
                by[t]++;
            }
        }
#pragma omp master
        masters++;
    }
    CHECK_EQ(masters, 2);
    for (int t = 0; t < 16; t++)
        CHECK_EQ(by[t], t < 5);
}
#endif

static int orphaned_single(void)
{
    int runs = 0, told = 0;

#pragma omp single nowait
    runs++;
#pragma omp single copyprivate(told)
    told = 3;
    CHECK_EQ(told, 3);
CHECK_MASKED
    runs += 10;
    return runs;
}

static void singles_in_nested_regions(void)
{
    int outer = 0, inner = 0;

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(3)
    {
#pragma omp single nowait
        outer++;
#pragma omp parallel num_threads(2)
        {
#pragma omp single nowait
            {
#pragma omp atomic
                inner++;
            }
        }
#pragma omp single
        outer++;
    }
    omp_set_max_active_levels(1);
    CHECK_EQ(outer, 2);
    CHECK_EQ(inner, 3);
}

int main(void)
{
    one_thread_runs_it_and_all_wait();
    nowait_lets_the_others_pass();
    many_nowait_singles_run_once_each();
    copyprivate_reaches_everybody();
    private_and_firstprivate_in_single();
#if CHECK_OPENMP_51
    masked_filters();
#endif
    CHECK_EQ(orphaned_single(), 11);
    singles_in_nested_regions();
    return 0;
}
