/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Ordered loops: the ordered regions run in iteration order under every schedule, one at a time, also when iterations
 * leave theirs out, and writes in one are seen by the next. */
#include "check.h"

#define MIDDLE (1ull << 63)

enum { TRIPS = 60 };

static int log_of[TRIPS], logged;       /* written in ordered regions only: plain variables show missing ordering */

#define ORDERED_LOOP(name, type, from, condition, step, number, skip, ...)           \
    static void name(int chunk)                                                      \
    {                                                                                \
        int want = 0;                                                                \
                                                                                     \
        (void)chunk;                                                                 \
        logged = 0;                                                                  \
        _Pragma("omp parallel")                                                      \
        {                                                                            \
            _Pragma(__VA_ARGS__)                                                     \
            for (type i = from; condition; step) {                                   \
                int k = (int)(number);                                               \
                if (k % 7 == 3)                                                      \
                    check_work(200);                                                 \
                if (skip)                                                            \
                    continue;                                                        \
                _Pragma("omp ordered")                                               \
                log_of[logged++] = k;                                                \
            }                                                                        \
        }                                                                            \
        for (int k = 0; k < TRIPS; k++)                                              \
            if (!(skip))                                                             \
                CHECK_EQ(log_of[want++], k);                                         \
        CHECK_EQ(logged, want);                                                      \
    }

#define BOTH(tag, ...)                                                                                              \
    ORDERED_LOOP(tag##_long, long, 0, i < TRIPS, i++, i, 0, __VA_ARGS__)                                            \
    ORDERED_LOOP(tag##_down, int, 3 * TRIPS, i > 0, i -= 3, TRIPS - (i + 2) / 3, 0, __VA_ARGS__)                    \
    ORDERED_LOOP(tag##_ull, unsigned long long, MIDDLE, i < MIDDLE + TRIPS, i++, i - MIDDLE, 0, __VA_ARGS__)        \
    ORDERED_LOOP(tag##_gaps, int, 0, i < TRIPS, i++, i, k % 3 == 1, __VA_ARGS__)                                    \
    ORDERED_LOOP(tag##_none, int, 0, i < TRIPS, i++, i, k >= 0, __VA_ARGS__)                                        \
    static void tag(int chunk)                                                                                      \
    {                                                                                                               \
        tag##_long(chunk);                                                                                          \
        tag##_down(chunk);                                                                                          \
        tag##_ull(chunk);                                                                                           \
        tag##_gaps(chunk);                                                                                          \
        tag##_none(chunk);                                                                                          \
    }

BOTH(block, "omp for ordered schedule(static)")
BOTH(chunked, "omp for ordered schedule(static, chunk)")
BOTH(dynamic, "omp for ordered schedule(dynamic, chunk)")
BOTH(guided, "omp for ordered schedule(guided, chunk)")
BOTH(runtime, "omp for ordered schedule(runtime)")
BOTH(automatic, "omp for ordered schedule(auto)")

static void mutual_exclusion_holds(void)
{
    int inside = 0;

#pragma omp parallel for ordered schedule(dynamic)
    for (int i = 0; i < TRIPS; i++) {
#pragma omp ordered
        {
            CHECK_EQ(__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED), 1);
            check_work(50);
            CHECK_EQ(__atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED), 0);
        }
    }
}

/* Several ordered loops in one region, nowait in between: the turns of one must not leak into the next. */
static void ordered_loops_in_a_row(void)
{
    int next_a = 0, next_b = 0;

#pragma omp parallel
    for (int round = 0; round < 10; round++) {
#pragma omp for ordered schedule(dynamic) nowait
        for (int i = 0; i < 9; i++) {
#pragma omp ordered
            {
                CHECK_EQ(next_a % 9, i);
                next_a++;
            }
        }
#pragma omp for ordered schedule(static, 1)
        for (int i = 0; i < 7; i++) {
#pragma omp ordered
            {
                CHECK_EQ(next_b % 7, i);
                next_b++;
            }
        }
    }
    CHECK_EQ(next_a, 90);
    CHECK_EQ(next_b, 70);
}

int main(void)
{
    for (int chunk = 1; chunk <= 4; chunk += 3) {
        block(chunk);
        chunked(chunk);
        dynamic(chunk);
        guided(chunk);
        automatic(chunk);
        for (int kind = omp_sched_static; kind <= (int)omp_sched_auto; kind++) {
            omp_set_schedule((omp_sched_t)kind, chunk);
            runtime(chunk);
        }
    }
    mutual_exclusion_holds();
    ordered_loops_in_a_row();
    return 0;
}
