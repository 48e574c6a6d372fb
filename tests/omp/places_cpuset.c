/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A cpuset that shrinks under a running program and grows again: threads go on where they can, with one warning at most.  Needs
 * a cpuset hierarchy (control groups v1) that the test may write to.
 *
 * run: threads=2 opt=2 pin=no policy=default modes=path
 * run: gompx-only="libgomp says nothing and reports places that threads are not on"
 * run+: env=PLACES=a,b expect-stderr="^(\nlibgomp: Cannot bind a thread to CPUs [0-9]+: Invalid argument;[^\n]*\n)?$" */
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/omp/places.h"

static char folder[100];

static int put(const char *file, const char *text)
{
    char path[200];
    FILE *out;
    int done;

    snprintf(path, sizeof path, "%s/%s", folder, file);
    out = fopen(path, "w");
    if (!out)
        return 0;
    done = fputs(text, out) >= 0;
    return fclose(out) == 0 && done;
}

static int group_make(void)
{
    char cpus[40], self[20];

    snprintf(folder, sizeof folder, "/sys/fs/cgroup/cpuset/gompx-test-%d", (int)getpid());
    snprintf(cpus, sizeof cpus, "%d,%d", places_cpu[0], places_cpu[1]);
    snprintf(self, sizeof self, "%d", (int)getpid());
    return mkdir(folder, 0700) == 0 && put("cpuset.cpus", cpus) && put("cpuset.mems", "0") && put("cgroup.procs", self);
}

static void cpus_left(int mask)
{
    char cpus[40];

    snprintf(cpus, sizeof cpus, mask == CPU_AB ? "%d,%d" : "%d", places_cpu[mask == CPU_B], places_cpu[1]);
    CHECK(put("cpuset.cpus", cpus));
}

static void team(int threads, int allowed)
{
    int seen = 0;

#pragma omp parallel num_threads(threads) reduction(| : seen)
    seen |= places_mask();
    CHECK(seen != 0 && (seen & ~allowed) == 0);
}

static void play(void)
{
    team(2, CPU_AB);
    cpus_left(CPU_B);
    for (int threads = 2; threads < 6; threads++)
        team(threads, CPU_B);
    CHECK_EQ(omp_get_place_num(), 1);
    cpus_left(CPU_AB);
    for (int threads = 2; threads < 6; threads++)
        team(threads, CPU_AB);
    cpus_left(CPU_A);
    for (int threads = 8; threads > 1; threads -= 2)
        team(threads, CPU_A);
}

/* The group can be removed when nobody is in it: the work is done by a child. */
int main(int argc, char **argv)
{
    int status = -1;
    pid_t pid;

    (void)argc;
    places_start(argv);
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        if (!group_make())
            _exit(CHECK_SKIPPED);
        play();
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    snprintf(folder, sizeof folder, "/sys/fs/cgroup/cpuset/gompx-test-%d", (int)pid);
    rmdir(folder);
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHECK_SKIPPED)
        printf("no cpuset of our own\n");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
