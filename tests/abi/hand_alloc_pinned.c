/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Pinned memory: its pages are locked, as the kernel counts them; all else is as with other allocators; and where the limit on
 * locked memory is reached, the fallback decides.
 *
 * run: threads=1,4 opt=2 pin=no policy=default modes=path gompx-only="libgomp 12 has no pinned memory" */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "tests/omp/check.h"

#define PINNED_MEM_ALLOC ((omp_allocator_handle_t)200)      /* ompx_gnu_pinned_mem_alloc of gcc 14 */

enum { KIB = 1024 };

/* What the process has locked, in KiB. */
static long locked(void)
{
    char line[256];
    FILE *in = fopen("/proc/self/status", "r");
    long kib = -1;

    CHECK(in != NULL);
    while (fgets(line, sizeof line, in))
        if (sscanf(line, "VmLck: %ld", &kib) == 1)
            break;
    fclose(in);
    return kib;
}

static omp_allocator_handle_t pinned(omp_alloctrait_value_t fallback, size_t pool, size_t alignment)
{
    omp_alloctrait_t traits[] = { { omp_atk_pinned, omp_atv_true }, { omp_atk_fallback, fallback },
                                  { omp_atk_pool_size, pool }, { omp_atk_alignment, alignment } };

    return omp_init_allocator(omp_default_mem_space, 4, traits);
}

static void limit(rlim_t bytes)
{
    struct rlimit r;

    CHECK_EQ(getrlimit(RLIMIT_MEMLOCK, &r), 0);
    r.rlim_cur = bytes < r.rlim_max ? bytes : r.rlim_max;
    CHECK_EQ(setrlimit(RLIMIT_MEMLOCK, &r), 0);
}

static void blocks_are_locked_until_freed(omp_allocator_handle_t a, uintptr_t alignment)
{
    long before = locked(), with;
    char *p = omp_calloc(100, KIB, a), *q;

    CHECK(p != NULL && (uintptr_t)p % alignment == 0);
    for (int i = 0; i < 100 * KIB; i++)
        CHECK_EQ(p[i], 0);
    memset(p, 5, 100 * KIB);
    with = locked();
    CHECK(with >= before + 100 && with < before + 120);
    q = omp_aligned_alloc(4096, 10, a);
    CHECK(q != NULL && (uintptr_t)q % 4096 == 0);
    memset(q, 1, 10);
    omp_free(q, a);
    CHECK_EQ(locked(), with);
    p = omp_realloc(p, 200 * KIB, a, a);
    CHECK(p != NULL && (uintptr_t)p % alignment == 0 && p[0] == 5 && p[100 * KIB - 1] == 5);
    CHECK(locked() >= before + 200);
    p = omp_realloc(p, 50, omp_default_mem_alloc, a);
    CHECK(p != NULL && p[0] == 5 && p[49] == 5);
    CHECK_EQ(locked(), before);
    omp_free(p, a);
}

static void the_limit_of_the_pool_counts(void)
{
    omp_allocator_handle_t a = pinned(omp_atv_null_fb, 1000, 1);
    void *p = omp_alloc(968, a);

    CHECK(p != NULL && omp_alloc(1, a) == NULL);
    omp_free(p, a);
    CHECK(omp_alloc(969, a) == NULL);
    omp_destroy_allocator(a);
}

static void the_fallback_decides(void)
{
    omp_allocator_handle_t null = pinned(omp_atv_null_fb, SIZE_MAX, 1), plain = pinned(omp_atv_default_mem_fb, SIZE_MAX, 1);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *p;
    long before;

    limit(0);
    if (geteuid() == 0 && setuid(65534) != 0)           /* root may lock what it wants */
        printf("root stays root\n");
    if (page == MAP_FAILED || mlock(page, 4096) == 0) {
        printf("locked memory has no limit here\n");
    } else {
        before = locked();
        CHECK(omp_alloc(100, null) == NULL);
        p = omp_alloc(100, plain);
        CHECK(p != NULL && locked() == before);
        memset(p, 1, 100);
        omp_free(p, plain);
        p = omp_alloc(100, PINNED_MEM_ALLOC);
        CHECK(p != NULL && locked() == before);
        omp_free(p, plain);
    }
    omp_destroy_allocator(null);
    omp_destroy_allocator(plain);
}

static void threads_free_what_others_have_pinned(omp_allocator_handle_t a)
{
    enum { SHELF = 8 };
    static char *shelf[SHELF];
    long before = locked();

#pragma omp parallel
    {
        unsigned state = 5 + (unsigned)omp_get_thread_num();

        for (int i = 0; i < 300; i++) {
            char *mine = omp_alloc(1 + check_random(&state) % 5000, a), *other;

            CHECK(mine != NULL);
            mine[0] = 1;
            other = __atomic_exchange_n(&shelf[i % SHELF], mine, __ATOMIC_ACQ_REL);
            omp_free(other, a);
        }
    }
    for (int i = 0; i < SHELF; i++)
        omp_free(shelf[i], a);
    CHECK_EQ(locked(), before);
}

int main(void)
{
    omp_allocator_handle_t a = pinned(omp_atv_null_fb, SIZE_MAX, 512);
    struct rlimit r;

    CHECK(a != omp_null_allocator);
    CHECK_EQ(getrlimit(RLIMIT_MEMLOCK, &r), 0);
    if (r.rlim_cur < 2048 * KIB) {
        printf("no more than %ld bytes can be locked here\n", (long)r.rlim_cur);
        return CHECK_SKIPPED;
    }
    blocks_are_locked_until_freed(a, 512);
    blocks_are_locked_until_freed(PINNED_MEM_ALLOC, 1);
    the_limit_of_the_pool_counts();
    threads_free_what_others_have_pinned(a);
    the_fallback_decides();
    omp_destroy_allocator(a);
    return 0;
}
