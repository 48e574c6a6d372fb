/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A forked child keeps its thread's place and deals its own teams, forked outside or inside a region, by the main thread or by
 * a worker.
 *
 * run: threads=4 opt=2 pin=no policy=default modes=path,preload
 * run: gompx-only="libgomp's child hangs in its first region (PR60035)"
 * run+: env=PLACES=a,b
 * run+: env=PLACES=a,b,ab env=BIND=spread */
#include <sys/wait.h>

#include "tests/omp/places.h"

static void team(int primary)
{
    int told[4] = { -1, -1, -1, -1 };

#pragma omp parallel num_threads(3)
    {
        int first, count;

        places_here(&first, &count);
        told[omp_get_thread_num()] = omp_get_place_num();
    }
    CHECK_EQ(told[0], primary);
    CHECK(told[1] >= 0 && told[2] >= 0);
}

static void child(int place)
{
    pid_t pid = fork();
    int status = -1;

    CHECK(pid >= 0);
    if (pid == 0) {
        CHECK_EQ(omp_get_place_num(), place);
        CHECK_EQ(places_mask(), places_of(place));
        omp_set_max_active_levels(3);
        team(place);
        team(place);
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    places_start(argv);
    team(0);
    child(0);
#pragma omp parallel num_threads(3)
    for (int t = 0; t < 3; t++) {
        if (omp_get_thread_num() == t)
            child(omp_get_place_num());
#pragma omp barrier
    }
    team(0);
    return 0;
}
