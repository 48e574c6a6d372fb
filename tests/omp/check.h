/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Shared by the test programs, C and C++. A failed check prints where, what and in which thread, and ends the whole
 * process with status 1 at once (_exit: no handler may run, whatever state the runtime is in). Safe in any thread. */
#ifndef GOMPX_TESTS_OMP_CHECK_H
#define GOMPX_TESTS_OMP_CHECK_H

#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Whether the compiler knows OpenMP 5.1: gcc 12 does. For older ones, what 5.0 calls the same. */
#if defined __GNUC__ && !defined __clang__ && __GNUC__ < 12
#define CHECK_OPENMP_51 0
#define CHECK_MASKED _Pragma("omp master")
#define CHECK_STRICT
#define primary master
#define omp_proc_bind_primary omp_proc_bind_master
#else
#define CHECK_OPENMP_51 1
#define CHECK_MASKED _Pragma("omp masked")
#define CHECK_STRICT strict :       /* in grainsize and num_tasks */
#endif

enum { CHECK_SKIPPED = 77 };        /* exit status: tests/run counts the run as skipped */

#define CHECK(condition) \
    ((condition) ? (void)0 : check_fail(__FILE__, __LINE__, #condition, 0, 0, 0))

/* Compares two integers and prints both. */
#define CHECK_EQ(got, wanted) check_equal(__FILE__, __LINE__, #got, (long long)(got), (long long)(wanted))

static inline void check_fail(const char *file, int line, const char *what, int values, long long got, long long wanted)
{
    fprintf(stderr, "%s:%d: %s", file, line, what);
    if (values)
        fprintf(stderr, " is %lld, not %lld", got, wanted);
    fprintf(stderr, " (thread %d of %d, level %d, OMP_NUM_THREADS=%s)\n", omp_get_thread_num(), omp_get_num_threads(),
            omp_get_level(), getenv("OMP_NUM_THREADS") ? getenv("OMP_NUM_THREADS") : "");
    fflush(NULL);
    _exit(1);
}

static inline void check_equal(const char *file, int line, const char *what, long long got, long long wanted)
{
    if (got != wanted)
        check_fail(file, line, what, 1, got, wanted);
}

/* The CPUs that the process may use. */
static inline int check_cpus(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* How often to repeat something: n, or a quarter of it when the default team is larger than the machine. */
static inline int check_rounds(int n)
{
    int rounds = omp_get_max_threads() > check_cpus() ? n / 4 : n;

    return rounds > 2 ? rounds : 2;
}

static inline void check_sleep_us(long us)
{
    struct timespec t;

    t.tv_sec = us / 1000000;
    t.tv_nsec = us % 1000000 * 1000;
    nanosleep(&t, NULL);
}

/* Keeps the CPU busy for about n steps that the compiler cannot remove. */
static inline void check_work(int n)
{
    for (volatile int i = 0; i < n; i++)
        ;
}

/* A small generator (xorshift), so that every thread can draw the same sequence. The state must not be 0. */
static inline unsigned check_random(unsigned *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
