/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ordered(n) loops with cross-iteration dependences, in both widths. */
#include <stdarg.h>

#include "abi/abi.h"
#include "abi/loop.h"
#include "runtime/doacross.h"
#include "runtime/schedule.h"
#include "runtime/thread.h"

static bool begin(struct gompx_frame *f, unsigned n, const void *counts, struct gompx_loop_args *args, uintptr_t *reductions,
                  void **mem, uint64_t *start, uint64_t *end)
{
    static_assert(sizeof(long) == sizeof(uint64_t) && sizeof(gompx_ull) == sizeof(uint64_t), "vectors travel as they are");
    gompx_doacross_begin(f, n, counts, args, reductions, mem);
    return gompx_loop_next(f, start, end);
}

#define START(infix, type, name, kind) \
    GOMPX_ENTRY(bool, GOMP_loop_##infix##doacross_##name##_start, unsigned ncounts, type *counts, type chunk, type *istart, \
                type *iend) \
    { \
        struct gompx_loop_args args = { .sched = kind, .chunk = (int64_t)chunk > 0 ? (uint64_t)chunk : 0 }; \
        return begin(gompx_frame_get(), ncounts, counts, &args, NULL, NULL, (uint64_t *)istart, (uint64_t *)iend); \
    }

#define WIDTH(infix, vector_infix, type) \
    START(infix, type, static, GOMPX_SCHED_STATIC) \
    START(infix, type, dynamic, GOMPX_SCHED_DYNAMIC) \
    START(infix, type, guided, GOMPX_SCHED_GUIDED) \
    GOMPX_ENTRY(bool, GOMP_loop_##infix##doacross_runtime_start, unsigned ncounts, type *counts, type *istart, type *iend) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = { .sched = GOMPX_SCHED_RUNTIME }; \
        gompx_loop_resolve(f, &args); \
        return begin(f, ncounts, counts, &args, NULL, NULL, (uint64_t *)istart, (uint64_t *)iend); \
    } \
    GOMPX_ENTRY(bool, GOMP_loop_##infix##doacross_start, unsigned ncounts, type *counts, long sched, type chunk, type *istart, \
                type *iend, uintptr_t *reductions, void **mem) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = { .chunk = (int64_t)chunk > 0 ? (uint64_t)chunk : 0 }; \
        gompx_general_sched(f, &args, sched); \
        args.nonmonotonic = false; \
        return begin(f, ncounts, counts, &args, reductions, mem, (uint64_t *)istart, (uint64_t *)iend); \
    } \
    GOMPX_ENTRY(void, GOMP_doacross_##vector_infix##post, type *vector) \
    { \
        gompx_doacross_post(gompx_frame_get(), (const uint64_t *)vector); \
    } \
    GOMPX_ENTRY(void, GOMP_doacross_##vector_infix##wait, type first, ...) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        unsigned n = gompx_doacross_dims(f); \
        va_list rest; \
        if (n == 0) \
            return; \
        uint64_t vector[n]; \
        vector[0] = (uint64_t)first; \
        va_start(rest, first); \
        for (unsigned i = 1; i < n; i++) \
            vector[i] = (uint64_t)va_arg(rest, type); \
        va_end(rest); \
        gompx_doacross_wait(f, vector); \
    }

WIDTH(, , long)
WIDTH(ull_, ull_, gompx_ull)
