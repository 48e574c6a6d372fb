/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC's routines about data.  The host's memory is the device's: addresses stay what they are, and all that a
 * routine does is to attach the thread and to check what libgomp checks.  An async argument matters only to acc_attach
 * and acc_detach. */
#include <stdlib.h>
#include <string.h>

#include "abi/acc.h"
#include "runtime/acc.h"

static void *enter(void *ptr, size_t size)
{
    if (!ptr || size == 0)
        gompx_error("[%p,+%d] is a bad range", ptr, (int)size);
    gompx_acc_attach();
    return ptr;
}

#define ENTER(name) \
    void *name(void *ptr, size_t size) \
    { \
        return enter(ptr, size); \
    }
ENTER(acc_copyin)
ENTER(acc_present_or_copyin)
ENTER(acc_create)
ENTER(acc_present_or_create)

GOMPX_ENTRY(void *, acc_pcopyin, void *ptr, size_t size)
{
    return enter(ptr, size);
}

GOMPX_ENTRY(void *, acc_pcreate, void *ptr, size_t size)
{
    return enter(ptr, size);
}

#define ENTER_ASYNC(name) \
    void name(void *ptr, size_t size, int async) \
    { \
        (void)async; \
        enter(ptr, size); \
    }
ENTER_ASYNC(acc_copyin_async)
ENTER_ASYNC(acc_create_async)

/* What leaves, or is updated, may be any range, even none: nothing is looked up. */
#define LEAVE(name) \
    void name(void *ptr, size_t size) \
    { \
        (void)ptr; \
        (void)size; \
        gompx_acc_attach(); \
    } \
    void name##_async(void *ptr, size_t size, int async) \
    { \
        (void)async; \
        name(ptr, size); \
    }
LEAVE(acc_copyout)
LEAVE(acc_copyout_finalize)
LEAVE(acc_delete)
LEAVE(acc_delete_finalize)
LEAVE(acc_update_device)
LEAVE(acc_update_self)

int acc_is_present(void *ptr, size_t size)
{
    if (!ptr || size == 0)
        return 0;
    gompx_acc_attach();
    return 1;
}

GOMPX_ENTRY(void *, acc_deviceptr, void *host)
{
    gompx_acc_attach();
    return host;
}

GOMPX_ENTRY(void *, acc_hostptr, void *dev)
{
    gompx_acc_attach();
    return dev;
}

GOMPX_ENTRY(void, acc_map_data, void *host, void *dev, size_t size)
{
    (void)size;
    gompx_acc_attach();
    if (host != dev)
        gompx_error("cannot map data on shared-memory system");
}

GOMPX_ENTRY(void, acc_unmap_data, void *host)
{
    (void)host;
    gompx_acc_attach();
}

#define POINTER(name) \
    GOMPX_ENTRY(void, name, void **ptr) \
    { \
        (void)ptr; \
        gompx_acc_attach(); \
    } \
    GOMPX_ENTRY(void, name##_async, void **ptr, int async) \
    { \
        gompx_acc_async_check(async); \
        name(ptr); \
    }
POINTER(acc_attach)
POINTER(acc_detach)
POINTER(acc_detach_finalize)

/* ---- memory ---- */

GOMPX_ENTRY(void *, acc_malloc, size_t size)
{
    if (size == 0)
        return NULL;
    gompx_acc_attach();
    return malloc(size);
}

GOMPX_ENTRY(void, acc_free, void *ptr)
{
    free(ptr);
}

/* Ranges may overlap. */
#define MEMCPY(name) \
    GOMPX_ENTRY(void, name, void *dst, void *src, size_t size) \
    { \
        gompx_acc_attach(); \
        if (size > 0) \
            memmove(dst, src, size); \
    } \
    GOMPX_ENTRY(void, name##_async, void *dst, void *src, size_t size, int async) \
    { \
        (void)async; \
        name(dst, src, size); \
    }
MEMCPY(acc_memcpy_to_device)
MEMCPY(acc_memcpy_from_device)
MEMCPY(acc_memcpy_device)
