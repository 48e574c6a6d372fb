/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does it cost to give every thread its own copy of an array?  As in EPCC's arraybench, for arrays of 1 to 59049
 * doubles; the copying is the compiler's code except for copyprivate, whose pointer the runtime hands over, copyin,
 * whose barrier it supplies, and reduction, which it makes exclusive. */
#include "bench.h"

#include <omp.h>

/* Touches both ends, so that the array exists. */
static inline void use(double *a, int size)
{
    a[0] += 1;
    a[size - 1] += 1;
    bench_keep(a);
    bench_work();
}

#define PRAGMA(text) _Pragma(#text)

#define PRIVATE(size)                                                                                                  \
    static void private_##size(long n)                                                                                 \
    {                                                                                                                  \
        static double a[size];                                                                                         \
        for (long i = 0; i < n; i++) {                                                                                 \
            PRAGMA(omp parallel private(a))                                                                            \
            {                                                                                                          \
                a[0] = 0;                                                                                              \
                a[size - 1] = 0;                                                                                       \
                use(a, size);                                                                                          \
            }                                                                                                          \
        }                                                                                                              \
    }

#define FIRSTPRIVATE(size)                                                                                             \
    static void firstprivate_##size(long n)                                                                            \
    {                                                                                                                  \
        static double a[size];                                                                                         \
        for (long i = 0; i < n; i++) {                                                                                 \
            PRAGMA(omp parallel firstprivate(a))                                                                       \
            use(a, size);                                                                                              \
        }                                                                                                              \
    }

#define COPYIN(size)                                                                                                   \
    static double threadprivate_##size[size];                                                                          \
    PRAGMA(omp threadprivate(threadprivate_##size))                                                                    \
    static void copyin_##size(long n)                                                                                  \
    {                                                                                                                  \
        for (long i = 0; i < n; i++) {                                                                                 \
            PRAGMA(omp parallel copyin(threadprivate_##size))                                                          \
            use(threadprivate_##size, size);                                                                           \
        }                                                                                                              \
    }

#define COPYPRIVATE(size)                                                                                              \
    static void copyprivate_##size(long n)                                                                             \
    {                                                                                                                  \
        static double a[size];                                                                                         \
        PRAGMA(omp parallel firstprivate(n, a))                                                                        \
        for (long i = 0; i < n; i++) {                                                                                 \
            PRAGMA(omp single copyprivate(a))                                                                          \
            use(a, size);                                                                                              \
        }                                                                                                              \
    }

/* The sum is checked: a reduction that loses an update would be a fast one. */
#define REDUCTION(size)                                                                                                \
    static void reduction_##size(long n)                                                                               \
    {                                                                                                                  \
        static double a[size];                                                                                         \
        a[0] = 0;                                                                                                      \
        for (long i = 0; i < n; i++) {                                                                                 \
            PRAGMA(omp parallel reduction(+ : a))                                                                      \
            use(a, size);                                                                                              \
        }                                                                                                              \
        if (a[0] != (double)n * bench_threads * (size == 1 ? 2 : 1))                                                   \
            bench_fail("reduction of %d: %ld regions gave %f", size, n, a[0]);                                         \
    }

#define SIZES(X) X(1) X(81) X(2187) X(59049)

SIZES(PRIVATE)
SIZES(FIRSTPRIVATE)
SIZES(COPYIN)
SIZES(COPYPRIVATE)
SIZES(REDUCTION)

#define ROW(clause, size, reference, about)                                                                            \
    {#clause "_" #size, BENCH_TEAM, "trip", clause##_##size, reference, 0, about},
#define PRIVATE_ROW(size) ROW(private, size, bench_reference_team, "a region with private(a)")
#define FIRSTPRIVATE_ROW(size) ROW(firstprivate, size, bench_reference_team, "a region with firstprivate(a)")
#define COPYIN_ROW(size) ROW(copyin, size, bench_reference_team, "a region with copyin(a), a threadprivate")
#define COPYPRIVATE_ROW(size) ROW(copyprivate, size, bench_reference_solo, "a single construct with copyprivate(a)")
#define REDUCTION_ROW(size) ROW(reduction, size, bench_reference_team, "a region with reduction(+:a)")

static const struct bench_case cases[] = {
    SIZES(PRIVATE_ROW)
    SIZES(FIRSTPRIVATE_ROW)
    SIZES(COPYIN_ROW)
    SIZES(COPYPRIVATE_ROW)
    SIZES(REDUCTION_ROW)
    {0},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases);
}
