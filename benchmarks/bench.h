/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What every benchmark program shares: the clock, a calibrated piece of work, and the loop that times a construct.
 *
 * The method is that of the EPCC OpenMP microbenchmarks: a sample is the wall time of n operations with the construct
 * minus the wall time of the same user work without it, divided by n.  n is chosen so that one sample lasts about
 * a millisecond.  A program prints samples only; medians, spread and outliers are the business of benchmarks/run.
 *
 * All times are nanoseconds.  Nothing here knows which OpenMP runtime it runs on; bench_main() ends by printing which
 * one the loader mapped.  Except for bench_now(), bench_work() and bench_pause() the functions are for the initial
 * thread, outside any parallel region.
 *
 * Output, one record a line, fields separated by spaces:
 *   case NAME TEAM|SOLO|FIXED|COLD TEXT...            with -l
 *   result NAME THREADS UNIT BETTER FLOOR OPS SAMPLE...
 *   serial NAME SAMPLE...                       the same work in plain C, in the unit of the result of that name
 *   copies NAME SAMPLE...                       how much more copies of it get done than one does, at the same time
 *   trip BEFORE AFTER                           round trip between threads 0 and 1, ns; -1: they never ran together
 *   mapped PATH                                 each mapped file whose name contains "omp"
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum bench_kind {
    BENCH_TEAM, /* a team of as many threads as OMP_NUM_THREADS says */
    BENCH_SOLO, /* one thread: the result does not depend on OMP_NUM_THREADS */
    BENCH_FIXED, /* teams of its own sizes: does not depend on OMP_NUM_THREADS either, and nothing is warmed up */
    BENCH_COLD, /* must find the runtime untouched, so nothing is warmed up and no round trip is taken */
};

/* One row of the table.  Either `test` is given (and `reference`, or NULL if there is nothing to subtract), or
 * `special`, which takes its own samples and reports them with bench_result(). */
struct bench_case {
    const char *name;
    enum bench_kind kind;
    const char *floor; /* what the result is compared with: "trip", "rmw", "wake", "serial", or "-" for nothing */
    void (*test)(long n);
    void (*reference)(long n);
    void (*special)(void);
    const char *about;
};

/* Options common to all programs, set by bench_main(). */
extern int bench_threads;       /* the size of the default team */
extern int bench_samples;       /* -s: samples to take */
extern int64_t bench_sample_ns; /* -u: what one sample should last */
extern long bench_loops_100ns;  /* -d: iterations of bench_spin() that last 100 ns; calibrated if not given */

extern const struct bench_case *bench_current; /* the case that is running */

/* If set before bench_main(): called for each case that is going to run, before the process has its first parallel
 * region, so that what is measured here is not disturbed by threads that wait for work. */
extern void (*bench_before)(const struct bench_case *c);

/* Runs the cases named on the command line, or all of them; `cases` ends with one that has no name.  Returns the
 * status for main(). */
int bench_main(int argc, char **argv, const struct bench_case *cases);

/* Prints a result line.  `better` is "low" or "high". */
void bench_result(const char *name, int threads, const char *unit, const char *better, const char *floor, long ops,
                  const double *samples, int count);

/* Prints a serial or a copies line.  The floor of the result of that name is "serial". */
void bench_record(const char *word, const char *name, const double *samples, int count);

/* Times `c` as bench_main() does and prints its result; for a special case that has more to say.  Returns the number of
 * operations of the last sample. */
long bench_measure(const struct bench_case *c);

/* The same for a test that always does the same number of operations: `count` samples of one call each, after one that
 * does not count. */
void bench_measure_fixed(const struct bench_case *c, void (*test)(void), long operations, int count);

/* This program once more, as a process of its own that sends a result through its standard output. */
struct bench_child {
    pid_t pid;
    int out;
    int64_t started; /* when it was asked for */
};

/* Starts it with two arguments; `setting`, if not NULL, is NAME=VALUE for its environment.  main() has to recognize the
 * first argument before bench_main() sees it. */
struct bench_child bench_spawn(const char *first, const char *second, const char *setting);

/* For a child, first of all: it ends when the process that started it ends, however that comes about. */
void bench_end_with_parent(void);

/* Waits for its end, reads `size` bytes that it wrote into `result`, and returns the wall time since its start.  A
 * child that fails or writes less ends this program, too. */
int64_t bench_reap(struct bench_child *child, void *result, size_t size);

/* Prints a message with the program's name and ends the program with status 2. */
void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Stops the compiler from dropping the computation of *value. */
static inline void bench_keep(const void *value)
{
    __asm__ volatile("" : : "r"(value) : "memory");
}

static inline int64_t bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void bench_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" : : : "memory");
#else
    __asm__ volatile("" : : : "memory");
#endif
}

/* A chain of dependent multiplications in registers: its time does not depend on the memory, and little on what the
 * other hardware thread of the core does. */
static inline void bench_spin(long loops)
{
    uint64_t x = 1;

    for (long i = 0; i < loops; i++) {
        x = x * 2862933555777941757u + 3037000493u;
        __asm__ volatile("" : "+r"(x));
    }
}

/* The body of the measured constructs: 100 ns of work. */
static inline void bench_work(void)
{
    bench_spin(bench_loops_100ns);
}

/* References: n pieces of work, by every thread of a team at once, or by one thread.  The first is for constructs whose
 * body all threads execute: it charges neither a shared core nor a CPU shared by several threads to the construct.  The
 * second is for constructs whose bodies exclude each other. */
void bench_reference_team(long n);
void bench_reference_solo(long n);

#endif
