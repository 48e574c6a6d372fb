/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does it cost to hand out the iterations of a loop?  As in EPCC's schedbench, each thread's share is 128
 * iterations and the result is the overhead of the whole loop, its barrier included; but an iteration is 20 ns of work
 * instead of 100, so that the overhead is not lost in the noise of the work.  The other cases look at one end each:
 * loops so short that only the set-up counts, and loops so long that only the hand-out of an iteration counts. */
#include "bench.h"

#include <omp.h>

enum { SHARE = 128 };

static inline void short_work(void)
{
    bench_spin(bench_loops_100ns / 5);
}

/* The same work without a loop construct, by all threads at once. */
static void reference(long n)
{
#pragma omp parallel firstprivate(n)
    for (long i = 0; i < n * SHARE; i++)
        short_work();
}

#define LOOP(name, kind)                                                                                               \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        int iterations = SHARE * bench_threads;                                                                        \
        _Pragma("omp parallel firstprivate(n, iterations)")                                                            \
        {                                                                                                              \
            for (long i = 0; i < n; i++) {                                                                             \
                _Pragma(kind) for (int j = 0; j < iterations; j++) short_work();                                       \
            }                                                                                                          \
        }                                                                                                              \
    }

LOOP(static_block, "omp for schedule(static)")
LOOP(static_1, "omp for schedule(static, 1)")
LOOP(static_2, "omp for schedule(static, 2)")
LOOP(static_4, "omp for schedule(static, 4)")
LOOP(static_8, "omp for schedule(static, 8)")
LOOP(static_16, "omp for schedule(static, 16)")
LOOP(static_32, "omp for schedule(static, 32)")
LOOP(static_64, "omp for schedule(static, 64)")
LOOP(static_128, "omp for schedule(static, 128)")
LOOP(dynamic_1, "omp for schedule(dynamic, 1)")
LOOP(dynamic_2, "omp for schedule(dynamic, 2)")
LOOP(dynamic_4, "omp for schedule(dynamic, 4)")
LOOP(dynamic_8, "omp for schedule(dynamic, 8)")
LOOP(dynamic_16, "omp for schedule(dynamic, 16)")
LOOP(dynamic_32, "omp for schedule(dynamic, 32)")
LOOP(dynamic_64, "omp for schedule(dynamic, 64)")
LOOP(dynamic_128, "omp for schedule(dynamic, 128)")
LOOP(guided_1, "omp for schedule(guided, 1)")
LOOP(guided_2, "omp for schedule(guided, 2)")
LOOP(guided_4, "omp for schedule(guided, 4)")
LOOP(guided_8, "omp for schedule(guided, 8)")
LOOP(guided_16, "omp for schedule(guided, 16)")
LOOP(guided_32, "omp for schedule(guided, 32)")
LOOP(guided_64, "omp for schedule(guided, 64)")
LOOP(guided_128, "omp for schedule(guided, 128)")
LOOP(monotonic_dynamic_1, "omp for schedule(monotonic : dynamic, 1)")
LOOP(monotonic_dynamic_8, "omp for schedule(monotonic : dynamic, 8)")
LOOP(nonmonotonic_dynamic_1, "omp for schedule(nonmonotonic : dynamic, 1)")
LOOP(nonmonotonic_dynamic_8, "omp for schedule(nonmonotonic : dynamic, 8)")
LOOP(nonmonotonic_guided_1, "omp for schedule(nonmonotonic : guided, 1)")
LOOP(runtime_default, "omp for schedule(runtime)")

/* Two iterations and no work: the set-up of the loop, and its end. */
#define SETUP(name, kind)                                                                                              \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            for (long i = 0; i < n; i++) {                                                                             \
                _Pragma(kind) for (int j = 0; j < 2; j++) bench_keep(&j);                                              \
            }                                                                                                          \
        }                                                                                                              \
    }

SETUP(setup_dynamic, "omp for schedule(dynamic)")
SETUP(setup_dynamic_nowait, "omp for schedule(dynamic) nowait")
SETUP(setup_monotonic, "omp for schedule(monotonic : dynamic)")
SETUP(setup_guided, "omp for schedule(guided)")

/* One long loop without work: what an iteration costs the whole team. */
#define ITERATION(name, kind)                                                                                          \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            _Pragma(kind) for (long j = 0; j < n; j++) bench_keep(&j);                                                 \
        }                                                                                                              \
    }

ITERATION(iteration_dynamic_1, "omp for schedule(dynamic, 1)")
ITERATION(iteration_dynamic_8, "omp for schedule(dynamic, 8)")
ITERATION(iteration_monotonic_1, "omp for schedule(monotonic : dynamic, 1)")
ITERATION(iteration_monotonic_8, "omp for schedule(monotonic : dynamic, 8)")

/* A triangular loop: iteration j takes j pieces of work, so equal shares are not equal work.  Per loop, which holds
 * 2016 pieces of 20 ns: perfectly balanced it lasts 40 us divided by the number of CPUs at work. */
enum { TRIANGLE = 64 };

#define UNEVEN(name, kind)                                                                                             \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            for (long i = 0; i < n; i++) {                                                                             \
                _Pragma(kind) for (int j = 0; j < TRIANGLE; j++)                                                       \
                {                                                                                                      \
                    for (int k = 0; k < j; k++)                                                                        \
                        short_work();                                                                                  \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }

UNEVEN(uneven_static, "omp for schedule(static)")
UNEVEN(uneven_dynamic_1, "omp for schedule(dynamic, 1)")
UNEVEN(uneven_guided_1, "omp for schedule(guided, 1)")

#define OVER(f, about) {#f, BENCH_TEAM, "trip", f, reference, 0, about}
#define BARE(f, about) {#f, BENCH_TEAM, "trip", f, 0, 0, about}
#define CHUNKS(f)                                                                                                      \
    OVER(f##_1, "chunks of 1"), OVER(f##_2, "chunks of 2"), OVER(f##_4, "chunks of 4"), OVER(f##_8, "chunks of 8"),    \
        OVER(f##_16, "chunks of 16"), OVER(f##_32, "chunks of 32"), OVER(f##_64, "chunks of 64"),                      \
        OVER(f##_128, "chunks of 128")

static const struct bench_case cases[] = {
    BARE(setup_dynamic, "a dynamic loop of two empty iterations, with its barrier"),
    BARE(setup_dynamic_nowait, "the same without the barrier"),
    BARE(setup_monotonic, "the same with schedule(monotonic:dynamic) and its barrier"),
    BARE(setup_guided, "a guided loop of two empty iterations, with its barrier"),
    BARE(iteration_dynamic_1, "an iteration of a long empty loop, dynamic,1"),
    BARE(iteration_dynamic_8, "the same, dynamic,8"),
    BARE(iteration_monotonic_1, "the same, monotonic:dynamic,1"),
    BARE(iteration_monotonic_8, "the same, monotonic:dynamic,8"),
    OVER(static_block, "one block per thread"),
    CHUNKS(static),
    CHUNKS(dynamic),
    CHUNKS(guided),
    OVER(monotonic_dynamic_1, "monotonic:dynamic,1 by name"),
    OVER(monotonic_dynamic_8, "monotonic:dynamic,8 by name"),
    OVER(nonmonotonic_dynamic_1, "nonmonotonic:dynamic,1 by name"),
    OVER(nonmonotonic_dynamic_8, "nonmonotonic:dynamic,8 by name"),
    OVER(nonmonotonic_guided_1, "nonmonotonic:guided,1 by name"),
    OVER(runtime_default, "schedule(runtime), OMP_SCHEDULE not set"),
    BARE(uneven_static, "a triangular loop of 2016 pieces of 20 ns, one block per thread"),
    BARE(uneven_dynamic_1, "the same, dynamic,1"),
    BARE(uneven_guided_1, "the same, guided,1"),
    {0},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases);
}
