/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * When memory for a task cannot be had, the task runs at once. The address space of the process is limited to little
 * more than it has; then tasks are made whose arguments would need far more, while all other threads are busy.
 *
 * run: opt=2 timeout=60 threads=1,2,4 policy=default gompx-only="libgomp ends the program" */
#include "tests/omp/task_check.h"

enum { BLOCK = 65536, LARGE_TASKS = 6000, SMALL_TASKS = 1000000 };

struct block {
    int index;
    char fill[BLOCK - sizeof(int)];
};

static int count;

/* The stack of the main thread is memory to be had as well, unless it is there before. */
static void use_stack(void)
{
    volatile char room[1 << 20];

    for (size_t i = 0; i < sizeof room; i += 4096)
        room[i] = 1;
}

/* No new mappings from now on; what malloc has in hand may still be used up. */
static void limit_memory(void)
{
    long pages = 0;
    struct rlimit limit;
    FILE *statm;

    use_stack();
    statm = fopen("/proc/self/statm", "r");

    CHECK(statm != NULL && fscanf(statm, "%ld", &pages) == 1);
    fclose(statm);
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    limit.rlim_cur = (rlim_t)(pages * sysconf(_SC_PAGESIZE) + (1 << 20));
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
}

static void free_memory(void)
{
    struct rlimit limit;

    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
}

/* Keeps all other threads busy, in tasks that are no siblings of those to come: these may have to wait for all their
 * siblings when memory for dependences is short. */
static void occupy_the_others(int *busy, int *release)
{
#pragma omp task if(0)
    for (int i = 1; i < omp_get_num_threads(); i++) {
#pragma omp task firstprivate(busy, release)
        {
            ADD(*busy, 1);
            task_await(release, 1);
        }
    }
    task_await(busy, omp_get_num_threads() - 1);
}

static void large_arguments(void)
{
    struct block block;

    memset(&block, 1, sizeof block);
    for (int i = 0; i < LARGE_TASKS; i++) {
        block.index = i;
        block.fill[i % 1000] = (char)i;
#pragma omp task firstprivate(block, i)
        {
            CHECK_EQ(block.index, i);
            CHECK_EQ(block.fill[i % 1000], (char)i);
            ADD(count, 1);
        }
    }
}

static void small_tasks(void)
{
    for (int i = 0; i < SMALL_TASKS; i++) {
#pragma omp task
        ADD(count, 1);
    }
}

/* Dependences hold whether a task runs at once or not. */
static void dependent_tasks(void)
{
    static int order[8];
    struct block block;

    memset(order, 0, sizeof order);
    memset(&block, 1, sizeof block);
    for (int i = 0; i < LARGE_TASKS; i++) {
        block.index = i / 8;
#pragma omp task firstprivate(block, i) depend(inout : order[i % 8]) shared(order)
        {
            CHECK_EQ(order[i % 8], block.index);
            order[i % 8]++;
            ADD(count, 1);
        }
    }
}

static void loop_tasks(void)
{
    struct block block;

    memset(&block, 1, sizeof block);
#pragma omp taskloop firstprivate(block) grainsize(1)
    for (int i = 0; i < LARGE_TASKS; i++) {
        block.index = i;
        ADD(count, block.fill[i % 1000]);
    }
}

/* With all other threads held until everything is made, and then with their help. */
static void without_memory(void (*make)(void), int wanted)
{
    for (int held = 1; held >= 0; held--) {
        int busy = 0, release = !held;

        count = 0;
#pragma omp parallel
#pragma omp single
        {
            occupy_the_others(&busy, &release);
            limit_memory();
            make();
            STORE(release, 1);
        }
        CHECK_EQ(count, wanted);
        free_memory();
        count = 0;
#pragma omp parallel
#pragma omp single
        for (int i = 0; i < 100; i++) {
#pragma omp task
            ADD(count, 1);
        }
        CHECK_EQ(count, 100);
    }
}

int main(void)
{
#if defined(__SANITIZE_THREAD__)
    printf("the thread sanitizer needs memory of its own\n");
    return CHECK_SKIPPED;
#endif
    without_memory(large_arguments, LARGE_TASKS);
    without_memory(small_tasks, SMALL_TASKS);
    without_memory(dependent_tasks, LARGE_TASKS);
    without_memory(loop_tasks, LARGE_TASKS);
    return 0;
}
