/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Many threads at once: constructs and data regions in all of them while others register and unregister callbacks.  Each
 * thread's events stay pairs.
 *
 * run: threads=1 opt=0,2 pin=no,yes policy=default modes=path,preload */
#include "tests/acc/prof_check.h"

enum { THREADS = 6, ROUNDS = 300 };

static __thread long starts, ends;
static _Atomic long all;

static void start(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)p;
    (void)i;
    CHECK(e->other_event.tool_info == NULL);
    e->other_event.tool_info = &starts;
    starts++;
    __atomic_add_fetch(&all, 1, __ATOMIC_RELAXED);
}

/* Registered for good, before the first construct: each start has its end in the same thread. */
static void end(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)p;
    (void)i;
    CHECK(e->other_event.tool_info == &starts);
    ends++;
}

static void nothing(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)p;
    (void)e;
    (void)i;
}

static void *worker(void *arg)
{
    int x = 0, data[8] = { 0 };

    for (int i = 0; i < ROUNDS; i++) {
#pragma acc data copy(data)
        {
#pragma acc parallel copy(x)
            x++;
            CHECK(acc_is_present(data, sizeof data));
        }
        CHECK_EQ(acc_async_test(1), 1);
#pragma acc wait
    }
    CHECK_EQ(x, ROUNDS);
    CHECK_EQ(starts, ROUNDS);
    CHECK_EQ(ends, ROUNDS);
    return arg;
}

static void *registrar(void *arg)
{
    for (int i = 0; i < 4 * ROUNDS; i++) {
        acc_event_t event = (acc_event_t)(1 + i % (acc_ev_last - 1));

        acc_prof_register(event, nothing, acc_reg);
        acc_prof_unregister(event, nothing, acc_toggle);
        acc_prof_unregister(event, nothing, acc_reg);
    }
    return arg;
}

int main(void)
{
    pthread_t threads[THREADS];

    acc_prof_register(acc_ev_compute_construct_start, start, acc_reg);
    acc_prof_register(acc_ev_compute_construct_end, end, acc_reg);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, i % 3 == 2 ? registrar : worker, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK_EQ(all, (THREADS - THREADS / 3) * ROUNDS);
    acc_shutdown(acc_device_host);
    return 0;
}
