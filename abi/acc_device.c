/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC's routines about devices and queues (runtime/acc.h).  What a queue was given is complete by then: waiting is
 * checking the argument. */
#include "abi/acc.h"
#include "runtime/acc.h"

/* acc_device_property_t */
enum { PROPERTY_IS_STRING = 0x10000, PROPERTY_NAME = 0x10001, PROPERTY_VENDOR = 0x10002, PROPERTY_DRIVER = 0x10003 };

int acc_get_num_devices(int type)
{
    return gompx_acc_count(type);
}

void acc_set_device_type(int type)
{
    gompx_acc_set_type(type);
}

int acc_get_device_type(void)
{
    return gompx_acc_get_type();
}

void acc_set_device_num(int num, int type)
{
    gompx_acc_set_num(num, type);
}

int acc_get_device_num(int type)
{
    return gompx_acc_get_num(type);
}

void acc_init(int type)
{
    gompx_acc_init(type);
}

void acc_shutdown(int type)
{
    gompx_acc_shutdown(type);
}

/* Compilers answer most calls themselves.  What gets here runs on the host, which is no accelerator either. */
int acc_on_device(int type)
{
    return type == GOMPX_ACC_HOST || type == GOMPX_ACC_NONE;
}

/* The sizes of memory, the only properties that are numbers, are not known of the host.  Who asks for a property of
 * the other kind gets an answer without a look at the device. */
size_t acc_get_property(int num, int type, int property)
{
    gompx_acc_type_need(type);
    if (!(property & PROPERTY_IS_STRING))
        gompx_acc_device_need(num, type);
    return 0;
}

const char *acc_get_property_string(int num, int type, int property)
{
    gompx_acc_type_need(type);
    if (!(property & PROPERTY_IS_STRING))
        return NULL;
    gompx_acc_device_need(num, type);
    switch (property) {
    case PROPERTY_NAME:
        return "GOMP";
    case PROPERTY_VENDOR:
        return "GNU";
    case PROPERTY_DRIVER:
        return "1.0";
    default:
        return NULL;
    }
}

/* ---- queues ---- */

int acc_async_test(int async)
{
    gompx_acc_async_check(async);
    gompx_acc_attached_need();
    return 1;
}

int acc_async_test_all(void)
{
    gompx_acc_attached_need();
    return 1;
}

void acc_wait(int async)
{
    gompx_acc_async_check(async);
    gompx_acc_attached_need();
}

/* The second queue is looked up only if the first has something to wait for. */
void acc_wait_async(int async1, int async2)
{
    (void)async2;
    acc_wait(async1);
}

void acc_wait_all(void)
{
    /* There is nothing to wait for, whether or not there is a device. */
}

void acc_wait_all_async(int async)
{
    acc_wait(async);
}

GOMPX_ENTRY(void, acc_async_wait, int async)
{
    acc_wait(async);
}

GOMPX_ENTRY(void, acc_async_wait_all, void)
{
    acc_wait_all();
}

/* ---- CUDA, which the host has not ---- */

GOMPX_ENTRY(void *, acc_get_current_cuda_device, void)
{
    return NULL;
}

GOMPX_ENTRY(void *, acc_get_current_cuda_context, void)
{
    return NULL;
}

GOMPX_ENTRY(void *, acc_get_cuda_stream, int async)
{
    (void)async;
    return NULL;
}

/* Nothing to set is no failure; a stream that cannot be had is. */
GOMPX_ENTRY(int, acc_set_cuda_stream, int async, void *stream)
{
    return stream && async >= GOMPX_ACC_SYNC ? -1 : 0;
}
