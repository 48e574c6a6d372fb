/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does one synchronization construct cost?  Cases marked SOLO are what a program pays that could have run in
 * parallel but does not: nobody competes, so they show the length of the path and nothing else. */
#include "bench.h"

#include <omp.h>

/* ---- constructs that every thread of the team meets ---- */

static void parallel(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp parallel
        bench_work();
    }
}

static void parallel_for(long n)
{
    int threads = bench_threads;

    for (long i = 0; i < n; i++) {
#pragma omp parallel for
        for (int j = 0; j < threads; j++)
            bench_work();
    }
}

static void parallel_reduction(long n)
{
    int sum = 0;

    for (long i = 0; i < n; i++) {
#pragma omp parallel reduction(+ : sum)
        {
            bench_work();
            sum++;
        }
    }
    if (sum != n * bench_threads)
        bench_fail("reduction: %d threads were counted in %ld regions of %d", sum, n, bench_threads);
}

static void for_static(long n)
{
    int threads = bench_threads;

#pragma omp parallel firstprivate(n)
    for (long i = 0; i < n; i++) {
#pragma omp for
        for (int j = 0; j < threads; j++)
            bench_work();
    }
}

static void barrier(long n)
{
#pragma omp parallel firstprivate(n)
    for (long i = 0; i < n; i++) {
        bench_work();
#pragma omp barrier
    }
}

static void single(long n)
{
#pragma omp parallel firstprivate(n)
    for (long i = 0; i < n; i++) {
#pragma omp single
        bench_work();
    }
}

static void single_nowait(long n)
{
    long total = 0;

#pragma omp parallel firstprivate(n) reduction(+ : total)
    for (long i = 0; i < n; i++) {
#pragma omp single nowait
        total++;
    }
    if (total != n)
        bench_fail("single nowait: %ld constructs ran %ld times", n, total);
}

static void copyprivate(long n)
{
    long value = 0;

#pragma omp parallel firstprivate(n, value)
    for (long i = 0; i < n; i++) {
#pragma omp single copyprivate(value)
        {
            bench_work();
            value = i;
        }
        if (value != i)
            bench_fail("copyprivate: %ld arrived instead of %ld", value, i);
    }
}

static void sections(long n)
{
#pragma omp parallel firstprivate(n)
    for (long i = 0; i < n; i++) {
#pragma omp sections
        {
#pragma omp section
            bench_work();
#pragma omp section
            bench_work();
        }
    }
}

static void masked(long n)
{
    long total = 0;

#pragma omp parallel firstprivate(n) shared(total)
    for (long i = 0; i < n; i++) {
#if defined(__GNUC__) && __GNUC__ >= 12
#pragma omp masked
#else
#pragma omp master
#endif
        {
            total++;
            bench_keep(&total);
        }
    }
}

/* ---- constructs whose bodies exclude each other: n bodies are shared out among the threads ---- */

static long share(long n)
{
    int id = omp_get_thread_num();

    return n / bench_threads + (id < n % bench_threads);
}

static void critical(long n)
{
#pragma omp parallel
    for (long i = share(n); i > 0; i--) {
#pragma omp critical
        bench_work();
    }
}

static omp_lock_t lock_word;
static omp_nest_lock_t nest_word;

static void lock(long n)
{
#pragma omp parallel
    for (long i = share(n); i > 0; i--) {
        omp_set_lock(&lock_word);
        bench_work();
        omp_unset_lock(&lock_word);
    }
}

static void nest_lock(long n)
{
#pragma omp parallel
    for (long i = share(n); i > 0; i--) {
        omp_set_nest_lock(&nest_word);
        bench_work();
        omp_unset_nest_lock(&nest_word);
    }
}

static void atomic(long n)
{
    double sum = 0;

#pragma omp parallel
    for (long i = share(n); i > 0; i--) {
#pragma omp atomic
        sum += 1;
    }
    if (sum != (double)n)
        bench_fail("atomic: %ld additions gave %f", n, sum);
}

/* No machine adds these in one instruction, so the compiler calls the runtime. */
static void atomic_long_double(long n)
{
    long double sum = 0;

#pragma omp parallel
    for (long i = share(n); i > 0; i--) {
#pragma omp atomic
        sum += 1;
    }
    if (sum != (long double)n)
        bench_fail("atomic long double: %ld additions gave %Lf", n, sum);
}

#define ORDERED(name, kind)                                                                                            \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            _Pragma(kind) for (long i = 0; i < n; i++)                                                                 \
            {                                                                                                          \
                _Pragma("omp ordered") bench_work();                                                                   \
            }                                                                                                          \
        }                                                                                                              \
    }

ORDERED(ordered_dynamic_1, "omp for ordered schedule(dynamic, 1)")
ORDERED(ordered_static_1, "omp for ordered schedule(static, 1)")

#define DOACROSS(name, kind)                                                                                           \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            _Pragma(kind) for (long i = 0; i < n; i++)                                                                 \
            {                                                                                                          \
                _Pragma("omp ordered depend(sink : i - 1)") bench_work();                                              \
                _Pragma("omp ordered depend(source)")                                                                  \
            }                                                                                                          \
        }                                                                                                              \
    }

DOACROSS(doacross_static_1, "omp for ordered(1) schedule(static, 1)")
DOACROSS(doacross_dynamic_1, "omp for ordered(1) schedule(dynamic, 1)")
DOACROSS(doacross_static, "omp for ordered(1) schedule(static)")

/* ---- one thread alone ---- */

static void parallel_one_thread(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp parallel num_threads(1)
        bench_keep(&i);
    }
}

static void parallel_if_false(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp parallel if (bench_threads < 0)
        bench_keep(&i);
    }
}

static void critical_uncontended(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp critical
        bench_keep(&i);
    }
}

static void critical_named_uncontended(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp critical(a_name_of_its_own)
        bench_keep(&i);
    }
}

static void lock_uncontended(long n)
{
    for (long i = 0; i < n; i++) {
        omp_set_lock(&lock_word);
        bench_keep(&i);
        omp_unset_lock(&lock_word);
    }
}

static void nest_lock_uncontended(long n)
{
    for (long i = 0; i < n; i++) {
        omp_set_nest_lock(&nest_word);
        bench_keep(&i);
        omp_unset_nest_lock(&nest_word);
    }
}

static void barrier_one_thread(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp barrier
        bench_keep(&i);
    }
}

static void single_one_thread(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp single
        bench_keep(&i);
    }
}

static void thread_num(long n)
{
    int sum = 0;

    for (long i = 0; i < n; i++)
        sum += omp_get_thread_num();
    bench_keep(&sum);
}

#define TEAM(f, floor, about) {#f, BENCH_TEAM, floor, f, bench_reference_team, 0, about}
#define EXCLUSIVE(f, floor, about) {#f, BENCH_TEAM, floor, f, bench_reference_solo, 0, about}
#define BARE(f, floor, about) {#f, BENCH_TEAM, floor, f, 0, 0, about}
#define SOLO(f, about) {#f, BENCH_SOLO, "rmw", f, 0, 0, about}

static const struct bench_case cases[] = {
    TEAM(parallel, "trip", "a region, fork to join"),
    TEAM(parallel_for, "trip", "a combined region and static loop, one iteration per thread"),
    TEAM(parallel_reduction, "trip", "a region that adds one int per thread"),
    TEAM(for_static, "trip", "a static loop with its barrier, one iteration per thread"),
    TEAM(barrier, "trip", "a barrier"),
    EXCLUSIVE(single, "trip", "a single construct with its barrier"),
    BARE(single_nowait, "trip", "a single construct without barrier and with next to no body, per encounter"),
    EXCLUSIVE(copyprivate, "trip", "a single construct that hands one long to the others"),
    EXCLUSIVE(sections, "trip", "two sections with their barrier"),
    BARE(masked, "rmw", "a masked construct, per encounter"),
    EXCLUSIVE(critical, "trip", "an unnamed critical section that all threads want, back to back"),
    EXCLUSIVE(lock, "trip", "the same with an omp_lock_t"),
    EXCLUSIVE(nest_lock, "trip", "the same with an omp_nest_lock_t"),
    BARE(atomic, "trip", "an atomic update of a double: the compiler's own code, a check that the machine is fair"),
    BARE(atomic_long_double, "trip", "an atomic update that needs the runtime"),
    EXCLUSIVE(ordered_dynamic_1, "trip", "an ordered region in a loop with schedule(dynamic,1), per iteration"),
    EXCLUSIVE(ordered_static_1, "trip", "an ordered region in a loop with schedule(static,1), per iteration"),
    EXCLUSIVE(doacross_static_1, "trip", "a chain of depend(sink)/depend(source), schedule(static,1), per iteration"),
    EXCLUSIVE(doacross_dynamic_1, "trip", "the same, schedule(dynamic,1)"),
    EXCLUSIVE(doacross_static, "trip", "the same, schedule(static): a hand-over per block, a post per iteration"),
    SOLO(parallel_one_thread, "a region of one thread: num_threads(1)"),
    SOLO(parallel_if_false, "a region of one thread: if(0)"),
    SOLO(barrier_one_thread, "a barrier outside any region"),
    SOLO(single_one_thread, "a single construct outside any region"),
    SOLO(critical_uncontended, "an unnamed critical section nobody else wants"),
    SOLO(critical_named_uncontended, "a named critical section nobody else wants"),
    SOLO(lock_uncontended, "omp_set_lock and omp_unset_lock, nobody else there"),
    SOLO(nest_lock_uncontended, "omp_set_nest_lock and omp_unset_nest_lock, nobody else there"),
    SOLO(thread_num, "omp_get_thread_num"),
    {0},
};

int main(int argc, char **argv)
{
    omp_init_lock(&lock_word);
    omp_init_nest_lock(&nest_word);
    return bench_main(argc, argv, cases);
}
