/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Prints the files that serve entry points of OpenMP and OpenACC here: linked and started like the programs of the
 * suite, it tells which runtime they have. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    const char *const entries[] = {"GOMP_parallel", "GOMP_task", "GOACC_parallel_keyed", "omp_get_thread_num",
                                   "acc_init"};

    for (unsigned i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        void *const symbol = dlsym(RTLD_DEFAULT, entries[i]);
        char path[PATH_MAX];
        Dl_info info;
        if (symbol == NULL || dladdr(symbol, &info) == 0 || realpath(info.dli_fname, path) == NULL)
            return 1;
        puts(path);
    }
    return 0;
}
