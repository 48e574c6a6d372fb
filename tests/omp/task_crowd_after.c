/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A team larger than the machine, some of whose members have led a smaller team meanwhile, in a target region or in a region of
 * one thread: asleep at the barrier they still come for a task that all who are awake wait for, in ways the runtime cannot know.
 *
 * run: threads=2 policy=default,passive cflags=-foffload=disable */
#include "task_check.h"

static void lead(int way)
{
    if (way == 0) {
#pragma omp target
#pragma omp parallel num_threads(2)
        check_sleep_us(10);
    } else {
#pragma omp parallel num_threads(1)
#pragma omp parallel num_threads(2)
        check_sleep_us(10);
    }
}

/* As many members as CPUs stay awake. */
static void crowd(int way, int cpus)
{
    int done = 0;

#pragma omp parallel num_threads(2 * cpus)
    {
        int me = omp_get_thread_num();

        if (me >= cpus)
            lead(way);
#pragma omp barrier
        if (me == 0) {
#pragma omp task                                        /* the others learn that there are tasks */
            check_sleep_us(1);
            check_sleep_us(50000);
#pragma omp task shared(done)
            STORE(done, 1);
        }
        while (me < cpus && !LOAD(done))
            check_sleep_us(200);
    }
    CHECK_EQ(done, 1);
}

int main(void)
{
    int cpus = check_cpus();

    omp_set_max_active_levels(3);
    for (int round = 0; round < 3 && cpus <= 16; round++)
        for (int way = 0; way < 2; way++)
            crowd(way, cpus);
    return 0;
}
