/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The library that early_calls.c opens: its constructor runs a region. */
extern int early_calls_members;
int early_calls_members;

__attribute__((constructor)) static void count(void)
{
    int n = 0;

#pragma omp parallel reduction(+ : n)
    n++;
    early_calls_members = n;
}
