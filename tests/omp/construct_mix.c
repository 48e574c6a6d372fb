/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Thousands of constructs of mixed kinds in a row, drawn from one pseudo-random sequence that all threads share; some
 * end in a barrier, some do not. One counter per kind says whether each did its work exactly once.
 *
 * run: repeat=3 */
#include "check.h"

enum { DYNAMIC, GUIDED, ORDERED, STATIC, SINGLE, COPYPRIVATE, SECTIONS, CRITICAL,
       BARRIER, MASKED, RUNTIME, ULL, KINDS };

struct totals {
    long work[KINDS];
};

static void add(struct totals *t, int kind, long n)
{
    __atomic_fetch_add(&t->work[kind], n, __ATOMIC_RELAXED);
}

static void loop(struct totals *t, int kind, int n)
{
    switch (kind) {
    case DYNAMIC:
#pragma omp for schedule(dynamic, 2) nowait
        for (int i = 0; i < n; i++)
            add(t, kind, i);
        break;
    case GUIDED:
#pragma omp for schedule(guided)
        for (int i = n - 1; i >= 0; i--)
            add(t, kind, i);
        break;
    case ORDERED:
#pragma omp for schedule(dynamic) ordered
        for (int i = 0; i < n; i++) {
#pragma omp ordered
            add(t, kind, i);
        }
        break;
    case STATIC:
#pragma omp for schedule(static) nowait
        for (int i = 0; i < n; i++)
            add(t, kind, i);
        break;
    case RUNTIME:
#pragma omp for schedule(runtime)
        for (int i = 0; i < n; i++)
            add(t, kind, i);
        break;
    default:
#pragma omp for schedule(dynamic) nowait
        for (unsigned long long i = 0; i < (unsigned)n; i++)
            add(t, kind, (long)i);
    }
}

static void other(struct totals *t, int kind, int n)
{
    int told = 0;

    switch (kind) {
    case SINGLE:
#pragma omp single nowait
        add(t, kind, n);
        break;
    case COPYPRIVATE:
#pragma omp single copyprivate(told)
        told = n;
        CHECK_EQ(told, n);
        add(t, kind, told);
        break;
    case SECTIONS:
#pragma omp sections
        {
            add(t, kind, n);
#pragma omp section
            add(t, kind, n);
        }
        break;
    case CRITICAL:
#pragma omp critical(mix)
        t->work[kind] += n;
        break;
    case BARRIER: {
#pragma omp barrier
        break;
    }
    default:
CHECK_MASKED
        add(t, kind, n);
    }
}

/* What n constructs of one kind and size contribute. */
static long wanted(int kind, int n, int threads)
{
    switch (kind) {
    case SINGLE: case MASKED:
        return n;
    case COPYPRIVATE: case CRITICAL:
        return (long)n * threads;
    case SECTIONS:
        return 2 * n;
    case BARRIER:
        return 0;
    default:
        return (long)n * (n - 1) / 2;
    }
}

static void a_mix(unsigned seed, int constructs)
{
    static struct totals t;
    struct totals want = { { 0 } };
    unsigned state = seed;
    int threads = omp_get_max_threads();

    memset(&t, 0, sizeof t);
    for (int c = 0; c < constructs; c++) {
        int kind = (int)(check_random(&state) % KINDS), n = (int)(check_random(&state) % 9);
        want.work[kind] += wanted(kind, n, threads);
    }
#pragma omp parallel
    {
        unsigned mine = seed;

        for (int c = 0; c < constructs; c++) {
            int kind = (int)(check_random(&mine) % KINDS), n = (int)(check_random(&mine) % 9);
            if (kind <= STATIC || kind >= RUNTIME)
                loop(&t, kind, n);
            else
                other(&t, kind, n);
        }
    }
    for (int kind = 0; kind < KINDS; kind++)
        CHECK_EQ(t.work[kind], want.work[kind]);
}

int main(void)
{
    for (unsigned seed = 1; seed <= 3; seed++)
        a_mix(seed * 2654435761u, check_rounds(800));
    for (unsigned seed = 1; seed <= 40; seed++)
        a_mix(seed * 40503u, 25);
    return 0;
}
