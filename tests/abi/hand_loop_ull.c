/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Loops over unsigned long long lowered by hand: every start and next, upwards and downwards (with a two's complement
 * increment), across 2^63 and at both ends of the type. */
#include <limits.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

enum { MOST = 128 };

typedef bool start_fn(bool, ull, ull, ull, ull, ull *, ull *);
typedef bool runtime_start_fn(bool, ull, ull, ull, ull *, ull *);
typedef bool next_fn(ull *, ull *);

static struct loop {
    start_fn *start;                /* or else */
    runtime_start_fn *runtime;
    next_fn *next;
    bool up, ordered, monotonic;
    ull first, end, incr, chunk;
    int trips, turn;
    unsigned char ran[MOST];
} now;

static void run_range(ull from, ull to, long *before)
{
    ull step = now.up ? now.incr : -now.incr;

    CHECK(now.up ? from < to : from > to);
    for (ull i = from; now.up ? i < to : i > to; i += now.incr) {
        ull way = now.up ? i - now.first : now.first - i;
        long k = (long)(way / step);

        CHECK_EQ(way % step, 0);
        CHECK(k >= 0 && k < now.trips);
        CHECK(!now.monotonic || k > *before);
        *before = k;
        __atomic_fetch_add(&now.ran[k], 1, __ATOMIC_RELAXED);
        if (now.ordered) {
            GOMP_ordered_start();
            CHECK_EQ(now.turn, k);
            now.turn++;
            GOMP_ordered_end();
        }
    }
}

static void run_loop(void *unused)
{
    ull from, to;
    long before = -1;
    bool more;

    (void)unused;
    more = now.start ? now.start(now.up, now.first, now.end, now.incr, now.chunk, &from, &to)
                     : now.runtime(now.up, now.first, now.end, now.incr, &from, &to);
    while (more) {
        run_range(from, to, &before);
        more = now.next(&from, &to);
    }
    GOMP_loop_end();
}

static void one_shape(bool up, ull first, ull end, ull incr, int trips, ull chunk)
{
    now.up = up;
    now.first = first;
    now.end = end;
    now.incr = incr;
    now.trips = trips;
    now.chunk = chunk;
    for (int orphaned = 0; orphaned < 2; orphaned++) {
        now.turn = 0;
        if (orphaned)
            run_loop(NULL);
        else
            GOMP_parallel(run_loop, NULL, 0, 0);
        for (int k = 0; k < MOST; k++)
            CHECK_EQ(now.ran[k], k < trips);
        memset(now.ran, 0, sizeof now.ran);
    }
}

static void shapes(void)
{
    ull middle = 1ull << 63;

    one_shape(true, 0, 100, 1, 100, 1);
    one_shape(false, 100, 0, -1ull, 100, 2);
    one_shape(true, middle - 50, middle + 50, 1, 100, 3);
    one_shape(false, middle + 50, middle - 50, -2ull, 50, 3);
    one_shape(true, ULLONG_MAX - 20, ULLONG_MAX, 1, 20, 1);
    one_shape(false, ULLONG_MAX, ULLONG_MAX - 30, -3ull, 10, 1);
    one_shape(true, 7, 7, 1, 0, 1);
    one_shape(false, 7, 7, -1ull, 0, 1);
    one_shape(true, 5, 6, 100, 1, 9);
}

int main(void)
{
    static const struct {
        start_fn *start;
        runtime_start_fn *runtime;
        next_fn *next;
        bool ordered, monotonic;
    } kinds[] = {
        { GOMP_loop_ull_static_start, NULL, GOMP_loop_ull_static_next, false, true },
        { GOMP_loop_ull_dynamic_start, NULL, GOMP_loop_ull_dynamic_next, false, true },
        { GOMP_loop_ull_guided_start, NULL, GOMP_loop_ull_guided_next, false, true },
        { GOMP_loop_ull_nonmonotonic_dynamic_start, NULL, GOMP_loop_ull_nonmonotonic_dynamic_next, false, false },
        { GOMP_loop_ull_nonmonotonic_guided_start, NULL, GOMP_loop_ull_nonmonotonic_guided_next, false, false },
        { NULL, GOMP_loop_ull_runtime_start, GOMP_loop_ull_runtime_next, false, true },
        { NULL, GOMP_loop_ull_nonmonotonic_runtime_start, GOMP_loop_ull_nonmonotonic_runtime_next, false, false },
        { NULL, GOMP_loop_ull_maybe_nonmonotonic_runtime_start, GOMP_loop_ull_maybe_nonmonotonic_runtime_next, false,
          false },
        { GOMP_loop_ull_ordered_static_start, NULL, GOMP_loop_ull_ordered_static_next, true, true },
        { GOMP_loop_ull_ordered_dynamic_start, NULL, GOMP_loop_ull_ordered_dynamic_next, true, true },
        { GOMP_loop_ull_ordered_guided_start, NULL, GOMP_loop_ull_ordered_guided_next, true, true },
        { NULL, GOMP_loop_ull_ordered_runtime_start, GOMP_loop_ull_ordered_runtime_next, true, true },
    };

    for (int schedule = omp_sched_static; schedule <= (int)omp_sched_guided; schedule++) {
        omp_set_schedule((omp_sched_t)schedule, 2);
        for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            now.start = kinds[i].start;
            now.runtime = kinds[i].runtime;
            now.next = kinds[i].next;
            now.ordered = kinds[i].ordered;
            now.monotonic = kinds[i].monotonic;
            shapes();
        }
    }
    return 0;
}
