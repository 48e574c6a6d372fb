/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The runtime itself comes by dlopen: this program is not linked with it. Its thread-local data must find room, idle
 * workers must survive (or end) when the last library that uses the runtime is unloaded, and a fresh load must work.
 *
 * run: cflags="-fno-openmp" lib=dlopen_lib.c modes=path policy=passive,default env=GOMPX_TEST_LATER=1
 * run: gompx-only="unloading libgomp under its sleeping workers is not safe" */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *path;

void mapped_check_maps(void);       /* in mapped.c */

static void use_once(int n)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    long (*sum)(int) = NULL;

    if (handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        _exit(1);
    }
    *(void **)&sum = dlsym(handle, "dlopen_lib_sum");
    if (sum == NULL || sum(n) != (long)n * (n - 1) / 2) {
        fprintf(stderr, "wrong sum of %d\n", n);
        _exit(1);
    }
    mapped_check_maps();
    dlclose(handle);
}

static void *user(void *unused)
{
    use_once(50);
    return unused;
}

int main(void)
{
    path = getenv("GOMPX_TEST_LIB");
    for (int i = 0; i < 100; i++) {
        pthread_t thread;

        use_once(i + 1);
        if (i % 10 == 0)
            usleep(2000);
        if (i % 7 == 0 && pthread_create(&thread, NULL, user, NULL) == 0)
            pthread_join(thread, NULL);
    }
    return 0;
}
