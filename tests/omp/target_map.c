/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How data reaches a target region on the host: mapped items are the originals themselves, private ones are copies of
 * the right size and alignment, pointers stay what they are.  Also data regions, update, enter and exit data.
 *
 * run: threads=1,4 pin=no since-gcc=12 cflags=-foffload=disable */
#include <stdint.h>

#include "check.h"

struct inner {
    int *values;
    int n;
};

struct outer {
    double head;
    struct inner in;
    char tail[5];
};

#pragma omp declare target
static int global_counter = 3;
static int global_table[16];

static int on_target(int x)
{
    global_counter += x;
    return omp_is_initial_device() ? x + 1 : -1;
}
#pragma omp end declare target

int linked[4] = { 1, 2, 3, 4 };
#pragma omp declare target link(linked)

static void scalars(void)
{
    int a = 1, b = 2, c = 3, d = 4, e = 5;

#pragma omp target map(to : a) map(from : b) map(tofrom : c) firstprivate(d) private(e)
    {
        b = a + 10;
        c += a;
        d = 99;
        e = d;
        CHECK_EQ(e, 99);
    }
    CHECK_EQ(b, 11);
    CHECK_EQ(c, 4);
    CHECK_EQ(d, 4);
    CHECK_EQ(e, 5);
#pragma omp target
    {
        a = 50;                                         /* scalars are firstprivate by default */
        CHECK_EQ(a, 50);
    }
    CHECK_EQ(a, 1);
#pragma omp target defaultmap(tofrom : scalar)
    a = 51;
    CHECK_EQ(a, 51);
#pragma omp target map(always, tofrom : a) map(always, to : b) map(always, from : c)
    {
        a++;
        c = b;
    }
    CHECK_EQ(a, 52);
    CHECK_EQ(c, 11);
}

/* Several private copies, some aligned more than others, of constant and variable length. */
static void private_copies(int n)
{
    char small = 7, odd[3] = { 1, 2, 3 };
    _Alignas(64) char line[64];
    _Alignas(256) int wide[5] = { 5, 4, 3, 2, 1 };
    struct outer o = { 1.5, { NULL, 9 }, "tail" };
    int vla[n], *p = vla;
    long double big = 2.5L;

    memset(line, 6, sizeof line);
    for (int i = 0; i < n; i++)
        vla[i] = i;
#pragma omp target firstprivate(small, odd, line, wide, o, vla, p, big)
    {
        CHECK_EQ((uintptr_t)line % 64, 0);
        CHECK_EQ((uintptr_t)wide % 256, 0);
        CHECK_EQ((uintptr_t)&big % _Alignof(long double), 0);
        CHECK(p != vla);
        CHECK(small == 7 && odd[2] == 3 && line[63] == 6 && wide[4] == 1 && o.in.n == 9 && big == 2.5L);
        CHECK(strcmp(o.tail, "tail") == 0);
        for (int i = 0; i < n; i++) {
            CHECK_EQ(vla[i], i);
            CHECK_EQ(p[i], i);                          /* the pointer is private, what it points at is not */
            vla[i] = -1;
        }
        p[0] = 77;
        p = NULL;
        small = odd[0] = line[0] = 0;
        wide[0] = o.in.n = 0;
        o.tail[0] = '\0';
        big = 0;
    }
    CHECK(p == vla && vla[0] == 77 && vla[n - 1] == (n == 1 ? 77 : n - 1));
    CHECK(small == 7 && odd[0] == 1 && line[0] == 6 && wide[0] == 5 && o.in.n == 9 && o.tail[0] == 't' && big == 2.5L);
}

/* So large that it can hardly be copied to the stack twice over. */
static void large_private_copy(void)
{
    enum { N = 1 << 18 };
    static int big[N];
    long sum = 0;

    for (int i = 0; i < N; i++)
        big[i] = 1;
#pragma omp target firstprivate(big) map(tofrom : sum)
    for (int i = 0; i < N; i++) {
        sum += big[i];
        big[i] = 0;
    }
    CHECK_EQ(sum, N);
    CHECK_EQ(big[N - 1], 1);
}

static void arrays_and_sections(void)
{
    int a[20], *p = a, *q = NULL, n = 20;
    int (*rows)[4] = (int (*)[4])a;

    memset(a, 0, sizeof a);
#pragma omp target map(tofrom : a)
    a[3] = 3;
#pragma omp target map(tofrom : a[5 : 5])
    a[7] = 7;
#pragma omp target map(tofrom : p[2 : n - 2])
    {
        p[2] = 2;
        p[19] = 19;
    }
#pragma omp target map(tofrom : rows[1 : 2][0 : 4])
    rows[2][3] = 11;
#pragma omp target map(q[:0])
    CHECK(q == NULL);
#pragma omp target                                       /* an aggregate is mapped by default */
    a[0] = 1;
    for (int i = 0; i < 20; i++)
        CHECK_EQ(a[i], i == 0 ? 1 : i == 2 || i == 3 || i == 7 || i == 11 || i == 19 ? i : 0);
}

static void structures(void)
{
    int values[6] = { 0, 1, 2, 3, 4, 5 };
    struct outer s = { 0.5, { values, 6 }, "abc" };
    struct inner *pi = &s.in;

#pragma omp target map(tofrom : s.in.n, s.tail)
    {
        s.in.n = 5;
        s.tail[0] = 'x';
    }
#pragma omp target map(tofrom : s.in.values, s.in.values[1 : 3])
    s.in.values[2] = 22;
#pragma omp target map(to : pi->values) map(tofrom : pi->values[:6])
    pi->values[3] = 33;
#pragma omp target enter data map(to : s) map(to : s.in.values[:6])
#pragma omp target map(alloc : s)
    s.in.values[4] = 44;
#pragma omp target exit data map(from : s.in.values[:6]) map(release : s)
    CHECK_EQ(s.in.n, 5);
    CHECK(strcmp(s.tail, "xbc") == 0);
    CHECK(values[2] == 22 && values[3] == 33 && values[4] == 44 && values[5] == 5);
    CHECK(s.in.values == values);
}

static void data_regions(void)
{
    int a[8] = { 0 }, b = 1, *p = a, host = omp_get_initial_device();

#pragma omp target data map(tofrom : a, b) use_device_ptr(p)
    {
        CHECK(p == a);
#pragma omp target is_device_ptr(p)
        p[1] = 1;
#pragma omp target map(tofrom : b)
        b++;
#pragma omp target update from(a, b)
        CHECK_EQ(a[1], 1);
        CHECK_EQ(b, 2);
        a[2] = 2;
#pragma omp target update to(a[1 : 4]) device(host)
#pragma omp target map(tofrom : a)
        CHECK_EQ(a[2], 2);
    }
#pragma omp target data map(tofrom : a) use_device_addr(a)
    {
        int *d = a;

        CHECK_EQ(a[1], 1);
#pragma omp target has_device_addr(a) is_device_ptr(d)
        {
            a[3] = 3;
            d[4] = 4;
        }
    }
    CHECK(a[3] == 3 && a[4] == 4);
#pragma omp target enter data map(to : a) map(alloc : b)
#pragma omp target update to(b) if (0)
#pragma omp target exit data map(from : a) map(delete : b)
    CHECK_EQ(b, 2);
#pragma omp target data map(alloc : a[2 : 3])
#pragma omp target data map(to : b)
    CHECK_EQ(a[4] + b, 6);
}

static void globals(void)
{
    int got = 0;

#pragma omp target map(from : got)
    {
        got = on_target(4);
        global_table[5] = 5;
    }
    CHECK_EQ(got, 5);
    CHECK_EQ(global_counter, 7);
    CHECK_EQ(global_table[5], 5);
#pragma omp target update from(global_counter, global_table)
#pragma omp target map(tofrom : linked)
    linked[1] = 20;
    CHECK_EQ(linked[1], 20);
}

static void defaults(void)
{
    int scalar = 1, array[3] = { 1, 2, 3 }, *pointer = array;

#pragma omp target defaultmap(none) map(tofrom : scalar) map(to : array) firstprivate(pointer)
    scalar = array[1] + (pointer != NULL);
    CHECK_EQ(scalar, 3);
#pragma omp target defaultmap(firstprivate)
    {
        scalar = 9;
        array[0] = 9;
    }
    CHECK_EQ(scalar, 3);
    CHECK_EQ(array[0], 1);
#pragma omp target defaultmap(to : aggregate) defaultmap(tofrom : scalar) defaultmap(default : pointer)
    scalar = array[2] + (pointer == array);
    CHECK_EQ(scalar, 4);
}

/* What the routines for device memory give can be used in a region, and the reverse. */
static void device_memory(void)
{
    int host = omp_get_initial_device(), back[4] = { 0 }, *d = omp_target_alloc(4 * sizeof *d, host);

    CHECK(d != NULL);
#pragma omp target is_device_ptr(d) device(host)
    for (int i = 0; i < 4; i++)
        d[i] = i * i;
    CHECK_EQ(omp_target_memcpy(back, d, sizeof back, 0, 0, host, host), 0);
    CHECK(back[2] == 4 && back[3] == 9);
    omp_target_free(d, host);
}

int main(void)
{
    for (int round = 0; round < 3; round++) {
        scalars();
        private_copies(1);
        private_copies(37);
        large_private_copy();
        arrays_and_sections();
        structures();
        data_regions();
        global_counter = 3;
        globals();
        defaults();
        device_memory();
    }
    return 0;
}
