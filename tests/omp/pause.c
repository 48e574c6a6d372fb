/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * omp_pause_resource: the threads of before end, so that later regions have new ones; not inside a parallel region;
 * regions go on as ever, also those of other threads of the program.
 *
 * run: threads=1,2,4,8 */
#include <pthread.h>

#include "check.h"

enum { UNTOUCHED = 128 };

static int mark = UNTOUCHED;
#pragma omp threadprivate(mark)

static void mark_all(int value)
{
#pragma omp parallel
    mark = value + omp_get_thread_num();
#pragma omp parallel
    CHECK_EQ(mark, value + omp_get_thread_num());
}

static void threads_are_new(void)
{
#pragma omp parallel
    if (omp_get_thread_num() > 0)
        CHECK_EQ(mark, UNTOUCHED);
}

static int pause_some_way(int way)
{
    switch (way % 4) {
    case 0:
        return omp_pause_resource(omp_pause_soft, omp_get_initial_device());
    case 1:
        return omp_pause_resource(omp_pause_hard, omp_get_initial_device());
    case 2:
        return omp_pause_resource_all(omp_pause_soft);
    default:
        return omp_pause_resource_all(omp_pause_hard);
    }
}

static void *regions_meanwhile(void *stop)
{
    while (!__atomic_load_n((int *)stop, __ATOMIC_ACQUIRE)) {
        int n = 0;

#pragma omp parallel num_threads(2) reduction(+ : n)
        n++;
        CHECK(n == 1 || n == 2);
    }
    return NULL;
}

static void beside_another_thread(int rounds)
{
    pthread_t other;
    int stop = 0;

    CHECK_EQ(pthread_create(&other, NULL, regions_meanwhile, &stop), 0);
    for (int i = 0; i < rounds; i++) {
        mark_all(1000 * i);
        CHECK_EQ(pause_some_way(i), 0);
        threads_are_new();
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    CHECK_EQ(pthread_join(other, NULL), 0);
}

int main(void)
{
    int rounds = check_rounds(20);

    CHECK_EQ(pause_some_way(0), 0);
    for (int i = 0; i < rounds; i++) {
        mark_all(1000 * i);
        CHECK_EQ(pause_some_way(i), 0);
        threads_are_new();
    }
    CHECK(omp_pause_resource(omp_pause_soft, omp_get_num_devices() + 5) != 0);
#pragma omp parallel
    {
        CHECK(omp_pause_resource(omp_pause_soft, omp_get_initial_device()) != 0);
        CHECK(omp_pause_resource_all(omp_pause_hard) != 0);
    }
#pragma omp parallel num_threads(1)
    CHECK(omp_pause_resource_all(omp_pause_soft) != 0);
    beside_another_thread(rounds);
    return 0;
}
