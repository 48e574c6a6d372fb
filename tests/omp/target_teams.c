/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Combined target constructs: teams, distribute, parallel loops, simd, loop, reductions, num_teams and thread_limit;
 * also declare variant, in_reduction, critical, atomic, scan and nested functions inside.
 *
 * run: threads=1,2,4,8 since-gcc=12 cflags=-foffload=disable */
#include "check.h"

enum { N = 1000 };

static void leagues(void)
{
    int seen[8] = { 0 }, strange = 0, league = 0, six = 6, limit = 0, threads = 0;

#pragma omp target teams num_teams(six) thread_limit(2) map(tofrom : seen, strange, league, limit, threads)
    {
        int me = omp_get_team_num();

        strange += omp_get_num_teams() > 6 || me < 0 || me >= omp_get_num_teams();
        league = omp_get_num_teams();
        seen[me]++;
#pragma omp parallel num_threads(5)
        {
#pragma omp single
            {
                limit = omp_get_thread_limit();
                threads = omp_get_num_threads();
                strange += omp_get_team_num() != me || omp_get_level() != 1;
            }
        }
    }
    CHECK_EQ(strange, 0);
    CHECK(league >= 1 && league <= 6);
    for (int i = 0; i < 8; i++)
        CHECK_EQ(seen[i], i < league);
    CHECK_EQ(limit, 2);
    CHECK(threads >= 1 && threads <= 2);
    CHECK_EQ(omp_get_num_teams(), 1);
#pragma omp target map(tofrom : league)
#pragma omp teams num_teams(3)
    {
#pragma omp parallel num_threads(1)
#pragma omp single
        league = omp_get_num_teams();
    }
    CHECK(league >= 1 && league <= 3);
}

static void loops(void)
{
    static int a[N], b[N], c[N];
    long sum = 0, product = 1, least = 1 << 30;

    for (int i = 0; i < N; i++) {
        a[i] = i;
        b[i] = 2 * i;
        c[i] = -1;
    }
#pragma omp target teams distribute parallel for simd map(to : a, b) map(from : c) reduction(+ : sum) num_teams(3)
    for (int i = 0; i < N; i++) {
        c[i] = a[i] + b[i];
        sum += c[i];
    }
    CHECK_EQ(sum, 3l * N * (N - 1) / 2);
    for (int i = 0; i < N; i++)
        CHECK_EQ(c[i], 3 * i);
#pragma omp target teams distribute reduction(min : least) map(tofrom : c)
    for (int i = 0; i < N; i++) {
        c[i]++;
        least = c[i] < least ? c[i] : least;
    }
    CHECK_EQ(least, 1);
#pragma omp target parallel for schedule(guided) reduction(+ : sum) map(tofrom : c)
    for (int i = 0; i < N; i++)
        sum -= --c[i];
    CHECK_EQ(sum, 0);
#pragma omp target parallel reduction(* : product) num_threads(3)
    product *= 2;
    CHECK_EQ(product, 8);
#pragma omp target simd reduction(+ : sum) map(to : a)
    for (int i = 0; i < N; i++)
        sum += a[i];
    CHECK_EQ(sum, (long)N * (N - 1) / 2);
#pragma omp target teams loop reduction(+ : sum) map(to : a)
    for (int i = 0; i < N; i++)
        sum -= a[i];
    CHECK_EQ(sum, 0);
#pragma omp target parallel loop map(tofrom : c)
    for (int i = 0; i < N; i++)
        c[i] = i;
#pragma omp target teams distribute parallel for collapse(2) dist_schedule(static, 7) schedule(dynamic, 3) map(tofrom : c) \
    num_teams(2)
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 100; j++)
            c[100 * i + j]++;
    for (int i = 0; i < N; i++)
        CHECK_EQ(c[i], i + 1);
}

static void lastprivate_and_linear(void)
{
    int last = 0, many = 0, step = 0;

#pragma omp target parallel for lastprivate(last) schedule(dynamic, 7) map(tofrom : last)
    for (int i = 0; i < N; i++)
        last = i;
    CHECK_EQ(last, N - 1);
#pragma omp target teams distribute parallel for firstprivate(step) lastprivate(many) map(tofrom : many)
    for (int i = 0; i < N; i++)
        many = 2 * i + step;
    CHECK_EQ(many, 2 * (N - 1));
#pragma omp target simd linear(step : 3)
    for (int i = 0; i < 10; i++)
        step += 3;
    CHECK_EQ(step, 30);
}

/* Private copies of an array in teams and threads. */
static void array_reductions(void)
{
    int histogram[5] = { 0 };

#pragma omp target teams distribute parallel for reduction(+ : histogram[:5]) num_teams(2)
    for (int i = 0; i < N; i++)
        histogram[i % 5]++;
    for (int i = 0; i < 5; i++)
        CHECK_EQ(histogram[i], N / 5);
}

/* A task reduction in which target regions take part. */
static void in_reductions(void)
{
    int sum = 0;

#pragma omp parallel
#pragma omp single
#pragma omp taskgroup task_reduction(+ : sum)
    for (int i = 0; i < 10; i++) {
#pragma omp target in_reduction(+ : sum)
        sum += i;
#pragma omp task in_reduction(+ : sum) firstprivate(i)
#pragma omp target in_reduction(+ : sum) firstprivate(i)
        sum += i;
    }
    CHECK_EQ(sum, 90);
}

static int on_host(int x)
{
    return x + 1;
}

#pragma omp declare target
static int on_any(int x);
#pragma omp end declare target

#pragma omp declare variant(on_host) match(device = { kind(host) })
static int on_any(int x)
{
    return x + 100;
}

static void variants(void)
{
    int direct = 0, inside = 0;

    direct = on_any(1);
#pragma omp target map(from : inside)
    inside = on_any(1);
    CHECK_EQ(direct, 2);
    CHECK_EQ(inside, 2);
}

static void synchronization(void)
{
    int critical = 0, atomic = 0, ordered = 0, single = 0;

#pragma omp target map(tofrom : critical, atomic, ordered, single)
#pragma omp parallel num_threads(4)
    {
#pragma omp critical
        critical++;
#pragma omp atomic
        atomic++;
#pragma omp for ordered
        for (int i = 0; i < 20; i++)
#pragma omp ordered
            ordered = ordered == i ? i + 1 : -1;
#pragma omp single
        single++;
#pragma omp sections
        {
#pragma omp section
            single++;
#pragma omp section
            critical++;
        }
    }
    CHECK(critical == 5 && atomic == 4 && ordered == 20 && single == 2);
}

int main(void)
{
    for (int round = 0; round < check_rounds(8); round++) {
        leagues();
        loops();
        lastprivate_and_linear();
        array_reductions();
        in_reductions();
        variants();
        synchronization();
#pragma omp parallel num_threads(2)
        {
#pragma omp critical
            {
                leagues();
                loops();
            }
            array_reductions();
        }
    }
    return 0;
}
