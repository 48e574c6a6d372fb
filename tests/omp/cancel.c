/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cancellation of parallel, for, sections and taskgroup. With OMP_CANCELLATION=true the construct ends early and the
 * next constructs and regions are whole again; with false the directives do nothing.
 *
 * run: repeat=2
 *
 * run+: env=OMP_CANCELLATION=true
 * run+: env=OMP_CANCELLATION=true env=GOMPX_BARRIER=tree env=GOMPX_FANIN=2 opt=2 threads=3,24 pin=no modes=path gompx-only="its setting"
 * run+: env=OMP_CANCELLATION=false */
#include "check.h"

enum { TRIPS = 60 };

static int on;

/* A region with every kind of barrier: any trace of an earlier cancellation shows here. */
static void a_whole_region(void)
{
    int sum = 0, arrived = 0;

#pragma omp parallel
    {
#pragma omp atomic
        arrived++;
#pragma omp barrier
        CHECK_EQ(arrived, omp_get_num_threads());
#pragma omp for schedule(dynamic) reduction(+ : sum)
        for (int i = 0; i < TRIPS; i++)
            sum += i;
        CHECK_EQ(sum, TRIPS * (TRIPS - 1) / 2);
#pragma omp single
        arrived = 0;
        CHECK_EQ(arrived, 0);
    }
}

/* One thread cancels after "delay_us", while the others are on their way to a barrier, spin in it or sleep in it. */
static void cancel_parallel(int canceller, long delay_us)
{
    int behind = 0, ahead = 0, threads = omp_get_max_threads();

#pragma omp parallel
    {
        __atomic_fetch_add(&ahead, 1, __ATOMIC_RELAXED);
        if (omp_get_thread_num() == canceller) {
            if (delay_us > 0)
                check_sleep_us(delay_us);
            else
                check_work((int)(-delay_us));
#pragma omp cancel parallel
        }
#pragma omp barrier
        __atomic_fetch_add(&behind, 1, __ATOMIC_RELAXED);
    }
    CHECK_EQ(ahead, threads);
    CHECK_EQ(behind, on ? 0 : threads);
}

/* A thread that never reaches the barrier notices at a cancellation point. */
static void a_cancellation_point_notices(void)
{
    int left = 0, cancelled = 0;

#pragma omp parallel shared(cancelled)
    {
        if (omp_get_thread_num() == omp_get_num_threads() - 1) {
            __atomic_store_n(&cancelled, 1, __ATOMIC_RELEASE);
#pragma omp cancel parallel
        }
        while (!__atomic_load_n(&cancelled, __ATOMIC_ACQUIRE))
            sched_yield();
        while (on) {
#pragma omp cancellation point parallel
            sched_yield();
        }
        __atomic_fetch_add(&left, 1, __ATOMIC_RELAXED);
    }
    CHECK_EQ(left, on ? 0 : omp_get_max_threads());
}

/* The others are in the barrier at the end of a loop or of sections when the region is cancelled. */
static void cancel_while_others_end_a_worksharing_construct(int sections, long delay_us)
{
    int after = 0, last = omp_get_max_threads() - 1;

#pragma omp parallel
    {
        if (omp_get_thread_num() == last) {
            check_sleep_us(delay_us);
#pragma omp cancel parallel
        }
        if (sections) {
#pragma omp sections
            {
                check_work(20);
#pragma omp section
                check_work(20);
            }
        } else {
#pragma omp for schedule(dynamic)
            for (int i = 0; i < TRIPS; i++)
                check_work(20);
        }
        __atomic_fetch_add(&after, 1, __ATOMIC_RELAXED);
    }
    CHECK_EQ(after, on ? 0 : omp_get_max_threads());
}

static void an_if_clause_decides(int yes)
{
    int behind = 0;

#pragma omp parallel
    {
#pragma omp cancel parallel if(yes)
#pragma omp barrier
        __atomic_fetch_add(&behind, 1, __ATOMIC_RELAXED);
    }
    CHECK_EQ(behind, on && yes ? 0 : omp_get_max_threads());
}

#define CANCEL_LOOP(name, type, ...)                                                    \
    static void name(void)                                                              \
    {                                                                                   \
        int ran = 0, hit = 0, whole = 0;                                                \
                                                                                        \
        _Pragma("omp parallel")                                                         \
        {                                                                               \
            _Pragma(__VA_ARGS__)                                                        \
            for (type i = 0; i < TRIPS; i++) {                                          \
                __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);                          \
                if (i == 3) {                                                           \
                    __atomic_fetch_add(&hit, 1, __ATOMIC_RELAXED);                      \
                    _Pragma("omp cancel for")                                           \
                }                                                                       \
                _Pragma("omp cancellation point for")                                   \
            }                                                                           \
            CHECK_EQ(__atomic_load_n(&hit, __ATOMIC_RELAXED), 1);                       \
            _Pragma("omp for schedule(dynamic) reduction(+ : whole)")                   \
            for (int i = 0; i < TRIPS; i++)                                             \
                whole++;                                                                \
        }                                                                               \
        CHECK_EQ(whole, TRIPS);                                                         \
        CHECK(on ? ran >= 1 && ran <= TRIPS : ran == TRIPS);                            \
        if (on && omp_get_max_threads() == 1)                                           \
            CHECK_EQ(ran, 4);                                                           \
    }

CANCEL_LOOP(cancel_static, int, "omp for schedule(static)")
CANCEL_LOOP(cancel_dynamic, int, "omp for schedule(dynamic)")
CANCEL_LOOP(cancel_guided, long, "omp for schedule(guided)")
CANCEL_LOOP(cancel_ull, unsigned long long, "omp for schedule(monotonic: dynamic, 2)")
CANCEL_LOOP(cancel_runtime, int, "omp for schedule(runtime)")

static void cancel_sections(void)
{
    int ran = 0, whole = 0;

#pragma omp parallel
    for (int round = 0; round < 5; round++) {
#pragma omp sections
        {
            {
                __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);
#pragma omp cancel sections
                __atomic_fetch_add(&ran, 100, __ATOMIC_RELAXED);
            }
#pragma omp section
            {
#pragma omp cancellation point sections
                __atomic_fetch_add(&ran, 1000, __ATOMIC_RELAXED);
            }
        }
#pragma omp sections reduction(+ : whole)
        {
            whole++;
#pragma omp section
            whole++;
        }
    }
    CHECK_EQ(whole, 10);
    CHECK_EQ(ran % 1000, on ? 5 : 505);
    if (!on)
        CHECK_EQ(ran, 5505);
}

static void cancel_taskgroup(void)
{
    int ran = 0, late = 0, next_group = 0;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        for (int i = 0; i < 50; i++) {
#pragma omp task firstprivate(i) shared(ran, late)
            {
                __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);
                if (i == 4) {
#pragma omp cancel taskgroup
                    __atomic_fetch_add(&late, 1, __ATOMIC_RELAXED);
                }
            }
        }
#pragma omp taskgroup
        for (int i = 0; i < 50; i++) {
#pragma omp task shared(next_group)
            __atomic_fetch_add(&next_group, 1, __ATOMIC_RELAXED);
        }
    }
    CHECK_EQ(next_group, 50);
    CHECK_EQ(late, on ? 0 : 1);
    CHECK(on ? ran >= 1 && ran <= 50 : ran == 50);
}

static void an_inner_cancellation_leaves_the_outer_region_alone(void)
{
    int inner = 0, outer = 0;

    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
    {
#pragma omp parallel num_threads(2)
        {
            if (omp_get_ancestor_thread_num(1) == 0) {
#pragma omp cancel parallel
            }
#pragma omp barrier
            __atomic_fetch_add(&inner, 1, __ATOMIC_RELAXED);
        }
#pragma omp barrier
        __atomic_fetch_add(&outer, 1, __ATOMIC_RELAXED);
    }
    omp_set_max_active_levels(1);
    CHECK_EQ(outer, 2);
    CHECK_EQ(inner, on ? 2 : 4);
}

static void a_cancelled_loop_in_a_row_of_loops(void)
{
    for (int round = 0; round < check_rounds(40); round++) {
        cancel_dynamic();
        cancel_parallel(round % omp_get_max_threads(), -(round * 37 % 500));
        a_whole_region();
    }
}

int main(void)
{
    int last = omp_get_max_threads() - 1;

    on = strcmp(getenv("OMP_CANCELLATION"), "true") == 0;
    CHECK_EQ(omp_get_cancellation(), on);
    for (int i = 0; i < check_rounds(40); i++) {
        cancel_parallel(i % 2 ? last : 0, -(i * 13 % 300));
        if (i % 4 == 0)
            a_whole_region();
    }
    for (int i = 0; i < 4; i++) {
        cancel_parallel(i % 2 ? last : 0, 500 + i * 1500);      /* the others sleep by now */
        a_whole_region();
    }
    a_cancellation_point_notices();
    a_whole_region();
    for (int i = 0; i < 6; i++) {
        cancel_while_others_end_a_worksharing_construct(i % 2, i * 400);
        a_whole_region();
    }
    an_if_clause_decides(0);
    an_if_clause_decides(1);
    cancel_static();
    cancel_dynamic();
    cancel_guided();
    cancel_ull();
    cancel_runtime();
    cancel_sections();
    cancel_taskgroup();
    an_inner_cancellation_leaves_the_outer_region_alone();
    a_cancelled_loop_in_a_row_of_loops();
    return 0;
}
