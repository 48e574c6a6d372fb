/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What barriers and regions cost a large team, in read-modify-writes, counted by the build that counts (sync/atomic.h): on a tree one
 * for each thread, one for each node, and one to release all; on two lines one less for each node.  Waiting is active, so nobody
 * sleeps, and the counts are exact whatever the machine does. */
#include "runtime/team.h"
#include "sync/atomic.h"
#include "tests/runtime/test_gomp.h"

enum { TEAM_MAX = 64, ROUNDS = 40, WARM = 5 };

static struct gompx_counts seen[TEAM_MAX][ROUNDS];
static struct gompx_team *team;
static int round_now;

/* What the whole team, and the one that paid most, paid between the notes of two warm rounds that follow each other. */
static void paid(unsigned n, int round, uint64_t *sum, uint64_t *most)
{
    *sum = *most = 0;
    for (unsigned t = 0; t < n; t++) {
        uint64_t rmw = seen[t][round].rmw - seen[t][round - 1].rmw;

        *sum += rmw;
        *most = rmw > *most ? rmw : *most;
    }
}

/* Arrivals on the way from a thread to the root. */
static unsigned levels(const struct gompx_barrier *b, unsigned first, unsigned n)
{
    unsigned most = 0;

    for (unsigned i = first; i < n; i++) {
        unsigned count = 1;

        for (const struct gompx_tree_node *node = b->tree.seat[i].up.node; node; node = node->up.node)
            count++;
        most = count > most ? count : most;
    }
    return most;
}

static const unsigned sizes[] = { 9, 16, 17, 33, 64 };

static void barriers(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() == 0)
        team = gompx_tls.frame->team;
    for (int r = 0; r < ROUNDS; r++) {
        seen[omp_get_thread_num()][r] = gompx_counts;
        GOMP_barrier();
    }
}

START_TEST(a_barrier_takes_one_for_each_thread_and_node_and_one_to_release)
{
    unsigned n = sizes[_i], nodes;
    uint64_t sum, most;

    GOMP_parallel(barriers, NULL, n, 0);
    nodes = team->mode == GOMPX_BARRIER_TREE ? team->barrier.tree.nodes : 0;
    ck_assert_int_eq(nodes > 0, getenv("GOMPX_FANIN") != NULL);
    for (int r = WARM; r < ROUNDS; r++) {
        paid(n, r, &sum, &most);
        ck_assert_uint_eq(sum, n + nodes + 1);
        ck_assert_uint_le(most, nodes ? levels(&team->barrier, 0, n) + 1 : 2);
    }
}
END_TEST

static void note(void *unused)
{
    (void)unused;
    if (omp_get_thread_num() == 0)
        team = gompx_tls.frame->team;
    seen[omp_get_thread_num()][round_now] = gompx_counts;
}

/* Between two notes lie the join of one region and the bell of the next. */
START_TEST(a_region_takes_as_many_and_one_for_the_bell)
{
    unsigned n = sizes[_i], nodes;
    uint64_t sum, most;

    for (round_now = 0; round_now < ROUNDS; round_now++)
        GOMP_parallel(note, NULL, n, 0);
    nodes = team->mode == GOMPX_BARRIER_TREE ? team->join.tree.nodes : 0;
    for (int r = WARM; r < ROUNDS; r++) {
        paid(n, r, &sum, &most);
        ck_assert_uint_eq(sum, n - 1 + nodes + 1 + 1);
        ck_assert_uint_le(most, nodes ? levels(&team->join, 1, n) + 1 : 2);
    }
}
END_TEST

int main(int argc, char **argv)
{
    const char *policy = getenv("OMP_WAIT_POLICY");
    Suite *suite = suite_create("count_tree");
    TCase *tcase = tcase_create("counts");
    int failed;

    /* The runtime has read the environment by now: say it and start again. */
    if (argc > 0 && (!policy || strcmp(policy, "active") != 0)) {
        setenv("OMP_WAIT_POLICY", "active", 1);
        setenv("GOMPX_YIELDS", "2000000000", 1);        /* nobody sleeps in a crowd either */
        setenv("GOMPX_YIELD_LIMIT_US", "2000000000", 1);
        setenv("GOMPX_BARRIER", "central", 1);
        execv("/proc/self/exe", argv);
        return 1;
    }
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_barrier_takes_one_for_each_thread_and_node_and_one_to_release, 0, sizeof sizes / sizeof *sizes);
    tcase_add_loop_test(tcase, a_region_takes_as_many_and_one_for_the_bell, 0, sizeof sizes / sizeof *sizes);
    suite_add_tcase(suite, tcase);
    failed = test_run(suite);
    if (failed || getenv("GOMPX_FANIN"))
        return failed;
    setenv("GOMPX_BARRIER", "tree", 1);
    setenv("GOMPX_FANIN", "4", 1);
    execv("/proc/self/exe", argv);                      /* once more, on a tree */
    return 1;
}
