/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cancellation and target constructs: target tasks that have not begun when their taskgroup or region is cancelled
 * never begin, the waits do not wait for them; constructs inside a target region are cancelled as elsewhere.
 *
 * run: threads=1,2,4,8 cflags=-foffload=disable env=OMP_CANCELLATION=true */
#include "task_check.h"

static void taskgroup(void)
{
    int ran = 0, after = 0;
    __attribute__((unused)) int gate;                   /* named by dependences alone */

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        {
#pragma omp task depend(out : gate) shared(after)
            {
#pragma omp cancel taskgroup
                after = 1;
            }
            for (int i = 0; i < 10; i++)
#pragma omp target nowait depend(inout : gate) map(tofrom : ran)
                ran++;
#pragma omp target update nowait depend(inout : gate) to(ran)
        }
        CHECK_EQ(ran, 0);
#pragma omp target nowait depend(inout : gate) map(tofrom : ran)
        ran++;
#pragma omp taskwait
        CHECK_EQ(ran, 1);
    }
    CHECK_EQ(after, 0);
}

/* What the creator itself makes after it has seen the cancellation. */
static void created_after(void)
{
    int ran = 0;

#pragma omp parallel
#pragma omp single
#pragma omp taskgroup
    {
        int x = 0;

#pragma omp task if (0) shared(x)
        {
            x = 1;
#pragma omp cancel taskgroup
            x = 2;
        }
        CHECK_EQ(x, 1);
#pragma omp target nowait map(tofrom : ran)
        ran++;
    }
    CHECK_EQ(ran, 0);
}

static void constructs_inside(void)
{
    int rest = 0, threads = 0, loop = 0;

#pragma omp target map(tofrom : rest, threads, loop)
    {
#pragma omp parallel num_threads(3)
        {
#pragma omp atomic
            threads++;
#pragma omp barrier
#pragma omp cancel parallel
            rest = 1;
        }
#pragma omp parallel num_threads(2)
#pragma omp for
        for (int i = 0; i < 1000; i++) {
#pragma omp atomic
            loop++;
#pragma omp cancel for
        }
    }
    CHECK_EQ(rest, 0);
    CHECK_EQ(threads, 3);
    CHECK(loop >= 1 && loop <= 2);
}

int main(void)
{
    CHECK_EQ(omp_get_cancellation(), 1);
    for (int round = 0; round < check_rounds(40); round++) {
        taskgroup();
        created_after();
        constructs_inside();
    }
    return 0;
}
