/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Calls before main, from ever earlier on, in programs that are linked in several ways: in constructors, in those of a
 * library that is opened late, and before the constructors of all libraries.
 *
 * run: lib=early_calls_lib.c threads=3 pin=no policy=default modes=path,preload,link
 * run+:
 * run+: env=LD_BIND_NOW=1
 * run+: libs=-Wl,-z,now opt=2
 * run+: libs=-Wl,-z,lazy opt=2
 * run+: libs="-Wl,--no-as-needed -lgomp -lgomp" opt=2
 * run+: cflags="-fno-pie -no-pie" opt=2
 * run+: cflags=-DPREINIT gompx-only="libgomp has not read its environment by then" */
#include <dlfcn.h>

#include "check.h"

static int first, early, late;

/* The members of a region, whose number the environment gave; 0 if a member was not there. */
static int members(void)
{
    int n = 0, highest = 0;

#pragma omp parallel reduction(+ : n) reduction(max : highest)
    {
        n++;
        highest = omp_get_thread_num() + 1;
#pragma omp barrier
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 20; i++)
            highest += 0;
    }
    return n == highest && n == omp_get_max_threads() ? n : 0;
}

#ifdef PREINIT
static void before_all(int argc, char **argv, char **env)
{
    (void)argc;
    (void)argv;
    (void)env;
    first = members();
}

/* Runs when no library's constructor has. */
__attribute__((section(".preinit_array"), used)) static void (*const preinit)(int, char **, char **) = before_all;
#endif

__attribute__((constructor(101))) static void at_first(void)
{
    early = members();
}

__attribute__((constructor)) static void at_last(void)
{
    late = members();
}

int main(void)
{
    int wanted = atoi(getenv("OMP_NUM_THREADS"));
    void *handle = dlopen(getenv("GOMPX_TEST_LIB"), RTLD_NOW | RTLD_LOCAL);

    if (handle == NULL)
        fprintf(stderr, "%s\n", dlerror());
    CHECK(handle != NULL);
    CHECK_EQ(*(int *)dlsym(handle, "early_calls_members"), wanted);
#ifdef PREINIT
    CHECK_EQ(first, wanted);
#else
    CHECK_EQ(first, 0);
#endif
    CHECK_EQ(early, wanted);
    CHECK_EQ(late, wanted);
    CHECK_EQ(members(), wanted);
    CHECK_EQ(dlclose(handle), 0);
    return 0;
}
