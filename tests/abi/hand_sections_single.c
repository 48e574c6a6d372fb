/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sections, single and copyprivate lowered by hand, with the old split form of parallel sections. */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

enum { SECTIONS = 9 };

static unsigned char ran[SECTIONS];
static bool nowait;

static void run_sections(unsigned section)
{
    for (; section != 0; section = GOMP_sections_next()) {
        CHECK(section <= SECTIONS);
        __atomic_fetch_add(&ran[section - 1], 1, __ATOMIC_RELAXED);
    }
    if (nowait)
        GOMP_sections_end_nowait();
    else
        GOMP_sections_end();
}

static void each_ran(int times)
{
    for (int s = 0; s < SECTIONS; s++)
        CHECK_EQ(ran[s], times);
    memset(ran, 0, sizeof ran);
}

static void started_inside(void *unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++)
        run_sections(GOMP_sections_start(SECTIONS));
    CHECK_EQ(GOMP_sections_start(0), 0);
    GOMP_sections_end();
}

static void started_by_the_region(void *unused)
{
    (void)unused;
    for (unsigned section = GOMP_sections_next(); section != 0; section = GOMP_sections_next())
        __atomic_fetch_add(&ran[section - 1], 1, __ATOMIC_RELAXED);
    GOMP_sections_end_nowait();
}

static void sections(void)
{
    for (int i = 0; i < 2; i++) {
        nowait = i;
        GOMP_parallel(started_inside, NULL, 0, 0);
        each_ran(20);
        started_inside(NULL);
        each_ran(20);
    }
    for (unsigned threads = 0; threads < 12; threads++) {
        GOMP_parallel_sections(started_by_the_region, NULL, threads, SECTIONS, 0);
        each_ran(1);
        GOMP_parallel_sections_start(started_by_the_region, NULL, threads, SECTIONS);
        started_by_the_region(NULL);
        GOMP_parallel_end();
        each_ran(1);
    }
}

static int singles, executors;

static void run_singles(void *unused)
{
    (void)unused;
    for (int round = 0; round < 100; round++)
        if (GOMP_single_start())
            __atomic_fetch_add(&singles, 1, __ATOMIC_RELAXED);
    GOMP_barrier();
    CHECK_EQ(__atomic_load_n(&singles, __ATOMIC_RELAXED), 100);
    GOMP_barrier();
}

static void run_copies(void *unused)
{
    (void)unused;
    for (int round = 0; round < 50; round++) {
        int value = -1, *from = GOMP_single_copy_start();

        if (from == NULL) {
            value = round;
            __atomic_fetch_add(&executors, 1, __ATOMIC_RELAXED);
            if (round % 10 == 3)
                check_sleep_us(300);
            GOMP_single_copy_end(&value);
        } else {
            value = *from;
        }
        CHECK_EQ(value, round);
        GOMP_barrier();             /* the executor's variable lives until all have copied it */
    }
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        sections();
        singles = executors = 0;
        GOMP_parallel(run_singles, NULL, 0, 0);
        GOMP_parallel(run_copies, NULL, 0, 0);
        CHECK_EQ(executors, 50);
    }
    CHECK(GOMP_single_start());     /* outside any region */
    CHECK(GOMP_single_start());
    CHECK(GOMP_single_copy_start() == NULL);
    GOMP_single_copy_end(&singles);
    return 0;
}
