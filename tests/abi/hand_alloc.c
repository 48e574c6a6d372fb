/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators: which traits are taken, alignment, zeroing, the limit of a pool with each fallback, growing and shrinking, from
 * one thread and from many.
 *
 * run: threads=4 pin=no policy=default modes=path,preload */
#include <stdint.h>

#include "tests/omp/check.h"

void *GOMP_alloc(size_t alignment, size_t size, uintptr_t allocator);
void GOMP_free(void *ptr, uintptr_t allocator);

static volatile size_t most = SIZE_MAX;     /* the compiler would warn of such sizes */

static int is_aligned(const void *p, uintptr_t alignment)
{
    return p && (uintptr_t)p % alignment == 0;
}

static omp_allocator_handle_t with(omp_alloctrait_key_t key, uintptr_t value)
{
    omp_alloctrait_t trait = { key, value };

    return omp_init_allocator(omp_default_mem_space, 1, &trait);
}

static void taken(omp_alloctrait_key_t key, uintptr_t value, int wanted)
{
    omp_allocator_handle_t a = with(key, value);

    if ((a != omp_null_allocator) != wanted)
        fprintf(stderr, "key %d, value %zd: ", (int)key, (ssize_t)value);
    CHECK_EQ(a != omp_null_allocator, wanted);
    omp_destroy_allocator(a);
}

static void unknown_traits_are_refused(void)
{
    for (uintptr_t v = omp_atv_contended; v <= omp_atv_private; v++)
        taken(omp_atk_sync_hint, v, 1);
    taken(omp_atk_sync_hint, omp_atv_all, 0);
    for (uintptr_t v = 1; v <= 1 << 20; v *= 2)
        taken(omp_atk_alignment, v, 1);
    taken(omp_atk_alignment, 24, 0);
    taken(omp_atk_alignment, 0, 0);
    for (uintptr_t v = omp_atv_all; v <= omp_atv_cgroup; v++)
        taken(omp_atk_access, v, 1);
    taken(omp_atk_access, omp_atv_private, 0);
    for (uintptr_t v = omp_atv_default_mem_fb; v <= omp_atv_allocator_fb; v++)
        taken(omp_atk_fallback, v, 1);
    taken(omp_atk_fallback, omp_atv_environment, 0);
    taken(omp_atk_pinned, omp_atv_false, 1);
    taken(omp_atk_partition, omp_atv_environment, 1);
    taken(omp_atk_partition, omp_atv_true, 0);
    taken((omp_alloctrait_key_t)0, 0, 0);
    taken((omp_alloctrait_key_t)99, 0, 0);
    for (int key = omp_atk_sync_hint; key <= omp_atk_partition; key++)
        if (key != omp_atk_fb_data)
            taken((omp_alloctrait_key_t)key, omp_atv_default, 1);
    CHECK(omp_init_allocator((omp_memspace_handle_t)9, 0, NULL) == omp_null_allocator);
    omp_destroy_allocator(omp_null_allocator);
}

static void blocks_are_aligned(void)
{
    omp_allocator_handle_t a = with(omp_atk_alignment, 512);

    CHECK(a != omp_null_allocator);
    for (size_t alignment = 1; alignment <= 1 << 16; alignment *= 4) {
        void *p = omp_aligned_alloc(alignment, alignment, omp_default_mem_alloc);
        void *q = omp_aligned_calloc(alignment, 3, alignment, a);
        void *r = GOMP_alloc(alignment, 100, omp_null_allocator);

        CHECK(is_aligned(p, alignment) && is_aligned(q, alignment) && is_aligned(q, 512) && is_aligned(r, alignment));
        memset(p, 1, alignment);
        memset(r, 2, 100);
        for (size_t i = 0; i < 3 * alignment; i++)
            CHECK_EQ(((char *)q)[i], 0);
        omp_free(p, omp_null_allocator);
        omp_free(q, a);
        GOMP_free(r, 0);
    }
    omp_destroy_allocator(a);
}

static void nothing_is_null(void)
{
    CHECK(omp_alloc(0, omp_default_mem_alloc) == NULL);
    CHECK(omp_calloc(0, 8, omp_default_mem_alloc) == NULL);
    CHECK(omp_calloc(8, 0, omp_default_mem_alloc) == NULL);
    CHECK(GOMP_alloc(8, 0, omp_default_mem_alloc) == NULL);
    CHECK(omp_calloc(most / 2, 3, omp_default_mem_alloc) == NULL);
    CHECK(omp_calloc(most / 16 + 2, 16, omp_default_mem_alloc) == NULL);       /* 16 bytes and 2^64 */
    CHECK(omp_aligned_calloc(64, 16, most / 16 + 2, omp_default_mem_alloc) == NULL);
    CHECK(omp_alloc(most - 8, omp_default_mem_alloc) == NULL);
    omp_free(NULL, omp_default_mem_alloc);
    GOMP_free(NULL, omp_default_mem_alloc);
}

/* A pool of 4096 bytes has room for one block of 2500, whatever the headers cost. */
static void a_pool_has_an_end(void)
{
    omp_alloctrait_t traits[3] = { { omp_atk_pool_size, 4096 }, { omp_atk_fallback, omp_atv_null_fb } };
    omp_allocator_handle_t small = omp_init_allocator(omp_default_mem_space, 2, traits), second;
    void *p, *q;

    for (int i = 0; i < 3; i++) {                       /* what is freed can be had again */
        p = omp_alloc(2500, small);
        CHECK(p != NULL);
        CHECK(omp_alloc(2500, small) == NULL);
        CHECK(omp_alloc(most - 100, small) == NULL);
        CHECK(omp_realloc(p, 5000, small, small) == NULL);
        omp_free(p, small);
    }
    traits[1] = (omp_alloctrait_t){ omp_atk_fallback, omp_atv_default_mem_fb };
    second = omp_init_allocator(omp_default_mem_space, 2, traits);
    p = omp_alloc(2500, second);
    q = omp_alloc(2500, second);
    CHECK(p != NULL && q != NULL);
    omp_free(p, second);
    omp_free(q, second);
    omp_destroy_allocator(second);

    traits[1] = (omp_alloctrait_t){ omp_atk_fallback, omp_atv_allocator_fb };
    traits[2] = (omp_alloctrait_t){ omp_atk_fb_data, small };
    second = omp_init_allocator(omp_default_mem_space, 3, traits);
    p = omp_alloc(2500, second);
    q = omp_alloc(2500, second);
    CHECK(p != NULL && q != NULL);
    CHECK(omp_alloc(2500, small) == NULL);              /* q comes from there */
    CHECK(omp_alloc(2500, second) == NULL);
    omp_free(q, second);
    q = omp_alloc(2500, small);
    CHECK(q != NULL);
    omp_free(p, second);
    omp_free(q, small);
    omp_destroy_allocator(second);
    omp_destroy_allocator(small);
}

static void contents_survive_a_resize(void)
{
    omp_alloctrait_t traits[2] = { { omp_atk_alignment, 64 }, { omp_atk_pool_size, 1 << 20 } };
    omp_allocator_handle_t own = omp_init_allocator(omp_default_mem_space, 2, traits);
    omp_allocator_handle_t from[] = { omp_default_mem_alloc, own, omp_const_mem_alloc };

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            unsigned char *p = omp_realloc(NULL, 100, from[i], omp_null_allocator);

            CHECK(p != NULL);
            for (int k = 0; k < 100; k++)
                p[k] = (unsigned char)k;
            p = omp_realloc(p, 100000, from[j], from[i]);
            CHECK(is_aligned(p, from[j] == own ? 64 : sizeof(void *)));
            for (int k = 0; k < 100; k++)
                CHECK_EQ(p[k], k);
            p = omp_realloc(p, 10, omp_null_allocator, from[j]);
            for (int k = 0; k < 10; k++)
                CHECK_EQ(p[k], k);
            CHECK(omp_realloc(p, 0, from[j], from[j]) == NULL);
        }
    omp_destroy_allocator(own);
}

/* The count of a pool that many threads use comes back to nothing. */
static void a_pool_is_shared(void)
{
    omp_alloctrait_t traits[2] = { { omp_atk_pool_size, 40000 }, { omp_atk_fallback, omp_atv_null_fb } };
    omp_allocator_handle_t a = omp_init_allocator(omp_default_mem_space, 2, traits);
    int refused = 0, rounds = check_rounds(4000);
    void *all;

#pragma omp parallel reduction(+ : refused)
    for (int i = 0; i < rounds; i++) {
        char *p = omp_alloc(12000, a);

        if (!p) {
            refused++;
            continue;
        }
        memset(p, omp_get_thread_num(), 12000);
        CHECK(p[0] == omp_get_thread_num() && p[11999] == omp_get_thread_num());
        omp_free(p, a);
    }
    CHECK(refused < rounds * omp_get_max_threads());
    all = omp_alloc(39000, a);
    CHECK(all != NULL);
    omp_free(all, a);
    omp_destroy_allocator(a);
}

int main(void)
{
    unknown_traits_are_refused();
    blocks_are_aligned();
    nothing_is_null();
    a_pool_has_an_end();
    contents_survive_a_resize();
    a_pool_is_shared();
    return 0;
}
