/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Which memory is which, and where pages are put, on machines that are not here; and that the kernel of this one takes what hwloc
 * is told. */
#include "affinity/memory.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "config.h"
#include "tests/affinity/test_machine.h"

#if HAVE_HWLOC

enum { PAGE = 4096 };

static const struct object uniform[] = {
    { 0, "Machine", 0, 7 },
    { 1, "Package", 0, 3 }, { 2, "NUMANode", 0, 3 }, { 2, "Core", 0, 1 }, { 2, "Core", 2, 3 },
    { 1, "Package", 4, 7 }, { 2, "NUMANode", 4, 7 }, { 2, "Core", 4, 5 }, { 2, "Core", 6, 7 },
};

/* One package, its memory known by name. */
static const struct object named[] = {
    { 0, "Machine", 0, 3 }, { 1, "NUMANode DRAM", 0, 3 }, { 1, "NUMANode MCDRAM", 0, 3 },
    { 1, "Package", 0, 3 }, { 2, "Core", 0, 1 }, { 2, "Core", 2, 3 },
};

/* An expander near to both packages, slower than their own memory: the ordinary one is not fast for that. */
static const struct object expanded[] = {
    { 0, "Machine", 0, 7 }, { 1, "NUMANode 30000", 0, 7 },
    { 1, "Package", 0, 3 }, { 2, "NUMANode 200000", 0, 3 }, { 2, "Core", 0, 3 },
    { 1, "Package", 4, 7 }, { 2, "NUMANode 210000", 4, 7 }, { 2, "Core", 4, 7 },
};

static const struct {
    const struct object *object;
    size_t count;
    const char *usual, *fast;           /* numbers of the nodes */
    const char *near[2];                /* for each CPU, an index: usual, fast */
} kinds[] = {
    { MACHINE(uniform), "0 1", "", { "00001111", "00000000" } },
    { MACHINE(stacked), "0 2", "1 3", { "00001111", "00001111" } },
    { MACHINE(named), "0", "1", { "0000", "0000" } },
    { MACHINE(expanded), "1 2", "", { "00001111", "00000000" } },
    { MACHINE(all_fast), "0 1", "0 1", { "0011", "0011" } },
};

static const char *nodes_text(const struct gompx_memory *m, enum gompx_memory_kind kind)
{
    static char text[256];
    unsigned count;
    const unsigned *number = gompx_memory_nodes(m, kind, &count);
    size_t n = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, i ? " %u" : "%u", number[i]);
    return text;
}

static struct gompx_memory *read_machine(const struct object *object, size_t count)
{
    struct gompx_memory *m;

    machine_use(object, count);
    m = gompx_memory_read();
    machine_forget();
    ck_assert_ptr_nonnull(m);
    return m;
}

START_TEST(nodes_are_what_they_are_good_for)
{
    struct gompx_memory *m = read_machine(kinds[_i].object, kinds[_i].count);

    ck_assert_str_eq(nodes_text(m, GOMPX_MEMORY_USUAL), kinds[_i].usual);
    ck_assert_str_eq(nodes_text(m, GOMPX_MEMORY_FAST), kinds[_i].fast);
    gompx_memory_free(m);
}
END_TEST

START_TEST(the_nearest_node_is_that_of_the_cpu)
{
    struct gompx_memory *m = read_machine(kinds[_i].object, kinds[_i].count);
    struct gompx_memory_piece piece;
    unsigned count;

    for (int kind = 0; kind < GOMPX_MEMORY_KINDS; kind++) {
        const char *near = kinds[_i].near[kind];

        gompx_memory_nodes(m, (enum gompx_memory_kind)kind, &count);
        for (int cpu = -1; cpu < (int)strlen(near) + 5; cpu++) {
            int wanted = cpu >= 0 && cpu < (int)strlen(near) ? near[cpu] - '0' : 0;
            bool any = gompx_memory_piece(m, (enum gompx_memory_kind)kind, GOMPX_MEMORY_NEAREST, cpu, 5 * PAGE, PAGE, 0, &piece);

            ck_assert_int_eq(any, count > 0);
            if (any)
                ck_assert(piece.start == 0 && piece.length == 5 * PAGE && piece.node == wanted);
            ck_assert(!gompx_memory_piece(m, (enum gompx_memory_kind)kind, GOMPX_MEMORY_NEAREST, cpu, PAGE, PAGE, 1, &piece));
        }
    }
    gompx_memory_free(m);
}
END_TEST

/* A piece for each node, in order, without gaps, of pages that differ by one at most. */
START_TEST(blocks_are_even)
{
    struct gompx_memory *m;
    struct gompx_memory_piece piece;

    setenv("HWLOC_SYNTHETIC", "pack:3 [numa] core:2 pu:1", 1);
    m = gompx_memory_read();
    ck_assert_ptr_nonnull(m);
    for (size_t pages = 1; pages < 20; pages++) {
        size_t at = 0;
        unsigned i;

        for (i = 0; gompx_memory_piece(m, GOMPX_MEMORY_USUAL, GOMPX_MEMORY_BLOCKED, 0, pages * PAGE, PAGE, i, &piece); i++) {
            ck_assert_uint_eq(piece.start, at);
            ck_assert_uint_eq(piece.length % PAGE, 0);
            ck_assert(piece.length / PAGE == pages / 3 || piece.length / PAGE == pages / 3 + 1);
            ck_assert_int_eq(piece.node, (int)i);
            at += piece.length;
        }
        ck_assert_uint_eq(i, 3);
        ck_assert_uint_eq(at, pages * PAGE);
        ck_assert(gompx_memory_piece(m, GOMPX_MEMORY_USUAL, GOMPX_MEMORY_INTERLEAVED, 0, pages * PAGE, PAGE, 0, &piece));
        ck_assert(piece.start == 0 && piece.length == pages * PAGE && piece.node == -1);
        ck_assert(!gompx_memory_piece(m, GOMPX_MEMORY_USUAL, GOMPX_MEMORY_INTERLEAVED, 0, pages * PAGE, PAGE, 1, &piece));
    }
    gompx_memory_free(m);
}
END_TEST

START_TEST(one_node_is_no_choice)
{
    setenv("HWLOC_SYNTHETIC", "pack:2 core:2 pu:1", 1);
    ck_assert_ptr_null(gompx_memory_read());
}
END_TEST

/* hwloc takes the tables' machine for this one: then the kernel is asked, which has node 0 at least.  Modes of mempolicy.h: 1, 5 prefer
 * one node or some, 3 interleaves. */
START_TEST(the_kernel_is_told)
{
    static const struct { enum gompx_memory_spread spread; int mode[2]; } asked[] = {
        { GOMPX_MEMORY_NEAREST, { 1, 5 } }, { GOMPX_MEMORY_INTERLEAVED, { 3, 3 } }, { GOMPX_MEMORY_BLOCKED, { 1, 5 } },
    };
    struct gompx_memory *m;

    setenv("HWLOC_THISSYSTEM", "1", 1);
    m = read_machine(all_fast, sizeof all_fast / sizeof all_fast[0]);
    for (int i = 0; i < 3; i++) {
        char *area = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        int mode = -1;

        ck_assert(area != MAP_FAILED);
        if (!gompx_memory_place(m, GOMPX_MEMORY_FAST, asked[i].spread, area, 8 * PAGE))
            ck_assert_int_ne(asked[i].spread, GOMPX_MEMORY_INTERLEAVED);    /* node 1 may not exist, a set with node 0 does */
        else if (syscall(SYS_get_mempolicy, &mode, NULL, 0, area, 2ul) == 0)
            ck_assert((mode & 0xff) == asked[i].mode[0] || (mode & 0xff) == asked[i].mode[1]);
        munmap(area, 8 * PAGE);
    }
    gompx_memory_free(m);
}
END_TEST

#endif

/* Whatever this machine has: the same answer each time. */
START_TEST(this_machine_has_an_answer)
{
    const struct gompx_memory *m = gompx_memory();

    ck_assert_ptr_eq(gompx_memory(), m);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *tcase = tcase_create("memory");
    SRunner *runner;
    int failed;

#if HAVE_HWLOC
    tcase_add_loop_test(tcase, nodes_are_what_they_are_good_for, 0, (int)(sizeof kinds / sizeof kinds[0]));
    tcase_add_loop_test(tcase, the_nearest_node_is_that_of_the_cpu, 0, (int)(sizeof kinds / sizeof kinds[0]));
    tcase_add_test(tcase, blocks_are_even);
    tcase_add_test(tcase, one_node_is_no_choice);
    tcase_add_test(tcase, the_kernel_is_told);
#endif
    tcase_add_test(tcase, this_machine_has_an_answer);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
