/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * GOMP_task called by hand: argument blocks of 0 bytes to 64 KiB at alignments up to 4096, copied before the call
 * returns; copy functions; every combination of flags; callers of old compilers, which pass seven, eight or
 * nine arguments.
 *
 * run: opt=2 timeout=30 */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/task_check.h"

enum { LARGEST = 65536 };

/* The first bytes of every block that has room for them. */
struct head {
    unsigned char seed;
    int size, align;
    int *runs;
};

static _Alignas(4096) char source[LARGEST];    /* written by one thread only: the creator */
static int small_runs, creator;
static bool pass_through;   /* the data itself, not a copy, is what the task must get */

static void fill(void *block, int size, int seed)
{
    unsigned char *byte = block;

    for (int i = 0; i < size; i++)
        byte[i] = (unsigned char)(seed + i * 7);
}

static void check_filled(const void *block, int from, int size, int seed)
{
    const unsigned char *byte = block;

    for (int i = from; i < size; i++)
        if (byte[i] != (unsigned char)(seed + i * 7))
            CHECK_EQ(byte[i], (unsigned char)(seed + i * 7));
}

static void body(void *block)
{
    struct head *head = block;

    CHECK_EQ((uintptr_t)block % (unsigned)head->align, 0);
    CHECK_EQ(block == source, pass_through);
    check_filled(block, sizeof *head, head->size, head->seed);
    ADD(*head->runs, 1);
    memset(block, 0, (size_t)head->size);       /* the task may change its block */
}

static void small_body(void *block)
{
    unsigned char *byte = block;

    check_filled(block, 0, byte == NULL ? 0 : 7, byte == NULL ? 0 : byte[0]);
    ADD(small_runs, 1);
}

static void no_data(void *block)
{
    (void)block;
    ADD(small_runs, 1);
}

static const int sizes[] = { sizeof(struct head), 32, 33, 48, 63, 64, 65, 100, 128, 192, 200, 256, 300, 512, 513, 1000,
                             1024, 1025, 2048, 4000, 4096, 5000, 10000, 16384, 40000, LARGEST };
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void copy(void *to, void *from)
{
    CHECK_EQ(omp_get_thread_num(), creator);
    CHECK(from == source);
    memcpy(to, from, (size_t)((struct head *)from)->size);
}

/* The data is overwritten as soon as the call returns. */
static void every_size_and_alignment(bool if_clause, copier *cpyfn)
{
    int runs = 0, made = 0;

    creator = omp_get_thread_num();
    pass_through = !if_clause && cpyfn == NULL;
    for (int s = 0; s < SIZES; s++) {
        for (int align = 1; align <= 4096; align *= align < 16 ? 4 : 2) {
            struct head head = { (unsigned char)(s + align), sizes[s], align, &runs };

            fill(source, sizes[s], s + align);
            memcpy(source, &head, sizeof head);
            GOMP_task(body, source, cpyfn, sizes[s], align, if_clause, 0, NULL, 0, NULL);
            made++;
            memset(source, 0xee, (size_t)sizes[s]);
            if (!if_clause)
                CHECK_EQ(LOAD(runs), made);
            else if (made % 16 == 0)            /* few enough for a runtime to queue them */
                GOMP_taskwait();
        }
    }
    GOMP_taskwait();
    CHECK_EQ(LOAD(runs), made);
}

static void blocks(void)
{
#pragma omp parallel
#pragma omp single
    {
        if (omp_get_num_threads() > 1)          /* a team of one may pass the data on without a copy */
            every_size_and_alignment(true, NULL);
        every_size_and_alignment(true, copy);
        every_size_and_alignment(false, NULL);
        every_size_and_alignment(false, copy);
    }
    every_size_and_alignment(false, copy);      /* and outside any region */
    every_size_and_alignment(true, copy);
}

static void tiny_blocks(void)
{
    char data[8];

    small_runs = 0;
#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 20; i++) {
            GOMP_task(no_data, NULL, NULL, 0, 1, true, 0, NULL, 0, NULL);
            GOMP_task(no_data, data, NULL, 0, 1, i % 2, 0, NULL, 0, NULL);
            fill(data, sizeof data, i);
            GOMP_task(small_body, data, NULL, 7, 1, true, 0, NULL, 0, NULL);
            memset(data, 0, sizeof data);
        }
        GOMP_taskwait();
        CHECK_EQ(LOAD(small_runs), 60);
    }
}

/* Settings made by the copy function belong to the new task, and the body gets the address that it filled. */
struct cell {
    struct cell *self;
    int value;
    int *runs;
};

static void copy_cell(void *to, void *from)
{
    struct cell *cell = to;

    *cell = *(struct cell *)from;
    cell->self = to;
    cell->value++;
    omp_set_num_threads(cell->value);
}

static void run_cell(void *block)
{
    struct cell *cell = block;

    CHECK(cell->self == cell);
    CHECK_EQ(omp_get_max_threads(), cell->value);
    ADD(*cell->runs, 1);
}

static void copy_functions_run_inside_the_task(void)
{
    int runs = 0;

#pragma omp parallel num_threads(3)
    {
        int mine = omp_get_max_threads();

        for (int i = 0; i < 30; i++) {
            struct cell data = { NULL, 20 + i, &runs };

            GOMP_task(run_cell, &data, copy_cell, sizeof data, _Alignof(struct cell), i % 3, 0, NULL, 0, NULL);
            CHECK_EQ(data.value, 20 + i);
            CHECK_EQ(omp_get_max_threads(), mine);
        }
        GOMP_taskwait();
    }
    CHECK(runs % 30 == 0 && runs > 0);
}

/* A copy function may enlarge the block: arg_size is what it fills, more than *data has. */
struct counted {
    long n, total;
    int *runs;
    int value[];
};

static void expand(void *to, void *from)
{
    struct counted *block = to;

    *block = *(struct counted *)from;
    for (long i = 0; i < block->n; i++)
        block->value[i] = (int)i;
}

static void run_counted(void *data)
{
    struct counted *block = data;
    long sum = 0;

    for (long i = 0; i < block->n; i++)
        sum += block->value[i];
    CHECK_EQ(sum, block->total);
    ADD(*block->runs, 1);
}

static void blocks_longer_than_the_data(void)
{
    int runs = 0;

#pragma omp parallel
#pragma omp single
    {
        for (long n = 0; n < 3000; n += 100) {
            struct counted data = { n, n * (n - 1) / 2, &runs };

            GOMP_task(run_counted, &data, expand, (long)(sizeof data + (size_t)n * sizeof(int)), 8, n % 300 != 0, 0,
                      NULL, 0, NULL);
        }
        GOMP_taskwait();
        CHECK_EQ(LOAD(runs), 30);
    }
}

/* Every flag that needs no further argument, with and without the if clause; FINAL shows inside. */
struct flagged {
    unsigned flags;
    int *runs;
};

static void run_flagged(void *data)
{
    struct flagged *block = data;

    CHECK_EQ(omp_in_final(), (block->flags & HAND_FINAL) != 0);
    ADD(*block->runs, 1);
}

static void all_flags(void)
{
    int runs = 0;
    void *nonsense = &runs;     /* what lies where an argument would be that the flags do not announce */

#pragma omp parallel
#pragma omp single
    {
        for (unsigned i = 0; i < 32; i++) {
            unsigned flags = (i & 7) | (i & 8 ? HAND_PRIORITY : 0);
            struct flagged data = { flags, &runs };

            GOMP_task(run_flagged, &data, NULL, sizeof data, 8, i & 16, flags, nonsense,
                      flags & HAND_PRIORITY ? 3 : -77, nonsense);
        }
        GOMP_taskwait();
        CHECK_EQ(LOAD(runs), 32);
    }
}

/* As older compilers call it, which pass fewer arguments: 7 until gcc 4.8, 8 with depend, 9 with priority since gcc 6.
 * What lies on the stack where later ones put the rest is nonsense. */
typedef void seven(outlined *fn, void *data, copier *cpyfn, long arg_size, long arg_align, bool if_clause,
                   unsigned flags);
typedef void eight(outlined *fn, void *data, copier *cpyfn, long arg_size, long arg_align, bool if_clause,
                   unsigned flags, void **depend);
typedef void nine(outlined *fn, void *data, copier *cpyfn, long arg_size, long arg_align, bool if_clause,
                  unsigned flags, void **depend, int priority);
typedef void anything(void);

static void seven_arguments(void)
{
    seven *old = (seven *)(anything *)GOMP_task;
    int runs = 0;

#pragma omp parallel
#pragma omp single
    {
        for (unsigned i = 0; i < 16; i++) {
            struct flagged data = { i & 7, &runs };

            old(run_flagged, &data, NULL, sizeof data, 8, i & 8, i & 7);
        }
        GOMP_taskwait();
        CHECK_EQ(LOAD(runs), 16);
    }
}

struct link {
    int *last, number;
};

static void run_link(void *data)
{
    struct link *link = data;

    CHECK_EQ(LOAD(*link->last), link->number - 1);      /* in the order of their dependences */
    *link->last = link->number;
}

static void eight_and_nine_arguments(void)
{
    eight *with_depend = (eight *)(anything *)GOMP_task;
    nine *with_priority = (nine *)(anything *)GOMP_task;
    int last = 0;
    void *depend[] = { (void *)1, (void *)1, &last };

#pragma omp parallel
#pragma omp single
    {
        for (int i = 1; i <= 60; i++) {
            struct link data = { &last, i };

            if (i % 2)
                with_depend(run_link, &data, NULL, sizeof data, 8, i % 5, HAND_DEPEND | (i & HAND_UNTIED), depend);
            else
                with_priority(run_link, &data, NULL, sizeof data, 8, i % 5, HAND_DEPEND | HAND_PRIORITY, depend, i);
        }
        GOMP_taskwait();
        CHECK_EQ(last, 60);
    }
}

/* Children of a final task are included, by hand as well: done when the call returns, in the same thread. */
static void run_included(void *data)
{
    int *last = *(int **)data;

    CHECK_EQ(omp_in_final(), 1);
    ADD(*last, 1);
}

static void run_final(void *data)
{
    int *last = *(int **)data;

    for (int i = 1; i <= 5; i++) {
        GOMP_task(run_included, &last, NULL, sizeof last, 8, true, 0, NULL, 0, NULL);
        CHECK_EQ(*last, i);
    }
}

static void final_tasks_include(void)
{
    int counts[10] = { 0 };

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 10; i++) {
            int *count = &counts[i];

            GOMP_task(run_final, &count, NULL, sizeof count, 8, i % 2, HAND_FINAL, NULL, 0, NULL);
        }
        GOMP_taskwait();
        for (int i = 0; i < 10; i++)
            CHECK_EQ(counts[i], 5);
    }
}

int main(void)
{
    blocks();
    tiny_blocks();
    copy_functions_run_inside_the_task();
    blocks_longer_than_the_data();
    all_flags();
    seven_arguments();
    eight_and_nine_arguments();
    final_tasks_include();
    return 0;
}
