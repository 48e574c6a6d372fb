// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Target regions in C++: members, references, lambdas, templates, non-trivial private copies, exceptions that stay
// inside, deferred regions of objects that are gone when they run.
//
// run: threads=1,2,4,8 since-gcc=12 cflags=-foffload=disable
#include <stdexcept>
#include <vector>

#include "check.h"

struct vec {
    int n;
    int *data;

    explicit vec(int size) : n(size), data(new int[size]()) {}
    vec(const vec &) = delete;
    vec &operator=(const vec &) = delete;
    ~vec() { delete[] data; }

    void fill(int value)
    {
#pragma omp target map(tofrom : data[:n])
        for (int i = 0; i < n; i++)
            data[i] = value + i;
    }

    long sum() const
    {
        long s = 0;

#pragma omp target teams distribute parallel for map(to : data[:n]) reduction(+ : s)
        for (int i = 0; i < n; i++)
            s += data[i];
        return s;
    }
};

static void members()
{
    vec v(50);

    v.fill(3);
    CHECK_EQ(v.sum(), 50 * 3 + 50 * 49 / 2);
}

template <typename T> static T twice(T x)
{
    T result = T();

#pragma omp target map(to : x) map(from : result)
    result = x + x;
    return result;
}

static void references(int &r, const int &c)
{
    int array[4] = {1, 2, 3, 4}, (&ra)[4] = array;
    int *p = array, *&rp = p;

#pragma omp target map(tofrom : r, ra) map(to : c)
    {
        r += c;
        ra[1] = 20;
    }
#pragma omp target firstprivate(r) map(tofrom : rp[:4])
    {
        r = -1;
        rp[2] = 30;
    }
#pragma omp target data map(tofrom : ra) use_device_ptr(rp)
#pragma omp target is_device_ptr(rp)
    rp[3] = 40;
    CHECK(array[1] == 20 && array[2] == 30 && array[3] == 40);
}

static void lambdas()
{
    int a[10] = {0}, n = 10, base = 5;
    auto write = [&a, n, base](int i) { a[i % n] = base + i; };

#pragma omp target map(tofrom : a)
    for (int i = 0; i < n; i++)
        write(i);
    for (int i = 0; i < n; i++)
        CHECK_EQ(a[i], base + i);
    [&] {
#pragma omp target map(tofrom : a)
        a[0] = base + 1;
    }();
    CHECK_EQ(a[0], 6);
}

static int alive;

struct counted {
    int value;

    explicit counted(int v) : value(v) { __atomic_add_fetch(&alive, 1, __ATOMIC_RELAXED); }
    counted(const counted &other) : value(other.value) { __atomic_add_fetch(&alive, 1, __ATOMIC_RELAXED); }
    ~counted()
    {
        value = -1;
        __atomic_sub_fetch(&alive, 1, __ATOMIC_RELAXED);
    }
};

static void objects()
{
    int seen = 0;
    {
        counted object(7);

#pragma omp target map(tofrom : seen)
        {
            counted local(object.value + 1);

#pragma omp parallel num_threads(3) firstprivate(local)
            {
#pragma omp atomic
                seen += local.value;
            }
        }
    }
    CHECK_EQ(seen, 24);
    CHECK_EQ(alive, 0);
}

static void exceptions_inside()
{
    int caught = 0;

#pragma omp target map(tofrom : caught)
    {
        try {
            std::vector<int> v(3);

            v.at(7) = 1;
        } catch (const std::out_of_range &) {
            caught = 1;
        }
#pragma omp parallel num_threads(2)
        {
            try {
                throw 5;
            } catch (int x) {
#pragma omp atomic
                caught += x;
            }
        }
    }
    CHECK_EQ(caught, 11);
}

struct plain {
    double d[3];
    int i;
};

static void __attribute__((noinline)) defer(long *to, int i)
{
    plain p = {{1.0 * i, 2, 3}, i};
    int &ref = p.i;

#pragma omp target nowait firstprivate(p, ref) map(tofrom : to[:1])
    *to = long(p.d[0]) + p.i + ref;
    p.i = -5;
    ref = -6;
}

static void deferred()
{
    long to[30] = {0};

#pragma omp parallel
#pragma omp single
    for (int i = 0; i < 30; i++)
        defer(&to[i], i);
    for (int i = 0; i < 30; i++)
        CHECK_EQ(to[i], 3 * i);
}

int main()
{
    for (int round = 0; round < check_rounds(12); round++) {
        int r = 1;

        members();
        CHECK_EQ(twice(21), 42);
        CHECK(twice(1.5) == 3.0);
        references(r, 4);
        CHECK_EQ(r, 5);
        lambdas();
        objects();
        exceptions_inside();
        deferred();
    }
    return 0;
}
