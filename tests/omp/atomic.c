/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * atomic in all forms on all sizes, with the runtime's lock behind the types that no instruction covers (long double
 * and 16-byte integers).
 *
 * run: libs=-latomic */
#include "check.h"

enum { ROUNDS = 400 };

#if CHECK_OPENMP_51
#define ATOMIC_COMPARE _Pragma("omp atomic compare")
#else
#define ATOMIC_COMPARE _Pragma("omp critical")
#endif

#define UPDATES(name, type)                                                             \
    static void name(void)                                                              \
    {                                                                                   \
        type sum = 0, product = 1, least = (type)100, most = 0, written = 0;            \
        int captured[64 * ROUNDS / 8] = { 0 }, threads = 0;                             \
                                                                                        \
        _Pragma("omp parallel")                                                         \
        {                                                                               \
            _Pragma("omp single")                                                       \
            threads = omp_get_num_threads();                                            \
            for (int i = 0; i < ROUNDS / 8; i++) {                                      \
                type before;                                                            \
                _Pragma("omp atomic")                                                   \
                sum += 1;                                                               \
                _Pragma("omp atomic capture seq_cst")                                   \
                before = sum++;                                                         \
                (void)before;                                                           \
                _Pragma("omp atomic update")                                            \
                product = product * 1;                                                  \
                _Pragma("omp atomic write")                                             \
                written = 7;                                                            \
                _Pragma("omp atomic read acquire")                                      \
                before = written;                                                       \
                CHECK(before == 0 || before == 7);                                      \
            }                                                                           \
            _Pragma("omp critical")                                                     \
            captured[omp_get_thread_num()]++;                                           \
            ATOMIC_COMPARE                                                              \
            most = most < (type)omp_get_thread_num() ? (type)omp_get_thread_num() : most; \
            ATOMIC_COMPARE                                                              \
            least = least > (type)omp_get_thread_num() ? (type)omp_get_thread_num() : least; \
        }                                                                               \
        CHECK((long)(sum) == (long)(type)(2L * threads * (ROUNDS / 8)));                \
        CHECK(product == 1);                                                            \
        CHECK(written == 7);                                                            \
        CHECK(least == 0);                                                              \
        CHECK(most == (type)(threads - 1));                                             \
    }

UPDATES(of_char, unsigned char)
UPDATES(of_short, short)
UPDATES(of_int, int)
UPDATES(of_long, long)
UPDATES(of_ull, unsigned long long)
UPDATES(of_float, float)
UPDATES(of_double, double)

/* The types for which gcc calls GOMP_atomic_start and _end or library helpers; sums only. */
#define WIDE(name, type)                                        \
    static void name(void)                                      \
    {                                                           \
        type sum = 0, other = 1;                                \
        int threads = 0;                                        \
                                                                \
        _Pragma("omp parallel")                                 \
        {                                                       \
            for (int i = 0; i < ROUNDS; i++) {                  \
                _Pragma("omp atomic")                           \
                sum += 3;                                       \
                _Pragma("omp atomic")                           \
                other = other + 2;                              \
            }                                                   \
            _Pragma("omp atomic")                               \
            threads++;                                          \
        }                                                       \
        CHECK(sum == (type)(3L * ROUNDS * threads));            \
        CHECK(other == (type)(2L * ROUNDS * threads + 1));      \
    }

WIDE(of_long_double, long double)
WIDE(of_int128, __int128)

/* Captures of one counter hand out every value once. */
static void captures_are_unique(void)
{
    enum { MOST = 16 * ROUNDS };
    static unsigned char taken[MOST];
    int next = 0, total;

    memset(taken, 0, sizeof taken);
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
        int mine;
#pragma omp atomic capture
        mine = next++;
        CHECK(mine < MOST);
        taken[mine]++;
    }
    total = ROUNDS * omp_get_max_threads();
    CHECK_EQ(next, total);
    for (int i = 0; i < MOST; i++)
        CHECK_EQ(taken[i], i < total);
}

/* Atomics on long double stay exclusive while a critical section is held around them. */
static void atomic_inside_critical(void)
{
    long double sum = 0;

#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp critical
        {
#pragma omp atomic
            sum += 1;
        }
    }
    CHECK(sum == (long double)ROUNDS * omp_get_max_threads());
}

int main(void)
{
    of_char();
    of_short();
    of_int();
    of_long();
    of_ull();
    of_float();
    of_double();
    of_long_double();
    of_int128();
    captures_are_unique();
    atomic_inside_critical();
    return 0;
}
