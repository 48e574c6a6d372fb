/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fork() before the first region, between regions, inside a region (by the primary and by a worker) and from several
 * threads: the child must be able to run regions of its own, and the parent's must go on undisturbed.
 *
 * run: repeat=2 cflags=-foffload=disable
 * run: gompx-only="a region in a child forked after a region hangs in libgomp" */
#include <pthread.h>
#include <sys/wait.h>

#include "check.h"

static void a_region(int threads)
{
    int sum = 0, members = 0;

#pragma omp parallel num_threads(threads)
    {
#pragma omp atomic
        members++;
#pragma omp barrier
        CHECK_EQ(members, threads);
#pragma omp for schedule(dynamic) reduction(+ : sum)
        for (int i = 0; i < 30; i++)
            sum += i;
#pragma omp critical
        members++;
#pragma omp single
        CHECK_EQ(sum, 435);
    }
    CHECK_EQ(members, 2 * threads);
}

static void regions(void)
{
    int threads = omp_get_max_threads();

    a_region(threads);
    a_region(threads > 2 ? 2 : 3);
    a_region(threads + 1);
    a_region(threads);
}

static void wait_for(pid_t child)
{
    int status;

    CHECK(child > 0);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}

static void child_with_regions(int grandchildren)
{
    pid_t child = fork();

    if (child == 0) {
        CHECK_EQ(omp_get_level(), 0);
        regions();
        if (grandchildren > 0)
            child_with_regions(grandchildren - 1);
        regions();
        _exit(0);
    }
    wait_for(child);
}

static void a_child_that_exits_normally(void)
{
    pid_t child = fork();

    if (child == 0) {
        regions();
        exit(0);
    }
    wait_for(child);
}

/* The child of a fork inside a region goes on serially and may start regions of its own. */
static void fork_inside_a_region(int forker)
{
    int children = 0, threads = omp_get_max_threads();

#pragma omp parallel
    {
#pragma omp barrier
        if (omp_get_thread_num() == forker) {
            pid_t child = fork();

            if (child == 0) {
                int n = 0;
#pragma omp parallel num_threads(2)
#pragma omp atomic
                n++;
                CHECK(n == 1 || n == 2);
#pragma omp critical
                n++;
                _exit(0);
            }
            wait_for(child);
            children++;
        }
#pragma omp barrier
    }
    CHECK_EQ(children, forker < threads);
    a_region(threads);
}

/* The child of a fork inside a loop comes to the loop's end: its chunks were dealt out by a team that it does not have. */
static void fork_inside_a_loop(void)
{
    pid_t parent = getpid();

#pragma omp parallel
    {
#pragma omp for schedule(monotonic : dynamic)
        for (int i = 0; i < 40; i++)
            if (i == 5 && getpid() == parent) {
                pid_t child = fork();

                if (child > 0)
                    wait_for(child);
            }
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 40; i++)
            if (i == 5 && getpid() == parent) {
                pid_t child = fork();

                if (child > 0)
                    wait_for(child);
            }
        if (getpid() != parent)
            _exit(0);
    }
}

/* The child of a fork inside a target region leaves that and goes on alone in the region around it. */
static void fork_inside_a_target(int forker)
{
    pid_t parent = getpid();

#pragma omp parallel
    {
        if (omp_get_thread_num() == forker) {
#pragma omp target
            {
                a_region(2);
                pid_t child = fork();

                if (child > 0)
                    wait_for(child);
                else
                    a_region(1);
                CHECK_EQ(omp_get_level(), 0);
            }
            CHECK_EQ(omp_get_level(), 1);
            CHECK(getpid() == parent || omp_get_num_threads() == 1);
        }
#pragma omp barrier
        if (getpid() != parent)
            _exit(0);
    }
}

static pthread_barrier_t pools_stand;

/* Threads must not be created while another thread forks: the C library's own locks do not survive that in the child.
 * So every thread makes its pool first; then all fork at once, and run regions while the others fork. */
static void *forking_thread(void *unused)
{
    regions();
    pthread_barrier_wait(&pools_stand);
    child_with_regions(0);
    regions();
    child_with_regions(0);
    return unused;
}

static void fork_in_other_threads(void)
{
    pthread_t threads[3];

    CHECK_EQ(pthread_barrier_init(&pools_stand, NULL, 4), 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, forking_thread, NULL), 0);
    pthread_barrier_wait(&pools_stand);
    regions();
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    child_with_regions(0);                  /* before any region of the parent */
    regions();
    for (int i = 0; i < check_rounds(8); i++) {
        child_with_regions(i == 1);
        regions();
    }
    a_child_that_exits_normally();
    check_sleep_us(20000);                  /* the pool's threads sleep */
    child_with_regions(1);
    fork_inside_a_region(0);
    fork_inside_a_region(omp_get_max_threads() - 1);
    fork_inside_a_loop();
    fork_inside_a_target(0);
    fork_inside_a_target(omp_get_max_threads() - 1);
    fork_in_other_threads();
    regions();
    return 0;
}
