/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Memory: a million groups with a task each, a producer of millions of tasks, and hundreds of thousands of dependences,
 * loops, reductions, events and large argument blocks leave the resident set where it was.
 *
 * run: opt=2 timeout=100 policy=default
 *
 * run+: threads=1,2,4 pin=no env=TASK_COUNT=2000000
 * run+: threads=2 pin=no env=TASK_COUNT=100000000 timeout=1200 soak-only="minutes" */
#include "tests/omp/task_check.h"

/* Sanitizers keep freed memory, and records of everything. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { GROWTH_KIB = 2000 * 1024, PRODUCER_KIB = 4000 * 1024, SHARE = 20 };
#else
enum { GROWTH_KIB = 20 * 1024, PRODUCER_KIB = 100 * 1024, SHARE = 1 };
#endif

static long count, begun_with_kib;

static void begin(void)
{
    count = 0;
    begun_with_kib = task_resident_kib();
}

static void end(long wanted, long limit_kib)
{
    long grown = task_resident_kib() - begun_with_kib;

    CHECK_EQ(count, wanted);
    if (grown > limit_kib)
        CHECK_EQ(grown, limit_kib);
}

static void groups(long n)
{
    begin();
#pragma omp parallel
#pragma omp single
    for (long i = 0; i < n; i++) {
#pragma omp taskgroup
        {
#pragma omp task
            ADD(count, 1);
        }
    }
    end(n, GROWTH_KIB);
}

/* The largest resident set is looked at on the way. */
static void one_producer(long n)
{
    long most = 0;

    begin();
#pragma omp parallel
    {
#pragma omp single nowait
        for (long i = 0; i < n; i++) {
#pragma omp task
            ADD(count, 1);
            if (i % (n / 64) == 0) {
                long now = task_resident_kib();
                most = now > most ? now : most;
            }
        }
    }
    CHECK_EQ(count, n);
    if (most > PRODUCER_KIB)
        CHECK_EQ(most, PRODUCER_KIB);
}

/* Children of children of ... that nobody waits for until the end of the region. */
static void descend(int depth)
{
    ADD(count, 1);
    for (int i = 0; depth > 0 && i < 4; i++) {
#pragma omp task firstprivate(depth)
        descend(depth - 1);
    }
}

static void trees(int n)
{
    begin();
    for (int i = 0; i < n; i++) {
#pragma omp parallel
#pragma omp single
        descend(6);
    }
    end(n * 5461L, GROWTH_KIB);
}

static void dependences(long n)
{
    begin();
#pragma omp parallel
#pragma omp single
    {
        static int x[10];

        for (long i = 0; i < n; i++) {
#pragma omp task depend(inout : x[i % 10]) shared(x) firstprivate(i)
            x[i % 10]++;
#pragma omp task depend(in : x[i % 10], x[i % 7]) shared(x) firstprivate(i)
            ADD(count, x[i % 10] == i / 10 + 1);
            if (i % 500 == 0) {
#pragma omp taskwait
            }
        }
    }
    end(n, GROWTH_KIB);
}

/* Ever new addresses, but few at a time: each task that makes them ends. */
static void new_addresses(long n)
{
    static char place[1000];    /* only addresses: tasks of different parents are not ordered by them */

    begin();
#pragma omp parallel
#pragma omp single
    for (long i = 0; i < n / 100; i++) {
#pragma omp task firstprivate(i) if(i % 2)
        for (long k = 0; k < 100; k++) {
#pragma omp task depend(inout : place[(i * 37 + k) % 1000]) shared(place) firstprivate(i, k)
            ADD(count, 1 + place[(i * 37 + k) % 1000]);
        }
        if (i % 10 == 0) {
#pragma omp taskwait
        }
    }
    end(n / 100 * 100, GROWTH_KIB);
}

static void loops_and_reductions(long n)
{
    begin();
#pragma omp parallel
#pragma omp single
    for (long i = 0; i < n / 10; i++) {
        long sum = 0;

#pragma omp taskloop reduction(+ : sum) num_tasks(3)
        for (long k = 0; k < 6; k++)
            sum += k;
#pragma omp taskgroup task_reduction(+ : sum)
        {
#pragma omp task in_reduction(+ : sum)
            sum += 2;
        }
        CHECK_EQ(sum, 17);
        count++;
    }
    end(n / 10, GROWTH_KIB);
}

static void events(long n)
{
    begin();
#pragma omp parallel
#pragma omp single
    for (long i = 0; i < n; i++) {
        omp_event_handle_t event;

#pragma omp task detach(event)
        ADD(count, 1);
        omp_fulfill_event(event);
        if (i % 16 == 0) {
#pragma omp taskwait
        }
    }
    end(n, GROWTH_KIB);
}

/* Blocks of many sizes, made by each thread in turn and used by any. */
static void large_blocks(long n)
{
    begin();
    for (int round = 0; round < 10; round++) {
#pragma omp parallel
        if (omp_get_thread_num() == round % omp_get_num_threads()) {
            for (long i = 0; i < n / 10; i++) {
                long words = 1L << (i % 13);
                long vla[words];

                vla[0] = i;
                vla[words - 1] = i;
#pragma omp task firstprivate(vla, i, words)
                {
                    CHECK(vla[0] == i && vla[words - 1] == i);
                    ADD(count, 1);
                }
                if (i % 32 == 0) {
#pragma omp taskwait
                }
            }
        }
    }
    end(n / 10 * 10, GROWTH_KIB);
}

int main(void)
{
    long n = atol(getenv("TASK_COUNT")) / SHARE;
    int threads;

#pragma omp parallel
#pragma omp single
    threads = omp_get_num_threads();
    CHECK_EQ(threads, omp_get_max_threads());
    one_producer(n);
    groups(n / 2);
    trees((int)(n / 100000));
    dependences(n / 10);
    new_addresses(n / 10);
    loops_and_reductions(n / 10);
    events(n / 10);
    large_blocks(n / 40);
    return 0;
}
