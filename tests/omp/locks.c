/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * omp_lock_t and omp_nest_lock_t: mutual exclusion, test, nesting counts, owners, hints, many locks at once, locks in
 * threads that know no OpenMP. */
#include <pthread.h>

#include "check.h"

static void a_lock_excludes(void)
{
    omp_lock_t lock;
    long count = 0;
    int rounds = check_rounds(2000);

    omp_init_lock(&lock);
#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
        omp_set_lock(&lock);
        count++;
        omp_unset_lock(&lock);
    }
    omp_destroy_lock(&lock);
    CHECK_EQ(count, (long)rounds * omp_get_max_threads());
}

static void test_lock_declines(void)
{
    omp_lock_t lock;
    int won = 0;

    omp_init_lock(&lock);
    CHECK_EQ(omp_test_lock(&lock), 1);
    CHECK_EQ(omp_test_lock(&lock), 0);
    omp_unset_lock(&lock);
#pragma omp parallel reduction(+ : won)
    won += omp_test_lock(&lock) != 0;
    CHECK_EQ(won, 1);
    omp_unset_lock(&lock);
    CHECK_EQ(omp_test_lock(&lock), 1);
    omp_unset_lock(&lock);
    omp_destroy_lock(&lock);
}

static void a_nest_lock_counts(void)
{
    omp_nest_lock_t lock;
    long count = 0;
    int rounds = check_rounds(500);

    omp_init_nest_lock(&lock);
    omp_set_nest_lock(&lock);
    CHECK_EQ(omp_test_nest_lock(&lock), 2);
    CHECK_EQ(omp_test_nest_lock(&lock), 3);
    omp_set_nest_lock(&lock);
    CHECK_EQ(omp_test_nest_lock(&lock), 5);
    for (int i = 0; i < 5; i++)
        omp_unset_nest_lock(&lock);
    CHECK_EQ(omp_test_nest_lock(&lock), 1);
    omp_unset_nest_lock(&lock);
#pragma omp parallel
    for (int i = 0; i < rounds; i++) {
        omp_set_nest_lock(&lock);
        omp_set_nest_lock(&lock);
        count++;
        omp_unset_nest_lock(&lock);
        count++;
        CHECK_EQ(omp_test_nest_lock(&lock), 2);
        omp_unset_nest_lock(&lock);
        omp_unset_nest_lock(&lock);
    }
    CHECK_EQ(count, 2L * rounds * omp_get_max_threads());
    omp_destroy_nest_lock(&lock);
}

static void a_nest_lock_belongs_to_one_task(void)
{
    omp_nest_lock_t lock;
    int refused = 0;

    omp_init_nest_lock(&lock);
#pragma omp parallel num_threads(3) reduction(+ : refused)
    {
CHECK_MASKED
        omp_set_nest_lock(&lock);
#pragma omp barrier
        if (omp_get_thread_num() != 0)
            refused += omp_test_nest_lock(&lock) == 0;
        else
            CHECK_EQ(omp_test_nest_lock(&lock), 2);
#pragma omp barrier
CHECK_MASKED
        {
            omp_unset_nest_lock(&lock);
            omp_unset_nest_lock(&lock);
        }
    }
    CHECK_EQ(refused, 2);
    CHECK_EQ(omp_test_nest_lock(&lock), 1);
    omp_unset_nest_lock(&lock);
    omp_destroy_nest_lock(&lock);
}

/* An explicit task is another owner than the task that made it. */
static void an_explicit_task_is_another_owner(void)
{
    omp_nest_lock_t lock;
    int got = -1;

    omp_init_nest_lock(&lock);
    omp_set_nest_lock(&lock);
#pragma omp parallel num_threads(2)
#pragma omp single
    {
#pragma omp task if(0) shared(got, lock)
        got = omp_test_nest_lock(&lock);
    }
    CHECK_EQ(got, 0);
    omp_unset_nest_lock(&lock);
    omp_destroy_nest_lock(&lock);
}

static void many_locks(void)
{
    enum { LOCKS = 37 };
    static omp_lock_t locks[LOCKS];
    static long count[LOCKS];
    long total = 0;
    int rounds = check_rounds(3000);

    memset(count, 0, sizeof count);
    for (int i = 0; i < LOCKS; i++)
        omp_init_lock(&locks[i]);
#pragma omp parallel
    {
        unsigned state = 77u + (unsigned)omp_get_thread_num();

        for (int i = 0; i < rounds; i++) {
            unsigned k = check_random(&state) % LOCKS;

            omp_set_lock(&locks[k]);
            count[k]++;
            omp_unset_lock(&locks[k]);
        }
    }
    for (int i = 0; i < LOCKS; i++) {
        total += count[i];
        omp_destroy_lock(&locks[i]);
    }
    CHECK_EQ(total, (long)rounds * omp_get_max_threads());
}

/* The owner sleeps while it holds the lock; the others must sleep and be woken, each of them. */
static void sleepers_are_woken(void)
{
    omp_lock_t lock;
    int passed = 0;

    omp_init_lock(&lock);
    for (int round = 0; round < 3; round++) {
        omp_set_lock(&lock);
#pragma omp parallel num_threads(4)
        {
            if (omp_get_thread_num() == 0) {
                check_sleep_us(3000);
                omp_unset_lock(&lock);
            } else {
                omp_set_lock(&lock);
                passed++;
                omp_unset_lock(&lock);
            }
        }
    }
    CHECK_EQ(passed, 9);
    omp_destroy_lock(&lock);
}

static omp_lock_t shared_lock;
static long shared_count;

static void *foreign(void *unused)
{
    for (int i = 0; i < 500; i++) {
        omp_set_lock(&shared_lock);
        shared_count++;
        omp_unset_lock(&shared_lock);
    }
    return unused;
}

static void foreign_threads_share_locks(void)
{
    pthread_t threads[3];

    omp_init_lock(&shared_lock);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, foreign, NULL), 0);
#pragma omp parallel num_threads(2)
    foreign(NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(shared_count, 2500);
    omp_destroy_lock(&shared_lock);
}

int main(void)
{
    a_lock_excludes();
    test_lock_declines();
    a_nest_lock_counts();
    a_nest_lock_belongs_to_one_task();
    an_explicit_task_is_another_owner();
    many_locks();
    sleepers_are_woken();
    foreign_threads_share_locks();
    return 0;
}
