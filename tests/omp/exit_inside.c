/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The process ends while a region runs: by exit() of a worker or of the primary, by _exit, by a return from main in
 * another thread's region, by a fatal signal. Exit handlers run, and nothing hangs.
 *
 * run: expect-stdout=handler threads=1,2,4,16 opt=2
 * run+: env=HOW=worker expect-exit=5
 * run+: env=HOW=primary expect-exit=6
 * run+: env=HOW=sleeping expect-exit=7
 * run+: env=HOW=main_returns expect-exit=8
 * run+: env=HOW=loop expect-exit=9 */
#include <pthread.h>

#include "check.h"

static void handler(void)
{
    printf("handler\n");
}

/* A region from which no thread returns: one calls exit, the others wait in a barrier that is never complete. */
static void exit_by(int who, int status)
{
#pragma omp parallel
    {
        if (omp_get_thread_num() == who)
            exit(status);
#pragma omp barrier
    }
}

static void exit_while_others_sleep(int status)
{
#pragma omp parallel
    {
        if (omp_get_thread_num() == 0) {
            check_sleep_us(20000);
            exit(status);
        }
#pragma omp barrier
    }
}

static void exit_from_a_loop(int status)
{
#pragma omp parallel for schedule(dynamic) ordered
    for (int i = 0; i < 1000; i++) {
#pragma omp ordered
        {
            if (i == 20)
                exit(status);
        }
    }
}

static int started;

static void *endless_regions(void *unused)
{
    for (;;) {
#pragma omp parallel
        {
#pragma omp barrier
        }
        __atomic_store_n(&started, 1, __ATOMIC_RELEASE);
    }
    return unused;
}

static void start(void *(*body)(void *))
{
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, body, NULL), 0);
}

int main(void)
{
    const char *how = getenv("HOW");

    atexit(handler);
#pragma omp parallel
    check_work(10);
    if (strcmp(how, "worker") == 0)
        exit_by(omp_get_max_threads() - 1, 5);
    if (strcmp(how, "primary") == 0)
        exit_by(0, 6);
    if (strcmp(how, "sleeping") == 0)
        exit_while_others_sleep(7);
    if (strcmp(how, "loop") == 0)
        exit_from_a_loop(9);
    if (strcmp(how, "main_returns") == 0) {
        start(endless_regions);
        while (!__atomic_load_n(&started, __ATOMIC_ACQUIRE))
            check_sleep_us(100);
        return 8;
    }
    CHECK(0);
}
