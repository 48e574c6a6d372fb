/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The library that dlopen.c and dlopen_runtime.c load and unload. */
#include <omp.h>

static int kept;
#pragma omp threadprivate(kept)

long dlopen_lib_sum(int n);

/* The sum of 0 .. n - 1, by a region; -1 if something in it went wrong. */
long dlopen_lib_sum(int n)
{
    long sum = 0;
    int wrong = 0;

#pragma omp parallel reduction(+ : sum, wrong)
    {
        kept = omp_get_thread_num();
#pragma omp for schedule(dynamic, 7)
        for (int i = 0; i < n; i++)
            sum += i;
#pragma omp critical(dlopen_lib)
        wrong += kept != omp_get_thread_num();
    }
    return wrong ? -1 : sum;
}
