/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task reductions: taskgroup with task_reduction, parallel, for, sections and scope with the task modifier, taskloop
 * with reduction and in_reduction; nested groups and tasks, every operator, reductions of the program's own, array
 * sections and large items; outside any region.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: opt=0 policy=default pin=no threads=1,2,4
 * run+: env=TASK_OUTSIDE=1 policy=default gompx-only="regions after a reduction outside regions may hang libgomp 12" */
#include "tests/omp/task_check.h"

static void every_operator(void)
{
    long sum = 5, product = 1;
    unsigned any = 1, all = ~0u, odd = 3;
    int least = 1000, most = -1000, some = 0, every = 1;
    double real = 0.5;

#pragma omp parallel
#pragma omp single
#pragma omp taskgroup task_reduction(+ : sum, real) task_reduction(* : product) task_reduction(| : any) \
    task_reduction(& : all) task_reduction(^ : odd) task_reduction(min : least) task_reduction(max : most) \
    task_reduction(|| : some) task_reduction(&& : every)
    for (int i = 1; i <= 60; i++) {
#pragma omp task in_reduction(+ : sum, real) in_reduction(* : product) firstprivate(i)
        {
            sum += i;
            real += 0.25;
            product *= i % 20 == 0 ? 3 : 1;
        }
#pragma omp task in_reduction(| : any) in_reduction(& : all) in_reduction(^ : odd) firstprivate(i)
        {
            any |= 1u << i % 30;
            all &= ~(1u << i % 7);
            odd ^= (unsigned)i;
        }
#pragma omp task in_reduction(min : least) in_reduction(max : most) in_reduction(|| : some) in_reduction(&& : every)
        {
            least = i < least ? i : least;
            most = i > most ? i : most;
            some = some || i == 59;
            every = every && i != 17;
        }
    }
    CHECK_EQ(sum, 5 + 1830);
    CHECK_EQ(product, 27);
    CHECK_EQ(any, 0x3fffffff);
    CHECK_EQ(all, ~0x7fu);
    CHECK_EQ(odd, 3 ^ 60);
    CHECK_EQ(least, 1);
    CHECK_EQ(most, 60);
    CHECK_EQ(some, 1);
    CHECK_EQ(every, 0);
    CHECK(real == 15.5);
}

/* A tree of tasks, each of which takes part; only leaves count. */
static void tree(int depth, long *sum)
{
    if (depth == 0)
        return;
    for (int i = 0; i < 3; i++) {
#pragma omp task in_reduction(+ : sum[0]) firstprivate(depth, i) if(i != 1)
        {
            sum[0] += depth;
            tree(depth - 1, sum);
        }
    }
#pragma omp taskwait
}

static void tasks_in_tasks(void)
{
    long sum[1] = { 7 };

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup task_reduction(+ : sum[0])
        tree(4, sum);
        CHECK_EQ(sum[0], 7 + 3 * 4 + 9 * 3 + 27 * 2 + 81);
#pragma omp taskgroup task_reduction(+ : sum[0])
        {
#pragma omp task final(1) in_reduction(+ : sum[0])
            {
                sum[0] += 1;
                tree(2, sum);
            }
        }
        CHECK_EQ(sum[0], 7 + 174 + 1 + 3 * 2 + 9);
    }
}

/* Inner groups have reductions of their own, and reach those of the groups around them. */
static void groups_in_groups(void)
{
    int outer = 0, middle = 0, inner = 0;

#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 5; round++) {
#pragma omp taskgroup task_reduction(+ : outer)
        {
#pragma omp task in_reduction(+ : outer)
            outer += 1;
#pragma omp taskgroup task_reduction(+ : middle)
            {
                for (int i = 0; i < 8; i++) {
#pragma omp task in_reduction(+ : outer, middle) firstprivate(i)
                    {
                        outer += 10;
                        middle += i;
                    }
#pragma omp taskgroup task_reduction(+ : inner)
                    {
#pragma omp task in_reduction(+ : inner, outer, middle)
                        {
                            inner++;
                            outer += 100;
                            middle += 1000;
                        }
                    }
                }
            }
            CHECK_EQ(middle, round * (28 + 8000));
#pragma omp taskgroup
            {
#pragma omp task in_reduction(+ : outer)
                outer += 5000;
            }
        }
        CHECK_EQ(outer, round * (1 + 80 + 800 + 5000));
        CHECK_EQ(inner, 8 * round);
    }
}

/* A group inside a task that takes part in the group around it: the inner one reduces the task's own copy. */
static void a_group_over_a_private_copy(void)
{
    long sum = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup task_reduction(+ : sum)
        for (int i = 0; i < 10; i++) {
#pragma omp task in_reduction(+ : sum)
            {
                sum += 1;
#pragma omp taskgroup task_reduction(+ : sum)
                {
                    for (int k = 0; k < 4; k++) {
#pragma omp task in_reduction(+ : sum)
                        sum += 100;
                    }
                }
            }
        }
        CHECK_EQ(sum, 10 * (1 + 400));
    }
}

static void parallel_with_tasks(void)
{
    int threads = omp_get_max_threads(), rounds = check_rounds(20), least = 500;
    long sum = 3;

    for (int i = 0; i < rounds; i++) {
#pragma omp parallel reduction(task, + : sum) reduction(task, min : least)
        {
            sum += 1;
            for (int k = 0; k < 5; k++) {
#pragma omp task in_reduction(+ : sum) in_reduction(min : least) firstprivate(k)
                {
                    sum += 10;
                    least = 100 - k < least ? 100 - k : least;
#pragma omp task in_reduction(+ : sum)
                    sum += 100;
                }
            }
#pragma omp barrier
#pragma omp single
            {
#pragma omp task in_reduction(+ : sum)
                sum += 10000;
            }
        }
    }
    CHECK_EQ(sum, 3 + (long)rounds * (threads * 551 + 10000));
    CHECK_EQ(least, 96);
}

static void worksharing_with_tasks(void)
{
    long loop = 0, dynamic = 0, parts = 0, scope = 0;
    int threads = omp_get_max_threads(), rounds = check_rounds(12);

#pragma omp parallel
    for (int round = 0; round < rounds; round++) {
#pragma omp for reduction(task, + : loop)
        for (int i = 0; i < 40; i++) {
            loop += i;
#pragma omp task in_reduction(+ : loop)
            loop += 1000;
        }
        CHECK_EQ(loop, (round + 1) * 40780);
#pragma omp for schedule(guided, 2) reduction(task, + : dynamic) collapse(2)
        for (int i = 0; i < 8; i++)
            for (int k = 0; k < 5; k++) {
#pragma omp task in_reduction(+ : dynamic) firstprivate(i, k)
                {
                    dynamic += i * k;
#pragma omp task in_reduction(+ : dynamic)
                    dynamic += 1;
                }
            }
        CHECK_EQ(dynamic, (round + 1) * (280 + 40));
#pragma omp sections reduction(task, + : parts)
        {
            parts++;
#pragma omp section
            for (int i = 0; i < 9; i++) {
#pragma omp task in_reduction(+ : parts)
                parts += 50;
            }
        }
        CHECK_EQ(parts, (round + 1) * 451);
#if CHECK_OPENMP_51
#pragma omp scope reduction(task, + : scope)
        {
#pragma omp task in_reduction(+ : scope)
            scope += 2;
            scope++;
        }
        CHECK_EQ(scope, (round + 1L) * 3 * threads);
#endif
    }
    CHECK_EQ(scope, CHECK_OPENMP_51 ? 3L * rounds * threads : 0);
}

/* A worksharing loop with tasks inside a region that reduces too, and a group inside the loop. */
static void reductions_inside_reductions(void)
{
    long outer = 0, loop = 0, group = 0;
    int threads = omp_get_max_threads();

#pragma omp parallel reduction(task, + : outer)
    {
#pragma omp for reduction(task, + : loop)
        for (int i = 0; i < 30; i++) {
            long mine = 0;
#pragma omp task in_reduction(+ : loop)
            loop++;
#pragma omp taskgroup task_reduction(+ : mine)
            {
#pragma omp task in_reduction(+ : mine, loop)
                {
                    mine += 5;
                    loop += 10;
                }
            }
            CHECK_EQ(mine, 5);
            ADD(group, mine);
        }
#pragma omp task in_reduction(+ : outer)
        outer++;
    }
    CHECK_EQ(outer, threads);
    CHECK_EQ(loop, 330);
    CHECK_EQ(group, 150);
}

struct pair {
    long n, sum;
};

static void combine(struct pair *a, const struct pair *b)
{
    a->n += b->n;
    a->sum += b->sum;
}

static void start_pair(struct pair *p, const struct pair *original)
{
    CHECK(original->n >= 0);
    p->n = 1000000;
    p->sum = 0;
}

#pragma omp declare reduction(pairs : struct pair : combine(&omp_out, &omp_in)) \
    initializer(start_pair(&omp_priv, &omp_orig))

/* Each copy that was made counts once, in n: at most one for each thread, and no more often than a task ran. */
static void reductions_of_the_program(void)
{
    struct pair p = { 1, 10 };
    int threads = omp_get_max_threads();

#pragma omp parallel
#pragma omp single
#pragma omp taskgroup task_reduction(pairs : p)
    for (int i = 0; i < 50; i++) {
#pragma omp task in_reduction(pairs : p) firstprivate(i)
        {
            p.n++;
            p.sum += i;
        }
    }
    CHECK_EQ(p.sum, 10 + 1225);
    CHECK_EQ(p.n % 1000000, 51);
    CHECK(p.n / 1000000 >= 1 && p.n / 1000000 <= threads);
}

enum { LARGE = 3000 };

static void arrays_and_sections(void)
{
    static double large[LARGE];
    int fixed[10] = { 0 }, n = 17;
    long vla[n];
    int *pointer = fixed;

    memset(vla, 0, sizeof vla);
    memset(large, 0, sizeof large);
#pragma omp parallel
#pragma omp single
#pragma omp taskgroup task_reduction(+ : large, vla) task_reduction(+ : pointer[2 : 5])
    for (int i = 0; i < 30; i++) {
#pragma omp task in_reduction(+ : large) firstprivate(i)
        for (int k = 0; k < LARGE; k++)
            large[k] += i;
#pragma omp task in_reduction(+ : vla) in_reduction(+ : pointer[2 : 5]) firstprivate(i)
        {
            for (int k = 0; k < n; k++)
                vla[k] += k;
            pointer[2 + i % 5] += 1;
        }
    }
    for (int k = 0; k < LARGE; k++)
        if (large[k] != 435)
            CHECK_EQ(large[k], 435);
    for (int k = 0; k < n; k++)
        CHECK_EQ(vla[k], 30 * k);
    for (int k = 0; k < 10; k++)
        CHECK_EQ(fixed[k], k >= 2 && k < 7 ? 6 : 0);
}

static void taskloops(void)
{
    long sum = 1, group = 0, none = 4, nested = 0;
    int most = 0, a[4] = { 0 };

#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 4; round++) {
#pragma omp taskloop reduction(+ : sum) reduction(max : most) grainsize(3)
        for (int i = 0; i < 200; i++) {
            sum += i;
            most = i > most ? i : most;
        }
        CHECK_EQ(sum, 1 + 19900L * round);
        CHECK_EQ(most, 199);
#pragma omp taskloop reduction(+ : none)
        for (int i = 0; i < round - round; i++)
            none += i;
        CHECK_EQ(none, 4);
#pragma omp taskloop reduction(+ : a[0 : 4]) collapse(2) num_tasks(11)
        for (int i = 0; i < 20; i++)
            for (int k = 0; k < 4; k++)
                a[k] += k;
        CHECK_EQ(a[3], 60 * round);
#pragma omp taskgroup task_reduction(+ : group)
        {
#pragma omp taskloop in_reduction(+ : group) nogroup num_tasks(7)
            for (int i = 0; i < 70; i++)
                group += 1;
#pragma omp taskloop in_reduction(+ : group) reduction(+ : nested) num_tasks(3)
            for (int i = 0; i < 9; i++) {
                group += 100;
                nested++;
            }
        }
        CHECK_EQ(group, 970 * round);
        CHECK_EQ(nested, 9 * round);
#pragma omp taskloop reduction(+ : sum) if(0) num_tasks(4)
        for (int i = 0; i < 10; i++)
            sum += 0;
    }
}

/* All threads have groups of their own at the same time. */
static void groups_of_all_threads(void)
{
    long total = 0;
    int threads = omp_get_max_threads();

#pragma omp parallel
    for (int round = 0; round < 5; round++) {
        long mine = 0;

#pragma omp taskgroup task_reduction(+ : mine)
        for (int i = 0; i < 30; i++) {
#pragma omp task in_reduction(+ : mine)
            mine += i;
        }
        CHECK_EQ(mine, 435);
        ADD(total, mine);
    }
    CHECK_EQ(total, 435L * 5 * threads);
}

static void outside_any_region(void)
{
    int sum = 0;

#pragma omp taskgroup task_reduction(+ : sum)
    {
#pragma omp task in_reduction(+ : sum)
        {
            CHECK_EQ(omp_get_level(), 0);
            sum += 1;
#pragma omp task in_reduction(+ : sum)
            sum += 10;
        }
#pragma omp taskloop in_reduction(+ : sum)
        for (int i = 0; i < 10; i++)
            sum += 100;
    }
    CHECK_EQ(sum, 1011);
#pragma omp taskloop reduction(+ : sum)
    for (int i = 0; i < 10; i++)
        sum += i;
    CHECK_EQ(sum, 1056);
    CHECK_EQ(omp_get_num_threads(), 1);
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        if (getenv("TASK_OUTSIDE") != NULL)
            outside_any_region();
        every_operator();
        tasks_in_tasks();
        groups_in_groups();
        a_group_over_a_private_copy();
        parallel_with_tasks();
        worksharing_with_tasks();
        reductions_inside_reductions();
        reductions_of_the_program();
        arrays_and_sections();
        taskloops();
        groups_of_all_threads();
    }
    outside_any_region();
    return 0;
}
