/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads that the program made itself: several in regions at once, each with teams of its own; threads that end;
 * hundreds of short-lived ones in a row; constructs in a thread that never saw a region.
 *
 * run: repeat=3
 * run+:
 * run+: env=GOMPX_POOL_IDLE_MS=0 opt=2 threads=2,16 modes=path gompx-only="its setting" */
#include <pthread.h>

#include "check.h"

enum { HOSTS = 8 };

static int team_size(void)
{
    int threads = omp_get_max_threads();

    return threads < 4 ? threads : 4;
}

/* Some work with checks; every host thread is thread 0 of its own level-0 world. */
static void some_regions(int rounds, int id)
{
    int threads = team_size();

    CHECK_EQ(omp_get_level(), 0);
    CHECK_EQ(omp_get_thread_num(), 0);
    CHECK_EQ(omp_get_num_threads(), 1);
    for (int round = 0; round < rounds; round++) {
        long sum = 0;
        int members = 0;

#pragma omp parallel num_threads((round + id) % threads + 1) reduction(+ : sum)
        {
#pragma omp atomic
            members++;
#pragma omp barrier
            CHECK_EQ(members, omp_get_num_threads());
#pragma omp for schedule(dynamic) nowait
            for (int i = 0; i < 20; i++)
                sum += i * id;
        }
        CHECK_EQ(members, (round + id) % threads + 1);
        CHECK_EQ(sum, 190L * id);
    }
}

static void *host(void *arg)
{
    some_regions(check_rounds(60), (int)(size_t)arg);
    return NULL;
}

static void *short_life(void *arg)
{
    some_regions(2, (int)(size_t)arg);
    return NULL;
}

static void *no_region(void *arg)
{
    omp_lock_t *lock = arg;
    int own = 0;

    omp_set_num_threads(3);
    CHECK_EQ(omp_get_max_threads(), 3);
    omp_set_lock(lock);
#pragma omp critical
    own++;
#pragma omp barrier
#pragma omp single
    own++;
    omp_unset_lock(lock);
    CHECK_EQ(own, 2);
    return NULL;
}

static void start(pthread_t *thread, void *(*body)(void *), void *arg)
{
    CHECK_EQ(pthread_create(thread, NULL, body, arg), 0);
}

static void hosts_at_once(void)
{
    pthread_t threads[HOSTS];

    for (int i = 0; i < HOSTS; i++)
        start(&threads[i], host, (void *)(size_t)(i + 1));
    some_regions(20, 77);
    for (int i = 0; i < HOSTS; i++)
        pthread_join(threads[i], NULL);
    some_regions(5, 77);
}

static void fresh_threads_in_a_loop(void)
{
    for (int i = 0; i < check_rounds(80); i++) {
        pthread_t thread;

        start(&thread, short_life, (void *)(size_t)i);
        if (i % 2)
            some_regions(1, 5);
        pthread_join(thread, NULL);
    }
}

static void one_threads_settings_stay_its_own(void)
{
    omp_lock_t lock;
    pthread_t thread;
    int before = omp_get_max_threads();

    omp_init_lock(&lock);
    start(&thread, no_region, &lock);
    pthread_join(thread, NULL);
    omp_destroy_lock(&lock);
    CHECK_EQ(omp_get_max_threads(), before);
}

/* Threads made inside a region, too, are initial threads, whatever the region's threads are. */
static void threads_made_inside_a_region(void)
{
#pragma omp parallel num_threads(team_size())
    {
        pthread_t thread;

        start(&thread, short_life, (void *)3);
#pragma omp barrier
        pthread_join(thread, NULL);
    }
}

int main(void)
{
    some_regions(3, 1);
    hosts_at_once();
    fresh_threads_in_a_loop();
    one_threads_settings_stay_its_own();
    threads_made_inside_a_region();
    hosts_at_once();
    return 0;
}
