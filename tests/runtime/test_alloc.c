/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Allocators on machines with several NUMA nodes and with fast memory, which are not here: that blocks of pages of their own are
 * blocks like others, that what is no choice costs nothing, and that the fallback takes over where the kernel refuses. */
#include "runtime/alloc.h"

#include <stdint.h>

#include "config.h"
#include "runtime/allocator.h"
#include "tests/affinity/test_machine.h"

enum { HIGH_BW = GOMPX_ALLOCATOR_HIGH_BW, PAGE = 4096 };

static uintptr_t allocator(uintptr_t space, uintptr_t partition, uintptr_t fallback, uintptr_t alignment)
{
    struct gompx_alloctrait traits[] = { { GOMPX_TRAIT_PARTITION, partition }, { GOMPX_TRAIT_FALLBACK, fallback },
                                         { GOMPX_TRAIT_ALIGNMENT, alignment }, { GOMPX_TRAIT_POOL_SIZE, 1 << 22 } };

    return gompx_allocator_new(space, 4, traits);
}

static uintptr_t partitioned(uintptr_t partition)
{
    return allocator(GOMPX_SPACE_DEFAULT, partition, GOMPX_VALUE_NULL_FB, 1);
}

/* As any block: zeroed, aligned, resized, freed, and its bytes counted. */
static void use(uintptr_t a, size_t alignment)
{
    static const size_t sizes[] = { 1, 100, PAGE - 48, PAGE - 47, PAGE, 3 * PAGE, 100 * PAGE };

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *p = gompx_alloc_array(1, sizes[i], 1, a), *q = gompx_alloc(8192, 10, a);

        ck_assert(p && q && (uintptr_t)p % alignment == 0 && (uintptr_t)q % 8192 == 0);
        ck_assert(p[0] == 0 && memcmp(p, p + 1, sizes[i] - 1) == 0);
        memset(p, 3, sizes[i]);
        memset(q, 4, 10);
        p = gompx_alloc_resize(p, 2 * sizes[i], GOMPX_ALLOCATOR_NULL);
        ck_assert(p && (uintptr_t)p % alignment == 0 && p[0] == 3 && p[sizes[i] - 1] == 3);
        memset(p, 5, 2 * sizes[i]);
        p = gompx_alloc_resize(p, 1, GOMPX_ALLOCATOR_NULL);
        ck_assert(p && p[0] == 5);
        gompx_alloc_free(p);
        gompx_alloc_free(q);
    }
    ck_assert_uint_eq(gompx_load_rlx(&gompx_allocator_find(a)->used), 0);
}

#if HAVE_HWLOC

static void pretend(const struct object *object, size_t count)
{
    struct gompx_memory *m;

    machine_use(object, count);
    m = gompx_memory_read();
    machine_forget();
    ck_assert_ptr_nonnull(m);
    gompx_memory_pretend(m);
}

START_TEST(placed_blocks_are_blocks)
{
    pretend(MACHINE(stacked));
    for (uintptr_t alignment = 1; alignment <= 2 * PAGE; alignment *= 64)
        for (uintptr_t v = GOMPX_VALUE_ENVIRONMENT; v <= GOMPX_VALUE_INTERLEAVED; v++)
            for (uintptr_t space = 0; space <= GOMPX_SPACE_LAST; space++) {
                uintptr_t a = allocator(space, v, GOMPX_VALUE_NULL_FB, alignment);

                ck_assert_uint_ne(a, GOMPX_ALLOCATOR_NULL);
                ck_assert_int_eq(gompx_allocator_find(a)->placed, space == GOMPX_SPACE_HIGH_BW || v != GOMPX_VALUE_ENVIRONMENT);
                use(a, alignment);
                gompx_allocator_free(a);
            }
}
END_TEST

START_TEST(a_predefined_allocator_has_the_fast_memory)
{
    const struct gompx_allocator *a;
    char *p;

    pretend(MACHINE(stacked));
    ck_assert_ptr_nonnull(a = gompx_allocator_find(HIGH_BW));
    ck_assert(a->placed && a->memory == GOMPX_MEMORY_FAST && a->spread == GOMPX_MEMORY_NEAREST);
    ck_assert_ptr_nonnull(p = gompx_alloc_array(64, 10, 1000, HIGH_BW));
    ck_assert(p[0] == 0 && p[9999] == 0 && (uintptr_t)p % 64 == 0);
    ck_assert_ptr_nonnull(p = gompx_alloc_resize(p, 50, GOMPX_ALLOCATOR_DEFAULT));
    gompx_alloc_free(p);
}
END_TEST

START_TEST(what_is_everywhere_needs_no_placing)
{
    uintptr_t a;

    pretend(MACHINE(all_fast));
    ck_assert_ptr_null(gompx_allocator_find(HIGH_BW));
    a = allocator(GOMPX_SPACE_HIGH_BW, GOMPX_VALUE_ENVIRONMENT, GOMPX_VALUE_NULL_FB, 1);
    ck_assert_uint_ne(a, GOMPX_ALLOCATOR_NULL);
    ck_assert(!gompx_allocator_find(a)->placed);
    gompx_allocator_free(a);
    a = allocator(GOMPX_SPACE_HIGH_BW, GOMPX_VALUE_BLOCKED, GOMPX_VALUE_NULL_FB, 1);
    ck_assert(gompx_allocator_find(a)->placed && gompx_allocator_find(a)->memory == GOMPX_MEMORY_USUAL);
    use(a, 1);
    gompx_allocator_free(a);
}
END_TEST

/* The kernel is asked for nodes that it does not have.  Speed is a demand, nearness a wish. */
START_TEST(a_refusal_is_a_case_for_the_fallback)
{
    uintptr_t a;
    void *p;

    if (access("/sys/devices/system/node/node1", F_OK) == 0)
        return;
    setenv("HWLOC_THISSYSTEM", "1", 1);
    pretend(MACHINE(stacked));
    a = allocator(GOMPX_SPACE_HIGH_BW, GOMPX_VALUE_ENVIRONMENT, GOMPX_VALUE_NULL_FB, 1);
    ck_assert_uint_ne(a, GOMPX_ALLOCATOR_NULL);
    ck_assert_ptr_null(gompx_alloc(1, 100, a));
    ck_assert_uint_eq(gompx_load_rlx(&gompx_allocator_find(a)->used), 0);
    gompx_allocator_free(a);
    ck_assert_ptr_nonnull(p = gompx_alloc(1, 100, HIGH_BW));
    gompx_alloc_free(p);
    a = partitioned(GOMPX_VALUE_BLOCKED);
    use(a, 1);
    gompx_allocator_free(a);
}
END_TEST

#endif

START_TEST(one_node_has_neither)
{
    setenv("HWLOC_SYNTHETIC", "core:4 pu:1", 1);
    ck_assert_ptr_null(gompx_memory_read());
    if (gompx_memory() != NULL)
        return;
    ck_assert_uint_eq(allocator(GOMPX_SPACE_HIGH_BW, GOMPX_VALUE_ENVIRONMENT, GOMPX_VALUE_NULL_FB, 1), GOMPX_ALLOCATOR_NULL);
    ck_assert_ptr_null(gompx_allocator_find(HIGH_BW));
    for (uintptr_t v = GOMPX_VALUE_ENVIRONMENT; v <= GOMPX_VALUE_INTERLEAVED; v++) {
        uintptr_t a = partitioned(v);

        ck_assert(!gompx_allocator_find(a)->placed);
        use(a, 1);
        gompx_allocator_free(a);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alloc");
    TCase *tcase = tcase_create("alloc");
    SRunner *runner;
    int failed;

#if HAVE_HWLOC
    tcase_add_test(tcase, placed_blocks_are_blocks);
    tcase_add_test(tcase, a_predefined_allocator_has_the_fast_memory);
    tcase_add_test(tcase, what_is_everywhere_needs_no_placing);
    tcase_add_test(tcase, a_refusal_is_a_case_for_the_fallback);
#endif
    tcase_add_test(tcase, one_node_has_neither);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
