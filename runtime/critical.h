/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The locks of the process that compiled code takes without naming an object of its own. */
#ifndef GOMPX_RUNTIME_CRITICAL_H
#define GOMPX_RUNTIME_CRITICAL_H

#include "sync/lock.h"

/* One line each: a program may use all of them at the same time. */
struct gompx_critical {
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t lock;
};

extern struct gompx_critical gompx_critical_unnamed;    /* critical */
extern struct gompx_critical gompx_critical_atomic;     /* atomic without an instruction, combining of reductions */

/* In a forked child: makes both locks free. */
void gompx_critical_forked(void);

/* The lock of a named critical: the compiler gives a zeroed object of pointer size, never destroyed, of which the first four
 * bytes are used. */
static inline _Atomic uint32_t *gompx_critical_named(void **object)
{
    static_assert(sizeof(void *) >= sizeof(_Atomic uint32_t), "the lock fits the compiler's object");
    return (_Atomic uint32_t *)(void *)object;
}

#endif
