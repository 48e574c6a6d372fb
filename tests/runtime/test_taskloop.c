/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * taskloop, lowered by hand: which tasks, with which iterations. */
#include "tests/runtime/test_gomp.h"

#include "runtime/spawn.h"

/* The argument blocks of the two widths.  The compiler lays the bounds out first. */
enum { PIECES = 128 };

struct record {
    unsigned n;                         /* tasks that ran */
    uint64_t start[PIECES], end[PIECES];
    bool final, explicit;
    unsigned cancel_at;                 /* != 0: this task cancels the taskgroup */
    struct gompx_taskgroup *group;
    struct gompx_task *parent;
};

struct arg {
    uint64_t start, end;
    union { struct record *record; uintptr_t *reductions; };
    struct record *record2;             /* with reductions */
};

static void note(struct record *r, const struct arg *a)
{
    struct gompx_task *task = gompx_frame_get()->task;

    if (r->n < PIECES) {
        r->start[r->n] = a->start;
        r->end[r->n] = a->end;
    }
    r->n++;
    r->final = omp_in_final();
    r->explicit = omp_in_explicit_task();
    r->group = task->group;
    r->parent = task->parent;
    if (r->n == r->cancel_at)
        GOMP_cancel(8, true);
}

static void body(void *data)
{
    struct arg *a = data;

    note(a->record, a);
}

static struct record loop(unsigned flags, unsigned long tasks, long start, long end, long step)
{
    struct record r = { 0 };
    struct arg a = { 77, 78, { &r }, NULL };

    GOMP_taskloop(body, &a, NULL, sizeof a, 8, flags, tasks, 0, start, end, step);
    return r;
}

static struct record loop_ull(unsigned flags, unsigned long tasks, ull start, ull end, ull step)
{
    struct record r = { 0 };
    struct arg a = { 77, 78, { &r }, NULL };

    GOMP_taskloop_ull(body, &a, NULL, sizeof a, 8, flags, tasks, 0, start, end, step);
    return r;
}

/* n iterations in pieces of these sizes; both widths, up and down. */
static void expect(unsigned flags, unsigned long tasks, unsigned n, unsigned pieces, const unsigned *sizes)
{
    for (int k = 0; k < 4; k++) {
        bool up = k & 1;
        long step = up ? 3 : -5, from = up ? -10 : 1000, to = from + n * step, at = from;
        unsigned all = flags | (up ? UP : 0);
        uint64_t shift = k & 2 ? 5000 : 0;
        struct record r = k & 2 ? loop_ull(all, tasks, (ull)from + shift, (ull)to + shift, (ull)step)
                                : loop(all, tasks, from, to, step);

        ck_assert_uint_eq(r.n, pieces);
        for (unsigned i = 0; i < pieces; i++) {
            ck_assert_uint_eq(r.start[i], (uint64_t)at + shift);
            at += (long)sizes[i] * step;
            ck_assert_uint_eq(r.end[i], (uint64_t)at + shift);
        }
        ck_assert_int_eq(at, to);
    }
}

#define EXPECT(flags, tasks, n, ...) \
    expect((flags), (tasks), (n), sizeof (unsigned[]){ __VA_ARGS__ } / sizeof(unsigned), (unsigned[]){ __VA_ARGS__ })

START_TEST(num_tasks_divides_evenly)
{
    EXPECT(IF, 1, 10, 10);
    EXPECT(IF, 3, 10, 4, 3, 3);
    EXPECT(IF, 4, 10, 3, 3, 2, 2);
    EXPECT(IF, 10, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    EXPECT(IF, 99, 3, 1, 1, 1);
    EXPECT(IF | STRICT, 4, 10, 3, 3, 2, 2);
    EXPECT(0, 3, 10, 4, 3, 3);
}
END_TEST

START_TEST(a_grainsize_is_a_least_size)
{
    EXPECT(IF | GRAINSIZE, 1, 3, 1, 1, 1);
    EXPECT(IF | GRAINSIZE, 3, 10, 4, 3, 3);
    EXPECT(IF | GRAINSIZE, 4, 10, 5, 5);
    EXPECT(IF | GRAINSIZE, 4, 11, 6, 5);
    EXPECT(IF | GRAINSIZE, 6, 10, 10);
    EXPECT(IF | GRAINSIZE, 10, 10, 10);
    EXPECT(IF | GRAINSIZE, 1000, 10, 10);
}
END_TEST

START_TEST(a_strict_grainsize_is_the_size)
{
    EXPECT(IF | GRAINSIZE | STRICT, 1, 3, 1, 1, 1);
    EXPECT(IF | GRAINSIZE | STRICT, 4, 10, 4, 4, 2);
    EXPECT(IF | GRAINSIZE | STRICT, 5, 10, 5, 5);
    EXPECT(IF | GRAINSIZE | STRICT, 9, 10, 9, 1);
    EXPECT(IF | GRAINSIZE | STRICT, 1000, 10, 10);
}
END_TEST

static void default_in_team(void *data)
{
    if (omp_get_thread_num() == 1)
        *(unsigned *)data = loop(UP | IF, 0, 0, 100, 1).n;
}

START_TEST(without_a_clause_there_is_a_task_for_each_thread)
{
    unsigned n = 0;

    EXPECT(IF, 0, 10, 10);
    GOMP_parallel(default_in_team, &n, 4, 0);
    ck_assert_uint_eq(n, 4);
}
END_TEST

START_TEST(no_bound_overflows)
{
    struct record r;

    r = loop(UP | IF, 4, INT64_MIN, INT64_MAX, 3);      /* 2^64 - 1 = 3 * n: no remainder */
    ck_assert_uint_eq(r.n, 4);
    ck_assert_uint_eq(r.start[0], (uint64_t)INT64_MIN);
    for (int i = 1; i < 4; i++)
        ck_assert_uint_eq(r.start[i], r.end[i - 1]);
    ck_assert_uint_eq(r.end[3], (uint64_t)INT64_MAX);
    r = loop(UP | IF, 2, 0, INT64_MAX, INT64_MAX - 1);  /* the last step would leave the type */
    ck_assert_uint_eq(r.n, 2);
    ck_assert_uint_eq(r.start[1], (uint64_t)INT64_MAX - 1);
    ck_assert_uint_eq(r.end[1], (uint64_t)INT64_MAX);
    r = loop(IF, 2, 0, INT64_MIN, INT64_MIN);
    ck_assert_uint_eq(r.n, 1);
    r = loop_ull(UP | IF | GRAINSIZE | STRICT, UINT64_MAX / 2, 0, UINT64_MAX, 1);
    ck_assert_uint_eq(r.n, 3);                          /* 2^64 - 1 iterations */
    ck_assert_uint_eq(r.end[2], UINT64_MAX);
    ck_assert_uint_eq(r.start[2], UINT64_MAX - 1);
    r = loop_ull(IF, 3, UINT64_MAX, 1, (ull)-7);
    ck_assert_uint_eq(r.n, 3);
    ck_assert_uint_eq(r.end[2], 1);
}
END_TEST

START_TEST(the_direction_of_an_unsigned_loop_is_its_flag)
{
    ck_assert_uint_eq(loop_ull(UP | IF, 1, 5, 5, 1).n, 0);
    ck_assert_uint_eq(loop_ull(UP | IF, 1, 6, 5, 1).n, 0);
    ck_assert_uint_eq(loop_ull(IF, 1, 5, 6, (ull)-1).n, 0);
    ck_assert_uint_eq(loop_ull(IF, 1, 6, 5, (ull)-1).n, 1);
    ck_assert_uint_eq(loop(UP | IF, 1, 0, 0, 1).n, 0);
    ck_assert_uint_eq(loop(UP | IF, 1, 0, -1, 1).n, 0);
    ck_assert_uint_eq(loop(IF, 1, -1, 0, -1).n, 0);
}
END_TEST

START_TEST(each_piece_is_a_task_of_its_own_in_a_group_of_the_loop)
{
    struct gompx_task *me = gompx_frame_get()->task;
    struct record r = loop(UP | IF, 3, 0, 10, 1);

    ck_assert(r.explicit && !r.final);
    ck_assert_ptr_nonnull(r.group);
    ck_assert_ptr_eq(r.parent, me);
    ck_assert_ptr_null(me->group);
    ck_assert(loop(UP | IF | FINAL, 3, 0, 10, 1).final);
    ck_assert_ptr_null(loop(UP | IF | NOGROUP, 3, 0, 10, 1).group);
    GOMP_taskgroup_start();
    ck_assert_ptr_eq(loop(UP | IF | NOGROUP, 3, 0, 10, 1).group, me->group);
    ck_assert_ptr_ne(loop(UP | IF, 3, 0, 10, 1).group, me->group);
    GOMP_taskgroup_end();
}
END_TEST

/* ---- with a copy function ---- */

static unsigned copies;
static size_t copy_align;

static void copy(void *arg, void *data)
{
    struct arg *to = arg;

    ck_assert_uint_eq((uintptr_t)arg % copy_align, 0);
    ck_assert_int_eq(omp_in_explicit_task(), 1);
    *to = *(struct arg *)data;
    to->start = to->end = 99;
    copies++;
}

START_TEST(every_task_gets_a_copy_and_then_its_bounds)
{
    struct record r = { 0 };
    struct arg a = { 77, 78, { &r }, NULL };

    for (copy_align = 8; copy_align <= 256; copy_align *= 2) {
        r.n = copies = 0;
        GOMP_taskloop(body, &a, copy, 6000, (long)copy_align, UP | IF, 5, 0, 0, 10, 1);
        ck_assert_uint_eq(copies, 5);
        ck_assert_uint_eq(r.n, 5);
        for (unsigned i = 0; i < 5; i++) {
            ck_assert_uint_eq(r.start[i], 2 * i);
            ck_assert_uint_eq(r.end[i], 2 * i + 2);
        }
        ck_assert_uint_eq(a.start, 77);
    }
}
END_TEST

/* ---- reductions and cancellation ---- */

static void reduce_body(void *data)
{
    struct arg *a = data;
    long *mine = (long *)(a->reductions[2] + (uintptr_t)omp_get_thread_num() * a->reductions[1]);

    for (uint64_t i = a->start; i != a->end; i++)
        *mine += (long)i;
    note(a->record2, a);
}

static void reduce_loop(unsigned flags, long n, struct record *r, uintptr_t array[10])
{
    static long original;
    struct arg a = { 0, 0, { .reductions = array }, r };
    uintptr_t words[10] = { 1, 64, 8, (uintptr_t)-1, 0, 12345, 0, (uintptr_t)&original, 0, 0 };

    memcpy(array, words, sizeof words);
    GOMP_taskloop(reduce_body, &a, NULL, sizeof a, 8, flags | UP | IF | REDUCTION, 4, 0, 0, n, 1);
}

static void reduce_in_team(void *data)
{
    struct record r = { 0 };
    uintptr_t array[10];

    reduce_loop(0, 100, &r, array);
    ck_assert_uint_eq(r.n, 4);
    ck_assert_uint_eq(array[6] - array[2], 64 * (unsigned)omp_get_num_threads());
    for (int t = 0; t < omp_get_num_threads(); t++)
        ck_assert_int_eq(*(long *)(array[2] + 64 * (unsigned)t), t == omp_get_thread_num() ? 4950 : 0);
    GOMP_taskgroup_reduction_unregister(array);
    (void)data;
}

START_TEST(reductions_are_registered_for_the_loop)
{
    reduce_in_team(NULL);
    GOMP_parallel(reduce_in_team, NULL, 1, 0);
    GOMP_parallel(reduce_in_team, NULL, 4, 0);
}
END_TEST

START_TEST(a_loop_without_iterations_registers_nothing)
{
    struct record r = { 0 };
    uintptr_t array[10];

    reduce_loop(0, 0, &r, array);
    ck_assert_uint_eq(r.n, 0);
    ck_assert_uint_eq(array[2], 0);
    GOMP_taskgroup_reduction_unregister(array);
    reduce_loop(NOGROUP, 0, &r, array);
    ck_assert_uint_eq(array[2], 8);
}
END_TEST

START_TEST(cancellation_stops_the_loop)
{
    struct record r = { .cancel_at = 2 };
    struct arg a = { 0, 0, { &r }, NULL };
    uintptr_t array[10];

    gompx_frame_get();
    gompx_globals.cancellation = true;
    GOMP_taskloop(body, &a, NULL, sizeof a, 8, UP | IF, 4, 0, 0, 10, 1);
    ck_assert_uint_eq(r.n, 2);
    ck_assert_uint_eq(loop(UP | IF, 4, 0, 10, 1).n, 4);
    GOMP_taskgroup_start();
    GOMP_cancel(8, true);
    ck_assert_uint_eq(loop(UP | IF, 4, 0, 10, 1).n, 0);
    ck_assert_uint_eq(loop(UP | IF | NOGROUP, 4, 0, 10, 1).n, 0);
    reduce_loop(0, 10, &r, array);
    ck_assert_uint_eq(array[2], 0);
    GOMP_taskgroup_end();
    ck_assert_uint_eq(loop(UP | IF, 4, 0, 10, 1).n, 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("taskloop");
    TCase *tcase = tcase_create("taskloop");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, num_tasks_divides_evenly);
    tcase_add_test(tcase, a_grainsize_is_a_least_size);
    tcase_add_test(tcase, a_strict_grainsize_is_the_size);
    tcase_add_test(tcase, without_a_clause_there_is_a_task_for_each_thread);
    tcase_add_test(tcase, no_bound_overflows);
    tcase_add_test(tcase, the_direction_of_an_unsigned_loop_is_its_flag);
    tcase_add_test(tcase, each_piece_is_a_task_of_its_own_in_a_group_of_the_loop);
    tcase_add_test(tcase, every_task_gets_a_copy_and_then_its_bounds);
    tcase_add_test(tcase, reductions_are_registered_for_the_loop);
    tcase_add_test(tcase, a_loop_without_iterations_registers_nothing);
    tcase_add_test(tcase, cancellation_stops_the_loop);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
