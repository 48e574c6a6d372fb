/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_DISPLAY_ENV.  Expected texts are what GNU libgomp 12.2 wrote; where that library is installed, it is asked
 * again. */
#include "tests/runtime/test_env.h"

#include <dlfcn.h>
#include <sys/wait.h>

static void display_plain(void)
{
    gompx_display_env(false);
}

static void display_verbose(void)
{
    gompx_display_env(true);
}

static void setup(void)
{
    test_clean();
    setenv("GOMPX_CPUS", "2", 1);
    gompx_icv_read();
}

START_TEST(the_defaults_are_shown_as_libgomp_12_shows_them)
{
    static const char expected[] =
        "\nOPENMP DISPLAY ENVIRONMENT BEGIN\n"
        "  _OPENMP = '201511'\n"
        "  OMP_DYNAMIC = 'FALSE'\n"
        "  OMP_NESTED = 'FALSE'\n"
        "  OMP_NUM_THREADS = '2'\n"
        "  OMP_SCHEDULE = 'DYNAMIC'\n"
        "  OMP_PROC_BIND = 'FALSE'\n"
        "  OMP_PLACES = ''\n"
        "  OMP_STACKSIZE = '0'\n"
        "  OMP_WAIT_POLICY = 'PASSIVE'\n"
        "  OMP_THREAD_LIMIT = '4294967295'\n"
        "  OMP_MAX_ACTIVE_LEVELS = '1'\n"
        "  OMP_NUM_TEAMS = '0'\n"
        "  OMP_TEAMS_THREAD_LIMIT = '0'\n"
        "  OMP_CANCELLATION = 'FALSE'\n"
        "  OMP_DEFAULT_DEVICE = '0'\n"
        "  OMP_MAX_TASK_PRIORITY = '0'\n"
        "  OMP_DISPLAY_AFFINITY = 'FALSE'\n"
        "  OMP_AFFINITY_FORMAT = 'level %L thread %i affinity %A'\n"
        "  OMP_ALLOCATOR = 'omp_default_mem_alloc'\n"
        "  OMP_TARGET_OFFLOAD = 'DEFAULT'\n"
        "OPENMP DISPLAY ENVIRONMENT END\n";

    ck_assert_str_eq(test_stderr_of(display_plain), expected);
}
END_TEST

START_TEST(verbose_adds_the_lines_of_libgomp_and_gompx)
{
    static const char gomp[] = "  GOMP_CPU_AFFINITY = ''\n  GOMP_STACKSIZE = '0'\n  GOMP_SPINCOUNT = '300000'\n";
    const char *text = test_stderr_of(display_verbose), *at = strstr(text, gomp);

    ck_assert_ptr_nonnull(at);
    ck_assert_int_eq(strncmp(at + strlen(gomp), "  KMP_BLOCKTIME = ''\n  GOMPX_SPIN_US = '1000'\n", 46), 0);
    ck_assert_ptr_nonnull(strstr(text, "  GOMPX_CPUS = '2, decided by GOMPX_CPUS; affinity mask: "));
    ck_assert_ptr_nonnull(strstr(text, "OPENMP DISPLAY ENVIRONMENT END\n"));
}
END_TEST

static const struct {
    const char *name, *value, *line;
} lines[] = {
    { "OMP_DYNAMIC", "true", "  OMP_DYNAMIC = 'TRUE'\n" },
    { "OMP_NESTED", "true", "  OMP_NESTED = 'TRUE'\n" },
    { "OMP_NESTED", "true", "  OMP_MAX_ACTIVE_LEVELS = '255'\n" },
    { "OMP_NUM_THREADS", " 3 , 4 ", "  OMP_NUM_THREADS = '3,4'\n" },
    { "OMP_SCHEDULE", "static", "  OMP_SCHEDULE = 'STATIC'\n" },
    { "OMP_SCHEDULE", "static,4", "  OMP_SCHEDULE = 'STATIC,4'\n" },
    { "OMP_SCHEDULE", "nonmonotonic:static,3", "  OMP_SCHEDULE = 'NONMONOTONIC:STATIC,3'\n" },
    { "OMP_SCHEDULE", "monotonic:dynamic", "  OMP_SCHEDULE = 'MONOTONIC:DYNAMIC'\n" },
    { "OMP_SCHEDULE", "guided,1", "  OMP_SCHEDULE = 'GUIDED'\n" },
    { "OMP_SCHEDULE", "auto,4", "  OMP_SCHEDULE = 'AUTO'\n" },
    { "OMP_SCHEDULE", "monotonic:auto", "  OMP_SCHEDULE = 'MONOTONIC:AUTO'\n" },
    { "OMP_PROC_BIND", "primary", "  OMP_PROC_BIND = 'MASTER'\n" },
    { "OMP_PROC_BIND", "close,spread", "  OMP_PROC_BIND = 'CLOSE,SPREAD'\n" },
    { "OMP_STACKSIZE", "4M", "  OMP_STACKSIZE = '4194304'\n" },
    { "GOMP_STACKSIZE", "3M", "  GOMP_STACKSIZE = '3145728'\n" },
    { "OMP_WAIT_POLICY", "active", "  OMP_WAIT_POLICY = 'ACTIVE'\n" },
    { "OMP_WAIT_POLICY", "active", "  GOMP_SPINCOUNT = '30000000000'\n" },
    { "OMP_WAIT_POLICY", "passive", "  GOMP_SPINCOUNT = '0'\n" },
    { "KMP_BLOCKTIME", "Infinite", "  KMP_BLOCKTIME = 'infinite'\n" },
    { "KMP_BLOCKTIME", "1s", "  KMP_BLOCKTIME = '1000ms'\n" },
    { "KMP_BLOCKTIME", "1 us", "  KMP_BLOCKTIME = '1us'\n" },
    { "GOMP_SPINCOUNT", "infinity", "  GOMP_SPINCOUNT = '18446744073709551615'\n" },
    { "OMP_THREAD_LIMIT", "7", "  OMP_THREAD_LIMIT = '7'\n" },
    { "OMP_NUM_TEAMS", "5", "  OMP_NUM_TEAMS = '5'\n" },
    { "OMP_TEAMS_THREAD_LIMIT", "4", "  OMP_TEAMS_THREAD_LIMIT = '4'\n" },
    { "OMP_CANCELLATION", "true", "  OMP_CANCELLATION = 'TRUE'\n" },
    { "OMP_DEFAULT_DEVICE", "2", "  OMP_DEFAULT_DEVICE = '2'\n" },
    { "OMP_MAX_TASK_PRIORITY", "3", "  OMP_MAX_TASK_PRIORITY = '3'\n" },
    { "OMP_DISPLAY_AFFINITY", "true", "  OMP_DISPLAY_AFFINITY = 'TRUE'\n" },
    { "OMP_AFFINITY_FORMAT", "hi '%Q", "  OMP_AFFINITY_FORMAT = 'hi '%Q'\n" },
    { "OMP_ALLOCATOR", "omp_thread_mem_alloc", "  OMP_ALLOCATOR = 'omp_thread_mem_alloc'\n" },
    { "OMP_TARGET_OFFLOAD", "disabled", "  OMP_TARGET_OFFLOAD = 'DISABLED'\n" },
    { "GOMPX_QUOTA", "ignore", "  GOMPX_QUOTA = 'IGNORE'\n" },
    /* Since GCC 13. */
    { "OMP_ALLOCATOR", "omp_const_mem_space", "  OMP_ALLOCATOR = 'omp_const_mem_alloc'\n" },
    { "OMP_ALLOCATOR", "omp_const_mem_space:pool_size=9", "  OMP_ALLOCATOR = 'omp_const_mem_space:pool_size=9'\n" },
};

#define LINES (int)(sizeof lines / sizeof lines[0])
#define LINES_12 (LINES - 2)            /* those that libgomp 12 has as well */

START_TEST(a_value_is_shown_in_its_line)
{
    const char *text;

    test_read_with(lines[_i].name, lines[_i].value);
    text = test_stderr_of(display_verbose);
    ck_assert_msg(strstr(text, lines[_i].line) != NULL, "%s=%s: %s", lines[_i].name, lines[_i].value, text);
}
END_TEST

START_TEST(places_are_shown_as_runs)
{
    unsigned cpu[] = { 0, 1, 2, 5, 7, 8 };
    struct gompx_place place[] = { { cpu, 6 }, { cpu + 3, 1 } };

    gompx_globals.places = (struct gompx_places){ .kind = GOMPX_PLACES_LIST, .list = { place, 2, 2 } };
    gompx_globals.icvs.bind = GOMPX_BIND_CLOSE;
    ck_assert_ptr_nonnull(strstr(test_stderr_of(display_plain), "  OMP_PLACES = '{0:3,5,7:2},{5}'\n"));
    gompx_globals.places = (struct gompx_places){ 0 };
}
END_TEST

static void init(void)
{
    gompx_icv_init();
}

/* Where the constructor ran before the test there is nothing to see any more: then the program is run again. */
START_TEST(display_env_shows_at_start)
{
    static const char *const values[] = { "true", "verbose", "false" };
    char self[512], command[640], text[8192];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    size_t length;
    FILE *out;

    ck_assert_int_gt(n, 0);
    self[n] = '\0';
    snprintf(command, sizeof command, "OMP_DISPLAY_ENV=%s GOMPX_TEST_START=1 %s 2>&1", values[_i], self);
    out = popen(command, "r");
    ck_assert_ptr_nonnull(out);
    length = fread(text, 1, sizeof text - 1, out);
    text[length] = '\0';
    ck_assert_int_eq(pclose(out), 0);
    ck_assert_int_eq(strstr(text, "OPENMP DISPLAY ENVIRONMENT BEGIN") != NULL, _i < 2);
    ck_assert_int_eq(strstr(text, "GOMPX_SPIN_US") != NULL, _i == 1);
}
END_TEST

/* GNU libgomp displays when it is loaded.  Its text, or empty: it is not installed, or is not version 12. */
static const char *libgomp_text(void)
{
    static char text[65536];
    size_t length;
    int pipes[2];
    pid_t child;
    FILE *in;

    ck_assert_int_eq(pipe(pipes), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        dup2(pipes[1], STDERR_FILENO);
        _exit(dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL) == NULL);
    }
    close(pipes[1]);
    in = fdopen(pipes[0], "r");
    length = fread(text, 1, sizeof text - 1, in);
    text[length] = '\0';
    fclose(in);
    waitpid(child, NULL, 0);
    return strstr(text, "\n  _OPENMP = '201511'\n  OMP_DYNAMIC") && !strstr(text, "GOMPX") ? text : "";
}

START_TEST(libgomp_shows_the_same)
{
    const char *theirs, *ours;

    unsetenv("GOMPX_CPUS");
    setenv("GOMPX_QUOTA", "ignore", 1);
    setenv(lines[_i].name, lines[_i].value, 1);
    gompx_icv_read();
    setenv("OMP_DISPLAY_ENV", "true", 1);
    theirs = libgomp_text();
    if (!*theirs)
        return;
    ours = test_stderr_of(display_plain);
    ck_assert_str_eq(ours, theirs);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("display");
    TCase *tcase = tcase_create("display");
    SRunner *runner;
    int failed;

    if (getenv("GOMPX_TEST_START")) {
        init();
        return 0;
    }
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, the_defaults_are_shown_as_libgomp_12_shows_them);
    tcase_add_test(tcase, verbose_adds_the_lines_of_libgomp_and_gompx);
    tcase_add_loop_test(tcase, a_value_is_shown_in_its_line, 0, LINES);
    tcase_add_test(tcase, places_are_shown_as_runs);
    tcase_add_loop_test(tcase, display_env_shows_at_start, 0, 3);
    tcase_add_loop_test(tcase, libgomp_shows_the_same, 0, LINES_12);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
