/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fib, the usual worst case of tasks: every call creates some and waits for them, and does nothing else. */
#include "task.h"

long task_fib_serial(int n)
{
    return n < 2 ? n : task_fib_serial(n - 1) + task_fib_serial(n - 2);
}

/* Two tasks a call. */
static long fib_two(int n)
{
    long x, y;

    if (n < 2)
        return n;
#pragma omp task shared(x)
    x = fib_two(n - 1);
#pragma omp task shared(y)
    y = fib_two(n - 2);
#pragma omp taskwait
    return x + y;
}

static long fib_two_marked(int n)
{
    struct task_account *me = task_account();
    long x, y, id;

    if (n < 2)
        return n;
    id = task_mark(me);
#pragma omp task shared(x) firstprivate(me, id)
    {
        task_note_marked_run(me, id);
        x = fib_two_marked(n - 1);
    }
    id = task_mark(me);
#pragma omp task shared(y) firstprivate(me, id)
    {
        task_note_marked_run(me, id);
        y = fib_two_marked(n - 2);
    }
    task_unmark(me);
#pragma omp taskwait
    return x + y;
}

/* One task a call; the call itself does the other half. */
static long fib_one(int n)
{
    long x, y;

    if (n < 2)
        return n;
#pragma omp task shared(x)
    x = fib_one(n - 1);
    y = fib_one(n - 2);
#pragma omp taskwait
    return x + y;
}

static void run_fib(long (*fib)(int), int threads)
{
    long result = 0;

#pragma omp parallel num_threads(threads) shared(result)
#pragma omp single
    result = fib(TASK_FIB);
    if (result != task_fib_serial(TASK_FIB))
        bench_fail("fib(%d) = %ld?", TASK_FIB, result);
}

static void fib_two_team(void)
{
    run_fib(fib_two, bench_threads);
}

static void fib_one_team(void)
{
    run_fib(fib_one, bench_threads);
}

static void fib_two_alone(void)
{
    run_fib(fib_two, 1);
}

static void fib_one_alone(void)
{
    run_fib(fib_one, 1);
}

/* fib(n) makes 2 fib(n + 1) - 1 calls; fib(n + 1) - 1 of them have n >= 2 and create tasks. */
long task_fib_creators(void)
{
    return task_fib_serial(TASK_FIB + 1) - 1;
}

void fib_two_tasks(void)
{
    double at_once[TASK_MAX_SHARES];
    int count = (task_shares_wanted() + 3) / 4;

    bench_measure_fixed(bench_current, fib_two_team, 2 * task_fib_creators(), (bench_samples + 1) / 2);
    for (int i = 0; i < count; i++) {
        run_fib(fib_two_marked, bench_threads);
        at_once[i] = task_expect(2 * task_fib_creators()).at_once;
    }
    task_report_share("at_once", at_once, count);
}

void fib_one_task(void)
{
    bench_measure_fixed(bench_current, fib_one_team, task_fib_creators(), (bench_samples + 1) / 2);
}

void fib_two_one_thread(void)
{
    bench_measure_fixed(bench_current, fib_two_alone, 2 * task_fib_creators(), (bench_samples + 1) / 2);
}

void fib_one_one_thread(void)
{
    bench_measure_fixed(bench_current, fib_one_alone, task_fib_creators(), (bench_samples + 1) / 2);
}
