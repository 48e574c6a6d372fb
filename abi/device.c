/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The device routines of a runtime that knows one device, the host.  Its number is the number of the others, 0; since
 * OpenMP 5.2 programs may also say -1 (omp_initial_device).  Host memory is device memory. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "abi/api.h"
#include "runtime/pool.h"
#include "runtime/thread.h"

enum { HOST = 0, INITIAL_DEVICE = -1, INVALID_DEVICE = -4 };
enum { PAUSE_SOFT = 1, PAUSE_STOP_TOOL = 3 };

static const char host_uid[] = "OMP_INITIAL_DEVICE";

static bool is_host(int dev)
{
    return dev == HOST || dev == INITIAL_DEVICE;
}

void omp_set_default_device(int dev)
{
    gompx_task_icvs_own(gompx_frame_get()->task)->default_device = dev < 0 ? 0 : dev;
}

int omp_get_default_device(void)
{
    return gompx_icvs(gompx_frame_get())->default_device;
}

int omp_get_num_devices(void)
{
    return HOST;
}

int omp_get_initial_device(void)
{
    return HOST;
}

int omp_get_device_num(void)
{
    return HOST;
}

int omp_is_initial_device(void)
{
    return 1;
}

/* ---- memory ---- */

GOMPX_ENTRY(void *, omp_target_alloc, size_t size, int dev)
{
    return is_host(dev) ? malloc(size) : NULL;
}

GOMPX_ENTRY(void, omp_target_free, void *ptr, int dev)
{
    if (is_host(dev))
        free(ptr);
}

GOMPX_ENTRY(int, omp_target_is_present, const void *ptr, int dev)
{
    return !ptr || is_host(dev);
}

GOMPX_ENTRY(int, omp_target_is_accessible, const void *ptr, size_t size, int dev)
{
    return ptr && size > 0 && is_host(dev);
}

GOMPX_ENTRY(void *, omp_get_mapped_ptr, const void *ptr, int dev)
{
    return is_host(dev) ? (void *)(uintptr_t)ptr : NULL;
}

GOMPX_ENTRY(int, omp_target_associate_ptr, const void *host_ptr, const void *dev_ptr, size_t size, size_t dev_off, int dev)
{
    (void)host_ptr;
    (void)dev_ptr;
    (void)size;
    (void)dev_off;
    (void)dev;
    return EINVAL;                                      /* the host's memory cannot stand for itself */
}

GOMPX_ENTRY(int, omp_target_disassociate_ptr, const void *ptr, int dev)
{
    (void)ptr;
    (void)dev;
    return EINVAL;
}

GOMPX_ENTRY(int, omp_target_memcpy, void *dst, const void *src, size_t length, size_t dst_off, size_t src_off, int dst_dev,
            int src_dev)
{
    if (!is_host(dst_dev) || !is_host(src_dev))
        return EINVAL;
    if (length > 0)
        memcpy((char *)dst + dst_off, (const char *)src + src_off, length);
    return 0;
}

GOMPX_ENTRY(void *, omp_target_memset, void *ptr, int val, size_t count, int dev)
{
    (void)dev;                                          /* a number that names no device means the host here */
    return count > 0 ? memset(ptr, val, count) : ptr;
}

/* A block of `ndims` dimensions out of an array into another; innermost dimension last, sizes in elements. */
struct rect {
    size_t elem_size;
    const size_t *volume, *dst_off, *src_off, *dst_dims, *src_dims;
};

/* Copies the part from dimension `d` on; EINVAL: it does not lie within the arrays, or its size in bytes overflows. */
static int rect_copy(char *dst, const char *src, const struct rect *r, int d, int ndims)
{
    size_t dst_step = r->elem_size, src_step = r->elem_size, bytes, dst_start, src_start;

    if (r->volume[d] > r->dst_dims[d] || r->dst_off[d] > r->dst_dims[d] - r->volume[d]
        || r->volume[d] > r->src_dims[d] || r->src_off[d] > r->src_dims[d] - r->volume[d])
        return EINVAL;
    for (int i = d + 1; i < ndims; i++)
        if (__builtin_mul_overflow(dst_step, r->dst_dims[i], &dst_step)
            || __builtin_mul_overflow(src_step, r->src_dims[i], &src_step))
            return EINVAL;
    if (__builtin_mul_overflow(dst_step, r->volume[d], &bytes) || __builtin_mul_overflow(src_step, r->volume[d], &bytes)
        || __builtin_mul_overflow(dst_step, r->dst_off[d], &dst_start)
        || __builtin_mul_overflow(src_step, r->src_off[d], &src_start))
        return EINVAL;
    dst += dst_start;
    src += src_start;
    if (d == ndims - 1) {
        if (bytes > 0)
            memcpy(dst, src, bytes);
        return 0;
    }
    for (size_t i = 0; i < r->volume[d]; i++) {
        int error = rect_copy(dst + i * dst_step, src + i * src_step, r, d + 1, ndims);

        if (error)
            return error;
    }
    return 0;
}

GOMPX_ENTRY(int, omp_target_memcpy_rect, void *dst, const void *src, size_t elem_size, int ndims, const size_t *volume,
            const size_t *dst_off, const size_t *src_off, const size_t *dst_dims, const size_t *src_dims, int dst_dev, int src_dev)
{
    struct rect r = { elem_size, volume, dst_off, src_off, dst_dims, src_dims };

    if (!dst && !src)
        return INT_MAX;                                 /* asks for the number of dimensions that can be copied */
    if (ndims < 1 || !is_host(dst_dev) || !is_host(src_dev))
        return EINVAL;
    return rect_copy(dst, src, &r, 0, ndims);
}

/* ---- names and distances ---- */

static int device_of_uid(const char *uid, size_t length)
{
    return uid && length == sizeof host_uid - 1 && memcmp(uid, host_uid, length) == 0 ? INITIAL_DEVICE : INVALID_DEVICE;
}

GOMPX_ENTRY(int, omp_get_device_from_uid, const char *uid)
{
    return device_of_uid(uid, uid ? strlen(uid) : 0);
}

GOMPX_ENTRY(int, omp_get_device_from_uid_, const char *uid, size_t length)
{
    return device_of_uid(uid, length);
}

GOMPX_ENTRY(const char *, omp_get_uid_from_device, int dev)
{
    return is_host(dev) ? host_uid : NULL;
}

#define UID_FORM(suffix, integer) \
    GOMPX_ENTRY(void, omp_get_uid_from_device##suffix, const char **uid, size_t *length, integer dev) \
    { \
        *uid = dev == (int)dev ? omp_get_uid_from_device((int)dev) : NULL; \
        *length = *uid ? strlen(*uid) : 0; \
    }
UID_FORM(_, int32_t)
UID_FORM(_8_, int64_t)

GOMPX_ENTRY(void, omp_get_device_distances, int ndevs, const int *devs, int *distances)
{
    for (int i = 0; i < ndevs; i++)
        distances[i] = is_host(devs[i]) ? 0 : -1;
}

/* ---- pause ---- */

int omp_pause_resource_all(unsigned kind)
{
    struct gompx_frame *f = gompx_frame_get();

    if (kind < PAUSE_SOFT || kind > PAUSE_STOP_TOOL || f->level > 0)
        return -1;
    gompx_thread_drop_teams(f->self);
    gompx_pool_drain();
    return 0;
}

int omp_pause_resource(unsigned kind, int dev)
{
    return is_host(dev) ? omp_pause_resource_all(kind) : -1;
}
