/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Regions that are not one after the other in one thread on a quiet machine: nested, of changing size, of several host
 * threads, far apart in time, beside the busy loops of others or a second process.  Sizes are small and fixed, so that
 * a runtime that loses its way is seen for what it is.
 *
 * Threads are counted where they are made: this program's own pthread_create() stands before the C library's. */
#define _GNU_SOURCE
#include "scenario.h"

#include <dlfcn.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NESTED = 2, /* threads of a region, outside and inside */
    SMALL = 2,
    LARGE = 8,
    WARM_UP = 20,
};

static const double PER = 1000; /* operations, to which a number of created threads refers */

/* ---- counting threads ---- */

static long created;

typedef int create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument)
{
    static create_function *real;
    create_function *next = __atomic_load_n(&real, __ATOMIC_RELAXED);

    if (!next) {
        next = (create_function *)dlsym(RTLD_NEXT, "pthread_create");
        __atomic_store_n(&real, next, __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&created, 1, __ATOMIC_RELAXED);
    return next(thread, attributes, body, argument);
}

/* ---- what the parts share ---- */

void scenario_report(const char *what, int threads, const char *unit, double value)
{
    char row[64];

    snprintf(row, sizeof row, "%s.%s", bench_current->name, what);
    bench_result(row, threads, unit, "low", "-", 1, &value, 1);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double scenario_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void scenario_region(int threads)
{
    int size = 0;

#pragma omp parallel num_threads(threads) shared(size)
    if (omp_get_thread_num() == 0)
        size = omp_get_num_threads();
    if (size != threads)
        bench_fail("%s: a team of %d threads was asked for, %d came", bench_current->name, threads, size);
}

/* ---- regions of another shape: the time, and the threads that it takes ---- */

static struct {
    long members;
} __attribute__((aligned(128))) seen[NESTED][NESTED];
static long operations;

static void nested(long n)
{
    operations += n;
    for (long i = 0; i < n; i++) {
#pragma omp parallel num_threads(NESTED)
        {
            int outer = omp_get_thread_num();
#pragma omp parallel num_threads(NESTED)
            seen[outer][omp_get_thread_num()].members += omp_get_num_threads();
        }
    }
}

static void churn(long n)
{
    operations += n;
    for (long i = 0; i < n; i++) {
        scenario_region(SMALL);
        scenario_region(LARGE);
    }
}

/* Times `test` after a warm-up and reports how many threads it made since then. */
static void measure_creations(void (*test)(long), int threads)
{
    struct bench_case timed = *bench_current;

    timed.kind = BENCH_TEAM;
    timed.test = test;
    bench_threads = threads;
    created = 0;
    test(WARM_UP);
    if (!created)
        bench_fail("%s: %d threads work, but none was seen being created", timed.name, threads);
    created = operations = 0;
    bench_measure(&timed);
    scenario_report("created", threads, "threads", PER * (double)created / (double)operations);
}

static void nested_case(void)
{
    long members = 0, done;

    omp_set_max_active_levels(2);
    measure_creations(nested, NESTED * NESTED);
    done = operations + WARM_UP;
    for (int i = 0; i < NESTED * NESTED; i++)
        members += seen[i / NESTED][i % NESTED].members;
    if (members != done * NESTED * NESTED * NESTED)
        bench_fail("nested: the threads of %ld operations saw sizes that add up to %ld", done, members);
}

static void churn_case(void)
{
    measure_creations(churn, LARGE);
}

#define CASE(name, function, about) {name, BENCH_FIXED, "-", 0, 0, function, about}

static const struct bench_case cases[] = {
    CASE("nested", nested_case, "a region of 2, in which both open an empty region of 2; threads made meanwhile"),
    CASE("churn", churn_case, "an empty region of 2 and one of 8 threads; threads made meanwhile"),
    CASE("hosts", scenario_hosts, "4 host threads open regions of 2 at the same time, per region of a host"),
    CASE("new_hosts", scenario_new_hosts, "4 new host threads with a region of 2 each, per round; threads left behind"),
    CASE("idle", scenario_idle, "a region of 2 every 50 ms: CPU time burnt in a second, and the region"),
    CASE("paced", scenario_paced, "a region of 2 after every 200 us of serial work, and back to back"),
    CASE("noise", scenario_noise, "barrier and region of 2 beside a foreign busy loop on each CPU"),
    CASE("pair", scenario_pair, "two processes of 2 threads at once, and one after the other"),
    CASE("active", scenario_active, "barrier of 8 with OMP_WAIT_POLICY=active, and with the default"),
    {0},
};

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], scenario_child_word) == 0)
        return scenario_child_main(argv[2]);
    return bench_main(argc, argv, cases);
}
