/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * C++: exceptions that stay inside their construct, in every thread at once; destructors of private objects; objects
 * whose copies a worksharing construct makes. */
#include <stdexcept>
#include <string>
#include <vector>

#include "check.h"

namespace {

std::size_t alive;

struct Counted {
    int value;

    explicit Counted(int v = 0) : value(v) { __atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED); }
    Counted(const Counted &other) : value(other.value) { __atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED); }
    Counted &operator=(const Counted &other) = default;
    ~Counted() { __atomic_fetch_sub(&alive, 1, __ATOMIC_RELAXED); }
};

void thrower(int depth)
{
    Counted on_the_way(depth);

    if (depth == 0)
        throw std::runtime_error("inside");
    thrower(depth - 1);
}

void exceptions_inside_a_region()
{
    int caught = 0;

    for (int round = 0; round < 20; round++) {
#pragma omp parallel reduction(+ : caught)
        {
            try {
                thrower(5);
            } catch (const std::runtime_error &e) {
                CHECK(std::string(e.what()) == "inside");
                caught++;
            }
        }
    }
    CHECK_EQ(caught, 20 * omp_get_max_threads());
    CHECK_EQ(alive, 0);
}

void exceptions_inside_constructs()
{
    int caught = 0;

#pragma omp parallel
    {
#pragma omp for schedule(dynamic) reduction(+ : caught)
        for (int i = 0; i < 40; i++) {
            try {
                if (i % 2)
                    throw i;
            } catch (int seen) {
                CHECK_EQ(seen, i);
                caught++;
            }
        }
#pragma omp critical
        {
            try {
                throw 1;
            } catch (int) {
                caught++;
            }
        }
#pragma omp single
        {
            try {
                throw std::string("single");
            } catch (const std::string &s) {
                CHECK(s == "single");
                caught++;
            }
        }
    }
    CHECK_EQ(caught, 20 + omp_get_max_threads() + 1);
}

/* The exception leaves the region's caller, not the region. */
void exception_after_a_region_in_a_function()
{
    int caught = 0;

    for (int i = 0; i < 5; i++) {
        try {
            int n = 0;
#pragma omp parallel reduction(+ : n)
            n++;
            throw n;
        } catch (int n) {
            CHECK_EQ(n, omp_get_max_threads());
            caught++;
        }
    }
    CHECK_EQ(caught, 5);
}

void private_objects_are_made_and_destroyed()
{
    Counted first(7), shared_last(0), plain(1);

#pragma omp parallel firstprivate(first) private(plain)
    {
        CHECK_EQ(first.value, 7);
        CHECK_EQ(plain.value, 0);
        first.value += omp_get_thread_num();
#pragma omp for lastprivate(shared_last) schedule(dynamic)
        for (int i = 0; i < 30; i++)
            shared_last.value = i;
        CHECK_EQ(shared_last.value, 29);
#pragma omp single copyprivate(first)
        first.value = 99;
        CHECK_EQ(first.value, 99);
    }
    CHECK_EQ(first.value, 7);
    CHECK_EQ(alive, 3);
}

void iterators_of_a_vector()
{
    std::vector<int> v(500);
    long sum = 0;

#pragma omp parallel for schedule(guided)
    for (auto it = v.begin(); it < v.end(); ++it)
        *it = static_cast<int>(it - v.begin());
#pragma omp parallel for reduction(+ : sum) schedule(nonmonotonic : dynamic, 3)
    for (int x : v)
        sum += x;
    CHECK_EQ(sum, 500 * 499 / 2);
}

#pragma omp declare reduction(append : std::vector<int> : omp_out.insert(omp_out.end(), omp_in.begin(), omp_in.end()))

void reduction_of_containers()
{
    std::vector<int> all;
    std::vector<bool> seen(200);

#pragma omp parallel for reduction(append : all) schedule(dynamic)
    for (int i = 0; i < 200; i++)
        all.push_back(i);
    CHECK_EQ(all.size(), 200);
    for (int i : all) {
        CHECK(!seen[static_cast<std::size_t>(i)]);
        seen[static_cast<std::size_t>(i)] = true;
    }
}

void tasks_with_objects()
{
    int sum = 0;
    Counted c(5);

#pragma omp parallel
#pragma omp single
    {
        for (int i = 0; i < 20; i++) {
#pragma omp task firstprivate(c, i) shared(sum)
            {
                try {
                    throw Counted(c.value + i);
                } catch (const Counted &caught) {
#pragma omp atomic
                    sum += caught.value;
                }
            }
        }
    }
    CHECK_EQ(sum, 100 + 190);
}

} // namespace

int main()
{
    exceptions_inside_a_region();
    exceptions_inside_constructs();
    exception_after_a_region_in_a_function();
    private_objects_are_made_and_destroyed();
    iterators_of_a_vector();
    reduction_of_containers();
    tasks_with_objects();
    CHECK_EQ(alive, 0);
    return 0;
}
