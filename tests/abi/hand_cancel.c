/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cancellation lowered by hand: the results of every call that can report it, in and outside regions, with cancel-var
 * on and off. kinds: 1 parallel, 2 loop, 4 sections.
 *
 * run+: env=OMP_CANCELLATION=true
 * run+: env=OMP_CANCELLATION=false */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

enum { PARALLEL = 1, LOOP = 2, SECTIONS = 4 };

static bool on;

static void without_cancelling(void *unused)
{
    static const int kinds[] = { PARALLEL, LOOP, SECTIONS };
    long from, to;

    (void)unused;
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(GOMP_cancellation_point(kinds[i]), false);
        CHECK_EQ(GOMP_cancel(kinds[i], false), false);
    }
    if (omp_get_level() == 0)                   /* compilers emit the calls below inside regions only */
        return;
    CHECK_EQ(GOMP_barrier_cancel(), false);
    if (GOMP_loop_dynamic_start(0, 10, 1, 1, &from, &to))
        while (GOMP_loop_dynamic_next(&from, &to))
            ;
    CHECK_EQ(GOMP_loop_end_cancel(), false);
    for (unsigned s = GOMP_sections_start(3); s != 0; s = GOMP_sections_next())
        ;
    CHECK_EQ(GOMP_sections_end_cancel(), false);
}

/* The last thread cancels, the others are caught in one of the three barriers that report it. */
static int which_barrier;

static void cancel_region(void *unused)
{
    long from, to;
    bool cancelled = false;

    (void)unused;
    if (omp_get_thread_num() == omp_get_num_threads() - 1) {
        if (which_barrier > 2)
            check_sleep_us(2000);
        CHECK_EQ(GOMP_cancel(PARALLEL, true), on);
        CHECK_EQ(GOMP_cancellation_point(PARALLEL), on);
        if (on)
            return;
    }
    switch (which_barrier % 3) {
    case 0:
        cancelled = GOMP_barrier_cancel();
        break;
    case 1:
        if (GOMP_loop_guided_start(0, 5, 1, 1, &from, &to))
            while (GOMP_loop_guided_next(&from, &to))
                ;
        cancelled = GOMP_loop_end_cancel();
        break;
    default:
        for (unsigned s = GOMP_sections_start(2); s != 0; s = GOMP_sections_next())
            ;
        cancelled = GOMP_sections_end_cancel();
    }
    CHECK_EQ(cancelled, on);
    CHECK_EQ(GOMP_cancellation_point(PARALLEL), on);
}

static int ran;

static void cancel_loop(void *unused)
{
    (void)unused;
    for (int round = 0; round < 30; round++) {
        long from, to;
        bool more = GOMP_loop_dynamic_start(0, 40, 1, 1, &from, &to), hit = false;

        while (more && !hit) {
            for (long i = from; i < to && !hit; i++) {
                __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);
                hit = i == 5 ? GOMP_cancel(LOOP, true) : GOMP_cancellation_point(LOOP);
                CHECK(on || !hit);
            }
            more = hit || GOMP_loop_dynamic_next(&from, &to);
        }
        CHECK_EQ(GOMP_loop_end_cancel(), false);        /* the loop was cancelled, the region was not */
        CHECK_EQ(GOMP_cancellation_point(PARALLEL), false);
    }
}

static void cancel_sections(void *unused)
{
    (void)unused;
    for (int round = 0; round < 30; round++) {
        unsigned section = GOMP_sections_start(20);
        bool hit = false;

        while (section != 0 && !hit) {
            __atomic_fetch_add(&ran, 1, __ATOMIC_RELAXED);
            hit = section == 3 ? GOMP_cancel(SECTIONS, true) : GOMP_cancellation_point(SECTIONS);
            section = hit ? section : GOMP_sections_next();
        }
        CHECK_EQ(GOMP_sections_end_cancel(), false);
    }
}

int main(void)
{
    on = strcmp(getenv("OMP_CANCELLATION"), "true") == 0;
    for (int round = 0; round < 20; round++) {
        GOMP_parallel(without_cancelling, NULL, 0, 0);
        which_barrier = round < 14 ? round % 3 : 3 + round % 3;
        GOMP_parallel(cancel_region, NULL, 0, 0);
    }
    without_cancelling(NULL);
    GOMP_parallel(cancel_loop, NULL, 0, 0);
    CHECK(on ? ran >= 30 : ran == 30 * 40);
    ran = 0;
    GOMP_parallel(cancel_sections, NULL, 0, 0);
    CHECK(on ? ran >= 30 : ran == 30 * 20);
    GOMP_parallel(without_cancelling, NULL, 0, 0);
    CHECK_EQ(GOMP_cancel(LOOP, true), on);              /* outside any region */
    CHECK_EQ(GOMP_cancellation_point(LOOP), false);
    return 0;
}
