/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The Fortran forms of the routines in abi/api.h: the plain ones from abi/fortran.def, then those with arrays or text.  Text
 * comes with its length behind the other arguments, without NUL, and is filled up with blanks. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "abi/api.h"
#include "runtime/affinity.h"
#include "runtime/icv.h"

/* An integer of 8 bytes for a routine that takes 4: the nearest there is. */
static inline int to_int(int64_t n)
{
    return n < INT_MIN ? INT_MIN : n > INT_MAX ? INT_MAX : (int)n;
}

#define VALUE(result, name) \
    GOMPX_ENTRY(result, name##_, void) \
    { \
        return name(); \
    }
#define FUNCTION_1(name) \
    GOMPX_ENTRY(int, name##_, const int32_t *a) \
    { \
        return name(*a); \
    }
#define FUNCTION_2(name) \
    GOMPX_ENTRY(int, name##_, const int32_t *a, const int32_t *b) \
    { \
        return name(*a, *b); \
    }
#define FUNCTION(name) \
    FUNCTION_1(name) \
    GOMPX_ENTRY(int, name##_8_, const int64_t *a) \
    { \
        return name(to_int(*a)); \
    }
#define SUBROUTINE(name) \
    GOMPX_ENTRY(void, name##_, const int32_t *a) \
    { \
        name(*a); \
    } \
    GOMPX_ENTRY(void, name##_8_, const int64_t *a) \
    { \
        name(to_int(*a)); \
    }
#include "abi/fortran.def"

/* ---- integers of both kinds, in more than one argument ---- */

/* The kind of a schedule has 4 bytes in both; there is no name for its monotonic bit, so it is not shown. */
#define INTEGERS(suffix, integer) \
    GOMPX_ENTRY(void, omp_set_schedule##suffix, const int32_t *kind, const integer *chunk) \
    { \
        omp_set_schedule((unsigned)*kind, to_int(*chunk)); \
    } \
    GOMPX_ENTRY(void, omp_get_schedule##suffix, int32_t *kind, integer *chunk) \
    { \
        unsigned k; \
        int c; \
        omp_get_schedule(&k, &c); \
        *kind = (int32_t)(k & ~GOMPX_SCHED_MONOTONIC); \
        *chunk = c; \
    } \
    GOMPX_ENTRY(void, omp_get_place_proc_ids##suffix, const integer *place, integer *ids) \
    { \
        const struct gompx_place *p = gompx_affinity_place_at(to_int(*place)); \
        for (unsigned i = 0; p && i < p->ncpus; i++) \
            ids[i] = (integer)p->cpu[i]; \
    } \
    GOMPX_ENTRY(void, omp_get_partition_place_nums##suffix, integer *place_nums) \
    { \
        struct gompx_where at = gompx_affinity_where(); \
        for (unsigned i = 0; i < at.seat.count; i++) \
            place_nums[i] = (integer)gompx_affinity_partition(&at, i); \
    } \
    GOMPX_ENTRY(int, omp_control_tool##suffix, int command, integer modifier, void *arg) \
    { \
        return omp_control_tool(command, to_int(modifier), arg); \
    }
INTEGERS(_, int32_t)
INTEGERS(_8_, int64_t)

/* ---- text ---- */

/* Copies as much of a text as fits and fills up; returns the length of the whole. */
static int copied(char *buffer, size_t size, const char *text, size_t length)
{
    size_t fits = length < size ? length : size;

    memcpy(buffer, text, fits);
    memset(buffer + fits, ' ', size - fits);
    return length < INT_MAX ? (int)length : INT_MAX;
}

GOMPX_ENTRY(void, omp_set_affinity_format_, const char *format, size_t length)
{
    gompx_affinity_set_format(format, length);
}

GOMPX_ENTRY(int, omp_get_affinity_format_, char *buffer, size_t size)
{
    const char *format = gompx_affinity_format();

    return copied(buffer, size, format, strlen(format));
}

GOMPX_ENTRY(int, omp_capture_affinity_, char *buffer, const char *format, size_t size, size_t format_length)
{
    size_t length;
    char *text = gompx_affinity_text(format, format_length, &length);
    int whole = copied(buffer, size, text, length);

    free(text);
    return whole;
}

GOMPX_ENTRY(void, omp_display_affinity_, const char *format, size_t length)
{
    gompx_affinity_display(format, length);
}
