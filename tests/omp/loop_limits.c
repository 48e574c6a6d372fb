/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Loops at the ends of their types: 2^63-sized ranges, LONG_MIN to LONG_MAX, ULLONG_MAX, strides near the type's size.
 * The strides are so large that few iterations remain; each must run exactly once and none else.
 *
 * run+: env=WIDE=0
 * run+: env=WIDE=1 gompx-only="libgomp 12 loses count where a range or a chunk is wider than LONG_MAX" */
#include <limits.h>

#include "check.h"

enum { MOST = 64 };

static unsigned char ran[MOST];

static void clear(void)
{
    memset(ran, 0, sizeof ran);
}

static void each_ran_once(int trips)
{
    for (int k = 0; k < MOST; k++)
        CHECK_EQ(ran[k], k < trips);
}

/* Runs "for (type i = first; i compare end; i += stride)" with all sums in unsigned, so that nothing overflows. */
#define BODY(type, compare, clause)                                                          \
    clear();                                                                                 \
    _Pragma(clause)                                                                          \
    for (type i = first; i compare end; i += stride) {                                       \
        unsigned long long width = stride > 0 ? (unsigned long long)stride                   \
                                              : 0ull - (unsigned long long)stride;           \
        unsigned long long way = stride > 0 ? (unsigned long long)i - (unsigned long long)first \
                                            : (unsigned long long)first - (unsigned long long)i; \
        CHECK_EQ(way % width, 0);                                                            \
        CHECK(way / width < (unsigned)trips);                                                \
        __atomic_fetch_add(&ran[way / width], 1, __ATOMIC_RELAXED);                          \
    }                                                                                        \
    each_ran_once(trips);

#define LOOPS(name, type, compare)                                                           \
    static void name(type first, type end, type stride, int chunk, int trips)                \
    {                                                                                        \
        BODY(type, compare, "omp parallel for schedule(dynamic, chunk)")                     \
        BODY(type, compare, "omp parallel for schedule(monotonic: dynamic, chunk)")          \
        BODY(type, compare, "omp parallel for schedule(guided, chunk)")                      \
        BODY(type, compare, "omp parallel for schedule(monotonic: guided, chunk)")           \
        BODY(type, compare, "omp parallel for schedule(runtime)")                            \
        BODY(type, compare, "omp parallel for schedule(dynamic, chunk) ordered")             \
        BODY(type, compare, "omp parallel for schedule(guided, chunk) ordered")              \
        BODY(type, compare, "omp parallel for schedule(static, chunk) ordered")              \
    }

LOOPS(long_up, long, <)
LOOPS(long_down, long, >)
LOOPS(int_up, int, <)
LOOPS(int_down, int, >)

/* The unsigned ones count down with a two's complement stride, which BODY cannot tell from a huge one upwards. */
#define UNSIGNED_BODY(compare, step, clause)                                                 \
    clear();                                                                                 \
    _Pragma(clause)                                                                          \
    for (unsigned long long i = first; i compare end; i step stride) {                       \
        unsigned long long way = first < end ? i - first : first - i;                        \
        CHECK_EQ(way % stride, 0);                                                           \
        CHECK(way / stride < (unsigned)trips);                                               \
        __atomic_fetch_add(&ran[way / stride], 1, __ATOMIC_RELAXED);                         \
    }                                                                                        \
    each_ran_once(trips);

#define UNSIGNED_LOOPS(name, compare, step)                                                  \
    static void name(unsigned long long first, unsigned long long end, unsigned long long stride, int chunk, \
                     int trips)                                                              \
    {                                                                                        \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(dynamic, chunk)")            \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(monotonic: dynamic, chunk)") \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(guided, chunk)")             \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(monotonic: guided, chunk)")  \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(runtime)")                   \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(dynamic, chunk) ordered")    \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(guided, chunk) ordered")     \
        UNSIGNED_BODY(compare, step, "omp parallel for schedule(static, chunk) ordered")     \
    }

UNSIGNED_LOOPS(ull_up, <, +=)
UNSIGNED_LOOPS(ull_down, >, -=)

/* The loop's own increment must not leave the type, so each range ends a stride or more before the type does. */
static void signed_limits(int chunk)
{
    long_up(LONG_MAX - 10, LONG_MAX, 1, chunk, 10);
    long_up(LONG_MIN, LONG_MIN + 10, 1, chunk, 10);
    long_up(LONG_MAX, LONG_MIN, 1, chunk, 0);
    long_down(LONG_MAX, LONG_MAX - 9, -1, chunk, 9);
    long_down(LONG_MIN + 9, LONG_MIN, -1, chunk, 9);
    long_down(LONG_MIN, LONG_MAX, -1, chunk, 0);
    int_up(INT_MIN, INT_MAX - (1 << 30), 1 << 30, chunk, 3);
    int_up(INT_MAX - 7, INT_MAX, 1, chunk, 7);
    int_down(INT_MAX, INT_MIN + (1 << 30), -(1 << 30), chunk, 3);
    int_down(INT_MIN + 7, INT_MIN, -1, chunk, 7);
}

static void signed_ranges_wider_than_the_type(int chunk)
{
    const long big = LONG_MAX / 2 + 1;      /* 2^62 */

    long_up(LONG_MIN, LONG_MAX - big, big, chunk, 3);
    long_up(LONG_MIN, -1, LONG_MAX, chunk, 1);
    long_up(LONG_MIN, 0, LONG_MAX, chunk, 2);
    long_up(LONG_MIN, LONG_MAX - LONG_MAX / 16 - 1, LONG_MAX / 16 + 1, chunk, 31);
    long_down(LONG_MAX, LONG_MIN + big, -big, chunk, 3);
    long_down(LONG_MAX, -1, LONG_MIN + 1, chunk, 2);
}

static void unsigned_limits(int chunk)
{
    const unsigned long long most = ULLONG_MAX;

    ull_up(most - 9, most, 1, chunk, 9);
    ull_up(5, 5, 1ull << 62, chunk, 0);
    ull_up(most, 0, 1, chunk, 0);
    ull_up((1ull << 63) - 5, (1ull << 63) + 5, 1, chunk, 10);
    ull_up(0, 1ull << 62, 1ull << 60, chunk, 4);
    ull_down(most, most - 9, 1, chunk, 9);
    ull_down(9, 0, 1, chunk, 9);
    ull_down((1ull << 63) + 5, (1ull << 63) - 5, 1, chunk, 10);
    ull_down(0, most, 1, chunk, 0);
}

static void unsigned_ranges_of_nearly_everything(int chunk)
{
    const unsigned long long big = 1ull << 62, most = ULLONG_MAX;

    ull_up(0, most - big, big, chunk, 3);
    ull_up(0, most - most / 32, most / 32, chunk, 32);
    ull_up(0, 1ull << 63, (1ull << 63) - 1, chunk, 2);
    ull_up(1, most, most - 1, chunk, 1);
    ull_down(most, big, big, chunk, 3);
    ull_down(most, most / 8 + 1, most / 8 + 1, chunk, 7);
}

static void a_run_time_schedule_has_the_same_limits(omp_sched_t kind, int chunk)
{
    omp_set_schedule(kind, chunk);
    long_up(LONG_MIN, LONG_MAX / 2, LONG_MAX / 2 + 1, 1, 3);
    ull_down(ULLONG_MAX, 1ull << 62, 1ull << 62, 1, 3);
}

int main(void)
{
    int wide = atoi(getenv("WIDE"));

    for (int chunk = 1; chunk <= 3; chunk++) {
        signed_limits(chunk);
        unsigned_limits(chunk);
        if (wide) {
            signed_ranges_wider_than_the_type(chunk);
            unsigned_ranges_of_nearly_everything(chunk);
        }
    }
    if (!wide)
        return 0;
    signed_limits(INT_MAX);
    unsigned_limits(INT_MAX);
    signed_ranges_wider_than_the_type(INT_MAX);
    unsigned_ranges_of_nearly_everything(INT_MAX);
    for (int kind = omp_sched_static; kind <= (int)omp_sched_auto; kind++)
        for (int chunk = 0; chunk < 3; chunk++)
            a_run_time_schedule_has_the_same_limits((omp_sched_t)kind, chunk);
    return 0;
}
