/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The compiler's calls, for tests that are lowered by hand. */
#ifndef GOMPX_TESTS_RUNTIME_TEST_GOMP_H
#define GOMPX_TESTS_RUNTIME_TEST_GOMP_H

#include <check.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long long ull;

void GOMP_parallel(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
unsigned GOMP_parallel_reductions(void (*fn)(void *), void *data, unsigned num_threads, unsigned flags);
void GOMP_barrier(void);
bool GOMP_barrier_cancel(void);
bool GOMP_cancel(int which, bool do_cancel);
bool GOMP_cancellation_point(int which);
bool GOMP_loop_start(long start, long end, long incr, long sched, long chunk, long *istart, long *iend,
                     uintptr_t *reductions, void **mem);
bool GOMP_loop_dynamic_next(long *istart, long *iend);
void GOMP_loop_end(void);
bool GOMP_loop_end_cancel(void);
void GOMP_scope_start(uintptr_t *reductions);
void GOMP_task(void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), long arg_size, long arg_align,
               bool if_clause, unsigned flags, void **depend, int priority, void *detach);
void GOMP_taskloop(void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), long arg_size, long arg_align,
                   unsigned flags, unsigned long num_tasks, int priority, long start, long end, long step);
void GOMP_taskloop_ull(void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), long arg_size, long arg_align,
                       unsigned flags, unsigned long num_tasks, int priority, ull start, ull end, ull step);
void GOMP_taskwait(void);
void GOMP_taskyield(void);
void GOMP_taskwait_depend(void **depend);
void GOMP_taskwait_depend_nowait(void **depend);
void GOMP_taskgroup_start(void);
void GOMP_taskgroup_end(void);
void GOMP_taskgroup_reduction_register(uintptr_t *data);
void GOMP_taskgroup_reduction_unregister(uintptr_t *data);
void GOMP_task_reduction_remap(size_t cnt, size_t cntorig, void **ptrs);
void GOMP_workshare_task_reduction_unregister(bool cancelled);
void omp_fulfill_event(uintptr_t event);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
void omp_set_num_threads(int n);
int omp_get_max_threads(void);
int omp_in_final(void);
int omp_in_explicit_task(void);

/* Bits of the flags argument. */
enum { UNTIED = 1, FINAL = 2, MERGEABLE = 4, DEPEND = 8, PRIORITY = 16, UP = 0x100, GRAINSIZE = 0x200, IF = 0x400,
       NOGROUP = 0x800, REDUCTION = 0x1000, DETACH = 0x2000, STRICT = 0x4000 };

/* An undeferred task. */
static inline void test_task(void (*fn)(void *), void *data)
{
    GOMP_task(fn, data, NULL, sizeof(void *), sizeof(void *), false, 0, NULL, 0, NULL);
}

static inline void test_sleep_ms(long ms)
{
    struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&t, NULL);
}

/* Runs fn(arg) in a child process: its exit status; *text: what it wrote on stderr, up to 1023 bytes. */
static inline int test_child(void (*fn)(void *), void *arg, char text[1024])
{
    int pipes[2], status = 0;
    size_t used = 0;
    ssize_t n;
    pid_t pid;

    ck_assert_int_eq(pipe(pipes), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(pipes[1], STDERR_FILENO);
        close(pipes[0]);
        fn(arg);
        _exit(0);
    }
    close(pipes[1]);
    while (used < 1023 && (n = read(pipes[0], text + used, 1023 - used)) > 0)
        used += (size_t)n;
    text[used] = 0;
    close(pipes[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int test_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
