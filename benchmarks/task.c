/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does a task cost?  The bodies do next to nothing, so a row is the price of creating a task, of finding somebody
 * to run it, and of waiting for it.  Wall time per task where one thread creates them and in fib; where all threads
 * create, each creates n, and the row is the time of a thread per task of its own.
 *
 * A runtime may run a task at once, inside the construct that creates it: that is cheap, but nobody can help, and the
 * creator does not get on.  So the rows named .at_once say beside the time which share of the tasks began on the
 * creating thread before the construct was over, and those named .busiest which share the busiest thread ran.
 *
 * Every row counts its tasks or checks what they did: a runtime that loses tasks would be a fast one. */
#define _GNU_SOURCE
#include "task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ACCOUNTS = 4096 };

static struct task_account accounts[MAX_ACCOUNTS];
static int accounts_used;
__thread struct task_account *task_own_account;

struct task_account *task_open_account(void)
{
    int number = __atomic_fetch_add(&accounts_used, 1, __ATOMIC_RELAXED);

    if (number >= MAX_ACCOUNTS)
        bench_fail("more than %d threads", MAX_ACCOUNTS);
    return task_own_account = &accounts[number];
}

struct task_shares task_expect(long n)
{
    long ran = 0, at_once = 0, busiest = 0;

    for (int i = 0; i < accounts_used; i++) {
        ran += accounts[i].ran;
        at_once += accounts[i].at_once;
        busiest = accounts[i].ran > busiest ? accounts[i].ran : busiest;
        accounts[i].ran = accounts[i].at_once = 0;
    }
    if (ran != n)
        bench_fail("%s: %ld tasks were created, %ld ran", bench_current->name, n, ran);
    return (struct task_shares){100.0 * (double)at_once / (double)n, 100.0 * (double)busiest / (double)n};
}

void task_report_share(const char *what, const double *samples, int count)
{
    char row[64];

    snprintf(row, sizeof row, "%s.%s", bench_current->name, what);
    bench_result(row, bench_current->kind == BENCH_SOLO ? 1 : bench_threads, "%", "low", "-", 1, samples, count);
}

int task_shares_wanted(void)
{
    return bench_samples < TASK_MAX_SHARES ? bench_samples : TASK_MAX_SHARES;
}

/* ---- the serial times of those rows that have some work ---- */

static void serial_times(const struct bench_case *c)
{
    double samples[3];

    if (strcmp(c->floor, "serial") != 0)
        return;
    for (int i = 0; i < 3; i++) {
        int64_t start = bench_now();
        if (c->special == taskloop_256) {
            for (int j = 0; j < TASK_CHUNKS; j++)
                task_chunk_work();
            samples[i] = (double)(bench_now() - start);
        } else {
            long result = task_fib_serial(TASK_FIB);
            bench_keep(&result);
            samples[i] = (double)(bench_now() - start) / (double)task_fib_creators();
            if (c->special == fib_two_tasks || c->special == fib_two_one_thread)
                samples[i] /= 2;
        }
    }
    bench_record("serial", c->name, samples, 3);
}

#define TEAM(f, floor, about) {#f, BENCH_TEAM, floor, f, 0, 0, about}
#define SOLO(f, about) {#f, BENCH_SOLO, "rmw", f, 0, 0, about}
#define SPECIAL(f, kind, floor, about) {#f, kind, floor, 0, 0, f, about}

static const struct bench_case cases[] = {
    SPECIAL(fib_two_tasks, BENCH_TEAM, "serial", "fib(24), two tasks a call, no cut-off: per task"),
    SPECIAL(fib_one_task, BENCH_TEAM, "serial", "fib(24), one task a call"),
    SPECIAL(fib_two_one_thread, BENCH_SOLO, "serial", "fib(24), two tasks a call, in a team of one"),
    SPECIAL(fib_one_one_thread, BENCH_SOLO, "serial", "fib(24), one task a call, in a team of one"),
    SPECIAL(produce_one, BENCH_TEAM, "rmw", "empty tasks of one thread, the others at the barrier"),
    SPECIAL(produce_all, BENCH_TEAM, "rmw", "empty tasks of every thread: a thread's time per task"),
    SPECIAL(burst_one, BENCH_TEAM, "rmw", "the same by one thread, a taskwait after every 32"),
    SPECIAL(burst_all, BENCH_TEAM, "rmw", "the same by every thread, a taskwait after every 32"),
    TEAM(priority, "rmw", "empty tasks of one thread, priorities 0 to 3 by turns"),
    TEAM(taskwait_one, "rmw", "a task and a taskwait by one thread"),
    TEAM(taskwait_all, "rmw", "a task and a taskwait by every thread"),
    TEAM(taskwait_empty, "rmw", "a taskwait with nothing to wait for"),
    TEAM(taskgroup_empty, "rmw", "a taskgroup without a task"),
    TEAM(taskgroup_one, "rmw", "a taskgroup with one task, by one thread"),
    TEAM(depend_chain, "rmw", "tasks of one thread, each depends on the one before"),
    TEAM(depend_independent, "rmw", "tasks of one thread, each with an object of its own"),
    TEAM(if_false, "rmw", "tasks with if(0)"),
    TEAM(in_final, "rmw", "tasks inside a final task"),
    SOLO(no_region, "tasks outside any region"),
    SOLO(team_of_one, "tasks in a team of one"),
    SPECIAL(taskloop_1, BENCH_TEAM, "rmw", "an iteration of a taskloop, grainsize(1), next to no body"),
    SPECIAL(taskloop_256, BENCH_TEAM, "serial", "a taskloop of 256 tasks of 78 us"),
    {0},
};

/* The largest priority is read from the environment when the runtime is loaded, so this program starts itself again
 * if it is to measure priorities without one. */
static void ensure_priorities(char **argv)
{
    int wanted = 0;

    for (char **name = argv + 1; *name; name++)
        wanted |= strcmp(*name, "priority") == 0;
    if (!wanted || getenv("OMP_MAX_TASK_PRIORITY"))
        return;
    setenv("OMP_MAX_TASK_PRIORITY", "3", 1);
    execv("/proc/self/exe", argv);
    bench_fail("cannot start myself again");
}

int main(int argc, char **argv)
{
    ensure_priorities(argv);
    bench_before = serial_times;
    return bench_main(argc, argv, cases);
}
