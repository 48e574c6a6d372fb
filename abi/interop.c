/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Interoperability with foreign runtimes, of which the host has none: every object is omp_interop_none.
 * Source: OpenMP 6.0, section 16.1 and chapter 26. */
#include <string.h>

#include "abi/abi.h"
#include "runtime/device.h"
#include "runtime/target.h"
#include "runtime/thread.h"

typedef uintptr_t interop;              /* omp_interop_t */

enum { NONE = 0 };                      /* omp_interop_none */
enum { FLAG_NOWAIT = 1 };

/* omp_interop_rc_t */
enum { RC_NO_VALUE = 1, RC_EMPTY = -1, RC_OUT_OF_RANGE = -2, RC_TYPE_STR = -5 };

/* omp_interop_property_t: from -1 down; not negative are those of the implementation, none. */
enum { PROPERTY_FIRST = -9, PROPERTY_END = 0 };

static const char *const names[-PROPERTY_FIRST] = {
    "fr_id", "fr_name", "vendor", "vendor_name", "device_num", "platform", "device", "device_context", "targetsync",
};

/* From RC_NO_VALUE down. */
static const char *const meanings[] = {
    "the property has no meaningful value", "no error", "provided interoperability object is equal to omp_interop_none",
    "property ID is out of range", "the property is an integer: omp_get_interop_int",
    "the property is a pointer: omp_get_interop_ptr", "the property is a string: omp_get_interop_str",
};

GOMPX_ENTRY(void, GOMP_interop, int device, int n_init, interop **init, const int *target_targetsync,
            const char **prefer_type, int n_use, interop *use, int n_destroy, interop **destroy, unsigned flags,
            void **depend)
{
    struct gompx_frame *f = gompx_frame_get();

    (void)target_targetsync;
    (void)prefer_type;
    (void)n_use;
    (void)use;
    gompx_device_admit(f, device);
    gompx_target_transfer(f, flags & FLAG_NOWAIT, depend);
    for (int i = 0; i < n_destroy; i++)
        *destroy[i] = NONE;
    for (int i = 0; i < n_init; i++)
        *init[i] = NONE;
}

/* ---- properties ---- */

GOMPX_ENTRY(int, omp_get_num_interop_properties, interop object)
{
    (void)object;
    return PROPERTY_END;
}

static bool is_property(int property)
{
    return property >= PROPERTY_FIRST && property < PROPERTY_END;
}

static void no_value(int property, int *rc)
{
    if (rc)
        *rc = is_property(property) ? RC_EMPTY : RC_OUT_OF_RANGE;
}

GOMPX_ENTRY(intptr_t, omp_get_interop_int, interop object, int property, int *rc)
{
    (void)object;
    no_value(property, rc);
    return 0;
}

GOMPX_ENTRY(void *, omp_get_interop_ptr, interop object, int property, int *rc)
{
    (void)object;
    no_value(property, rc);
    return NULL;
}

GOMPX_ENTRY(const char *, omp_get_interop_str, interop object, int property, int *rc)
{
    (void)object;
    no_value(property, rc);
    return NULL;
}

GOMPX_ENTRY(const char *, omp_get_interop_name, interop object, int property)
{
    (void)object;
    return is_property(property) ? names[-1 - property] : NULL;
}

GOMPX_ENTRY(const char *, omp_get_interop_type_desc, interop object, int property)
{
    (void)object;
    (void)property;
    return NULL;                                        /* types are those of the object's runtime */
}

GOMPX_ENTRY(const char *, omp_get_interop_rc_desc, interop object, int rc)
{
    (void)object;
    return rc >= RC_TYPE_STR && rc <= RC_NO_VALUE ? meanings[RC_NO_VALUE - rc] : NULL;
}

/* ---- Fortran: strings are passed back as address and length ---- */

static void string_return(const char *string, const char **result, size_t *length)
{
    *result = string;
    *length = string ? strlen(string) : 0;
}

GOMPX_ENTRY(void, omp_get_interop_str_, const char **result, size_t *length, interop object, int property, int *rc)
{
    string_return(omp_get_interop_str(object, property, rc), result, length);
}

GOMPX_ENTRY(void, omp_get_interop_name_, const char **result, size_t *length, interop object, int property)
{
    string_return(omp_get_interop_name(object, property), result, length);
}

GOMPX_ENTRY(void, omp_get_interop_type_desc_, const char **result, size_t *length, interop object, int property)
{
    string_return(omp_get_interop_type_desc(object, property), result, length);
}

GOMPX_ENTRY(void, omp_get_interop_rc_desc_, const char **result, size_t *length, interop object, int rc)
{
    string_return(omp_get_interop_rc_desc(object, rc), result, length);
}
