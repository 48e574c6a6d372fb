/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The locks of the pool and of OpenACC's callbacks are held across fork(), so that their lists are whole in the child.
 * All else that the parent's other threads may have been writing (teams, slots) is not used by the child any more. */
#include "runtime/fork.h"

#include <pthread.h>

#include "runtime/acc_prof.h"
#include "runtime/critical.h"
#include "runtime/pool.h"
#include "runtime/thread.h"
#include "sync/nap.h"
#include "sync/wait.h"

static void forked(void)
{
    gompx_pool_fork_child();
    gompx_wait_reset_busy(1);
    gompx_fence_init();
    gompx_critical_forked();
    gompx_thread_forked();
    gompx_acc_prof_fork_done();
}

static void prepare(void)
{
    gompx_acc_prof_fork_prepare();
    gompx_pool_fork_prepare();
}

static void parent(void)
{
    gompx_pool_fork_parent();
    gompx_acc_prof_fork_done();
}

void gompx_fork_init(void)
{
    pthread_atfork(prepare, parent, forked);
}
