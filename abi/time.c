/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Wall-clock time, and the one routine for tools. */
#include "abi/api.h"

#include <time.h>

static double seconds(const struct timespec *t)
{
    return (double)t->tv_sec + 1e-9 * (double)t->tv_nsec;
}

double omp_get_wtime(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return seconds(&now);
}

double omp_get_wtick(void)
{
    struct timespec tick;

    clock_getres(CLOCK_MONOTONIC, &tick);
    return seconds(&tick);
}

int omp_control_tool(int command, int modifier, void *arg)
{
    (void)command;
    (void)modifier;
    (void)arg;
    return -2;                                          /* omp_control_tool_notool: no tool can have been loaded */
}
