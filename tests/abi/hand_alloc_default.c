/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The default allocator: a variable of the implicit task, which regions and tasks of the thread see, and other threads only
 * from their parent.
 *
 * run: opt=2 pin=no policy=default */
#include <stdint.h>

#include "tests/omp/check.h"

void *GOMP_alloc(size_t alignment, size_t size, uintptr_t allocator);
void GOMP_free(void *ptr, uintptr_t allocator);
void omp_set_default_allocator_(const intptr_t *allocator);
intptr_t omp_get_default_allocator_(void);

/* An allocator whose blocks can be told from those of others. */
static omp_allocator_handle_t aligned(uintptr_t alignment)
{
    omp_alloctrait_t trait = { omp_atk_alignment, alignment };

    return omp_init_allocator(omp_default_mem_space, 1, &trait);
}

enum { BLOCKS = 24 };

/* How many of some blocks, which lie anywhere, are at multiples of 2048. */
static int count_aligned(void *(*get)(void))
{
    void *p[BLOCKS];
    int n = 0;

    for (int i = 0; i < BLOCKS; i++) {
        p[i] = get();
        n += (uintptr_t)p[i] % 2048 == 0;
    }
    for (int i = 0; i < BLOCKS; i++)
        omp_free(p[i], omp_null_allocator);
    return n;
}

static void *by_alloc(void) { return omp_alloc(40, omp_null_allocator); }
static void *by_calloc(void) { return omp_calloc(4, 10, omp_null_allocator); }
static void *by_aligned(void) { return omp_aligned_alloc(8, 40, omp_null_allocator); }
static void *by_realloc(void) { return omp_realloc(NULL, 40, omp_null_allocator, omp_null_allocator); }
static void *by_construct(void) { return GOMP_alloc(8, 40, omp_null_allocator); }
static void *by_other(void) { return omp_alloc(40, omp_const_mem_alloc); }

static void null_means_the_default(void)
{
    omp_allocator_handle_t a = aligned(2048);

    CHECK_EQ(omp_get_default_allocator(), omp_default_mem_alloc);
    CHECK(count_aligned(by_alloc) < BLOCKS);
    omp_set_default_allocator(a);
    CHECK(omp_get_default_allocator() == a && omp_get_default_allocator_() == (intptr_t)a);
    CHECK_EQ(count_aligned(by_alloc), BLOCKS);
    CHECK_EQ(count_aligned(by_calloc), BLOCKS);
    CHECK_EQ(count_aligned(by_aligned), BLOCKS);
    CHECK_EQ(count_aligned(by_realloc), BLOCKS);
    CHECK_EQ(count_aligned(by_construct), BLOCKS);
    CHECK(count_aligned(by_other) < BLOCKS);
    omp_set_default_allocator_(&(intptr_t){ omp_const_mem_alloc });
    CHECK_EQ(omp_get_default_allocator(), omp_const_mem_alloc);
    omp_set_default_allocator(omp_null_allocator);
    CHECK_EQ(omp_get_default_allocator(), omp_default_mem_alloc);
    omp_destroy_allocator(a);
}

/* A region's threads begin with the value of the thread that met it, and change their own. */
static void regions_inherit(void)
{
    omp_set_max_active_levels(2);
    for (int round = 0; round < 20; round++) {
        omp_allocator_handle_t outside = 1 + round % 8;

        omp_set_default_allocator(outside);
#pragma omp parallel
        {
            omp_allocator_handle_t mine = 1 + (round + omp_get_thread_num()) % 8;

            CHECK_EQ(omp_get_default_allocator(), outside);
            omp_set_default_allocator(mine);
#pragma omp barrier
            CHECK_EQ(omp_get_default_allocator(), mine);
#pragma omp parallel num_threads(2)
            {
                CHECK_EQ(omp_get_default_allocator(), mine);
                omp_set_default_allocator(omp_low_lat_mem_alloc);
            }
            CHECK_EQ(omp_get_default_allocator(), mine);
        }
        CHECK_EQ(omp_get_default_allocator(), outside);
    }
    omp_set_default_allocator(omp_null_allocator);
}

/* The implicit task that executes an explicit one is the one whose variable counts. */
static void tasks_use_their_threads_own(void)
{
#pragma omp parallel
    {
        omp_allocator_handle_t mine = 1 + omp_get_thread_num() % 8, seen = omp_null_allocator;

        omp_set_default_allocator(mine);
#pragma omp task if(0) shared(seen)
        {
            seen = omp_get_default_allocator();
            omp_set_default_allocator(omp_low_lat_mem_alloc);
        }
        CHECK_EQ(seen, mine);
        CHECK_EQ(omp_get_default_allocator(), omp_low_lat_mem_alloc);
        omp_set_default_allocator(mine);
#pragma omp barrier
        for (int i = 0; i < 20; i++) {
#pragma omp task
            CHECK_EQ(omp_get_default_allocator(), 1 + omp_get_thread_num() % 8);
        }
#pragma omp taskwait
        CHECK_EQ(omp_get_default_allocator(), mine);
    }
}

/* A region that a task opens has what the task has set. */
static void regions_of_tasks_inherit(void)
{
    int seen[2] = { 0, 0 };

    omp_set_max_active_levels(2);
#pragma omp parallel
#pragma omp single
#pragma omp task shared(seen)
    {
        omp_set_default_allocator(omp_pteam_mem_alloc);
#pragma omp parallel num_threads(2) shared(seen)
        seen[omp_get_thread_num()] = (int)omp_get_default_allocator();
    }
    CHECK_EQ(seen[0], omp_pteam_mem_alloc);
    CHECK(seen[1] == omp_pteam_mem_alloc || seen[1] == 0);      /* a team of one */
}

int main(void)
{
    null_means_the_default();
    regions_inherit();
    tasks_use_their_threads_own();
    regions_of_tasks_inherit();
    return 0;
}
