/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The cold parts of the barrier in sync/barrier.h. */
#include "sync/barrier.h"

#include "sync/futex.h"

void gompx_barrier_wake(struct gompx_barrier *b, bool mono)
{
    /* In central the exchange has cleared SLEEP already. */
    if (mono)
        gompx_and_ar(&b->arrive, ~GOMPX_SLEEP);         /* acq_rel: stays in the release sequence of the arrivals */
    gompx_wait_waking();
    gompx_futex_wake_all(mono ? &b->arrive : &b->sense);
}

void gompx_barrier_cancel(struct gompx_barrier *b, bool mono)
{
    if (mono)
        gompx_alarm_raise(&b->arrive, &b->arrive_alarm, 1);
    else
        gompx_alarm_raise(&b->sense, &b->sense_alarm, 1);
}

bool gompx_barrier_call(struct gompx_barrier *b, bool mono, uint32_t round)
{
    return mono ? gompx_alarm_raise(&b->arrive, &b->arrive_call, round)
                : gompx_alarm_raise(&b->sense, &b->sense_call, round);
}

uint32_t gompx_barrier_recount(struct gompx_barrier *b)
{
    uint32_t count = gompx_load_rlx(&b->arrive) & ~GOMPX_SLEEP;

    gompx_store_rlx(&b->arrive, count);
    gompx_store_rlx(&b->sense, count);
    gompx_store_rlx(&b->arrive_alarm, 0);
    gompx_store_rlx(&b->sense_alarm, 0);
    return count;
}
