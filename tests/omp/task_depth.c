/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Deep recursion on stacks of the default size: every task makes one child, 100 000 generations long, and waits for
 * it, or does not, or the child is undeferred, or included in a final task, or waited for in a group or as a
 * dependence. And broad recursion without any cut-off.
 *
 * run: opt=2 timeout=60 policy=default
 *
 * run+: pin=no env=TASK_DEPTH=1000
 * run+: threads=1,2,4,16 env=TASK_DEPTH=100000 gompx-only="libgomp overflows the stack" */
#include "tests/omp/task_check.h"

enum form { NO_WAIT, TASKWAIT, UNDEFERRED, FINAL, TASKGROUP, DEPENDENCE, YIELD, FORMS };

static int reached;

static void without_taskwait(int depth)
{
    if (depth == 0)
        return;
#pragma omp task firstprivate(depth)
    {
        ADD(reached, 1);
        without_taskwait(depth - 1);
    }
}

static void with_taskwait(int depth)
{
    if (depth == 0)
        return;
#pragma omp task firstprivate(depth)
    with_taskwait(depth - 1);
#pragma omp taskwait
    ADD(reached, 1);
}

static void undeferred(int depth)
{
    if (depth == 0)
        return;
#pragma omp task firstprivate(depth) if(0)
    undeferred(depth - 1);
    ADD(reached, 1);
}

static void included(int depth)
{
    if (depth == 0)
        return;
#pragma omp task firstprivate(depth) final(1)
    included(depth - 1);
    ADD(reached, 1);
}

static void in_groups(int depth)
{
    if (depth == 0)
        return;
#pragma omp taskgroup
    {
#pragma omp task firstprivate(depth)
        in_groups(depth - 1);
    }
    ADD(reached, 1);
}

static void dependent(int depth)
{
    int x = depth;

    if (depth == 0)
        return;
#pragma omp task depend(out : x) shared(x)
    dependent(--x);
#pragma omp taskwait depend(in : x)
    CHECK_EQ(x, depth - 1);
    ADD(reached, 1);
}

static void yielding(int depth)
{
    if (depth == 0)
        return;
#pragma omp task firstprivate(depth)
    yielding(depth - 1);
#pragma omp taskyield
    ADD(reached, 1);
}

static void recurse(enum form form, int depth)
{
    switch (form) {
    case NO_WAIT:
        without_taskwait(depth);
        break;
    case TASKWAIT:
        with_taskwait(depth);
        break;
    case UNDEFERRED:
        undeferred(depth);
        break;
    case FINAL: {
#pragma omp task final(1)
        included(depth);
#pragma omp taskwait
        break;
    }
    case TASKGROUP:
        in_groups(depth);
        break;
    case DEPENDENCE:
        dependent(depth);
        break;
    default:
        yielding(depth);
    }
}

static void one_chain(enum form form, int depth)
{
    reached = 0;
#pragma omp parallel
#pragma omp single
    recurse(form, depth);
    CHECK_EQ(reached, depth);
}

/* All threads go down at the same time, each a part of the way. */
static void chains_of_all_threads(enum form form, int depth)
{
    int threads = omp_get_max_threads();

    reached = 0;
#pragma omp parallel
    recurse(form, depth / threads);
    CHECK_EQ(reached, depth / threads * threads);
}

static long fib(int n)
{
    long a, b;

    if (n < 2)
        return n;
#pragma omp task shared(a)
    a = fib(n - 1);
#pragma omp task shared(b)
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

/* Work after the deepest recursion finds the team as before. */
static void afterwards(void)
{
    long result = 0;

#pragma omp parallel
#pragma omp single
    result = fib(18);
    CHECK_EQ(result, 2584);
}

int main(void)
{
#if defined(__SANITIZE_THREAD__)
    int depth = atoi(getenv("TASK_DEPTH")) / 100;       /* it copies the stack again and again */
#else
    int depth = atoi(getenv("TASK_DEPTH"));
#endif
    int only = getenv("TASK_FORM") == NULL ? -1 : atoi(getenv("TASK_FORM"));

    for (int form = NO_WAIT; form < FORMS; form++) {
        if (only >= 0 && form != only)
            continue;
        one_chain((enum form)form, depth);
        chains_of_all_threads((enum form)form, depth);
        afterwards();
    }
    return 0;
}
