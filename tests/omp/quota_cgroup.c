/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A CPU quota of a real control group, made for the test below the one that the process is in: the number of CPUs, the
 * default team, GOMPX_QUOTA=ignore, and what OMP_DISPLAY_ENV=verbose says about it.  Skipped where no group can be made: that
 * takes root or delegation, and under version 2 the cpu controller in the parent's cgroup.subtree_control.
 *
 * run: opt=2 threads=2 pin=no policy=default modes=path gompx-only="libgomp knows no quotas" */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/omp/check.h"

static char group[600];

static int put(const char *file, const char *text)
{
    char path[700];
    int fd, done;

    snprintf(path, sizeof path, "%s/%s", group, file);
    fd = open(path, O_WRONLY);
    if (fd < 0)
        return 0;
    done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return done;
}

/* The path of this process in the hierarchy that /proc/self/cgroup lists with this field between the colons. */
static int own_path(const char *controllers, char *path, size_t size)
{
    char line[512], wanted[64];
    FILE *in = fopen("/proc/self/cgroup", "r");
    int found = 0;

    snprintf(wanted, sizeof wanted, ":%s:", controllers);
    while (in && !found && fgets(line, sizeof line, in)) {
        char *at = strstr(line, wanted);

        line[strcspn(line, "\n")] = '\0';
        if (at) {
            snprintf(path, size, "%s", strcmp(at + strlen(wanted), "/") == 0 ? "" : at + strlen(wanted));
            found = 1;
        }
    }
    if (in)
        fclose(in);
    return found;
}

/* Makes the group in this hierarchy if it limits CPUs. */
static int make_in(const char *mount, const char *controllers, const char *quota_file)
{
    char path[400], file[700];

    if (!own_path(controllers, path, sizeof path))
        return 0;
    snprintf(group, sizeof group, "%s%s/gompx-test-%d", mount, path, (int)getpid());
    if (mkdir(group, 0755) != 0)
        return 0;
    snprintf(file, sizeof file, "%s/%s", group, quota_file);
    if (access(file, W_OK) == 0)
        return 1;
    rmdir(group);
    return 0;
}

static int version;

static int make_group(void)
{
    version = 2;
    if (make_in("/sys/fs/cgroup", "", "cpu.max"))
        return 1;
    version = 1;
    return make_in("/sys/fs/cgroup/cpu", "cpu", "cpu.cfs_quota_us")
        || make_in("/sys/fs/cgroup/cpu,cpuacct", "cpu,cpuacct", "cpu.cfs_quota_us")
        || make_in("/sys/fs/cgroup/cpuacct,cpu", "cpuacct,cpu", "cpu.cfs_quota_us");
}

static int set_quota(int percent)
{
    char text[64];

    snprintf(text, sizeof text, version == 2 ? "%d 100000" : "%d", percent * 1000);
    return version == 2 ? put("cpu.max", text) : put("cpu.cfs_period_us", "100000") && put("cpu.cfs_quota_us", text);
}

/* Runs this program once more, inside the group; its stderr lands in `text`. */
static int run_inside(const char *quota, char *text, size_t size)
{
    FILE *out = tmpfile();
    int status;
    pid_t child;

    CHECK(out != NULL);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (!put("cgroup.procs", "0"))
            _exit(99);
        dup2(fileno(out), STDERR_FILENO);
        setenv("INSIDE", "1", 1);
        setenv("OMP_DISPLAY_ENV", "verbose", 1);
        setenv("GOMPX_QUOTA", quota, 1);
        unsetenv("OMP_NUM_THREADS");
        execl("/proc/self/exe", "quota_cgroup", (char *)NULL);
        _exit(98);
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    rewind(out);
    text[fread(text, 1, size - 1, out)] = '\0';
    fclose(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

/* The number of CPUs, provided that everything that depends on it agrees. */
static int inside(void)
{
    int team = 0;

#pragma omp parallel reduction(+ : team)
    team++;
    CHECK_EQ(omp_get_max_threads(), omp_get_num_procs());
    CHECK_EQ(team, omp_get_num_procs());
    return team < 90 ? team : 90;
}

static const char *compare(int percent, const char *quota, int cpus, const char *said)
{
    static char problem[4096];
    char text[3500];
    int got;

    if (!set_quota(percent))
        return "the quota cannot be set";
    got = run_inside(quota, text, sizeof text);
    if (got == cpus && strstr(text, said))
        return NULL;
    snprintf(problem, sizeof problem, "quota of %d %% (%s): %d CPUs, not %d with \"%s\"\n%s", percent, quota, got, cpus, said,
             text);
    return problem;
}

int main(void)
{
    const char *problem;
    int all = check_cpus();

    if (getenv("INSIDE"))
        return inside();
    if (!make_group()) {
        printf("no control group with a CPU quota can be made here\n");
        return CHECK_SKIPPED;
    }
    problem = compare(50, "use", 1, all > 1 ? "1, decided by cgroup quota" : "cgroup quota: 0.500 CPUs");
    if (!problem)
        problem = compare(150, "use", all < 2 ? all : 2, "cgroup quota: 1.500 CPUs");
    if (!problem)
        problem = compare(50, "ignore", all < 90 ? all : 90, "decided by affinity mask");
    rmdir(group);
    if (problem)
        fprintf(stderr, "%s\n", problem);
    return problem != NULL;
}
