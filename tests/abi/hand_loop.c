/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Loops over long lowered by hand: every start and next, in up and down direction, with each end call; combined
 * parallel loops, old and new, whose outlined function begins with next. */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

enum { MOST = 128 };

typedef bool start_fn(long, long, long, long, long *, long *);
typedef bool runtime_start_fn(long, long, long, long *, long *);
typedef bool next_fn(long *, long *);

static struct loop {
    start_fn *start;                /* or else */
    runtime_start_fn *runtime;
    next_fn *next;
    long first, end, incr, chunk;
    int trips;
    bool ordered, monotonic, nowait;
    int turn;                       /* next iteration of an ordered loop */
    unsigned char ran[MOST];
} now;

/* Runs one range that the runtime handed out. */
static void run_range(long from, long to, long *before)
{
    CHECK(now.incr > 0 ? from < to : from > to);
    for (long i = from; now.incr > 0 ? i < to : i > to; i += now.incr) {
        long k = (i - now.first) / now.incr;

        CHECK(k >= 0 && k < now.trips);
        CHECK_EQ(now.first + k * now.incr, i);
        CHECK(!now.monotonic || k > *before);
        *before = k;
        __atomic_fetch_add(&now.ran[k], 1, __ATOMIC_RELAXED);
        if (now.ordered && k % 5 != 2) {
            GOMP_ordered_start();
            CHECK(now.turn <= k);
            now.turn = (int)k + 1;
            GOMP_ordered_end();
        }
    }
}

static void run_loop(void *unused)
{
    long from, to, before = -1;
    bool more;

    (void)unused;
    more = now.start ? now.start(now.first, now.end, now.incr, now.chunk, &from, &to)
                     : now.runtime(now.first, now.end, now.incr, &from, &to);
    while (more) {
        run_range(from, to, &before);
        more = now.next(&from, &to);
    }
    if (now.nowait)
        GOMP_loop_end_nowait();
    else
        GOMP_loop_end();
}

/* The body of a combined parallel loop: the record is there already. */
static void run_rest(void *unused)
{
    long from, to, before = -1;

    (void)unused;
    while (now.next(&from, &to))
        run_range(from, to, &before);
    GOMP_loop_end_nowait();
}

static void each_ran_once(void)
{
    for (int k = 0; k < MOST; k++)
        CHECK_EQ(now.ran[k], k < now.trips);
    memset(now.ran, 0, sizeof now.ran);
    now.turn = 0;
}

static void one_shape(long first, long incr, int trips, long chunk)
{
    now.first = first;
    now.incr = incr;
    now.end = first + incr * trips - (incr > 0 ? incr - 1 : incr + 1) * (trips > 0);
    now.trips = trips;
    now.chunk = chunk;
    for (int nowait = 0; nowait < 2; nowait++) {
        now.nowait = nowait;
        GOMP_parallel(run_loop, NULL, 0, 0);
        each_ran_once();
        run_loop(NULL);             /* outside any region */
        each_ran_once();
    }
}

static void shapes(void)
{
    one_shape(0, 1, 100, 1);
    one_shape(10, -3, 33, 2);
    one_shape(-7, 5, 1, 4);
    one_shape(3, 1, 0, 1);
    one_shape(1l << 40, 1l << 30, 64, 7);
    one_shape(0, 1, 128, 1000);
}

static void all_starts(void)
{
    static const struct {
        start_fn *start;
        runtime_start_fn *runtime;
        next_fn *next;
        bool ordered, monotonic;
    } kinds[] = {
        { GOMP_loop_static_start, NULL, GOMP_loop_static_next, false, true },
        { GOMP_loop_dynamic_start, NULL, GOMP_loop_dynamic_next, false, true },
        { GOMP_loop_guided_start, NULL, GOMP_loop_guided_next, false, true },
        { GOMP_loop_nonmonotonic_dynamic_start, NULL, GOMP_loop_nonmonotonic_dynamic_next, false, false },
        { GOMP_loop_nonmonotonic_guided_start, NULL, GOMP_loop_nonmonotonic_guided_next, false, false },
        { NULL, GOMP_loop_runtime_start, GOMP_loop_runtime_next, false, true },
        { NULL, GOMP_loop_nonmonotonic_runtime_start, GOMP_loop_nonmonotonic_runtime_next, false, false },
        { NULL, GOMP_loop_maybe_nonmonotonic_runtime_start, GOMP_loop_maybe_nonmonotonic_runtime_next, false, false },
        { GOMP_loop_ordered_static_start, NULL, GOMP_loop_ordered_static_next, true, true },
        { GOMP_loop_ordered_dynamic_start, NULL, GOMP_loop_ordered_dynamic_next, true, true },
        { GOMP_loop_ordered_guided_start, NULL, GOMP_loop_ordered_guided_next, true, true },
        { NULL, GOMP_loop_ordered_runtime_start, GOMP_loop_ordered_runtime_next, true, true },
    };

    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        now.start = kinds[i].start;
        now.runtime = kinds[i].runtime;
        now.next = kinds[i].next;
        now.ordered = kinds[i].ordered;
        now.monotonic = kinds[i].monotonic;
        shapes();
    }
    now.ordered = false;
}

static void combined(void)
{
    static const struct {
        void (*whole)(outlined *, void *, unsigned, long, long, long, long, unsigned);
        void (*old)(outlined *, void *, unsigned, long, long, long, long);
        next_fn *next;
    } kinds[] = {
        { GOMP_parallel_loop_static, GOMP_parallel_loop_static_start, GOMP_loop_static_next },
        { GOMP_parallel_loop_dynamic, GOMP_parallel_loop_dynamic_start, GOMP_loop_dynamic_next },
        { GOMP_parallel_loop_guided, GOMP_parallel_loop_guided_start, GOMP_loop_guided_next },
        { GOMP_parallel_loop_nonmonotonic_dynamic, NULL, GOMP_loop_nonmonotonic_dynamic_next },
        { GOMP_parallel_loop_nonmonotonic_guided, NULL, GOMP_loop_nonmonotonic_guided_next },
    };

    now.monotonic = false;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (unsigned threads = 0; threads < 5; threads++) {
            now.next = kinds[i].next;
            now.first = 100;
            now.incr = -2;
            now.trips = 40;
            kinds[i].whole(run_rest, NULL, threads, 100, 20, -2, 3, 0);
            each_ran_once();
            if (kinds[i].old == NULL)
                continue;
            kinds[i].old(run_rest, NULL, threads, 100, 20, -2, 3);
            run_rest(NULL);
            GOMP_parallel_end();
            each_ran_once();
        }
}

static void combined_runtime(void)
{
    static void (*const whole[])(outlined *, void *, unsigned, long, long, long, unsigned) = {
        GOMP_parallel_loop_runtime, GOMP_parallel_loop_nonmonotonic_runtime,
        GOMP_parallel_loop_maybe_nonmonotonic_runtime
    };
    static next_fn *const next[] = {
        GOMP_loop_runtime_next, GOMP_loop_nonmonotonic_runtime_next, GOMP_loop_maybe_nonmonotonic_runtime_next
    };

    now.first = 0;
    now.incr = 1;
    now.trips = 77;
    now.monotonic = false;
    for (int i = 0; i < 3; i++) {
        now.next = next[i];
        whole[i](run_rest, NULL, 0, 0, 77, 1, 0);
        each_ran_once();
    }
    now.next = GOMP_loop_runtime_next;
    GOMP_parallel_loop_runtime_start(run_rest, NULL, 0, 0, 77, 1);
    run_rest(NULL);
    GOMP_parallel_end();
    each_ran_once();
}

int main(void)
{
    for (int kind = omp_sched_static; kind <= (int)omp_sched_auto; kind++) {
        omp_set_schedule((omp_sched_t)kind, kind);
        if (kind <= 2)
            all_starts();
        combined_runtime();
    }
    combined();
    return 0;
}
