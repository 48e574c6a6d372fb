/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The harness of the benchmark programs; the interface and the output are described in bench.h. */
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <omp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_SAMPLES = 1000,
    TRIPS = 40,                 /* round trips in one batch */
    TRIP_BATCHES = 5,           /* of which the median counts */
    TRIP_PATIENCE_NS = 2000000, /* how long the two threads try to meet */
    MAX_WARM_UPS = 10,
    MAX_CORRECTIONS = 12,       /* doublings of the number of operations while a sample is taken */
    MAX_GROWTH = 10,            /* factor by which the number of operations grows at most in one step */
};

int bench_threads;
int bench_samples = 8;
int64_t bench_sample_ns = 1000000;
long bench_loops_100ns;
const struct bench_case *bench_current;
void (*bench_before)(const struct bench_case *c);

void bench_fail(const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

void bench_result(const char *name, int threads, const char *unit, const char *better, const char *floor, long ops,
                  const double *samples, int count)
{
    printf("result %s %d %s %s %s %ld", name, threads, unit, better, floor, ops);
    for (int i = 0; i < count; i++)
        printf(" %.3f", samples[i]);
    putchar('\n');
}

void bench_record(const char *word, const char *name, const double *samples, int count)
{
    printf("%s %s", word, name);
    for (int i = 0; i < count; i++)
        printf(" %.3f", samples[i]);
    putchar('\n');
}

void bench_reference_team(long n)
{
#pragma omp parallel firstprivate(n)
    for (long i = 0; i < n; i++)
        bench_work();
}

void bench_reference_solo(long n)
{
    for (long i = 0; i < n; i++)
        bench_work();
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    double sorted[MAX_SAMPLES];

    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_doubles);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* Iterations of bench_spin() in 100 ns: the shortest of twenty tries is the one that nothing disturbed. */
static long calibrate_work(void)
{
    const long loops = 20000;
    int64_t best = INT64_MAX;

    for (int i = 0; i < 20; i++) {
        int64_t start = bench_now();
        bench_spin(loops);
        int64_t elapsed = bench_now() - start;
        if (elapsed < best)
            best = elapsed;
    }
    return loops * 100 / best > 0 ? loops * 100 / best : 1;
}

/* One side of the exchange of a line between two threads: `mine` is the parity this thread waits for.  False if the
 * other thread did not answer in time, because it does not run at the same time. */
static int trip_side(int *word, int mine, int trips, int64_t deadline)
{
    for (int i = 0; i < trips; i++) {
        unsigned polls = 0;
        int seen;
        while (((seen = __atomic_load_n(word, __ATOMIC_ACQUIRE)) & 1) != mine)
            if (++polls % 1024 == 0 && bench_now() > deadline)
                return 0;
        __atomic_store_n(word, seen + 1, __ATOMIC_RELEASE);
    }
    return 1;
}

/* Median round trip of a cache line between threads 0 and 1 of the team, where they happen to run now; -1 if they did
 * not run at the same time.  The whole team takes part, so that the runtime need not rebuild it. */
static double measure_trip(void)
{
    static int line[64] __attribute__((aligned(256)));
    double batches[TRIP_BATCHES];
    int done = 0;

    line[0] = 0;
#pragma omp parallel shared(line, batches, done)
    {
        int side = omp_get_thread_num();
        int64_t deadline = bench_now() + TRIP_PATIENCE_NS;
        if (side < 2 && trip_side(line, side, 1, deadline)) {
            for (int b = 0; b < TRIP_BATCHES; b++) {
                int64_t start = bench_now();
                if (!trip_side(line, side, TRIPS, deadline))
                    break;
                if (side == 0) {
                    batches[b] = (double)(bench_now() - start) / TRIPS;
                    done++;
                }
            }
        }
    }
    return done == TRIP_BATCHES ? median(batches, TRIP_BATCHES) : -1;
}

/* The kernel may start a thread on the CPU of another and move it away only later.  That is part of the start, which
 * region.c measures; here the threads get a while to spread before the measuring starts. */
static double spread_out(void)
{
    int tries = bench_threads > omp_get_num_procs() ? 1 : MAX_WARM_UPS;
    double trip = -1;

    for (int i = 0; i < tries && trip < 0; i++)
        trip = measure_trip();
    return trip;
}

static int64_t timed(void (*function)(long), long n)
{
    int64_t start = bench_now();

    function(n);
    return bench_now() - start;
}

/* How many operations make a sample.  A first try may be long because the runtime is still starting its threads or the
 * kernel has not yet spread them, so a number counts only when it has been long enough twice in a row. */
static long operations_per_sample(const struct bench_case *c)
{
    long n = 1;
    int good = 0;

    while (good < 2) {
        int64_t elapsed = timed(c->test, n);
        if (elapsed * 2 >= bench_sample_ns) {
            good++;
            continue;
        }
        double factor = (double)bench_sample_ns / (double)(elapsed > 0 ? elapsed : 1);
        long next = (long)((double)n * (factor > MAX_GROWTH ? MAX_GROWTH : factor));
        n = next > n ? next : n + 1;
        good = 0;
    }
    return n;
}

/* Time per operation.  If *n turns out far too small (it was chosen while something else held the CPU), it is raised
 * and the measurement taken again. */
static double time_per_operation(const struct bench_case *c, long *n)
{
    int64_t elapsed = timed(c->test, *n);

    for (int i = 0; i < MAX_CORRECTIONS && elapsed * 4 < bench_sample_ns; i++) {
        *n *= 2;
        elapsed = timed(c->test, *n);
    }
    return (double)elapsed / (double)*n;
}

static int threads_of(const struct bench_case *c)
{
    return c->kind == BENCH_SOLO ? 1 : bench_threads;
}

long bench_measure(const struct bench_case *c)
{
    double tests[MAX_SAMPLES], references[MAX_SAMPLES];
    long n = operations_per_sample(c);
    double subtract = 0;

    for (int i = 0; i < bench_samples; i++) {
        tests[i] = time_per_operation(c, &n);
        if (c->reference)
            references[i] = (double)timed(c->reference, n) / (double)n;
    }
    if (c->reference)
        subtract = median(references, bench_samples);
    for (int i = 0; i < bench_samples; i++)
        tests[i] -= subtract;
    bench_result(c->name, threads_of(c), "ns", "low", c->floor, n, tests, bench_samples);
    return n;
}

void bench_measure_fixed(const struct bench_case *c, void (*test)(void), long operations, int count)
{
    double samples[MAX_SAMPLES];

    if (count > MAX_SAMPLES)
        bench_fail("at most %d samples", MAX_SAMPLES);
    test();
    for (int i = 0; i < count; i++) {
        int64_t start = bench_now();
        test();
        samples[i] = (double)(bench_now() - start) / (double)operations;
    }
    bench_result(c->name, threads_of(c), "ns", "low", c->floor, operations, samples, count);
}

static void require_team(void)
{
    int size = 0;

#pragma omp parallel
#pragma omp single
    size = omp_get_num_threads();
    if (size != bench_threads)
        bench_fail("a team of %d threads was asked for, %d came", bench_threads, size);
}

static void run_case(const struct bench_case *c)
{
    double before = -1;

    bench_current = c;
    if (c->kind == BENCH_TEAM) {
        require_team();
        before = bench_threads > 1 ? spread_out() : -1;
    }
    if (c->special)
        c->special();
    else
        bench_measure(c);
    if (c->kind == BENCH_TEAM && bench_threads > 1)
        printf("trip %.1f %.1f\n", before, measure_trip());
}

/* The loader's own account of which OpenMP runtimes are in this process. */
static void print_mapped(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[4096 + 128], last[4096 + 128] = "";

    if (!maps)
        bench_fail("/proc/self/maps: %s", strerror(errno));
    while (fgets(line, sizeof line, maps)) {
        char *path = strchr(line, '/');
        if (!path || strcmp(path, last) == 0)
            continue;
        strcpy(last, path);
        if (strstr(strrchr(path, '/'), "omp"))
            printf("mapped %s", path);
    }
    fclose(maps);
}

static long positive(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (*end || value <= 0)
        bench_fail("'%s' is not a positive number", text);
    return value;
}

static void list(const struct bench_case *cases)
{
    static const char *const kinds[] = {"TEAM", "SOLO", "FIXED", "COLD"};

    for (const struct bench_case *c = cases; c->name; c++)
        printf("case %s %s %s\n", c->name, kinds[c->kind], c->about);
}

static const struct bench_case *find(const struct bench_case *cases, const char *name)
{
    for (const struct bench_case *c = cases; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    bench_fail("no case is named '%s'; -l lists them", name);
}

/* The cases that are named, or all. */
static void for_each(int count, char **names, const struct bench_case *cases, void (*action)(const struct bench_case *))
{
    if (count == 0)
        for (const struct bench_case *c = cases; c->name; c++)
            action(c);
    for (int i = 0; i < count; i++)
        action(find(cases, names[i]));
}

int bench_main(int argc, char **argv, const struct bench_case *cases)
{
    int option;

    while ((option = getopt(argc, argv, "ls:u:d:")) != -1) {
        switch (option) {
        case 'l':
            list(cases);
            return 0;
        case 's':
            bench_samples = (int)positive(optarg);
            break;
        case 'u':
            bench_sample_ns = positive(optarg) * 1000;
            break;
        case 'd':
            bench_loops_100ns = positive(optarg);
            break;
        default:
            fprintf(stderr, "usage: %s [-l] [-s SAMPLES] [-u MICROSECONDS] [-d LOOPS] [CASE...]\n", argv[0]);
            return 2;
        }
    }
    if (bench_samples > MAX_SAMPLES)
        bench_fail("at most %d samples", MAX_SAMPLES);
    if (!bench_loops_100ns)
        bench_loops_100ns = calibrate_work();
    bench_threads = omp_get_max_threads();
    if (bench_before)
        for_each(argc - optind, argv + optind, cases, bench_before);
    for_each(argc - optind, argv + optind, cases, run_case);
    print_mapped();
    return 0;
}
