/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What is found out about the machine, when, and by whom; and what loading the library costs. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* CPU_SET */
#endif
#include "tests/runtime/test_env.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>

/* These take the place of the C library's functions for the runtime's objects as well. */
static unsigned opens, mallocs;

extern void *__libc_malloc(size_t size);

void *malloc(size_t size)
{
    mallocs++;
    return __libc_malloc(size);
}

int open(const char *path, int flags, ...)
{
    va_list args;
    int mode;

    va_start(args, flags);
    mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    opens++;
    return openat(AT_FDCWD, path, flags, mode);
}

static void setup(void)
{
    test_clean();
    gompx_icv_read();
}

START_TEST(loading_looks_at_no_file_and_takes_no_memory)
{
    unsigned o, m;

    opens = mallocs = 0;
    gompx_icv_read();
    o = opens, m = mallocs;                             /* check itself takes memory */
    ck_assert_uint_eq(o, 0);
    ck_assert_uint_eq(m, 0);
    gompx_icv_num_procs();
    o = opens;
    setenv("OMP_NUM_THREADS", "2,3", 1);
    mallocs = 0;
    gompx_icv_read();
    m = mallocs;
    ck_assert_uint_gt(o, 0);                            /* the counters count */
    ck_assert_uint_gt(m, 0);
}
END_TEST

START_TEST(a_place_name_is_not_looked_up_at_load)
{
    setenv("OMP_PLACES", "cores", 1);
    opens = 0;
    gompx_icv_read();
    ck_assert_uint_eq(opens, 0);
    ck_assert_ptr_null(dlopen("libhwloc.so.15", RTLD_NOW | RTLD_NOLOAD));
    ck_assert_uint_gt(gompx_icv_places()->count, 0);
}
END_TEST

START_TEST(init_reads_the_environment_only_once)
{
    gompx_icv_init();
    setenv("OMP_NUM_THREADS", "9", 1);
    gompx_globals.icvs.nthreads = 5;
    gompx_icv_init();
    ck_assert_uint_eq(gompx_globals.icvs.nthreads, 5);
}
END_TEST

START_TEST(the_cpu_count_is_that_of_the_mask_at_start)
{
    cpu_set_t mask, one;
    unsigned before;

    setenv("GOMPX_QUOTA", "ignore", 1);
    ck_assert_int_eq(sched_getaffinity(0, sizeof mask, &mask), 0);
    gompx_icv_read();
    CPU_ZERO(&one);
    CPU_SET(gompx_cpuset_next(gompx_icv_mask(), 0), &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    before = gompx_icv_num_procs();
    ck_assert_uint_eq(before, (unsigned)CPU_COUNT(&mask));
    gompx_icv_read();
    ck_assert_uint_eq(gompx_icv_num_procs(), 1);
    ck_assert_int_eq(gompx_icv_procs_why().limit, GOMPX_PROCS_BY_MASK);
}
END_TEST

START_TEST(the_user_s_cpu_count_beats_mask_and_quota)
{
    setenv("GOMPX_CPUS", "77", 1);
    gompx_icv_read();
    ck_assert_uint_eq(gompx_icv_num_procs(), 77);
    ck_assert_uint_eq(gompx_icv_nthreads(&gompx_globals.icvs), 77);
    ck_assert_int_eq(gompx_icv_procs_why().limit, GOMPX_PROCS_BY_USER);
    setenv("OMP_NUM_THREADS", "4", 1);
    gompx_icv_read();
    ck_assert_uint_eq(gompx_icv_num_procs(), 77);
    ck_assert_uint_eq(gompx_icv_nthreads(&gompx_globals.icvs), 4);
}
END_TEST

START_TEST(the_quota_never_exceeds_the_mask)
{
    struct gompx_icv_procs why = gompx_icv_procs_why();

    ck_assert_uint_ge(why.procs, 1);
    ck_assert_uint_le(why.procs, why.mask);
    ck_assert_uint_eq(why.procs, gompx_icv_num_procs());
    if (why.limit == GOMPX_PROCS_BY_QUOTA)
        ck_assert_uint_eq(why.procs, (why.quota_millicpus + 999) / 1000);
    else
        ck_assert_uint_eq(why.procs, why.mask);
}
END_TEST

static void *places_ask(void *gate)
{
    pthread_barrier_wait(gate);
    return (void *)(uintptr_t)gompx_icv_places();
}

START_TEST(first_callers_together_see_one_place_list)
{
    pthread_t thread[8];
    pthread_barrier_t gate;
    void *list;

    setenv("OMP_PLACES", "threads", 1);
    gompx_icv_read();
    pthread_barrier_init(&gate, NULL, 8);
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, places_ask, &gate), 0);
    for (int i = 0; i < 8; i++) {
        pthread_join(thread[i], &list);
        ck_assert_ptr_eq(list, gompx_icv_places());
    }
    ck_assert_uint_eq(gompx_icv_places()->count, gompx_cpuset_count(gompx_icv_mask()));
}
END_TEST

START_TEST(a_new_affinity_format_leaves_the_old_one_readable)
{
    const char *old = gompx_globals.affinity_format;
    char text[] = "abcdef";

    ck_assert(gompx_icv_set_affinity_format(text, 3));
    memset(text, 'x', 3);
    ck_assert_str_eq(gompx_globals.affinity_format, "abc");
    ck_assert_str_eq(old, GOMPX_AFFINITY_FORMAT);
    old = gompx_globals.affinity_format;
    ck_assert(gompx_icv_set_affinity_format("", 0));
    ck_assert_str_eq(gompx_globals.affinity_format, "");
    ck_assert_str_eq(old, "abc");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("icv");
    TCase *tcase = tcase_create("icv");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, loading_looks_at_no_file_and_takes_no_memory);
    tcase_add_test(tcase, a_place_name_is_not_looked_up_at_load);
    tcase_add_test(tcase, init_reads_the_environment_only_once);
    tcase_add_test(tcase, the_cpu_count_is_that_of_the_mask_at_start);
    tcase_add_test(tcase, the_user_s_cpu_count_beats_mask_and_quota);
    tcase_add_test(tcase, the_quota_never_exceeds_the_mask);
    tcase_add_test(tcase, first_callers_together_see_one_place_list);
    tcase_add_test(tcase, a_new_affinity_format_leaves_the_old_one_readable);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
