/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sets of CPUs. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "affinity/cpuset.h"

static struct gompx_cpuset set;

static void setup(void)
{
    gompx_cpuset_clear(&set, GOMPX_CPU_MAX);
}

START_TEST(members_are_found_in_order_over_word_ends)
{
    static const unsigned cpus[] = { 0, 63, 64, 65, 127, 128, 4000, GOMPX_CPU_MAX - 1 };
    unsigned cpu = gompx_cpuset_next(&set, 0);

    ck_assert_uint_eq(cpu, GOMPX_CPU_NONE);
    for (unsigned i = 0; i < 8; i++)
        gompx_cpuset_add(&set, cpus[i]);
    ck_assert_uint_eq(gompx_cpuset_count(&set), 8);
    cpu = 0;
    for (unsigned i = 0; i < 8; i++, cpu++) {
        cpu = gompx_cpuset_next(&set, cpu);
        ck_assert_uint_eq(cpu, cpus[i]);
        ck_assert(gompx_cpuset_has(&set, cpu));
    }
    ck_assert_uint_eq(gompx_cpuset_next(&set, cpu), GOMPX_CPU_NONE);
    gompx_cpuset_remove(&set, 64);
    ck_assert_uint_eq(gompx_cpuset_next(&set, 64), 65);
    ck_assert(!gompx_cpuset_has(&set, 64));
}
END_TEST

START_TEST(cpus_beyond_the_size_are_no_members)
{
    gompx_cpuset_clear(&set, 64);
    gompx_cpuset_add(&set, 63);
    ck_assert(!gompx_cpuset_has(&set, 64));
    ck_assert(!gompx_cpuset_has(&set, UINT32_MAX));
    ck_assert_uint_eq(gompx_cpuset_next(&set, 64), GOMPX_CPU_NONE);
}
END_TEST

START_TEST(text_shows_runs_and_is_cut_like_snprintf)
{
    char text[64] = "?";

    ck_assert_uint_eq(gompx_cpuset_text(text, sizeof text, &set), 0);
    ck_assert_str_eq(text, "");
    for (unsigned cpu = 0; cpu < 4; cpu++)
        gompx_cpuset_add(&set, cpu);
    gompx_cpuset_add(&set, 6);
    gompx_cpuset_add(&set, 63);
    gompx_cpuset_add(&set, 64);
    ck_assert_uint_eq(gompx_cpuset_text(text, sizeof text, &set), 11);
    ck_assert_str_eq(text, "0-3,6,63-64");
    ck_assert_uint_eq(gompx_cpuset_text(text, 6, &set), 11);
    ck_assert_str_eq(text, "0-3,6");
    ck_assert_uint_eq(gompx_cpuset_text(text, 1, &set), 11);
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(gompx_cpuset_text(NULL, 0, &set), 11);
}
END_TEST

START_TEST(the_current_mask_is_the_one_that_proc_shows)
{
    char line[4096], theirs[4096] = "", ours[4096];
    FILE *status = fopen("/proc/self/status", "r");

    ck_assert_ptr_nonnull(status);
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "Cpus_allowed_list: %4095s", theirs) == 1)
            break;
    fclose(status);
    ck_assert(gompx_cpuset_current(&set));
    gompx_cpuset_text(ours, sizeof ours, &set);
    ck_assert_str_eq(ours, theirs);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cpuset");
    TCase *tcase = tcase_create("cpuset");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, members_are_found_in_order_over_word_ends);
    tcase_add_test(tcase, cpus_beyond_the_size_are_no_members);
    tcase_add_test(tcase, text_shows_runs_and_is_cut_like_snprintf);
    tcase_add_test(tcase, the_current_mask_is_the_one_that_proc_shows);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
