/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fork() while another thread registers callbacks: the child can register, meet constructs and hear of their events.
 *
 * run: threads=1 opt=2 pin=no,yes policy=default modes=path gompx-only="libgomp's lock may be held in the child" */
#include "tests/acc/prof_check.h"

enum { CHILDREN = 20 };

static _Atomic int done;

static void note(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)e;
    (void)i;
    prof_append(prof_name(p->event_type));
}

static void *registrar(void *arg)
{
    while (!done) {
        acc_prof_register(acc_ev_alloc, note, acc_reg);
        acc_prof_unregister(acc_ev_alloc, note, acc_reg);
    }
    return arg;
}

static void child(void)
{
    int x = 0;

    acc_prof_register(acc_ev_compute_construct_start, note, acc_reg);
#pragma acc parallel copy(x)
    x = 1;
    CHECK_EQ(x, 1);
    PROF_EXPECT("compute<");
    acc_shutdown(acc_device_host);
}

int main(void)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, registrar, NULL) == 0);
    for (int i = 0; i < CHILDREN; i++)
        ACC_WORKS(child);
    done = 1;
    CHECK(pthread_join(thread, NULL) == 0);
    return 0;
}
