/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC's entry points of GCC 16, services of device plug-ins that need a plug-in, and what ends libgomp 12 by a
 * signal.
 *
 * run: threads=1 opt=0,2 pin=no policy=default modes=link gompx-only="newer than GCC 12" */
#include <stdint.h>

#include "tests/acc/prof_check.h"

void acc_memcpy_device(void *dst, void *src, size_t size);
void acc_memcpy_device_async(void *dst, void *src, size_t size, int async);
void acc_copyout_finalize_async_32_h_(void *a, const int *length, const int *async);
void acc_delete_finalize_async_64_h_(void *a, const long long *length, const int *async);
void GOACC_data_end(void);
void GOACC_parallel(int flags_m, void (*fn)(void *), size_t n, void **addrs, size_t *sizes, unsigned short *kinds, int gangs,
                    int workers, int vector, int async, int num_waits, ...);
void GOMP_PLUGIN_target_task_completion(void *data);
void GOMP_PLUGIN_target_rev(uint64_t fn, uint64_t n, uint64_t addrs, uint64_t sizes, uint64_t kinds, int dev, void *queue);
void *GOMP_PLUGIN_realloc(void *ptr, size_t size);

static int block[4], *pointer = block;

static void newer(void)
{
    const int length = 4, queue = 1;
    const long long length8 = 4;

    block[0] = 7;
    acc_memcpy_device(block + 1, block, 3 * sizeof *block);
    CHECK_EQ(block[1], 7);
    acc_memcpy_device_async(block + 3, block, sizeof *block, 1);
    CHECK_EQ(block[3], 7);
    acc_copyout_finalize_async_32_h_(block, &length, &queue);
    acc_delete_finalize_async_64_h_(block, &length8, &queue);
    GOACC_data_end();                               /* without a region: nothing */
    acc_wait_all();
    acc_shutdown(acc_device_host);
    acc_wait_all();
}

/* gompx's own definition of what profiling libraries define: it registers nothing. */
static void no_library(void)
{
    acc_register_library(acc_prof_register, acc_prof_unregister, acc_prof_lookup);
    acc_init(acc_device_host);
    PROF_EXPECT("");
}

static void without_init(void)
{
    acc_wait_all();
    acc_detach((void **)&pointer);
    acc_delete(block, sizeof block);
    acc_unmap_data(block);
}

static void type_none(void) { acc_init(acc_device_none); }
static void property_negative(void) { acc_get_property(-1, acc_device_host, acc_property_memory); }

static void note(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)e;
    (void)i;
    prof_append(prof_name(p->event_type));
}

static void body(void *data)
{
    prof_append(data == &pointer ? "body" : "?");
}

/* The old call without a device, and with events. */
static void old_parallel(void)
{
    for (int e = acc_ev_none + 1; e < acc_ev_last; e++)
        acc_prof_register((acc_event_t)e, note, acc_reg);
    GOACC_parallel(-1, body, 1, (void **)&pointer, NULL, NULL, 2, 3, 4, acc_async_sync, 0);
    PROF_EXPECT("init<init>compute<bodycompute>");
}

static void task_completion(void) { GOMP_PLUGIN_target_task_completion(NULL); }
static void reverse(void) { GOMP_PLUGIN_target_rev(0, 0, 0, 0, 0, 0, NULL); }

int main(void)
{
    ACC_WORKS(newer);
    ACC_WORKS(no_library);
    ACC_WORKS(without_init);
    ACC_WORKS(old_parallel);
    ACC_ENDS(type_none, "device type none not supported");
    ACC_ENDS(property_negative, "device -1 out of range");
    ACC_ENDS(task_completion, "GOMP_PLUGIN_target_task_completion: no device plug-in is loaded");
    ACC_ENDS(reverse, "GOMP_PLUGIN_target_rev: no device plug-in is loaded");
    free(GOMP_PLUGIN_realloc(malloc(4), 0));
    return 0;
}
