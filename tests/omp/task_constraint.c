/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The scheduling constraint of tied tasks: while a tied task is suspended in taskwait, taskgroup or taskyield, or waits
 * for the predecessors of an undeferred child, its thread starts none but descendants of it. Every task that starts
 * looks at a record, kept per thread, of the tasks suspended there. And what rests on the constraint: locks held over
 * a taskwait, nest locks of tasks, threadprivate variables.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: policy=default env=OMP_MAX_TASK_PRIORITY=5 gompx-only="crashes libgomp 12"
 * run+: policy=default env=TASK_TEAM_OF_LOCKERS=1 */
#include "tests/omp/task_check.h"

/* A task of the test: its data lives in the frame of the body. */
struct task {
    const struct task *parent;
    int depth;
};

static _Thread_local const struct task *suspended;  /* the innermost tied task suspended on this thread */
static int marker;
#pragma omp threadprivate(marker)

static int is_descendant(const struct task *task, const struct task *ancestor)
{
    while (task != NULL && task != ancestor)
        task = task->parent;
    return task != NULL;
}

/* "parent" may have ended only if it waited for nobody; here parents wait for all their children. */
static void begin(struct task *task, const struct task *parent)
{
    task->parent = parent;
    task->depth = parent == NULL ? 0 : parent->depth + 1;
    if (suspended != NULL)
        CHECK(is_descendant(task, suspended));
}

/* To be called around everything that suspends the task. */
static const struct task *suspend(const struct task *task)
{
    const struct task *before = suspended;

    suspended = task;
    return before;
}

static void resume(const struct task *task, const struct task *before)
{
    CHECK(suspended == task);
    suspended = before;
}

enum way { TASKWAIT, TASKGROUP, YIELD, UNDEFERRED, TASKWAIT_DEPEND, TASKLOOP, WAYS };

static void tree(struct task *self, int depth, int way, int *count);

static void child(const struct task *parent, int depth, int way, int *count)
{
    struct task self;

    begin(&self, parent);
    tree(&self, depth - 1, way, count);
}

static void children(struct task *self, int depth, int way, int *count)
{
    for (int i = 0; i < 3; i++) {
#pragma omp task firstprivate(self, depth, way, count, i) priority(i)
        child(self, depth, (way + i) % WAYS, count);
    }
}

/* Suspends the task in one of the ways, with children to be executed meanwhile; always ends with a taskwait. */
static void suspend_in(int way, struct task *self, int depth, int *count)
{
    int x = 0;

    switch (way) {
    case TASKGROUP:
#pragma omp taskgroup
        children(self, depth, way, count);
        break;
    case YIELD: {
        children(self, depth, way, count);
        for (int i = 0; i < 3; i++) {
#pragma omp taskyield
        }
        break;
    }
    case UNDEFERRED:
#pragma omp task depend(out : x) shared(x)
        {
            struct task sibling;

            begin(&sibling, self);
            check_work(200);
            x = 1;
        }
        children(self, depth, way, count);
#pragma omp task depend(in : x) if(0) shared(x)
        CHECK_EQ(x, 1);
        break;
    case TASKWAIT_DEPEND: {
        children(self, depth, way, count);
#pragma omp task depend(out : x) shared(x)
        x = 2;
#pragma omp taskwait depend(in : x)
        break;
    }
    case TASKLOOP:
#pragma omp taskloop num_tasks(3) firstprivate(self, depth, way, count)
        for (int i = 0; i < 3; i++)
            child(self, depth, (way + i) % WAYS, count);
        break;
    default:
        children(self, depth, way, count);
    }
#pragma omp taskwait
}

static void tree(struct task *self, int depth, int way, int *count)
{
    int me = omp_get_thread_num(), *mine = &marker;
    const struct task *before;

    ADD(*count, 1);
    if (depth == 0)
        return;
    before = suspend(self);
    suspend_in(way, self, depth, count);
    resume(self, before);
    CHECK_EQ(omp_get_thread_num(), me);         /* a tied task stays with its thread */
    CHECK(mine == &marker);
}

/* Trees in all threads at once: there is always something unrelated to be taken. */
static void only_descendants_start_meanwhile(void)
{
    int count = 0, depth = 4, roots = 2, threads = omp_get_max_threads();

#pragma omp parallel
    {
        struct task implicit = { NULL, 0 };
        const struct task *before;

        for (int i = 0; i < roots; i++) {
#pragma omp task shared(count) firstprivate(i)
            {
                struct task self;

                begin(&self, NULL);
                tree(&self, depth - 1, i % WAYS, &count);
            }
        }
        /* The implicit task too is suspended in its taskwait. Tasks of the loop above are not known as its children,
         * so it waits for them only at the barrier. */
#pragma omp barrier
        before = suspend(&implicit);
        for (int way = 0; way < WAYS; way++)
            suspend_in(way, &implicit, 2, &count);
        resume(&implicit, before);
    }
    CHECK_EQ(count, threads * (roots * (1 + 3 + 9 + 27) + WAYS * 3 * (1 + 3)));
}

/* Tasks that hold a lock, or are in a critical region, over a taskwait, among tasks that want the same lock: were one
 * of those executed by a thread that waits, it would never end. */
static void locks_held_over_a_taskwait(void)
{
    int held = 0, taken = 0, children_done = 0, all = getenv("TASK_TEAM_OF_LOCKERS") != NULL;
    omp_lock_t lock;

    omp_init_lock(&lock);
#pragma omp parallel
    if (all || omp_get_thread_num() == 0) {
        for (int i = 0; i < 30; i++) {
#pragma omp task shared(held, taken, children_done, lock) firstprivate(i)
            {
                if (i % 3 == 0) {
                    omp_set_lock(&lock);
                    CHECK_EQ(held++, 0);
                    for (int k = 0; k < 3; k++) {
#pragma omp task shared(children_done)
                        ADD(children_done, 1);
                    }
#pragma omp taskwait
                    CHECK_EQ(held--, 1);
                    omp_unset_lock(&lock);
                } else {
                    omp_set_lock(&lock);
                    CHECK_EQ(held, 0);
                    taken++;
                    omp_unset_lock(&lock);
                }
            }
#pragma omp task shared(children_done) firstprivate(i)
            {
#pragma omp critical(task_constraint)
                {
#pragma omp task shared(children_done)
                    ADD(children_done, 1);
#pragma omp taskgroup
                    {
#pragma omp task shared(children_done)
                        ADD(children_done, 1);
                    }
#pragma omp taskwait
                }
            }
        }
    }
    CHECK_EQ(taken, 20 * (all ? omp_get_max_threads() : 1));
    CHECK_EQ(children_done, 90 * (all ? omp_get_max_threads() : 1));
    omp_destroy_lock(&lock);
}

/* A nest lock belongs to the task, also after it was suspended, and to none of its children. */
static void nest_locks_belong_to_tasks(void)
{
    omp_nest_lock_t lock;
    int owners = 0, n = 20;

    omp_init_nest_lock(&lock);
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < n; i++) {
#pragma omp task shared(lock, owners)
        {
            omp_set_nest_lock(&lock);
            CHECK_EQ(omp_test_nest_lock(&lock), 2);
#pragma omp task shared(lock)
            CHECK_EQ(omp_test_nest_lock(&lock), 0);
#pragma omp task if(0) shared(lock)
            CHECK_EQ(omp_test_nest_lock(&lock), 0);
#pragma omp taskwait
            CHECK_EQ(omp_test_nest_lock(&lock), 3);
            owners++;
            for (int k = 0; k < 3; k++)
                omp_unset_nest_lock(&lock);
        }
    }
    CHECK_EQ(owners, n);
    omp_destroy_nest_lock(&lock);
}

/* The value that a tied task left in a threadprivate variable is there after a taskwait, unless a descendant executed
 * by this thread changed it: descendants here put it back. */
static void threadprivate_values_stay(void)
{
    int count = 0;

#pragma omp parallel
    {
        for (int i = 0; i < 20; i++) {
#pragma omp task firstprivate(i) shared(count)
            {
                int before = marker;

                marker = 1000 * omp_get_thread_num() + i;
                for (int k = 0; k < 2; k++) {
#pragma omp task shared(count)
                    {
                        int saved = marker;

                        marker = -1;
#pragma omp task shared(count)
                        ADD(count, 1);
#pragma omp taskwait
                        CHECK_EQ(marker, -1);
                        marker = saved;
                    }
                }
#pragma omp taskwait
                CHECK_EQ(marker, 1000 * omp_get_thread_num() + i);
                marker = before;
            }
        }
    }
    CHECK_EQ(count, 40 * omp_get_max_threads());
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        only_descendants_start_meanwhile();
        locks_held_over_a_taskwait();
        nest_locks_belong_to_tasks();
        threadprivate_values_stay();
    }
    return 0;
}
