/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks while malloc fails, always or now and then: each still runs once, in an order that is allowed, and those that come later,
 * when there is memory again, as ever. */
#include "tests/runtime/test_program.h"

#include "runtime/thread.h"

enum { MOST = 8 };

static const unsigned sizes[] = { 1, 2, 3, 4, 8 };
static const unsigned rates[] = { 1, 2, 10 };       /* one of so many allocations fails */
enum { SIZES = sizeof sizes / sizeof *sizes, RATES = sizeof rates / sizeof *rates };

/* ---- an unreliable malloc ---- */

static _Atomic unsigned failing;        /* one of so many; 0: none */
static _Atomic unsigned failed;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

static bool fails(void)
{
    static _Atomic unsigned calls;
    unsigned rate = atomic_load(&failing);

    if (rate == 0 || (atomic_fetch_add(&calls, 1) * 2654435761u >> 8) % rate != 0)
        return false;
    atomic_fetch_add(&failed, 1);
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    return fails() ? NULL : __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    return fails() ? NULL : __libc_memalign(align, size);
}

/* The team is there before: regions need memory, tasks do not. */
static void nothing(void *data)
{
    (void)data;
}

static void run_failing(void (*fn)(void *), void *data, unsigned n, unsigned rate)
{
    GOMP_parallel(nothing, NULL, n, 0);
    failed = 0;
    failing = rate;
    GOMP_parallel(fn, data, n, 0);
    failing = 0;
}

/* ---- dependences ---- */

static struct program program[MOST];

static void run_programs(void *all)
{
    unsigned me = (unsigned)omp_get_thread_num();

    if (me == 0 || *(bool *)all)
        program_run(&program[me]);
}

static void check_programs(unsigned n, unsigned round)
{
    for (unsigned m = 0; m < n; m++) {
        const char *wrong = program_check(&program[m]);

        ck_assert_msg(!wrong, "round %u, member %u: %s", round, m, wrong);
    }
}

START_TEST(programs_keep_their_order)
{
    static const unsigned addresses[] = { 3, 40, PROGRAM_ADDRESSES };
    unsigned n = sizes[_i / RATES], rate = rates[_i % RATES], total = 0;

    for (unsigned r = 0; r < 40; r++) {
        bool all = r / 3 % 2;

        for (unsigned m = 0; m < n; m++)
            program_make(&program[m], 1 + m + 100 * r + 10000 * (unsigned)_i, PROGRAM_STEPS, addresses[r % 3], false);
        run_failing(run_programs, &all, n, rate);
        total += failed;
        check_programs(all ? n : 1, r);
        for (unsigned m = 0; m < n; m++)                /* and with memory */
            program_make(&program[m], m + r, PROGRAM_STEPS, addresses[r % 3], false);
        GOMP_parallel(run_programs, &all, n, 0);
        check_programs(all ? n : 1, r);
    }
    if (n > 1)
        ck_assert_uint_gt(total, 0);
}
END_TEST

/* ---- argument blocks, copies, children of undeferred tasks, detached tasks ---- */

enum { BRANCH = 4, DEPTH = 4, TREE = 1 + 4 + 16 + 64 + 256 };

static _Atomic unsigned ran, wrong;

struct node { uintptr_t handle; unsigned depth, mark; char rest[]; };

static const size_t lengths[] = { sizeof(struct node), 100, 700, 3000, 20000 };

static void fill(struct node *node, size_t size, unsigned depth)
{
    node->handle = 0;
    node->depth = depth;
    node->mark = (unsigned)size;
    memset(node->rest, (int)(size & 0x7f), size - sizeof *node);
}

static void check_filled(const struct node *node)
{
    for (size_t i = 0; i < node->mark - sizeof *node; i++)
        if (node->rest[i] != (char)(node->mark & 0x7f)) {
            atomic_fetch_add(&wrong, 1);
            return;
        }
}

static void copy(void *to, void *from)
{
    const struct node *node = from;

    memcpy((char *)to + sizeof(uintptr_t), (char *)from + sizeof(uintptr_t), node->mark - sizeof(uintptr_t));
    *(uintptr_t *)to = *(uintptr_t *)from;
}

static void grow(void *data)
{
    char room[20000];
    struct node *node = data, *child = (struct node *)room;
    uintptr_t handle;

    check_filled(node);
    for (unsigned i = 0; i < BRANCH && node->depth < DEPTH; i++) {
        size_t size = lengths[(i + node->depth) % 5];
        unsigned flags = node->depth == 2 && i == 1 ? DETACH : 0;
        bool undeferred = node->depth == 1 && i % 2;

        fill(child, size, node->depth + 1);
        GOMP_task(grow, child, i % 2 ? copy : NULL, (long)size, i == 3 ? 256 : 8, !undeferred, flags, NULL, 0, &handle);
    }
    if (node->depth == 3 && node->handle)
        omp_fulfill_event(node->handle);
    atomic_fetch_add(&ran, 1);
}

/* Of depth 3, the second child of each node of depth 2 is detached, and fulfils itself. */
static void plant(void *unused)
{
    struct node root = { 0, 0, sizeof root };

    (void)unused;
    GOMP_taskgroup_start();
    grow(&root);
    GOMP_taskgroup_end();
}

START_TEST(tasks_of_all_sizes_run_once)
{
    unsigned n = sizes[_i / RATES], rate = rates[_i % RATES];

    for (unsigned r = 0; r < 10; r++) {
        ran = 0;
        run_failing(plant, NULL, n, r % 2 ? rate : 0);
        ck_assert_uint_eq(ran, n * TREE);
        ck_assert_uint_eq(wrong, 0);
        ck_assert(r % 2 == 0 || failed > 0 || rate > 1);
    }
}
END_TEST

/* ---- taskloops ---- */

enum { ITERATIONS = 3000 };

static _Atomic unsigned times[ITERATIONS];

struct loop { long start, end; char rest[3000]; };

static void iterate(void *data)
{
    struct loop *l = data;

    for (long i = l->start; i < l->end; i++)
        atomic_fetch_add(&times[i], 1);
}

static void copy_loop(void *to, void *from)
{
    memcpy(to, from, sizeof(struct loop));
}

static void loops(void *unused)
{
    struct loop l;

    (void)unused;
    for (int k = 0; k < 4; k++)
        GOMP_taskloop(iterate, &l, k % 2 ? copy_loop : NULL, sizeof l, 8, UP | IF | (k / 2 ? NOGROUP : 0), 100, 0, 0,
                      ITERATIONS, 1);
}

START_TEST(taskloops_run_each_iteration_once)
{
    unsigned n = sizes[_i / RATES], rate = rates[_i % RATES];

    for (unsigned r = 0; r < 6; r++) {
        memset(times, 0, sizeof times);
        run_failing(loops, NULL, n, r % 2 ? rate : 0);
        for (unsigned i = 0; i < ITERATIONS; i++)
            ck_assert_uint_eq(times[i], 4 * n);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("no_memory");
    TCase *tcase = tcase_create("no_memory");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, programs_keep_their_order, 0, SIZES * RATES);
    tcase_add_loop_test(tcase, tasks_of_all_sizes_run_once, 0, SIZES * RATES);
    tcase_add_loop_test(tcase, taskloops_run_each_iteration_once, 0, SIZES * RATES);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
