/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A task runs in its own region and nowhere else: thousands of small regions in a row, teams that change size, regions
 * inside tasks. Every task carries the stamp of its region and looks at team size and level. What tasks write is
 * visible to whoever waited for them, in every way of waiting.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: policy=default pin=no env=OMP_NUM_THREADS=8,3 env=OMP_MAX_ACTIVE_LEVELS=2 threads=8 */
#include "tests/omp/task_check.h"

static int current_region;      /* written between regions only */

/* The checks of a task that belongs to the region "stamp", of "threads" threads, at nesting level "level". */
static void check_home(int stamp, int threads, int level)
{
    CHECK_EQ(LOAD(current_region), stamp);
    CHECK_EQ(omp_get_num_threads(), threads);
    CHECK_EQ(omp_get_level(), level);
    CHECK_EQ(omp_get_team_size(level), threads);
    CHECK_EQ(omp_get_ancestor_thread_num(level), omp_get_thread_num());
    CHECK(omp_get_thread_num() < threads);
}

/* Tasks from one thread, from all, from none; the last ones made just before the region ends. */
static void one_region(int stamp, int threads, int *done)
{
    current_region = stamp;
#pragma omp parallel num_threads(threads)
    {
        int creator = stamp % 4 == 3 ? omp_get_thread_num() : stamp % threads;

        CHECK_EQ(omp_get_num_threads(), threads);
        if (stamp % 5 != 4 && omp_get_thread_num() == creator) {
            for (int i = 0; i < 1 + stamp % 3; i++) {
#pragma omp task firstprivate(stamp, threads, done)
                {
                    check_home(stamp, threads, 1);
#pragma omp task firstprivate(stamp, threads, done)
                    {
                        check_home(stamp, threads, 1);
                        ADD(*done, 1);
                    }
                }
            }
        }
    }
}

static int tasks_of(int stamp, int threads)
{
    return stamp % 5 == 4 ? 0 : (1 + stamp % 3) * (stamp % 4 == 3 ? threads : 1);
}

static void small_regions_in_a_row(void)
{
    int rounds = check_rounds(4000), threads = omp_get_max_threads();

    for (int i = 0; i < rounds; i++) {
        int done = 0;

        one_region(i, threads, &done);
        CHECK_EQ(done, tasks_of(i, threads));
    }
}

static void teams_that_change_size(void)
{
    static const int sizes[] = { 8, 4, 6, 8, 2, 1, 3, 16, 5 };
    int rounds = check_rounds(40);

    for (int i = 0; i < rounds * 9; i++) {
        int done = 0;

        one_region(i, sizes[i % 9], &done);
        CHECK_EQ(done, tasks_of(i, sizes[i % 9]));
    }
}

/* A region inside a task: its tasks are of the inner team, and the outer task goes on in the outer one. */
struct inner {
    int open, done;
};

static void inner_region(struct inner *inner, int threads)
{
    int team = omp_get_active_level() < omp_get_max_active_levels() ? threads : 1;

    inner->open = 1;
#pragma omp parallel num_threads(threads)
    {
        CHECK_EQ(omp_get_num_threads(), team);
#pragma omp task firstprivate(inner, team)
        {
            CHECK_EQ(LOAD(inner->open), 1);
            CHECK_EQ(omp_get_num_threads(), team);
            CHECK_EQ(omp_get_level(), 2);
            ADD(inner->done, 1);
        }
    }
    CHECK_EQ(inner->done, team);
    STORE(inner->open, 0);
}

static void regions_inside_tasks(void)
{
    int count = 0, rounds = check_rounds(12);

    for (int i = 0; i < rounds; i++) {
        current_region = i;
#pragma omp parallel
        {
            int threads = omp_get_num_threads();

#pragma omp single nowait
            for (int k = 0; k < 8; k++) {
#pragma omp task firstprivate(i, k, threads) shared(count)
                {
                    struct inner inner = { 0, 0 };

                    check_home(i, threads, 1);
                    inner_region(&inner, 1 + k % 3);
                    check_home(i, threads, 1);
                    ADD(count, 1);
                }
            }
        }
    }
    CHECK_EQ(count, 8 * rounds);
}

/* Plain writes of tasks, read after each way of waiting for them. */
enum { CELLS = 64 };

static void write_cells(int *cell, int value)
{
    for (int i = 0; i < CELLS; i++) {
#pragma omp task firstprivate(cell, value, i)
        {
            cell[i] = value;
#pragma omp task firstprivate(cell, value, i) if(i % 8 == 0)
            cell[CELLS + i] = value;
        }
    }
}

static void expect_cells(const int *cell, int n, int value)
{
    for (int i = 0; i < n; i++)
        if (cell[i] != value)
            CHECK_EQ(cell[i], value);
}

static void writes_are_visible(void)
{
    static int cell[2 * CELLS];
    int rounds = check_rounds(60), value = 0;

    for (int i = 0; i < rounds; i++) {
#pragma omp parallel firstprivate(value)
        {
#pragma omp single
            write_cells(cell, value + 1);
            expect_cells(cell, 2 * CELLS, value + 1);
#pragma omp barrier
            if (omp_get_thread_num() == i % omp_get_num_threads()) {
                write_cells(cell, value + 2);
#pragma omp taskwait
                expect_cells(cell, CELLS, value + 2);
            }
#pragma omp barrier
            expect_cells(cell, 2 * CELLS, value + 2);
#pragma omp barrier
#pragma omp master
            {
#pragma omp taskgroup
                write_cells(cell, value + 3);
                expect_cells(cell, 2 * CELLS, value + 3);
                write_cells(cell, value + 4);
            }
        }
        value += 4;
        expect_cells(cell, 2 * CELLS, value);
    }
}

/* And what the creator wrote before it made the task is visible in the task. */
static void writes_before_creation_are_visible(void)
{
    static int cell[CELLS];
    int rounds = check_rounds(60);

#pragma omp parallel
#pragma omp single
    for (int i = 1; i <= rounds; i++) {
        for (int k = 0; k < CELLS; k++) {
            cell[k] = i;
#pragma omp task firstprivate(k, i)
            CHECK_EQ(cell[k], i);
        }
#pragma omp taskwait
    }
}

int main(void)
{
    if (getenv("OMP_MAX_ACTIVE_LEVELS") == NULL) {
        small_regions_in_a_row();
        teams_that_change_size();
    }
    regions_inside_tasks();
    writes_are_visible();
    writes_before_creation_are_visible();
    return 0;
}
