/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Memory that cannot be had and has to be: the program ends with libgomp's message, and its exit handlers run.
 *
 * run: threads=2 opt=2 pin=no policy=default modes=path expect-exit=1 expect-stdout="last words"
 * run+: env=GOMPX_TEST_CASE=alloc expect-stderr="^\nlibgomp: Out of memory allocating 500 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=aligned expect-stderr="^\nlibgomp: Out of memory allocating 501 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=calloc expect-stderr="^\nlibgomp: Out of memory allocating 502 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=realloc expect-stderr="^\nlibgomp: Out of memory allocating 503 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=second expect-stderr="^\nlibgomp: Out of memory allocating 504 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=construct expect-stderr="^\nlibgomp: Out of memory allocating 505 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=huge expect-stderr="^\nlibgomp: Out of memory allocating 18446744073709551599 bytes\n$"
 * run+: env=GOMPX_TEST_CASE=product expect-stderr="^\nlibgomp: Out of memory allocating 9223372036854775805 bytes\n$" */
#include <stdint.h>

#include "tests/omp/check.h"

void *GOMP_alloc(size_t alignment, size_t size, uintptr_t allocator);

static volatile size_t most = SIZE_MAX;     /* the compiler would warn of such sizes */

static omp_allocator_handle_t small(omp_alloctrait_value_t fallback, omp_allocator_handle_t data)
{
    omp_alloctrait_t traits[] = { { omp_atk_pool_size, 200 }, { omp_atk_fallback, fallback }, { omp_atk_fb_data, data } };

    return omp_init_allocator(omp_default_mem_space, 3, traits);
}

static void last_words(void)
{
    printf("last words\n");
}

int main(void)
{
    omp_allocator_handle_t a = small(omp_atv_abort_fb, omp_null_allocator);
    const char *what = getenv("GOMPX_TEST_CASE");
    void *p = omp_alloc(10, a);

    atexit(last_words);
    CHECK(p != NULL);
    if (strcmp(what, "alloc") == 0)
        omp_alloc(500, a);
    else if (strcmp(what, "aligned") == 0)
        omp_aligned_alloc(64, 501, a);
    else if (strcmp(what, "calloc") == 0)
        omp_calloc(251, 2, a);
    else if (strcmp(what, "realloc") == 0)
        omp_realloc(p, 503, a, a);
    else if (strcmp(what, "second") == 0)
        omp_alloc(504, small(omp_atv_allocator_fb, a));
    else if (strcmp(what, "construct") == 0)
        GOMP_alloc(8, 505, small(omp_atv_null_fb, omp_null_allocator));
    else if (strcmp(what, "huge") == 0)
        GOMP_alloc(8, most - 16, omp_default_mem_alloc);
    else
        omp_calloc(most / 2, 3, a);
    CHECK(0);
    return 0;
}
