/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task dependences: in, out, inout, mutexinoutset, dependence objects and iterators; chains, diamonds, a wavefront;
 * edges between siblings only; undeferred tasks and taskwait with dependences; parents that end first.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: opt=0 policy=default pin=no threads=1,2,4 */
#include "tests/omp/task_check.h"

static void a_chain(void)
{
    int x = 0, n = check_rounds(400);

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < n; i++) {
#pragma omp task depend(inout : x) shared(x) firstprivate(i)
            {
                CHECK_EQ(x, i);
                if (i % 16 == 0)
                    check_work(200);
                x = i + 1;
            }
        }
#pragma omp taskwait
        CHECK_EQ(x, n);
    }
}

/* Every thread builds its own chain at the same time, on its own variable and on one that all have in common: tasks of
 * different parents do not order each other. */
static void chains_of_all_threads(void)
{
    int common = 0;

#pragma omp parallel
    {
        int x = 0, n = check_rounds(200);

        for (int i = 0; i < n; i++) {
#pragma omp task depend(inout : x) depend(inout : common) shared(x) firstprivate(i)
            {
                CHECK_EQ(x, i);
                x = i + 1;
            }
        }
#pragma omp taskwait
        CHECK_EQ(x, n);
    }
    CHECK_EQ(common, 0);
}

static void diamonds(void)
{
#pragma omp parallel
#pragma omp single
    for (int round = 0; round < 50; round++) {
        int a = 0, b = 0, c = 0, d = 0;

#pragma omp task depend(out : a) shared(a)
        {
            check_work(round * 10);
            a = round;
        }
#pragma omp task depend(in : a) depend(out : b) shared(a, b)
        b = a + 1;
#pragma omp task depend(in : a) depend(out : c) shared(a, c)
        c = a + 2;
#pragma omp task depend(in : b, c) depend(out : d) shared(b, c, d)
        d = b * c;
#pragma omp task depend(out : a) depend(in : d) shared(a, d)
        a = d;
#pragma omp taskwait
        CHECK_EQ(a, (round + 1) * (round + 2));
    }
}

/* Readers run in any order between writers. */
static void readers_between_writers(void)
{
    int x = 0, readers = 0;

#pragma omp parallel
#pragma omp single
    for (int i = 1; i <= 20; i++) {
#pragma omp task depend(out : x) shared(x, readers)
        {
            CHECK_EQ(LOAD(readers), 10 * (i - 1));
            x = i;
        }
        for (int k = 0; k < 10; k++) {
#pragma omp task depend(in : x) shared(x, readers)
            {
                CHECK_EQ(x, i);
                ADD(readers, 1);
            }
        }
    }
    CHECK_EQ(readers, 200);
}

/* Tasks of a mutexinoutset exclude each other and come between those before and after. */
static void mutually_exclusive_sets(void)
{
    int x = 0, y = 0, inside = 0;

#pragma omp parallel
#pragma omp single
    for (int round = 0; round < 10; round++) {
#pragma omp task depend(out : x, y) shared(x, y)
        x = y = 1;
        for (int k = 0; k < 12; k++) {
#pragma omp task depend(mutexinoutset : x) shared(x, inside)
            {
                CHECK_EQ(ADD(inside, 1), 1);
                x++;
                check_work(50);
                CHECK_EQ(ADD(inside, -1), 0);
            }
#pragma omp task depend(in : y) shared(y)
            CHECK_EQ(y, 1);
        }
#pragma omp task depend(in : x) shared(x)
        CHECK_EQ(x, 13);
#pragma omp task depend(mutexinoutset : x) depend(mutexinoutset : y) shared(x, y)
        y = x;
#pragma omp task depend(in : x, y) if(0) shared(y)
        CHECK_EQ(y, 13);
    }
}

static void dependence_objects(void)
{
    int x = 0, y = 0;
    omp_depend_t first, second;

#pragma omp depobj(first) depend(out : x)
#pragma omp depobj(second) depend(in : x)
#pragma omp parallel
#pragma omp single
    for (int round = 1; round <= 20; round++) {
#pragma omp task depend(depobj : first) shared(x)
        {
            check_work(100);
            x = round;
        }
#pragma omp task depend(depobj : second) depend(out : y) shared(x, y)
        y = x;
#pragma omp depobj(second) update(inout)
#pragma omp task depend(depobj : second) shared(x)
        x = -x;
#pragma omp depobj(second) update(mutexinoutset)
#pragma omp task depend(depobj : second) depend(depobj : first) shared(x)
        x *= 2;
#pragma omp depobj(second) update(in)
#pragma omp task depend(depobj : second) depend(in : y) shared(x, y)
        CHECK_EQ(x, -2 * y);
#pragma omp taskwait
        CHECK_EQ(x, -2 * round);
    }
#pragma omp depobj(first) destroy
#pragma omp depobj(second) destroy
}

static void iterators(void)
{
    int cell[40] = { 0 }, sum = 0;

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 40; i++) {
#pragma omp task depend(out : cell[i]) shared(cell)
            cell[i] = i;
        }
#pragma omp task depend(iterator(i = 0 : 40), in : cell[i]) depend(out : sum) shared(cell, sum)
        for (int i = 0; i < 40; i++)
            sum += cell[i];
#pragma omp task depend(iterator(long i = 39 : -1 : -2), inout : cell[i]) depend(in : sum) shared(sum, cell)
        for (int i = 39; i > 0; i -= 2)
            cell[i] = sum;
#pragma omp task depend(iterator(i = 1 : 40 : 2, k = 0 : 2), in : cell[i - k]) shared(cell)
        for (int i = 0; i < 40; i++)
            CHECK_EQ(cell[i], i % 2 ? 780 : i);
#pragma omp taskwait
    }
}

/* The same address several times in one task: it does not wait for itself, and the strongest kind counts. */
static void the_same_address_twice(void)
{
    int x = 0, array[4] = { 0 };

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 50; i++) {
#pragma omp task depend(in : x) depend(out : x) depend(inout : x) shared(x) firstprivate(i)
        {
            CHECK_EQ(x, 2 * i);
            x++;
        }
#pragma omp task depend(in : x, x) depend(inout : array[0]) shared(x) firstprivate(i)
        CHECK_EQ(x, 2 * i + 1);
#pragma omp task depend(out : x, x) depend(in : array[0 : 4]) shared(x)
        x++;
    }
    CHECK_EQ(x, 100);
    CHECK_EQ(array[0], 0);
}

/* x is inout in two tasks of different parents, each of which ends only when both have begun. */
static void siblings_only(void)
{
    int x = 0, met = 0, done = 0;

#pragma omp parallel
#pragma omp single
    if (omp_get_num_threads() > 1) {
        for (int i = 0; i < 2; i++) {
#pragma omp task shared(x, met, done)
            {
#pragma omp task depend(inout : x) shared(x, met, done)
                {
                    task_meet(&met, 2);
                    ADD(done, 1);
                }
            }
        }
    }
    CHECK_EQ(done + x, omp_get_max_threads() > 1 ? 2 : 0);
}

/* Nor does a task order its own children by its addresses. */
static void parents_and_children(void)
{
    int x = 0;

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 20; i++) {
#pragma omp task depend(inout : x) shared(x) firstprivate(i)
            {
                CHECK_EQ(x, 2 * i);
#pragma omp task depend(inout : x) shared(x)
                x++;
#pragma omp task depend(inout : x) shared(x)
                x++;
#pragma omp taskwait
            }
        }
    }
    CHECK_EQ(x, 40);
}

static void undeferred_tasks_wait_for_their_predecessors(void)
{
#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 40; i++) {
        int x = 0, y = 0, me = omp_get_thread_num();

#pragma omp task depend(out : x) shared(x)
        {
            check_work(i * 30);
            x = 1;
        }
#pragma omp task depend(inout : x) depend(out : y) shared(x, y)
        y = x + 1;
#pragma omp task if(0) depend(in : x, y) shared(x, y)
        {
            CHECK_EQ(omp_get_thread_num(), me);
            CHECK_EQ(x + y, 3);
        }
#pragma omp task if(0) depend(out : x) shared(x)
        x = 7;
#pragma omp task depend(in : x) shared(x)
        CHECK_EQ(x, 7);
#pragma omp task final(1) depend(inout : x) shared(x)
        {
#pragma omp task depend(inout : x) shared(x)
            x++;
#pragma omp task depend(in : x) shared(x)
            CHECK_EQ(x, 8);
        }
#pragma omp taskwait
    }
}

/* It waits for the tasks that it names; one that lives on another thread until later shows that it waits for no
 * others. */
static void taskwait_depend(void)
{
    for (int i = 0; i < 10; i++) {
        int x = 0, y = 0, z = 0, begun = 0, released = 0, ended = 0;

#pragma omp parallel
#pragma omp single
        {
            if (omp_get_num_threads() > 1) {
#pragma omp task depend(out : z) shared(begun, released, ended, z)
                {
                    STORE(begun, 1);
                    task_await(&released, 1);
                    z = 1;
                    STORE(ended, 1);
                }
                task_await(&begun, 1);
            }
#pragma omp task depend(out : x) shared(x)
            {
                check_work(1000 * i);
                x = 1;
            }
#pragma omp task depend(in : x) depend(out : y) shared(x, y)
            y = x + 1;
#pragma omp taskwait depend(in : x)
            CHECK_EQ(x, 1);
#pragma omp taskwait depend(inout : x, y)
            CHECK_EQ(y, 2);
            CHECK_EQ(LOAD(ended), 0);
            STORE(released, 1);
#pragma omp taskwait depend(in : z)
            CHECK_EQ(LOAD(ended) + z, 2 * begun);
#pragma omp taskwait depend(in : i)
        }
    }
}

enum { SIDE = 26 };

/* Longest common subsequence of two sequences, a task for every cell. */
static void a_wavefront(void)
{
    static int length[SIDE + 1][SIDE + 1], serial[SIDE + 1][SIDE + 1];
    unsigned state = 12345;
    int a[SIDE], b[SIDE];

    for (int i = 0; i < SIDE; i++) {
        a[i] = (int)(check_random(&state) % 4);
        b[i] = (int)(check_random(&state) % 4);
    }
    memset(length, 0, sizeof length);
    for (int i = 1; i <= SIDE; i++)
        for (int k = 1; k <= SIDE; k++)
            serial[i][k] = a[i - 1] == b[k - 1] ? serial[i - 1][k - 1] + 1 :
                           serial[i - 1][k] > serial[i][k - 1] ? serial[i - 1][k] : serial[i][k - 1];
#pragma omp parallel
#pragma omp single
    for (int i = 1; i <= SIDE; i++)
        for (int k = 1; k <= SIDE; k++) {
#pragma omp task depend(in : length[i - 1][k], length[i][k - 1]) depend(out : length[i][k]) shared(length, a, b)
            length[i][k] = a[i - 1] == b[k - 1] ? length[i - 1][k - 1] + 1 :
                           length[i - 1][k] > length[i][k - 1] ? length[i - 1][k] : length[i][k - 1];
        }
    CHECK_EQ(memcmp(length, serial, sizeof serial), 0);
}

/* The order of a parent's children holds after the parent has ended and its memory is in use again. */
static void parents_that_end_first(void)
{
    enum { PARENTS = 40, CHILDREN = 6 };
    static int cell[PARENTS][2];

    memset(cell, 0, sizeof cell);
#pragma omp parallel
    {
#pragma omp single nowait
        for (int p = 0; p < PARENTS; p++) {
#pragma omp task firstprivate(p) shared(cell)
            for (int c = 0; c < CHILDREN; c++) {
#pragma omp task depend(inout : cell[p][0]) depend(in : cell[p][1]) firstprivate(p, c) shared(cell)
                {
                    CHECK_EQ(cell[p][0], c);
                    check_work(100);
                    cell[p][0]++;
                }
            }
        }
    }
    for (int p = 0; p < PARENTS; p++)
        CHECK_EQ(cell[p][0], CHILDREN);
}

/* Dependent tasks in groups, and what follows the group. */
static void dependences_and_groups(void)
{
    int x = 0;

#pragma omp parallel
#pragma omp single
    for (int round = 0; round < 20; round++) {
#pragma omp task depend(out : x) shared(x)
        x = round;
#pragma omp taskgroup
        {
#pragma omp task depend(inout : x) shared(x)
            {
                CHECK_EQ(x, round);
                x++;
            }
#pragma omp task depend(inout : x) shared(x)
            x++;
        }
        CHECK_EQ(x, round + 2);
    }
}

int main(void)
{
    a_chain();
    chains_of_all_threads();
    diamonds();
    readers_between_writers();
    mutually_exclusive_sets();
    dependence_objects();
    iterators();
    the_same_address_twice();
    siblings_only();
    parents_and_children();
    undeferred_tasks_wait_for_their_predecessors();
    taskwait_depend();
    a_wavefront();
    parents_that_end_first();
    dependences_and_groups();
    return 0;
}
