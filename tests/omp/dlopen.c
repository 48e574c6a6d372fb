/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A library that uses OpenMP is loaded, used and unloaded a hundred times, by a program that uses OpenMP itself and, in
 * between, by threads that come and go.
 *
 * run: lib=dlopen_lib.c */
#include <dlfcn.h>
#include <pthread.h>

#include "check.h"

static const char *path;

static long use_once(int n)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    long (*sum)(int) = NULL;
    long result;

    if (handle == NULL)
        fprintf(stderr, "%s\n", dlerror());
    CHECK(handle != NULL);
    *(void **)&sum = dlsym(handle, "dlopen_lib_sum");
    CHECK(sum != NULL);
    result = sum(n);
    CHECK_EQ(dlclose(handle), 0);
    return result;
}

static void *user(void *unused)
{
    for (int i = 0; i < 3; i++)
        CHECK_EQ(use_once(100), 4950);
    return unused;
}

int main(void)
{
    path = getenv("GOMPX_TEST_LIB");
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(use_once(100 + i), (100L + i) * (99 + i) / 2);
        if (i % 10 == 5) {
            pthread_t thread;

            CHECK_EQ(pthread_create(&thread, NULL, user, NULL), 0);
#pragma omp parallel
            check_work(10);
            pthread_join(thread, NULL);
        }
    }
    return 0;
}
