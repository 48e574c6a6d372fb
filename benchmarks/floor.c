/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What does the machine itself charge?  No OpenMP here: threads, cache lines and the kernel.  Prints lines like the
 * other programs' results; `floor -c` prints only the calibration of bench_spin(), so that all programs of one
 * benchmark run do the same work. */
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SAMPLES = 5 };

static void fail(const char *what, int error)
{
    fprintf(stderr, "floor: %s: %s\n", what, strerror(error));
    exit(2);
}

static void print(const char *name, const double *samples)
{
    printf("result %s 1 ns low - 1", name);
    for (int i = 0; i < SAMPLES; i++)
        printf(" %.3f", samples[i]);
    putchar('\n');
}

/* ---- one thread ---- */

static int word;

static void read_modify_write(long n)
{
    for (long i = 0; i < n; i++)
        __atomic_fetch_add(&word, 1, __ATOMIC_SEQ_CST);
}

static void pause_instruction(long n)
{
    for (long i = 0; i < n; i++)
        bench_pause();
}

static void empty_syscall(long n)
{
    for (long i = 0; i < n; i++)
        syscall(SYS_getppid);
}

static void wake_nobody(long n)
{
    for (long i = 0; i < n; i++)
        syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void yield(long n)
{
    for (long i = 0; i < n; i++)
        sched_yield();
}

static void *nothing(void *argument)
{
    return argument;
}

static void create_and_join(long n)
{
    for (long i = 0; i < n; i++) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, nothing, NULL);
        if (error)
            fail("pthread_create", error);
        pthread_join(thread, NULL);
    }
}

static void alone(const char *name, void (*function)(long), long n)
{
    double samples[SAMPLES];

    function(n / 10 + 1);
    for (int i = 0; i < SAMPLES; i++) {
        int64_t start = bench_now();
        function(n);
        samples[i] = (double)(bench_now() - start) / (double)n;
    }
    print(name, samples);
}

/* ---- two threads on two CPUs ---- */

static int cpus[2], cpu_count;
static int line[64] __attribute__((aligned(256))); /* word 0 is the line that travels */

static void find_cpus(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set))
        fail("sched_getaffinity", errno);
    for (int cpu = 0; cpu < CPU_SETSIZE && cpu_count < 2; cpu++)
        if (CPU_ISSET(cpu, &set))
            cpus[cpu_count++] = cpu;
}

static void pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set))
        fail("sched_setaffinity", errno);
}

static struct {
    int round;
} __attribute__((aligned(128))) here[2];

enum { TRIPS = 2000, ADDS = 20000, WAKES = 20 };

static void bounce(int mine)
{
    for (int i = 0; i < TRIPS; i++) {
        int seen;
        while (((seen = __atomic_load_n(&line[0], __ATOMIC_ACQUIRE)) & 1) != mine)
            ;
        __atomic_store_n(&line[0], seen + 1, __ATOMIC_RELEASE);
    }
}

/* A barrier of the kernel's lets the two go microseconds apart; this one does not. */
static void meet(int side)
{
    __atomic_store_n(&here[side].round, here[side].round + 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&here[!side].round, __ATOMIC_ACQUIRE) < here[side].round)
        ;
}

static void contended_adds(int side)
{
    meet(side);
    for (int i = 0; i < ADDS; i++)
        __atomic_fetch_add(&line[0], 1, __ATOMIC_SEQ_CST);
}

struct duel {
    void (*side)(int);
    pthread_barrier_t gate;
};

static void *duel_other(void *argument)
{
    struct duel *d = argument;

    pin(cpus[1]);
    for (int i = 0; i < SAMPLES + 1; i++) {
        pthread_barrier_wait(&d->gate);
        d->side(1);
        pthread_barrier_wait(&d->gate);
    }
    return NULL;
}

/* Both sides of `side` at once, on two CPUs; the first round warms up. */
static void duel(const char *name, void (*side)(int), double operations)
{
    struct duel d = {.side = side};
    double samples[SAMPLES];
    pthread_t other;

    pthread_barrier_init(&d.gate, NULL, 2);
    int error = pthread_create(&other, NULL, duel_other, &d);
    if (error)
        fail("pthread_create", error);
    for (int i = 0; i < SAMPLES + 1; i++) {
        __atomic_store_n(&line[0], 0, __ATOMIC_RELAXED);
        pthread_barrier_wait(&d.gate);
        int64_t start = bench_now();
        side(0);
        if (i > 0)
            samples[i - 1] = (double)(bench_now() - start) / operations;
        pthread_barrier_wait(&d.gate);
    }
    pthread_join(other, NULL);
    pthread_barrier_destroy(&d.gate);
    print(name, samples);
}

/* ---- waking a sleeper ---- */

static int64_t woken_at;

static void *sleeper(void *unused)
{
    pin(cpus[1]);
    for (int i = 0; i < WAKES * SAMPLES; i++) {
        while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == i)
            syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, i, NULL, NULL, 0);
        __atomic_store_n(&woken_at, bench_now(), __ATOMIC_RELEASE);
    }
    return unused;
}

/* From the store that ends the wait to the sleeper's first instruction, after it slept for a while. */
static void wake(const char *name, int64_t asleep_ns)
{
    double samples[SAMPLES];
    pthread_t thread;

    __atomic_store_n(&word, 0, __ATOMIC_RELAXED);
    int error = pthread_create(&thread, NULL, sleeper, NULL);
    if (error)
        fail("pthread_create", error);
    for (int i = 0; i < SAMPLES; i++) {
        int64_t sum = 0;
        for (int j = 0; j < WAKES; j++) {
            struct timespec pause = {0, asleep_ns};
            nanosleep(&pause, NULL);
            __atomic_store_n(&woken_at, 0, __ATOMIC_RELAXED);
            int64_t start = bench_now(), seen;
            __atomic_fetch_add(&word, 1, __ATOMIC_RELEASE);
            syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
            while (!(seen = __atomic_load_n(&woken_at, __ATOMIC_ACQUIRE)))
                ;
            sum += seen - start;
        }
        samples[i] = (double)sum / WAKES;
    }
    pthread_join(thread, NULL);
    print(name, samples);
}

static void calibration(void)
{
    const long loops = 20000;
    int64_t best = INT64_MAX;

    for (int i = 0; i < 100; i++) {
        int64_t start = bench_now();
        bench_spin(loops);
        int64_t elapsed = bench_now() - start;
        best = elapsed < best ? elapsed : best;
    }
    printf("loops %ld\n", loops * 100 / best > 0 ? loops * 100 / best : 1);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "-c") == 0) {
        calibration();
        return 0;
    }
    alone("read_modify_write", read_modify_write, 100000);
    alone("pause", pause_instruction, 20000);
    alone("empty_syscall", empty_syscall, 5000);
    alone("futex_wake_nobody", wake_nobody, 5000);
    alone("sched_yield", yield, 3000);
    alone("thread_create_join", create_and_join, 30);
    find_cpus();
    if (cpu_count == 2) {
        pin(cpus[0]);
        duel("line_round_trip", bounce, TRIPS);
        duel("contended_add", contended_adds, 2.0 * ADDS);
        wake("futex_wake_20us", 20000);
        wake("futex_wake_1ms", 1000000);
    }
    return 0;
}
