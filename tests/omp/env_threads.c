/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Team sizes from the environment: lists for nesting levels, the thread limit, dynamic adjustment, max active levels;
 * bad values are reported in one line that names the variable, and the program goes on.
 *
 * run: threads=2 opt=2 policy=passive
 * run+: env=CASE=list env=OMP_NUM_THREADS=2,3
 * run+: env=CASE=list3 env=OMP_NUM_THREADS=2,3,2
 * run+: env=CASE=limit env=OMP_NUM_THREADS=8 env=OMP_THREAD_LIMIT=4
 * run+: env=CASE=nested_limit env=OMP_NUM_THREADS=3,3 env=OMP_THREAD_LIMIT=5
 * run+: env=CASE=dynamic env=OMP_NUM_THREADS=8 env=OMP_DYNAMIC=true
 * run+: env=CASE=levels env=OMP_NUM_THREADS=2 env=OMP_MAX_ACTIVE_LEVELS=2
 * run+: env=CASE=nested env=OMP_NUM_THREADS=2 env=OMP_NESTED=true
 * run+: env=CASE=bad env=OMP_NUM_THREADS=none expect-stderr=OMP_NUM_THREADS
 * run+: env=CASE=bad env=OMP_NUM_THREADS=-3 expect-stderr=OMP_NUM_THREADS
 * run+: env=CASE=bad env=OMP_NUM_THREADS=2 env=OMP_DYNAMIC=perhaps expect-stderr=OMP_DYNAMIC
 * run+: env=CASE=bad env=OMP_NUM_THREADS=2 env=OMP_WAIT_POLICY=sleepy expect-stderr=OMP_WAIT_POLICY
 * run+: env=CASE=stack env=OMP_NUM_THREADS=4 env=OMP_STACKSIZE=24M
 * run+: env=CASE=bad env=OMP_NUM_THREADS=4 env=OMP_STACKSIZE=much expect-stderr=OMP_STACKSIZE */
#include "check.h"

static void list(int third)
{
    CHECK_EQ(omp_get_max_threads(), 2);
    CHECK(omp_get_max_active_levels() > 2);
#pragma omp parallel
    {
        CHECK_EQ(omp_get_num_threads(), 2);
        CHECK_EQ(omp_get_max_threads(), 3);
#pragma omp parallel
        {
            CHECK_EQ(omp_get_num_threads(), 3);
            CHECK_EQ(omp_get_max_threads(), third);
#pragma omp parallel
            CHECK_EQ(omp_get_num_threads(), third);
        }
    }
}

static void limit(void)
{
    CHECK_EQ(omp_get_thread_limit(), 4);
    CHECK_EQ(omp_get_max_threads(), 8);
#pragma omp parallel
    CHECK_EQ(omp_get_num_threads(), 4);
#pragma omp parallel num_threads(3)
    CHECK_EQ(omp_get_num_threads(), 3);
#pragma omp parallel num_threads(100)
    CHECK_EQ(omp_get_num_threads(), 4);
}

/* All threads of the contention group together stay within the limit, at every moment. */
static void nested_limit(void)
{
    int now = 0, most = 0;

    for (int round = 0; round < 10; round++) {
#pragma omp parallel
        {
            CHECK_EQ(omp_get_num_threads(), 3);
#pragma omp parallel
            {
                int busy = __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED);
#pragma omp critical
                most = busy > most ? busy : most;
                check_work(200);
                __atomic_sub_fetch(&now, 1, __ATOMIC_RELAXED);
            }
        }
    }
    CHECK(most <= 5);
}

static void dynamic(void)
{
    CHECK_EQ(omp_get_dynamic(), 1);
#pragma omp parallel
    CHECK(omp_get_num_threads() >= 1 && omp_get_num_threads() <= omp_get_num_procs());
    omp_set_dynamic(0);
#pragma omp parallel
    CHECK_EQ(omp_get_num_threads(), 8);
}

static void levels(void)
{
    CHECK(omp_get_max_active_levels() >= 2);
#pragma omp parallel
#pragma omp parallel
    CHECK_EQ(omp_get_num_threads(), 2);
}

/* Recurses through about "bytes" of stack. */
static int deep(long bytes)
{
    volatile char frame[4096];

    frame[0] = frame[4095] = 1;
    return bytes <= 0 ? frame[0] : deep(bytes - 4096) + frame[4095] - 1;
}

static void stack(void)
{
#pragma omp parallel
    if (omp_get_thread_num() > 0)
        CHECK_EQ(deep(20l << 20), 1);
}

static void bad(void)
{
    int n = 0;

#pragma omp parallel reduction(+ : n)
    n++;
    CHECK_EQ(n, omp_get_max_threads());
}

int main(void)
{
    const char *name = getenv("CASE");

    if (strncmp(name, "list", 4) == 0)
        list(name[4] == '3' ? 2 : 3);
    else if (strcmp(name, "limit") == 0)
        limit();
    else if (strcmp(name, "nested_limit") == 0)
        nested_limit();
    else if (strcmp(name, "dynamic") == 0)
        dynamic();
    else if (strcmp(name, "stack") == 0)
        stack();
    else if (strcmp(name, "bad") == 0)
        bad();
    else
        levels();
    return 0;
}
