/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A child that forks after a region, then runs another program or ends without any region, disturbs nobody. */
#include <sys/wait.h>

#include "check.h"

static void a_region(void)
{
    int n = 0;

#pragma omp parallel reduction(+ : n)
    n++;
    CHECK_EQ(n, omp_get_max_threads());
}

static int status_of(pid_t child)
{
    int status = -1;

    CHECK(child > 0);
    CHECK_EQ(waitpid(child, &status, 0), child);
    return status;
}

int main(void)
{
    for (int i = 0; i < 5; i++) {
        pid_t child;

        a_region();
        child = fork();
        if (child == 0)
            exit(i);
        CHECK_EQ(status_of(child), i << 8);
        a_region();
        child = fork();
        if (child == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(127);
        }
        CHECK_EQ(status_of(child), 0);
        CHECK_EQ(system("exit 3"), 3 << 8);
    }
    a_region();
    return 0;
}
