/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Many nowait constructs in a row while one thread lags: the threads are in different constructs at once, more of them
 * than any fixed set of work-share records holds. Every iteration of every loop must still run exactly once.
 *
 * run: repeat=4 */
#include "check.h"

enum { LOOPS = 100, TRIPS = 12 };

static unsigned char ran[LOOPS][TRIPS];
static unsigned char single_ran[LOOPS], section_ran[LOOPS][3];

static void mark(unsigned char *cell)
{
    __atomic_fetch_add(cell, 1, __ATOMIC_RELAXED);
}

static void one_construct(int k)
{
    switch (k % 7) {
    case 0:
#pragma omp for schedule(dynamic) nowait
        for (int i = 0; i < TRIPS; i++)
            mark(&ran[k][i]);
        break;
    case 1:
#pragma omp for schedule(guided) nowait
        for (int i = 0; i < TRIPS; i++)
            mark(&ran[k][i]);
        break;
    case 2:
#pragma omp for schedule(monotonic: dynamic, 2) nowait
        for (unsigned long long i = 0; i < TRIPS; i++)
            mark(&ran[k][i]);
        break;
    case 3:
#pragma omp for schedule(runtime) nowait
        for (long i = TRIPS - 1; i >= 0; i--)
            mark(&ran[k][i]);
        break;
    case 4:
#pragma omp single nowait
        mark(&single_ran[k]);
        break;
    case 5:
#pragma omp sections nowait
        {
#pragma omp section
            mark(&section_ran[k][0]);
#pragma omp section
            mark(&section_ran[k][1]);
#pragma omp section
            mark(&section_ran[k][2]);
        }
        break;
    default:
#pragma omp for schedule(static, 1) nowait
        for (int i = 0; i < TRIPS; i++)
            mark(&ran[k][i]);
    }
}

static void clear(void)
{
    memset(ran, 0, sizeof ran);
    memset(single_ran, 0, sizeof single_ran);
    memset(section_ran, 0, sizeof section_ran);
}

static void check_all(void)
{
    for (int k = 0; k < LOOPS; k++) {
        for (int i = 0; i < TRIPS; i++)
            CHECK_EQ(ran[k][i], k % 7 != 4 && k % 7 != 5);
        CHECK_EQ(single_ran[k], k % 7 == 4);
        for (int s = 0; s < 3; s++)
            CHECK_EQ(section_ran[k][s], k % 7 == 5);
    }
}

/* Thread "late" sleeps before construct "when"; the others run ahead as far as the runtime lets them. */
static void a_late_thread_loses_nothing(int late, int when)
{
    clear();
#pragma omp parallel
    for (int k = 0; k < LOOPS; k++) {
        if (k == when && omp_get_thread_num() == late)
            check_sleep_us(3000);
        one_construct(k);
    }
    check_all();
}

static void everybody_lags_in_turn(void)
{
    clear();
#pragma omp parallel
    for (int k = 0; k < LOOPS; k++) {
        if (k % 17 == omp_get_thread_num() % 17)
            check_sleep_us(50);
        one_construct(k);
        if (k % 41 == 40) {
#pragma omp barrier
        }
    }
    check_all();
}

/* A nowait loop whose chunks are held by one thread must not be mixed up with the next region's first loop. */
static void regions_in_a_row_do_not_share_records(void)
{
    for (int round = 0; round < check_rounds(100); round++) {
        int sum = 0;

#pragma omp parallel reduction(+ : sum)
        {
#pragma omp for schedule(dynamic) nowait
            for (int i = 0; i < TRIPS; i++)
                sum += i;
#pragma omp for schedule(dynamic) nowait
            for (int i = 0; i < TRIPS; i++)
                sum += i;
        }
        CHECK_EQ(sum, TRIPS * (TRIPS - 1));
    }
}

int main(void)
{
    int last = omp_get_max_threads() - 1;

    a_late_thread_loses_nothing(0, 0);
    a_late_thread_loses_nothing(last, 0);
    a_late_thread_loses_nothing(last, 3);
    a_late_thread_loses_nothing(last / 2, 50);
    everybody_lags_in_turn();
    regions_in_a_row_do_not_share_records();
    return 0;
}
