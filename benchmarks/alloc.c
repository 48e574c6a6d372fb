/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does OpenMP's memory cost beside malloc's?  One block allocated, touched and freed, nothing subtracted; `malloc` is the
 * C library's own row.  The rows of a team are the time in which each thread has had one. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* RTLD_DEFAULT */
#endif
#include "bench.h"

#include <dlfcn.h>
#include <omp.h>
#include <stdlib.h>

enum { SHELF = 64 };

/* Looked up by name: libomp has them under other versions. */
static __typeof__(&omp_init_allocator) init_allocator;
static __typeof__(&omp_alloc) get;
static __typeof__(&omp_calloc) get_zeroed;
static __typeof__(&omp_realloc) get_again;
static __typeof__(&omp_free) give;

static omp_allocator_handle_t aligned, pooled;

static inline void touch(char *p)
{
    if (!p)
        bench_fail("no memory");
    *p = 1;
    bench_keep(p);
}

#define SOLO(name, take, leave)                                                                                          \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        for (long i = 0; i < n; i++) {                                                                                 \
            char *p = take;                                                                                            \
            touch(p);                                                                                                  \
            leave;                                                                                                     \
        }                                                                                                              \
    }

#define TEAM(name, take, leave)                                                                                          \
    static void name(long n)                                                                                           \
    {                                                                                                                  \
        _Pragma("omp parallel")                                                                                        \
        for (long i = 0; i < n; i++) {                                                                                 \
            char *p = take;                                                                                            \
            touch(p);                                                                                                  \
            leave;                                                                                                     \
        }                                                                                                              \
    }

SOLO(libc_malloc, malloc(64), free(p))
SOLO(predefined, get(64, omp_default_mem_alloc), give(p, omp_default_mem_alloc))
SOLO(null, get(64, omp_null_allocator), give(p, omp_null_allocator))
SOLO(high_bw, get(64, omp_high_bw_mem_alloc), give(p, omp_high_bw_mem_alloc))
SOLO(zeroed, get_zeroed(8, 8, omp_default_mem_alloc), give(p, omp_default_mem_alloc))
SOLO(alignment, get(64, aligned), give(p, aligned))
SOLO(pool, get(64, pooled), give(p, pooled))
SOLO(large, get(65536, omp_default_mem_alloc), give(p, omp_default_mem_alloc))
TEAM(team, get(64, omp_default_mem_alloc), give(p, omp_default_mem_alloc))
TEAM(team_pool, get(64, pooled), give(p, pooled))

/* From 16 bytes to 2 KiB, doubled each time. */
static void resize(long n)
{
    for (long i = 0; i < n; i++) {
        char *p = NULL;

        for (size_t size = 16; size <= 2048; size *= 2) {
            p = get_again(p, size, omp_default_mem_alloc, omp_default_mem_alloc);
            touch(p);
        }
        give(p, omp_default_mem_alloc);
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
            char *p = get(64, omp_default_mem_alloc);
            touch(p);
            at = (at + 1) % SHELF;
            give(__atomic_exchange_n(&shelf[at], p, __ATOMIC_ACQ_REL), omp_default_mem_alloc);
        }
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
    {"team", BENCH_TEAM, "-", team, 0, 0, "omp_default_mem_alloc, each thread its own"},
    {"team_passed", BENCH_TEAM, "-", team_passed, 0, 0, "the same, freed by any thread"},
    {"team_pool", BENCH_TEAM, "-", team_pool, 0, 0, "one pool for all threads"},
    {0},
};

static void *look_up(const char *name)
{
    void *found = dlsym(RTLD_DEFAULT, name);

    if (!found)
        bench_fail("there is no %s", name);
    return found;
}

int main(int argc, char **argv)
{
    omp_alloctrait_t alignment_trait = {omp_atk_alignment, 256}, pool_trait = {omp_atk_pool_size, 1 << 20};

    *(void **)&init_allocator = look_up("omp_init_allocator");
    *(void **)&get = look_up("omp_alloc");
    *(void **)&get_zeroed = look_up("omp_calloc");
    *(void **)&get_again = look_up("omp_realloc");
    *(void **)&give = look_up("omp_free");
    aligned = init_allocator(omp_default_mem_space, 1, &alignment_trait);
    pooled = init_allocator(omp_default_mem_space, 1, &pool_trait);
    return bench_main(argc, argv, cases);
}
