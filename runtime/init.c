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
static uint64_t spin_budget_us(void)
{
    if (gompx_globals.spin_us_set)
        return gompx_globals.spin_us;
    if (gompx_globals.spincount_set)
        return gompx_globals.spincount / 1000000 * gompx_pause_ps() + gompx_globals.spincount % 1000000 * gompx_pause_ps() / 1000000;
    return gompx_globals.spin_us;
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
    enum gompx_wait_mode mode;

    gompx_spin_init();
    gompx_fence_init();
    gompx_icv_init();
    mode = gompx_globals.wait_policy < 0 ? GOMPX_WAIT_AUTO : gompx_globals.wait_policy ? GOMPX_WAIT_ACTIVE : GOMPX_WAIT_PASSIVE;
    if (gompx_globals.spincount_set || gompx_globals.spin_us_set)
        mode = GOMPX_WAIT_AUTO;                         /* the budget says it all */
    gompx_wait_configure(mode, spin_budget_us(), gompx_globals.yields, gompx_globals.yield_limit_us);
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
