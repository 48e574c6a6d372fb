/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Linked into every test program: before main it makes sure that the OpenMP runtime under the program is the one that
 * tests/run means, so that no test passes on another library by mistake.
 *
 * GOMPX_TEST_EXPECT names the file that must provide omp_get_thread_num. If that file is called libgomp.so.1, no other
 * libgomp may be mapped. Unset: nothing is checked. GOMPX_TEST_LATER: the program loads the runtime itself, then calls
 * mapped_check_maps. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void wrong(const char *what, const char *seen, const char *wanted)
{
    fprintf(stderr, "mapped.c: %s: %s, wanted %s\n", what, seen, wanted);
    _exit(3);
}

void mapped_check_maps(void);

/* Every mapped file with libgomp in its name must be the wanted one, and it must be there. */
static void check_maps(const char *wanted)
{
    char line[PATH_MAX + 100];
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");

    if (maps == NULL)
        wrong("cannot read", "/proc/self/maps", wanted);
    while (fgets(line, sizeof line, maps) != NULL) {
        char *path = strchr(line, '/');
        if (path == NULL || strstr(path, "/libgomp.so") == NULL)
            continue;
        path[strcspn(path, "\n")] = '\0';
        if (strcmp(path, wanted) != 0)
            wrong("another OpenMP runtime is mapped", path, wanted);
        found = 1;
    }
    fclose(maps);
    if (!found)
        wrong("no OpenMP runtime is mapped", "nothing", wanted);
}

void mapped_check_maps(void)
{
    char wanted[PATH_MAX];

    if (getenv("GOMPX_TEST_EXPECT") != NULL && realpath(getenv("GOMPX_TEST_EXPECT"), wanted) != NULL)
        check_maps(wanted);
}

__attribute__((constructor)) static void check_runtime(void)
{
    const char *expect = getenv("GOMPX_TEST_EXPECT");
    char wanted[PATH_MAX], seen[PATH_MAX];
    void *symbol = dlsym(RTLD_DEFAULT, "omp_get_thread_num");
    Dl_info info;

    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* lets tests/run attach gdb to a hanging program */
    if (expect == NULL || getenv("GOMPX_TEST_LATER") != NULL)
        return;
    if (realpath(expect, wanted) == NULL)
        wrong("no such library", expect, "the library under test");
    if (symbol == NULL || dladdr(symbol, &info) == 0 || realpath(info.dli_fname, seen) == NULL)
        wrong("no omp_get_thread_num", "nothing", wanted);
    if (strcmp(seen, wanted) != 0)
        wrong("omp_get_thread_num comes from", seen, wanted);
    if (strstr(expect, "/libgomp.so") != NULL)
        check_maps(wanted);
}
