/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Affinity formats.  Expected texts and messages are those of GNU libgomp 12. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "affinity/format.h"

static struct gompx_cpuset cpus;
static struct gompx_affinity_facts facts;

static void setup(void)
{
    gompx_cpuset_clear(&cpus, GOMPX_CPU_MAX);
    gompx_cpuset_add(&cpus, 0);
    gompx_cpuset_add(&cpus, 1);
    facts = (struct gompx_affinity_facts){
        .team_num = 3, .num_teams = 4, .level = 2, .thread_num = 5, .num_threads = 8, .ancestor_tnum = -1, .host = "vm",
        .process_id = 14571, .native_thread_id = (uintptr_t)0x7f0f44cb, .cpus = &cpus,
    };
}

static const struct {
    const char *format, *text;
} valid[] = {
    { "", "" },
    { "plain", "plain" },
    { "%%", "%" },
    { "%t %T %L %n %N %a %P %A %H %i", "3 4 2 5 8 -1 14571 0-1 vm 0x7f0f44cb" },
    { "%{team_num} %{num_teams} %{nesting_level} %{thread_num} %{num_threads} %{ancestor_tnum} %{process_id} "
      "%{thread_affinity} %{host} %{native_thread_id}", "3 4 2 5 8 -1 14571 0-1 vm 0x7f0f44cb" },
    { "%5n|", "5    |" },
    { "%.5n|", "    5|" },
    { "%0.5n|", "00005|" },
    { "%0.4a|", "-001|" },
    { "%.4a|", "  -1|" },
    { "%4a|", "-1  |" },
    { "%0.14i|", "0x00007f0f44cb|" },
    { "%.14i|", "    0x7f0f44cb|" },
    { "%14i|", "0x7f0f44cb    |" },
    { "%0.6A|", "   0-1|" },
    { "%.6A|", "   0-1|" },
    { "%6A|", "0-1   |" },
    { "%0.4H|", "  vm|" },
    { "%2P|%0.1n", "14571|5" },
    { "%12{thread_num}|", "5           |" },
    { "%0.12{thread_num}|", "000000000005|" },
    { "%n%n%%%n", "55%5" },
};

START_TEST(fields_are_expanded_as_libgomp_does)
{
    char buf[256], error[GOMPX_AFFINITY_ERROR];

    ck_assert(gompx_affinity_format_valid(valid[_i].format, error));
    ck_assert_uint_eq(gompx_affinity_expand(buf, sizeof buf, valid[_i].format, &facts), strlen(valid[_i].text));
    ck_assert_str_eq(buf, valid[_i].text);
}
END_TEST

static const struct {
    const char *format, *error;
} invalid[] = {
    { "%05n", "leading zero not followed by dot in affinity format" },
    { "%0n", "leading zero not followed by dot in affinity format" },
    { "%00.5n", "leading zero not followed by dot in affinity format" },
    { "%.n", "leading zero or right justification in affinity format requires size" },
    { "%0.", "leading zero or right justification in affinity format requires size" },
    { "x%{foo}", "unsupported long type name 'foo' in affinity format" },
    { "%{}", "unsupported long type name '' in affinity format" },
    { "%{hos}", "unsupported long type name 'hos' in affinity format" },
    { "%{foo", "unterminated long type name 'foo' in affinity format" },
    { "%n%Q", "unsupported type Q in affinity format" },
    { "%5.3n", "unsupported type . in affinity format" },
    { "%-5n", "unsupported type - in affinity format" },
    { "%5%", "unsupported type % in affinity format" },
    { "%", "unsupported type  in affinity format" },
};

START_TEST(mistakes_are_named)
{
    char error[GOMPX_AFFINITY_ERROR];

    ck_assert(!gompx_affinity_format_valid(invalid[_i].format, error));
    ck_assert_str_eq(error, invalid[_i].error);
}
END_TEST

START_TEST(expanding_a_mistake_ends_the_program)
{
    char text[256], expected[256], buf[16];
    int pipes[2], status;
    ssize_t n;
    pid_t child;

    ck_assert_int_eq(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        dup2(pipes[1], STDERR_FILENO);
        gompx_affinity_expand(buf, sizeof buf, invalid[_i].format, &facts);
        _exit(0);
    }
    close(pipes[1]);
    n = read(pipes[0], text, sizeof text - 1);
    ck_assert_int_ge(n, 0);
    text[n] = '\0';
    waitpid(child, &status, 0);
    ck_assert_int_eq(WEXITSTATUS(status), EXIT_FAILURE);
    snprintf(expected, sizeof expected, "\nlibgomp: %s\n", invalid[_i].error);
    ck_assert_str_eq(text, expected);
}
END_TEST

START_TEST(a_small_buffer_gets_a_terminated_beginning)
{
    char buf[8] = "zzzzzzz";

    ck_assert_uint_eq(gompx_affinity_expand(buf, 5, "abc%P", &facts), 8);
    ck_assert_str_eq(buf, "abc1");
    ck_assert_int_eq(buf[5], 'z');
    ck_assert_uint_eq(gompx_affinity_expand(buf, 1, "abc", &facts), 3);
    ck_assert_str_eq(buf, "");
    ck_assert_uint_eq(gompx_affinity_expand(NULL, 0, "abc%%%9n", &facts), 13);
}
END_TEST

START_TEST(a_long_list_of_cpus_is_not_cut)
{
    static char buf[40000], text[40000];

    for (unsigned cpu = 3; cpu < GOMPX_CPU_MAX; cpu += 2)
        gompx_cpuset_add(&cpus, cpu);
    gompx_cpuset_text(text, sizeof text, &cpus);
    ck_assert_uint_gt(gompx_affinity_expand(buf, sizeof buf, "%A", &facts), 10000);
    ck_assert_str_eq(buf, text);
}
END_TEST

START_TEST(the_host_is_asked_for_when_not_given)
{
    char name[256] = "", buf[256];

    gethostname(name, sizeof name - 1);
    facts.host = NULL;
    gompx_affinity_expand(buf, sizeof buf, "%H", &facts);
    ck_assert_str_eq(buf, name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("format");
    TCase *tcase = tcase_create("format");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_loop_test(tcase, fields_are_expanded_as_libgomp_does, 0, (int)(sizeof valid / sizeof valid[0]));
    tcase_add_loop_test(tcase, mistakes_are_named, 0, (int)(sizeof invalid / sizeof invalid[0]));
    tcase_add_loop_test(tcase, expanding_a_mistake_ends_the_program, 0, (int)(sizeof invalid / sizeof invalid[0]));
    tcase_add_test(tcase, a_small_buffer_gets_a_terminated_beginning);
    tcase_add_test(tcase, a_long_list_of_cpus_is_not_cut);
    tcase_add_test(tcase, the_host_is_asked_for_when_not_given);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
