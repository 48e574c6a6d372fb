/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The room sync/ compiled into the test with its steps on, whatever the build: a test can stop a thread at a lettered step of
 * a protocol, let others act, and let it go.  If the test uses the runtime too, the library's other objects are linked with
 * these functions instead of their own.
 *
 * One step more than the sources have: (futex, W), between a thread's last look at its word and the kernel's. */
#ifndef GOMPX_TESTS_SYNC_ROOM_H
#define GOMPX_TESTS_SYNC_ROOM_H

#ifndef GOMPX_STEPS
#define GOMPX_STEPS
#endif

#include <check.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

long test_syscall(long number, ...);
void *test_aligned_alloc(size_t align, size_t bytes);

#define syscall test_syscall
#define aligned_alloc test_aligned_alloc
#include "sync/futex.h"

#include "sync/base.c"
#include "sync/spin.c"
#include "sync/wait.c"
#include "sync/bell.c"
#include "sync/barrier.c"
#include "sync/barrier_tree.c"
#include "sync/lock.c"
#include "sync/deque.c"
#include "sync/slab.c"
#include "sync/nap.c"
#include "sync/step.c"
#undef syscall
#undef aligned_alloc

enum { TEST_THREADS = 64 };

static const unsigned test_sizes[] = { 1, 2, 3, 4, 8, 16 };
enum { TEST_SIZES = sizeof test_sizes / sizeof *test_sizes };

/* ---- threads of a test, by number ---- */

struct test_thread {
    pthread_t id;
    _Atomic pid_t kernel_id;
    void (*body)(unsigned me);
    /* The step at which it stops next. */
    const char *file;
    char letter;
    _Atomic bool armed;
    sem_t at_stop, go;
};

static struct test_thread test_thread[TEST_THREADS];
static __thread int test_me = -1;
static _Atomic unsigned test_spurious;      /* one of so many futex waits ends at once, as EINTR would make it; 0: none */
static _Atomic unsigned test_wakes;         /* FUTEX_WAKE calls so far */
static _Atomic bool test_no_membarrier;     /* the kernel does not know it */
static _Atomic bool test_no_memory;         /* aligned_alloc() fails */
static _Atomic unsigned test_allocations;   /* that did not, */
static char *test_allocated[1024];          /* and their results */

static bool test_stop_here(const char *file, char letter)
{
    struct test_thread *t = &test_thread[test_me < 0 ? 0 : test_me];

    if (test_me < 0 || !atomic_load(&t->armed) || letter != t->letter || strcmp(file, t->file) != 0)
        return false;
    atomic_store(&t->armed, false);
    sem_post(&t->at_stop);
    while (sem_wait(&t->go) != 0)
        ;
    return true;
}

long test_syscall(long number, ...)
{
    static __thread unsigned calls;
    unsigned spurious = atomic_load(&test_spurious);
    va_list args;
    void *a[6];

    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, void *);
    va_end(args);
    int op = number == SYS_futex ? (int)(intptr_t)a[1] : -1;

    if (op == FUTEX_WAIT_PRIVATE || op == FUTEX_WAIT_BITSET_PRIVATE) {
        gompx_step("futex", 'W');
        if (spurious && ++calls % spurious == 0) {
            errno = EINTR;
            return -1;
        }
    }
    if (number == SYS_membarrier && atomic_load(&test_no_membarrier)) {
        errno = ENOSYS;
        return -1;
    }
    if (op == FUTEX_WAKE_PRIVATE || op == FUTEX_WAKE_BITSET_PRIVATE)
        atomic_fetch_add(&test_wakes, 1);
    return syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

void *test_aligned_alloc(size_t align, size_t bytes)
{
    if (atomic_load(&test_no_memory))
        return NULL;
    unsigned n = atomic_fetch_add(&test_allocations, 1);
    char *p = aligned_alloc(align, bytes);

    test_allocated[n % 1024] = p;
    return p;
}

static void *test_thread_main(void *arg)
{
    struct test_thread *t = arg;

    test_me = (int)(t - test_thread);
    atomic_store(&t->kernel_id, gettid());
    t->body((unsigned)test_me);
    return NULL;
}

/* The calling thread, of whatever origin, takes part as thread i. */
static inline void test_become(unsigned i)
{
    struct test_thread *t = &test_thread[i];

    sem_init(&t->at_stop, 0, 0);
    sem_init(&t->go, 0, 0);
    atomic_store(&t->kernel_id, gettid());
    test_me = (int)i;
}

/* Before a thread starts or while it stands at a stop: where it is to stop next. */
static inline void test_stop_at(unsigned i, const char *file, char letter)
{
    test_thread[i].file = file;
    test_thread[i].letter = letter;
    atomic_store(&test_thread[i].armed, true);
}

static inline void test_start(unsigned i, void (*body)(unsigned me))
{
    struct test_thread *t = &test_thread[i];

    t->body = body;
    t->kernel_id = 0;
    sem_init(&t->at_stop, 0, 0);
    sem_init(&t->go, 0, 0);
    ck_assert_int_eq(pthread_create(&t->id, NULL, test_thread_main, t), 0);
}

static inline void test_join(unsigned i)
{
    ck_assert_int_eq(pthread_join(test_thread[i].id, NULL), 0);
}

/* Runs body(0) ... body(n - 1) on threads of their own. */
static inline void test_run_threads(unsigned n, void (*body)(unsigned me))
{
    for (unsigned i = 0; i < n; i++)
        test_start(i, body);
    for (unsigned i = 0; i < n; i++)
        test_join(i);
}

/* Returns when n threads have come here. */
static inline void test_meet(unsigned n)
{
    static _Atomic unsigned here;

    for (atomic_fetch_add(&here, 1); atomic_load(&here) < n;)
        sched_yield();
}

/* Returns when thread i stands at its stop. */
static inline void test_stopped(unsigned i)
{
    while (sem_wait(&test_thread[i].at_stop) != 0)
        ;
}

static inline void test_go(unsigned i)
{
    sem_post(&test_thread[i].go);
}

/* Starts thread i and returns when it stands at that step. */
static inline void test_start_to(unsigned i, void (*body)(unsigned me), const char *file, char letter)
{
    test_stop_at(i, file, letter);
    test_start(i, body);
    test_stopped(i);
}

static inline void test_sleep_us(long us)
{
    struct timespec t = { us / 1000000, us % 1000000 * 1000 };

    nanosleep(&t, NULL);
}

/* Returns when thread i, which runs freely, sleeps in the kernel and has done so for a while. */
static inline void test_asleep(unsigned i)
{
    char path[64], line[512], state;

    while (atomic_load(&test_thread[i].kernel_id) == 0)
        test_sleep_us(100);
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)test_thread[i].kernel_id);
    for (int in_row = 0; in_row < 5; test_sleep_us(500)) {
        FILE *f = fopen(path, "r");

        ck_assert_ptr_nonnull(f);
        ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
        fclose(f);
        state = strrchr(line, ')')[2];
        in_row = state == 'S' ? in_row + 1 : 0;
    }
}

/* A waiter that sleeps at its first failed look, so that forced steps come without delay. */
static inline void test_sleep_at_once(void)
{
    gompx_wait_configure(GOMPX_WAIT_PASSIVE, 0, 0, 100);
    gompx_lock_configure(0);
    gompx_step_seed(0);
    gompx_step_set(test_stop_here);
}

/* For soaks: policy number `way` of TEST_WAYS; random pauses at the steps, and futex waits that end for no reason. */
enum { TEST_WAYS = 3 };

static inline void test_soak(unsigned way)
{
    static const struct { enum gompx_wait_mode mode; uint64_t us; } ways[TEST_WAYS] = {
        { GOMPX_WAIT_PASSIVE, 0 }, { GOMPX_WAIT_AUTO, 20 }, { GOMPX_WAIT_AUTO, 1000 },
    };

    gompx_wait_configure(ways[way].mode, ways[way].us, 8, 100);
    gompx_wait_set_procs(2);
    gompx_lock_configure(way * 5);
    gompx_step_seed(way + 1);
    gompx_step_set(NULL);
    atomic_store(&test_spurious, 3);
}

/* ---- barriers ---- */

/* Two trees as deep as can be; the threads of the second poll lines of their own. */
enum test_shape { TEST_MONO, TEST_CENTRAL, TEST_TREE, TEST_TREE_WITH_LINES, TEST_SHAPES };

static inline enum gompx_barrier_mode test_shape(struct gompx_barrier *barrier, enum test_shape shape, unsigned size, uint32_t base)
{
    struct gompx_tree_plan plan = { .end = size, .fanin = 2, .lines = shape == TEST_TREE_WITH_LINES };

    gompx_barrier_shape(barrier, shape >= TEST_TREE ? &plan : NULL, base);
    return shape == TEST_MONO ? GOMPX_BARRIER_MONO : shape == TEST_CENTRAL ? GOMPX_BARRIER_CENTRAL : GOMPX_BARRIER_TREE;
}

static inline uint32_t test_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static inline int test_main(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
