/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Barriers under pressure: no thread passes before all arrived, none is left behind, with skew, with sleepers, with
 * team sizes that change, with signals that interrupt the sleep.
 *
 * run: repeat=3
 * run+:
 * run+: env=GOMPX_BARRIER=tree env=GOMPX_FANIN=3 opt=2 threads=5,16,64 modes=path gompx-only="its setting"
 * run+: env=GOMPX_BARRIER=tree env=OMP_PLACES=threads env=OMP_PROC_BIND=spread opt=2 threads=9,40 modes=path gompx-only="its setting" */
#include <signal.h>
#include <sys/time.h>

#include "check.h"

enum { MOST = 64 };

static struct { _Alignas(64) int round; } at[MOST];

/* After the barrier every thread has reached at least this round and nobody is more than one ahead. */
static void check_others(int threads, int round)
{
    for (int t = 0; t < threads; t++) {
        int seen = __atomic_load_n(&at[t].round, __ATOMIC_RELAXED);
        CHECK(seen == round || seen == round + 1);
    }
}

static void rounds_of(int threads, int rounds, int skew)
{
    memset(at, 0, sizeof at);
#pragma omp parallel num_threads(threads)
    {
        int me = omp_get_thread_num();
        unsigned state = 99u + (unsigned)me;

        for (int r = 1; r <= rounds; r++) {
            if (skew && check_random(&state) % 8 == 0)
                check_work((int)(check_random(&state) % 2000));
            __atomic_store_n(&at[me].round, r, __ATOMIC_RELAXED);
#pragma omp barrier
            check_others(omp_get_num_threads(), r);
        }
    }
    for (int t = 0; t < threads; t++)
        CHECK_EQ(at[t].round, rounds);
}

/* One thread is so late that the others go to sleep in the barrier; each in turn. */
static void sleepers(int threads)
{
    memset(at, 0, sizeof at);
#pragma omp parallel num_threads(threads)
    {
        int me = omp_get_thread_num();

        for (int r = 1; r <= threads && r <= 6; r++) {
            if (r - 1 == me)
                check_sleep_us(r % 2 ? 3000 : 150);
            __atomic_store_n(&at[me].round, r, __ATOMIC_RELAXED);
#pragma omp barrier
            check_others(threads, r);
        }
    }
}

/* Workers that sleep between regions are woken by the next one. */
static void regions_after_a_pause(int threads)
{
    for (int i = 0; i < 6; i++) {
        int n = 0;

        check_sleep_us(i % 2 ? 3000 : 200);
#pragma omp parallel num_threads(threads) reduction(+ : n)
        n++;
        CHECK_EQ(n, threads);
    }
}

static void nothing(int number)
{
    (void)number;
}

/* A timer signal every half millisecond hits sleeping and spinning threads alike: waits end early and must resume. */
static void signals_interrupt_nothing(int threads)
{
    struct sigaction action;
    struct itimerval often = { { 0, 500 }, { 0, 500 } }, never = { { 0, 0 }, { 0, 0 } };

    memset(&action, 0, sizeof action);
    action.sa_handler = nothing;
    CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
    for (int i = 0; i < 3; i++) {
        sleepers(threads);
        rounds_of(threads, 20, 1);
        regions_after_a_pause(threads);
    }
    CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
}

int main(void)
{
    int threads = omp_get_max_threads();

    rounds_of(threads, check_rounds(3000), 0);
    rounds_of(threads, check_rounds(300), 1);
    for (int n = 1; n < 10; n++)
        rounds_of(n, 20, n % 2);
    rounds_of(MOST, 6, 0);
    sleepers(threads);
    regions_after_a_pause(threads);
    signals_interrupt_nothing(threads);
    return 0;
}
