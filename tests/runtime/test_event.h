/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Detached tasks of a test, and who fulfils their events. */
#ifndef GOMPX_TESTS_RUNTIME_TEST_EVENT_H
#define GOMPX_TESTS_RUNTIME_TEST_EVENT_H

#include <stdatomic.h>

#include "tests/runtime/test_gomp.h"

/* The variable of the clause comes first in the data, as the compiler lays it out. */
struct event {
    uintptr_t handle;
    _Atomic int *runs;
};

static _Atomic int runs;

static inline void run(void *data)
{
    struct event *e = data;

    ck_assert_uint_ne(e->handle, 0);
    atomic_fetch_add(e->runs, 1);
}

/* A detached task; where there is no team it has run when this returns, unless it has to wait for another one. */
static inline uintptr_t detach(unsigned flags, void **depend)
{
    struct event e = { 1, &runs };
    uintptr_t handle = 2;

    GOMP_task(run, &e, NULL, sizeof e, 8, true, DETACH | (depend ? DEPEND : 0) | flags, depend, 0, &handle);
    ck_assert_uint_gt(handle, 2);
    ck_assert_uint_eq(e.handle, handle);
    memset(&e, 0, sizeof e);                            /* the task has a copy */
    return handle;
}

/* Another thread, unknown to the runtime, that fulfils an event a little later. */
static long later_ms = 50;

struct later {
    pthread_t thread;
    uintptr_t handle;
    _Atomic int done;
};

static inline void *fulfill_later(void *arg)
{
    struct later *l = arg;

    test_sleep_ms(later_ms);
    atomic_store(&l->done, 1);
    omp_fulfill_event(l->handle);
    return NULL;
}

static inline void later_start(struct later *l, uintptr_t handle)
{
    l->handle = handle;
    atomic_store(&l->done, 0);
    ck_assert_int_eq(pthread_create(&l->thread, NULL, fulfill_later, l), 0);
}

static inline void later_end(struct later *l)
{
    ck_assert_int_eq(atomic_load(&l->done), 1);
    pthread_join(l->thread, NULL);
}

#endif
