/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * threadprivate variables: their own copy in each thread, kept from region to region of one size, copyin, and kept too
 * when a smaller region lies in between (promised where the threads of the larger team are kept).
 *
 * run+: env=SMALLER=0
 * run+: env=SMALLER=1 gompx-only="libgomp ends surplus threads when a region is smaller" */
#include "check.h"

static int mine = 11;
static struct { int a[3]; } record = { { 1, 2, 3 } };
static __thread int plain_tls;
#pragma omp threadprivate(mine, record)

static void copies_persist(int regions)
{
#pragma omp parallel
    {
        mine = 100 + omp_get_thread_num();
        record.a[1] = omp_get_thread_num();
        plain_tls = 7 * omp_get_thread_num();
    }
    for (int i = 0; i < regions; i++) {
#pragma omp parallel
        {
            CHECK_EQ(mine, 100 + omp_get_thread_num());
            CHECK_EQ(record.a[1], omp_get_thread_num());
            CHECK_EQ(plain_tls, 7 * omp_get_thread_num());
        }
        if (i % 10 == 3)
            check_sleep_us(300);
    }
}

static void copyin_takes_the_primary_threads(void)
{
    mine = 1234;
    record.a[2] = 5;
#pragma omp parallel copyin(mine, record)
    {
        CHECK_EQ(mine, 1234);
        CHECK_EQ(record.a[2], 5);
        mine += omp_get_thread_num();
    }
#pragma omp parallel
    CHECK_EQ(mine, 1234 + omp_get_thread_num());
    CHECK_EQ(mine, 1234);
}

static void copyprivate_of_threadprivate(void)
{
#pragma omp parallel
    {
#pragma omp single copyprivate(mine)
        mine = 555;
        CHECK_EQ(mine, 555);
    }
}

static void a_smaller_region_in_between(void)
{
#pragma omp parallel num_threads(6)
    mine = 900 + omp_get_thread_num();
#pragma omp parallel num_threads(2)
    CHECK_EQ(mine, 900 + omp_get_thread_num());
#pragma omp parallel num_threads(1)
    CHECK_EQ(mine, 900);
#pragma omp parallel num_threads(6)
    CHECK_EQ(mine, 900 + omp_get_thread_num());
}

int main(void)
{
#pragma omp parallel num_threads(4)
    CHECK_EQ(mine, 11);
    copies_persist(50);
    copyin_takes_the_primary_threads();
    copyprivate_of_threadprivate();
    if (atoi(getenv("SMALLER")))
        a_smaller_region_in_between();
    return 0;
}
