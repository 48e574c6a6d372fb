/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC, devices and allocators before main: in a constructor, and before the constructors of all libraries.
 *
 * run: threads=1 opt=2 pin=no policy=default modes=path,link libs=-fopenmp
 * run+: env=ACC_DEVICE_TYPE=host
 * run+: cflags=-DPREINIT gompx-only="libgomp has no devices by then, not even the host"
 * run+: cflags=-DPREINIT env=ACC_DEVICE_TYPE=host gompx-only="the same" */
#include "acc_check.h"

static int early;

static void everything(void)
{
    int x[4] = { 0 };
    void *block;

    CHECK_EQ(acc_get_num_devices(acc_device_default), 1);
    CHECK_EQ(acc_get_device_type(), acc_device_host);
    CHECK_EQ(acc_get_device_num(acc_device_default), 0);
#pragma acc parallel copy(x)
    x[0] = 1;
    CHECK_EQ(x[0], 1);
    CHECK(acc_copyin(x, sizeof x) == x);
    acc_delete(x, sizeof x);
    block = omp_alloc(100, omp_null_allocator);
    CHECK(block != NULL);
    omp_free(block, omp_null_allocator);
    block = omp_target_alloc(100, omp_get_initial_device());
    CHECK(block != NULL);
    omp_target_free(block, omp_get_initial_device());
    early++;
}

#ifdef PREINIT
__attribute__((section(".preinit_array"), used)) static void (*const preinit)(void) = everything;
#endif

__attribute__((constructor(101))) static void at_first(void)
{
    everything();
}

int main(void)
{
#ifdef PREINIT
    CHECK_EQ(early, 2);
#else
    CHECK_EQ(early, 1);
#endif
    return 0;
}
