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
#include "bench.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MAX_ACCOUNTS = 4096,
    MAX_SHARES = 100,
    BURST = 32,       /* fewer than the 64 tasks per thread past which libgomp runs tasks at once */
    FIB = 24,
    CHUNKS = 256,     /* of a taskloop ... */
    CHUNK_NS = 78000, /* ... of so much work each */
    OBJECTS = 1 << 16,
};

/* ---- who ran what ---- */

/* One per thread, written by it alone; read when all tasks are done. */
struct account {
    long ran;      /* tasks this thread has run since expect() was called last */
    long at_once;  /* those that it began inside the construct that created them */
    long created;  /* marked tasks, ever */
    long creating; /* the marked task whose construct this thread is in, counted from 1; 0: in none */
} __attribute__((aligned(128)));

static struct account accounts[MAX_ACCOUNTS];
static int accounts_used;
static __thread struct account *own_account;

static __attribute__((noinline)) struct account *open_account(void)
{
    int number = __atomic_fetch_add(&accounts_used, 1, __ATOMIC_RELAXED);

    if (number >= MAX_ACCOUNTS)
        bench_fail("more than %d threads", MAX_ACCOUNTS);
    return own_account = &accounts[number];
}

static inline struct account *account(void)
{
    struct account *a = own_account;

    return a ? a : open_account();
}

static inline void note_run(void)
{
    account()->ran++;
}

/* Around the construct that creates a marked task: id = mark(me), the construct, unmark(me). */
static inline long mark(struct account *me)
{
    return me->creating = ++me->created;
}

static inline void unmark(struct account *me)
{
    me->creating = 0;
}

static inline void note_marked_run(const struct account *creator, long id)
{
    struct account *a = account();

    a->ran++;
    a->at_once += a == creator && a->creating == id;
}

struct shares {
    double at_once, busiest; /* percent of the tasks */
};

/* To be called after a region that was to run n tasks. */
static struct shares expect(long n)
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
    return (struct shares){100.0 * (double)at_once / (double)n, 100.0 * (double)busiest / (double)n};
}

/* A second row for the current case, in percent. */
static void report_share(const char *what, const double *samples, int count)
{
    char row[64];

    snprintf(row, sizeof row, "%s.%s", bench_current->name, what);
    bench_result(row, bench_current->kind == BENCH_SOLO ? 1 : bench_threads, "%", "low", "-", 1, samples, count);
}

/* ---- empty tasks ---- */

/* With a burst, a taskwait after so many tasks. */
static inline __attribute__((always_inline)) void produce(long n, int burst, int marked)
{
    struct account *me = account();

    for (long i = 0; i < n; i++) {
        if (marked) {
            long id = mark(me);
#pragma omp task firstprivate(me, id)
            note_marked_run(me, id);
            unmark(me);
        } else {
#pragma omp task
            note_run();
        }
        if (burst && i % burst == burst - 1) {
#pragma omp taskwait
        }
    }
}

/* Two tests, the second for .at_once, and the case that runs both.  `creators`: how many threads create n tasks each. */
#define PRODUCE(name, who, creators, burst)                                                                            \
    static void name##_timed(long n)                                                                                   \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            who produce(n, burst, 0);                                                                                  \
        }                                                                                                              \
        expect(n * (creators));                                                                                        \
    }                                                                                                                  \
    static void name##_marked(long n)                                                                                  \
    {                                                                                                                  \
        _Pragma("omp parallel firstprivate(n)")                                                                        \
        {                                                                                                              \
            who produce(n, burst, 1);                                                                                  \
        }                                                                                                              \
    }                                                                                                                  \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        measure_production(name##_timed, name##_marked, creators);                                                     \
    }

static int count_of_shares(void)
{
    return bench_samples < MAX_SHARES ? bench_samples : MAX_SHARES;
}

/* The share is that of as many tasks as a sample of the time has. */
static void measure_production(void (*test)(long), void (*marked)(long), int creators)
{
    struct bench_case c = *bench_current;
    double at_once[MAX_SHARES];
    int count = count_of_shares();

    c.test = test;
    long n = bench_measure(&c);
    for (int i = 0; i < count; i++) {
        marked(n);
        at_once[i] = expect(n * creators).at_once;
    }
    report_share("at_once", at_once, count);
}

#define ONE_THREAD _Pragma("omp single")

PRODUCE(produce_one, ONE_THREAD, 1, 0)
PRODUCE(produce_all, , bench_threads, 0)
PRODUCE(burst_one, ONE_THREAD, 1, BURST)
PRODUCE(burst_all, , bench_threads, BURST)

/* Priorities 0 to 3 by turns.  They count only with OMP_MAX_TASK_PRIORITY in the environment; see main(). */
static void priority(long n)
{
    if (omp_get_max_task_priority() < 3)
        bench_fail("priority: the largest priority is %d", omp_get_max_task_priority());
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task priority(i % 4)
        note_run();
    }
    expect(n);
}

/* ---- fib: every call creates tasks and waits for them ---- */

static long fib_serial(int n)
{
    return n < 2 ? n : fib_serial(n - 1) + fib_serial(n - 2);
}

/* Two tasks a call. */
static long fib_two(int n)
{
    long x, y;

    if (n < 2)
        return n;
#pragma omp task shared(x)
    x = fib_two(n - 1);
#pragma omp task shared(y)
    y = fib_two(n - 2);
#pragma omp taskwait
    return x + y;
}

static long fib_two_marked(int n)
{
    struct account *me = account();
    long x, y, id;

    if (n < 2)
        return n;
    id = mark(me);
#pragma omp task shared(x) firstprivate(me, id)
    {
        note_marked_run(me, id);
        x = fib_two_marked(n - 1);
    }
    id = mark(me);
#pragma omp task shared(y) firstprivate(me, id)
    {
        note_marked_run(me, id);
        y = fib_two_marked(n - 2);
    }
    unmark(me);
#pragma omp taskwait
    return x + y;
}

/* One task a call; the call itself does the other half. */
static long fib_one(int n)
{
    long x, y;

    if (n < 2)
        return n;
#pragma omp task shared(x)
    x = fib_one(n - 1);
    y = fib_one(n - 2);
#pragma omp taskwait
    return x + y;
}

static void run_fib(long (*fib)(int), int threads)
{
    long result = 0;

#pragma omp parallel num_threads(threads) shared(result)
#pragma omp single
    result = fib(FIB);
    if (result != fib_serial(FIB))
        bench_fail("fib(%d) = %ld?", FIB, result);
}

static void fib_two_team(void)
{
    run_fib(fib_two, bench_threads);
}

static void fib_one_team(void)
{
    run_fib(fib_one, bench_threads);
}

static void fib_two_alone(void)
{
    run_fib(fib_two, 1);
}

static void fib_one_alone(void)
{
    run_fib(fib_one, 1);
}

/* fib(n) makes 2 fib(n + 1) - 1 calls; fib(n + 1) - 1 of them have n >= 2 and create tasks. */
static long fib_creators(void)
{
    return fib_serial(FIB + 1) - 1;
}

static void fib_two_tasks(void)
{
    double at_once[MAX_SHARES];
    int count = (count_of_shares() + 3) / 4;

    bench_measure_fixed(bench_current, fib_two_team, 2 * fib_creators(), (bench_samples + 1) / 2);
    for (int i = 0; i < count; i++) {
        run_fib(fib_two_marked, bench_threads);
        at_once[i] = expect(2 * fib_creators()).at_once;
    }
    report_share("at_once", at_once, count);
}

static void fib_one_task(void)
{
    bench_measure_fixed(bench_current, fib_one_team, fib_creators(), (bench_samples + 1) / 2);
}

static void fib_two_one_thread(void)
{
    bench_measure_fixed(bench_current, fib_two_alone, 2 * fib_creators(), (bench_samples + 1) / 2);
}

static void fib_one_one_thread(void)
{
    bench_measure_fixed(bench_current, fib_one_alone, fib_creators(), (bench_samples + 1) / 2);
}

/* ---- waiting ---- */

/* One task, and a wait for it; the task leaves something that shows that it was waited for. */
static inline __attribute__((always_inline)) void create_and_wait(long n)
{
    for (long i = 0; i < n; i++) {
        long seen = -1;
#pragma omp task shared(seen)
        seen = i;
#pragma omp taskwait
        if (seen != i)
            bench_fail("%s: a taskwait let a task pass", bench_current->name);
    }
}

static void taskwait_one(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    create_and_wait(n);
}

static void taskwait_all(long n)
{
#pragma omp parallel firstprivate(n)
    create_and_wait(n);
}

static void taskwait_empty(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp taskwait
        bench_keep(&i);
    }
}

static void taskgroup_empty(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp taskgroup
        bench_keep(&i);
    }
}

static void taskgroup_one(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
        long seen = -1;
#pragma omp taskgroup
        {
#pragma omp task shared(seen)
            seen = i;
        }
        if (seen != i)
            bench_fail("taskgroup_one: a taskgroup let a task pass");
    }
}

/* ---- dependences ---- */

static void depend_chain(long n)
{
    long link = 0;

#pragma omp parallel firstprivate(n) shared(link)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task depend(inout : link) shared(link) firstprivate(i)
        {
            if (link != i)
                bench_fail("depend_chain: task %ld ran when %ld were done", i, link);
            link = i + 1;
        }
    }
}

/* Objects come round again after 65536 tasks, when their last task is long done as a rule. */
static void depend_independent(long n)
{
    static char objects[OBJECTS];

    bench_keep(objects);
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task depend(out : objects[i % OBJECTS])
        note_run();
    }
    expect(n);
}

/* ---- tasks that are not deferred ---- */

static void if_false(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp task if (bench_threads < 0)
        note_run();
    }
    expect(n);
}

static void in_final(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
#pragma omp task final(bench_threads > 0)
    for (long i = 0; i < n; i++) {
#pragma omp task
        note_run();
    }
    expect(n);
}

static void no_region(long n)
{
    for (long i = 0; i < n; i++) {
#pragma omp task
        note_run();
    }
    expect(n);
}

static void team_of_one(long n)
{
#pragma omp parallel num_threads(1) firstprivate(n)
    for (long i = 0; i < n; i++) {
#pragma omp task
        note_run();
    }
    expect(n);
}

/* ---- taskloop ---- */

static void run_taskloop(long n)
{
#pragma omp parallel firstprivate(n)
#pragma omp single
#pragma omp taskloop grainsize(1)
    for (long i = 0; i < n; i++)
        note_run();
}

static void timed_taskloop(long n)
{
    run_taskloop(n);
    expect(n);
}

/* For one thread of one the busiest has all; for two an equal share is 50 %. */
static void taskloop_1(void)
{
    struct bench_case c = *bench_current;
    double busiest[MAX_SHARES];
    int count = count_of_shares();

    c.test = timed_taskloop;
    long n = bench_measure(&c);
    for (int i = 0; i < count; i++) {
        run_taskloop(n);
        busiest[i] = expect(n).busiest;
    }
    report_share("busiest", busiest, count);
}

static inline void chunk_work(void)
{
    bench_spin(bench_loops_100ns * CHUNK_NS / 100);
}

static void run_chunks(void)
{
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(1)
    for (int i = 0; i < CHUNKS; i++) {
        note_run();
        chunk_work();
    }
}

static double busiest_of_chunks[MAX_SHARES];
static int chunk_runs;

static void timed_chunks(void)
{
    run_chunks();
    busiest_of_chunks[chunk_runs++ % MAX_SHARES] = expect(CHUNKS).busiest;
}

/* 20 ms of work in all, so a sample or two will do. */
static void taskloop_256(void)
{
    bench_measure_fixed(bench_current, timed_chunks, 1, (bench_samples + 3) / 4);
    report_share("busiest", busiest_of_chunks, chunk_runs < MAX_SHARES ? chunk_runs : MAX_SHARES);
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
            for (int j = 0; j < CHUNKS; j++)
                chunk_work();
            samples[i] = (double)(bench_now() - start);
        } else {
            long result = fib_serial(FIB);
            bench_keep(&result);
            samples[i] = (double)(bench_now() - start) / (double)fib_creators();
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
