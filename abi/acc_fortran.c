/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The Fortran forms of the routines in abi/acc.h, to which gfortran's openacc module refers.  Arguments come by
 * reference, those of acc_get_property by value; logical results are of 4 bytes. */
#include <string.h>

#include "abi/acc.h"

/* gfortran's array descriptor, as far as a contiguous array needs it.  Source: GNU Fortran's documentation of
 * ISO_Fortran_binding and observation of compiled code. */
struct descriptor {
    void *base;
    size_t offset;
    struct {
        size_t elem_len;
        int version;
        signed char rank, type;
        short attribute;
    } dtype;
    ptrdiff_t span;
    struct {
        ptrdiff_t stride, lower, upper;
    } dim[];
};

/* The bytes of the whole array. */
static size_t descriptor_size(const struct descriptor *d)
{
    size_t size = d->dtype.elem_len;

    for (int i = 0; i < d->dtype.rank; i++)
        size *= d->dim[i].upper < d->dim[i].lower ? 0 : (size_t)(d->dim[i].upper - d->dim[i].lower) + 1;
    return size;
}

#define RANGE(name) \
    GOMPX_ENTRY(void, name##_32_h_, void *a, const int32_t *length) \
    { \
        name(a, (size_t)*length); \
    } \
    GOMPX_ENTRY(void, name##_64_h_, void *a, const int64_t *length) \
    { \
        name(a, (size_t)*length); \
    } \
    GOMPX_ENTRY(void, name##_array_h_, const struct descriptor *a) \
    { \
        name(a->base, descriptor_size(a)); \
    }
#define RANGE_ASYNC(name) \
    GOMPX_ENTRY(void, name##_32_h_, void *a, const int32_t *length, const int32_t *async) \
    { \
        name(a, (size_t)*length, *async); \
    } \
    GOMPX_ENTRY(void, name##_64_h_, void *a, const int64_t *length, const int32_t *async) \
    { \
        name(a, (size_t)*length, *async); \
    } \
    GOMPX_ENTRY(void, name##_array_h_, const struct descriptor *a, const int32_t *async) \
    { \
        name(a->base, descriptor_size(a), *async); \
    }
#include "abi/acc_fortran.def"

GOMPX_ENTRY(int32_t, acc_is_present_32_h_, void *a, const int32_t *length)
{
    return acc_is_present(a, (size_t)*length);
}

GOMPX_ENTRY(int32_t, acc_is_present_64_h_, void *a, const int64_t *length)
{
    return acc_is_present(a, (size_t)*length);
}

GOMPX_ENTRY(int32_t, acc_is_present_array_h_, const struct descriptor *a)
{
    return acc_is_present(a->base, descriptor_size(a));
}

/* ---- devices and queues ---- */

#define FUNCTION(name) \
    GOMPX_ENTRY(int32_t, name##_h_, const int32_t *a) \
    { \
        return name(*a); \
    }
#define VALUE(name) \
    GOMPX_ENTRY(int32_t, name##_h_, void) \
    { \
        return name(); \
    }
#define SUBROUTINE(name) \
    GOMPX_ENTRY(void, name##_h_, const int32_t *a) \
    { \
        name(*a); \
    }
#define SUBROUTINE_2(name) \
    GOMPX_ENTRY(void, name##_h_, const int32_t *a, const int32_t *b) \
    { \
        name(*a, *b); \
    }
FUNCTION(acc_get_num_devices)
SUBROUTINE(acc_set_device_type)
VALUE(acc_get_device_type)
SUBROUTINE_2(acc_set_device_num)
FUNCTION(acc_get_device_num)
SUBROUTINE(acc_init)
SUBROUTINE(acc_shutdown)
FUNCTION(acc_on_device)
FUNCTION(acc_async_test)
VALUE(acc_async_test_all)
SUBROUTINE(acc_wait)
SUBROUTINE_2(acc_wait_async)
SUBROUTINE(acc_wait_all_async)

GOMPX_ENTRY(void, acc_wait_all_h_, void)
{
    acc_wait_all();
}

GOMPX_ENTRY(size_t, acc_get_property_h_, int32_t num, int32_t type, int32_t property)
{
    return acc_get_property(num, type, property);
}

/* Filled up with blanks; all blank if there is no such property. */
GOMPX_ENTRY(void, acc_get_property_string_h_, int32_t num, int32_t type, int32_t property, char *string, size_t size)
{
    const char *text = acc_get_property_string(num, type, property);
    size_t length = text ? strnlen(text, size) : 0;

    if (length > 0)
        memcpy(string, text, length);
    memset(string + length, ' ', size - length);
}
