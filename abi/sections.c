/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * sections.  Leaving is the same as for a loop. */
#include "abi/abi.h"
#include "runtime/parallel.h"
#include "runtime/schedule.h"

GOMPX_ENTRY(unsigned, GOMP_sections_start, unsigned count)
{
    struct gompx_frame *f = gompx_frame_get();

    gompx_sections_init(f, count, false);
    return gompx_sections_next(f);
}

GOMPX_ENTRY(unsigned, GOMP_sections2_start, unsigned count, uintptr_t *reductions, void **mem)
{
    struct gompx_frame *f = gompx_frame_get();

    gompx_sections_init(f, count, reductions || mem);
    gompx_workshare_extras(f, reductions, mem);
    return gompx_sections_next(f);
}

GOMPX_ENTRY(unsigned, GOMP_sections_next, void)
{
    return gompx_sections_next(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_sections_end, void)
{
    gompx_loop_end(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_sections_end_nowait, void)
{
    gompx_loop_end_nowait(gompx_frame_get());
}

GOMPX_ENTRY(bool, GOMP_sections_end_cancel, void)
{
    return gompx_loop_end_cancel(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_parallel_sections, void (*fn)(void *), void *data, unsigned num_threads, unsigned count, unsigned flags)
{
    gompx_parallel_run_sections(fn, data, num_threads, count, flags);
}

GOMPX_ENTRY(void, GOMP_parallel_sections_start, void (*fn)(void *), void *data, unsigned num_threads, unsigned count)
{
    gompx_parallel_start(fn, data, num_threads, NULL, count);
}
