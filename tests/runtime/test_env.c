/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading the environment.  Messages are libgomp's, followed by what is used instead. */
#include "runtime/allocator.h"
#include "tests/runtime/test_env.h"


#define icvs gompx_globals.icvs

static const char *bad(const char *name, const char *value)
{
    const char *text;

    setenv(name, value, 1);
    text = test_read();
    unsetenv(name);
    return text;
}

/* The message for an invalid value of `name`, with `rest` after the value. */
static void assert_bad(const char *name, const char *value, const char *used)
{
    char expected[512];

    snprintf(expected, sizeof expected, "\nlibgomp: Invalid value for environment variable %s: %s; using %s\n", name,
             value, used);
    ck_assert_str_eq(bad(name, value), expected);
}

START_TEST(an_empty_environment_gives_the_defaults)
{
    ck_assert_str_eq(test_read(), "");
    ck_assert_uint_eq(icvs.nthreads, 0);
    ck_assert_uint_eq(icvs.sched_kind, GOMPX_SCHED_DYNAMIC);
    ck_assert_int_eq(icvs.sched_chunk, 1);
    ck_assert_uint_eq(icvs.thread_limit, UINT32_MAX);
    ck_assert_uint_eq(icvs.max_active_levels, 1);
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_FALSE);
    ck_assert(!icvs.dynamic);
    ck_assert_int_eq(gompx_globals.wait_policy, -1);
    ck_assert_uint_eq(gompx_globals.stacksize, 0);
    ck_assert_str_eq(gompx_globals.affinity_format, "level %L thread %i affinity %A");
    ck_assert(!gompx_globals.cancellation && !gompx_globals.spincount_set && !gompx_globals.spin_us_set);
}
END_TEST

/* Texts that nothing can be wrong with, at the start of the program at least. */
static bool takes_anything(const char *name)
{
    return !strcmp(name, "OMP_AFFINITY_FORMAT") || !strncmp(name, "OMP_TOOL_", 9) || !strcmp(name, "ACC_DEVICE_TYPE")
        || !strcmp(name, "ACC_PROFLIB") || !strcmp(name, "GOMP_OPENACC_DIM");
}

START_TEST(every_variable_reports_a_bad_value_and_goes_on)
{
    const char *name = test_names[_i], *text = bad(name, "?!");
    char part[128];

    snprintf(part, sizeof part, "environment variable %s: ?!; using ", name);
    if (takes_anything(name)) {
        ck_assert_str_eq(text, "");
        return;
    }
    ck_assert_msg(strstr(text, part) != NULL, "%s: %s", name, text);
    ck_assert_ptr_null(strstr(strstr(text, "libgomp: ") + 1, "libgomp: "));
    ck_assert_int_eq(text[strlen(text) - 1], '\n');
    ck_assert_int_ne(text[strlen(text) - 2], ' ');
}
END_TEST

START_TEST(an_empty_value_is_invalid)
{
    const char *name = test_names[_i];

    if (takes_anything(name))
        return;
    ck_assert_ptr_nonnull(strstr(bad(name, ""), name));
    ck_assert_ptr_nonnull(strstr(bad(name, "  "), name));
}
END_TEST

START_TEST(flags_are_true_or_false_in_any_case)
{
    test_read_with("OMP_DYNAMIC", " tRuE ");
    ck_assert(icvs.dynamic);
    test_read_with("OMP_DYNAMIC", "FALSE");
    ck_assert(!icvs.dynamic);
    test_read_with("OMP_CANCELLATION", "true");
    ck_assert(gompx_globals.cancellation);
    assert_bad("OMP_CANCELLATION", "1", "FALSE");
    assert_bad("OMP_DISPLAY_AFFINITY", "truex", "FALSE");
}
END_TEST

START_TEST(num_threads_takes_a_number_or_a_list)
{
    static const char *const wrong[] = { "0", "-1", "2,", ",2", "2,,3", "2 3", "0x10", "2,0", "4294967296" };
    char procs[16];

    test_read_with("OMP_NUM_THREADS", "7");
    ck_assert_uint_eq(icvs.nthreads, 7);
    ck_assert_uint_eq(gompx_globals.nthreads_list_len, 0);
    ck_assert_uint_eq(icvs.max_active_levels, 1);
    test_read_with("OMP_NUM_THREADS", " 3 , 010,+5 ");
    ck_assert_uint_eq(icvs.nthreads, 3);
    ck_assert_uint_eq(gompx_globals.nthreads_list_len, 3);
    ck_assert_uint_eq(gompx_globals.nthreads_list[0], 3);
    ck_assert_uint_eq(gompx_globals.nthreads_list[1], 10);
    ck_assert_uint_eq(gompx_globals.nthreads_list[2], 5);
    ck_assert_uint_eq(icvs.max_active_levels, 255);
    snprintf(procs, sizeof procs, "%u", gompx_icv_num_procs());
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_bad("OMP_NUM_THREADS", wrong[i], procs);
        ck_assert_uint_eq(icvs.nthreads, 0);
        ck_assert_uint_eq(gompx_globals.nthreads_list_len, 0);
    }
}
END_TEST

static const struct {
    const char *text;
    uint32_t kind;
    long chunk;
} schedules[] = {
    { "static", GOMPX_SCHED_STATIC | GOMPX_SCHED_MONOTONIC, 0 },
    { "STATIC , 4", GOMPX_SCHED_STATIC | GOMPX_SCHED_MONOTONIC, 4 },
    { "static,0", GOMPX_SCHED_STATIC | GOMPX_SCHED_MONOTONIC, 0 },
    { "monotonic:static", GOMPX_SCHED_STATIC | GOMPX_SCHED_MONOTONIC, 0 },
    { "nonmonotonic:static,3", GOMPX_SCHED_STATIC, 3 },
    { "dynamic", GOMPX_SCHED_DYNAMIC, 1 },
    { "dynamic,0", GOMPX_SCHED_DYNAMIC, 1 },
    { "nonmonotonic:dynamic,9", GOMPX_SCHED_DYNAMIC, 9 },
    { "monotonic : guided,7", GOMPX_SCHED_GUIDED | GOMPX_SCHED_MONOTONIC, 7 },
    { "guided", GOMPX_SCHED_GUIDED, 1 },
    { "auto", GOMPX_SCHED_AUTO, 1 },
    { "auto,5", GOMPX_SCHED_AUTO, 5 },
};

START_TEST(schedules_are_stored_as_the_api_shows_them)
{
    test_read_with("OMP_SCHEDULE", schedules[_i].text);
    ck_assert_uint_eq(icvs.sched_kind, schedules[_i].kind);
    ck_assert_int_eq(icvs.sched_chunk, schedules[_i].chunk);
}
END_TEST

START_TEST(a_bad_chunk_keeps_the_kind_and_the_old_chunk)
{
    ck_assert_str_eq(bad("OMP_SCHEDULE", "static,x"), "\nlibgomp: Invalid value for chunk size in environment variable "
                                                      "OMP_SCHEDULE: static,x; using STATIC,1\n");
    ck_assert_uint_eq(icvs.sched_kind, GOMPX_SCHED_STATIC | GOMPX_SCHED_MONOTONIC);
    ck_assert_int_eq(icvs.sched_chunk, 1);
    ck_assert_ptr_nonnull(strstr(bad("OMP_SCHEDULE", "dynamic,-1"), "chunk size"));
    ck_assert_ptr_nonnull(strstr(bad("OMP_SCHEDULE", "dynamic,99999999999"), "chunk size"));
    ck_assert_str_eq(bad("OMP_SCHEDULE", "statics"), "\nlibgomp: Unknown value for environment variable OMP_SCHEDULE: "
                                                     "statics; using DYNAMIC\n");
    ck_assert_ptr_nonnull(strstr(bad("OMP_SCHEDULE", "monotonic static"), "Unknown value"));
    ck_assert_ptr_nonnull(strstr(bad("OMP_SCHEDULE", "static 4"), "Unknown value"));
}
END_TEST

START_TEST(proc_bind_takes_a_flag_or_a_list_of_policies)
{
    test_read_with("OMP_PROC_BIND", "true");
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_TRUE);
    test_read_with("OMP_PROC_BIND", "master");
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_PRIMARY);
    ck_assert_uint_eq(gompx_globals.bind_list_len, 0);
    test_read_with("OMP_PROC_BIND", "Spread , close,primary");
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_SPREAD);
    ck_assert_uint_eq(gompx_globals.bind_list_len, 3);
    ck_assert_uint_eq(gompx_globals.bind_list[1], GOMPX_BIND_CLOSE);
    ck_assert_uint_eq(gompx_globals.bind_list[2], GOMPX_BIND_PRIMARY);
    ck_assert_uint_eq(icvs.max_active_levels, 255);
    assert_bad("OMP_PROC_BIND", "true,close", "FALSE");
    assert_bad("OMP_PROC_BIND", "close,", "FALSE");
    assert_bad("OMP_PROC_BIND", "close spread", "FALSE");
    ck_assert_uint_eq(gompx_globals.bind_list_len, 0);
}
END_TEST

START_TEST(places_ask_for_binding_unless_it_is_forbidden)
{
    test_read_with("OMP_PLACES", "threads");
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_TRUE);
    ck_assert_uint_eq(gompx_globals.places.kind, GOMPX_PLACES_THREADS);
    setenv("OMP_PROC_BIND", "false", 1);
    test_read_with("OMP_PLACES", "threads");
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_FALSE);
    ck_assert_ptr_null(gompx_icv_places());
    setenv("OMP_PROC_BIND", "spread", 1);
    ck_assert_str_eq(test_read(), "");
    ck_assert_uint_eq(gompx_globals.places.kind, GOMPX_PLACES_THREADS);
}
END_TEST

START_TEST(cpu_affinity_counts_only_without_places)
{
    char cpu[16], text[64];

    test_read();
    snprintf(cpu, sizeof cpu, "%u", gompx_cpuset_next(gompx_icv_mask(), 0));
    snprintf(text, sizeof text, "%s %s,%s", cpu, cpu, cpu);
    test_read_with("GOMP_CPU_AFFINITY", text);
    ck_assert_uint_eq(gompx_icv_places()->count, 3);
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_TRUE);
    setenv("OMP_PLACES", cpu, 1);
    test_read_with("GOMP_CPU_AFFINITY", text);
    ck_assert_uint_eq(gompx_icv_places()->count, 1);
    setenv("GOMP_CPU_AFFINITY", text, 1);
    ck_assert_ptr_nonnull(strstr(bad("OMP_PLACES", "x"), "OMP_PLACES: x; using {"));
    ck_assert_uint_eq(gompx_icv_places()->count, 3);
}
END_TEST

START_TEST(the_reason_for_refusing_places_is_told)
{
    ck_assert_str_eq(bad("OMP_PLACES", "{99999}"), "\nlibgomp: Logical CPU number 99999 out of range in environment "
                                                   "variable OMP_PLACES: {99999}; using none\n");
    ck_assert_uint_eq(icvs.bind, GOMPX_BIND_FALSE);
}
END_TEST

START_TEST(stack_sizes_have_units_of_1024_and_a_least_value)
{
    test_read_with("OMP_STACKSIZE", "4096");
    ck_assert_uint_eq(gompx_globals.stacksize, 4096u << 10);
    test_read_with("OMP_STACKSIZE", " 262144 b ");
    ck_assert_uint_eq(gompx_globals.stacksize, 262144);
    test_read_with("OMP_STACKSIZE", "512k");
    ck_assert_uint_eq(gompx_globals.stacksize, 512u << 10);
    test_read_with("OMP_STACKSIZE", "4M");
    ck_assert_uint_eq(gompx_globals.stacksize, 4u << 20);
    test_read_with("OMP_STACKSIZE", "1 g");
    ck_assert_uint_eq(gompx_globals.stacksize, 1u << 30);
    assert_bad("OMP_STACKSIZE", "4MB", "the system's default");
    assert_bad("OMP_STACKSIZE", "-4M", "the system's default");
    assert_bad("OMP_STACKSIZE", "18446744073709551615K", "the system's default");
    ck_assert_ptr_nonnull(strstr(bad("OMP_STACKSIZE", "1"), "Stack size less than minimum of "));
    ck_assert_uint_eq(gompx_globals.stacksize, 0);
}
END_TEST

START_TEST(the_old_stack_size_is_second_choice)
{
    setenv("GOMP_STACKSIZE", "3M", 1);
    ck_assert_str_eq(test_read(), "");
    ck_assert_uint_eq(gompx_globals.stacksize, 3u << 20);
    test_read_with("OMP_STACKSIZE", "2M");
    ck_assert_uint_eq(gompx_globals.stacksize, 2u << 20);
    assert_bad("OMP_STACKSIZE", "x", "3145728");
}
END_TEST

START_TEST(levels_come_from_the_first_source_that_speaks)
{
    test_read_with("OMP_MAX_ACTIVE_LEVELS", "300");
    ck_assert_uint_eq(icvs.max_active_levels, 255);
    test_read_with("OMP_MAX_ACTIVE_LEVELS", "0");
    ck_assert_uint_eq(icvs.max_active_levels, 0);
    test_read_with("OMP_NESTED", "true");
    ck_assert_uint_eq(icvs.max_active_levels, 255);
    setenv("OMP_NUM_THREADS", "2,3", 1);
    test_read_with("OMP_NESTED", "false");
    ck_assert_uint_eq(icvs.max_active_levels, 1);
    setenv("OMP_NESTED", "true", 1);
    test_read_with("OMP_MAX_ACTIVE_LEVELS", "2");
    ck_assert_uint_eq(icvs.max_active_levels, 2);
    assert_bad("OMP_MAX_ACTIVE_LEVELS", "x", "255");
}
END_TEST

START_TEST(a_variable_that_another_one_overrides_is_not_looked_at)
{
    setenv("OMP_NESTED", "x", 1);
    test_read_with("OMP_MAX_ACTIVE_LEVELS", "2");
    unsetenv("OMP_NESTED");
    setenv("GOMP_STACKSIZE", "x", 1);
    test_read_with("OMP_STACKSIZE", "2M");
}
END_TEST

START_TEST(limits_above_int_are_no_limits)
{
    test_read_with("OMP_THREAD_LIMIT", "2147483647");
    ck_assert_uint_eq(icvs.thread_limit, INT_MAX);
    test_read_with("OMP_THREAD_LIMIT", "99999999999");
    ck_assert_uint_eq(icvs.thread_limit, UINT32_MAX);
    assert_bad("OMP_THREAD_LIMIT", "0", "4294967295");
    assert_bad("OMP_NUM_TEAMS", "3000000000", "0");
    assert_bad("OMP_TEAMS_THREAD_LIMIT", "0", "0");
    test_read_with("OMP_NUM_TEAMS", "5");
    ck_assert_int_eq(gompx_globals.num_teams, 5);
    test_read_with("OMP_TEAMS_THREAD_LIMIT", "6");
    ck_assert_int_eq(gompx_globals.teams_thread_limit, 6);
    test_read_with("OMP_MAX_TASK_PRIORITY", "0");
    test_read_with("OMP_DEFAULT_DEVICE", "2");
    ck_assert_int_eq(icvs.default_device, 2);
}
END_TEST

START_TEST(waiting_is_read_from_all_four_variables)
{
    test_read_with("OMP_WAIT_POLICY", "Active");
    ck_assert_int_eq(gompx_globals.wait_policy, 1);
    test_read_with("OMP_WAIT_POLICY", "passive");
    ck_assert_int_eq(gompx_globals.wait_policy, 0);
    test_read_with("GOMP_SPINCOUNT", "5 g");
    ck_assert(gompx_globals.spincount_set);
    ck_assert_uint_eq(gompx_globals.spincount, 5000000000);
    test_read_with("GOMP_SPINCOUNT", "99999999T");
    ck_assert_uint_eq(gompx_globals.spincount, UINT64_MAX);
    test_read_with("GOMP_SPINCOUNT", "infinity");
    ck_assert_uint_eq(gompx_globals.spincount, UINT64_MAX);
    test_read_with("GOMPX_SPIN_US", "0");
    ck_assert(gompx_globals.spin_us_set);
    ck_assert_uint_eq(gompx_globals.spin_us, 0);
    test_read_with("KMP_BLOCKTIME", " 20 ms ");
    ck_assert(gompx_globals.blocktime_set && gompx_globals.blocktime_us == 20000);
    test_read_with("KMP_BLOCKTIME", "18446744073709551615 S");
    ck_assert_uint_eq(gompx_globals.blocktime_us, UINT64_MAX - 1);
    test_read_with("KMP_BLOCKTIME", "INFINITE");
    ck_assert_uint_eq(gompx_globals.blocktime_us, UINT64_MAX);
    assert_bad("KMP_BLOCKTIME", "20m", "none");
    assert_bad("KMP_BLOCKTIME", "-1", "none");
    assert_bad("GOMP_SPINCOUNT", "5X", "300000");
    assert_bad("GOMP_SPINCOUNT", "-1", "300000");
    assert_bad("GOMPX_SPIN_US", "5us", "1000");
    ck_assert(!gompx_globals.spin_us_set);
}
END_TEST

START_TEST(a_name_with_the_suffix_all_is_second_choice)
{
    test_read_with("OMP_NUM_THREADS_ALL", "6");
    ck_assert_uint_eq(icvs.nthreads, 6);
    setenv("OMP_NUM_THREADS_ALL", "6", 1);
    test_read_with("OMP_NUM_THREADS", "3");
    ck_assert_uint_eq(icvs.nthreads, 3);
    assert_bad("OMP_NUM_THREADS", "x", "6");
    assert_bad("OMP_THREAD_LIMIT_ALL", "x", "4294967295");
    test_read_with("OMP_CANCELLATION_ALL", "x");
    test_read_with("OMP_NUM_THREADS_DEV", "x");
}
END_TEST

START_TEST(allocators_are_named)
{
    test_read_with("OMP_ALLOCATOR", "OMP_high_bw_mem_alloc");
    ck_assert_uint_eq(icvs.allocator, 4);
    test_read_with("OMP_ALLOCATOR", " omp_low_lat_mem_space ");
    ck_assert_uint_eq(icvs.allocator, 5);
    test_read_with("OMP_ALLOCATOR", "ompx_gnu_pinned_mem_alloc");
    ck_assert_uint_eq(icvs.allocator, 200);
    assert_bad("OMP_ALLOCATOR", "omp_null_allocator", "omp_default_mem_alloc");
    assert_bad("OMP_ALLOCATOR", "omp_default_mem_alloc:alignment=64", "omp_default_mem_alloc");
    assert_bad("OMP_ALLOCATOR", "omp_default_mem_alloc2", "omp_default_mem_alloc");
    test_read_with("OMP_TARGET_OFFLOAD", "Mandatory");
    ck_assert_int_eq(gompx_globals.target_offload, GOMPX_OFFLOAD_MANDATORY);
}
END_TEST

START_TEST(an_allocator_can_have_traits)
{
    const struct gompx_allocator *a;

    test_read_with("OMP_ALLOCATOR", "omp_default_mem_space:alignment=64,pinned=true");
    ck_assert_ptr_nonnull(a = gompx_allocator_find(icvs.allocator));
    ck_assert(a->alignment == 64 && a->pinned && a->pool_size == SIZE_MAX);
    test_read_with("OMP_ALLOCATOR", " OMP_const_mem_space : pool_size = 4096 , Fallback=Null_fb,sync_hint=private ,"
                                    "access=pteam,partition=blocked,alignment=1,pinned=false ");
    ck_assert_ptr_nonnull(a = gompx_allocator_find(icvs.allocator));
    ck_assert(a->alignment == 1 && !a->pinned && a->pool_size == 4096);
    ck_assert(a->fallback == GOMPX_VALUE_NULL_FB && a->partition == GOMPX_VALUE_BLOCKED);
}
END_TEST

static const char *const bad_traits[] = {
    "omp_default_mem_space:", "omp_default_mem_space,", "omp_default_mem_space:alignment", "omp_default_mem_space:alignment=",
    "omp_default_mem_space:alignment=64,", "omp_default_mem_space:alignment=64;pinned=true",
    "omp_default_mem_space:alignment=24", "omp_default_mem_space:alignment=0", "omp_default_mem_space:alignment=-8",
    "omp_default_mem_space:pool_size=0", "omp_default_mem_space:pool_size=1k",
    "omp_default_mem_space:pool_size=99999999999999999999", "omp_default_mem_space:fallback=allocator_fb",
    "omp_default_mem_space:fb_data=1", "omp_default_mem_space:pinned=1", "omp_default_mem_space:pinned=true,pinned=true",
    "omp_default_mem_space:partition=all", "omp_default_mem_space:colour=red", "omp_no_mem_space:pinned=true",
};

#define BAD_TRAITS (int)(sizeof bad_traits / sizeof bad_traits[0])

START_TEST(a_bad_trait_is_reported)
{
    assert_bad("OMP_ALLOCATOR", bad_traits[_i], "omp_default_mem_alloc");
}
END_TEST

START_TEST(strings_are_copied_as_they_are)
{
    setenv("OMP_AFFINITY_FORMAT", " x%Q ", 1);
    ck_assert_str_eq(test_read(), "");
    memset(getenv("OMP_AFFINITY_FORMAT"), 'y', 3);
    ck_assert_str_eq(gompx_globals.affinity_format, " x%Q ");
    test_read_with("OMP_AFFINITY_FORMAT", "");
    ck_assert_str_eq(gompx_globals.affinity_format, "");
}
END_TEST

/* __FILE__ is relative to the root of the tree, which is where the tests run. */
START_TEST(the_document_is_made_from_the_table)
{
    static char made[65536], kept[65536];
    FILE *tool = popen("tools/gen-environment-md", "r"), *file = fopen("docs/environment.md", "r");
    size_t n = tool ? fread(made, 1, sizeof made, tool) : 0, m = file ? fread(kept, 1, sizeof kept, file) : 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(pclose(tool), 0);
    fclose(file);
    ck_assert_uint_gt(n, 1000);
    ck_assert_uint_eq(n, m);
    ck_assert_int_eq(memcmp(made, kept, n), 0);
    for (unsigned i = 0; i < TEST_NAMES; i++)
        ck_assert_ptr_nonnull(strstr(kept, test_names[i]));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("env");
    TCase *tcase = tcase_create("env");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, test_clean, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, an_empty_environment_gives_the_defaults);
    tcase_add_loop_test(tcase, every_variable_reports_a_bad_value_and_goes_on, 0, (int)TEST_NAMES);
    tcase_add_loop_test(tcase, an_empty_value_is_invalid, 0, (int)TEST_NAMES);
    tcase_add_test(tcase, flags_are_true_or_false_in_any_case);
    tcase_add_test(tcase, num_threads_takes_a_number_or_a_list);
    tcase_add_loop_test(tcase, schedules_are_stored_as_the_api_shows_them, 0,
                        (int)(sizeof schedules / sizeof schedules[0]));
    tcase_add_test(tcase, a_bad_chunk_keeps_the_kind_and_the_old_chunk);
    tcase_add_test(tcase, proc_bind_takes_a_flag_or_a_list_of_policies);
    tcase_add_test(tcase, places_ask_for_binding_unless_it_is_forbidden);
    tcase_add_test(tcase, cpu_affinity_counts_only_without_places);
    tcase_add_test(tcase, the_reason_for_refusing_places_is_told);
    tcase_add_test(tcase, stack_sizes_have_units_of_1024_and_a_least_value);
    tcase_add_test(tcase, the_old_stack_size_is_second_choice);
    tcase_add_test(tcase, levels_come_from_the_first_source_that_speaks);
    tcase_add_test(tcase, a_variable_that_another_one_overrides_is_not_looked_at);
    tcase_add_test(tcase, limits_above_int_are_no_limits);
    tcase_add_test(tcase, waiting_is_read_from_all_four_variables);
    tcase_add_test(tcase, a_name_with_the_suffix_all_is_second_choice);
    tcase_add_test(tcase, allocators_are_named);
    tcase_add_test(tcase, an_allocator_can_have_traits);
    tcase_add_loop_test(tcase, a_bad_trait_is_reported, 0, BAD_TRAITS);
    tcase_add_test(tcase, strings_are_copied_as_they_are);
    tcase_add_test(tcase, the_document_is_made_from_the_table);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
