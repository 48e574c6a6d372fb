/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The omp_* routines that read and set control variables: ranges, inheritance from task to task and region to region,
 * what they return in which place. */
#include "check.h"

int omp_get_device_num(void);       /* omp.h has it since gcc 12 */

static void num_threads_routines(void)
{
    int before = omp_get_max_threads();

    omp_set_num_threads(3);
    CHECK_EQ(omp_get_max_threads(), 3);
#pragma omp parallel
    {
        CHECK_EQ(omp_get_num_threads(), 3);
        CHECK_EQ(omp_get_max_threads(), 3);
        omp_set_num_threads(10 + omp_get_thread_num());     /* only this thread's task */
#pragma omp barrier
        CHECK_EQ(omp_get_max_threads(), 10 + omp_get_thread_num());
    }
    CHECK_EQ(omp_get_max_threads(), 3);
#pragma omp parallel
    CHECK_EQ(omp_get_max_threads(), 3);                     /* nothing is left of the settings above */
    omp_set_num_threads(0);
    CHECK_EQ(omp_get_max_threads(), 1);
    omp_set_num_threads(-5);
    CHECK_EQ(omp_get_max_threads(), 1);
    omp_set_num_threads(before);
}

static void dynamic_nested_levels(void)
{
    CHECK_EQ(omp_get_dynamic(), 0);
    omp_set_dynamic(17);
    CHECK_EQ(omp_get_dynamic(), 1);
#pragma omp parallel num_threads(2)
    {
        CHECK_EQ(omp_get_dynamic(), 1);
        CHECK(omp_get_num_threads() <= 2);
    }
    omp_set_dynamic(0);
    CHECK_EQ(omp_get_dynamic(), 0);

    CHECK_EQ(omp_get_max_active_levels(), 1);
    CHECK(omp_get_supported_active_levels() >= 8);
    omp_set_max_active_levels(4);
    CHECK_EQ(omp_get_max_active_levels(), 4);
    omp_set_max_active_levels(-3);
    CHECK_EQ(omp_get_max_active_levels(), 4);
    omp_set_max_active_levels(1 << 30);
    CHECK_EQ(omp_get_max_active_levels(), omp_get_supported_active_levels());
    omp_set_max_active_levels(0);
    CHECK_EQ(omp_get_max_active_levels(), 0);
    omp_set_max_active_levels(1);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static void the_old_nested_routines(void)
{
    CHECK_EQ(omp_get_nested(), 0);
    omp_set_nested(1);
    CHECK_EQ(omp_get_nested(), 1);
    CHECK(omp_get_max_active_levels() > 1);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(2)
    CHECK_EQ(omp_get_num_threads(), 2);
    omp_set_nested(0);
    CHECK_EQ(omp_get_nested(), 0);
    CHECK_EQ(omp_get_max_active_levels(), 1);
}
#pragma GCC diagnostic pop

static void schedules(void)
{
    static const int in[] = { 5, 0, -1 };
    omp_sched_t kind;
    int chunk;

    for (int i = 0; i < 3; i++) {
        omp_set_schedule(omp_sched_static, in[i]);
        omp_get_schedule(&kind, &chunk);
        CHECK_EQ((unsigned)kind & 0x7fffffff, omp_sched_static);
        CHECK_EQ(chunk, in[i] < 1 ? 0 : in[i]);
        omp_set_schedule(omp_sched_dynamic, in[i]);
        omp_get_schedule(&kind, &chunk);
        CHECK_EQ(kind, omp_sched_dynamic);
        CHECK_EQ(chunk, in[i] < 1 ? 1 : in[i]);
    }
    omp_set_schedule((omp_sched_t)((unsigned)omp_sched_guided | (unsigned)omp_sched_monotonic), 3);
    omp_get_schedule(&kind, &chunk);
    CHECK_EQ((unsigned)kind, (unsigned)omp_sched_guided | (unsigned)omp_sched_monotonic);
    CHECK_EQ(chunk, 3);
    omp_set_schedule((omp_sched_t)99, 7);       /* no such kind: nothing changes */
    omp_get_schedule(&kind, &chunk);
    CHECK_EQ((unsigned)kind & 0x7fffffff, omp_sched_guided);
    CHECK_EQ(chunk, 3);
    omp_set_schedule(omp_sched_auto, 1);
    omp_get_schedule(&kind, &chunk);
    CHECK_EQ((unsigned)kind & 0x7fffffff, omp_sched_auto);
#pragma omp parallel num_threads(2)
    {
        omp_sched_t mine;
        int c;

        omp_get_schedule(&mine, &c);
        CHECK_EQ((unsigned)mine & 0x7fffffff, omp_sched_auto);
        omp_set_schedule(omp_sched_static, 20 + omp_get_thread_num());
#pragma omp barrier
        omp_get_schedule(&mine, &c);
        CHECK_EQ(c, 20 + omp_get_thread_num());
    }
    omp_get_schedule(&kind, &chunk);
    CHECK_EQ((unsigned)kind & 0x7fffffff, omp_sched_auto);
}

static void constants_of_the_host(void)
{
    CHECK(omp_get_num_procs() >= 1 && omp_get_num_procs() <= check_cpus());
    CHECK(omp_get_thread_limit() > 1000);
    CHECK_EQ(omp_get_num_devices(), 0);
    CHECK_EQ(omp_get_initial_device(), 0);
    CHECK_EQ(omp_get_device_num(), 0);
    CHECK_EQ(omp_is_initial_device(), 1);
    CHECK_EQ(omp_get_default_device(), 0);
    omp_set_default_device(2);
    CHECK_EQ(omp_get_default_device(), 2);
    omp_set_default_device(0);
    CHECK_EQ(omp_get_max_task_priority(), 0);
    CHECK_EQ(omp_get_cancellation(), 0);
    CHECK_EQ(omp_get_proc_bind(), omp_proc_bind_false);
    CHECK_EQ(omp_get_num_places(), 0);
    CHECK_EQ(omp_get_place_num(), -1);
    CHECK_EQ(omp_get_partition_num_places(), 0);
    CHECK_EQ(omp_get_place_num_procs(0), 0);
}

static void the_clock(void)
{
    double start = omp_get_wtime(), tick = omp_get_wtick(), before = start;

    CHECK(tick > 0 && tick <= 0.01);
    for (int i = 0; i < 1000; i++) {
        double now = omp_get_wtime();
        CHECK(now >= before);
        before = now;
    }
    check_sleep_us(20000);
    CHECK(omp_get_wtime() - start >= 0.0199);
    CHECK(omp_get_wtime() - start < 30);
}

static void affinity_formats(void)
{
    char buffer[64], small[4];

    omp_set_affinity_format("%n/%N");
    CHECK_EQ(omp_get_affinity_format(buffer, sizeof buffer), 5);
    CHECK(strcmp(buffer, "%n/%N") == 0);
    CHECK_EQ(omp_get_affinity_format(small, sizeof small), 5);
    CHECK(strcmp(small, "%n/") == 0);
#pragma omp parallel num_threads(3)
    {
        char mine[32], want[32];

        snprintf(want, sizeof want, "%d of 3, level 1, %04d", omp_get_thread_num(), omp_get_thread_num());
        CHECK_EQ(omp_capture_affinity(mine, sizeof mine, "%n of %N, level %L, %0.4n"), strlen(want));
        CHECK(strcmp(mine, want) == 0);
    }
}

static void pausing(void)
{
    for (int i = 0; i < 5; i++) {
        int n = 0;

#pragma omp parallel reduction(+ : n)
        n++;
        CHECK_EQ(n, omp_get_max_threads());
        CHECK_EQ(omp_pause_resource(i % 2 ? omp_pause_soft : omp_pause_hard, omp_get_initial_device()), 0);
        CHECK_EQ(omp_pause_resource_all(omp_pause_soft), 0);
    }
#pragma omp parallel num_threads(2)
    CHECK(omp_pause_resource_all(omp_pause_soft) != 0);
}

int main(void)
{
    num_threads_routines();
    dynamic_nested_levels();
    the_old_nested_routines();
    schedules();
    constants_of_the_host();
    the_clock();
    affinity_formats();
    pausing();
    return 0;
}
