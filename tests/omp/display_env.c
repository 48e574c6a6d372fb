/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_DISPLAY_ENV and omp_display_env: the frame and the values of the settings; OMP_DISPLAY_AFFINITY: a line per
 * thread.
 *
 * run: opt=2 threads=2 pin=no policy=default modes=path
 * run+: env=OMP_DISPLAY_ENV=true expect-stderr="OPENMP DISPLAY ENVIRONMENT BEGIN[\s\S]*OPENMP DISPLAY ENVIRONMENT END"
 * run+: env=OMP_DISPLAY_ENV=TRUE env=OMP_NUM_THREADS=3,4 expect-stderr="OMP_NUM_THREADS = '3,4'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_SCHEDULE=guided,4 expect-stderr="OMP_SCHEDULE = 'GUIDED,4'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_SCHEDULE=static expect-stderr="OMP_SCHEDULE = 'STATIC'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_WAIT_POLICY=active expect-stderr="OMP_WAIT_POLICY = 'ACTIVE'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_DYNAMIC=true expect-stderr="OMP_DYNAMIC = 'TRUE'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_CANCELLATION=true expect-stderr="OMP_CANCELLATION = 'TRUE'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_STACKSIZE=2M expect-stderr="OMP_STACKSIZE = '2097152'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_THREAD_LIMIT=7 expect-stderr="OMP_THREAD_LIMIT = '7'"
 * run+: env=OMP_DISPLAY_ENV=true env=OMP_MAX_ACTIVE_LEVELS=5 expect-stderr="OMP_MAX_ACTIVE_LEVELS = '5'"
 * run+: env=OMP_DISPLAY_ENV=verbose env=GOMP_SPINCOUNT=1234 expect-stderr="GOMP_SPINCOUNT = '1234'"
 * run+: env=OMP_DISPLAY_ENV=verbose env=GOMP_STACKSIZE=64 env=OMP_STACKSIZE=64 expect-stderr="GOMP_STACKSIZE = '65536'"
 * run+: env=CALL=1 expect-stderr="_OPENMP = '20\d\d\d\d'[\s\S]*ENVIRONMENT END"
 * run+: env=OMP_DISPLAY_AFFINITY=true env=OMP_AFFINITY_FORMAT=%n/%N expect-stderr="^0/2[\s\S]*^1/2" */
#include "check.h"

void omp_display_env(int verbose);      /* omp.h has it since gcc 12 */

int main(void)
{
    int n = 0;

    if (getenv("CALL") != NULL)
        omp_display_env(0);
#pragma omp parallel reduction(+ : n)
    n++;
    CHECK(n == omp_get_max_threads() || omp_get_dynamic());
    return 0;
}
