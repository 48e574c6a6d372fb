/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * gompx's own routines about waiting. */
#include "abi/abi.h"
#include "include/gompx.h"
#include "runtime/init.h"
#include "sync/wait.h"

GOMPX_ENTRY(void, gompx_set_spin_us, long us)
{
    uint64_t spin_us = 1000;

    gompx_init();                                       /* a constructor of the program may come first */
    if (us < 0)                                         /* the budget counts when a crowd makes spinners sleep */
        gompx_wait_retune(GOMPX_WAIT_ACTIVE, spin_us);
    else
        gompx_wait_retune(us == 0 ? GOMPX_WAIT_PASSIVE : GOMPX_WAIT_AUTO, (uint64_t)us);
}

GOMPX_ENTRY(long, gompx_get_spin_us, void)
{
    enum gompx_wait_mode mode;
    uint64_t us;

    gompx_init();
    mode = gompx_wait_tuned(&us);
    return mode == GOMPX_WAIT_ACTIVE ? GOMPX_SPIN_ALWAYS : mode == GOMPX_WAIT_PASSIVE ? 0 : (long)us;
}

/* ---- for Fortran: include/gompx_lib.inc ---- */

GOMPX_ENTRY(void, gompx_set_spin_us_, const int32_t *us)
{
    gompx_set_spin_us(*us);
}

GOMPX_ENTRY(void, gompx_set_spin_us_8_, const int64_t *us)
{
    gompx_set_spin_us(*us < 0 ? GOMPX_SPIN_ALWAYS : *us < 1000000000 ? (long)*us : 1000000000);
}

GOMPX_ENTRY(int32_t, gompx_get_spin_us_, void)
{
    return (int32_t)gompx_get_spin_us();                /* 10^9 at most */
}
