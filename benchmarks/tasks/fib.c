/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Fibonacci numbers by the definition: a binary tree of calls that do nothing else, so without a cut-off it is all cost
 * of tasks.  `size` is n; numbers up to `cut` are computed without tasks. */
#include "tasks.h"

struct fib {
    int n, cut;
};

static void *make(int size, int cut)
{
    struct fib *f = tasks_memory(1, sizeof *f);

    *f = (struct fib){size, cut};
    return f;
}

static long fib_serial(int n)
{
    return n < 2 ? n : fib_serial(n - 1) + fib_serial(n - 2);
}

static long fib_tasks(int n, int cut)
{
    long x, y;

    if (n < 2)
        return n;
    if (n <= cut)
        return fib_serial(n);
#pragma omp task shared(x) firstprivate(n, cut)
    x = fib_tasks(n - 1, cut);
#pragma omp task shared(y) firstprivate(n, cut)
    y = fib_tasks(n - 2, cut);
#pragma omp taskwait
    return x + y;
}

static uint64_t serial(void *data)
{
    struct fib *f = data;

    return (uint64_t)fib_serial(f->n);
}

static uint64_t tasks(void *data)
{
    struct fib *f = data;

    return (uint64_t)fib_tasks(f->n, f->cut);
}

static void verify(void *data, uint64_t result)
{
    struct fib *f = data;
    uint64_t a = 0, b = 1;

    for (int i = 0; i < f->n; i++) {
        uint64_t next = a + b;
        a = b;
        b = next;
    }
    if (result != a)
        bench_fail("fib(%d) = %llu?", f->n, (unsigned long long)result);
}

const struct kernel kernel_fib_fine = {
    "fib_fine", "fib(23), two tasks a call, all the way down", make, 0, serial, tasks, 0, verify, 23, 0};
const struct kernel kernel_fib_cut = {
    "fib_cut", "fib(36), tasks down to fib(23)", make, 0, serial, tasks, 0, verify, 36, 22};
