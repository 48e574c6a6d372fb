/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Dependences (runtime/depend.h): random programs, whose order is checked pair by pair and whose tasks must not wait for more than
 * they have to; and the table's growth. */
#include "tests/runtime/test_program.h"

#include <malloc.h>

#include "runtime/thread.h"

enum { MOST = 16 };

static const unsigned sizes[] = { 1, 2, 3, 4, 8, 16 };
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct program program[MOST];
static struct { unsigned rounds, addresses; bool hold, all; _Atomic bool stuck; } run;

/* ---- each kind against each ---- */

static _Atomic unsigned second_runs;

static void run_second(void *data)
{
    atomic_fetch_add(&second_runs, 1);
    (void)data;
}

static void nothing(void *data)
{
    (void)data;
}

static char x, y;

/* An array of one entry: kind 6 is omp_all_memory, 7 another address. */
static void **entry(unsigned kind, bool object, void *array[6], void *place[2])
{
    place[0] = kind == 6 ? NULL : kind == 7 ? &y : &x;
    place[1] = (void *)(uintptr_t)(kind == 6 ? KIND_OUT : kind == 7 ? KIND_INOUT : kind);
    kind = (unsigned)(uintptr_t)place[1];
    array[0] = NULL;
    array[1] = (void *)1;
    array[2] = (void *)(uintptr_t)(!object && (kind == KIND_OUT || kind == KIND_INOUT));
    array[3] = (void *)(uintptr_t)(!object && kind == KIND_MUTEX);
    array[4] = (void *)(uintptr_t)(!object && kind == KIND_IN);
    array[5] = object ? (void *)place : place[0];
    return array;
}

static bool is_ordered(unsigned first, unsigned second)
{
    if (first == 6 || second == 6)
        return true;
    if (first == 7 || second == 7)
        return first == second;
    return !(first == second && (first == KIND_IN || first == KIND_SET));
}

/* The first task is detached; the second has run before it is fulfilled, or not. */
static void check_pair(unsigned first, bool first_object, unsigned second, bool second_object)
{
    void *array[2][6], *place[2][2], **depend = entry(first, first_object, array[0], place[0]);
    uintptr_t data = 0, handle = 0;

    second_runs = 0;
    GOMP_task(nothing, &data, NULL, sizeof data, 8, true, DETACH | DEPEND, depend, 0, &handle);
    depend = entry(second, second_object, array[1], place[1]);
    GOMP_task(run_second, NULL, NULL, 0, 1, true, DEPEND, depend, 0, NULL);
    for (int ms = 0; !is_ordered(first, second) && second_runs == 0 && ms < 10000; ms++) {
        GOMP_taskyield();
        if (second_runs == 0)
            test_sleep_ms(1);
    }
    GOMP_taskyield();
    ck_assert_msg(second_runs == !is_ordered(first, second), "kind %u after kind %u", second, first);
    omp_fulfill_event(handle);
    GOMP_taskwait();
    ck_assert_uint_eq(second_runs, 1);
}

static void all_pairs(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() != 0)
        return;
    for (unsigned first = 1; first <= 7; first++)
        for (unsigned second = 1; second <= 7; second++)
            for (int objects = 0; objects < 4; objects++)
                check_pair(first, objects & 1 || first == KIND_SET, second, objects & 2 || second == KIND_SET);
}

START_TEST(each_kind_waits_for_those_that_it_must_and_no_others)
{
    GOMP_parallel(all_pairs, NULL, sizes[_i], 0);
}
END_TEST

/* ---- random programs ---- */

/* Program of member m in round r: the seed says all. */
static void make(unsigned m, unsigned r, int test)
{
    static const unsigned addresses[] = { 3, 10, 40, PROGRAM_ADDRESSES };

    program_make(&program[m], (uint32_t)(1 + m + 100 * r + 10000 * (unsigned)test), 20 + 20 * (r % 4), addresses[r % 4 ^ m % 4],
                 run.hold && r % 2);
}

static void run_programs(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num();

    (void)unused;
    if ((me == 0 || run.all) && !program_run(&program[me]))
        atomic_store(&run.stuck, true);
}

START_TEST(random_programs_keep_their_order)
{
    unsigned n = sizes[_i / 4];

    run.all = _i & 1;
    run.hold = _i & 2;
    for (unsigned r = 0; r < 40; r++) {
        for (unsigned m = 0; m < n; m++)
            make(m, r, _i);
        GOMP_parallel(run_programs, NULL, n, 0);
        for (unsigned m = 0; m < (run.all ? n : 1); m++) {
            const char *wrong = program_check(&program[m]);

            ck_assert_msg(!wrong, "round %u, member %u: %s", r, m, wrong);
        }
        ck_assert_msg(!run.stuck, "round %u: a task waits for no reason", r);
    }
}
END_TEST

/* One after the other with the same parent and table, the first ones not awaited. */
static void run_sequence(void *data)
{
    if (omp_get_thread_num() != 0)
        return;
    for (unsigned r = 0; r < MOST; r++) {
        if (!program_run(&program[r]))
            atomic_store(&run.stuck, true);
        if (omp_get_num_threads() == 1)
            GOMP_taskwait();                            /* nobody else runs what has become ready, and taskyield does not */
    }
    if (data)
        GOMP_taskwait();
}

START_TEST(programs_follow_each_other_in_one_table)
{
    run.hold = true;
    for (unsigned m = 0; m < MOST; m++)
        make(m, m, 1000 + _i);
    GOMP_parallel(run_sequence, _i % 2 ? &run : NULL, sizes[_i / 2], 0);
    ck_assert(!run.stuck);
    for (unsigned m = 0; m < MOST; m++) {
        const char *wrong = program_check(&program[m]);

        ck_assert_msg(!wrong, "program %u: %s", m, wrong);
    }
}
END_TEST

/* ---- wide and deep ---- */

enum { MANY = 20000 };

static char place[MANY];
static _Atomic unsigned done;
static unsigned plain[MANY + 1];

static void add_one(void *data)
{
    unsigned i = *(unsigned *)data;

    plain[i + 1] = plain[i] + 1;
    atomic_fetch_add(&done, 1);
}

/* Task i waits for i - 1, and two of each other task have it as an input. */
static void wide(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() != 0)
        return;
    for (unsigned i = 0; i < MANY; i++) {
        void *depend[] = { (void *)2, (void *)1, &place[i], &place[i ? i - 1 : 0] };

        GOMP_task(add_one, &i, NULL, sizeof i, sizeof i, true, DEPEND, depend, 0, NULL);
    }
}

START_TEST(a_table_grows_to_any_size)
{
    GOMP_parallel(wide, NULL, sizes[_i], 0);
    ck_assert_uint_eq(done, MANY);
    for (unsigned i = 0; i <= MANY; i++)
        ck_assert_uint_eq(plain[i], i);
}
END_TEST

/* All behind one: many successors of a node, many predecessors of another. */
static void fan(void *unused)
{
    void *one[] = { (void *)1, (void *)1, place }, *in[] = { (void *)1, (void *)0, place };
    uintptr_t data = 0, handle = 0;
    unsigned last = MANY - 1;

    (void)unused;
    if (omp_get_thread_num() != 0)
        return;
    GOMP_task(nothing, &data, NULL, sizeof data, 8, true, DETACH | DEPEND, one, 0, &handle);
    for (unsigned i = 0; i < 2000; i++)
        GOMP_task(run_second, NULL, NULL, 0, 1, true, DEPEND, in, 0, NULL);
    GOMP_task(add_one, &last, NULL, sizeof last, sizeof last, true, DEPEND, one, 0, NULL);
    ck_assert_uint_eq(second_runs + done, 0);
    omp_fulfill_event(handle);
    GOMP_taskwait_depend(in);
    ck_assert_uint_eq(second_runs, 2000);
    ck_assert_uint_eq(done, 1);
}

START_TEST(a_task_may_have_any_number_of_successors_and_predecessors)
{
    GOMP_parallel(fan, NULL, sizes[_i], 0);
}
END_TEST

static char far[1 << 20];

/* Each names new addresses; the earlier tasks are complete. */
static void pass_through(void *unused)
{
    size_t before = 0;

    (void)unused;
    if (omp_get_thread_num() != 0)
        return;
    for (unsigned i = 0; i + 4 < sizeof far; i += 4) {
        void *depend[] = { (void *)4, (void *)2, &far[i], &far[i + 1], &far[i + 2], &far[i + 3] };

        GOMP_task(run_second, NULL, NULL, 0, 1, true, DEPEND, depend, 0, NULL);
        if (i % 1024 == 0)
            GOMP_taskwait();
        if (i == 1 << 16)
            before = mallinfo2().uordblks;
    }
    GOMP_taskwait();
    ck_assert_uint_le(mallinfo2().uordblks, before + (256 << 10));  /* not 16 bytes for each of a million */
}

START_TEST(a_table_forgets_what_is_complete)
{
    GOMP_parallel(pass_through, NULL, sizes[_i], 0);
    ck_assert_uint_eq(second_runs, sizeof far / 4 - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("depend");
    TCase *tcase = tcase_create("depend");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, each_kind_waits_for_those_that_it_must_and_no_others, 0, SIZES);
    tcase_add_loop_test(tcase, random_programs_keep_their_order, 0, SIZES * 4);
    tcase_add_loop_test(tcase, programs_follow_each_other_in_one_table, 0, SIZES * 2);
    tcase_add_loop_test(tcase, a_table_grows_to_any_size, 0, SIZES);
    tcase_add_loop_test(tcase, a_task_may_have_any_number_of_successors_and_predecessors, 0, SIZES);
    tcase_add_loop_test(tcase, a_table_forgets_what_is_complete, 0, SIZES);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
