/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What happens when all threads want the same lock all the time?  For 20 ms every thread takes it, works 100 ns inside
 * and gives it back; then three things are reported, since a lock can buy the first with the other two:
 *   NAME.section     wall time per section, of all threads together (low is good)
 *   NAME.wait        the longest time between two sections of one thread (low is good)
 *   NAME.share       sections of the least served thread, in percent of an equal share (high is good)
 * The "gap" cases leave about 40 ns between two sections, in which another thread can come first. */
#include "bench.h"

#include <omp.h>
#include <sched.h>
#include <stdio.h>

enum {
    WINDOW_NS = 20000000,
    MAX_THREADS = 1024,
    MAX_WINDOWS = 100,
};

struct account {
    long sections;
    int64_t longest;
} __attribute__((aligned(128)));

static struct account accounts[MAX_THREADS];
static omp_lock_t lock_word;
static omp_nest_lock_t nest_word;

/* All threads leave together, whatever the runtime's barrier does. */
static void start_together(int *ready)
{
    __atomic_fetch_add(ready, 1, __ATOMIC_ACQ_REL);
    for (int polls = 1; __atomic_load_n(ready, __ATOMIC_ACQUIRE) < bench_threads; polls++) {
        bench_pause();
        if (polls % 256 == 0)
            sched_yield();
    }
}

/* Called inside the section: one reading of the clock per section, which is part of the body, so that measuring does
 * not itself leave a gap. */
static inline int64_t account_section(struct account *a, int64_t *last, int64_t end)
{
    int64_t now = bench_now();

    if (now - *last > a->longest)
        a->longest = now - *last;
    *last = now;
    a->sections += now < end;
    bench_work();
    return now;
}

#define CONTEND(name, take, give, gap)                                                                                 \
    static void name##_window(void)                                                                                    \
    {                                                                                                                  \
        int ready = 0;                                                                                                 \
        _Pragma("omp parallel shared(ready)")                                                                          \
        {                                                                                                              \
            struct account *a = &accounts[omp_get_thread_num()];                                                       \
            *a = (struct account){0};                                                                                  \
            start_together(&ready);                                                                                    \
            int64_t last = bench_now(), now, end = last + WINDOW_NS;                                                   \
            do {                                                                                                       \
                take                                                                                                   \
                {                                                                                                      \
                    now = account_section(a, &last, end);                                                              \
                    give                                                                                               \
                }                                                                                                      \
                gap;                                                                                                   \
            } while (now < end);                                                                                       \
        }                                                                                                              \
    }                                                                                                                  \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        report(#name, name##_window);                                                                                  \
    }

static void report(const char *name, void (*window)(void))
{
    double section[MAX_WINDOWS], wait[MAX_WINDOWS], share[MAX_WINDOWS];
    int windows = bench_samples / 2 > 0 ? bench_samples / 2 : 1;
    char row[64];

    if (bench_threads > MAX_THREADS || windows > MAX_WINDOWS)
        bench_fail("at most %d threads and %d samples", MAX_THREADS, 2 * MAX_WINDOWS);
    for (int w = 0; w < windows; w++) {
        long total = 0, least = INT32_MAX;
        int64_t longest = 0;
        window();
        for (int t = 0; t < bench_threads; t++) {
            total += accounts[t].sections;
            least = accounts[t].sections < least ? accounts[t].sections : least;
            longest = accounts[t].longest > longest ? accounts[t].longest : longest;
        }
        section[w] = (double)WINDOW_NS / (double)(total > 0 ? total : 1);
        wait[w] = (double)longest;
        share[w] = 100.0 * (double)least * bench_threads / (double)(total > 0 ? total : 1);
    }
    snprintf(row, sizeof row, "%s.section", name);
    bench_result(row, bench_threads, "ns", "low", "trip", 1, section, windows);
    snprintf(row, sizeof row, "%s.wait", name);
    bench_result(row, bench_threads, "ns", "low", "-", 1, wait, windows);
    snprintf(row, sizeof row, "%s.share", name);
    bench_result(row, bench_threads, "%", "high", "-", 1, share, windows);
}

#define NO_GAP (void)0
#define GAP bench_spin(bench_loops_100ns * 2 / 5)

CONTEND(critical, _Pragma("omp critical"), , NO_GAP)
CONTEND(critical_gap, _Pragma("omp critical"), , GAP)
CONTEND(lock, omp_set_lock(&lock_word);, omp_unset_lock(&lock_word);, NO_GAP)
CONTEND(lock_gap, omp_set_lock(&lock_word);, omp_unset_lock(&lock_word);, GAP)
CONTEND(nest_lock, omp_set_nest_lock(&nest_word);, omp_unset_nest_lock(&nest_word);, NO_GAP)
CONTEND(nest_lock_gap, omp_set_nest_lock(&nest_word);, omp_unset_nest_lock(&nest_word);, GAP)

#define ROW(f, about) {#f, BENCH_TEAM, "trip", 0, 0, f, about}

static const struct bench_case cases[] = {
    ROW(critical, "an unnamed critical section, back to back"),
    ROW(critical_gap, "an unnamed critical section, 40 ns between two"),
    ROW(lock, "an omp_lock_t, back to back"),
    ROW(lock_gap, "an omp_lock_t, 40 ns between two"),
    ROW(nest_lock, "an omp_nest_lock_t, back to back"),
    ROW(nest_lock_gap, "an omp_nest_lock_t, 40 ns between two"),
    {0},
};

int main(int argc, char **argv)
{
    omp_init_lock(&lock_word);
    omp_init_nest_lock(&nest_word);
    return bench_main(argc, argv, cases);
}
