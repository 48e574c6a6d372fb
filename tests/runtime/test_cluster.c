/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How the members of a team meet (runtime/cluster.h): the choice of a barrier, and trees that follow bound threads when regions
 * change their sizes and policies, when masks are narrowed, in nested teams and in a forked child.
 *
 * The machine is made up: the function that reads which CPUs are near each other is replaced here.  The first two CPUs that this
 * process has are said to be of two caches and two memory nodes. */
#include "runtime/cluster.h"

#include <sched.h>

#include "affinity/near.h"
#include "runtime/team.h"
#include "tests/runtime/test_env.h"
#include "tests/runtime/test_gomp.h"

void omp_set_max_active_levels(int levels);

enum { CPUS = 2, TEAM_MAX = 64, BARRIERS = 6, PRIMARY = 2, CLOSE = 3, SPREAD = 4 };

static unsigned cpu[CPUS];
static _Atomic unsigned times_read;

void gompx_near_read(const char *root, const struct gompx_cpuset *mask, struct gompx_near *near)
{
    ck_assert_str_eq(root, "");
    for (unsigned i = 0; i < mask->size; i++)
        near[i] = (struct gompx_near){ 100 + i, 200 + i };
    atomic_fetch_add(&times_read, 1);
}

static bool cpus_find(void)
{
    struct gompx_cpuset mask;

    if (!gompx_cpuset_current(&mask))
        return false;
    cpu[0] = gompx_cpuset_next(&mask, 0);
    cpu[1] = gompx_cpuset_next(&mask, cpu[0] + 1);
    return cpu[1] != GOMPX_CPU_NONE;
}

static void start(const char *bind, const char *barrier)
{
    char places[64];

    test_clean();
    snprintf(places, sizeof places, "{%u},{%u}", cpu[0], cpu[1]);
    setenv("OMP_PLACES", places, 1);
    setenv("OMP_PROC_BIND", bind, 1);
    setenv("GOMPX_BARRIER", barrier, 1);
    setenv("GOMPX_FANIN", "4", 1);
    ck_assert_str_eq(test_read(), "");
}

/* ---- the choice ---- */

START_TEST(few_threads_or_few_cpus_meet_without_a_tree)
{
    for (unsigned n = 2; n < 300; n++) {
        for (unsigned procs = 1; procs < 300; procs += 1 + procs / 5) {
            enum gompx_barrier_mode wanted = n <= 4 ? GOMPX_BARRIER_MONO : n <= 8 || procs <= 8 ? GOMPX_BARRIER_CENTRAL
                                                                                               : GOMPX_BARRIER_TREE;
            ck_assert_int_eq(gompx_cluster_mode(n, procs, GOMPX_CHOICE_AUTO), wanted);
            ck_assert_int_eq(gompx_cluster_mode(n, procs, GOMPX_CHOICE_MONO), GOMPX_BARRIER_MONO);
            ck_assert_int_eq(gompx_cluster_mode(n, procs, GOMPX_CHOICE_CENTRAL), GOMPX_BARRIER_CENTRAL);
            ck_assert_int_eq(gompx_cluster_mode(n, procs, GOMPX_CHOICE_TREE), GOMPX_BARRIER_TREE);
        }
    }
}
END_TEST

/* ---- regions ---- */

static struct {
    struct gompx_team *team;
    unsigned n;
    unsigned on[TEAM_MAX];              /* the CPU that each member may use: 0, 1, or CPUS for both */
    _Atomic unsigned arrived[TEAM_MAX];
    _Atomic bool wrong;
} room;

static unsigned own_cpu(void)
{
    struct gompx_cpuset mask;

    if (!gompx_cpuset_current(&mask) || gompx_cpuset_count(&mask) != 1)
        return CPUS;
    return gompx_cpuset_has(&mask, cpu[1]);
}

static void meet(void *unused)
{
    unsigned me = (unsigned)omp_get_thread_num(), n = (unsigned)omp_get_num_threads();

    (void)unused;
    if (me == 0) {
        room.team = gompx_tls.frame->team;
        room.n = n;
    }
    room.on[me] = own_cpu();
    for (unsigned round = 1; round <= BARRIERS; round++) {
        atomic_store(&room.arrived[me], round);
        GOMP_barrier();
        for (unsigned i = 0; i < n; i++)
            if (room.arrived[i] < round || room.arrived[i] > round + 1)
                atomic_store(&room.wrong, true);
    }
}

/* Where a thread arrives first; NULL: at the root. */
static const struct gompx_tree_node *leaf(const struct gompx_barrier *b, unsigned tid)
{
    return b->tree.seat[tid].up.node;
}

/* Threads share a node or a line with those of their CPU only; and they do share. */
static void tree_follows(const struct gompx_barrier *b, unsigned first, unsigned n)
{
    bool together = false;

    for (unsigned i = first; i < n; i++)
        for (unsigned j = first; j < i; j++) {
            bool node = leaf(b, i) && leaf(b, i) == leaf(b, j);
            bool line = b->tree.lines > 0 && b->tree.seat[i].sense == b->tree.seat[j].sense;

            together |= node;
            ck_assert_msg(!(node || line) || room.on[i] == room.on[j], "%u on %u and %u on %u meet first", i, room.on[i], j,
                          room.on[j]);
        }
    ck_assert(together);
}

/* A region, and whether the tree is that of the masks that its threads have. */
static void region(unsigned n, unsigned flags)
{
    for (unsigned i = 0; i < n; i++)
        atomic_store(&room.arrived[i], 0);
    GOMP_parallel(meet, NULL, n, flags);
    ck_assert(!room.wrong);
    ck_assert_uint_eq(room.n, n);
    ck_assert_int_eq(room.team->mode, GOMPX_BARRIER_TREE);
    tree_follows(&room.team->barrier, 0, n);
    tree_follows(&room.team->join, 1, n);
}

static bool on_both(unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        if (room.on[i] != room.on[0])
            return true;
    return false;
}

START_TEST(the_tree_follows_bound_threads_from_region_to_region)
{
    static const unsigned sizes[] = { 9, 64, 12, 33, 17, 64, 10 }, policies[] = { 0, SPREAD, PRIMARY, CLOSE, PRIMARY };

    start("close", "tree");
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned p = 0; p < sizeof policies / sizeof *policies; p++) {
            region(sizes[s], policies[p]);
            ck_assert_int_eq(on_both(sizes[s]), policies[p] != PRIMARY);
            ck_assert_int_eq(room.team->barrier.tree.lines > 0, policies[p] != PRIMARY || sizes[s] > 16);
        }
    ck_assert_uint_eq(times_read, 1);
}
END_TEST

START_TEST(a_region_like_the_last_one_keeps_its_tree)
{
    uint32_t shape;

    start("spread", "tree");
    region(20, 0);
    shape = room.team->shape;
    for (int i = 0; i < 10; i++)
        region(20, 0);
    ck_assert_uint_eq(room.team->shape, shape);
    region(20, PRIMARY);
    ck_assert_uint_ne(room.team->shape, shape);
}
END_TEST

static void narrow(void *unused)
{
    struct gompx_cpuset one;

    (void)unused;
    gompx_cpuset_clear(&one, GOMPX_CPU_MAX);
    gompx_cpuset_add(&one, cpu[1]);
    ck_assert_int_eq(gompx_cpuset_give(pthread_self(), &one), 0);
}

/* As taskset -a does: all threads are near each other afterwards. */
START_TEST(a_mask_that_is_narrowed_later_makes_all_alike)
{
    start("close", "tree");
    region(24, 0);
    ck_assert(on_both(24));
    GOMP_parallel(narrow, NULL, 24, 0);
    for (unsigned n = 23; n < 30; n++) {
        region(n, 0);
        ck_assert(!on_both(n));
    }
    ck_assert_uint_eq(room.team->barrier.tree.lines, (29 + 3) / 4);
}
END_TEST

static struct gompx_team *inner_team[2];
static unsigned inner_on[2][TEAM_MAX];

static void inner_meet(void *at)
{
    unsigned outer = *(unsigned *)at, me = (unsigned)omp_get_thread_num();

    if (me == 0)
        inner_team[outer] = gompx_tls.frame->team;
    inner_on[outer][me] = own_cpu();
    for (int i = 0; i < BARRIERS; i++)
        GOMP_barrier();
}

static void outer_run(void *flags)
{
    unsigned me = (unsigned)omp_get_thread_num();

    GOMP_parallel(inner_meet, &me, 12, *(unsigned *)flags);
}

START_TEST(nested_teams_have_trees_of_their_own)
{
    start("spread", "tree");
    omp_set_max_active_levels(2);
    for (unsigned round = 0; round < 6; round++) {
        unsigned outer = round % 2 ? SPREAD : CLOSE, inner = CLOSE;     /* after spread each has a place of its own */

        GOMP_parallel(outer_run, &inner, 2, outer);
        for (unsigned o = 0; o < 2; o++) {
            memcpy(room.on, inner_on[o], sizeof room.on);
            tree_follows(&inner_team[o]->barrier, 0, 12);
            ck_assert_int_eq(on_both(12), outer == CLOSE);
        }
    }
}
END_TEST

START_TEST(a_forked_child_has_a_new_tree)
{
    int status;
    pid_t pid;

    start("close", "tree");
    region(16, 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        region(16, 0);
        region(32, SPREAD);
        _exit(times_read == 1 ? 0 : 2);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    region(16, 0);
}
END_TEST

/* Nothing is known of where unbound threads are: neighbours by their numbers meet, and nobody reads files. */
START_TEST(unbound_threads_meet_by_their_numbers)
{
    start("false", "tree");
    GOMP_parallel(meet, NULL, 16, 0);
    ck_assert(!room.wrong);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_ptr_eq(leaf(&room.team->barrier, i), leaf(&room.team->barrier, i / 4 * 4));
    ck_assert_uint_eq(times_read, 0);
}
END_TEST

START_TEST(no_files_are_read_where_there_is_no_tree)
{
    start("close", "auto");
    GOMP_parallel(meet, NULL, 8, 0);
    ck_assert_int_eq(room.team->mode, GOMPX_BARRIER_CENTRAL);
    ck_assert_uint_eq(times_read, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cluster");
    TCase *tcase = tcase_create("cluster");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, few_threads_or_few_cpus_meet_without_a_tree);
    if (cpus_find()) {
        tcase_add_test(tcase, the_tree_follows_bound_threads_from_region_to_region);
        tcase_add_test(tcase, a_region_like_the_last_one_keeps_its_tree);
        tcase_add_test(tcase, a_mask_that_is_narrowed_later_makes_all_alike);
        tcase_add_test(tcase, nested_teams_have_trees_of_their_own);
        tcase_add_test(tcase, a_forked_child_has_a_new_tree);
        tcase_add_test(tcase, unbound_threads_meet_by_their_numbers);
        tcase_add_test(tcase, no_files_are_read_where_there_is_no_tree);
    }
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
