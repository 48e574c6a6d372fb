/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Directives as the compiler lowers them: computing, data of all kinds, queues, conditions.
 *
 * run: pin=no policy=default
 * run+: threads=1,4 opt=0,2 modes=path,preload,link
 * run+: threads=1 opt=2 modes=path env=ACC_DEVICE_TYPE=host
 * run+: threads=1 opt=2 modes=path env=GOMP_OPENACC_DIM=4:2:32 */
#include "tests/acc/acc_check.h"

enum { N = 1000 };

static int a[N], b[N], total;
static int table[N];
#pragma acc declare create(table)
static int no;                                      /* false, but the compiler does not know */

#pragma acc routine seq
static int square(int x)
{
    return x * x;
}

static void loops(void)
{
    int sum = 0, most = -1;

    for (int i = 0; i < N; i++)
        a[i] = i;
#pragma acc parallel loop gang vector copyin(a) copyout(b) num_gangs(8) vector_length(32)
    for (int i = 0; i < N; i++)
        b[i] = square(a[i]);
#pragma acc kernels copyin(b)
    {
#pragma acc loop reduction(+:sum) reduction(max:most)
        for (int i = 0; i < N; i++) {
            sum += b[i];
            most = b[i] > most ? b[i] : most;
        }
    }
    CHECK_EQ(sum, 332833500);
    CHECK_EQ(most, (N - 1) * (N - 1));
    sum = 0;
#pragma acc parallel loop collapse(2) reduction(+:sum) worker
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++)
            sum += i * j;
    CHECK_EQ(sum, 2025);
#pragma acc serial copy(sum)
    sum += 1;
    CHECK_EQ(sum, 2026);
}

/* Each construct gets a copy of its own; copies of arrays and structures as well. */
static void firstprivate(void)
{
    struct { int x, more[9]; } s = { 1, { 2 } };
    int small = 3, array[4] = { 1, 2, 3, 4 };

#pragma acc parallel firstprivate(s, small, array) copy(total)
    {
        total = s.x + s.more[0] + small + array[3];
        s.x = s.more[0] = small = array[3] = 99;
    }
    CHECK_EQ(total, 10);
    CHECK(s.x == 1 && s.more[0] == 2 && small == 3 && array[3] == 4);
}

/* if(0) and host devices compute just as well. */
static void conditions(void)
{
    int x = 1;

#pragma acc parallel if(no) copy(x)
    x += 1;
#pragma acc data if(no) copy(x)
    x += 1;
#pragma acc enter data if(no) copyin(x)
#pragma acc update if(no) self(x)
#pragma acc exit data if(no) copyout(x)
    CHECK_EQ(x, 3);
}

static void data(void)
{
    int x = 1, *p = a, local[8] = { 0 };

#pragma acc data copy(x) create(b) copyin(a[10:20])
    {
#pragma acc host_data use_device(a)
        CHECK(a == p);
#pragma acc parallel present(x)
        x = 2;
#pragma acc update self(x) device(a[10:5])
    }
    CHECK_EQ(x, 2);
#pragma acc enter data copyin(a, local[2:3]) create(b) async(5) wait(1, 2)
    CHECK_EQ(acc_is_present(a, sizeof a), 1);
#pragma acc parallel loop present(a, local[2:3])
    for (int i = 2; i < 5; i++)
        local[i] = a[i];
#pragma acc exit data copyout(local[2:3]) delete(a, b) finalize
    CHECK(local[1] == 0 && local[2] == 2 && local[4] == 4);
    for (int i = 0; i < N; i++)
        table[i] = i;
#pragma acc update device(table)
#pragma acc parallel present(table) copyout(x)
    x = table[N - 1];
    CHECK_EQ(x, N - 1);
}

struct list { int n; int *items; };

static void deep_copy(void)
{
    int items[5] = { 1, 2, 3, 4, 5 };
    struct list l = { 5, items };

#pragma acc enter data copyin(l)
#pragma acc enter data copyin(l.items[0:5])
#pragma acc enter data attach(l.items)
#pragma acc parallel loop present(l)
    for (int i = 0; i < l.n; i++)
        l.items[i] *= 2;
#pragma acc exit data detach(l.items)
#pragma acc exit data copyout(l.items[0:5])
#pragma acc exit data copyout(l)
    CHECK(items[0] == 2 && items[4] == 10 && l.items == items);
}

/* A queue does what it is given in order. */
static void queues(void)
{
    int x = 0, queue = 3;

    for (int i = 0; i < 20; i++) {
#pragma acc parallel async(queue) copy(x)
        x = 2 * x + 1;
#pragma acc kernels async copy(x) wait(queue)
        x -= i;
    }
    CHECK_EQ(acc_async_test(queue), 1);
    CHECK_EQ(acc_async_test_all(), 1);
#pragma acc wait(queue)
#pragma acc wait(1, 2) async(queue)
#pragma acc wait async(queue)
#pragma acc wait
    CHECK_EQ(x, 20);
}

static int queue;

static void wait_for(void)
{
#pragma acc wait(queue)
}

static void wait_async(void)
{
#pragma acc wait async(queue)
}

static void shutdown_in_region(void)
{
#pragma acc data copyin(a)
    acc_shutdown(acc_device_host);
}

static void shutdown_elsewhere(void)
{
    acc_shutdown(acc_device_host);
}

static void shutdown_in_region_of_other(void)
{
#pragma acc data copyin(a)
    acc_in_thread(shutdown_elsewhere);
}

static void shutdown_after_region(void)
{
#pragma acc data copyin(a)
    a[0] = 0;
    acc_shutdown(acc_device_host);
#pragma acc parallel copy(a)
    a[0] = 1;
    CHECK_EQ(a[0], 1);
    CHECK_EQ(acc_async_test(1), 1);
}

static void mistakes(void)
{
    queue = -3;
    ACC_ENDS(wait_for, "invalid async-argument: -3");
    ACC_ENDS(wait_async, "invalid async-argument: -3");
    ACC_ENDS(shutdown_in_region, "shutdown in 'acc data' region");
    ACC_ENDS(shutdown_in_region_of_other, "shutdown in 'acc data' region");
    ACC_WORKS(shutdown_after_region);
}

int main(void)
{
    loops();
    firstprivate();
    conditions();
    data();
    deep_copy();
    queues();
    mistakes();
    return 0;
}
