/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * lastprivate and linear take the value of the sequentially last iteration. gcc decides who copies it by looking at the
 * last chunk that each thread got, so the thread that gets the end of the loop must get nothing after it, whatever the
 * schedule.
 *
 * run: repeat=3 */
#include "check.h"

#define LAST(name, ...)                                                         \
    static void name(int n)                                                     \
    {                                                                           \
        int last = -1, other = -1, step = 0;                                    \
                                                                                \
        (void)step;                                                             \
        _Pragma(__VA_ARGS__)                                                    \
        for (int i = 0; i < n; i++) {                                           \
            if (i % 16 == 3)                                                    \
                check_work(i % 5 * 100);                                        \
            last = i;                                                           \
            other = 3 * i;                                                      \
        }                                                                       \
        CHECK_EQ(last, n - 1);                                                  \
        CHECK_EQ(other, 3 * (n - 1));                                           \
    }

LAST(of_dynamic, "omp parallel for schedule(dynamic) lastprivate(last, other)")
LAST(of_dynamic3, "omp parallel for schedule(dynamic, 3) lastprivate(last, other)")
LAST(of_nonmonotonic, "omp parallel for schedule(nonmonotonic: dynamic, 2) lastprivate(last, other)")
LAST(of_guided, "omp parallel for schedule(nonmonotonic: guided) lastprivate(last, other)")
LAST(of_runtime, "omp parallel for schedule(nonmonotonic: runtime) lastprivate(last, other)")
LAST(of_static, "omp parallel for schedule(static, 2) lastprivate(last, other)")
LAST(of_simd, "omp parallel for simd schedule(dynamic, 4) lastprivate(last, other)")

static void of_collapsed_loops(void)
{
    int i_seen = -1, j_seen = -1;

#pragma omp parallel for collapse(2) schedule(dynamic) lastprivate(i_seen, j_seen)
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 11; j++) {
            i_seen = i;
            j_seen = j;
        }
    CHECK_EQ(i_seen, 8);
    CHECK_EQ(j_seen, 10);
}

static void of_linear(void)
{
    int position = 5;

#pragma omp parallel for schedule(dynamic) linear(position : 2)
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(position, 5 + 2 * i);
        position += 2;
    }
    CHECK_EQ(position, 205);
}

static void of_unsigned_long_long(void)
{
    unsigned long long last = 0;

#pragma omp parallel for schedule(dynamic) lastprivate(last)
    for (unsigned long long i = 1ull << 63; i < (1ull << 63) + 77; i++)
        last = i;
    CHECK(last == (1ull << 63) + 76);
#pragma omp parallel for schedule(dynamic, 2) lastprivate(last)
    for (unsigned long long i = (1ull << 63) + 77; i > 1ull << 63; i -= 3)
        last = i;
    CHECK(last == (1ull << 63) + 2);
}

int main(void)
{
    static const int trips[] = { 1, 2, 5, 16, 17, 100, 257 };

    for (unsigned round = 0; round < (unsigned)check_rounds(8); round++)
        for (unsigned i = 0; i < sizeof trips / sizeof *trips; i++) {
            of_dynamic(trips[i]);
            of_dynamic3(trips[i]);
            of_nonmonotonic(trips[i]);
            of_guided(trips[i]);
            of_runtime(trips[i]);
            of_static(trips[i]);
            of_simd(trips[i]);
            of_collapsed_loops();
            of_linear();
            of_unsigned_long_long();
        }
    return 0;
}
