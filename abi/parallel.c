/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * parallel: GOMP_parallel and its old two halves.  The combined forms stand in abi/loop.c and abi/sections.c. */
#include "abi/abi.h"
#include "runtime/parallel.h"

GOMPX_ENTRY(void, GOMP_parallel, void (*fn)(void *), void *data, unsigned num_threads, unsigned flags)
{
    gompx_parallel_run(fn, data, num_threads, flags);
}

GOMPX_ENTRY(unsigned, GOMP_parallel_reductions, void (*fn)(void *), void *data, unsigned num_threads, unsigned flags)
{
    return gompx_parallel_run_reductions(fn, data, num_threads, flags);
}

GOMPX_ENTRY(void, GOMP_parallel_start, void (*fn)(void *), void *data, unsigned num_threads)
{
    gompx_parallel_start(fn, data, num_threads, NULL, 0);
}

GOMPX_ENTRY(void, GOMP_parallel_end, void)
{
    gompx_parallel_end();
}
