/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the files of the program `task` share: who ran which task, and the cases. */
#ifndef BENCH_TASK_H
#define BENCH_TASK_H

#include "bench.h"

enum {
    TASK_MAX_SHARES = 100,
    TASK_FIB = 24,
    TASK_CHUNKS = 256, /* of the taskloop of 20 ms */
};

/* ---- who ran what ---- */

/* One per thread, written by it alone; read when all tasks are done. */
struct task_account {
    long ran;      /* tasks this thread has run since task_expect() was called last */
    long at_once;  /* those that it began inside the construct that created them */
    long created;  /* marked tasks, ever */
    long creating; /* the marked task whose construct this thread is in, counted from 1; 0: in none */
} __attribute__((aligned(128)));

extern __thread struct task_account *task_own_account __attribute__((tls_model("local-exec")));

struct task_account *task_open_account(void);

static inline struct task_account *task_account(void)
{
    struct task_account *a = task_own_account;

    return a ? a : task_open_account();
}

static inline void task_note_run(void)
{
    task_account()->ran++;
}

/* Around the construct that creates a marked task: id = task_mark(me), the construct, task_unmark(me). */
static inline long task_mark(struct task_account *me)
{
    return me->creating = ++me->created;
}

static inline void task_unmark(struct task_account *me)
{
    me->creating = 0;
}

/* First thing in a marked task. */
static inline void task_note_marked_run(const struct task_account *creator, long id)
{
    struct task_account *a = task_account();

    a->ran++;
    a->at_once += a == creator && a->creating == id;
}

struct task_shares {
    double at_once, busiest; /* percent of the tasks */
};

/* To be called after a region that was to run n tasks; bench_fail() if it did not. */
struct task_shares task_expect(long n);

/* A second row for the current case, in percent; and how many samples of it to take. */
void task_report_share(const char *what, const double *samples, int count);
int task_shares_wanted(void);

/* ---- the cases ---- */

long task_fib_serial(int n);
long task_fib_creators(void); /* calls in fib(TASK_FIB) that create tasks */
void task_chunk_work(void);

/* Special cases. */
void fib_two_tasks(void);
void fib_one_task(void);
void fib_two_one_thread(void);
void fib_one_one_thread(void);
void produce_one(void);
void produce_all(void);
void burst_one(void);
void burst_all(void);
void taskloop_1(void);
void taskloop_256(void);

/* Tests of n operations. */
void priority(long n);
void taskwait_one(long n);
void taskwait_all(long n);
void taskwait_empty(long n);
void taskgroup_empty(long n);
void taskgroup_one(long n);
void depend_chain(long n);
void depend_independent(long n);
void if_false(long n);
void in_final(long n);
void no_region(long n);
void team_of_one(long n);

#endif
