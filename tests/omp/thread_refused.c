/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * When the system makes no more threads, regions have the threads that there are, one line says so, and the program goes
 * on; when threads can be had again, teams grow to full size.  This program's own pthread_create() refuses, as the C library
 * does beyond RLIMIT_NPROC, or a cgroup's pids.max, or without memory for a stack; with LIMIT the kernel does, beyond that many
 * threads of a user that nobody else is (root alone can become one).
 *
 * run: opt=2 threads=8 pin=no policy=default,passive gompx-only="libgomp ends the program"
 * run+: env=GRANTED=3 expect-stderr="^(?=[\s\S]*Thread creation failed: Resource temporarily unavailable; using a team of 4)(?![\s\S]*failed[\s\S]*failed)"
 * run+: env=GRANTED=0 expect-stderr="^(?=[\s\S]*Thread creation failed: Resource temporarily unavailable; using a team of 1)(?![\s\S]*failed[\s\S]*failed)"
 * run+: env=GRANTED=4 env=LIMIT=5 expect-stderr="^(?=[\s\S]*Thread creation failed: Resource temporarily unavailable; using a team of 5)(?![\s\S]*failed[\s\S]*failed)"
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>

#include "tests/omp/check.h"

static int granted;                     /* so many more threads can be had */
static int refused;

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*body)(void *), void *arg)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (__atomic_fetch_sub(&granted, 1, __ATOMIC_RELAXED) > 0) {
        int error = real(thread, attr, body, arg);

        if (error)
            __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
        return error;
    }
    __atomic_store_n(&granted, 0, __ATOMIC_RELAXED);
    __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
    return EAGAIN;
}

/* The kernel's limit on the threads of this user, who is nobody else. */
static void limit(rlim_t threads)
{
    struct rlimit now;

    CHECK_EQ(getrlimit(RLIMIT_NPROC, &now), 0);
    now.rlim_cur = threads < now.rlim_max ? threads : now.rlim_max;
    CHECK_EQ(setrlimit(RLIMIT_NPROC, &now), 0);
}

static void become_nobody_else(void)
{
    uid_t user = 1000000 + (uid_t)getpid();

    if (geteuid() != 0 || setresuid(user, user, user) != 0) {
        printf("only root can become another user\n");
        exit(CHECK_SKIPPED);
    }
    limit((rlim_t)atoi(getenv("LIMIT")));
}

/* Everything that counts threads agrees about the size. */
static void region_of(int asked, int wanted)
{
    int members = 0, sum = 0, singles = 0;
    double reduced = 0;

#pragma omp parallel num_threads(asked) reduction(+ : reduced)
    {
        CHECK_EQ(omp_get_num_threads(), wanted);
#pragma omp atomic
        members++;
#pragma omp barrier
        CHECK_EQ(members, wanted);
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 100; i++) {
#pragma omp atomic
            sum += i;
        }
#pragma omp for schedule(static)
        for (int i = 0; i < 100; i++) {
#pragma omp atomic
            sum += i;
        }
#pragma omp single
        {
            singles++;
            for (int i = 0; i < 50; i++) {
#pragma omp task shared(sum)
                {
#pragma omp atomic
                    sum++;
                }
            }
        }
        reduced += 1;
    }
    CHECK_EQ(members, wanted);
    CHECK_EQ(sum, 2 * 4950 + 50);
    CHECK_EQ(singles, 1);
    CHECK_EQ(reduced, wanted);
}

static void nested(int outer)
{
    int inner = 0;

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(8) reduction(+ : inner)
    {
        CHECK_EQ(omp_get_num_threads(), outer);
#pragma omp parallel num_threads(4) reduction(+ : inner)
        inner++;
    }
    CHECK_EQ(inner, outer);
    omp_set_max_active_levels(1);
}

int main(void)
{
    int n = atoi(getenv("GRANTED"));

    granted = getenv("LIMIT") ? 1000000 : n;
    if (getenv("LIMIT"))
        become_nobody_else();
    for (int i = 0; i < 20; i++)
        region_of(8, n + 1);
    CHECK(refused > 0);
    for (int size = 1; size <= n + 1; size++)
        region_of(size, size);
    nested(n + 1);
    granted = 100;
    if (getenv("LIMIT"))
        limit(100);
    for (int i = 0; i < 20; i++) {
        region_of(8, 8);
        region_of(2, 2);
    }
    return 0;
}
