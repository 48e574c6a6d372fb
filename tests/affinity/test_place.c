/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading places, making them from names on machines that hwloc makes up, and dealing them out. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affinity/place.h"
#include "config.h"

static struct gompx_cpuset mask;
static struct gompx_places places;
static char reason[GOMPX_PLACE_REASON];

/* CPUs 0 ... 7 of 16. */
static void setup(void)
{
    gompx_cpuset_clear(&mask, 16);
    for (unsigned cpu = 0; cpu < 8; cpu++)
        gompx_cpuset_add(&mask, cpu);
    places = (struct gompx_places){ 0 };
}

/* A list as "0,1 2 3,4". */
static const char *list_text(const struct gompx_place_list *list)
{
    static char text[4096];
    size_t n = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < list->count; i++)
        for (unsigned c = 0; c < list->place[i].ncpus; c++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%u", c ? "," : i ? " " : "", list->place[i].cpu[c]);
    return text;
}

static const struct {
    const char *text, *list;
} valid[] = {
    { "{0},{1}", "0 1" },
    { " { 0 , 1 } , { 2 } ", "0,1 2" },
    { "0,3", "0 3" },
    { "{0:3}", "0,1,2" },
    { "{0:3:2}", "0,2,4" },
    { "{4:3:-2}", "0,2,4" },
    { "{0:2},{2:2}", "0,1 2,3" },
    { "{0:2}:4:2", "0,1 2,3 4,5 6,7" },
    { "{0:2}:3", "0,1 1,2 2,3" },
    { "{6,7}:3:-3", "6,7 3,4 0,1" },
    { "{0}:2:0", "0 0" },
    { "{1,0}", "0,1" },
    { "{0,0}", "0" },
    { "{0},{0}", "0 0" },
    { "0:3", "0 1 2" },
    { "{0:4,!1}", "0,2,3" },
    { "{0}:4,!{2}", "0 1 3" },
    { "{0,1},{1,0},2,!{1,0}", "2" },
    { "0:2:1,!1", "0" },
    { "{0,12}", "0" },
    { "{0,12},!{0,12},5", "5" },
};

START_TEST(valid_lists_are_read)
{
    ck_assert_msg(gompx_places_parse(valid[_i].text, &mask, &places, reason), "%s: %s", valid[_i].text, reason);
    ck_assert_int_eq(places.kind, GOMPX_PLACES_LIST);
    ck_assert_str_eq(list_text(&places.list), valid[_i].list);
    gompx_place_list_free(&places.list);
}
END_TEST

static const struct {
    const char *text, *reason;
} invalid[] = {
    { "", "" }, { " ", "" }, { "{}", "" }, { "{0", "" }, { "{0}}", "" }, { "{0},", "" }, { "{0},,{1}", "" },
    { "{0-1}", "" },
    { "{0}:0", "" }, { "{0:0}", "" }, { "{0}:65536:0", "" }, { "{0}:65535:0,{0}:2:0", "" }, { "{0}:2,!{1}:1", "" },
    { "foo", "" },
    { "threads(0)", "" }, { "threads(x)", "" }, { "threads(1", "" }, { "threadsx", "" }, { "cores,{0}", "" },
    { "-1", "" },
    { "{0} {1}", "" }, { "{99999999999999999999}", "" },
    { "{16}", "Logical CPU number 16 out of range" },
    { "{0:17}", "Logical CPU number 16 out of range" },
    { "{0:2:-1}", "Logical CPU number 0+-1 out of range" },
    { "{0}:2:99", "Logical CPU number 0+99 out of range" },
    { "{1}:3:-1", "Logical CPU number 0+-1 out of range" },
    { "{15}:2", "Logical CPU number 15+1 out of range" },
    { "{0,!1}", "Logical CPU 1 to be removed is not in the set" },
    { "{0,!99}", "Logical CPU 99 to be removed is not in the set" },
    { "{0},!{1}", "Trying to remove a non-existing place from list of places" },
    { "{0},!{0}", "All places have been removed" },
    { "{8},{9}", "None of the places contain usable logical CPUs" },
};

START_TEST(invalid_lists_are_refused_for_their_reason)
{
    strcpy(reason, "?");
    ck_assert_msg(!gompx_places_parse(invalid[_i].text, &mask, &places, reason), "%s", invalid[_i].text);
    ck_assert_str_eq(reason, invalid[_i].reason);
    ck_assert_int_eq(places.kind, GOMPX_PLACES_NONE);
}
END_TEST

START_TEST(sixty_five_thousand_places_are_not_too_many)
{
    ck_assert(gompx_places_parse("{0}:65535:0,{1}", &mask, &places, reason));
    ck_assert_uint_eq(places.list.count, 65536);
    gompx_place_list_free(&places.list);
}
END_TEST

START_TEST(names_are_read_without_looking_at_the_machine)
{
    static const struct { const char *text; enum gompx_place_kind kind; unsigned limit; } names[] = {
        { "threads", GOMPX_PLACES_THREADS, 0 }, { " Cores ", GOMPX_PLACES_CORES, 0 },
        { "sockets(2)", GOMPX_PLACES_SOCKETS, 2 },
        { "ll_caches ( 3 ) ", GOMPX_PLACES_LL_CACHES, 3 }, { "NUMA_DOMAINS", GOMPX_PLACES_NUMA_DOMAINS, 0 },
    };

    ck_assert(gompx_places_parse(names[_i].text, &mask, &places, reason));
    ck_assert_int_eq(places.kind, names[_i].kind);
    ck_assert_uint_eq(places.limit, names[_i].limit);
    ck_assert_uint_eq(places.list.count, 0);
}
END_TEST

START_TEST(cpu_affinity_gives_a_place_for_each_usable_cpu)
{
    static const struct { const char *text, *list; } texts[] = {
        { "0 3 1", "0 3 1" }, { "0,3 , 1", "0 3 1" }, { "4-6", "4 5 6" }, { "0-7:3", "0 3 6" }, { "1,1 1", "1 1 1" },
        { "0x3,010", "3" }, { "6-65535", "6 7" }, { " 2 ", "2" },
        { "", NULL }, { "x", NULL }, { "3-1", NULL }, { "0-4:0", NULL }, { "0,,1", NULL }, { "0,", NULL },
        { ",0", NULL },
        { "70000", NULL }, { "0 -1", NULL }, { "9", NULL }, { "0;1", NULL },
    };

    ck_assert_int_eq(gompx_places_parse_cpus(texts[_i].text, &mask, &places, reason), texts[_i].list != NULL);
    ck_assert_str_eq(list_text(&places.list), texts[_i].list ? texts[_i].list : "");
    gompx_place_list_free(&places.list);
}
END_TEST

#if HAVE_HWLOC
/* Numbers of the CPUs as hwloc gives them to a made-up machine: in order, unless `indexes` says otherwise. */
static const struct {
    const char *machine, *text, *list;
} named[] = {
    { "pack:2 core:2 pu:2", "threads", "0 1 2 3 4 5 6 7" },
    { "pack:2 core:2 pu:2", "threads(3)", "0 1 2" },
    { "pack:2 core:2 pu:2", "cores", "0,1 2,3 4,5 6,7" },
    { "pack:2 core:2 pu:2", "cores(3)", "0,1 2,3 4,5" },
    { "pack:2 core:2 pu:2", "cores(9)", "0,1 2,3 4,5 6,7" },
    { "pack:2 core:2 pu:2", "sockets", "0,1,2,3 4,5,6,7" },
    { "pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)", "cores", "0,4 1,5 2,6 3,7" },
    { "pack:2 core:2 pu:2(indexes=7,3,6,2,5,1,4,0)", "cores", "0,4 1,5 2,6 3,7" },
    { "pack:2 l3:2 core:2 pu:1", "ll_caches", "0,1 2,3 4,5 6,7" },
    { "pack:1 l3:2 l2:2 core:2 pu:1", "ll_caches", "0,1,2,3 4,5,6,7" },
    { "pack:2 l2:2 core:1 pu:2", "ll_caches", "0,1 2,3 4,5 6,7" },
    { "pack:2 core:4 pu:1", "ll_caches", "0,1,2,3 4,5,6,7" },
    { "pack:2 [numa] core:4 pu:1", "numa_domains", "0,1,2,3 4,5,6,7" },
    { "[numa] pack:2 core:4 pu:1", "numa_domains", "0,1,2,3,4,5,6,7" },
    { "pack:4 core:4 pu:1", "sockets", "0,1,2,3 4,5,6,7" },        /* the others have no CPU of the mask */
    { "core:4 pu:2", "sockets", "0,1,2,3,4,5,6,7" },
    { "pu:8", "cores", "0 1 2 3 4 5 6 7" },
};

START_TEST(names_become_places_of_the_machine)
{
    struct gompx_place_list list;

    setenv("HWLOC_SYNTHETIC", named[_i].machine, 1);
    ck_assert(gompx_places_parse(named[_i].text, &mask, &places, reason));
    list = gompx_places_resolve(&places, &mask);
    ck_assert_str_eq(list_text(&list), named[_i].list);
    gompx_place_list_free(&list);
}
END_TEST
#endif

START_TEST(an_unknown_topology_means_threads_and_a_warning)
{
    struct gompx_place_list list;
    char text[256];
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    size_t n;

    setenv("HWLOC_SYNTHETIC", "pack:1 core:2 pu:1(indexes=12,13)", 1);  /* no CPU of the mask */
    ck_assert(gompx_places_parse("cores(3)", &mask, &places, reason));
    dup2(fileno(file), STDERR_FILENO);
    list = gompx_places_resolve(&places, &mask);
    dup2(saved, STDERR_FILENO);
    rewind(file);
    n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    ck_assert_str_eq(text, "\nlibgomp: Error reading core/socket topology; using OMP_PLACES=threads\n");
    ck_assert_str_eq(list_text(&list), "0 1 2");
    gompx_place_list_free(&list);
}
END_TEST

/* As GNU libgomp 12 dealt them out: "place[first of part+places of part]" of each thread.  Five places. */
static const struct {
    enum gompx_bind bind;
    unsigned nthreads, primary;
    const char *seats;
} dealt[] = {
    { GOMPX_BIND_CLOSE, 1, 0, "0[0+5] " },
    { GOMPX_BIND_CLOSE, 3, 0, "0[0+5] 1[0+5] 2[0+5] " },
    { GOMPX_BIND_CLOSE, 6, 0, "0[0+5] 1[0+5] 2[0+5] 3[0+5] 4[0+5] 0[0+5] " },
    { GOMPX_BIND_TRUE, 3, 3, "3[0+5] 4[0+5] 0[0+5] " },
    { GOMPX_BIND_CLOSE, 12, 0,
      "0[0+5] 0[0+5] 1[0+5] 1[0+5] 2[0+5] 2[0+5] 3[0+5] 3[0+5] 4[0+5] 4[0+5] 0[0+5] 1[0+5] " },
    { GOMPX_BIND_CLOSE, 12, 3,
      "3[0+5] 3[0+5] 4[0+5] 4[0+5] 0[0+5] 0[0+5] 1[0+5] 1[0+5] 2[0+5] 2[0+5] 3[0+5] 4[0+5] " },
    { GOMPX_BIND_PRIMARY, 4, 2, "2[0+5] 2[0+5] 2[0+5] 2[0+5] " },
    { GOMPX_BIND_SPREAD, 1, 0, "0[0+5] " },
    { GOMPX_BIND_SPREAD, 2, 0, "0[0+3] 3[3+2] " },
    { GOMPX_BIND_SPREAD, 3, 0, "0[0+2] 2[2+2] 4[4+1] " },
    { GOMPX_BIND_SPREAD, 4, 0, "0[0+2] 2[2+1] 3[3+1] 4[4+1] " },
    { GOMPX_BIND_SPREAD, 2, 1, "1[0+3] 3[3+2] " },
    { GOMPX_BIND_SPREAD, 2, 3, "3[3+2] 0[0+3] " },
    { GOMPX_BIND_SPREAD, 3, 3, "3[2+2] 4[4+1] 0[0+2] " },
    { GOMPX_BIND_SPREAD, 5, 1, "1[1+1] 2[2+1] 3[3+1] 4[4+1] 0[0+1] " },
    { GOMPX_BIND_SPREAD, 7, 3, "3[3+1] 4[4+1] 0[0+1] 1[1+1] 2[2+1] 3[3+1] 4[4+1] " },
    { GOMPX_BIND_SPREAD, 12, 1,
      "1[1+1] 1[1+1] 2[2+1] 2[2+1] 3[3+1] 3[3+1] 4[4+1] 4[4+1] 0[0+1] 0[0+1] 1[1+1] 2[2+1] " },
};

START_TEST(seats_are_those_of_libgomp)
{
    struct gompx_seat primary = { .place = dealt[_i].primary, .first = 0, .count = 5 };
    char text[512];
    size_t n = 0;

    for (unsigned tid = 0; tid < dealt[_i].nthreads; tid++) {
        struct gompx_seat seat = gompx_place_assign(dealt[_i].bind, dealt[_i].nthreads, tid, primary);
        n += (size_t)snprintf(text + n, sizeof text - n, "%u[%u+%u] ", seat.place, seat.first, seat.count);
    }
    ck_assert_str_eq(text, dealt[_i].seats);
}
END_TEST

/* All parts, all primaries, all sizes: rules of the specification that hold for any of them. */
START_TEST(every_seat_lies_in_the_part_and_loads_are_even)
{
    enum gompx_bind bind = (enum gompx_bind)_i;
    unsigned load[16];

    for (unsigned first = 0; first < 3; first++)
        for (unsigned count = 1; count <= 9; count++)
            for (unsigned at = 0; at < count; at++)
                for (unsigned T = 1; T <= 30; T++) {
                    struct gompx_seat primary = { first + at, first, count };
                    memset(load, 0, sizeof load);
                    for (unsigned tid = 0; tid < T; tid++) {
                        struct gompx_seat s = gompx_place_assign(bind, T, tid, primary);
                        ck_assert(s.count > 0 && s.first >= first && s.first + s.count <= first + count);
                        ck_assert(s.place >= s.first && s.place < s.first + s.count);
                        ck_assert(tid > 0 || s.place == primary.place);
                        load[s.place]++;
                    }
                    for (unsigned p = first; p < first + count && bind != GOMPX_BIND_PRIMARY; p++) {
                        ck_assert_uint_le(load[p], (T + count - 1) / count);
                        ck_assert(T < count || load[p] >= T / count);
                    }
                }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("place");
    TCase *tcase = tcase_create("place");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, valid_lists_are_read, 0, (int)(sizeof valid / sizeof valid[0]));
    tcase_add_loop_test(tcase, invalid_lists_are_refused_for_their_reason, 0,
                        (int)(sizeof invalid / sizeof invalid[0]));
    tcase_add_test(tcase, sixty_five_thousand_places_are_not_too_many);
    tcase_add_loop_test(tcase, names_are_read_without_looking_at_the_machine, 0, 5);
    tcase_add_loop_test(tcase, cpu_affinity_gives_a_place_for_each_usable_cpu, 0, 19);
#if HAVE_HWLOC
    tcase_add_loop_test(tcase, names_become_places_of_the_machine, 0, (int)(sizeof named / sizeof named[0]));
#endif
    tcase_add_test(tcase, an_unknown_topology_means_threads_and_a_warning);
    tcase_add_loop_test(tcase, seats_are_those_of_libgomp, 0, (int)(sizeof dealt / sizeof dealt[0]));
    tcase_add_loop_test(tcase, every_seat_lies_in_the_part_and_loads_are_even, GOMPX_BIND_PRIMARY,
                        GOMPX_BIND_SPREAD + 1);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
