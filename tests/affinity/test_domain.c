/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The part of a place list inside a mask; masks of other threads. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "affinity/domain.h"

static struct gompx_cpuset limit, mask;
static struct gompx_places places;

/* Places {0,1} {2,3} {1} {4,2000} of CPUs 0 ... 2047. */
static void setup(void)
{
    char reason[GOMPX_PLACE_REASON];

    gompx_cpuset_clear(&limit, 2048);
    for (unsigned cpu = 0; cpu < 2048; cpu++)
        gompx_cpuset_add(&limit, cpu);
    ck_assert(gompx_places_parse("{0,1},{2,3},{1},{4,2000}", &limit, &places, reason));
    gompx_cpuset_clear(&limit, 2048);
}

static void teardown(void)
{
    gompx_place_list_free(&places.list);
}

static void limit_is(const char *cpus)
{
    for (char *end; *cpus; cpus = *end ? end + 1 : end)
        gompx_cpuset_add(&limit, (unsigned)strtoul(cpus, &end, 10));
}

static const char *mask_text(const struct gompx_domain *domain, unsigned index)
{
    static char text[64];

    gompx_domain_mask(domain, index, &mask);
    gompx_cpuset_text(text, sizeof text, &mask);
    return text;
}

START_TEST(a_limit_leaves_the_places_that_it_touches)
{
    struct gompx_domain *d;

    limit_is("1,2000");
    d = gompx_domain_new(&places.list, &limit);
    ck_assert_uint_eq(d->count, 3);
    ck_assert_uint_eq(d->number[0], 0);
    ck_assert_uint_eq(d->number[1], 2);
    ck_assert_uint_eq(d->number[2], 3);
    ck_assert_str_eq(mask_text(d, 0), "1");
    ck_assert_str_eq(mask_text(d, 1), "1");
    ck_assert_str_eq(mask_text(d, 2), "2000");
    ck_assert_str_eq(mask_text(d, GOMPX_DOMAIN_NONE), "1,2000");
    ck_assert_uint_eq(gompx_domain_find(d, 2), 1);
    ck_assert_uint_eq(gompx_domain_find(d, 1), GOMPX_DOMAIN_NONE);
    gompx_domain_free(d);
}
END_TEST

START_TEST(a_limit_beside_all_places_leaves_none)
{
    struct gompx_domain *d;

    limit_is("7,8");
    d = gompx_domain_new(&places.list, &limit);
    ck_assert_uint_eq(d->count, 0);
    ck_assert_str_eq(mask_text(d, GOMPX_DOMAIN_NONE), "7-8");
    gompx_domain_free(d);
    d = gompx_domain_new(NULL, &limit);
    ck_assert_uint_eq(d->count, 0);
    gompx_domain_free(d);
}
END_TEST

START_TEST(only_used_places_are_recognised_by_their_mask)
{
    struct gompx_domain *d;

    limit_is("0,1,2,3,4,2000");
    d = gompx_domain_new(&places.list, &limit);
    gompx_domain_mask(d, 1, &mask);
    ck_assert_uint_eq(gompx_domain_match(d, &mask), GOMPX_DOMAIN_NONE);
    d->used[1] = 1;
    ck_assert_uint_eq(gompx_domain_match(d, &mask), 1);
    gompx_cpuset_remove(&mask, 3);
    ck_assert_uint_eq(gompx_domain_match(d, &mask), GOMPX_DOMAIN_NONE);
    gompx_domain_free(d);
}
END_TEST

static void *wait_for_end(void *lock)
{
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

/* The set has CPUs far beyond those of any machine here: the kernel takes those that it knows. */
START_TEST(masks_of_other_threads_are_set_and_read)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct gompx_cpuset all, one;
    pthread_t thread;
    unsigned cpu;

    ck_assert(gompx_cpuset_current(&all));
    cpu = gompx_cpuset_next(&all, 0);
    pthread_mutex_lock(&lock);
    ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_end, &lock), 0);
    ck_assert_int_eq(gompx_cpuset_take(thread, &one), 0);
    ck_assert(gompx_cpuset_equal(&one, &all));
    gompx_cpuset_clear(&mask, GOMPX_CPU_MAX);
    gompx_cpuset_add(&mask, cpu);
    gompx_cpuset_add(&mask, GOMPX_CPU_MAX - 1);
    ck_assert_int_eq(gompx_cpuset_give(thread, &mask), 0);
    ck_assert_int_eq(gompx_cpuset_take(thread, &one), 0);
    ck_assert_uint_eq(gompx_cpuset_count(&one), 1);
    ck_assert(gompx_cpuset_has(&one, cpu));
    ck_assert(gompx_cpuset_within(&one, &all) && !gompx_cpuset_within(&mask, &all));
    gompx_cpuset_remove(&mask, cpu);
    ck_assert_int_ne(gompx_cpuset_give(thread, &mask), 0);
    ck_assert(gompx_cpuset_current(&one) && gompx_cpuset_equal(&one, &all));
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(a_union_has_the_members_of_both)
{
    gompx_cpuset_clear(&mask, GOMPX_CPU_MAX);
    gompx_cpuset_add(&mask, 8000);
    limit_is("1,64");
    gompx_cpuset_unite(&mask, &limit);
    ck_assert_uint_eq(gompx_cpuset_count(&mask), 3);
    ck_assert(gompx_cpuset_within(&limit, &mask));
    ck_assert(!gompx_cpuset_equal(&limit, &mask));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("domain");
    TCase *tcase = tcase_create("domain");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_limit_leaves_the_places_that_it_touches);
    tcase_add_test(tcase, a_limit_beside_all_places_leaves_none);
    tcase_add_test(tcase, only_used_places_are_recognised_by_their_mask);
    tcase_add_test(tcase, masks_of_other_threads_are_set_and_read);
    tcase_add_test(tcase, a_union_has_the_members_of_both);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
