/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The control variables of tasks: a task begins with what its parent had when it was made, whenever it runs; what the
 * parent, a sibling or a child sets later is not seen, nor what a task of another thread sets.
 *
 * run: opt=2 timeout=30 */
#include "tests/omp/task_check.h"

struct settings {
    int threads, dynamic, levels, chunk, device;
    omp_sched_t schedule;
};

static struct settings now(void)
{
    struct settings s;

    s.threads = omp_get_max_threads();
    s.dynamic = omp_get_dynamic();
    s.levels = omp_get_max_active_levels();
    omp_get_schedule(&s.schedule, &s.chunk);
    s.device = omp_get_default_device();
    return s;
}

static void expect(const struct settings *wanted)
{
    struct settings s = now();

    CHECK_EQ(s.threads, wanted->threads);
    CHECK_EQ(s.dynamic, wanted->dynamic);
    CHECK_EQ(s.levels, wanted->levels);
    CHECK_EQ(s.chunk, wanted->chunk);
    CHECK_EQ(s.schedule, wanted->schedule);
    CHECK_EQ(s.device, wanted->device);
}

/* Sets everything to values that depend on n. */
static void change(int n)
{
    omp_set_num_threads(1 + n % 50);
    omp_set_dynamic(n & 1);
    omp_set_schedule(n & 1 ? omp_sched_dynamic : omp_sched_guided, 1 + n % 40);
    omp_set_default_device(n % 7);
}

/* The parent changes its settings between the making of one child and the next. */
static void children_have_the_value_of_their_making(void)
{
#pragma omp parallel
    {
        for (int i = 0; i < 40; i++) {
            struct settings mine;

            change(i * 3 + omp_get_thread_num());
            mine = now();
#pragma omp task firstprivate(mine)
            expect(&mine);
            change(i + 100);
        }
    }
}

static void siblings_and_children_do_not_disturb(void)
{
#pragma omp parallel
    {
        struct settings mine;

        change(omp_get_thread_num());
        mine = now();
        for (int i = 0; i < 40; i++) {
#pragma omp task firstprivate(mine, i)
            {
                struct settings changed;

                expect(&mine);
                change(i + 10);
                changed = now();
#pragma omp task firstprivate(changed, i)
                {
                    expect(&changed);
                    change(i + 77);
                }
                if (i % 2 == 0) {
#pragma omp taskwait
                }
                expect(&changed);
            }
        }
#pragma omp taskwait
        expect(&mine);
#pragma omp taskgroup
        {
#pragma omp task
            change(5);
#pragma omp taskloop num_tasks(4)
            for (int i = 0; i < 8; i++) {
                change(i);
            }
        }
        expect(&mine);
    }
}

/* The tasks of a loop are all made where it is met, however late the runtime cuts them out of it. Plain data: it need
 * not be copied where the loop is met. */
static void loops_have_the_value_of_their_making(void)
{
#pragma omp parallel
    {
#pragma omp single nowait
        for (int i = 0; i < 10; i++) {
#pragma omp task firstprivate(i)
            {
                int threads, chunk;
                omp_sched_t schedule;

                change(i);
                threads = omp_get_max_threads();
                omp_get_schedule(&schedule, &chunk);
#pragma omp taskloop nogroup num_tasks(30) firstprivate(threads, chunk)
                for (int k = 0; k < 30; k++) {
                    omp_sched_t now_schedule;
                    int now_chunk;

                    omp_get_schedule(&now_schedule, &now_chunk);
                    CHECK_EQ(omp_get_max_threads(), threads);
                    CHECK_EQ(now_chunk, chunk);
                    check_work(50);
                    change(k);
                }
                change(i + 20);
                check_sleep_us(200);
            }
        }
    }
}

/* Settings outlive the task that handed them down. */
static void parents_that_end_first(void)
{
#pragma omp parallel
    {
#pragma omp single nowait
        for (int i = 0; i < 30; i++) {
#pragma omp task firstprivate(i)
            {
                struct settings mine;

                change(i);
                mine = now();
                for (int k = 0; k < 3; k++) {
#pragma omp task firstprivate(mine)
                    {
                        check_work(300);
                        expect(&mine);
#pragma omp task firstprivate(mine)
                        {
                            check_work(100);
                            expect(&mine);
                        }
                    }
                }
            }
        }
    }
}

/* An undeferred task has the settings of the task that waits for it; the children that it leaves keep them. */
static void children_of_undeferred_tasks(void)
{
#pragma omp parallel
    {
        for (int i = 0; i < 20; i++) {
            struct settings mine;

            change(i + omp_get_thread_num());
            mine = now();
#pragma omp task if(0) shared(mine)
            {
                struct settings same = mine;

#pragma omp task if(0) shared(same)
#pragma omp task firstprivate(same)
                {
                    check_work(1000);
                    expect(&same);
                }
            }
            change(i + 9);
        }
    }
}

/* A barrier executes tasks with other settings; the thread's own are as before. */
static void threads_that_help_keep_their_own(void)
{
#pragma omp parallel
    {
        struct settings mine;

        change(20 + omp_get_thread_num());
        mine = now();
        for (int round = 0; round < 5; round++) {
#pragma omp single
            for (int i = 0; i < 30; i++) {
#pragma omp task firstprivate(i)
                change(i);
            }
            expect(&mine);
        }
    }
}

/* The region that a task opens has the team that the task asked for. */
static void regions_of_tasks_use_them(void)
{
    struct settings outside = now();

    omp_set_max_active_levels(2);
#pragma omp parallel
    {
        for (int i = 1; i <= 3; i++) {
#pragma omp task firstprivate(i)
            {
                omp_set_num_threads(i);
                omp_set_dynamic(0);
#pragma omp parallel
                {
                    CHECK_EQ(omp_get_num_threads(), i);
                    CHECK_EQ(omp_get_max_threads(), i);
                }
            }
        }
    }
    omp_set_max_active_levels(outside.levels);
    expect(&outside);
}

/* Outside any region tasks run at once, with settings of their own too. */
static void outside_a_region(void)
{
    struct settings mine = now();

#pragma omp task firstprivate(mine)
    {
        expect(&mine);
        change(9);
    }
    expect(&mine);
#pragma omp task if(0)
    change(11);
    expect(&mine);
}

int main(void)
{
    for (int i = 0; i < 4; i++) {
        outside_a_region();
        children_have_the_value_of_their_making();
        siblings_and_children_do_not_disturb();
        loops_have_the_value_of_their_making();
        parents_that_end_first();
    children_of_undeferred_tasks();
        threads_that_help_keep_their_own();
        regions_of_tasks_use_them();
    }
    return 0;
}
