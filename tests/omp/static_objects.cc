/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Regions before main (in constructors of static objects), after main (in their destructors and in exit handlers), and
 * threadprivate objects with constructors and destructors. */
#include <vector>

#include "check.h"

namespace {

int members()
{
    int n = 0;

#pragma omp parallel reduction(+ : n)
    n++;
    return n;
}

struct Early {
    int before;

    Early() : before(members()) {}
    ~Early()
    {
        if (members() != omp_get_max_threads())
            _exit(1);
    }
};

Early early;

struct Local {
    std::vector<int> kept;
    int made_by;

    Local() : kept(3, 7), made_by(omp_get_thread_num()) {}
};

extern Local local;     /* known as threadprivate before its definition uses it */
#pragma omp threadprivate(local)
Local local;

void threadprivate_objects_are_constructed_per_thread()
{
    std::vector<const void *> where(static_cast<std::size_t>(omp_get_max_threads()));

#pragma omp parallel
    {
        CHECK_EQ(local.kept.size(), 3);
        local.kept.push_back(omp_get_thread_num());
        where[static_cast<std::size_t>(omp_get_thread_num())] = &local;
    }
    for (std::size_t i = 0; i < where.size(); i++)
        for (std::size_t j = 0; j < i; j++)
            CHECK(where[i] != where[j]);
    for (int round = 0; round < 10; round++) {
#pragma omp parallel
        {
            CHECK(where[static_cast<std::size_t>(omp_get_thread_num())] == &local);
            CHECK_EQ(local.kept.size(), 4);
            CHECK_EQ(local.kept.back(), omp_get_thread_num());
        }
    }
}

void copyin_of_an_object()
{
    local.kept.assign(5, 42);
#pragma omp parallel copyin(local)
    {
        CHECK_EQ(local.kept.size(), 5);
        CHECK_EQ(local.kept[4], 42);
    }
}

int function_static()
{
    static int value = members() * 0 + 13;      /* the guarded initialiser runs a region */

    return value;
}

void at_exit()
{
    if (members() != omp_get_max_threads())
        _exit(1);
}

} // namespace

int main()
{
    std::atexit(at_exit);
    CHECK_EQ(early.before, omp_get_max_threads());
    threadprivate_objects_are_constructed_per_thread();
    copyin_of_an_object();
    CHECK_EQ(function_static(), 13);
    return 0;
}
