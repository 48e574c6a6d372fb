/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The routines for memory of devices: that of the host, which is always there and where it is. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "abi/abi.h"
#include "runtime/device.h"
#include "runtime/thread.h"
#include "runtime/transfer.h"

/* ---- allocation and mapping ---- */

GOMPX_ENTRY(void *, omp_target_alloc, size_t size, int dev)
{
    return gompx_device_is_host(dev) ? malloc(size) : NULL;
}

GOMPX_ENTRY(void, omp_target_free, void *ptr, int dev)
{
    if (ptr && gompx_device_is_host(dev))
        free(ptr);
}

GOMPX_ENTRY(int, omp_target_is_present, const void *ptr, int dev)
{
    return !ptr || gompx_device_is_host(dev);
}

GOMPX_ENTRY(int, omp_target_is_accessible, const void *ptr, size_t size, int dev)
{
    return ptr && size > 0 && gompx_device_is_host(dev);
}

GOMPX_ENTRY(void *, omp_get_mapped_ptr, const void *ptr, int dev)
{
    return gompx_device_is_host(dev) ? (void *)(uintptr_t)ptr : NULL;
}

GOMPX_ENTRY(int, omp_target_associate_ptr, const void *host_ptr, const void *dev_ptr, size_t size, size_t dev_off,
            int dev)
{
    (void)host_ptr;
    (void)dev_ptr;
    (void)size;
    (void)dev_off;
    gompx_device_is_host(dev);                          /* ends the program where libgomp does */
    return EINVAL;                                      /* the host's memory cannot stand for itself */
}

GOMPX_ENTRY(int, omp_target_disassociate_ptr, const void *ptr, int dev)
{
    (void)ptr;
    gompx_device_is_host(dev);
    return EINVAL;
}

/* ---- copies ---- */

static bool are_host(int dst_dev, int src_dev)
{
    return gompx_device_is_host(dst_dev) && gompx_device_is_host(src_dev);
}

GOMPX_ENTRY(int, omp_target_memcpy, void *dst, const void *src, size_t length, size_t dst_off, size_t src_off,
            int dst_dev, int src_dev)
{
    if (!are_host(dst_dev, src_dev))
        return EINVAL;
    if (length > 0)
        memcpy((char *)dst + dst_off, (const char *)src + src_off, length);
    return 0;
}

GOMPX_ENTRY(int, omp_target_memcpy_async, void *dst, const void *src, size_t length, size_t dst_off, size_t src_off,
            int dst_dev, int src_dev, int count, void **objects)
{
    if (!are_host(dst_dev, src_dev))
        return EINVAL;
    gompx_transfer_copy_async(gompx_frame_get(), (char *)dst + dst_off, (const char *)src + src_off, length,
                              (struct gompx_transfer_depend){ count, objects });
    return 0;
}

/* Without arrays the rectangular copies say how many dimensions they can do: any number. */
GOMPX_ENTRY(int, omp_target_memcpy_rect, void *dst, const void *src, size_t elem_size, int ndims,
            const size_t *volume, const size_t *dst_off, const size_t *src_off, const size_t *dst_dims,
            const size_t *src_dims, int dst_dev, int src_dev)
{
    struct gompx_transfer_block b = { dst, src, elem_size, ndims, volume, dst_off, src_off, dst_dims, src_dims };

    if (!dst && !src)
        return INT_MAX;
    return are_host(dst_dev, src_dev) ? gompx_transfer_block(&b) : EINVAL;
}

GOMPX_ENTRY(int, omp_target_memcpy_rect_async, void *dst, const void *src, size_t elem_size, int ndims,
            const size_t *volume, const size_t *dst_off, const size_t *src_off, const size_t *dst_dims,
            const size_t *src_dims, int dst_dev, int src_dev, int count, void **objects)
{
    struct gompx_transfer_block b = { dst, src, elem_size, ndims, volume, dst_off, src_off, dst_dims, src_dims };

    if (!dst && !src)
        return INT_MAX;
    if (!are_host(dst_dev, src_dev))
        return EINVAL;
    return gompx_transfer_block_async(gompx_frame_get(), &b, (struct gompx_transfer_depend){ count, objects });
}

/* ---- filling: a number that names no device means the host here ---- */

GOMPX_ENTRY(void *, omp_target_memset, void *ptr, int val, size_t size, int dev)
{
    gompx_device_is_host(dev);
    return size > 0 ? memset(ptr, val, size) : ptr;
}

GOMPX_ENTRY(void *, omp_target_memset_async, void *ptr, int val, size_t size, int dev, int count, void **objects)
{
    gompx_device_is_host(dev);
    gompx_transfer_fill_async(gompx_frame_get(), ptr, val, size, (struct gompx_transfer_depend){ count, objects });
    return ptr;
}
