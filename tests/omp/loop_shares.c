/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Who gets what: static splits exactly as the specification and gcc say, a dynamic chunk is a run of exactly that many
 * iterations (the last one apart), guided chunks do not shrink below the chunk size. */
#include "check.h"

enum { MOST = 1000 };

static int owner[MOST], ticket[MOST];

static void record(int n, int chunk, omp_sched_t kind)
{
    int hand_out = 0;

    omp_set_schedule(kind, chunk);
#pragma omp parallel
    {
        int before = -2, mine = 0;
#pragma omp for schedule(monotonic: runtime)
        for (int i = 0; i < n; i++) {
            if (i != before + 1) {
#pragma omp atomic capture
                mine = ++hand_out;
            }
            before = i;
            owner[i] = omp_get_thread_num();
            ticket[i] = mine;
        }
    }
}

static void static_without_chunk_splits_in_blocks(int n)
{
    int threads = omp_get_max_threads(), small = n / threads, larger = n % threads, i = 0;

    record(n, 0, omp_sched_static);
    for (int t = 0; t < threads; t++)
        for (int k = 0; k < small + (t < larger); k++, i++)
            CHECK_EQ(owner[i], t);
    CHECK_EQ(i, n);
}

static void static_chunks_go_round(int n, int chunk)
{
    record(n, chunk, omp_sched_static);
    for (int i = 0; i < n; i++)
        CHECK_EQ(owner[i], i / chunk % omp_get_max_threads());
}

static void a_dynamic_chunk_is_not_split(int n, int chunk)
{
    record(n, chunk, omp_sched_dynamic);
    for (int i = 1; i < n; i++)
        if (i % chunk != 0) {
            CHECK_EQ(owner[i], owner[i - 1]);
            CHECK_EQ(ticket[i], ticket[i - 1]);
        }
}

static void a_guided_chunk_is_no_smaller_than_asked(int n, int chunk)
{
    int length = 1;

    record(n, chunk, omp_sched_guided);
    for (int i = 1; i < n; i++) {
        if (ticket[i] == ticket[i - 1]) {
            length++;
        } else {
            CHECK(length >= chunk);
            length = 1;
        }
    }
}

/* The first chunks of a guided loop leave work for all: every thread can begin although nobody finishes. */
static void guided_gives_everybody_a_share(void)
{
    int begun = 0;

#pragma omp parallel
    {
        int first = 1;
#pragma omp for schedule(guided)
        for (int i = 0; i < MOST; i++) {
            if (first)
                __atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED);
            first = 0;
            for (int wait = 0; wait < 20000; wait++) {
                if (__atomic_load_n(&begun, __ATOMIC_RELAXED) == omp_get_num_threads())
                    break;
                check_sleep_us(100);
            }
            CHECK_EQ(__atomic_load_n(&begun, __ATOMIC_RELAXED), omp_get_num_threads());
        }
    }
}

static int mine_static(int n, int *low)
{
    int count = 0;

    *low = n;
#pragma omp for schedule(static) nowait
    for (int i = 0; i < n; i++) {
        if (count++ == 0)
            *low = i;
    }
    return count;
}

/* Two static loops of the same shape give each thread the same iterations: what nowait relies on. */
static void equal_static_loops_divide_equally(int n)
{
#pragma omp parallel
    {
        int low1, low2;
        int count1 = mine_static(n, &low1), count2 = mine_static(n, &low2);

        CHECK_EQ(low1, low2);
        CHECK_EQ(count1, count2);
    }
}

int main(void)
{
    static const int trips[] = { 0, 1, 2, 7, 16, 99, 1000 };

    for (unsigned i = 0; i < sizeof trips / sizeof *trips; i++) {
        static_without_chunk_splits_in_blocks(trips[i]);
        equal_static_loops_divide_equally(trips[i]);
        for (int chunk = 1; chunk < 20; chunk += 6) {
            static_chunks_go_round(trips[i], chunk);
            a_dynamic_chunk_is_not_split(trips[i], chunk);
            a_guided_chunk_is_no_smaller_than_asked(trips[i], chunk);
        }
    }
    guided_gives_everybody_a_share();
    return 0;
}
