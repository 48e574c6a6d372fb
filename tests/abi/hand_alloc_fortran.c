/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What gfortran -fopenmp-allocators (gcc 14) emits for allocatable variables: each deallocation asks whether the address came from
 * an allocator, and each answer "yes" is given once.  Sets of one to a hundred thousand addresses, addresses that are given twice,
 * threads that ask for each other's.
 *
 * run: threads=1,2,4,8,16 opt=2 pin=no policy=default gompx-only="since libgomp 14" */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/omp/check.h"

void *GOMP_alloc(size_t alignment, size_t size, uintptr_t allocator);
void GOMP_free(void *ptr, uintptr_t allocator);

/* No link-time library of an older gcc has them. */
static void (*GOMP_add_alloc)(void *ptr);
static bool (*GOMP_is_alloc)(void *ptr);

/* deallocate (x) */
static void deallocate(void **x)
{
    if (GOMP_is_alloc(*x))
        GOMP_free(*x, 0);
    else
        free(*x);
    *x = NULL;
}

/* !$omp allocators allocate(align(64): x), allocate (x(n)) */
static void allocators(void **x, size_t size)
{
    *x = GOMP_alloc(64, size, omp_default_mem_alloc);
    GOMP_add_alloc(*x);
}

static void an_address_is_there_once(void)
{
    char local;
    void *p = GOMP_alloc(8, 10, 1);

    CHECK(!GOMP_is_alloc(NULL) && !GOMP_is_alloc(&local) && !GOMP_is_alloc(p));
    GOMP_add_alloc(NULL);
    CHECK(!GOMP_is_alloc(NULL));
    GOMP_add_alloc(p);
    CHECK(!GOMP_is_alloc(&local) && !GOMP_is_alloc((char *)p + 1));
    CHECK(GOMP_is_alloc(p) && !GOMP_is_alloc(p));
    for (int i = 0; i < 3; i++)
        GOMP_add_alloc(p);
    CHECK(GOMP_is_alloc(p) && !GOMP_is_alloc(p));
    GOMP_free(p, 0);
}

/* Addresses need not be of memory; these are as regular as an allocator's. */
static void many(size_t n, size_t distance)
{
    char *base = (char *)(uintptr_t)0x7f0000001000u;

    for (size_t i = 0; i < n; i++)
        GOMP_add_alloc(base + i * distance);
    for (size_t i = 0; i < n; i++)
        CHECK(!GOMP_is_alloc(base + i * distance + 8));
    for (size_t i = 0; i < n; i += 2)
        CHECK(GOMP_is_alloc(base + i * distance));
    for (size_t i = 0; i < n; i++)
        CHECK_EQ(GOMP_is_alloc(base + i * distance), i % 2);
    for (size_t i = 0; i < n; i++)
        CHECK(!GOMP_is_alloc(base + i * distance));
}

/* Variables of both kinds go from thread to thread, and are deallocated and reallocated by whoever has them. */
static void variables_are_shared(void)
{
    enum { SHELF = 200 };
    static void *shelf[SHELF];
    int rounds = check_rounds(20000);

    memset(shelf, 0, sizeof shelf);
#pragma omp parallel
    {
        unsigned state = 99 + (unsigned)omp_get_thread_num();

        for (int i = 0; i < rounds; i++) {
            unsigned at = check_random(&state) % SHELF;
            size_t size = 1 + check_random(&state) % 400;
            void *mine, *other;

            if (check_random(&state) & 1)
                allocators(&mine, size);
            else
                mine = malloc(size);
            memset(mine, 1, size);
#pragma omp atomic capture acq_rel
            {
                other = shelf[at];
                shelf[at] = mine;
            }
            if (other && i % 4 == 0) {                  /* x = [x, y]: a new shape */
                if (GOMP_is_alloc(other)) {
                    other = omp_realloc(other, 500, 0, 0);
                    GOMP_add_alloc(other);
                } else {
                    other = realloc(other, 500);
                }
                CHECK(((char *)other)[0] == 1);
            }
            deallocate(&other);
        }
    }
    for (int i = 0; i < SHELF; i++)
        deallocate(&shelf[i]);
}

/* Each thread fills and empties a set of its own, larger than any before. */
static void sets_grow_together(void)
{
#pragma omp parallel
    {
        char *base = (char *)((uintptr_t)(1 + omp_get_thread_num()) << 32);

        for (size_t n = 10; n <= 10000; n *= 10) {
            for (size_t i = 0; i < n; i++)
                GOMP_add_alloc(base + i * 96);
            for (size_t i = 0; i < n; i++)
                CHECK(GOMP_is_alloc(base + i * 96));
            CHECK(!GOMP_is_alloc(base));
        }
    }
}

int main(void)
{
    *(void **)&GOMP_add_alloc = dlvsym(RTLD_DEFAULT, "GOMP_add_alloc", "GOMP_5.1.2");
    *(void **)&GOMP_is_alloc = dlvsym(RTLD_DEFAULT, "GOMP_is_alloc", "GOMP_5.1.2");
    CHECK(GOMP_add_alloc && GOMP_is_alloc);
    an_address_is_there_once();
    many(1, 16);
    many(100, 64);
    sets_grow_together();
    many(1000, 4096);
    many(100000, 48);
    variables_are_shared();
    an_address_is_there_once();
    return 0;
}
