/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does it cost to wait for tasks: by taskwait, in a taskgroup, at a dependence, at the end of a taskloop? */
#include "task.h"

#include <stddef.h>

enum {
    CHUNK_NS = 78000, /* of work in each of the TASK_CHUNKS chunks */
    OBJECTS = 1 << 16,
};

/* ---- waiting ---- */

/* One task, and a wait for it; the task leaves something that shows that it was waited for. */
static inline __attribute__((always_inline)) void create_and_wait(long n)
{
    for (long i = 0; i < n; i++) {
        long seen = -1;
#pragma omp task shared(seen)
        seen = i;
#pragma omp taskwait
        if (seen != i)
            bench_fail("%s: a taskwait let a task pass", bench_current->name);
    }
}

void taskwait_one(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    create_and_wait(n);
}

void taskwait_all(long n)
{
#pragma omp parallel firstprivate(n)
    create_and_wait(n);
}

void taskwait_empty(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp taskwait
        bench_keep(&i);
    }
}

void taskgroup_empty(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp taskgroup
        bench_keep(&i);
    }
}

void taskgroup_one(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
        long seen = -1;
#pragma omp taskgroup
        {
#pragma omp task shared(seen)
            seen = i;
        }
        if (seen != i)
            bench_fail("taskgroup_one: a taskgroup let a task pass");
    }
}

/* ---- dependences ---- */

void depend_chain(long n)
{
    long link = 0;

#pragma omp parallel firstprivate(n) shared(link)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task depend(inout : link) shared(link) firstprivate(i)
        {
            if (link != i)
                bench_fail("depend_chain: task %ld ran when %ld were done", i, link);
            link = i + 1;
        }
    }
}

/* Objects come round again after 65536 tasks, when their last task is long done as a rule. */
void depend_independent(long n)
{
    static char objects[OBJECTS];

    bench_keep(objects);
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task depend(out : objects[i % OBJECTS])
        task_note_run();
    }
    task_expect(n);
}

/* ---- taskloop ---- */

static void run_taskloop(long n)
{
    size_t iterations = (size_t)n;

#pragma omp parallel firstprivate(iterations)
#pragma omp single
#pragma omp taskloop grainsize(1)
    for (size_t i = 0; i < iterations; i++)
        task_note_run();
}

static void timed_taskloop(long n)
{
    run_taskloop(n);
    task_expect(n);
}

/* For one thread of one the busiest has all; for two an equal share is 50 %. */
void taskloop_1(void)
{
    struct bench_case c = *bench_current;
    double busiest[TASK_MAX_SHARES];
    int count = task_shares_wanted();

    c.test = timed_taskloop;
    long n = bench_measure(&c);
    for (int i = 0; i < count; i++) {
        run_taskloop(n);
        busiest[i] = task_expect(n).busiest;
    }
    task_report_share("busiest", busiest, count);
}

void task_chunk_work(void)
{
    bench_spin(bench_loops_100ns * CHUNK_NS / 100);
}

static void run_chunks(void)
{
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(1)
    for (int i = 0; i < TASK_CHUNKS; i++) {
        task_note_run();
        task_chunk_work();
    }
}

static double busiest_of_chunks[TASK_MAX_SHARES];
static int chunk_runs;

static void timed_chunks(void)
{
    run_chunks();
    busiest_of_chunks[chunk_runs++ % TASK_MAX_SHARES] = task_expect(TASK_CHUNKS).busiest;
}

/* 20 ms of work in all, so a sample or two will do. */
void taskloop_256(void)
{
    bench_measure_fixed(bench_current, timed_chunks, 1, (bench_samples + 3) / 4);
    task_report_share("busiest", busiest_of_chunks, chunk_runs < TASK_MAX_SHARES ? chunk_runs : TASK_MAX_SHARES);
}
