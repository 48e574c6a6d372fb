/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does it cost to create a task and to have it run?  Empty tasks, deferred and not. */
#include "task.h"

#include <omp.h>

enum { BURST = 32 /* fewer than the 64 tasks per thread past which libgomp runs tasks at once */ };

/* ---- empty tasks ---- */

/* With a burst, a taskwait after so many tasks. */
static inline __attribute__((always_inline)) void produce(long n, int burst, int marked)
{
    struct task_account *me = task_account();

    for (long i = 0; i < n; i++) {
        if (marked) {
            long id = task_mark(me);
#pragma omp task firstprivate(me, id)
            task_note_marked_run(me, id);
            task_unmark(me);
        } else {
#pragma omp task
            task_note_run();
        }
        if (burst && i % burst == burst - 1) {
#pragma omp taskwait
        }
    }
}

/* The share is that of as many tasks as a sample of the time has. */
static void measure_production(void (*test)(long), void (*marked)(long), int creators)
{
    struct bench_case c = *bench_current;
    double at_once[TASK_MAX_SHARES];
    int count = task_shares_wanted();

    c.test = test;
    long n = bench_measure(&c);
    for (int i = 0; i < count; i++) {
        marked(n);
        at_once[i] = task_expect(n * creators).at_once;
    }
    task_report_share("at_once", at_once, count);
}

/* Two tests, the second for .at_once, and the case that runs both.  `creators`: how many threads create n tasks. */
#define PRODUCE(name, who, creators, burst)                                                                            \
    static void name##_timed(long n)                                                                                   \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            who produce(n, burst, 0);                                                                                  \
        }                                                                                                              \
        task_expect(n * (creators));                                                                                   \
    }                                                                                                                  \
    static void name##_marked(long n)                                                                                  \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            who produce(n, burst, 1);                                                                                  \
        }                                                                                                              \
    }                                                                                                                  \
    void name(void)                                                                                                    \
    {                                                                                                                  \
        measure_production(name##_timed, name##_marked, creators);                                                     \
    }

#define ONE_THREAD _Pragma("omp single")

PRODUCE(produce_one, ONE_THREAD, 1, 0)
PRODUCE(produce_all, , bench_threads, 0)
PRODUCE(burst_one, ONE_THREAD, 1, BURST)
PRODUCE(burst_all, , bench_threads, BURST)

/* Priorities 0 to 3 by turns.  They count only with OMP_MAX_TASK_PRIORITY in the environment; see main(). */
void priority(long n)
{
    if (omp_get_max_task_priority() < 3)
        bench_fail("priority: the largest priority is %d", omp_get_max_task_priority());
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task priority(i % 4)
        task_note_run();
    }
    task_expect(n);
}

/* ---- tasks that are not deferred ---- */

void if_false(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task if (bench_threads < 0)
        task_note_run();
    }
    task_expect(n);
}

void in_final(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
#pragma omp task final(bench_threads > 0)
    for (long i = 0; i < n; i++) {
#pragma omp task
        task_note_run();
    }
    task_expect(n);
}

void no_region(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp task
        task_note_run();
    }
    task_expect(n);
}

void team_of_one(long n)
{
#pragma omp parallel num_threads(1) firstprivate(n)
    for (long i = 0; i < n; i++) {
#pragma omp task
        task_note_run();
    }
    task_expect(n);
}
