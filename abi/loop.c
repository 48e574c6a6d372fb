/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Worksharing loops: the start and next functions of abi/loop.def in both widths, the general starts, the ends, and the
 * combined parallel loops.  The values travel as 64-bit numbers whatever their type; only the number of iterations and the
 * direction depend on it. */
#include "abi/abi.h"
#include "abi/loop.h"
#include "runtime/parallel.h"
#include "runtime/schedule.h"

/* ---- arguments ---- */

/* A chunk below 1 means "not given". */
static inline uint64_t chunk_of(long chunk)
{
    return chunk > 0 ? (uint64_t)chunk : 0;
}

static inline struct gompx_loop_args args_long(long start, long end, long incr, uint32_t sched, long chunk)
{
    return (struct gompx_loop_args){
        .start = (uint64_t)start, .end = (uint64_t)end, .incr = (uint64_t)incr,
        .iters = gompx_loop_iters_long(start, end, incr), .chunk = chunk_of(chunk), .sched = sched,
    };
}

static inline struct gompx_loop_args args_ull(bool up, gompx_ull start, gompx_ull end, gompx_ull incr, uint32_t sched, gompx_ull chunk)
{
    return (struct gompx_loop_args){
        .start = start, .end = end, .incr = incr, .iters = gompx_loop_iters_ull(up, start, end, incr), .chunk = chunk, .sched = sched,
    };
}

/* Both types have 64 bits, so the pieces go straight to where the caller wants them. */
static_assert(sizeof(long) == sizeof(uint64_t) && sizeof(gompx_ull) == sizeof(uint64_t), "values travel as 64-bit numbers");

static inline bool next_long(struct gompx_frame *f, long *istart, long *iend)
{
    return gompx_loop_next(f, (uint64_t *)(void *)istart, (uint64_t *)(void *)iend);
}

static inline bool next_ull(struct gompx_frame *f, gompx_ull *istart, gompx_ull *iend)
{
    return gompx_loop_next(f, (uint64_t *)(void *)istart, (uint64_t *)(void *)iend);
}

/* ---- start and next ---- */

#define CHUNKED(name, kind, nonmono, order) \
    GOMPX_ENTRY(bool, GOMP_loop_##name##_start, long start, long end, long incr, long chunk, long *istart, long *iend) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = args_long(start, end, incr, kind, chunk); \
        args.nonmonotonic = nonmono; \
        args.ordered = order; \
        gompx_loop_begin(f, &args); \
        return next_long(f, istart, iend); \
    } \
    GOMPX_ENTRY(bool, GOMP_loop_ull_##name##_start, bool up, gompx_ull start, gompx_ull end, gompx_ull incr, \
                gompx_ull chunk, gompx_ull *istart, gompx_ull *iend) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = args_ull(up, start, end, incr, kind, chunk); \
        args.nonmonotonic = nonmono; \
        args.ordered = order; \
        gompx_loop_begin(f, &args); \
        return next_ull(f, istart, iend); \
    } \
    NEXT(name)

#define RUNTIME(name, nonmono, order) \
    GOMPX_ENTRY(bool, GOMP_loop_##name##_start, long start, long end, long incr, long *istart, long *iend) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = args_long(start, end, incr, GOMPX_SCHED_RUNTIME, 0); \
        args.nonmonotonic = nonmono; \
        args.ordered = order; \
        gompx_loop_resolve(f, &args); \
        gompx_loop_begin(f, &args); \
        return next_long(f, istart, iend); \
    } \
    GOMPX_ENTRY(bool, GOMP_loop_ull_##name##_start, bool up, gompx_ull start, gompx_ull end, gompx_ull incr, \
                gompx_ull *istart, gompx_ull *iend) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = args_ull(up, start, end, incr, GOMPX_SCHED_RUNTIME, 0); \
        args.nonmonotonic = nonmono; \
        args.ordered = order; \
        gompx_loop_resolve(f, &args); \
        gompx_loop_begin(f, &args); \
        return next_ull(f, istart, iend); \
    } \
    NEXT(name)

#define NEXT(name) \
    GOMPX_ENTRY(bool, GOMP_loop_##name##_next, long *istart, long *iend) \
    { \
        return next_long(gompx_frame_get(), istart, iend); \
    } \
    GOMPX_ENTRY(bool, GOMP_loop_ull_##name##_next, gompx_ull *istart, gompx_ull *iend) \
    { \
        return next_ull(gompx_frame_get(), istart, iend); \
    }

#include "abi/loop.def"

/* ---- general start: loops with task reductions, conditional lastprivate or scans ---- */

/* Schedule codes of the general starts: 0 runtime, 4 runtime that may be nonmonotonic, else the kind; bit 31 monotonic. */
void gompx_general_sched(struct gompx_frame *f, struct gompx_loop_args *args, long sched)
{
    uint32_t kind = (uint32_t)sched & ~GOMPX_SCHED_MONOTONIC;

    args->sched = kind;
    args->nonmonotonic = !((uint32_t)sched & GOMPX_SCHED_MONOTONIC);
    if (kind == GOMPX_SCHED_RUNTIME || kind == GOMPX_SCHED_AUTO)
        gompx_loop_resolve(f, args);
}

/* Without istart the caller divides the iterations itself and wants the set-up only. True: there is a piece. */
static bool general_begin(struct gompx_frame *f, struct gompx_loop_args *args, long sched, bool ordered, bool divided,
                          uintptr_t *reductions, void **mem)
{
    gompx_general_sched(f, args, sched);
    args->ordered = ordered;
    args->slot = reductions || mem;
    if (divided)
        gompx_loop_begin_slot(f, args->slot);
    else
        gompx_loop_begin(f, args);
    gompx_workshare_extras(f, reductions, mem);
    return divided;
}

#define GENERAL(name, order) \
    GOMPX_ENTRY(bool, GOMP_loop_##name, long start, long end, long incr, long sched, long chunk, long *istart, long *iend, \
                uintptr_t *reductions, void **mem) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = args_long(start, end, incr, 0, chunk); \
        return general_begin(f, &args, sched, order, istart == NULL, reductions, mem) || next_long(f, istart, iend); \
    } \
    GOMPX_ENTRY(bool, GOMP_loop_ull_##name, bool up, gompx_ull start, gompx_ull end, gompx_ull incr, long sched, \
                gompx_ull chunk, gompx_ull *istart, gompx_ull *iend, uintptr_t *reductions, void **mem) \
    { \
        struct gompx_frame *f = gompx_frame_get(); \
        struct gompx_loop_args args = args_ull(up, start, end, incr, 0, chunk); \
        return general_begin(f, &args, sched, order, istart == NULL, reductions, mem) || next_ull(f, istart, iend); \
    }

GENERAL(start, false)
GENERAL(ordered_start, true)

/* ---- ends ---- */

GOMPX_ENTRY(void, GOMP_loop_end, void)
{
    gompx_loop_end(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_loop_end_nowait, void)
{
    gompx_loop_end_nowait(gompx_frame_get());
}

GOMPX_ENTRY(bool, GOMP_loop_end_cancel, void)
{
    return gompx_loop_end_cancel(gompx_frame_get());
}

/* ---- combined parallel loops ---- */

#define PARALLEL(name, kind, nonmono) \
    GOMPX_ENTRY(void, GOMP_parallel_loop_##name, void (*fn)(void *), void *data, unsigned num_threads, long start, long end, \
                long incr, long chunk, unsigned flags) \
    { \
        struct gompx_loop_args args = args_long(start, end, incr, kind, chunk); \
        args.nonmonotonic = nonmono; \
        gompx_parallel_run_loop(fn, data, num_threads, &args, flags); \
    }
#define PARALLEL_RUNTIME(name, nonmono) \
    GOMPX_ENTRY(void, GOMP_parallel_loop_##name, void (*fn)(void *), void *data, unsigned num_threads, long start, long end, \
                long incr, unsigned flags) \
    { \
        struct gompx_loop_args args = args_long(start, end, incr, GOMPX_SCHED_RUNTIME, 0); \
        args.nonmonotonic = nonmono; \
        gompx_loop_resolve(gompx_frame_get(), &args); \
        gompx_parallel_run_loop(fn, data, num_threads, &args, flags); \
    }
#define PARALLEL_START(name, kind) \
    GOMPX_ENTRY(void, GOMP_parallel_loop_##name##_start, void (*fn)(void *), void *data, unsigned num_threads, long start, \
                long end, long incr, long chunk) \
    { \
        struct gompx_loop_args args = args_long(start, end, incr, kind, chunk); \
        gompx_parallel_start(fn, data, num_threads, &args, 0); \
    }

PARALLEL(static, GOMPX_SCHED_STATIC, false)
PARALLEL(dynamic, GOMPX_SCHED_DYNAMIC, false)
PARALLEL(guided, GOMPX_SCHED_GUIDED, false)
PARALLEL(nonmonotonic_dynamic, GOMPX_SCHED_DYNAMIC, true)
PARALLEL(nonmonotonic_guided, GOMPX_SCHED_GUIDED, true)
PARALLEL_RUNTIME(runtime, false)
PARALLEL_RUNTIME(nonmonotonic_runtime, true)
PARALLEL_RUNTIME(maybe_nonmonotonic_runtime, true)
PARALLEL_START(static, GOMPX_SCHED_STATIC)
PARALLEL_START(dynamic, GOMPX_SCHED_DYNAMIC)
PARALLEL_START(guided, GOMPX_SCHED_GUIDED)

GOMPX_ENTRY(void, GOMP_parallel_loop_runtime_start, void (*fn)(void *), void *data, unsigned num_threads, long start, long end, long incr)
{
    struct gompx_loop_args args = args_long(start, end, incr, GOMPX_SCHED_RUNTIME, 0);

    gompx_loop_resolve(gompx_frame_get(), &args);
    gompx_parallel_start(fn, data, num_threads, &args, 0);
}
