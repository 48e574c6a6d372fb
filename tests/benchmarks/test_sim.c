/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The simulator of benchmarks/sim: machines, the closed forms, and what any model of lines must show. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "benchmarks/sim/check.c"
#include "benchmarks/sim/engine.c"
#include "benchmarks/sim/machine.c"
#include "benchmarks/sim/method.c"

static struct sim_machine machine;
static const struct sim_costs plain = { .order = SIM_FIFO };

/* ---- machines ---- */

static const struct {
    const char *text;
    unsigned cpus, cores, caches, memories, packages;
} machines[] = {
    { "pack:2 l3:4 core:8 pu:2", 128, 64, 8, 1, 2 },
    { "package:2 [numa(memory=1GB)] L3Cache:1(size=32MB) l2:8 core:1 pu:1", 16, 16, 2, 2, 2 },
    { "numa:4 core:4 pu:1", 16, 16, 1, 4, 1 },
    { "pack:2 numa:2 l3:2 core:3 pu:2", 48, 24, 8, 4, 2 },
    { "pack:2 core:4", 8, 8, 2, 1, 2 },
    { "8", 8, 8, 1, 1, 1 },
    { "socket:1 l2:4 core:1 pu:1", 4, 4, 4, 1, 1 },
};

START_TEST(a_machine_is_read_as_hwloc_describes_it)
{
    ck_assert(sim_machine_read(&machine, machines[_i].text));
    ck_assert_uint_eq(machine.cpus, machines[_i].cpus);
    ck_assert_uint_eq(machine.cores, machines[_i].cores);
    ck_assert_uint_eq(machine.caches, machines[_i].caches);
    ck_assert_uint_eq(machine.memories, machines[_i].memories);
    ck_assert_uint_eq(machine.packages, machines[_i].packages);
    ck_assert_str_eq(machine.text, machines[_i].text);
}
END_TEST

static const char *const nonsense[] = {
    "", "   ", "pack", "pack:", "pack:0", "pack:x", "pack:2 core:", "core:5000", "pack:2048 core:4", "core:4 pu:-1", "core:4(x",
    "[numa", "pack=2", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
};

START_TEST(nonsense_is_no_machine)
{
    ck_assert(!sim_machine_read(&machine, nonsense[_i]));
}
END_TEST

START_TEST(threads_are_put_on_cores_before_hardware_threads_are_shared)
{
    ck_assert(sim_machine_read(&machine, "pack:2 l3:2 core:3 pu:2"));
    for (unsigned i = 0; i < 24; i++)
        ck_assert_uint_eq(machine.cpu[i].core, i % 12);
}
END_TEST

START_TEST(latency_is_that_of_the_nearest_thing_that_two_cpus_share)
{
    ck_assert(sim_machine_read(&machine, "pack:2 l3:2 core:2 pu:2"));
    machine.latency = (struct sim_latency){ 1, 2, 3, 4 };
    ck_assert(sim_machine_latency(&machine, 5, 5) == 0);
    ck_assert(sim_machine_latency(&machine, 0, 8) == 1);
    ck_assert(sim_machine_latency(&machine, 0, 1) == 2);
    ck_assert(sim_machine_latency(&machine, 0, 2) == 3);
    ck_assert(sim_machine_latency(&machine, 4, 3) == 4);
    ck_assert(sim_machine_latency(&machine, 3, 4) == 4);
}
END_TEST

START_TEST(scattered_threads_are_on_all_cpus_but_not_in_order)
{
    unsigned seen[48] = { 0 }, moved = 0;

    ck_assert(sim_machine_read(&machine, "pack:2 l3:2 core:12 pu:1"));
    ck_assert(!machine.scattered);
    sim_machine_scatter(&machine);
    ck_assert(machine.scattered);
    for (unsigned i = 0; i < 48; i++) {
        seen[machine.cpu[i].core]++;
        moved += machine.cpu[i].core != i;
    }
    for (unsigned i = 0; i < 48; i++)
        ck_assert_uint_eq(seen[i], 1);
    ck_assert_uint_gt(moved, 24);
    ck_assert(sim_machine_read(&machine, "pack:1 core:4"));
    ck_assert(!machine.scattered);
}
END_TEST

/* ---- the model ---- */

START_TEST(the_model_agrees_with_what_can_be_counted_on_paper)
{
    struct sim_check wrong = { 0 };
    unsigned count, differ = sim_check_all(&count, &wrong);

    ck_assert_uint_ge(count, 30);
    ck_assert_msg(differ == 0, "%s of %u: %g", sim_method_name[wrong.method], wrong.threads, wrong.modelled);
}
END_TEST

/* A check that could not fail would be none. */
START_TEST(the_check_finds_a_wrong_cost)
{
    struct sim_costs costs = { .op = 1, .order = SIM_FIFO };

    sim_machine_flat(&machine, 8, L);
    ck_assert(fabs(sim_method_cost(SIM_CENTRAL, SIM_AT_ONCE, &machine, &plain, 8, 8, ROUNDS) - 9 * L) < 1e-6);
    ck_assert(fabs(sim_method_cost(SIM_CENTRAL, SIM_AT_ONCE, &machine, &costs, 8, 8, ROUNDS) - 9 * L) > 1);
}
END_TEST

/* The same numbers each time, in random order too. */
START_TEST(a_model_says_the_same_twice)
{
    struct sim_costs costs = { .op = 2, .reply = 4, .order = SIM_RANDOM };

    ck_assert(sim_machine_read(&machine, "pack:2 l3:2 core:4 pu:1"));
    machine.latency = (struct sim_latency){ 20, 35, 110, 230 };
    for (enum sim_method method = 0; method < SIM_METHODS; method++)
        for (enum sim_scene scene = SIM_AT_ONCE; scene <= SIM_LATE; scene++)
            ck_assert(sim_method_cost(method, scene, &machine, &costs, 16, 4, 20)
                      == sim_method_cost(method, scene, &machine, &costs, 16, 4, 20));
}
END_TEST

START_TEST(twice_the_latency_costs_twice_the_time)
{
    static struct sim_machine far;
    struct sim_costs costs = { .order = SIM_RANDOM };

    sim_machine_flat(&machine, 24, 50);
    sim_machine_flat(&far, 24, 100);
    for (enum sim_method method = 0; method < SIM_METHODS; method++)
        ck_assert(fabs(2 * sim_method_cost(method, SIM_AT_ONCE, &machine, &costs, 24, 4, 20)
                       - sim_method_cost(method, SIM_AT_ONCE, &far, &costs, 24, 4, 20)) < 1e-6);
}
END_TEST

/* What the tree is for: with far caches it beats one line for all; its threads cross only once per cache. */
START_TEST(a_tree_of_caches_beats_one_line)
{
    struct sim_costs costs = { .op = 2, .reply = 4, .order = SIM_RANDOM };

    ck_assert(sim_machine_read(&machine, "pack:2 l3:4 core:8 pu:1"));
    machine.latency = (struct sim_latency){ 20, 35, 110, 230 };
    for (unsigned threads = 16; threads <= 64; threads *= 2) {
        double central = sim_method_cost(SIM_CENTRAL, SIM_AT_ONCE, &machine, &costs, threads, 8, 20);

        ck_assert(sim_method_cost(SIM_TREE, SIM_AT_ONCE, &machine, &costs, threads, 8, 20) < 0.7 * central);
    }
}
END_TEST

/* What binding is for: the tree of threads that are anywhere costs more than that of threads whose caches are known. */
START_TEST(a_tree_that_knows_the_caches_beats_one_that_does_not)
{
    struct sim_costs costs = { .op = 2, .reply = 4, .order = SIM_RANDOM };
    double known, unknown;

    ck_assert(sim_machine_read(&machine, "pack:2 [numa] l3:4 core:8 pu:1"));
    machine.latency = (struct sim_latency){ 20, 35, 110, 230 };
    sim_machine_scatter(&machine);
    unknown = sim_method_cost(SIM_TREE, SIM_AT_ONCE, &machine, &costs, 64, 8, 20);
    machine.scattered = false;                          /* where they are is known now */
    known = sim_method_cost(SIM_TREE, SIM_AT_ONCE, &machine, &costs, 64, 8, 20);
    ck_assert(known < 0.7 * unknown);
}
END_TEST

/* What lines are for: all wait for one thread, and need not fetch its word one after the other. */
START_TEST(lines_of_their_own_help_those_who_wait_for_one)
{
    struct sim_costs costs = { .op = 2, .reply = 4, .order = SIM_RANDOM };

    ck_assert(sim_machine_read(&machine, "pack:2 [numa] l3:1 core:64 pu:1"));
    machine.latency = (struct sim_latency){ 20, 70, 70, 150 };
    ck_assert(sim_method_cost(SIM_TREE_LINES, SIM_LATE, &machine, &costs, 128, 8, 20)
              < 0.7 * sim_method_cost(SIM_TREE, SIM_LATE, &machine, &costs, 128, 8, 20));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sim");
    TCase *tcase = tcase_create("sim");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_machine_is_read_as_hwloc_describes_it, 0, sizeof machines / sizeof machines[0]);
    tcase_add_loop_test(tcase, nonsense_is_no_machine, 0, sizeof nonsense / sizeof nonsense[0]);
    tcase_add_test(tcase, threads_are_put_on_cores_before_hardware_threads_are_shared);
    tcase_add_test(tcase, latency_is_that_of_the_nearest_thing_that_two_cpus_share);
    tcase_add_test(tcase, scattered_threads_are_on_all_cpus_but_not_in_order);
    tcase_add_test(tcase, the_model_agrees_with_what_can_be_counted_on_paper);
    tcase_add_test(tcase, the_check_finds_a_wrong_cost);
    tcase_add_test(tcase, a_model_says_the_same_twice);
    tcase_add_test(tcase, twice_the_latency_costs_twice_the_time);
    tcase_add_test(tcase, a_tree_of_caches_beats_one_line);
    tcase_add_test(tcase, a_tree_that_knows_the_caches_beats_one_that_does_not);
    tcase_add_test(tcase, lines_of_their_own_help_those_who_wait_for_one);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
