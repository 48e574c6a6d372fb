/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Programs of tasks: does sharing the work out pay?  For each kernel
 *   serial    the time without tasks, in a process that has no other thread yet;
 *   copies    as many copies of the serial kernel at once as there are CPUs for the team, each on a CPU and on data of
 *             its own: their number times the serial time by the time of all.  Two hardware threads of one core, or a
 *             cache that is full, do not give a program twice the speed, whatever the runtime;
 *   result    the time with tasks, from before the region to after it.
 * Every result is compared with the serial one, and that is checked by a measure of its own. */
#define _GNU_SOURCE
#include "tasks.h"

#include <malloc.h>
#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_KERNELS = 64,
    MAX_COPIES = 256,
    MAX_REPEATS = 100,
    LINE = 64,
};

static const struct kernel *const kernels[] = {
    &kernel_fib_fine, &kernel_fib_cut, &kernel_nqueens_fine, &kernel_nqueens_cut, &kernel_sort_fine, &kernel_sort_cut,
    &kernel_strassen_fine, &kernel_strassen_cut, &kernel_sparselu, &kernel_sparselu_depend, &kernel_health_fine,
    &kernel_health_cut, &kernel_floorplan_fine, &kernel_floorplan_cut, &kernel_uts_fine, &kernel_uts_1us,
    &kernel_fft_fine, &kernel_fft_cut, &kernel_alignment, &kernel_alignment_loop, NULL,
};

/* What the serial runs left for the run with tasks, per kernel. */
static struct {
    void *data;
    uint64_t expected;
} prepared[MAX_KERNELS];

void *tasks_memory(size_t count, size_t size)
{
    size_t bytes = (count * size + LINE - 1) / LINE * LINE;
    void *memory = aligned_alloc(LINE, bytes);

    if (!memory)
        bench_fail("no memory for %zu bytes", bytes);
    return memset(memory, 0, bytes);
}

uint64_t tasks_hash(const void *bytes, size_t size)
{
    const char *p = bytes;
    uint64_t hash = size, word;

    for (size_t i = 0; i < size; i += sizeof word) {
        memcpy(&word, p + i, sizeof word);
        hash = tasks_mix(hash ^ word);
    }
    return hash;
}

static int index_of(const char *name)
{
    int i = 0;

    while (strcmp(kernels[i]->name, name) != 0)
        i++;
    return i;
}

static int repeats(void)
{
    int count = (bench_samples + 3) / 4;

    return count < MAX_REPEATS ? count : MAX_REPEATS;
}

/* One serial run; its time. */
static int64_t time_serial(const struct kernel *k, void *data, uint64_t *result)
{
    if (k->reset)
        k->reset(data);
    int64_t start = bench_now();
    *result = k->serial(data);
    int64_t elapsed = bench_now() - start;
    if (k->result)
        *result = k->result(data);
    return elapsed;
}

/* ---- copies of the serial kernel, at the same time ---- */

struct copy {
    pthread_t thread;
    const struct kernel *kernel;
    int *missing; /* copies that are not yet ready */
    int64_t elapsed;
};

static void *run_copy(void *argument)
{
    struct copy *c = argument;
    const struct kernel *k = c->kernel;
    void *data = k->make(k->size, k->cut);
    uint64_t result;

    time_serial(k, data, &result);
    if (k->reset)
        k->reset(data);
    __atomic_fetch_sub(c->missing, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(c->missing, __ATOMIC_ACQUIRE) > 0)
        bench_pause();
    int64_t start = bench_now();
    k->serial(data);
    c->elapsed = bench_now() - start;
    return NULL;
}

/* Starts a copy on each of the first `count` CPUs of the mask. */
static void start_copies(struct copy *copies, int count, const cpu_set_t *usable)
{
    pthread_attr_t attributes;
    int cpu = -1;

    pthread_attr_init(&attributes);
    for (int i = 0; i < count; i++) {
        cpu_set_t one;
        do
            cpu++;
        while (!CPU_ISSET(cpu, usable));
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
        if (pthread_create(&copies[i].thread, &attributes, run_copy, &copies[i]))
            bench_fail("cannot start a thread");
    }
    pthread_attr_destroy(&attributes);
}

/* How many times as fast the work of a team could be done if it could be shared out for nothing. */
static void measure_copies(const struct kernel *k, double alone)
{
    static struct copy copies[MAX_COPIES];
    cpu_set_t usable;
    int64_t longest = 1;

    if (sched_getaffinity(0, sizeof usable, &usable))
        bench_fail("cannot read the set of CPUs");
    int count = CPU_COUNT(&usable) < bench_threads ? CPU_COUNT(&usable) : bench_threads;
    int missing = count;
    if (count < 2 || count > MAX_COPIES)
        return;
    for (int i = 0; i < count; i++)
        copies[i] = (struct copy){.kernel = k, .missing = &missing};
    start_copies(copies, count, &usable);
    for (int i = 0; i < count; i++) {
        pthread_join(copies[i].thread, NULL);
        longest = copies[i].elapsed > longest ? copies[i].elapsed : longest;
    }
    double speedup = count * alone / (double)longest;
    bench_record("copies", k->name, &speedup, 1);
}

/* ---- the three measurements ---- */

static void measure_serial(const struct bench_case *c)
{
    const struct kernel *k = kernels[index_of(c->name)];
    double samples[MAX_REPEATS], shortest;
    int count = repeats();
    uint64_t result;

    void *data = k->make(k->size, k->cut);
    time_serial(k, data, &result);
    k->verify(data, result);
    prepared[index_of(c->name)].data = data;
    prepared[index_of(c->name)].expected = result;
    shortest = 1e18;
    for (int i = 0; i < count; i++) {
        samples[i] = (double)time_serial(k, data, &result);
        shortest = samples[i] < shortest ? samples[i] : shortest;
    }
    bench_record("serial", k->name, samples, count);
    measure_copies(k, shortest);
}

static void measure_tasks(void)
{
    int number = index_of(bench_current->name), count = repeats() + 1;
    const struct kernel *k = kernels[number];
    void *data = prepared[number].data;
    double samples[MAX_REPEATS + 1];

    for (int i = 0; i < count; i++) {
        uint64_t result = 0;
        if (k->reset)
            k->reset(data);
        int64_t start = bench_now();
#pragma omp parallel shared(result)
#pragma omp single
        result = k->tasks(data);
        samples[i] = (double)(bench_now() - start);
        if (k->result)
            result = k->result(data);
        if (result != prepared[number].expected)
            bench_fail("%s: with tasks the result is %#llx, without %#llx", k->name, (unsigned long long)result,
                       (unsigned long long)prepared[number].expected);
    }
    bench_result(k->name, bench_threads, "ns", "low", "serial", 1, samples, count);
}

int main(int argc, char **argv)
{
    static struct bench_case cases[MAX_KERNELS + 1];

    for (int i = 0; kernels[i]; i++)
        cases[i] = (struct bench_case){kernels[i]->name, BENCH_TEAM, "serial", 0, 0, measure_tasks, kernels[i]->about};
    /* Large blocks from the heap, and kept there, or the kernel's clearing of pages would be measured. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    bench_before = measure_serial;
    return bench_main(argc, argv, cases);
}
