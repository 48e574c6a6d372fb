/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks of C++ programs: firstprivate objects with constructors, copied once for every task and destroyed as often,
 * also when their group is cancelled; exceptions thrown and caught inside tasks, and around taskwait.
 *
 * run: opt=2 timeout=30
 *
 * run+:
 * run+: opt=0 policy=default pin=no threads=1,2,4
 * run+: env=OMP_CANCELLATION=true policy=default */
#include <atomic>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/omp/task_check.h"

namespace {

std::atomic<long> live{0}, copies{0};

/* An object that knows where it is and may not be moved about byte by byte. */
class Counted {
public:
    explicit Counted(int n = 0) : value(n), self(this) { live++; }
    Counted(const Counted &other) : value(other.value), self(this)
    {
        other.check();
        live++;
        copies++;
    }
    Counted &operator=(const Counted &other)
    {
        other.check();
        value = other.value;
        return *this;
    }
    ~Counted()
    {
        check();
        self = nullptr;
        value = -1;
        live--;
    }
    void check() const { CHECK(self == this); }

    int value;

private:
    const Counted *self;
};

struct alignas(128) Wide : Counted {
    explicit Wide(int n) : Counted(n) {}
    char fill[200] = {};
};

void objects_are_copied_for_every_task()
{
    long before = live;
    std::atomic<int> sum{0};
    {
        Counted c(5);
        copies = 0;
#pragma omp parallel
#pragma omp single
        for (int i = 0; i < 40; i++) {
            c.value = i;
#pragma omp task firstprivate(c, i) shared(sum) if(i % 4 != 0)
            {
                c.check();
                CHECK_EQ(c.value, i);
                sum += c.value;
                c.value = -5;
            }
        }
        CHECK_EQ(sum, 780);
        CHECK_EQ(copies, 40);
    }
    CHECK_EQ(live, before);
}

void aligned_objects_and_arrays()
{
    long before = live;
    {
        Wide wide(3);
        Counted row[3] = { Counted(1), Counted(2), Counted(3) };
#pragma omp parallel firstprivate(wide)
        {
            for (int i = 0; i < 10; i++) {
#pragma omp task firstprivate(wide, row)
                {
                    CHECK_EQ(reinterpret_cast<size_t>(&wide) % 128, 0);
                    wide.check();
                    for (int k = 0; k < 3; k++) {
                        row[k].check();
                        CHECK_EQ(row[k].value, k + 1);
                    }
#pragma omp task firstprivate(wide)
                    CHECK_EQ(wide.value, 3);
                }
            }
        }
    }
    CHECK_EQ(live, before);
}

void loops_copy_for_every_task()
{
    long before = live;
    {
        Counted c(9);
        std::atomic<int> trips{0};

        copies = 0;
#pragma omp parallel
#pragma omp single
        {
#pragma omp taskloop firstprivate(c) shared(trips) num_tasks(13)
            for (int i = 0; i < 100; i++) {
                c.check();
                CHECK_EQ(c.value, 9);
                trips++;
            }
            CHECK_EQ(trips, 100);
            CHECK_EQ(copies, 13);
#pragma omp taskloop firstprivate(c) shared(trips) if(0) grainsize(10)
            for (int i = 0; i < 100; i++)
                trips += c.value - 8;
            CHECK_EQ(trips, 200);
#pragma omp taskloop lastprivate(c) num_tasks(4)
            for (int i = 0; i < 8; i++)
                c = Counted(i);
            CHECK_EQ(c.value, 7);
        }
    }
    CHECK_EQ(live, before);
}

struct Sum {
    std::vector<int> seen;
    void add(const Sum &other) { seen.insert(seen.end(), other.seen.begin(), other.seen.end()); }
};
#pragma omp declare reduction(append : Sum : omp_out.add(omp_in))

void reductions_of_objects()
{
    Sum all;

#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup task_reduction(append : all)
        for (int i = 0; i < 30; i++) {
#pragma omp task in_reduction(append : all) firstprivate(i)
            all.seen.push_back(i);
        }
#pragma omp taskloop reduction(append : all) num_tasks(7)
        for (int i = 30; i < 60; i++)
            all.seen.push_back(i);
    }
    CHECK_EQ(all.seen.size(), 60);
    long sum = 0;
    for (int i : all.seen)
        sum += i;
    CHECK_EQ(sum, 1770);
}

/* A list walked by one thread, each element treated by a task of its own; strings and vectors as data. */
void strings_and_vectors()
{
    std::vector<std::string> words;
    std::atomic<size_t> length{0};

    for (int i = 0; i < 50; i++)
        words.push_back(std::string(static_cast<size_t>(i), 'x'));
#pragma omp parallel
#pragma omp single
    for (std::string word : words) {
#pragma omp task firstprivate(word) shared(length)
        {
            word += "yz";
            std::vector<std::string> twice(2, word);
#pragma omp task firstprivate(twice) shared(length)
            length += twice[0].size() + twice[1].size();
        }
    }
    CHECK_EQ(length, 2 * (1225 + 100));
}

void thrower(int depth)
{
    Counted c(depth);

    if (depth == 0)
        throw std::runtime_error("thrown in thread " + std::to_string(omp_get_thread_num()));
    thrower(depth - 1);
}

void exceptions_inside_tasks()
{
    long before = live;
    std::atomic<int> caught{0};

#pragma omp parallel
    for (int i = 0; i < 20; i++) {
#pragma omp task shared(caught) firstprivate(i)
        {
            std::string here = "thrown in thread " + std::to_string(omp_get_thread_num());
            try {
                Counted local(i);
                thrower(i);
                CHECK(false);
            } catch (const std::runtime_error &e) {
                CHECK(here == e.what());
                caught++;
            }
        }
    }
    CHECK_EQ(caught, 20 * omp_get_max_threads());
    CHECK_EQ(live, before);
}

/* A handler that waits for tasks which throw and catch themselves still has its own exception afterwards. */
void exceptions_around_taskwait()
{
    std::atomic<int> caught{0};

#pragma omp parallel
    for (int i = 0; i < 8; i++) {
#pragma omp task shared(caught) firstprivate(i)
        {
            try {
                try {
                    throw i;
                } catch (int n) {
                    for (int k = 0; k < 3; k++) {
#pragma omp task shared(caught) firstprivate(k) if(k != 2)
                        {
                            try {
                                thrower(k);
                            } catch (const std::exception &) {
                                caught++;
                            }
                        }
                    }
#pragma omp taskwait
                    CHECK_EQ(n, i);
                    CHECK(std::current_exception() != nullptr);
                    throw;
                }
            } catch (int n) {
                CHECK_EQ(n, i);
                caught++;
            }
            CHECK(std::current_exception() == nullptr);
        }
    }
    CHECK_EQ(caught, 8 * 4 * omp_get_max_threads());
}

/* An exception leaves a block in which tasks were made, of which some may not have begun, and which waits for them in a
 * destructor. */
struct Waiter {
    ~Waiter()
    {
#pragma omp taskwait
    }
};

void exceptions_past_unfinished_tasks()
{
    std::atomic<int> done{0};

#pragma omp parallel
    {
        int mine = 0;

        for (int i = 1; i <= 10; i++) {
            try {
                Waiter waiter;
                for (int k = 0; k < 5; k++) {
#pragma omp task shared(done, mine)
                    {
                        done++;
                        ADD(mine, 1);
                    }
                }
                throw i;
            } catch (int) {
                CHECK_EQ(LOAD(mine), 5 * i);
            }
        }
    }
    CHECK_EQ(done, 50 * omp_get_max_threads());
}

/* Tasks whose data was constructed run even if their group is cancelled, so that it is destroyed; those that are never
 * made construct nothing. */
void cancelled_groups_destroy_their_objects()
{
    long before = live;
    int rounds = check_rounds(40);
    bool on = omp_get_cancellation();

    for (int i = 0; i < rounds; i++) {
        std::atomic<int> ran{0};
        Counted c(1);
        int x = 0;

#pragma omp parallel
#pragma omp single
        {
#pragma omp taskgroup
            {
#pragma omp task depend(out : x) shared(x) firstprivate(i)
                {
                    check_work(i % 4 * 100);
                    x = 1;
#pragma omp cancel taskgroup
                }
                for (int k = 0; k < 20; k++) {
#pragma omp task depend(in : x) firstprivate(c) shared(ran)
                    ran += c.value;
                }
#pragma omp taskloop firstprivate(c) num_tasks(5) nogroup shared(ran)
                for (int k = 0; k < 20; k++)
                    ran += c.value;
            }
            CHECK(on ? ran <= 40 : ran == 40);
        }
#pragma omp parallel firstprivate(c)
        {
            for (int k = 0; k < 5; k++) {
#pragma omp task firstprivate(c) shared(ran)
                ran += c.value;
            }
            if (omp_get_thread_num() == 0) {
#pragma omp cancel parallel
            }
        }
    }
    CHECK_EQ(live, before);
}

} // namespace

int main()
{
    for (int i = 0; i < 4; i++) {
        objects_are_copied_for_every_task();
        aligned_objects_and_arrays();
        loops_copy_for_every_task();
        reductions_of_objects();
        strings_and_vectors();
        exceptions_inside_tasks();
        exceptions_around_taskwait();
        exceptions_past_unfinished_tasks();
        cancelled_groups_destroy_their_objects();
    }
    return 0;
}
