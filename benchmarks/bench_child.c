/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * This program as a process of its own, with a pipe for what it measured; see bench.h. */
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The environment with `setting` in place of the variable of that name; to be freed. */
static char **environment_with(const char *setting)
{
    size_t count = 0, kept = 0, name = strcspn(setting, "=") + 1;

    while (environ[count])
        count++;
    char **changed = malloc((count + 2) * sizeof *changed);
    if (!changed)
        bench_fail("no memory for the environment of a child");
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], setting, name) != 0)
            changed[kept++] = environ[i];
    changed[kept++] = (char *)setting;
    changed[kept] = NULL;
    return changed;
}

void bench_end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

struct bench_child bench_spawn(const char *first, const char *second, const char *setting)
{
    char *arguments[] = {program_invocation_name, (char *)first, (char *)second, NULL};
    char **variables = setting ? environment_with(setting) : NULL;
    posix_spawn_file_actions_t actions;
    struct bench_child child;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        bench_fail("pipe: %s", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    child.started = bench_now();
    int error = posix_spawn(&child.pid, "/proc/self/exe", &actions, NULL, arguments, variables ? variables : environ);
    if (error)
        bench_fail("/proc/self/exe: %s", strerror(error));
    posix_spawn_file_actions_destroy(&actions);
    free(variables);
    close(ends[1]);
    child.out = ends[0];
    return child;
}

int64_t bench_reap(struct bench_child *child, void *result, size_t size)
{
    size_t got = 0;
    ssize_t more;
    int status;

    while (waitpid(child->pid, &status, 0) < 0)
        if (errno != EINTR)
            bench_fail("waitpid: %s", strerror(errno));
    int64_t elapsed = bench_now() - child->started;
    while (got < size && (more = read(child->out, (char *)result + got, size - got)) > 0)
        got += (size_t)more;
    if (status != 0 || got < size)
        bench_fail("a child ended with wait status %d and %zu bytes of %zu", status, got, size);
    close(child->out);
    return elapsed;
}
