/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Places by name on machines that are not here: regular ones of 1 to 4096 CPUs that hwloc makes up (HWLOC_SYNTHETIC), and
 * irregular ones that it reads from a file (HWLOC_XMLFILE), written here from a table. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affinity/place.h"
#include "config.h"
#include "tests/affinity/test_machine.h"

static struct gompx_cpuset mask;
static struct gompx_places places;
static char reason[GOMPX_PLACE_REASON];

static void cpus_allow(unsigned from, unsigned to, unsigned step)
{
    gompx_cpuset_clear(&mask, GOMPX_CPU_MAX);
    for (unsigned cpu = from; cpu < to; cpu += step)
        gompx_cpuset_add(&mask, cpu);
}

static struct gompx_place_list resolve(const char *text)
{
    ck_assert_msg(gompx_places_parse(text, &mask, &places, reason), "%s: %s", text, reason);
    return gompx_places_resolve(&places, &mask);
}

#if HAVE_HWLOC

/* "0-1 2-3,6": a list as ranges. */
static const char *list_text(const struct gompx_place_list *list)
{
    static char text[65536];
    struct gompx_cpuset set;
    size_t n = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < list->count; i++) {
        gompx_cpuset_clear(&set, GOMPX_CPU_MAX);
        for (unsigned c = 0; c < list->place[i].ncpus; c++)
            gompx_cpuset_add(&set, list->place[i].cpu[c]);
        if (i)
            text[n++] = ' ';
        n += gompx_cpuset_text(text + n, sizeof text - n, &set);
    }
    return text;
}

/* Packages, NUMA nodes per package, last-level caches per node, cores per cache, threads per core. */
static const unsigned regular[][5] = {
    { 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 2 }, { 1, 1, 1, 4, 1 }, { 2, 1, 1, 4, 2 }, { 1, 1, 8, 8, 2 }, { 2, 2, 4, 6, 1 },
    { 2, 1, 12, 8, 2 }, { 4, 1, 1, 28, 2 }, { 8, 1, 1, 64, 2 }, { 8, 2, 4, 16, 2 }, { 8, 4, 4, 16, 2 },
};

/* Every CPU is in one place of the right size, and places ascend. */
static void check_even(const char *name, unsigned cpus, unsigned size)
{
    struct gompx_place_list list = resolve(name);

    ck_assert_uint_eq(list.count, cpus / size);
    for (unsigned i = 0, cpu = 0; i < list.count; i++) {
        ck_assert_uint_eq(list.place[i].ncpus, size);
        for (unsigned c = 0; c < size; c++)
            ck_assert_uint_eq(list.place[i].cpu[c], cpu++);
    }
    gompx_place_list_free(&list);
}

START_TEST(a_regular_machine_is_cut_evenly)
{
    const unsigned *m = regular[_i];
    unsigned core = m[4], cache = core * m[3], node = cache * m[2], package = node * m[1], cpus = package * m[0];
    char machine[128];

    ck_assert_uint_le(cpus, 4096);
    snprintf(machine, sizeof machine, "pack:%u group:%u [numa] l3:%u core:%u pu:%u", m[0], m[1], m[2], m[3], m[4]);
    setenv("HWLOC_SYNTHETIC", machine, 1);
    cpus_allow(0, cpus, 1);
    check_even("threads", cpus, 1);
    check_even("cores", cpus, core);
    check_even("ll_caches", cpus, cache);
    check_even("numa_domains", cpus, node);
    check_even("sockets", cpus, package);
}
END_TEST

static const struct {
    const char *machine, *name;
    unsigned from, to, step;
    const char *list;
} cut[] = {
    { "pack:2 core:4 pu:2", "cores", 2, 7, 1, "2-3 4-5 6" },
    { "pack:2 core:4 pu:2", "cores(2)", 0, 16, 2, "0 2" },
    { "pack:2 core:4 pu:2", "sockets", 6, 10, 1, "6-7 8-9" },
    { "pack:2 core:4 pu:2", "sockets(1)", 6, 10, 1, "6-7" },
    { "pack:2 core:4 pu:2", "threads(3)", 5, 16, 4, "5 9 13" },
    { "pack:2 [numa] l3:2 core:2 pu:1", "ll_caches", 1, 7, 1, "1 2-3 4-5 6" },
    { "pack:2 [numa] l3:2 core:2 pu:1", "numa_domains", 3, 5, 1, "3 4" },
    { "pack:8 [numa] l3:8 core:32 pu:2", "sockets", 1000, 1050, 1, "1000-1023 1024-1049" },
    { "pack:8 [numa] l3:8 core:32 pu:2", "ll_caches(2)", 4000, 4096, 1, "4000-4031 4032-4095" },
    { "pack:8 [numa] l3:8 core:32 pu:2", "cores(1)", 4095, 4096, 1, "4095" },
};

START_TEST(places_keep_inside_the_mask)
{
    struct gompx_place_list list;

    setenv("HWLOC_SYNTHETIC", cut[_i].machine, 1);
    cpus_allow(cut[_i].from, cut[_i].to, cut[_i].step);
    list = resolve(cut[_i].name);
    ck_assert_str_eq(list_text(&list), cut[_i].list);
    gompx_place_list_free(&list);
}
END_TEST

/* ---- irregular machines ---- */

/* Four fast cores of two threads with an L2 each, eight slow ones that share an L2 by four. */
static const struct object hybrid[] = {
    { 0, "Machine", 0, 15 }, { 1, "NUMANode", 0, 15 }, { 1, "Package", 0, 15 }, { 2, "L3Cache", 0, 15 },
    { 3, "L2Cache", 0, 1 }, { 4, "Core", 0, 1 }, { 3, "L2Cache", 2, 3 }, { 4, "Core", 2, 3 },
    { 3, "L2Cache", 4, 5 }, { 4, "Core", 4, 5 }, { 3, "L2Cache", 6, 7 }, { 4, "Core", 6, 7 },
    { 3, "L2Cache", 8, 11 }, { 4, "Core", 8, 8 }, { 4, "Core", 9, 9 }, { 4, "Core", 10, 10 }, { 4, "Core", 11, 11 },
    { 3, "L2Cache", 12, 15 }, { 4, "Core", 12, 12 }, { 4, "Core", 13, 13 }, { 4, "Core", 14, 14 }, { 4, "Core", 15, 15 },
};

/* The same without the L3; two slow clusters only reach memory through it. */
static const struct object no_l3[] = {
    { 0, "Machine", 0, 7 }, { 1, "NUMANode", 0, 7 }, { 1, "Package", 0, 7 },
    { 2, "L2Cache", 0, 1 }, { 3, "Core", 0, 1 }, { 2, "L2Cache", 2, 3 }, { 3, "Core", 2, 3 },
    { 2, "L2Cache", 4, 7 }, { 3, "Core", 4, 4 }, { 3, "Core", 5, 5 }, { 3, "Core", 6, 6 }, { 3, "Core", 7, 7 },
};

/* Two packages; each has fast memory beside its own, and both are near to an expander without CPUs. */
static const struct object memories[] = {
    { 0, "Machine", 0, 7 }, { 1, "NUMANode", 0, 7 },
    { 1, "Package", 0, 3 }, { 2, "NUMANode", 0, 3 }, { 2, "NUMANode", 0, 3 }, { 2, "Core", 0, 1 }, { 2, "Core", 2, 3 },
    { 1, "Package", 4, 7 }, { 2, "NUMANode", 4, 7 }, { 2, "NUMANode", 4, 7 }, { 2, "Core", 4, 5 }, { 2, "Core", 6, 7 },
};

/* One package with an expander: two nodes with the same CPUs. */
static const struct object expander[] = {
    { 0, "Machine", 0, 3 }, { 1, "NUMANode", 0, 3 }, { 1, "NUMANode", 0, 3 },
    { 1, "Package", 0, 3 }, { 2, "Core", 0, 1 }, { 2, "Core", 2, 3 },
};

static const struct {
    const struct object *object;
    size_t count;
    const char *name, *list;
} irregular[] = {
    { MACHINE(hybrid), "threads", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15" },
    { MACHINE(hybrid), "cores", "0-1 2-3 4-5 6-7 8 9 10 11 12 13 14 15" },
    { MACHINE(hybrid), "cores(4)", "0-1 2-3 4-5 6-7" },
    { MACHINE(hybrid), "ll_caches", "0-15" },
    { MACHINE(hybrid), "sockets", "0-15" },
    { MACHINE(no_l3), "ll_caches", "0-1 2-3 4-7" },
    { MACHINE(no_l3), "numa_domains", "0-7" },
    { MACHINE(memories), "numa_domains", "0-3 4-7" },
    { MACHINE(memories), "ll_caches", "0-3 4-7" },          /* no cache is described: packages */
    { MACHINE(memories), "sockets", "0-3 4-7" },
    { MACHINE(memories), "cores(3)", "0-1 2-3 4-5" },
    { MACHINE(expander), "numa_domains", "0-3" },
};

START_TEST(an_irregular_machine_is_cut_along_its_objects)
{
    struct gompx_place_list list;

    machine_use(irregular[_i].object, irregular[_i].count);
    cpus_allow(0, 64, 1);
    list = resolve(irregular[_i].name);
    machine_forget();
    if (strcmp(irregular[_i].name, "threads") != 0)         /* threads are those of the mask, whatever the machine */
        ck_assert_str_eq(list_text(&list), irregular[_i].list);
    else
        ck_assert_int_eq(strncmp(list_text(&list), irregular[_i].list, strlen(irregular[_i].list)), 0);
    gompx_place_list_free(&list);
}
END_TEST

#endif

START_TEST(eight_thousand_cpus_can_be_listed)
{
    struct gompx_place_list list;

    cpus_allow(0, GOMPX_CPU_MAX, 1);
    list = resolve("threads");
    ck_assert_uint_eq(list.count, GOMPX_CPU_MAX);
    gompx_place_list_free(&list);
    ck_assert(gompx_places_parse("{0:64}:128:64,!{64:64}", &mask, &places, reason));
    ck_assert_uint_eq(places.list.count, 127);
    ck_assert_uint_eq(places.list.place[126].cpu[63], 8191);
    gompx_place_list_free(&places.list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("topology");
    TCase *tcase = tcase_create("topology");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 60);
#if HAVE_HWLOC
    tcase_add_loop_test(tcase, a_regular_machine_is_cut_evenly, 0, (int)(sizeof regular / sizeof regular[0]));
    tcase_add_loop_test(tcase, places_keep_inside_the_mask, 0, (int)(sizeof cut / sizeof cut[0]));
    tcase_add_loop_test(tcase, an_irregular_machine_is_cut_along_its_objects, 0,
                        (int)(sizeof irregular / sizeof irregular[0]));
#endif
    tcase_add_test(tcase, eight_thousand_cpus_can_be_listed);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
