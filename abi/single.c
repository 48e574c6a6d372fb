/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * single, with and without copyprivate; masked. */
#include "abi/abi.h"
#include "runtime/thread.h"

GOMPX_ENTRY(bool, GOMP_single_start, void)
{
    return gompx_single(gompx_frame_get());
}

GOMPX_ENTRY(bool, GOMP_single_start_with_end, void)
{
    return gompx_single(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_single_end, void)
{
}

GOMPX_ENTRY(void *, GOMP_single_copy_start, void)
{
    return gompx_single_copy_start(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_single_copy_end, void *data)
{
    gompx_single_copy_end(gompx_frame_get(), data);
}

GOMPX_ENTRY(bool, GOMP_has_masked_thread_num, int tid)
{
    return gompx_tls.tid == tid;
}

GOMPX_ENTRY(void, GOMP_masked_end, void)
{
}
