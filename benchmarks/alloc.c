/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does OpenMP's memory cost beside malloc's?  One block allocated, touched and freed, nothing subtracted; `malloc` is the
 * C library's own row.  The rows of a team are the time in which each thread has had one. */
#include "bench.h"

#include <omp.h>
#include <stdlib.h>

enum { SHELF = 64 };

static omp_allocator_handle_t aligned, pooled;

static inline void touch(char *p)
{
    if (!p)
        bench_fail("no memory");
    *p = 1;
    bench_keep(p);
}

#define SOLO(name, get, give)                                                                                          \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        for (long i = 0; i < n; i++) {                                                                                 \
            char *p = get;                                                                                             \
            touch(p);                                                                                                  \
            give;                                                                                                      \
        }                                                                                                              \
    }

#define TEAM(name, get, give)                                                                                          \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel")                                                                                        \
        for (long i = 0; i < n; i++) {                                                                                 \
            char *p = get;                                                                                             \
            touch(p);                                                                                                  \
            give;                                                                                                      \
        }                                                                                                              \
    }

SOLO(libc_malloc, malloc(64), free(p))
SOLO(predefined, omp_alloc(64, omp_default_mem_alloc), omp_free(p, omp_default_mem_alloc))
SOLO(null, omp_alloc(64, omp_null_allocator), omp_free(p, omp_null_allocator))
SOLO(high_bw, omp_alloc(64, omp_high_bw_mem_alloc), omp_free(p, omp_high_bw_mem_alloc))
SOLO(zeroed, omp_calloc(8, 8, omp_default_mem_alloc), omp_free(p, omp_default_mem_alloc))
SOLO(alignment, omp_alloc(64, aligned), omp_free(p, aligned))
SOLO(pool, omp_alloc(64, pooled), omp_free(p, pooled))
SOLO(large, omp_alloc(65536, omp_default_mem_alloc), omp_free(p, omp_default_mem_alloc))
TEAM(team, omp_alloc(64, omp_default_mem_alloc), omp_free(p, omp_default_mem_alloc))
TEAM(team_pool, omp_alloc(64, pooled), omp_free(p, pooled))

/* From 16 bytes to 2 KiB, doubled each time. */
static void resize(long n)
{
    for (long i = 0; i < n; i++) {
        char *p = NULL;

        for (size_t size = 16; size <= 2048; size *= 2) {
            p = omp_realloc(p, size, omp_default_mem_alloc, omp_default_mem_alloc);
            touch(p);
        }
        omp_free(p, omp_default_mem_alloc);
    }
}

/* Each thread frees what another has allocated. */
static void team_passed(long n)
{
    static char *shelf[SHELF];

#pragma omp parallel
    {
        int at = omp_get_thread_num() * 7;

        for (long i = 0; i < n; i++) {
            char *p = omp_alloc(64, omp_default_mem_alloc);
            touch(p);
            at = (at + 1) % SHELF;
            omp_free(__atomic_exchange_n(&shelf[at], p, __ATOMIC_ACQ_REL), omp_default_mem_alloc);
        }
    }
}

/* A private array of the allocate clause, in a region of one thread: one block for each. */
static void clause(long n)
{
    char a[1000];

    for (long i = 0; i < n; i++) {
#pragma omp parallel private(a) num_threads(1) allocate(aligned : a)
        touch(a);
    }
}

static const struct bench_case cases[] = {
    {"malloc", BENCH_SOLO, "-", libc_malloc, 0, 0, "malloc, 64 bytes"},
    {"predefined", BENCH_SOLO, "-", predefined, 0, 0, "omp_default_mem_alloc, 64 bytes"},
    {"null", BENCH_SOLO, "-", null, 0, 0, "the default allocator, 64 bytes"},
    {"high_bw", BENCH_SOLO, "-", high_bw, 0, 0, "omp_high_bw_mem_alloc, 64 bytes"},
    {"zeroed", BENCH_SOLO, "-", zeroed, 0, 0, "omp_calloc, 64 bytes"},
    {"alignment", BENCH_SOLO, "-", alignment, 0, 0, "an allocator with alignment 256, 64 bytes"},
    {"pool", BENCH_SOLO, "-", pool, 0, 0, "an allocator with a pool, 64 bytes"},
    {"large", BENCH_SOLO, "-", large, 0, 0, "omp_default_mem_alloc, 64 KiB"},
    {"resize", BENCH_SOLO, "-", resize, 0, 0, "omp_realloc from 16 to 2048 bytes in eight steps"},
    {"clause", BENCH_SOLO, "-", clause, 0, 0, "an allocate clause of a region of one thread, 1000 bytes"},
    {"team", BENCH_TEAM, "-", team, 0, 0, "omp_default_mem_alloc, each thread its own"},
    {"team_passed", BENCH_TEAM, "-", team_passed, 0, 0, "the same, freed by any thread"},
    {"team_pool", BENCH_TEAM, "-", team_pool, 0, 0, "one pool for all threads"},
    {0},
};

int main(int argc, char **argv)
{
    omp_alloctrait_t alignment_trait = {omp_atk_alignment, 256}, pool_trait = {omp_atk_pool_size, 1 << 20};

    aligned = omp_init_allocator(omp_default_mem_space, 1, &alignment_trait);
    pooled = omp_init_allocator(omp_default_mem_space, 1, &pool_trait);
    return bench_main(argc, argv, cases);
}
