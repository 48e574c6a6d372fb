/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Release and acquire: plain writes made before a barrier, lock, critical, ordered hand-over, task end, flush or region
 * end are seen by whoever comes after it. All data are plain variables, many lines of them, checked in full.
 *
 * run: repeat=3 */
#include "check.h"

enum { WORDS = 128 };

static long box[WORDS];

static void fill(long value)
{
    for (int i = 0; i < WORDS; i++)
        box[i] = value + i;
}

static void expect(long value)
{
    for (int i = 0; i < WORDS; i++)
        CHECK_EQ(box[i], value + i);
}

static void through_barriers(int rounds)
{
#pragma omp parallel
    for (int r = 0; r < rounds; r++) {
        if (r % omp_get_num_threads() == omp_get_thread_num())
            fill(r);
#pragma omp barrier
        expect(r);
#pragma omp barrier
    }
}

static void through_regions(int rounds)
{
    for (int r = 0; r < rounds; r++) {
        fill(r);
#pragma omp parallel
        {
            expect(r);
#pragma omp barrier
            if (omp_get_thread_num() == omp_get_num_threads() - 1)
                fill(1000 + r);
        }
        expect(1000 + r);
    }
}

static void through_critical_and_locks(int rounds)
{
    omp_lock_t lock;
    omp_nest_lock_t nest;
    long count = 0;

    omp_init_lock(&lock);
    omp_init_nest_lock(&nest);
    fill(0);
#pragma omp parallel
    for (int r = 0; r < rounds; r++) {
#pragma omp critical(visibility)
        {
            expect(count);
            fill(++count);
        }
#pragma omp barrier
        omp_set_lock(&lock);
        expect(count);
        fill(++count);
        omp_unset_lock(&lock);
#pragma omp barrier
        omp_set_nest_lock(&nest);
        expect(count);
        fill(++count);
        omp_unset_nest_lock(&nest);
#pragma omp barrier
#pragma omp critical
        {
            expect(count);
            fill(++count);
        }
#pragma omp barrier
    }
    expect(4L * rounds * omp_get_max_threads());
    omp_destroy_lock(&lock);
    omp_destroy_nest_lock(&nest);
}

static void through_ordered(int trips)
{
    fill(0);
#pragma omp parallel for ordered schedule(dynamic)
    for (int i = 0; i < trips; i++) {
#pragma omp ordered
        {
            expect(i);
            fill(i + 1);
        }
    }
    fill(0);
#pragma omp parallel for ordered schedule(static, 1)
    for (int i = 0; i < trips; i++) {
#pragma omp ordered
        {
            expect(i);
            fill(i + 1);
        }
    }
    expect(trips);
}

static void through_single_and_copyprivate(int rounds)
{
#pragma omp parallel
    for (int r = 0; r < rounds; r++) {
        long *where;

#pragma omp single
        fill(r);
        expect(r);
#pragma omp barrier
#pragma omp single copyprivate(where)
        {
            fill(r + 5);
            where = box;
        }
        CHECK_EQ(where[WORDS - 1], r + 5 + WORDS - 1);
        expect(r + 5);
#pragma omp barrier
    }
}

static void through_tasks(int rounds)
{
#pragma omp parallel
    for (int r = 0; r < rounds; r++) {
#pragma omp single nowait
        {
#pragma omp task
            fill(r);
        }
#pragma omp barrier
        expect(r);                      /* the barrier waited for the task, so its writes are here */
#pragma omp barrier
    }
}

static void through_flush_and_atomics(int rounds)
{
    int turn = 0;

#pragma omp parallel num_threads(2) shared(turn)
    {
        int me = omp_get_thread_num();

        for (int r = 0; r < rounds; r++) {
            int now;

            for (;;) {
#pragma omp atomic read acquire
                now = turn;
                if (now == 2 * r + me)
                    break;
                sched_yield();
            }
#pragma omp flush
            if (r > 0 || me > 0)
                expect(now);
            fill(now + 1);
#pragma omp flush
#pragma omp atomic write release
            turn = now + 1;
        }
    }
    expect(2 * rounds);
}

int main(void)
{
    int rounds = check_rounds(100);

    through_barriers(rounds);
    through_regions(rounds);
    through_critical_and_locks(rounds / 2);
    through_ordered(rounds);
    through_single_and_copyprivate(rounds);
    through_tasks(rounds);
    through_flush_and_atomics(rounds);
    return 0;
}
