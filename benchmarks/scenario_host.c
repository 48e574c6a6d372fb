/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Several host threads, each with teams of its own: hosts that stay, and hosts that come, open one region and go. */
#define _GNU_SOURCE
#include "scenario.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum {
    HOSTS = 4,
    TEAM = 2,
    SAMPLE_NS = 10000000, /* long against the two barriers around a sample */
    SETTLE_US = 300000,   /* what a worker may take to end after its last host */
};

static pthread_barrier_t gate;
static long regions; /* of each host in this sample; 0: they end */

static void start_thread(pthread_t *thread, void *(*body)(void *))
{
    int error = pthread_create(thread, NULL, body, NULL);

    if (error)
        bench_fail("pthread_create: %s", strerror(error));
}

static void *host(void *unused)
{
    for (;;) {
        pthread_barrier_wait(&gate);
        if (regions == 0)
            return unused;
        for (long i = 0; i < regions; i++)
            scenario_region(TEAM);
        pthread_barrier_wait(&gate);
    }
}

static void hosts_together(long n)
{
    regions = n;
    pthread_barrier_wait(&gate);
    pthread_barrier_wait(&gate);
}

void scenario_hosts(void)
{
    struct bench_case timed = *bench_current;
    pthread_t threads[HOSTS];

    timed.kind = BENCH_TEAM;
    timed.test = hosts_together;
    bench_threads = HOSTS * TEAM;
    bench_sample_ns = SAMPLE_NS;
    pthread_barrier_init(&gate, NULL, HOSTS + 1);
    for (int i = 0; i < HOSTS; i++)
        start_thread(&threads[i], host);
    bench_measure(&timed);
    regions = 0;
    pthread_barrier_wait(&gate);
    for (int i = 0; i < HOSTS; i++)
        pthread_join(threads[i], NULL);
}

static void *new_host(void *unused)
{
    scenario_region(TEAM);
    return unused;
}

static void new_hosts_round(long n)
{
    pthread_t threads[HOSTS];

    for (long i = 0; i < n; i++) {
        for (int h = 0; h < HOSTS; h++)
            start_thread(&threads[h], new_host);
        for (int h = 0; h < HOSTS; h++)
            pthread_join(threads[h], NULL);
    }
}

static int threads_of_process(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;

    if (!tasks)
        bench_fail("/proc/self/task: %s", strerror(errno));
    for (struct dirent *entry; (entry = readdir(tasks));)
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

void scenario_new_hosts(void)
{
    struct bench_case timed = *bench_current;
    int before = threads_of_process();

    timed.kind = BENCH_TEAM;
    timed.test = new_hosts_round;
    bench_threads = HOSTS * TEAM;
    bench_measure(&timed);
    usleep(SETTLE_US);
    scenario_report("left", bench_threads, "threads", threads_of_process() - before);
}
