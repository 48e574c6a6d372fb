/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reductions: every operator, several variables at once (combined under the runtime's lock), arrays, user-defined ones,
 * on parallel, loops, sections, scope; inclusive and exclusive scans; conditional lastprivate.
 *
 * run: cflags=-Wno-maybe-uninitialized */
#include "check.h"

enum { N = 240 };          /* a multiple of 3, for conditional_lastprivate */

struct pair {
    long sum, count;
};

static void pair_add(struct pair *into, const struct pair *from)
{
    into->sum += from->sum;
    into->count += from->count;
}

#pragma omp declare reduction(pair_plus : struct pair : pair_add(&omp_out, &omp_in)) initializer(omp_priv = { 0, 0 })

static void every_operator(void)
{
    int sum = 5, product = 1, both = -1, any = 0, odd = 0, all = 1, some = 0, least = 1000, most = -1000;
    double real = 0.5;

#pragma omp parallel for reduction(+ : sum, real) reduction(* : product) reduction(& : both) reduction(| : any) \
    reduction(^ : odd) reduction(&& : all) reduction(|| : some) reduction(min : least) reduction(max : most)
    for (int i = 0; i < N; i++) {
        sum += i;
        real += 0.25;
        product *= i == 17 ? 3 : 1;
        both &= ~(1 << i % 20);
        any |= 1 << i % 30;
        odd ^= i;
        all = all && i >= 0;
        some = some || i == N / 2;
        least = i - 7 < least ? i - 7 : least;
        most = i + 7 > most ? i + 7 : most;
    }
    int want_odd = 0;
    for (int i = 0; i < N; i++)
        want_odd ^= i;
    CHECK_EQ(sum, 5 + N * (N - 1) / 2);
    CHECK(real == 0.5 + 0.25 * N);
    CHECK_EQ(product, 3);
    CHECK_EQ(both, ~((1 << 20) - 1));
    CHECK_EQ(any, (1 << 30) - 1);
    CHECK_EQ(odd, want_odd);
    CHECK_EQ(all, 1);
    CHECK_EQ(some, 1);
    CHECK_EQ(least, -7);
    CHECK_EQ(most, N + 6);
}

static void arrays_and_user_defined(void)
{
    long histogram[10] = { 0 };
    struct pair p = { 1000, 1 };

#pragma omp parallel for schedule(dynamic, 3) reduction(+ : histogram[:10]) reduction(pair_plus : p)
    for (int i = 0; i < N; i++) {
        histogram[i % 10] += i;
        p.sum += i;
        p.count++;
    }
    for (int b = 0; b < 10; b++) {
        long want = 0;
        for (int i = b; i < N; i += 10)
            want += i;
        CHECK_EQ(histogram[b], want);
    }
    CHECK_EQ(p.sum, 1000 + N * (N - 1) / 2);
    CHECK_EQ(p.count, N + 1);
}

static void on_every_construct(void)
{
    int region = 0, loop = 0, parts = 0, scoped = 0;

#pragma omp parallel reduction(+ : region)
    {
        region++;
#pragma omp for schedule(guided) reduction(+ : loop)
        for (int i = 0; i < N; i++)
            loop++;
#pragma omp sections reduction(+ : parts)
        {
            parts += 1;
#pragma omp section
            parts += 10;
#pragma omp section
            parts += 100;
        }
#if CHECK_OPENMP_51
#pragma omp scope reduction(+ : scoped)
        scoped++;
#endif
        CHECK_EQ(loop, N);
        CHECK_EQ(parts, 111);
        CHECK_EQ(scoped, CHECK_OPENMP_51 ? omp_get_num_threads() : 0);
    }
    CHECK_EQ(region, omp_get_max_threads());
}

static void in_a_row_with_nowait(void)
{
    long a = 0, b = 0, c = 0, d = 0;

#pragma omp parallel
    {
        for (int round = 0; round < 30; round++) {
#pragma omp for reduction(+ : a, b) nowait
            for (int i = 0; i < 10; i++) {
                a++;
                b += 2;
            }
#pragma omp for reduction(+ : c, d) schedule(dynamic) nowait
            for (int i = 0; i < 10; i++) {
                c++;
                d += 3;
            }
        }
#pragma omp barrier
        CHECK_EQ(a, 300);
        CHECK_EQ(b, 600);
        CHECK_EQ(c, 300);
        CHECK_EQ(d, 900);
    }
}

static void scans(void)
{
    static int in[N], inclusive[N], exclusive[N];
    int sum = 0;

    for (int i = 0; i < N; i++)
        in[i] = i * 7 % 13;
#pragma omp parallel for reduction(inscan, + : sum)
    for (int i = 0; i < N; i++) {
        sum += in[i];
#pragma omp scan inclusive(sum)
        inclusive[i] = sum;
    }
    int total = sum;
    sum = 0;
#pragma omp parallel for reduction(inscan, + : sum)
    for (int i = 0; i < N; i++) {
        exclusive[i] = sum;
#pragma omp scan exclusive(sum)
        sum += in[i];
    }
    for (int i = 0, running = 0; i < N; i++) {
        CHECK_EQ(exclusive[i], running);
        running += in[i];
        CHECK_EQ(inclusive[i], running);
        if (i == N - 1)
            CHECK_EQ(total, running);
    }
}

static void conditional_lastprivate(void)
{
    int last = -1;
    long other = -1;

    for (int round = 0; round < 20; round++) {
#pragma omp parallel for schedule(dynamic) lastprivate(conditional : last, other)
        for (int i = 0; i < N; i++) {
            if (i % 50 == round)
                last = i;
            if (i < 100 + round)
                other = 2 * i;
        }
        CHECK_EQ(last, 200 + round);
        CHECK_EQ(other, 2 * (99 + round));
    }
#pragma omp parallel for schedule(static) lastprivate(conditional : last)
    for (int i = 0; i < N; i++)
        if (i == 31)
            last = i;
    CHECK_EQ(last, 31);
#pragma omp parallel for schedule(guided) lastprivate(conditional : last)
    for (unsigned long long i = 0; i < N; i++)
        if (i % 3 == 1)
            last = (int)i;
    CHECK_EQ(last, N - 2);
#pragma omp parallel sections lastprivate(conditional : last)
    {
        last = 1;
#pragma omp section
        last = 2;
#pragma omp section
        check_work(10);
    }
    CHECK_EQ(last, 2);
}

int main(void)
{
    every_operator();
    arrays_and_user_defined();
    on_every_construct();
    in_a_row_with_nowait();
    scans();
    conditional_lastprivate();
    return 0;
}
