/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What happens at load: the settings are read, and handed to the rooms below that must not know them. */
#include "runtime/init.h"

#include <pthread.h>

#include "runtime/fork.h"
#include "runtime/icv.h"
#include "runtime/thread.h"
#include "sync/lock.h"
#include "sync/nap.h"
#include "sync/spin.h"
#include "sync/wait.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* GOMP_SPINCOUNT counts polls of a loop of libgomp's; converted to the time that as many PAUSEs take here. */
static uint64_t spincount_us(uint64_t count)
{
    uint64_t ps = gompx_pause_ps(), millions = count / 1000000;

    return millions > UINT64_MAX / ps / 2 ? UINT64_MAX : millions * ps + count % 1000000 * ps / 1000000;
}

/* Who asks for a time gets it, whatever OMP_WAIT_POLICY says; gompx's own name for it first, then libgomp's. */
static void waiting_configure(void)
{
    const struct gompx_globals *g = &gompx_globals;
    enum gompx_wait_mode mode = GOMPX_WAIT_AUTO;
    uint64_t us = g->spin_us;

    if (g->spin_us_set)
        ;
    else if (g->spincount_set)
        us = spincount_us(g->spincount);
    else if (g->blocktime_set)
        us = g->blocktime_us, mode = us == 0 ? GOMPX_WAIT_PASSIVE : us == UINT64_MAX ? GOMPX_WAIT_ACTIVE : GOMPX_WAIT_AUTO;
    else if (g->wait_policy >= 0)
        mode = g->wait_policy ? GOMPX_WAIT_ACTIVE : GOMPX_WAIT_PASSIVE;
    gompx_wait_configure(mode, us, g->yields, g->yield_limit_us);
}

/* The capacity of a deque. */
static uint32_t task_cutoff(uint32_t wanted)
{
    uint32_t n = 2;

    while (n < wanted && n < 65536)
        n *= 2;
    return n;
}

static void init_once(void)
{
    gompx_spin_init();
    gompx_fence_init();
    gompx_icv_init();
    waiting_configure();
    gompx_globals.task_cutoff = task_cutoff(gompx_globals.task_cutoff);
    gompx_lock_configure(gompx_globals.lock_spin_us);
    gompx_thread_init();
    gompx_fork_init();
}

void gompx_init(void)
{
    pthread_once(&once, init_once);
}

__attribute__((constructor)) static void load(void)
{
    gompx_init();
}
