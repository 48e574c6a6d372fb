// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The routines with their defaults of C++, containers whose elements come from allocators, objects that are private copies.
//
// run: opt=2 pin=no policy=default since-gcc=12
#include <list>
#include <string>
#include <vector>

#include "tests/omp/check.h"

// What the newer headers' omp::allocator templates do, for headers that have none.
template <typename T, omp_allocator_handle_t Handle> struct Allocator {
    typedef T value_type;
    template <typename U> struct rebind {
        typedef Allocator<U, Handle> other;
    };

    Allocator() {}
    template <typename U> Allocator(const Allocator<U, Handle> &) {}
    T *allocate(size_t n)
    {
        void *p = omp_aligned_alloc(alignof(T), n * sizeof(T), Handle);

        CHECK(p != NULL);
        return static_cast<T *>(p);
    }
    void deallocate(T *p, size_t) { omp_free(p, Handle); }
    bool operator==(const Allocator &) const { return true; }
    bool operator!=(const Allocator &) const { return false; }
};

struct alignas(128) Wide {
    int value;
    explicit Wide(int v) : value(v) {}
};

static void routines_have_defaults()
{
    void *p = omp_alloc(10), *q = omp_calloc(2, 5);

    CHECK(p != NULL && q != NULL);
    p = omp_realloc(p, 100);
    CHECK(p != NULL);
    omp_free(p);
    omp_free(q);
    p = omp_aligned_alloc(64, 10);
    q = omp_aligned_calloc(128, 2, 5);
    CHECK(reinterpret_cast<size_t>(p) % 64 == 0 && reinterpret_cast<size_t>(q) % 128 == 0);
    omp_free(p);
    omp_free(q);
}

static void containers_grow()
{
    std::vector<Wide, Allocator<Wide, omp_high_bw_mem_alloc> > wide;
    std::list<std::string, Allocator<std::string, omp_low_lat_mem_alloc> > words;

    for (int i = 0; i < 1000; i++) {
        wide.push_back(Wide(i));
        words.push_back(std::string(i % 50, 'x'));
        CHECK(reinterpret_cast<size_t>(&wide.back()) % alignof(Wide) == 0);
    }
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(wide[i].value, i);
        CHECK_EQ(words.front().size(), i % 50);
        words.pop_front();
    }
}

static int alive;

struct Object {
    int value;
    Object() : value(1) { count(1); }
    Object(const Object &o) : value(o.value) { count(1); }
    ~Object() { count(-1); }
    static void count(int by)
    {
#pragma omp atomic
        alive += by;
    }
};

static void private_copies_are_constructed_and_destroyed()
{
    Object x;
    int at_most = 0;

    x.value = 42;
#pragma omp parallel firstprivate(x) allocate(omp_cgroup_mem_alloc : x) reduction(max : at_most)
    {
        CHECK_EQ(x.value, 42);
#pragma omp barrier
#pragma omp atomic read
        at_most = alive;
#pragma omp barrier
#pragma omp task firstprivate(x) allocate(omp_default_mem_alloc : x)
        CHECK_EQ(x.value, 42);
    }
    CHECK(at_most >= 2);
    CHECK_EQ(alive, 1);
}

int main()
{
    routines_have_defaults();
#pragma omp parallel
    containers_grow();
    private_copies_are_constructed_and_destroyed();
    return 0;
}
