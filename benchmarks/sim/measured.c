/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Measuring what the model is held against.  The entry points are called as compiled code calls them. */
#include "benchmarks/sim/measured.h"

#include <sched.h>
#include <stdint.h>
#include <time.h>

#include "sync/atomic.h"
#include "sync/base.h"

enum { TRIES = 40, TRIPS = 500, TIMES = 1000 };

void GOMP_parallel(void (*fn)(void *), void *data, unsigned threads, unsigned flags);
void GOMP_barrier(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);

static struct {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t ball;
    alignas(GOMPX_CACHE_LINE) double trip, barrier;
} court;

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Thread 0 sends even numbers, the other one answers with the odd one after. */
static void play(bool serves)
{
    for (uint32_t n = 0; n < 2 * TRIPS; n += 2) {
        if (serves)
            gompx_store_rel(&court.ball, n + 1);
        while (gompx_load_acq(&court.ball) != n + (serves ? 2 : 1))
            ;
        if (!serves)
            gompx_store_rel(&court.ball, n + 2);
    }
}

static void members(void *unused)
{
    int me = omp_get_thread_num(), n = omp_get_num_threads();
    double begun, sum = 0;

    (void)unused;
    for (int other = 1; other < n; other++) {
        if (me == 0)
            gompx_store_rlx(&court.ball, 0);
        GOMP_barrier();
        begun = now_ns();
        if (me == 0 || me == other)
            play(me == 0);
        sum += (now_ns() - begun) / TRIPS;
        GOMP_barrier();
    }
    begun = now_ns();
    for (int i = 0; i < TIMES; i++)
        GOMP_barrier();
    if (me == 0) {
        court.trip = sum / (n - 1);
        court.barrier = (now_ns() - begun) / TIMES;
    }
}

static void nothing(void *unused)
{
    (void)unused;
}

unsigned sim_measured_cpus(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

struct sim_measured sim_measured_take(unsigned threads)
{
    struct sim_measured best = { 0, 0, 0 };

    for (int i = 0; i < TRIES; i++) {
        struct sim_measured m;
        double begun;

        GOMP_parallel(members, NULL, threads, 0);
        begun = now_ns();
        for (int n = 0; n < TIMES; n++)
            GOMP_parallel(nothing, NULL, threads, 0);
        m = (struct sim_measured){ court.trip, court.barrier, (now_ns() - begun) / TIMES };
        if (i == 0 || m.trip + m.barrier + m.region < best.trip + best.barrier + best.region)
            best = m;
    }
    return best;
}
