/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The ABI's arrays of dependences, as compiled code builds them.  Two layouts, told apart by word 0:
 *
 *   n | number of out and inout | addresses: out and inout, then in
 *   0 | n | out and inout | mutexinoutset | in | addresses in this order, then pointers to depend objects {address, kind} */
#ifndef GOMPX_RUNTIME_DEPEND_ARRAY_H
#define GOMPX_RUNTIME_DEPEND_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/base.h"

enum gompx_depend_kind {
    GOMPX_DEPEND_IN = 1,
    GOMPX_DEPEND_OUT,
    GOMPX_DEPEND_INOUT,
    GOMPX_DEPEND_MUTEXINOUTSET,
    GOMPX_DEPEND_INOUTSET,
};

struct gompx_depend_item {
    const void *address;
    uintptr_t kind;                     /* enum gompx_depend_kind */
};

static inline size_t gompx_depend_count(void **array)
{
    return (size_t)(uintptr_t)(array[0] ? array[0] : array[1]);
}

/* Fatal for a depend object of unknown kind, a destroyed one among them. */
static inline struct gompx_depend_item gompx_depend_object(void **object)
{
    struct gompx_depend_item item = { object[0], (uintptr_t)object[1] };

    if (item.kind < GOMPX_DEPEND_IN || item.kind > GOMPX_DEPEND_INOUTSET)
        gompx_error("unknown omp_depend_t dependence type %d", (int)item.kind);
    return item;
}

static inline struct gompx_depend_item gompx_depend_item_at(void **array, size_t i)
{
    if (array[0])
        return (struct gompx_depend_item){ array[2 + i], i < (uintptr_t)array[1] ? GOMPX_DEPEND_INOUT : GOMPX_DEPEND_IN };

    uintptr_t out = (uintptr_t)array[2], mutex = out + (uintptr_t)array[3], in = mutex + (uintptr_t)array[4];
    if (i >= in)
        return gompx_depend_object(array[5 + i]);
    return (struct gompx_depend_item){
        array[5 + i], i < out ? GOMPX_DEPEND_INOUT : i < mutex ? GOMPX_DEPEND_MUTEXINOUTSET : GOMPX_DEPEND_IN
    };
}

/* omp_all_memory */
static inline bool gompx_depend_is_everything(const struct gompx_depend_item *item)
{
    return !item->address && (item->kind == GOMPX_DEPEND_OUT || item->kind == GOMPX_DEPEND_INOUT);
}

#endif
