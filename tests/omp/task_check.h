/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Shared by the test programs of explicit tasks, C and C++: flags between tasks, tasks that keep every thread of the
 * team busy at once, resident memory and CPU time of the process. Safe in any thread. */
#ifndef GOMPX_TESTS_OMP_TASK_CHECK_H
#define GOMPX_TESTS_OMP_TASK_CHECK_H

#include <sys/resource.h>

#include "tests/omp/check.h"

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define STORE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELEASE)
#define ADD(x, value) __atomic_add_fetch(&(x), (value), __ATOMIC_ACQ_REL)

/* Waits, without any task scheduling point, until *count is at least "wanted". */
static inline void task_await(const int *count, int wanted)
{
    for (int looks = 0; __atomic_load_n(count, __ATOMIC_ACQUIRE) < wanted; looks++) {
        if (looks < 100)
            sched_yield();
        else
            check_sleep_us(20);
    }
}

/* Comes to an end only when "wanted" threads are in it at the same time. *count is 0 before the first. */
static inline void task_meet(int *count, int wanted)
{
    ADD(*count, 1);
    task_await(count, wanted);
}

/* Resident memory of the process in KiB, from /proc. */
static inline long task_resident_kib(void)
{
    long total = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "r");

    CHECK(statm != NULL);
    CHECK(fscanf(statm, "%ld %ld", &total, &resident) == 2);
    fclose(statm);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* User and system time of the whole process in seconds. */
static inline double task_cpu_seconds(void)
{
    struct rusage use;

    CHECK(getrusage(RUSAGE_SELF, &use) == 0);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

#endif
