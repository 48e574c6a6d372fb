/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The routines of omp.h: what setters take and refuse, whose control variables they change, and what getters tell at every
 * level of nesting, in a thread of the program's own, and in a league.
 *
 * run: threads=1,2,4 pin=no policy=default */
#include <limits.h>
#include <pthread.h>

#include "tests/omp/check.h"

void GOMP_teams_reg(void (*fn)(void *), void *data, unsigned num_teams, unsigned thread_limit, unsigned flags);
_Bool GOMP_teams4(unsigned low, unsigned high, unsigned thread_limit, _Bool first);
void omp_set_nested(int on);            /* omp.h calls both deprecated */
int omp_get_nested(void);

static void schedules_are_normalised(void)
{
    static const struct { unsigned kind; int chunk, wanted_chunk; } valid[] = {
        { 1, -1, 0 }, { 1, 0, 0 }, { 1, 7, 7 }, { 2, -1, 1 }, { 2, 0, 1 }, { 2, 7, 7 }, { 3, 0, 1 }, { 3, INT_MAX, INT_MAX },
        { 4, 9, 55 }, { 0x80000001u, 0, 0 }, { 0x80000002u, 0, 1 }, { 0x80000003u, 5, 5 }, { 0x80000004u, 1, 55 },
    };
    static const unsigned invalid[] = { 0, 5, 0x80000000u, 0x80000005u, 0xffffffffu };
    omp_sched_t kind;
    int chunk;

    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        omp_set_schedule(omp_sched_static, 55);
        omp_set_schedule((omp_sched_t)valid[i].kind, valid[i].chunk);
        omp_get_schedule(&kind, &chunk);
        CHECK_EQ(kind, valid[i].kind);
        CHECK_EQ(chunk, valid[i].wanted_chunk);
    }
    omp_set_schedule(omp_sched_guided, 3);
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        omp_set_schedule((omp_sched_t)invalid[i], 9);
        omp_get_schedule(&kind, &chunk);
        CHECK_EQ(kind, omp_sched_guided);
        CHECK_EQ(chunk, 3);
    }
}

static void levels_are_limited(void)
{
    CHECK_EQ(omp_get_supported_active_levels(), 255);
    omp_set_max_active_levels(3);
    omp_set_max_active_levels(-1);
    CHECK_EQ(omp_get_max_active_levels(), 3);
    omp_set_max_active_levels(1000);
    CHECK_EQ(omp_get_max_active_levels(), 255);
    omp_set_max_active_levels(0);
    CHECK_EQ(omp_get_max_active_levels(), 0);
    omp_set_nested(0);
    CHECK_EQ(omp_get_max_active_levels(), 0);
    CHECK_EQ(omp_get_nested(), 0);
    omp_set_nested(-5);
    CHECK_EQ(omp_get_max_active_levels(), 255);
    CHECK_EQ(omp_get_nested(), 1);
    omp_set_nested(0);
    CHECK_EQ(omp_get_max_active_levels(), 1);
    CHECK_EQ(omp_get_nested(), 0);
}

static void numbers_are_clamped(void)
{
    int before = omp_get_max_threads();

    omp_set_num_threads(-3);
    CHECK_EQ(omp_get_max_threads(), 1);
    omp_set_num_threads(0);
    CHECK_EQ(omp_get_max_threads(), 1);
    omp_set_num_threads(before);
    CHECK_EQ(omp_get_max_threads(), before);
    omp_set_dynamic(42);
    CHECK_EQ(omp_get_dynamic(), 1);
    omp_set_dynamic(0);
    CHECK_EQ(omp_get_dynamic(), 0);
    omp_set_num_teams(4);
    omp_set_num_teams(-1);
    CHECK_EQ(omp_get_max_teams(), 4);
    omp_set_num_teams(0);
    CHECK_EQ(omp_get_max_teams(), 0);
    omp_set_teams_thread_limit(6);
    omp_set_teams_thread_limit(-1);
    CHECK_EQ(omp_get_teams_thread_limit(), 6);
    omp_set_teams_thread_limit(0);
    CHECK_EQ(omp_get_teams_thread_limit(), 0);
    CHECK_EQ(omp_get_thread_limit(), INT_MAX);
    CHECK_EQ(omp_get_max_task_priority(), 0);
    CHECK_EQ(omp_get_cancellation(), 0);
    CHECK_EQ(omp_get_proc_bind(), omp_proc_bind_false);
    CHECK_EQ(omp_get_num_procs(), check_cpus());
}

static void outside_of_regions(void)
{
    CHECK_EQ(omp_get_thread_num(), 0);
    CHECK_EQ(omp_get_num_threads(), 1);
    CHECK_EQ(omp_in_parallel(), 0);
    CHECK_EQ(omp_get_level(), 0);
    CHECK_EQ(omp_get_active_level(), 0);
    CHECK_EQ(omp_get_ancestor_thread_num(0), 0);
    CHECK_EQ(omp_get_team_size(0), 1);
    CHECK_EQ(omp_get_ancestor_thread_num(1), -1);
    CHECK_EQ(omp_get_team_size(1), -1);
    CHECK_EQ(omp_get_ancestor_thread_num(-1), -1);
    CHECK_EQ(omp_get_team_size(-1), -1);
    CHECK_EQ(omp_get_num_teams(), 1);
    CHECK_EQ(omp_get_team_num(), 0);
    CHECK_EQ(omp_in_final(), 0);
}

/* Levels: 0, a team of 2, a serial region, a team of 3. */
static void every_level_is_told(void)
{
    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
    {
        int outer = omp_get_thread_num(), outer_size = omp_get_num_threads();

        CHECK_EQ(omp_get_level(), 1);
        CHECK_EQ(omp_in_parallel(), 1);
#pragma omp parallel if (0)
        {
            CHECK_EQ(omp_get_level(), 2);
            CHECK_EQ(omp_get_active_level(), 1);
            CHECK_EQ(omp_get_thread_num(), 0);
            CHECK_EQ(omp_get_num_threads(), 1);
#pragma omp parallel num_threads(3)
            {
                CHECK_EQ(omp_get_num_threads(), 3);
                CHECK_EQ(omp_get_level(), 3);
                CHECK_EQ(omp_get_active_level(), 2);
                CHECK_EQ(omp_get_ancestor_thread_num(0), 0);
                CHECK_EQ(omp_get_ancestor_thread_num(1), outer);
                CHECK_EQ(omp_get_ancestor_thread_num(2), 0);
                CHECK_EQ(omp_get_ancestor_thread_num(3), omp_get_thread_num());
                CHECK_EQ(omp_get_ancestor_thread_num(4), -1);
                CHECK_EQ(omp_get_team_size(0), 1);
                CHECK_EQ(omp_get_team_size(1), outer_size);
                CHECK_EQ(omp_get_team_size(2), 1);
                CHECK_EQ(omp_get_team_size(3), 3);
                CHECK_EQ(omp_get_team_size(4), -1);
            }
        }
        CHECK_EQ(omp_get_thread_num(), outer);
        CHECK_EQ(omp_get_num_threads(), outer_size);
    }
    omp_set_max_active_levels(1);
}

static void setters_change_the_own_task_only(void)
{
    int before = omp_get_max_threads();

#pragma omp parallel num_threads(3)
    {
        CHECK_EQ(omp_get_max_threads(), before);
        omp_set_num_threads(100 + omp_get_thread_num());
        omp_set_dynamic(omp_get_thread_num() & 1);
#pragma omp barrier
        CHECK_EQ(omp_get_max_threads(), 100 + omp_get_thread_num());
        CHECK_EQ(omp_get_dynamic(), omp_get_thread_num() & 1);
#pragma omp parallel num_threads(1)
        {
            CHECK_EQ(omp_get_max_threads(), 100 + omp_get_ancestor_thread_num(1));
            omp_set_num_threads(7);
        }
        CHECK_EQ(omp_get_max_threads(), 100 + omp_get_thread_num());
#pragma omp task if (0)
        {
            CHECK_EQ(omp_get_max_threads(), 100 + omp_get_thread_num());
            omp_set_num_threads(9);
            CHECK_EQ(omp_get_max_threads(), 9);
        }
        CHECK_EQ(omp_get_max_threads(), 100 + omp_get_thread_num());
    }
    CHECK_EQ(omp_get_max_threads(), before);
    CHECK_EQ(omp_get_dynamic(), 0);
#pragma omp task final(1)
    {
        CHECK_EQ(omp_in_final(), 1);
#pragma omp task
        CHECK_EQ(omp_in_final(), 1);
    }
    CHECK_EQ(omp_in_final(), 0);
}

static void *own_thread(void *wanted)
{
    outside_of_regions();
    CHECK_EQ(omp_get_max_threads(), *(int *)wanted);
    omp_set_num_threads(11);
    CHECK_EQ(omp_get_max_threads(), 11);
    return NULL;
}

/* A thread of the program's own starts with the initial values, whatever another has set. */
static void other_initial_threads_are_apart(void)
{
    int initial = omp_get_max_threads();
    pthread_t thread;

    omp_set_num_threads(5);
    CHECK(pthread_create(&thread, NULL, own_thread, &initial) == 0);
    pthread_join(thread, NULL);
    CHECK_EQ(omp_get_max_threads(), 5);
    omp_set_num_threads(initial);
}

struct league {
    unsigned next, teams;
    int limit;
};

static void team(void *arg)
{
    struct league *l = arg;

    CHECK_EQ(omp_get_team_num(), l->next++);
    CHECK_EQ(omp_get_num_teams(), l->teams);
    CHECK_EQ(omp_get_thread_limit(), l->limit);
    CHECK_EQ(omp_get_level(), 0);
    CHECK_EQ(omp_get_num_threads(), 1);
#pragma omp parallel num_threads(4)
    {
        CHECK_EQ(omp_get_num_threads(), l->limit < 4 ? l->limit : 4);
        CHECK_EQ(omp_get_team_num(), l->next - 1);
        CHECK_EQ(omp_get_num_teams(), l->teams);
    }
}

static void leagues_count_their_teams(void)
{
    struct league l = { 0, 5, INT_MAX };

    GOMP_teams_reg(team, &l, 5, 0, 0);
    CHECK_EQ(l.next, 5);
    l = (struct league){ 0, 2, 2 };
    GOMP_teams_reg(team, &l, 2, 2, 0);
    CHECK_EQ(l.next, 2);
    omp_set_num_teams(3);
    omp_set_teams_thread_limit(1);
    l = (struct league){ 0, 3, 1 };
    GOMP_teams_reg(team, &l, 0, 0, 0);
    CHECK_EQ(l.next, 3);
    l = (struct league){ 0, 1, 3 };
    GOMP_teams_reg(team, &l, 1, 3, 0);
    CHECK_EQ(l.next, 1);
    omp_set_num_teams(0);
    omp_set_teams_thread_limit(0);
    CHECK_EQ(omp_get_thread_limit(), INT_MAX);
    outside_of_regions();
}

static void limiting_team(void *arg)
{
    (void)arg;
    CHECK_EQ(omp_get_thread_limit(), 4);
    omp_set_teams_thread_limit(2);
}

static void what_a_team_sets_is_for_later_leagues(void)
{
    omp_set_teams_thread_limit(4);
    GOMP_teams_reg(limiting_team, NULL, 3, 0, 0);
    CHECK_EQ(omp_get_teams_thread_limit(), 2);
    omp_set_teams_thread_limit(0);
}

static void leagues_in_target_regions_advance(void)
{
    unsigned turns = 0;

    for (_Bool first = 1; GOMP_teams4(3, 9, 0, first); first = 0) {
        CHECK_EQ(omp_get_team_num(), turns++);
        CHECK_EQ(omp_get_num_teams(), 3);
    }
    CHECK_EQ(turns, 3);
    for (_Bool first = 1; GOMP_teams4(0, 0, 0, first); first = 0)
        turns++;
    CHECK_EQ(turns, 4);
}

static void the_clock_goes_forward(void)
{
    double tick = omp_get_wtick(), start = omp_get_wtime(), end;

    check_sleep_us(20000);
    end = omp_get_wtime();
    CHECK(tick > 0 && tick <= 0.011);
    CHECK(end - start >= 0.020 - tick && end - start < 30);
}

int main(void)
{
    outside_of_regions();
    numbers_are_clamped();
    schedules_are_normalised();
    levels_are_limited();
    every_level_is_told();
    setters_change_the_own_task_only();
    other_initial_threads_are_apart();
    leagues_count_their_teams();
    what_a_team_sets_is_for_later_leagues();
    leagues_in_target_regions_advance();
    the_clock_goes_forward();
    return 0;
}
