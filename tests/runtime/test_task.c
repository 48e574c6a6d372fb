/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * task, taskgroup and their cancellation, lowered by hand. */
#include "tests/runtime/test_gomp.h"

#include "runtime/spawn.h"

/* Sanitizers have a malloc() of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTS_MALLOC 0
#else
#define COUNTS_MALLOC 1
#endif

static _Atomic unsigned mallocs;        /* GCC takes malloc() for a function that changes no variable of ours */

#if COUNTS_MALLOC
extern void *__libc_malloc(size_t size);

void *malloc(size_t size)
{
    mallocs++;
    return __libc_malloc(size);
}
#endif

/* ---- the task itself ---- */

static void count(void *data)
{
    ++*(int *)data;
}

START_TEST(a_task_has_run_when_its_construct_is_over)
{
    int n = 0;

    test_task(count, &n);
    ck_assert_int_eq(n, 1);
    GOMP_task(count, &n, NULL, sizeof n, sizeof n, false, UNTIED | MERGEABLE | PRIORITY, NULL, 3, NULL);
    ck_assert_int_eq(n, 2);
    GOMP_taskyield();
    GOMP_taskwait();
    ck_assert_int_eq(n, 2);
}
END_TEST

/* GCC 4.4 - 4.8 pass seven arguments: what stands behind them on the stack means nothing. */
START_TEST(arguments_without_their_flag_are_not_looked_at)
{
    int n = 0;

    GOMP_task(count, &n, NULL, sizeof n, sizeof n, true, UNTIED, (void **)8, -5, (void *)16);
    ck_assert_int_eq(n, 1);
}
END_TEST

static void say_where(void *data)
{
    *(void **)data = data;
}

START_TEST(without_a_copy_function_the_task_gets_the_data_itself)
{
    void *place = NULL;

    test_task(say_where, &place);
    ck_assert_ptr_eq(place, &place);
    GOMP_task(say_where, &place, NULL, 0, 1, true, 0, NULL, 0, NULL);
    ck_assert_ptr_eq(place, &place);
}
END_TEST

struct big {
    size_t size, align;
    int copies, runs;
    struct gompx_task *task;            /* in which the copy was made */
};

static void big_copy(void *arg, void *data)
{
    struct big *b = data;

    ck_assert_uint_eq((uintptr_t)arg % b->align, 0);
    memset(arg, 0x5a, b->size);
    memcpy(arg, &b, b->size < sizeof b ? b->size : sizeof b);
    b->copies++;
    b->task = gompx_frame_get()->task;
}

static void big_run(void *arg)
{
    struct big *b = *(struct big **)arg;

    size_t good = sizeof b;

    while (good < b->size && ((char *)arg)[good] == 0x5a)
        good++;
    ck_assert_uint_eq(good, b->size);
    ck_assert_ptr_eq(b->task, gompx_frame_get()->task);
    memset(arg, 0, b->size);
    b->runs++;
}

START_TEST(the_argument_block_has_the_size_and_the_alignment_asked_for)
{
    static const size_t sizes[] = { 8, 9, 200, 3000, 4095, 4096, 5000, 1000000 };

    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t align = 1; align <= 8192; align *= 2) {
            struct big b = { .size = sizes[i], .align = align };
            struct gompx_task *outer = gompx_frame_get()->task;

            GOMP_task(big_run, &b, big_copy, (long)b.size, (long)align, true, 0, NULL, 0, NULL);
            ck_assert_int_eq(b.copies, 1);
            ck_assert_int_eq(b.runs, 1);
            ck_assert_ptr_ne(b.task, outer);
        }
}
END_TEST

static void change_threads(void *data)
{
    *(int *)data = omp_get_max_threads();
    omp_set_num_threads(7);
    ck_assert_int_eq(omp_get_max_threads(), 7);
}

static void change_and_nest(void *data)
{
    omp_set_num_threads(5);
    test_task(change_threads, data);
    ck_assert_int_eq(omp_get_max_threads(), 5);
}

START_TEST(a_task_inherits_control_variables_and_keeps_its_changes)
{
    int seen = 0;

    omp_set_num_threads(3);
    test_task(change_threads, &seen);
    ck_assert_int_eq(seen, 3);
    ck_assert_int_eq(omp_get_max_threads(), 3);
    test_task(change_and_nest, &seen);
    ck_assert_int_eq(seen, 5);
    ck_assert_int_eq(omp_get_max_threads(), 3);
}
END_TEST

struct state { int final, explicit; struct gompx_task *task, *parent; struct gompx_taskgroup *group; };

static void look(void *data)
{
    struct gompx_task *task = gompx_frame_get()->task;

    *(struct state *)data = (struct state){ omp_in_final(), omp_in_explicit_task(), task, task->parent, task->group };
}

static void look_in_child(void *data)
{
    ck_assert_int_eq(omp_in_explicit_task(), 1);
    test_task(look, data);
    ck_assert_ptr_eq(((struct state *)data)->parent, gompx_frame_get()->task);
}

static void look_in_region(void *data)
{
    GOMP_parallel(look, data, 1, 0);
}

START_TEST(final_goes_down_to_all_descendants_but_not_into_a_region)
{
    struct state s;

    look(&s);
    ck_assert_int_eq(s.final + s.explicit, 0);
    test_task(look, &s);
    ck_assert(!s.final && s.explicit);
    ck_assert_ptr_eq(s.parent, gompx_frame_get()->task);
    GOMP_task(look, &s, NULL, sizeof s, 8, true, FINAL, NULL, 0, NULL);
    ck_assert(s.final && s.explicit);
    GOMP_task(look_in_child, &s, NULL, sizeof s, 8, true, FINAL, NULL, 0, NULL);
    ck_assert(s.final && s.explicit);
    GOMP_task(look_in_region, &s, NULL, sizeof s, 8, true, FINAL, NULL, 0, NULL);
    ck_assert(!s.final && !s.explicit);
    look(&s);
    ck_assert_int_eq(s.final + s.explicit, 0);
}
END_TEST

/* ---- taskgroups ---- */

static void nest(void *data)
{
    int depth = *(int *)data;
    struct gompx_taskgroup *outer = gompx_frame_get()->task->group;
    struct state s;

    if (depth == 0)
        return;
    GOMP_taskgroup_start();
    ck_assert_ptr_eq(gompx_frame_get()->task->group->outer, outer);
    test_task(look, &s);
    ck_assert_ptr_eq(s.group, gompx_frame_get()->task->group);
    depth--;
    test_task(nest, &depth);
    ck_assert_ptr_eq(s.group, gompx_frame_get()->task->group);
    GOMP_taskgroup_end();
    ck_assert_ptr_eq(gompx_frame_get()->task->group, outer);
}

START_TEST(taskgroups_nest_to_any_depth)
{
    int depth = 3 * GOMPX_TASK_GROUPS;

    nest(&depth);
    ck_assert_uint_eq(gompx_frame_get()->self->tasks.groups_used, 0);
    GOMP_parallel(nest, &depth, 4, 0);
    ck_assert_uint_eq(gompx_frame_get()->self->tasks.groups_used, 0);
}
END_TEST

static void many_tasks(void *data)
{
    void *depend[] = { (void *)1, (void *)1, data };

    for (int i = 0; i < 1000; i++) {
        GOMP_taskgroup_start();
        test_task(count, data);
        GOMP_task(count, data, NULL, sizeof(int), sizeof(int), false, DEPEND | FINAL, depend, 0, NULL);
        GOMP_taskgroup_end();
        GOMP_taskwait();
        GOMP_taskwait_depend(depend);
        GOMP_taskwait_depend_nowait(depend);
    }
}

START_TEST(tasks_and_taskgroups_allocate_nothing)
{
    unsigned before, after, control;
    void *volatile keep;
    int n = 0;

    test_task(count, &n);
    before = mallocs;
    many_tasks(&n);
    after = mallocs;
    keep = malloc(1);
    control = mallocs;
    free(keep);
    ck_assert_uint_eq(after, before);
    ck_assert_uint_eq(control, after + 1);              /* the counter counts */
    ck_assert_int_eq(n, 2001);
}
END_TEST

/* ---- cancellation ---- */

static void cancel_group(void *data)
{
    ++*(int *)data;
    ck_assert(GOMP_cancel(8, true));
    ck_assert(GOMP_cancellation_point(8));
}

static void count_copy(void *arg, void *data)
{
    ++*(int *)data;
    *(int *)arg = 0;
}

static void cancelled_group(void *data)
{
    int n = 0;

    (void)data;
    GOMP_taskgroup_start();
    test_task(count, &n);
    test_task(cancel_group, &n);
    ck_assert_int_eq(n, 2);
    test_task(count, &n);
    GOMP_task(count, &n, count_copy, sizeof n, sizeof n, true, 0, NULL, 0, NULL);
    GOMP_task(count, &n, NULL, sizeof n, sizeof n, false, 0, NULL, 0, NULL);
    ck_assert_int_eq(n, 2);
    GOMP_taskgroup_end();
    test_task(count, &n);
    ck_assert_int_eq(n, 3);
}

START_TEST(a_cancelled_taskgroup_discards_its_later_tasks_only)
{
    gompx_frame_get();
    gompx_globals.cancellation = true;
    cancelled_group(NULL);
    GOMP_parallel(cancelled_group, NULL, 1, 0);
    GOMP_parallel(cancelled_group, NULL, 4, 0);
}
END_TEST

START_TEST(nothing_is_discarded_unless_cancellation_is_on)
{
    int n = 0;

    gompx_frame_get();
    GOMP_taskgroup_start();
    ck_assert(!GOMP_cancel(8, true));
    test_task(count, &n);
    GOMP_taskgroup_end();
    ck_assert_int_eq(n, 1);
}
END_TEST

static void cancel_during_copy(void *arg, void *data)
{
    memcpy(arg, data, sizeof(int *));
    GOMP_cancel(8, true);
}

static void count_through(void *arg)
{
    ++**(int **)arg;
}

START_TEST(a_task_whose_copy_was_made_runs)
{
    int n = 0, *p = &n;

    gompx_frame_get();
    gompx_globals.cancellation = true;
    GOMP_taskgroup_start();
    GOMP_task(count_through, &p, cancel_during_copy, sizeof p, sizeof p, true, 0, NULL, 0, NULL);
    GOMP_taskgroup_end();
    ck_assert_int_eq(n, 1);
}
END_TEST

static void cancelled_region(void *data)
{
    int n = 0;

    (void)data;
    ck_assert(GOMP_cancel(1, true));
    test_task(count, &n);
    GOMP_taskgroup_start();
    test_task(count, &n);
    GOMP_taskgroup_end();
    ck_assert_int_eq(n, 0);
}

START_TEST(a_cancelled_region_discards_its_tasks)
{
    int n = 0;

    gompx_frame_get();
    gompx_globals.cancellation = true;
    GOMP_parallel(cancelled_region, NULL, 1, 0);
    GOMP_parallel(cancelled_region, NULL, 4, 0);
    test_task(count, &n);
    ck_assert_int_eq(n, 1);
}
END_TEST

/* ---- everywhere ---- */

static void region_body(void *data)
{
    int *n = data, mine = 0;

    many_tasks(&mine);
    ck_assert_int_eq(mine, 2000);
    __atomic_fetch_add(n, mine, __ATOMIC_RELAXED);
}

static void open_region(void *data)
{
    GOMP_parallel(region_body, data, 2, 0);
}

static void *stranger(void *data)
{
    int mine = 0;

    many_tasks(&mine);
    open_region(data);
    __atomic_fetch_add((int *)data, mine, __ATOMIC_RELAXED);
    return NULL;
}

START_TEST(tasks_run_in_every_thread_and_open_regions)
{
    pthread_t thread[2];
    int n = 0;

    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, stranger, &n), 0);
    test_task(open_region, &n);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    ck_assert_int_eq(n, 2000 * (3 * 2 + 2));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("task");
    TCase *tcase = tcase_create("task");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_task_has_run_when_its_construct_is_over);
    tcase_add_test(tcase, arguments_without_their_flag_are_not_looked_at);
    tcase_add_test(tcase, without_a_copy_function_the_task_gets_the_data_itself);
    tcase_add_test(tcase, the_argument_block_has_the_size_and_the_alignment_asked_for);
    tcase_add_test(tcase, a_task_inherits_control_variables_and_keeps_its_changes);
    tcase_add_test(tcase, final_goes_down_to_all_descendants_but_not_into_a_region);
    tcase_add_test(tcase, taskgroups_nest_to_any_depth);
    if (COUNTS_MALLOC)
        tcase_add_test(tcase, tasks_and_taskgroups_allocate_nothing);
    tcase_add_test(tcase, a_cancelled_taskgroup_discards_its_later_tasks_only);
    tcase_add_test(tcase, nothing_is_discarded_unless_cancellation_is_on);
    tcase_add_test(tcase, a_task_whose_copy_was_made_runs);
    tcase_add_test(tcase, a_cancelled_region_discards_its_tasks);
    tcase_add_test(tcase, tasks_run_in_every_thread_and_open_regions);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
