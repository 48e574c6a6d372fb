/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * GOMP_taskloop and GOMP_taskloop_ull called by hand: number, bounds and sizes of the tasks for every way to ask for
 * them, both directions, extreme bounds; copy functions and alignment; nogroup, if, final; the reduction array.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: env=HAND_MORE=1 policy=default gompx-only="bounds that overflow, order outside regions" */
#include <limits.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/task_check.h"

enum { MOST = 5000, DEFAULT = 0x500 };      /* DEFAULT: HAND_UP | HAND_IF */

/* What the tasks of one loop were given. Bounds are kept as unsigned long long for both kinds of loop. */
struct record {
    ull start[MOST], end[MOST], step;
    bool up, is_ull;
    int n;
};

struct data {
    ull start, end;             /* written by the runtime; long and unsigned long long are both one word */
    struct record *record;
};

static void body(void *p)
{
    struct data *data = p;
    struct record *record = data->record;
    int i = ADD(record->n, 1) - 1;

    CHECK(i < MOST);
    record->start[i] = data->start;
    record->end[i] = data->end;
}

/* Iterations of [start, end), as the loop that compiled code makes of it counts them. */
static ull trips(const struct record *record, ull start, ull end)
{
    ull span = record->up ? end - start : start - end, step = record->up ? record->step : -record->step;
    bool none = record->is_ull ? (record->up ? start >= end : start <= end) :
                                 (record->up ? (long)start >= (long)end : (long)start <= (long)end);

    return none ? 0 : span / step + (span % step != 0);
}

static struct record *sorting;

static int by_position(const void *a, const void *b)
{
    ull x = sorting->start[*(const int *)a] - sorting->start[0];
    ull y = sorting->start[*(const int *)b] - sorting->start[0];
    bool before = sorting->is_ull ? sorting->start[*(const int *)a] < sorting->start[*(const int *)b] :
                                    (long)sorting->start[*(const int *)a] < (long)sorting->start[*(const int *)b];

    if (x == y)
        return 0;
    return before == sorting->up ? -1 : 1;
}

/* Size of task k of the loop, of "total" iterations, by the published rules. Returns the number of tasks. */
static ull expected_size(ull total, unsigned flags, ull num, int threads, ull k, ull *size)
{
    ull tasks;

    if (flags & HAND_GRAINSIZE) {
        tasks = total / num;
        if (flags & HAND_STRICT) {
            tasks += total % num != 0;
            *size = k + 1 < tasks ? num : total - num * (tasks - 1);
            return tasks;
        }
        if (tasks == 0)
            tasks = 1;
    } else {
        tasks = num == 0 ? (ull)threads : num;
        if (tasks > total)
            tasks = total;
    }
    *size = total / tasks + (k < total % tasks);
    return tasks;
}

/* Every iteration exactly once, in contiguous tasks of the right sizes in the right order. */
static void check_tasks(struct record *record, ull start, ull end, unsigned flags, ull num, int threads)
{
    static int order[MOST];
    ull total = trips(record, start, end), size, at = start;

    if (total == 0) {
        CHECK_EQ(record->n, 0);
        return;
    }
    CHECK_EQ(record->n, expected_size(total, flags, num, threads, 0, &size));
    for (int i = 0; i < record->n; i++)
        order[i] = i;
    sorting = record;
    qsort(order, (size_t)record->n, sizeof order[0], by_position);
    for (int i = 0; i < record->n; i++) {
        CHECK_EQ(record->start[order[i]], at);
        expected_size(total, flags, num, threads, (ull)i, &size);
        CHECK_EQ(trips(record, at, record->end[order[i]]), size);
        at += size * record->step;
    }
    CHECK_EQ(trips(record, start, record->end[order[record->n - 1]]), total);
}

static void one_loop(bool is_ull, bool up, ull start, ull end, ull step, unsigned flags, ull num)
{
    static struct record record;
    struct data data = { 0x123, 0x456, &record };

    record.n = 0;
    record.up = up;
    record.is_ull = is_ull;
    record.step = step;
    flags = (flags & ~(unsigned)HAND_UP) | (up ? HAND_UP : 0);
    if (is_ull)
        GOMP_taskloop_ull(body, &data, NULL, sizeof data, 8, flags, num, 0, start, end, step);
    else
        GOMP_taskloop(body, &data, NULL, sizeof data, 8, flags, num, 0, (long)start, (long)end, (long)step);
    if (flags & HAND_NOGROUP)
        GOMP_taskwait();
    check_tasks(&record, start, end, flags, num, omp_get_num_threads());
}

/* A step that fits the direction, both kinds of loop. */
static void both_kinds(ull start, ull end, ull step, unsigned flags, ull num)
{
    one_loop(false, true, start, end, step, flags, num);
    one_loop(true, true, start, end, step, flags, num);
    one_loop(false, false, end, start, -step, flags, num);
    one_loop(true, false, end, start, -step, flags, num);
}

static const unsigned variants[] = {
    DEFAULT, DEFAULT | HAND_UNTIED, DEFAULT | HAND_NOGROUP, HAND_UP, DEFAULT | HAND_FINAL | HAND_MERGEABLE,
    DEFAULT | HAND_STRICT, DEFAULT | HAND_NOGROUP | HAND_STRICT
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

static void splits(void)
{
    static const ull counts[] = { 0, 1, 2, 3, 7, 10, 64, 100, 129, 1000 };
    static const ull nums[] = { 1, 2, 3, 5, 8, 33, 64, 100, 1500 };

    for (int v = 0; v < VARIANTS; v++)
        for (int c = 0; c < 10; c++) {
            if (!(variants[v] & HAND_STRICT))
                both_kinds(10, 10 + counts[c], 1, variants[v], 0);
            for (int g = 0; g < 9; g++) {
                both_kinds(5, 5 + counts[c] * 3, 3, variants[v], nums[g]);
                both_kinds(100, 100 + counts[c] * 7 - (counts[c] != 0), 7, variants[v] | HAND_GRAINSIZE, nums[g]);
            }
        }
}

/* Bounds at the ends of the types. The loops of the second half would leave the type with one step more. */
static void extremes(void)
{
    static const ull nums[] = { 1, 2, 3, 7, 1000 };
    const ull top = ULLONG_MAX, low = (ull)LONG_MIN, high = (ull)LONG_MAX;

    for (int i = 0; i < 5; i++) {
        for (unsigned g = 0; g <= HAND_GRAINSIZE; g += HAND_GRAINSIZE) {
            unsigned flags = DEFAULT | g;

            one_loop(false, true, high - 10, high, 1, flags, nums[i]);
            one_loop(false, true, low, low + 100, 9, flags, nums[i]);
            one_loop(false, false, high, high - 100, (ull)-9, flags, nums[i]);
            one_loop(false, true, (ull)-50, 50, 5, flags, nums[i]);
            one_loop(true, true, top - 10, top, 1, flags, nums[i]);
            one_loop(true, true, high - 5, high + 5, 1, flags, nums[i]);
            if (getenv("HAND_MORE") == NULL)
                continue;
            one_loop(false, true, high - 10, high, 4, flags, nums[i]);
            one_loop(false, false, low + 10, low, (ull)-3, flags, nums[i]);
            one_loop(true, true, top - 10, top, 8, flags, nums[i]);
            one_loop(true, false, 10, 0, (ull)-3, flags, nums[i]);
            one_loop(true, true, 0, top - 1, top / 64, flags, nums[i]);
            one_loop(true, false, top, 0, (ull)(-(long)(top / 100)), flags, nums[i]);
        }
    }
}

/* Sizes are of the whole loop even where it has more iterations than any task list could hold. */
static void huge_loops(void)
{
    one_loop(true, true, 0, ULLONG_MAX, 1, DEFAULT, 7);
    one_loop(true, true, 0, ULLONG_MAX, 1, DEFAULT | HAND_GRAINSIZE, 1ull << 60);
    one_loop(true, true, 3, ULLONG_MAX, 1, DEFAULT | HAND_GRAINSIZE | HAND_STRICT, 1ull << 60);
    one_loop(false, true, 0, LONG_MAX, 1, DEFAULT, 100);
    one_loop(false, true, 0, LONG_MAX, 1, DEFAULT | HAND_GRAINSIZE, 1ull << 58);
    if (getenv("HAND_MORE") != NULL)
        one_loop(false, false, 0, (ull)LONG_MIN, (ull)-1, DEFAULT, 0);
}

/* Copy functions: once for every task, in the creating thread; the block is aligned, and the bounds are put in
 * after. */
struct wide {
    long start, end;
    int *copies, *iterations;
    const struct wide *self;
    int creator;
    char fill[300];
};

static void copy_wide(void *to, void *from)
{
    struct wide *block = to;

    *block = *(struct wide *)from;
    CHECK_EQ(omp_get_thread_num(), block->creator);
    block->start = block->end = -1;
    block->self = block;
    ADD(*block->copies, 1);
}

static void run_wide(void *p)
{
    struct wide *block = p;

    CHECK_EQ((uintptr_t)p % 256, 0);
    CHECK(block->self == block);
    CHECK_EQ(block->fill[299], 3);
    ADD(*block->iterations, (int)(block->end - block->start));
}

static void copies(unsigned flags)
{
    int made = 0, iterations = 0;
    struct wide data = { 0, 0, &made, &iterations, NULL, omp_get_thread_num(), { 0 } };

    memset(data.fill, 3, sizeof data.fill);
    GOMP_taskloop(run_wide, &data, copy_wide, sizeof data, 256, flags, 9, 0, 0, 100, 1);
    memset(data.fill, 0, sizeof data.fill);
    if (flags & HAND_NOGROUP)
        GOMP_taskwait();
    CHECK_EQ(LOAD(made), 9);
    CHECK_EQ(LOAD(iterations), 100);
}

/* Undeferred: in ascending order, before the call returns, in this thread. */
struct ordered {
    long start, end, *next;
    int thread, is_final;
};

static void run_ordered(void *p)
{
    struct ordered *block = p;

    CHECK_EQ(omp_get_thread_num(), block->thread);
    CHECK_EQ(omp_in_final(), block->is_final);
    CHECK_EQ(block->start, *block->next);
    *block->next = block->end;
}

static void undeferred(unsigned flags)
{
    long next = 3;
    struct ordered data = { 0, 0, &next, omp_get_thread_num(), (flags & HAND_FINAL) != 0 };

    GOMP_taskloop(run_ordered, &data, NULL, sizeof data, 8, flags | HAND_UP, 7, 0, 3, 103, 1);
    CHECK_EQ(next, 103);
}

/* The array of a reduction: registered for the body, and word 2 is 0 after a loop without iterations. */
struct reducing {
    long start, end;
    uintptr_t *array;
};

static void add_iterations(void *p)
{
    struct reducing *block = p;
    long *mine = (long *)(block->array[2] + (uintptr_t)omp_get_thread_num() * block->array[1]);

    *mine += block->end - block->start;
}

static void reductions(unsigned flags)
{
    long original = 0, sum = 0;
    uintptr_t array[10] = { 1, 64, 8, (uintptr_t)-1, 0, 0, 0, (uintptr_t)&original, 0, 0 };
    struct reducing data = { 0, 0, array };

    GOMP_taskloop(add_iterations, &data, NULL, sizeof data, 8, flags, 20, 0, 0, 1000, 1);
    CHECK(array[2] != 0);
    for (int i = 0; i < omp_get_num_threads(); i++)
        sum += *(long *)(array[2] + (uintptr_t)i * array[1]);
    CHECK_EQ(sum, 1000);
    GOMP_taskgroup_reduction_unregister(array);
    array[2] = 8;
    GOMP_taskloop(add_iterations, &data, NULL, sizeof data, 8, flags, 20, 0, 5, 5, 1);
    CHECK_EQ(array[2], 0);
}

static void everything(void)
{
    splits();
    extremes();
    huge_loops();
    copies(DEFAULT);
    copies(DEFAULT | HAND_NOGROUP);
    copies(HAND_UP);
    undeferred(0);
    undeferred(HAND_FINAL);
    undeferred(HAND_NOGROUP);
    reductions(DEFAULT | HAND_REDUCTION);
}

int main(void)
{
#pragma omp parallel
    {
#pragma omp single
        everything();
#pragma omp single
        {
#pragma omp task final(1)
            {
                undeferred(HAND_IF | HAND_FINAL);
                copies(DEFAULT);
            }
#pragma omp task
            reductions(DEFAULT | HAND_REDUCTION);
        }
    }
    everything();
    if (getenv("HAND_MORE") != NULL)
        undeferred(HAND_IF);
    return 0;
}
