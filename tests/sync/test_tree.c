/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The tree of a barrier (sync/barrier_tree.h): its shape, and that one target fits all of its nodes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sync/barrier.h"

enum { MOST = 300, ROUND = 77 };

static struct gompx_barrier barrier;

static uint32_t random_next(void)
{
    static uint32_t state = 1;

    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static void shuffle(unsigned *order, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        order[i] = i;
    for (unsigned i = n; i > 1; i--) {
        unsigned j = random_next() % i, t = order[i - 1];

        order[i - 1] = order[j];
        order[j] = t;
    }
}

static void build(unsigned first, unsigned end, unsigned fanin, const struct gompx_tree_place *place, bool lines)
{
    struct gompx_tree_plan plan = { first, end, fanin, place, lines };

    gompx_barrier_shape(&barrier, &plan, 0xfffffff0u);
}

/* Several machines: threads per cache, caches per memory node; the numbers of the threads say nothing. */
static struct gompx_tree_place places[MOST];

static void places_scatter(unsigned n, unsigned caches, unsigned memories)
{
    unsigned order[MOST];

    shuffle(order, n);
    for (unsigned i = 0; i < n; i++)
        places[order[i]] = (struct gompx_tree_place){ .cache = i % caches, .memory = i % caches % memories };
}

/* ---- arriving ---- */

/* One thread plays all: in whatever order they come, the last one and no other completes the barrier. */
static void arrive_all(unsigned first, unsigned end)
{
    static uint32_t target;
    unsigned order[MOST], n = end - first;

    target = 0xfffffff0u;                               /* wraps on the way */
    for (int round = 0; round < 4; round++) {
        target += 2 * n;
        shuffle(order, n);
        for (unsigned i = 0; i < n; i++) {
            enum gompx_arrival arrival = gompx_barrier_climb(&barrier, target, first + order[i], ROUND);

            ck_assert_int_eq(arrival, i == n - 1 ? GOMPX_ARRIVED_LAST : GOMPX_ARRIVED);
            ck_assert_int_eq(gompx_barrier_complete(&barrier, target), i == n - 1);
            ck_assert_int_eq(gompx_reached(barrier.sense, target), i == n - 1);
        }
        for (unsigned i = 0; i < barrier.tree.nodes; i++)
            ck_assert_uint_eq(barrier.tree.node[i].count, target);
        for (unsigned i = 0; i < barrier.tree.lines; i++)
            ck_assert_uint_eq(barrier.tree.line[i].sense, target);
    }
}

START_TEST(only_the_last_arrival_completes_the_barrier)
{
    unsigned fanin = (unsigned)_i;

    for (unsigned n = 1; n < 140; n++) {
        build(0, n, fanin, NULL, n % 2);
        arrive_all(0, n);
        build(1, n + 1, fanin, NULL, false);            /* as for a join: thread 0 waits only */
        arrive_all(1, n + 1);
        places_scatter(n, 1 + n % 7, 1 + n % 3);
        build(0, n, fanin, places, n % 2);
        arrive_all(0, n);
    }
}
END_TEST

START_TEST(counts_go_on_from_the_greatest_after_arrivals_that_were_in_vain)
{
    uint32_t base = 0xfffffff0u, count;

    build(0, 20, 3, NULL, true);
    for (unsigned i = 0; i < 19; i++)
        ck_assert_int_eq(gompx_barrier_climb(&barrier, base + 40, i, ROUND), GOMPX_ARRIVED);
    count = gompx_barrier_recount(&barrier, GOMPX_BARRIER_TREE);
    ck_assert(gompx_reached(count, base + 2) && gompx_reached(base + 40, count));
    ck_assert_uint_eq(barrier.arrive, count);
    ck_assert_uint_eq(barrier.sense, count);
    for (unsigned i = 0; i < 20; i++)
        ck_assert_int_eq(gompx_barrier_climb(&barrier, count + 40, (i + 7) % 20, ROUND),
                         i == 19 ? GOMPX_ARRIVED_LAST : GOMPX_ARRIVED);
}
END_TEST

/* ---- shape ---- */

static unsigned children(const struct gompx_tree_node *node, unsigned n)
{
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++)
        count += barrier.tree.seat[i].up.node == node;
    for (unsigned i = 0; i < barrier.tree.nodes; i++)
        count += barrier.tree.node[i].up.node == node;
    return count;
}

static unsigned depth(unsigned thread)
{
    unsigned d = 1;

    for (const struct gompx_tree_node *node = barrier.tree.seat[thread].up.node; node; node = node->up.node)
        d++;
    return d;
}

START_TEST(no_node_has_more_children_than_it_may_or_less_than_two)
{
    unsigned fanin = (unsigned)_i;

    for (unsigned n = 1; n < MOST; n += 1 + n / 8) {
        places_scatter(n, 1 + n % 11, 1 + n % 4);
        for (int scattered = 0; scattered < 2; scattered++) {
            build(0, n, fanin, scattered ? places : NULL, false);
            ck_assert_uint_le(children(NULL, n), fanin);
            for (unsigned i = 0; i < barrier.tree.nodes; i++) {
                ck_assert_uint_le(children(&barrier.tree.node[i], n), fanin);
                ck_assert_uint_ge(children(&barrier.tree.node[i], n), 2);
            }
        }
    }
}
END_TEST

/* Of threads that are all alike: with f^d threads nobody climbs more than d levels, and clusters differ by one at most. */
START_TEST(alike_threads_make_a_balanced_tree)
{
    unsigned fanin = (unsigned)_i, levels = 1;

    for (unsigned n = 1, most = fanin; n < MOST; n++) {
        unsigned least = n, greatest = 0;

        if (n > most) {
            most *= fanin;
            levels++;
        }
        build(0, n, fanin, NULL, false);
        for (unsigned i = 0; i < n; i++)
            ck_assert_uint_le(depth(i), levels);
        for (unsigned i = 0; i < barrier.tree.nodes; i++) {
            unsigned c = 0;

            for (unsigned t = 0; t < n; t++)
                c += barrier.tree.seat[t].up.node == &barrier.tree.node[i];
            if (c > 0) {
                least = c < least ? c : least;
                greatest = c > greatest ? c : greatest;
            }
        }
        if (n > fanin && fanin > 2)                     /* of two, one may be left over */
            ck_assert_uint_le(greatest, least + 1);
    }
}
END_TEST

static bool is_below(unsigned thread, const struct gompx_tree_node *node)
{
    for (const struct gompx_tree_node *up = barrier.tree.seat[thread].up.node; up; up = up->up.node)
        if (up == node)
            return true;
    return false;
}

/* Whatever numbers they have: the threads below a node are all of one cache; or all the threads of some caches that
 * share a memory node; or all the threads of some memory nodes. */
START_TEST(threads_of_one_cache_meet_first_then_those_of_one_memory_node)
{
    enum { THREADS = 120 };

    for (unsigned caches = 1; caches < 16; caches++) {
        places_scatter(THREADS, caches, 1 + caches / 4);
        build(0, THREADS, 4, places, false);
        for (unsigned i = 0; i < barrier.tree.nodes; i++) {
            const struct gompx_tree_node *node = &barrier.tree.node[i];
            unsigned inside_cache[16] = { 0 }, of_cache[16] = { 0 }, cache_kinds = 0;
            unsigned inside_memory[16] = { 0 }, of_memory[16] = { 0 }, memory_kinds = 0;

            for (unsigned t = 0; t < THREADS; t++) {
                bool below = is_below(t, node);

                of_cache[places[t].cache]++;
                of_memory[places[t].memory]++;
                cache_kinds += below && inside_cache[places[t].cache]++ == 0;
                memory_kinds += below && inside_memory[places[t].memory]++ == 0;
            }
            for (unsigned c = 0; cache_kinds > 1 && c < 16; c++)
                ck_assert(inside_cache[c] == 0 || inside_cache[c] == of_cache[c]);
            for (unsigned m = 0; memory_kinds > 1 && m < 16; m++)
                ck_assert(inside_memory[m] == 0 || inside_memory[m] == of_memory[m]);
        }
    }
}
END_TEST

static unsigned pollers(unsigned line, unsigned n)
{
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++)
        count += barrier.tree.seat[i].sense == &barrier.tree.line[line].sense;
    return count;
}

/* No line has more than it should, all have some, and two threads on one line are as near as the machine lets them be. */
static void check_lines(unsigned n, unsigned fanin, bool one_cache)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < barrier.tree.lines; i++) {
        unsigned count = pollers(i, n);

        ck_assert(count > 0 && count <= fanin);
        sum += count;
    }
    ck_assert_uint_eq(sum, n);
    for (unsigned a = 0; a < n; a++)
        for (unsigned b = 0; b < a; b++)
            if (barrier.tree.seat[a].sense == barrier.tree.seat[b].sense) {
                ck_assert_uint_eq(places[a].memory, places[b].memory);
                ck_assert(!one_cache || places[a].cache == places[b].cache);
            }
}

START_TEST(threads_that_poll_one_line_are_near_each_other)
{
    enum { THREADS = 96 };

    for (unsigned caches = 1; caches <= THREADS; caches++) {
        places_scatter(THREADS, caches, 1 + caches / 8);
        for (unsigned fanin = 2; fanin <= 16; fanin += 7) {
            build(0, THREADS, fanin, places, true);
            check_lines(THREADS, fanin, THREADS / caches >= fanin);
        }
    }
    places_scatter(THREADS, THREADS, 2);                /* a cache each: neighbours share a line all the same */
    build(0, THREADS, 8, places, true);
    ck_assert_uint_eq(barrier.tree.lines, THREADS / 8);
    places_scatter(THREADS, 12, 2);
    build(0, THREADS, 8, places, true);
    ck_assert_uint_eq(barrier.tree.lines, 12);
    build(0, THREADS, 8, NULL, true);
    ck_assert_uint_eq(barrier.tree.lines, THREADS / 8);
    for (unsigned i = 0; i < THREADS; i++)              /* neighbours by their numbers */
        ck_assert_ptr_eq(barrier.tree.seat[i].sense, &barrier.tree.line[i / 8].sense);
    build(0, THREADS, 8, NULL, false);
    ck_assert_uint_eq(barrier.tree.lines, 0);
    for (unsigned i = 0; i < THREADS; i++)
        ck_assert_ptr_eq(barrier.tree.seat[i].sense, &barrier.sense);
}
END_TEST

/* The shape of places that have changed must not be taken for that of the last ones. */
START_TEST(a_tree_is_built_again_only_when_it_must_be)
{
    struct gompx_tree_node *before;

    build(0, 16, 2, NULL, false);
    before = barrier.tree.seat[5].up.node;
    barrier.tree.seat[5].up.node = NULL;                /* would be noticed */
    build(0, 16, 2, NULL, false);
    ck_assert_ptr_null(barrier.tree.seat[5].up.node);
    build(0, 16, 3, NULL, false);
    build(0, 16, 2, NULL, false);
    ck_assert_ptr_eq(barrier.tree.seat[5].up.node, before);
    places_scatter(16, 4, 1);
    build(0, 16, 8, places, false);
    memset(places, 0, sizeof places);
    build(0, 16, 8, places, false);
    ck_assert_uint_eq(barrier.tree.nodes, 2);
}
END_TEST

START_TEST(a_very_large_team_has_a_tree)
{
    enum { HUGE_TEAM = 65535 };
    uint32_t target = 0xfffffff0u + 2 * HUGE_TEAM;

    build(0, HUGE_TEAM, 8, NULL, true);
    for (unsigned i = 0; i < HUGE_TEAM; i++)
        ck_assert_int_eq(gompx_barrier_climb(&barrier, target, i, ROUND), i == HUGE_TEAM - 1 ? GOMPX_ARRIVED_LAST : GOMPX_ARRIVED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tree");
    TCase *tcase = tcase_create("tree");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, only_the_last_arrival_completes_the_barrier, 2, 10);
    tcase_add_test(tcase, counts_go_on_from_the_greatest_after_arrivals_that_were_in_vain);
    tcase_add_loop_test(tcase, no_node_has_more_children_than_it_may_or_less_than_two, 2, 10);
    tcase_add_loop_test(tcase, alike_threads_make_a_balanced_tree, 2, 10);
    tcase_add_test(tcase, threads_of_one_cache_meet_first_then_those_of_one_memory_node);
    tcase_add_test(tcase, threads_that_poll_one_line_are_near_each_other);
    tcase_add_test(tcase, a_tree_is_built_again_only_when_it_must_be);
    tcase_add_test(tcase, a_very_large_team_has_a_tree);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
