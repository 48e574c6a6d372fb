/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * critical, named and unnamed: mutual exclusion, independence of names, progress for everyone. */
#include "check.h"

static void unnamed_excludes(void)
{
    long count = 0;
    int inside = 0, rounds = check_rounds(2000);

#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
#pragma omp critical
        {
            CHECK_EQ(__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED), 1);
            count++;
            __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
        }
    }
    CHECK_EQ(count, (long)rounds * omp_get_max_threads());
}

static void named_excludes(void)
{
    long a = 0, b = 0;
    int rounds = check_rounds(2000);

#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
#pragma omp critical(first)
        a++;
#pragma omp critical(second) hint(omp_sync_hint_contended)
        b++;
    }
    CHECK_EQ(a, (long)rounds * omp_get_max_threads());
    CHECK_EQ(b, a);
}

/* Two threads meet inside differently named sections, which one lock for all names would not allow. */
static void names_are_independent(void)
{
    int a = 0, b = 0;

#pragma omp parallel num_threads(2)
    {
        if (omp_get_thread_num() == 0) {
#pragma omp critical(left)
            {
                __atomic_store_n(&a, 1, __ATOMIC_RELEASE);
                while (__atomic_load_n(&b, __ATOMIC_ACQUIRE) == 0)
                    sched_yield();
            }
        } else {
#pragma omp critical(right)
            {
                __atomic_store_n(&b, 1, __ATOMIC_RELEASE);
                while (__atomic_load_n(&a, __ATOMIC_ACQUIRE) == 0)
                    sched_yield();
            }
        }
    }
}

static void critical_sections_nest_by_name(void)
{
    long count = 0;

#pragma omp parallel
    for (int i = 0; i < 100; i++) {
#pragma omp critical(outer)
        {
#pragma omp critical
            {
#pragma omp critical(inner)
                count++;
            }
        }
    }
    CHECK_EQ(count, 100L * omp_get_max_threads());
}

/* A holder that sleeps: the others must sleep too and wake up, and the time in the section is not shared. */
static void a_sleeping_holder_delays_but_does_not_deadlock(void)
{
    int count = 0;

#pragma omp parallel
    for (int i = 0; i < 3; i++) {
#pragma omp critical(slow)
        {
            count++;
            check_sleep_us(100);
        }
    }
    CHECK_EQ(count, 3 * omp_get_max_threads());
}

int main(void)
{
    unnamed_excludes();
    named_excludes();
    names_are_independent();
    critical_sections_nest_by_name();
    a_sleeping_holder_delays_but_does_not_deadlock();
    return 0;
}
