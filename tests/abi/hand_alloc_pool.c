/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Pools to the byte: what a block counts, what resizing counts, which fallback serves whom, from one thread and from many.
 *
 * run: opt=2 pin=no policy=default modes=path */
#include <stdint.h>

#include "tests/omp/check.h"

enum { POOL = 8192, HEADER = 32 };

static volatile size_t most = SIZE_MAX;     /* the compiler would warn of such sizes */

static omp_allocator_handle_t pool(size_t size, size_t alignment)
{
    omp_alloctrait_t traits[] = { { omp_atk_pool_size, size }, { omp_atk_alignment, alignment },
                                  { omp_atk_fallback, omp_atv_null_fb } };

    return omp_init_allocator(omp_default_mem_space, 3, traits);
}

static int is_aligned(const void *p, uintptr_t alignment)
{
    return p && (uintptr_t)p % alignment == 0;
}

/* What a block with this alignment counts beside its bytes. */
static size_t extra(size_t alignment)
{
    return HEADER + (alignment > sizeof(void *) ? alignment - sizeof(void *) : 0);
}

/* What is left of a pool: the largest block that can be had, and what that counts. */
static size_t room(omp_allocator_handle_t a, size_t alignment)
{
    size_t least = 0, beyond = POOL + 1;

    while (beyond - least > 1) {
        size_t middle = (least + beyond) / 2;
        void *p = omp_alloc(middle, a);

        *(p ? &least : &beyond) = middle;
        omp_free(p, a);
    }
    return least ? least + extra(alignment) : 0;
}

static void a_block_counts_its_header_and_padding(void)
{
    for (size_t trait = 1; trait <= 1024; trait *= 2) {
        omp_allocator_handle_t a = pool(POOL, trait);

        CHECK_EQ(room(a, trait), POOL);
        for (size_t alignment = 1; alignment <= 1024; alignment *= 2) {
            size_t larger = alignment > trait ? alignment : trait, fits = POOL - extra(larger);
            void *p = omp_aligned_alloc(alignment, fits, a), *q;

            CHECK(is_aligned(p, larger));
            CHECK(omp_alloc(1, a) == NULL);
            omp_free(p, a);
            CHECK(omp_aligned_alloc(alignment, fits + 1, a) == NULL);
            CHECK(omp_aligned_calloc(alignment, fits + 1, 1, a) == NULL);
            p = omp_aligned_calloc(alignment, 1, fits - 1000 - extra(trait), a);
            q = omp_alloc(1000, a);
            CHECK(is_aligned(p, larger) && is_aligned(q, trait) && omp_alloc(1, a) == NULL);
            omp_free(q, a);
            omp_free(p, a);
        }
        CHECK_EQ(room(a, trait), POOL);
        omp_destroy_allocator(a);
    }
}

static void resizing_counts_the_difference(void)
{
    for (size_t trait = 1; trait <= 64; trait *= 4) {
        omp_allocator_handle_t a = pool(POOL, trait);
        char *p = omp_alloc(1000, a);

        for (int i = 0; i < 1000; i++)
            p[i] = (char)i;
        p = omp_realloc(p, 3000, a, a);
        CHECK(is_aligned(p, trait));
        CHECK_EQ(room(a, trait), POOL - 3000 - extra(trait));
        CHECK(omp_realloc(p, POOL, a, a) == NULL);
        CHECK_EQ(room(a, trait), POOL - 3000 - extra(trait));
        p = omp_realloc(p, 500, omp_null_allocator, a);
        CHECK(is_aligned(p, trait));
        CHECK_EQ(room(a, trait), POOL - 500 - extra(trait));
        for (int i = 0; i < 500; i++)
            CHECK_EQ(p[i], (char)i);
        CHECK(omp_realloc(p, most - 40, a, a) == NULL);
        p = omp_realloc(p, 600, omp_default_mem_alloc, a);      /* out of the pool, */
        CHECK_EQ(room(a, trait), POOL);
        for (int i = 0; i < 500; i++)
            CHECK_EQ(p[i], (char)i);
        p = omp_realloc(p, 700, a, omp_default_mem_alloc);      /* and in again */
        CHECK(is_aligned(p, trait));
        CHECK_EQ(room(a, trait), POOL - 700 - extra(trait));
        CHECK(omp_realloc(p, 0, a, a) == NULL);
        CHECK_EQ(room(a, trait), POOL);
        omp_destroy_allocator(a);
    }
}

/* Without an alignment a block grows and shrinks where it stands: there need not be room for two. */
static void a_block_fills_its_pool(void)
{
    omp_allocator_handle_t a = pool(POOL, 1);
    char *p = omp_alloc(POOL - HEADER - 1, a);

    p = omp_realloc(p, POOL - HEADER, a, a);
    CHECK(p != NULL);
    p = omp_realloc(p, POOL - HEADER - 100, a, a);
    CHECK(p != NULL && omp_alloc(100 - HEADER, a) != NULL);
    omp_destroy_allocator(a);
}

/* A chain: the first takes what it can, then the second, then ordinary memory, with the alignment that was asked for. */
static void fallbacks_are_tried_in_order(void)
{
    omp_alloctrait_t traits[] = { { omp_atk_pool_size, 1000 }, { omp_atk_fallback, omp_atv_default_mem_fb },
                                  { omp_atk_fb_data, 0 }, { omp_atk_alignment, 64 } };
    omp_allocator_handle_t second = omp_init_allocator(omp_default_mem_space, 2, traits), first;
    void *p[3];

    traits[1].value = omp_atv_allocator_fb;
    traits[2].value = second;
    first = omp_init_allocator(omp_default_mem_space, 4, traits);
    for (int i = 0; i < 3; i++) {
        p[i] = omp_aligned_calloc(256, 1, 600, first);
        CHECK(is_aligned(p[i], 256));
    }
    omp_free(p[0], second);                     /* the block knows better */
    p[0] = omp_alloc(900, first);
    CHECK(is_aligned(p[0], 64));
    p[1] = omp_realloc(p[1], 100, omp_null_allocator, first);
    for (int i = 0; i < 3; i++)
        omp_free(p[i], omp_null_allocator);
    omp_destroy_allocator(first);
    omp_destroy_allocator(second);
}

/* Many threads keep a pool full, free each other's blocks and resize them; in the end all of it is there again, and it never
 * gave more than it has. */
static void a_pool_is_shared(size_t trait)
{
    enum { SHELF = 64 };
    static char *shelf[SHELF];
    omp_allocator_handle_t a = pool(POOL, trait);
    int rounds = check_rounds(8000), got = 0;
    size_t held = 0;

    memset(shelf, 0, sizeof shelf);
#pragma omp parallel reduction(+ : got)
    {
        unsigned state = 77 + (unsigned)omp_get_thread_num();

        for (int i = 0; i < rounds; i++) {
            size_t size = 1 + check_random(&state) % 900, at = check_random(&state) % SHELF;
            char *mine = omp_alloc(size, a), *other, *grown;

            if (mine) {
                size_t now;

                got++;
#pragma omp atomic capture acq_rel
                now = held += size + extra(trait);
                CHECK(now <= POOL);
                memset(mine, (int)size, size);
#pragma omp atomic
                held -= size + extra(trait);
                if (i % 3 == 0 && (grown = omp_realloc(mine, size / 2 + 1, a, a)) != NULL) {
                    CHECK(grown[0] == (char)size && grown[size / 2] == (char)size);
                    mine = grown;
                }
            }
#pragma omp atomic capture acq_rel
            {
                other = shelf[at];
                shelf[at] = mine;
            }
            omp_free(other, a);
        }
    }
    for (int i = 0; i < SHELF; i++)
        omp_free(shelf[i], a);
    CHECK(got > 0);
    CHECK_EQ(room(a, trait), POOL);
    omp_destroy_allocator(a);
}

int main(void)
{
    a_block_counts_its_header_and_padding();
    resizing_counts_the_difference();
    a_block_fills_its_pool();
    fallbacks_are_tried_in_order();
    a_pool_is_shared(1);
    a_pool_is_shared(64);
    return 0;
}
