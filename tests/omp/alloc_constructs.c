/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The allocate clause on the constructs that take it: private copies come from the allocator, whose pool is as full afterwards as
 * before, and have its alignment.
 *
 * run: opt=0,2 pin=no policy=default */
#include <stdint.h>

#include "tests/omp/check.h"

enum { POOL = 1 << 20, ALIGN = 256 };

static omp_allocator_handle_t pool;

static void pool_make(void)
{
    omp_alloctrait_t traits[] = { { omp_atk_alignment, ALIGN }, { omp_atk_pool_size, POOL },
                                  { omp_atk_fallback, omp_atv_null_fb } };

    pool = omp_init_allocator(omp_default_mem_space, 3, traits);
    CHECK(pool != omp_null_allocator);
}

/* All of it can be had at once. */
static void pool_is_whole(void)
{
    void *p = omp_alloc(POOL - 32 - (ALIGN - sizeof(void *)), pool);

    CHECK(p != NULL);
    omp_free(p, pool);
}

#define FROM_POOL(x) CHECK((uintptr_t)&(x) % ALIGN == 0)

static void regions(void)
{
    int a = 3, b = 0, c = 4, n = 0;
    int wide[100];

    wide[99] = 17;
#pragma omp parallel private(b) firstprivate(a, wide) reduction(+ : n) allocate(pool : a, b, wide, n)
    {
        FROM_POOL(a);
        FROM_POOL(b);
        FROM_POOL(wide);
        FROM_POOL(n);
        b = omp_get_thread_num();
        CHECK(a == 3 && wide[99] == 17);
        a = b;
        n = 1;
#pragma omp barrier
        CHECK(a == b && b == omp_get_thread_num());
#pragma omp parallel num_threads(2) firstprivate(b) allocate(pool : b)
        {
            FROM_POOL(b);
            CHECK_EQ(b, a);
        }
    }
    CHECK(n >= 1 && c == 4);
    pool_is_whole();
}

static void loops_and_sections(void)
{
    long last = 0, sum = 0, first = 7;

#pragma omp parallel
    {
#pragma omp for lastprivate(last) reduction(+ : sum) firstprivate(first) allocate(pool : last, sum, first)
        for (int i = 0; i < 100; i++) {
            FROM_POOL(last);
            FROM_POOL(sum);
            FROM_POOL(first);
            last = i * first;
            sum += i;
        }
        CHECK(last == 693 && sum == 4950);
#pragma omp barrier
#pragma omp sections lastprivate(last) allocate(pool : last)
        {
            last = 1;
#pragma omp section
            {
                FROM_POOL(last);
                last = 2;
            }
        }
        CHECK_EQ(last, 2);
#pragma omp single firstprivate(first) allocate(pool : first)
        {
            FROM_POOL(first);
            CHECK_EQ(first, 7);
        }
    }
    pool_is_whole();
}

static void tasks(void)
{
    int total = 0, loop_total = 0;

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 50; i++) {
            int mine = i, other = 0;

#pragma omp task firstprivate(mine) private(other) shared(total) allocate(pool : mine, other)
            {
                FROM_POOL(mine);
                FROM_POOL(other);
                other = mine;
                check_work(100);
#pragma omp atomic
                total += other;
            }
        }
        int factor = 2;
#pragma omp taskloop firstprivate(factor) shared(loop_total) num_tasks(10) allocate(pool : factor)
        for (int i = 0; i < 100; i++) {
            FROM_POOL(factor);
#pragma omp atomic
            loop_total += factor;
        }
#pragma omp taskgroup
        {
#pragma omp task if(0) firstprivate(factor) allocate(omp_const_mem_alloc : factor)
            CHECK_EQ(factor, 2);
        }
    }
    CHECK(total == 1225 && loop_total == 200);
    pool_is_whole();
}

static void task_reductions(void)
{
    int sum = 0;

#pragma omp parallel
#pragma omp single
#pragma omp taskgroup task_reduction(+ : sum) allocate(pool : sum)
    for (int i = 0; i < 20; i++) {
#pragma omp task in_reduction(+ : sum) allocate(pool : sum)
        sum += i;
    }
    CHECK_EQ(sum, 190);
    pool_is_whole();
}

/* A clause without an allocator takes the default one. */
static void the_default_allocator(void)
{
    int x = 5;

    omp_set_default_allocator(pool);
#pragma omp parallel firstprivate(x) allocate(x)
    {
        FROM_POOL(x);
        CHECK_EQ(x, 5);
    }
    omp_set_default_allocator(omp_default_mem_alloc);
    pool_is_whole();
}

int main(void)
{
    omp_set_max_active_levels(2);
    pool_make();
    for (int i = 0; i < 3; i++) {
        regions();
        loops_and_sections();
        tasks();
        task_reductions();
        the_default_allocator();
    }
    omp_destroy_allocator(pool);
    return 0;
}
