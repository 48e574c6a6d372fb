/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The main thread ends by pthread_exit while other threads of the program still run regions. The process must end with
 * the
 * last of them, soon and with its exit handlers run: the runtime's own idle threads must not keep it alive.
 *
 * run: threads=1,2,4,16 expect-stdout=handler timeout=3 */
#include <pthread.h>

#include "check.h"

static void handler(void)
{
    printf("handler\n");
}

static void *a_few_regions(void *unused)
{
    for (int i = 0; i < 10; i++) {
#pragma omp parallel
        check_work(1000);
    }
    return unused;
}

int main(void)
{
    pthread_t thread;

    atexit(handler);
#pragma omp parallel
    check_work(10);
    CHECK_EQ(pthread_create(&thread, NULL, a_few_regions, NULL), 0);
    pthread_exit(NULL);
}
