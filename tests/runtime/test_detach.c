/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Detached tasks: who waits for their fulfilment, and who does not. */
#include "tests/runtime/test_event.h"

#include "runtime/detach.h"

static void nothing(void *data)
{
    (void)data;
}

static void fulfill_own(void *data)
{
    omp_fulfill_event(*(uintptr_t *)data);
}

START_TEST(fulfilment_may_come_from_the_body)
{
    uintptr_t handle = 0, data = 0;

    for (int i = 0; i < 100; i++) {
        GOMP_task(fulfill_own, &data, NULL, 8, 8, i & 1, DETACH, NULL, 0, &handle);
        ck_assert_int_eq(gompx_task_outstanding(gompx_frame_get()->task), 0);
    }
}
END_TEST

static void start_other(void *data)
{
    struct event *e = data;

    later_start((struct later *)(e + 1), e->handle);
}

static void detach_undeferred(void *data)
{
    struct { struct event e; struct later l; } d = { 0 };
    bool if_clause = data != NULL;
    uintptr_t handle;

    GOMP_task(start_other, &d, NULL, sizeof d, 8, if_clause, DETACH, NULL, 0, &handle);
    later_end(&d.l);
}

START_TEST(an_undeferred_task_is_waited_for_at_once)
{
    int yes;

    detach_undeferred(NULL);
    GOMP_task(detach_undeferred, &yes, NULL, 0, 1, true, FINAL, NULL, 0, NULL);     /* a child of a final task */
    GOMP_parallel(detach_undeferred, NULL, 2, 0);
}
END_TEST

static void copy_and_fulfill(void *arg, void *data)
{
    memcpy(arg, data, sizeof(struct event));
    omp_fulfill_event(((struct event *)arg)->handle);
}

START_TEST(the_handle_is_there_before_the_data_is_copied)
{
    struct event e = { 0, &runs };
    uintptr_t handle;

    for (int if_clause = 0; if_clause < 2; if_clause++) {
        GOMP_task(run, &e, copy_and_fulfill, sizeof e, 8, if_clause, DETACH, NULL, 0, &handle);
        ck_assert_uint_eq(e.handle, handle);
        ck_assert_int_eq(runs, 1 + if_clause);
    }
    GOMP_task(nothing, NULL, NULL, 0, 1, true, DETACH, NULL, 0, &handle);
    omp_fulfill_event(handle);
    GOMP_taskwait();
}
END_TEST

START_TEST(the_creator_itself_may_fulfil_after_the_construct)
{
    uintptr_t a = detach(0, NULL), b = detach(0, NULL);

    ck_assert_uint_ne(a, b);
    ck_assert_int_eq(runs, 2);
    ck_assert_int_eq(gompx_task_outstanding(gompx_frame_get()->task), 2);
    omp_fulfill_event(a);
    omp_fulfill_event(b);
    GOMP_taskwait();
    ck_assert_int_eq(gompx_task_outstanding(gompx_frame_get()->task), 0);
}
END_TEST

START_TEST(taskwait_waits_for_children)
{
    struct later l;

    later_start(&l, detach(0, NULL));
    GOMP_taskwait();
    later_end(&l);
}
END_TEST

static void detach_into(void *data)
{
    *(uintptr_t *)data = detach(0, NULL);
}

static void wait_as_child(void *data)
{
    uintptr_t own = detach(0, NULL);

    (void)data;
    omp_fulfill_event(own);
    GOMP_taskwait();
}

START_TEST(taskwait_does_not_wait_for_what_is_no_child)
{
    uintptr_t grandchild, sibling;
    struct later l;

    test_task(detach_into, &grandchild);
    GOMP_taskwait();                                    /* the child is complete, its own child is not */
    sibling = detach(0, NULL);
    test_task(wait_as_child, NULL);                     /* its record lies where that of the first child lay */
    omp_fulfill_event(sibling);
    GOMP_taskwait();
    GOMP_taskgroup_start();
    GOMP_taskgroup_end();
    later_start(&l, grandchild);
    gompx_detach_wait_region(gompx_frame_get());
    later_end(&l);
}
END_TEST

START_TEST(a_taskgroup_waits_for_descendants_and_not_for_others)
{
    uintptr_t before = detach(0, NULL), inside;
    struct later l;

    GOMP_taskgroup_start();
    test_task(detach_into, &inside);
    later_start(&l, inside);
    GOMP_taskgroup_end();
    later_end(&l);
    omp_fulfill_event(before);
    GOMP_taskwait();
}
END_TEST

/* ---- waiting ---- */

static double thread_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

START_TEST(a_thread_that_waits_sleeps)
{
    struct later l;
    double before;

    later_start(&l, detach(0, NULL));
    before = thread_seconds();
    GOMP_taskwait();
    ck_assert_double_lt(thread_seconds() - before, 0.020);  /* of 0.050 */
    later_end(&l);
}
END_TEST

START_TEST(tasks_that_nobody_waits_for_do_not_pile_up)
{
    for (int i = 0; i < 10000; i++)
        omp_fulfill_event(detach(0, NULL));
    ck_assert_int_eq(gompx_task_outstanding(gompx_frame_get()->task), 0);
}
END_TEST

/* ---- barriers and the ends of regions ---- */

enum { AT_BARRIER, AT_BARRIER_CANCEL, AT_END };

struct meeting { int where; struct later l; };

static void wait_in_region(void *data)
{
    struct meeting *m = data;
    struct later own;
    int where = m->where;

    if (omp_get_thread_num() != omp_get_num_threads() - 1) {
        if (where == AT_BARRIER)
            GOMP_barrier();
        else if (where == AT_BARRIER_CANCEL)
            GOMP_barrier_cancel();
        return;
    }
    if (where == AT_END) {
        later_start(&m->l, detach(0, NULL));
        return;
    }
    later_start(&own, detach(0, NULL));
    if (where == AT_BARRIER)
        GOMP_barrier();
    else
        GOMP_barrier_cancel();
    later_end(&own);
}

START_TEST(barriers_and_the_end_of_the_region_wait)
{
    for (int where = AT_BARRIER; where <= AT_END; where++)
        for (unsigned n = 1; n <= 3; n++) {
            struct meeting m = { .where = where };

            GOMP_parallel(wait_in_region, &m, n, 0);
            if (where == AT_END)
                later_end(&m.l);
        }
}
END_TEST

static void barrier_in_child(void *data)
{
    (void)data;
    GOMP_barrier();
}

static void detach_and_fork(void *data)
{
    uintptr_t handle = detach(0, NULL);
    char text[1024];

    ck_assert_int_eq(test_child(barrier_in_child, NULL, text), 0);
    omp_fulfill_event(handle);
    (void)data;
}

START_TEST(a_forked_child_does_not_wait_for_its_parent_s_events)
{
    GOMP_parallel(detach_and_fork, NULL, 1, 0);
}
END_TEST

/* ---- wrong and cancelled ---- */

static void fulfill_twice(void *data)
{
    omp_fulfill_event(*(uintptr_t *)data);
    omp_fulfill_event(*(uintptr_t *)data);
}

static void twice(void *undeferred)
{
    uintptr_t data, handle;

    GOMP_task(fulfill_twice, &data, NULL, 8, 8, !undeferred, DETACH, NULL, 0, &handle);
}

static void no_event(void *data)
{
    omp_fulfill_event((uintptr_t)data);
}

START_TEST(fulfilling_twice_is_fatal)
{
    uint64_t wrong[4] = { 0 };
    char text[1024];

    ck_assert_int_eq(test_child(twice, wrong, text), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(text, "\nlibgomp: omp_fulfill_event: 0x"));
    ck_assert_ptr_nonnull(strstr(text, " event already fulfilled!\n"));
    ck_assert_int_eq(test_child(twice, NULL, text), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(text, " event is invalid or has already been fulfilled!\n"));
    ck_assert_int_eq(test_child(no_event, wrong, text), EXIT_FAILURE);
    ck_assert_ptr_nonnull(strstr(text, " event is invalid or has already been fulfilled!\n"));
    ck_assert_int_eq(test_child(no_event, NULL, text), EXIT_FAILURE);
}
END_TEST

START_TEST(the_event_of_a_discarded_task_may_be_fulfilled)
{
    struct event e = { 0, &runs };
    uintptr_t handle = 0;

    gompx_frame_get();
    gompx_globals.cancellation = true;
    GOMP_taskgroup_start();
    ck_assert(GOMP_cancel(8, true));
    GOMP_task(run, &e, NULL, sizeof e, 8, true, DETACH, NULL, 0, &handle);
    ck_assert_int_eq(runs, 0);
    ck_assert_uint_ne(handle, 0);
    ck_assert_uint_eq(e.handle, handle);
    omp_fulfill_event(handle);
    GOMP_taskgroup_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detach");
    TCase *tcase = tcase_create("detach");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, fulfilment_may_come_from_the_body);
    tcase_add_test(tcase, an_undeferred_task_is_waited_for_at_once);
    tcase_add_test(tcase, the_handle_is_there_before_the_data_is_copied);
    tcase_add_test(tcase, the_creator_itself_may_fulfil_after_the_construct);
    tcase_add_test(tcase, taskwait_waits_for_children);
    tcase_add_test(tcase, taskwait_does_not_wait_for_what_is_no_child);
    tcase_add_test(tcase, a_taskgroup_waits_for_descendants_and_not_for_others);
    tcase_add_test(tcase, a_thread_that_waits_sleeps);
    tcase_add_test(tcase, tasks_that_nobody_waits_for_do_not_pile_up);
    tcase_add_test(tcase, barriers_and_the_end_of_the_region_wait);
    tcase_add_test(tcase, a_forked_child_does_not_wait_for_its_parent_s_events);
    tcase_add_test(tcase, fulfilling_twice_is_fatal);
    tcase_add_test(tcase, the_event_of_a_discarded_task_may_be_fulfilled);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
