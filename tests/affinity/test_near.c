/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Which CPUs share a cache and a memory node, on saved trees of the kernel's files: regular machines of 1 to 4096 CPUs, irregular
 * ones, files that are missing; and on this machine, where hwloc must say the same. */
#include "affinity/near.h"

#include "affinity/topology.h"
#include "tests/affinity/saved.h"

static struct gompx_cpuset mask;
static struct gompx_near near[GOMPX_CPU_MAX];

static void cpus_allow(unsigned from, unsigned to, unsigned step)
{
    gompx_cpuset_clear(&mask, GOMPX_CPU_MAX);
    for (unsigned cpu = from; cpu < to; cpu += step)
        gompx_cpuset_add(&mask, cpu);
}

static void cache_file(unsigned cpu, unsigned index, const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cache/index%u/%s", cpu, index, name);
    file(path, text);
}

static void cache_write(unsigned cpu, unsigned index, unsigned level, const char *type, const char *list)
{
    char text[16];

    snprintf(text, sizeof text, "%u\n", level);
    cache_file(cpu, index, "level", text);
    cache_file(cpu, index, "type", type);
    cache_file(cpu, index, "shared_cpu_list", list);
}

static void package_write(unsigned cpu, const char *list)
{
    char path[128];

    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/core_siblings_list", cpu);
    file(path, list);
}

static void node_write(unsigned node, const char *list)
{
    char path[128];

    snprintf(path, sizeof path, "/sys/devices/system/node/node%u/cpulist", node);
    file(path, list);
}

/* ---- regular machines ---- */

/* Nodes, caches per node, cores per cache, threads per core.  The second threads of all cores have numbers after all first ones, as
 * most systems count. */
static const unsigned regular[][4] = {
    { 1, 1, 1, 1 }, { 1, 1, 1, 2 }, { 1, 1, 2, 1 }, { 2, 1, 4, 2 }, { 1, 8, 8, 2 }, { 4, 4, 6, 1 }, { 2, 12, 8, 2 }, { 4, 1, 28, 2 },
    { 2, 4, 64, 2 }, { 1, 1, 256, 8 }, { 16, 4, 32, 2 }, { 32, 8, 16, 1 }, { 8, 1, 512, 1 },
};

/* The CPUs of cores [first, first + count) of `cores`: one run for each thread of a core. */
static const char *list_of(unsigned first, unsigned count, unsigned cores, unsigned threads)
{
    static char text[256];
    int n = 0;

    for (unsigned t = 0; t < threads; t++)
        n += snprintf(text + n, sizeof text - (size_t)n, count > 1 ? "%s%u-%u" : "%s%u", t ? "," : "", t * cores + first,
                      t * cores + first + count - 1);
    snprintf(text + n, sizeof text - (size_t)n, "\n");
    return text;
}

START_TEST(a_regular_machine_is_cut_into_its_caches_and_nodes)
{
    const unsigned *m = regular[_i];
    unsigned caches = m[0] * m[1], cores = caches * m[2], cpus = cores * m[3];
    char online[16];

    ck_assert_uint_le(cpus, 4096);
    for (unsigned c = 0; c < caches; c++) {             /* the first CPU of a cache is the one that is asked */
        cache_write(c * m[2], 0, 1, "Data\n", list_of(c * m[2], 1, cores, m[3]));
        cache_write(c * m[2], 1, 1, "Instruction\n", list_of(c * m[2], 1, cores, m[3]));
        cache_write(c * m[2], 2, 2, "Unified\n", list_of(c * m[2], 1, cores, m[3]));
        cache_write(c * m[2], 3, 3, "Unified\n", list_of(c * m[2], m[2], cores, m[3]));
    }
    for (unsigned n = 0; n < m[0]; n++)
        node_write(n, list_of(n * m[1] * m[2], m[1] * m[2], cores, m[3]));
    snprintf(online, sizeof online, m[0] > 1 ? "0-%u\n" : "%u\n", m[0] - 1);
    file("/sys/devices/system/node/online", online);
    cpus_allow(0, cpus, 1);
    gompx_near_read(root, &mask, near);
    for (unsigned cpu = 0; cpu < cpus; cpu++) {
        ck_assert_uint_eq(near[cpu].cache, cpu % cores / m[2] * m[2]);
        ck_assert_uint_eq(near[cpu].memory, cpu % cores / (m[1] * m[2]));
    }
}
END_TEST

/* ---- others ---- */

static bool alike(unsigned a, unsigned b)
{
    return near[a].cache == near[b].cache;
}

/* Two fast cores of two threads, four slow ones under an L2, and two at the edge that do not reach the L3. */
START_TEST(cores_of_several_kinds_have_the_last_cache_that_they_reach)
{
    for (unsigned cpu = 0; cpu < 8; cpu++) {
        cache_write(cpu, 0, 1, "Data", "x");
        cache_write(cpu, 1, 2, "Unified\n", cpu < 4 ? cpu < 2 ? "0-1\n" : "2-3\n" : "4-7\n");
        cache_write(cpu, 2, 3, "Unified\n", "0-7\n");
    }
    cache_write(8, 0, 2, "Unified\n", "8-9\n");
    cache_write(9, 0, 2, "Unified\n", "8-9\n");
    cpus_allow(0, 10, 1);
    gompx_near_read(root, &mask, near);
    for (unsigned cpu = 1; cpu < 10; cpu++)
        ck_assert_int_eq(alike(0, cpu), cpu < 8);
    ck_assert(alike(8, 9));
    ck_assert_uint_eq(near[9].memory, 0);
}
END_TEST

/* The largest level counts wherever it stands, and a cache for instructions does not. */
START_TEST(the_last_level_is_found_in_any_order)
{
    cache_write(0, 0, 2, "Unified\n", "0-3\n");
    cache_write(0, 1, 1, "Data\n", "0\n");
    cache_write(0, 2, 3, "Instruction\n", "0\n");
    cpus_allow(0, 4, 1);
    gompx_near_read(root, &mask, near);
    for (unsigned cpu = 1; cpu < 4; cpu++)
        ck_assert(alike(0, cpu));
}
END_TEST

START_TEST(cpus_outside_the_mask_are_not_asked)
{
    cache_write(0, 0, 3, "Unified\n", "0,2\n");         /* not in the mask */
    cache_write(1, 0, 3, "Unified\n", "1,3,5\n");
    cache_write(4, 0, 3, "Unified\n", "4\n");
    gompx_cpuset_clear(&mask, 6);
    gompx_cpuset_add(&mask, 1);
    gompx_cpuset_add(&mask, 4);
    gompx_cpuset_add(&mask, 5);
    gompx_near_read(root, &mask, near);
    ck_assert(alike(1, 5) && !alike(1, 4) && !alike(0, 1));
}
END_TEST

START_TEST(without_caches_packages_stand_in)
{
    for (unsigned cpu = 0; cpu < 8; cpu++)
        package_write(cpu, cpu % 2 ? "1,3,5,7\n" : "0,2,4,6\n");
    cpus_allow(0, 8, 1);
    gompx_near_read(root, &mask, near);
    for (unsigned cpu = 1; cpu < 8; cpu++)
        ck_assert_int_eq(alike(0, cpu), cpu % 2 == 0);
}
END_TEST

START_TEST(without_any_files_all_cpus_are_near)
{
    cpus_allow(0, 64, 3);
    gompx_near_read(root, &mask, near);
    for (unsigned cpu = 3; cpu < 64; cpu += 3)
        ck_assert(alike(0, cpu) && near[cpu].memory == near[0].memory);
}
END_TEST

START_TEST(nodes_have_holes_and_may_be_without_cpus)
{
    file("/sys/devices/system/node/online", "0,2-4\n");
    node_write(0, "0-1,6\n");
    node_write(1, "2-3\n");                             /* offline: not looked at */
    node_write(2, "\n");
    node_write(4, "4-5\n");
    cpus_allow(0, 7, 1);
    gompx_near_read(root, &mask, near);
    for (unsigned cpu = 0; cpu < 7; cpu++)
        ck_assert_uint_eq(near[cpu].memory, cpu == 4 || cpu == 5 ? 4 : 0);
}
END_TEST

/* None of it may be followed beyond the table, or for ever. */
START_TEST(nonsense_does_no_harm)
{
    static const char *const lists[] = { "", "x\n", "-\n", "3-1\n", "0-4294967295\n", "5000-6000\n", "0-", "0,,1\n" };

    cache_write(0, 0, 3, "Unified\n", lists[_i]);
    cache_file(1, 0, "level", "-1\n");
    file("/sys/devices/system/node/online", lists[_i]);
    node_write(0, lists[_i]);
    gompx_cpuset_clear(&mask, 4);
    gompx_cpuset_add(&mask, 0);
    gompx_cpuset_add(&mask, 1);
    near[4] = (struct gompx_near){ 77, 88 };
    gompx_near_read(root, &mask, near);
    ck_assert(near[4].cache == 77 && near[4].memory == 88);
}
END_TEST

/* ---- this machine ---- */

/* The index of the place that has this CPU. */
static unsigned place_of(const struct gompx_place_list *list, unsigned cpu)
{
    for (unsigned i = 0; i < list->count; i++)
        for (unsigned c = 0; c < list->place[i].ncpus; c++)
            if (list->place[i].cpu[c] == cpu)
                return i;
    return UINT32_MAX;
}

START_TEST(hwloc_says_the_same_of_this_machine)
{
    struct gompx_place_list caches = { 0 }, nodes = { 0 };

    if (!gompx_cpuset_current(&mask) || !gompx_topology_places(GOMPX_PLACES_LL_CACHES, &mask, &caches)
        || !gompx_topology_places(GOMPX_PLACES_NUMA_DOMAINS, &mask, &nodes))
        return;                                         /* no hwloc here */
    gompx_near_read("", &mask, near);
    for (unsigned a = gompx_cpuset_next(&mask, 0); a != GOMPX_CPU_NONE; a = gompx_cpuset_next(&mask, a + 1))
        for (unsigned b = gompx_cpuset_next(&mask, 0); b < a; b = gompx_cpuset_next(&mask, b + 1)) {
            ck_assert_int_eq(alike(a, b), place_of(&caches, a) == place_of(&caches, b));
            ck_assert_int_eq(near[a].memory == near[b].memory, place_of(&nodes, a) == place_of(&nodes, b));
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("near");
    TCase *tcase = tcase_create("near");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, saved_setup, saved_teardown);
    tcase_add_loop_test(tcase, a_regular_machine_is_cut_into_its_caches_and_nodes, 0, (int)(sizeof regular / sizeof regular[0]));
    tcase_add_test(tcase, cores_of_several_kinds_have_the_last_cache_that_they_reach);
    tcase_add_test(tcase, the_last_level_is_found_in_any_order);
    tcase_add_test(tcase, cpus_outside_the_mask_are_not_asked);
    tcase_add_test(tcase, without_caches_packages_stand_in);
    tcase_add_test(tcase, without_any_files_all_cpus_are_near);
    tcase_add_test(tcase, nodes_have_holes_and_may_be_without_cpus);
    tcase_add_loop_test(tcase, nonsense_does_no_harm, 0, 8);
    tcase_add_test(tcase, hwloc_says_the_same_of_this_machine);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
