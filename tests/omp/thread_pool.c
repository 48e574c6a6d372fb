/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Where workers come from and go to, counted by their thread ids: none is created once a program has warmed up, be it in
 * nested regions, with teams that grow and shrink, or for host threads that come and go; those of an ended host thread
 * serve others; and idle ones end after GOMPX_POOL_IDLE_MS.
 *
 * run: opt=2 pin=no policy=default,passive modes=path gompx-only="libgomp creates threads for each nested region"
 * run: env=GOMPX_POOL_IDLE_MS=400
 * run+: threads=2,8 */
#include <dirent.h>
#include <pthread.h>
#include <sys/syscall.h>

#include "tests/omp/check.h"

enum { IDS = 4096 };

static int ids[IDS], id_count;          /* of all threads that any region was executed by */

static void note(void)
{
    int id = (int)syscall(SYS_gettid), i = 0;

#pragma omp critical(ids)
    {
        while (i < id_count && ids[i] != id)
            i++;
        if (i == id_count) {
            CHECK(id_count < IDS);
            ids[id_count++] = id;
        }
    }
}

/* Threads that the process has now. */
static int living(void)
{
    DIR *dir = opendir("/proc/self/task");
    int n = 0;

    CHECK(dir != NULL);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        n += entry->d_name[0] != '.';
    closedir(dir);
    return n;
}

/* Waits up to 10 s until there are at most n. */
static void until_at_most(int n)
{
    for (int i = 0; i < 1000 && living() > n; i++)
        check_sleep_us(10000);
    CHECK(living() <= n);
}

static void team(int n)
{
#pragma omp parallel num_threads(n)
    {
        CHECK_EQ(omp_get_num_threads(), n);
        note();
    }
}

/* Runs `scenario` a few times to warm up and then again: no thread that is new. */
static void creates_none(void (*scenario)(void))
{
    int before;

    for (int i = 0; i < 5; i++)
        scenario();
    before = id_count;
    for (int i = 0; i < 40; i++)
        scenario();
    CHECK_EQ(id_count, before);
}

static void nested(void)
{
    omp_set_max_active_levels(3);
#pragma omp parallel num_threads(2)
    {
        note();
#pragma omp parallel num_threads(2)
        {
            note();
#pragma omp parallel num_threads(2)
            note();
        }
    }
}

static void sizes(void)
{
    static const int size[] = { 2, 8, 1, 3, 8, 2, 5, 16, 2 };

    for (unsigned i = 0; i < sizeof size / sizeof *size; i++)
        team(size[i]);
}

static void *host(void *arg)
{
    team((int)(size_t)arg);
    return NULL;
}

/* One after the other; the host threads themselves are new, and noted. */
static int hosts;

static void short_lived_hosts(void)
{
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, host, (void *)4), 0);
    pthread_join(thread, NULL);
    hosts++;
}

/* A worker is on its way back while its host thread is joined already: a few more than one team's may be needed. */
static void hosts_share_workers(void)
{
    int before, living_before;

    team(4);
    short_lived_hosts();
    living_before = living();
    before = id_count;
    hosts = 0;
    for (int i = 0; i < 60; i++)
        short_lived_hosts();
    CHECK(id_count - before <= hosts + 9);
    CHECK(living() <= living_before + 9);
}

static void idle_workers_end(void)
{
    int mine = omp_get_max_threads();
    pthread_t thread;

    team(mine);
    CHECK_EQ(pthread_create(&thread, NULL, host, (void *)24), 0);
    pthread_join(thread, NULL);
    CHECK(living() > 10);               /* those 23 do not end with their host */
    team(mine);
    until_at_most(mine);
    team(24);
}

int main(void)
{
    idle_workers_end();
    creates_none(nested);
    creates_none(sizes);
    hosts_share_workers();
    return 0;
}
