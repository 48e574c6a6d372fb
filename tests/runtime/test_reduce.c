/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task reductions, lowered by hand: taskgroup, worksharing and parallel forms. */
#include "tests/runtime/test_gomp.h"

#include "runtime/reduce.h"
#include "runtime/team.h"

static _Atomic unsigned allocations;

extern void *__libc_memalign(size_t align, size_t size);

void *aligned_alloc(size_t align, size_t size)
{
    allocations++;
    return __libc_memalign(align, size);
}

/* The items of one construct: `a` at offset 0, `b` at 16, each followed by the compiler's flag byte. */
static long a, b, c, d;

enum { WORDS = 7 + 3 * 2 };
static void array_init(uintptr_t array[WORDS], long *first, long *second)
{
    uintptr_t words[WORDS] = { second ? 2 : 1, 64, 8, (uintptr_t)-1, 0, 777, 778,
                               (uintptr_t)first, 0, 0, (uintptr_t)second, 16, 0 };

    memcpy(array, words, sizeof words);
}

static char *chunk(const uintptr_t *array, unsigned thread)
{
    return (char *)array[2] + thread * array[1];
}

static void *remap(void *address)
{
    GOMP_task_reduction_remap(1, 0, &address);
    return address;
}

static void add_one(void *data)
{
    ++*(long *)remap(data);
}

/* Of all threads. */
static long total(const uintptr_t *array, size_t offset, unsigned nthreads)
{
    long sum = 0;

    for (unsigned t = 0; t < nthreads; t++)
        sum += *(long *)(chunk(array, t) + offset);
    return sum;
}

/* ---- taskgroup ---- */

static void group_body(void *data)
{
    unsigned me = (unsigned)omp_get_thread_num(), n = (unsigned)omp_get_num_threads();
    uintptr_t array[WORDS];

    GOMP_taskgroup_start();
    array_init(array, &a, &b);
    GOMP_taskgroup_reduction_register(array);
    ck_assert_uint_eq(array[2] % 64, 0);
    ck_assert_uint_eq(array[6] - array[2], n * 64);
    ck_assert_uint_eq(array[4], 0);
    for (char *p = (char *)array[2]; p < (char *)array[6]; p++)
        ck_assert_int_eq(*p, 0);
    ck_assert_ptr_eq(remap(&a), chunk(array, me));
    ck_assert_ptr_eq(remap(&b), chunk(array, me) + 16);
    test_task(add_one, &b);
    test_task(add_one, &b);
    GOMP_taskgroup_end();
    ck_assert_int_eq(total(array, 16, n), 2);
    memset((void *)array[2], 0x5a, n * 64);             /* the next one must find it zeroed again */
    GOMP_taskgroup_reduction_unregister(array);
    (void)data;
}

START_TEST(a_taskgroup_finds_its_items_in_the_thread_s_chunk)
{
    for (int i = 0; i < 3; i++) {
        group_body(NULL);                               /* no team */
        GOMP_parallel(group_body, NULL, 1, 0);
        GOMP_parallel(group_body, NULL, 4, 0);
    }
}
END_TEST

static void check_from_any_chunk(void *data)
{
    uintptr_t *array = data;
    unsigned me = (unsigned)omp_get_thread_num();

    for (unsigned t = 0; t < (unsigned)omp_get_num_threads(); t++) {
        void *ptrs[4] = { chunk(array, t) + 16, chunk(array, t) };

        GOMP_task_reduction_remap(2, 1, ptrs);
        ck_assert_ptr_eq(ptrs[0], chunk(array, me) + 16);
        ck_assert_ptr_eq(ptrs[1], chunk(array, me));
        ck_assert_ptr_eq(ptrs[2], &b);
        ck_assert_ptr_null(ptrs[3]);                    /* not asked for */
    }
}

static void inner_addresses(void *data)
{
    uintptr_t array[WORDS];

    GOMP_taskgroup_start();
    array_init(array, &a, &b);
    GOMP_taskgroup_reduction_register(array);
    test_task(check_from_any_chunk, array);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(array);
    (void)data;
}

START_TEST(an_address_in_anybody_s_copy_leads_to_my_copy)
{
    GOMP_parallel(inner_addresses, NULL, 3, 0);
}
END_TEST

START_TEST(the_original_is_told_if_asked_for)
{
    uintptr_t array[WORDS];
    void *ptrs[4] = { &b, &a };

    GOMP_taskgroup_start();
    array_init(array, &a, &b);
    GOMP_taskgroup_reduction_register(array);
    GOMP_task_reduction_remap(2, 2, ptrs);
    ck_assert_ptr_eq(ptrs[0], chunk(array, 0) + 16);
    ck_assert_ptr_eq(ptrs[1], chunk(array, 0));
    ck_assert_ptr_eq(ptrs[2], &b);
    ck_assert_ptr_eq(ptrs[3], &a);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(array);
}
END_TEST

START_TEST(the_innermost_registration_wins_and_outer_ones_stay_visible)
{
    uintptr_t outer[WORDS], inner[WORDS], innermost[WORDS];

    GOMP_taskgroup_start();
    array_init(outer, &a, &b);
    GOMP_taskgroup_reduction_register(outer);
    GOMP_taskgroup_start();
    ck_assert_ptr_eq(remap(&a), chunk(outer, 0));       /* inherited */
    array_init(inner, &b, &c);
    GOMP_taskgroup_reduction_register(inner);
    ck_assert_uint_eq(inner[4], (uintptr_t)outer);
    ck_assert_ptr_eq(remap(&a), chunk(outer, 0));
    ck_assert_ptr_eq(remap(&b), chunk(inner, 0));
    GOMP_taskgroup_start();
    array_init(innermost, (long *)chunk(outer, 0), NULL);   /* the original is itself somebody's copy */
    GOMP_taskgroup_reduction_register(innermost);
    ck_assert_ptr_eq(remap(chunk(outer, 0)), chunk(innermost, 0));
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(innermost);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(inner);
    ck_assert_ptr_eq(remap(&b), chunk(outer, 0) + 16);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(outer);
}
END_TEST

START_TEST(arrays_of_one_construct_are_chained)
{
    uintptr_t outer[WORDS], first[WORDS], second[WORDS], again[3][WORDS];

    GOMP_taskgroup_start();
    array_init(outer, &a, NULL);
    GOMP_taskgroup_reduction_register(outer);
    GOMP_taskgroup_start();
    array_init(first, &b, NULL);
    array_init(second, &c, &d);
    first[4] = (uintptr_t)second;
    GOMP_taskgroup_reduction_register(first);
    ck_assert_uint_eq(first[4], (uintptr_t)second);
    ck_assert_uint_eq(second[4], (uintptr_t)outer);
    ck_assert_ptr_eq(remap(&d), chunk(second, 0) + 16);
    ck_assert_ptr_eq(remap(&a), chunk(outer, 0));
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(first);         /* and `second`, but not `outer` */
    GOMP_taskgroup_start();
    for (int i = 0; i < 3; i++) {                       /* as many as would be free if `outer` were */
        array_init(again[i], &b, NULL);
        again[i][4] = i < 2 ? (uintptr_t)again[i + 1] : 0;
    }
    GOMP_taskgroup_reduction_register(again[0]);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_ne(again[i][2], outer[2]);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(again[0]);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(outer);
}
END_TEST

START_TEST(memory_has_any_size_and_alignment)
{
    for (size_t align = 1; align <= 65536; align *= 4)
        for (size_t size = 64; size <= 1 << 22; size *= 8) {
            uintptr_t array[WORDS];

            GOMP_taskgroup_start();
            array_init(array, &a, NULL);
            array[1] = size;
            array[2] = align;
            GOMP_taskgroup_reduction_register(array);
            ck_assert_uint_eq(array[2] % align, 0);
            ck_assert_uint_eq(array[6] - array[2], size);
            memset((void *)array[2], 1, size);
            GOMP_taskgroup_end();
            GOMP_taskgroup_reduction_unregister(array);
        }
}
END_TEST

static void repeat(void *data)
{
    for (int i = 0; i < *(int *)data; i++)
        group_body(NULL);
}

START_TEST(a_construct_met_again_allocates_nothing)
{
    unsigned before, after;
    int n = 3;

    repeat(&n);
    before = allocations;
    n = 100;
    repeat(&n);
    after = allocations;
    ck_assert_uint_ge(before, 1);                       /* the counter counts */
    ck_assert_uint_eq(after, before);
}
END_TEST

START_TEST(an_item_that_nobody_registered_is_fatal)
{
    uintptr_t array[WORDS];
    char text[1024];

    ck_assert_int_eq(test_child(add_one, &a, text), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(text, "\nlibgomp: couldn't find matching task_reduction or reduction with task modifier"));
    GOMP_taskgroup_start();
    array_init(array, &a, NULL);
    GOMP_taskgroup_reduction_register(array);
    ck_assert_int_eq(test_child(add_one, &b, text), EXIT_FAILURE);
    ck_assert_int_eq(test_child(add_one, (void *)array[6], text), EXIT_FAILURE);
    ck_assert_int_eq(test_child(add_one, (void *)(array[6] - sizeof(long)), text), 0);
    GOMP_taskgroup_end();
    GOMP_taskgroup_reduction_unregister(array);
}
END_TEST

/* ---- worksharing ---- */

struct shared {
    _Atomic(uintptr_t) base;
    int rounds;
    bool cancel;
};

static void share_begin(struct shared *s, uintptr_t array[WORDS])
{
    uintptr_t none = 0;

    if (!atomic_compare_exchange_strong(&s->base, &none, array[2]))
        ck_assert_uint_eq(array[2], none);              /* the same for all */
    ck_assert_uint_eq(array[6] - array[2], 64 * (unsigned)omp_get_num_threads());
    ck_assert_ptr_eq(remap(&b), chunk(array, (unsigned)omp_get_thread_num()) + 16);
}

static void loop_body(void *data)
{
    struct shared *s = data;
    unsigned n = (unsigned)omp_get_num_threads();

    for (int r = 0; r < s->rounds; r++) {
        struct gompx_taskgroup *outer = gompx_frame_get()->task->group;
        uintptr_t array[WORDS];
        long lo, hi;
        bool more;

        array_init(array, &a, &b);
        more = GOMP_loop_start(0, 100, 1, 2, 1, &lo, &hi, array, NULL);     /* dynamic */
        share_begin(s, array);
        for (; more; more = GOMP_loop_dynamic_next(&lo, &hi))
            for (long i = lo; i < hi; i++)
                test_task(add_one, &a);
        GOMP_loop_end();
        if (omp_get_thread_num() == 0) {
            ck_assert_int_eq(total(array, 0, n), 100);
            ck_assert_int_eq(total(array, 16, n), 0);
            s->base = 0;
        }
        GOMP_workshare_task_reduction_unregister(false);
        ck_assert_ptr_eq(gompx_frame_get()->task->group, outer);
    }
}

START_TEST(a_loop_shares_one_block_among_its_team)
{
    struct shared s = { .rounds = 40 };                 /* more than there are slots */

    loop_body(&s);
    GOMP_parallel(loop_body, &s, 1, 0);
    GOMP_parallel(loop_body, &s, 2, 0);
    GOMP_parallel(loop_body, &s, 5, 0);
}
END_TEST

static void scope_body(void *data)
{
    struct shared *s = data;
    unsigned n = (unsigned)omp_get_num_threads();

    for (int r = 0; r < s->rounds; r++) {
        uintptr_t array[WORDS], more[WORDS];

        array_init(array, &a, &b);
        array_init(more, &c, &d);
        array[4] = (uintptr_t)more;                     /* two arrays */
        GOMP_scope_start(array);
        share_begin(s, array);
        test_task(add_one, &b);
        test_task(add_one, &d);
        GOMP_barrier();
        if (omp_get_thread_num() == 0) {
            ck_assert_int_eq(total(array, 16, n), n);
            ck_assert_int_eq(total(more, 16, n), n);
            ck_assert_int_eq(total(more, 0, n), 0);
            s->base = 0;
        }
        GOMP_workshare_task_reduction_unregister(false);
    }
}

START_TEST(a_scope_shares_its_blocks_among_its_team)
{
    struct shared s = { .rounds = 40 };

    scope_body(&s);
    GOMP_parallel(scope_body, &s, 1, 0);
    GOMP_parallel(scope_body, &s, 4, 0);
}
END_TEST

static void cancel_around(void *data)
{
    ck_assert(GOMP_cancel(8, true));                    /* the taskgroup around the loop, not the loop's own */
    (void)data;
}

START_TEST(cancelling_inside_a_loop_means_the_taskgroup_around_it)
{
    uintptr_t array[WORDS];
    long lo, hi;

    gompx_frame_get();
    gompx_globals.cancellation = true;
    GOMP_taskgroup_start();
    array_init(array, &a, &b);
    GOMP_loop_start(0, 1, 1, 2, 1, &lo, &hi, array, NULL);
    ck_assert(gompx_frame_get()->task->group->workshare);
    test_task(cancel_around, NULL);
    ck_assert(GOMP_cancellation_point(8));
    GOMP_loop_end();
    GOMP_workshare_task_reduction_unregister(false);
    ck_assert(GOMP_cancellation_point(8));
    GOMP_taskgroup_end();
    ck_assert(!GOMP_cancellation_point(8));
}
END_TEST

/* Threads leave a cancelled region one by one: a slow one still uses its copy when the others have long gone. */
static void leave_cancelled(void *data)
{
    struct shared *s = data;
    unsigned me = (unsigned)omp_get_thread_num();
    uintptr_t array[WORDS], other[WORDS];
    long lo, hi;

    array_init(array, &a, &b);
    GOMP_loop_start(0, 100, 1, 2, 1, &lo, &hi, array, NULL);
    share_begin(s, array);
    GOMP_barrier();                                     /* all have it */
    if (me == 0)
        GOMP_cancel(1, true);
    if (me == 1) {
        test_sleep_ms(20);
        *(long *)chunk(array, me) = 4711;
        test_sleep_ms(20);
        ck_assert_int_eq(*(long *)chunk(array, me), 4711);
    }
    ck_assert(GOMP_loop_end_cancel());
    GOMP_workshare_task_reduction_unregister(true);
    if (me == 0) {                                      /* would get the block, were it free, and zero it */
        test_sleep_ms(30);
        GOMP_taskgroup_start();
        array_init(other, &a, &b);
        GOMP_taskgroup_reduction_register(other);
        GOMP_taskgroup_end();
        GOMP_taskgroup_reduction_unregister(other);
    }
}

START_TEST(in_a_cancelled_region_the_last_thread_frees)
{
    gompx_frame_get();
    gompx_globals.cancellation = true;
    for (int i = 0; i < 5; i++)
        GOMP_parallel(leave_cancelled, &(struct shared){ .base = 0 }, 3, 0);
}
END_TEST

/* ---- parallel ---- */

struct region { uintptr_t *array; _Atomic long ran; };

static void region_body(void *data)
{
    struct region *r = data;

    ck_assert_ptr_eq(remap(&a), chunk(r->array, (unsigned)omp_get_thread_num()));
    for (int i = 0; i < 10; i++)
        test_task(add_one, &a);
    GOMP_taskgroup_start();
    test_task(add_one, &a);
    GOMP_taskgroup_end();
    r->ran++;
}

static void inner_region(void *data)
{
    ck_assert_ptr_null(gompx_frame_get()->task->group);
    (void)data;
}

static void nesting_body(void *data)
{
    GOMP_parallel(inner_region, NULL, 2, 0);
    region_body(data);
}

static void parallel_once(unsigned wanted, void (*fn)(void *))
{
    uintptr_t array[WORDS];
    struct region r = { array, 0 };
    unsigned n;

    array_init(array, &a, &b);
    n = GOMP_parallel_reductions(fn, &r, wanted, 0);
    ck_assert_uint_eq(n, wanted);
    ck_assert_int_eq(r.ran, n);
    ck_assert_uint_eq(array[4], 0);
    ck_assert_ptr_null(gompx_frame_get()->task->group);
    ck_assert_int_eq(total(array, 0, n), 11 * n);
    GOMP_taskgroup_reduction_unregister(array);
}

START_TEST(a_region_s_implicit_tasks_see_its_items)
{
    for (unsigned n = 1; n <= 5; n++) {
        parallel_once(n, region_body);
        parallel_once(n, nesting_body);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_taskgroup_finds_its_items_in_the_thread_s_chunk, an_address_in_anybody_s_copy_leads_to_my_copy,
        the_original_is_told_if_asked_for, the_innermost_registration_wins_and_outer_ones_stay_visible,
        arrays_of_one_construct_are_chained, memory_has_any_size_and_alignment, a_construct_met_again_allocates_nothing,
        an_item_that_nobody_registered_is_fatal, a_loop_shares_one_block_among_its_team,
        a_scope_shares_its_blocks_among_its_team, cancelling_inside_a_loop_means_the_taskgroup_around_it,
        in_a_cancelled_region_the_last_thread_frees, a_region_s_implicit_tasks_see_its_items,
    };
    Suite *suite = suite_create("reduce");
    TCase *tcase = tcase_create("reduce");

    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
