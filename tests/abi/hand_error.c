/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * GOMP_warning and GOMP_error: a warning goes on, an error ends the program with status 1 after its exit handlers.
 *
 * run: threads=1,3 opt=2 pin=no policy=default
 * run+: env=HOW=warning expect-stderr="error directive encountered: careful$"
 * run+: env=HOW=plain_warning expect-stderr="error directive encountered$"
 * run+: env=HOW=fortran_warning expect-stderr="error directive encountered: care$"
 * run+: env=HOW=error expect-exit=1 expect-stderr="fatal error: .*encountered: stop" expect-stdout=handler
 * run+: env=HOW=in_region expect-exit=1 expect-stderr="fatal error: .*encountered$" expect-stdout=handler */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

static void handler(void)
{
    printf("handler\n");
}

static void error_in_region(void *unused)
{
    (void)unused;
    if (GOMP_single_start())
        GOMP_error(NULL, 0);
    GOMP_barrier();
}

int main(void)
{
    const char *how = getenv("HOW");

    atexit(handler);
    if (strcmp(how, "warning") == 0)
        GOMP_warning("careful", (size_t)-1);
    else if (strcmp(how, "plain_warning") == 0)
        GOMP_warning(NULL, 0);
    else if (strcmp(how, "fortran_warning") == 0)
        GOMP_warning("careful", 4);
    else if (strcmp(how, "error") == 0)
        GOMP_error("stop", (size_t)-1);
    else
        GOMP_parallel(error_in_region, NULL, 0, 0);
    return 0;
}
