/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The data routines: on the host an address is its own device address, everything is present, and what libgomp checks is
 * checked.
 *
 * run: threads=1 opt=0,2 pin=no policy=default modes=path,preload */
#include "tests/acc/acc_check.h"

enum { N = 16 };

static int values[N], *pointer = values;

/* ---- ranges ---- */

static void *at;
static size_t size;

static void copyin(void) { acc_copyin(at, size); }
static void create(void) { acc_create(at, size); }
static void pcopyin(void) { acc_present_or_copyin(at, size); }
static void pcreate(void) { acc_pcreate(at, size); }
static void copyin_async(void) { acc_copyin_async(at, size, 1); }
static void create_async(void) { acc_create_async(at, size, 1); }

static void bad_range(void *p, size_t n)
{
    static void (*const calls[])(void) = { copyin, create, pcopyin, pcreate, copyin_async, create_async };
    char text[64];

    at = p;
    size = n;
    snprintf(text, sizeof text, "[%p,+%d] is a bad range", p, (int)n);
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
        ACC_ENDS(calls[i], text);
}

static void entering(void)
{
    bad_range(NULL, sizeof values);
    bad_range(values, 0);
    bad_range(NULL, 0);
    CHECK(acc_copyin(values, sizeof values) == values);
    CHECK(acc_create(values, 1) == values);
    CHECK(acc_pcopyin(values + 1, 4) == values + 1);
    CHECK(acc_present_or_copyin(values, 4) == values);
    CHECK(acc_pcreate(values, 4) == values);
    CHECK(acc_present_or_create(values, 4) == values);
    acc_copyin_async(values, 4, -10);               /* no queue is looked up */
    acc_create_async(values, 4, 1);
}

/* Nothing has to have entered before, nor be there at all. */
static void leaving(void)
{
    values[3] = 7;
    acc_copyout(values, sizeof values);
    acc_copyout(NULL, 0);
    acc_copyout_async(values, 4, 1);
    acc_copyout_finalize(values, 4);
    acc_copyout_finalize_async(values, 4, 1);
    acc_delete(values, sizeof values);
    acc_delete(values, 0);
    acc_delete_async(values, 4, acc_async_noval);
    acc_delete_finalize(values, 4);
    acc_delete_finalize_async(values, 4, acc_async_sync);
    acc_update_device(values, 4);
    acc_update_self(values, 4);
    acc_update_device_async(values, 4, 1);
    acc_update_self_async(NULL, 4, 1);
    CHECK_EQ(values[3], 7);
    acc_delete(values, sizeof values);
    CHECK_EQ(acc_is_present(values, sizeof values), 1);
}

static void presence(void)
{
    int local;

    CHECK_EQ(acc_is_present(&local, sizeof local), 1);
    CHECK_EQ(acc_is_present(NULL, 4), 0);
    CHECK_EQ(acc_is_present(values, 0), 0);
    CHECK(acc_deviceptr(&local) == &local);
    CHECK(acc_hostptr(&local) == &local);
    CHECK(acc_deviceptr(NULL) == NULL && acc_hostptr(NULL) == NULL);
}

/* ---- mapping, attachment ---- */

static void map_other(void) { acc_map_data(values, values + 1, 4); }
static void map_null(void) { acc_map_data(values, NULL, 4); }
static void attach_queue(void) { acc_attach_async((void **)&pointer, -3); }
static void detach_queue(void) { acc_detach_async((void **)&pointer, -3); }
static void detach_finalize_queue(void) { acc_detach_finalize_async((void **)&pointer, -3); }

static void mapping(void)
{
    ACC_ENDS(map_other, "cannot map data on shared-memory system");
    ACC_ENDS(map_null, "cannot map data on shared-memory system");
    acc_map_data(values, values, sizeof values);
    acc_unmap_data(values);
    acc_unmap_data(values);
    ACC_ENDS(attach_queue, "invalid async-argument: -3");
    ACC_ENDS(detach_queue, "invalid async-argument: -3");
    ACC_ENDS(detach_finalize_queue, "invalid async-argument: -3");
    acc_attach((void **)&pointer);
    acc_attach_async((void **)&pointer, 1);
    acc_detach((void **)&pointer);
    acc_detach_async((void **)&pointer, 1);
    acc_detach_finalize((void **)&pointer);
    acc_detach_finalize_async((void **)&pointer, acc_async_sync);
    CHECK(pointer == values);
}

/* ---- memory ---- */

static void memory(void)
{
    int *p = acc_malloc(N * sizeof *p), back[N] = { 0 };

    CHECK(p != NULL);
    for (int i = 0; i < N; i++)
        values[i] = i;
    acc_memcpy_to_device(p, values, sizeof values);
    acc_memcpy_from_device(back, p, sizeof back);
    CHECK(memcmp(back, values, sizeof back) == 0);
    acc_memcpy_to_device(values + 1, values, (N - 1) * sizeof *values);
    for (int i = 1; i < N; i++)
        CHECK_EQ(values[i], i - 1);
    acc_memcpy_to_device_async(p, values, sizeof values, 1);
    acc_memcpy_from_device_async(back, p, sizeof back, 1);
    acc_wait(1);
    CHECK(memcmp(back, values, sizeof back) == 0);
    acc_memcpy_to_device(NULL, NULL, 0);
    acc_free(p);
    acc_free(NULL);
    CHECK(acc_malloc(0) == NULL);
    CHECK(acc_malloc((size_t)-1) == NULL);
}

int main(void)
{
    entering();
    leaving();
    presence();
    mapping();
    memory();
    return 0;
}
