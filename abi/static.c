/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the newest compilers ask for instead of omp_get_num_threads() and omp_get_thread_num() in loops that divide their
 * iterations themselves: both numbers at once, {of the team, of the thread} or {of the league, of the team}.  The number of
 * iterations is for tools.  A _Complex int travels in one register. */
#include "abi/abi.h"
#include "runtime/thread.h"

#define PAIR(real, imag) __extension__ ({ _Complex int pair_; __real__ pair_ = (real); __imag__ pair_ = (imag); pair_; })

GOMPX_ENTRY(_Complex int, GOMP_loop_static_worksharing, gompx_ull niter)
{
    const struct gompx_tls *tls = &gompx_tls;

    (void)niter;
    return PAIR(tls->nthreads, tls->tid);
}

GOMPX_ENTRY(_Complex int, GOMP_loop_static_worksharing_start, gompx_ull niter)
{
    return GOMP_loop_static_worksharing(niter);
}

GOMPX_ENTRY(void, GOMP_loop_static_worksharing_dispatch, gompx_ull start, gompx_ull iterations)
{
    (void)start;                                        /* an event for tools; there is none to tell */
    (void)iterations;
}

GOMPX_ENTRY(void, GOMP_loop_static_worksharing_end, void)
{
}

GOMPX_ENTRY(_Complex int, GOMP_distribute_static_worksharing, gompx_ull niter)
{
    const struct gompx_frame *root = gompx_frame_ancestor(gompx_frame_get(), 0);

    (void)niter;
    return PAIR((int)root->num_teams, (int)root->team_num);
}

GOMPX_ENTRY(_Complex int, GOMP_distribute_static_worksharing_start, gompx_ull niter)
{
    return GOMP_distribute_static_worksharing(niter);
}

GOMPX_ENTRY(void, GOMP_distribute_static_worksharing_dispatch, gompx_ull start, gompx_ull iterations)
{
    (void)start;
    (void)iterations;
}

GOMPX_ENTRY(void, GOMP_distribute_static_worksharing_end, void)
{
}
