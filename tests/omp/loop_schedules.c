/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Worksharing loops: every schedule x iteration type x direction x stride x chunk x trip count. Each iteration runs
 * exactly once, each thread gets the iterations of a monotonic schedule in order, and lastprivate is the last
 * iteration's. */
#include "check.h"

enum { MOST = 400 };

static unsigned char ran[MOST];

/* One loop function per type, direction and schedule. k counts the logical iterations. */
#define LOOP(name, type, compare, monotonic, ...)                                                        \
    static void name(type first, type end, type stride, int chunk, int trips)                            \
    {                                                                                                    \
        type last_seen = 0;                                                                              \
                                                                                                         \
        (void)chunk;                                                                                     \
        memset(ran, 0, sizeof ran);                                                                      \
        _Pragma("omp parallel")                                                                          \
        {                                                                                                \
            long before = -1;                                                                            \
            _Pragma(__VA_ARGS__)                                                                         \
            for (type i = first; i compare end; i += stride) {                                           \
                long k = (long)((long long)(i - first) / (long long)stride);                             \
                CHECK(k >= 0 && k < trips);                                                              \
                CHECK(!monotonic || k > before);                                                         \
                before = k;                                                                              \
                __atomic_fetch_add(&ran[k], 1, __ATOMIC_RELAXED);                                        \
                last_seen = i;                                                                           \
            }                                                                                            \
            for (int k = 0; k < trips; k++)                                                              \
                CHECK_EQ(__atomic_load_n(&ran[k], __ATOMIC_RELAXED), 1);                                 \
        }                                                                                                \
        if (trips > 0)                                                                                   \
            CHECK_EQ(last_seen, (type)(first + (type)(trips - 1) * stride));                             \
    }

#define SCHEDULES(tag, type, compare) \
    LOOP(tag##_static, type, compare, 1, "omp for schedule(static) lastprivate(last_seen)") \
    LOOP(tag##_static_c, type, compare, 1, "omp for schedule(static, chunk) lastprivate(last_seen)") \
    LOOP(tag##_dynamic, type, compare, 0, "omp for schedule(dynamic) lastprivate(last_seen)") \
    LOOP(tag##_dynamic_c, type, compare, 0, "omp for schedule(dynamic, chunk) lastprivate(last_seen)") \
    LOOP(tag##_mono, type, compare, 1, "omp for schedule(monotonic: dynamic, chunk) lastprivate(last_seen)") \
    LOOP(tag##_nonmono, type, compare, 0, "omp for schedule(nonmonotonic: dynamic, chunk) lastprivate(last_seen)") \
    LOOP(tag##_guided, type, compare, 0, "omp for schedule(guided) lastprivate(last_seen)") \
    LOOP(tag##_guided_c, type, compare, 0, "omp for schedule(guided, chunk) lastprivate(last_seen)") \
    LOOP(tag##_mguided, type, compare, 1, "omp for schedule(monotonic: guided, chunk) lastprivate(last_seen)") \
    LOOP(tag##_auto, type, compare, 0, "omp for schedule(auto) lastprivate(last_seen)") \
    LOOP(tag##_runtime, type, compare, 0, "omp for schedule(runtime) lastprivate(last_seen)") \
    LOOP(tag##_mruntime, type, compare, 1, "omp for schedule(monotonic: runtime) lastprivate(last_seen)") \
    LOOP(tag##_nruntime, type, compare, 0, "omp for schedule(nonmonotonic: runtime) lastprivate(last_seen)") \
    static void tag(type first, type end, type stride, int chunk, int trips) \
    { \
        tag##_static(first, end, stride, chunk, trips); \
        tag##_static_c(first, end, stride, chunk, trips); \
        tag##_dynamic(first, end, stride, chunk, trips); \
        tag##_dynamic_c(first, end, stride, chunk, trips); \
        tag##_mono(first, end, stride, chunk, trips); \
        tag##_nonmono(first, end, stride, chunk, trips); \
        tag##_guided(first, end, stride, chunk, trips); \
        tag##_guided_c(first, end, stride, chunk, trips); \
        tag##_mguided(first, end, stride, chunk, trips); \
        tag##_auto(first, end, stride, chunk, trips); \
        tag##_runtime(first, end, stride, chunk, trips); \
        tag##_mruntime(first, end, stride, chunk, trips); \
        tag##_nruntime(first, end, stride, chunk, trips); \
    }

SCHEDULES(int_up, int, <)
SCHEDULES(int_down, int, >)
SCHEDULES(long_up, long, <)
SCHEDULES(long_down, long, >)
SCHEDULES(short_up, short, <)
SCHEDULES(ull_up, unsigned long long, <)
SCHEDULES(ull_down, unsigned long long, >)
SCHEDULES(unsigned_up, unsigned, <)

/* All types over one shape: n iterations of the given stride; the bound overshoots by less than a stride. */
static void one_shape(int n, int stride, int chunk)
{
    int span = n == 0 ? 0 : (n - 1) * stride + 1;
    unsigned long long high = 0x8000000000000000ull - 7;    /* crosses 2^63, where a signed comparison turns */

    int_up(-13, -13 + span, stride, chunk, n);
    int_down(13, 13 - span, -stride, chunk, n);
    long_up(-5000000000l, -5000000000l + span, stride, chunk, n);
    long_down(5000000000l, 5000000000l - span, -stride, chunk, n);
    short_up(-20, (short)(-20 + span), (short)stride, chunk < 300 ? chunk : 300, n);    /* gcc: the chunk is a short */
    ull_up(high, high + (unsigned)span, (unsigned)stride, chunk, n);
    ull_down(high + 9000, high + 9000 - (unsigned)span, -(unsigned long long)stride, chunk, n);
    unsigned_up(0x7ffffff0u, 0x7ffffff0u + (unsigned)span, (unsigned)stride, chunk, n);
}

int main(void)
{
    static const struct { int n, stride, chunk; } shapes[] = {
        { 0, 1, 1 }, { 1, 1, 1 }, { 2, 1, 1 }, { 3, 7, 2 }, { 17, 1, 3 }, { 101, 3, 1 }, { 64, 1, 64 }, { 63, 2, 64 },
        { 400, 1, 7 }, { 399, 5, 16 }, { 100, 1, 1000000 }, { 0, 5, 9 }
    };
    unsigned every = omp_get_max_threads() > 4 ? 2 : 1;
    int pick = omp_get_max_threads() % 2;

    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (every == 1 || i % every == (unsigned)pick || i < 2)
            one_shape(shapes[i].n, shapes[i].stride, shapes[i].chunk);
    return 0;
}
