/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Workers are called gompx-1, gompx-2, ...; threads of the program keep their names.
 *
 * run: opt=2 threads=4 pin=no policy=default gompx-only="libgomp leaves the program's name to its threads" */
#include <pthread.h>

#include "tests/omp/check.h"

static void name_of_this(char *name)
{
    CHECK_EQ(pthread_getname_np(pthread_self(), name, 16), 0);
}

static int worker_number(const char *name)
{
    int number, end = 0;

    CHECK(sscanf(name, "gompx-%d%n", &number, &end) == 1 && name[end] == '\0');
    return number;
}

/* A team of n led by this thread: its workers have numbers from 1 to most, each another. */
static void look_at_a_team(int n, int most)
{
    char before[16], after[16];
    int seen[64] = { 0 };

    name_of_this(before);
#pragma omp parallel num_threads(n)
    {
        char name[16];

        name_of_this(name);
        if (omp_get_thread_num() > 0) {
            int number = worker_number(name);

            CHECK(number >= 1 && number <= most);
#pragma omp atomic
            seen[number]++;
        }
    }
    for (int i = 0; i < 64; i++)
        CHECK(seen[i] <= 1);
    name_of_this(after);
    CHECK_EQ(strcmp(before, after), 0);
}

static void *host(void *arg)
{
    (void)arg;
    CHECK_EQ(pthread_setname_np(pthread_self(), "mine"), 0);
    look_at_a_team(3, 9);
    return NULL;
}

int main(void)
{
    pthread_t thread;

    look_at_a_team(4, 3);
    look_at_a_team(8, 7);
    CHECK_EQ(pthread_create(&thread, NULL, host, NULL), 0);
    pthread_join(thread, NULL);
    look_at_a_team(8, 9);
    return 0;
}
