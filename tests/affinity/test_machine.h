/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Machines that are not here: written from a table to a file that hwloc reads (HWLOC_XMLFILE). */
#ifndef GOMPX_TESTS_AFFINITY_TEST_MACHINE_H
#define GOMPX_TESTS_AFFINITY_TEST_MACHINE_H

#include <check.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An object with the CPUs [first, last], inside the last one of a smaller depth.  Cores bring their threads.  The type of a node may
 * be followed by a blank and what kind of memory it has: "NUMANode HBM", or its bandwidth in MiB/s: "NUMANode 200000". */
struct object {
    int depth;
    const char *type;
    unsigned first, last;
};

static inline bool is_node(const struct object *o)
{
    return strncmp(o->type, "NUMANode", 8) == 0;
}

struct machine {
    const struct object *object;
    size_t count;
    unsigned ids, nodes;
};

/* The nodes that share a CPU with `o`. */
static inline unsigned nodes_near(const struct machine *m, const struct object *o)
{
    unsigned near = 0, number = 0;

    for (size_t i = 0; i < m->count; i++)
        if (is_node(&m->object[i])) {
            near |= (unsigned)(m->object[i].first <= o->last && o->first <= m->object[i].last) << number;
            number++;
        }
    return near;
}

static inline void attributes_write(FILE *out, struct machine *m, const struct object *o)
{
    unsigned cpus = (2u << o->last) - (1u << o->first), nodes = nodes_near(m, o), number = o->first;

    if (is_node(o))
        nodes = 1u << (number = m->nodes++);
    fprintf(out, "<object type=\"%.*s\" os_index=\"%u\" gp_index=\"%u\" cpuset=\"0x%x\" complete_cpuset=\"0x%x\" "
            "nodeset=\"0x%x\" complete_nodeset=\"0x%x\"", (int)strcspn(o->type, " "), o->type, number, ++m->ids, cpus, cpus, nodes, nodes);
    if (is_node(o) && isalpha((unsigned char)o->type[8 + strspn(o->type + 8, " ")]))
        fprintf(out, " subtype=\"%s\"", o->type + 9);
    if (is_node(o))
        fputs(" local_memory=\"1\"", out);
    else if (strstr(o->type, "Cache"))
        fprintf(out, " cache_size=\"1024\" depth=\"%c\" cache_linesize=\"64\" cache_associativity=\"0\" cache_type=\"0\"",
                o->type[1]);
    else if (strcmp(o->type, "Machine") == 0)
        fprintf(out, " allowed_cpuset=\"0x%x\" allowed_nodeset=\"0x%x\"", cpus, nodes);
    fputs(">\n", out);
}

static inline void object_write(FILE *out, struct machine *m, const struct object *o)
{
    attributes_write(out, m, o);
    for (unsigned cpu = o->first; strcmp(o->type, "Core") == 0 && cpu <= o->last; cpu++) {
        attributes_write(out, m, &(struct object){ o->depth + 1, "PU", cpu, cpu });
        fputs("</object>\n", out);
    }
}

/* Objects are numbered in the order of object_write(). */
static inline void bandwidths_write(FILE *out, const struct object *object, size_t count)
{
    unsigned id = 0;

    fputs("<memattr name=\"Bandwidth\" flags=\"5\">\n", out);
    for (size_t i = 0; i < count; i++) {
        const struct object *o = &object[i];

        id++;
        if (is_node(o) && atoi(o->type + 8) > 0)
            fprintf(out, "<memattr_value target_obj_type=\"NUMANode\" target_obj_gp_index=\"%u\" value=\"%d\" "
                    "initiator_cpuset=\"0x%x\"/>\n", id, atoi(o->type + 8), (2u << o->last) - (1u << o->first));
        if (strcmp(o->type, "Core") == 0)
            id += o->last - o->first + 1;
    }
    fputs("</memattr>\n", out);
}

static inline void machine_write(FILE *out, const struct object *object, size_t count)
{
    struct machine m = { object, count, 0, 0 };
    int open = 0;

    fputs("<?xml version=\"1.0\"?>\n<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n<topology version=\"2.0\">\n", out);
    for (size_t i = 0; i < count; i++) {
        for (; open > object[i].depth; open--)
            fputs("</object>\n", out);
        object_write(out, &m, &object[i]);
        open++;
    }
    while (open-- > 0)
        fputs("</object>\n", out);
    bandwidths_write(out, object, count);
    fputs("</topology>\n", out);
}

#define MACHINE(name) name, sizeof name / sizeof name[0]

/* Two packages with memory on the package beside the ordinary one, known by its bandwidth. */
static const struct object stacked[] = {
    { 0, "Machine", 0, 7 },
    { 1, "Package", 0, 3 }, { 2, "NUMANode 200000", 0, 3 }, { 2, "NUMANode 500000", 0, 3 },
    { 2, "Core", 0, 1 }, { 2, "Core", 2, 3 },
    { 1, "Package", 4, 7 }, { 2, "NUMANode 200000", 4, 7 }, { 2, "NUMANode 500000", 4, 7 },
    { 2, "Core", 4, 5 }, { 2, "Core", 6, 7 },
};

/* Nothing but fast memory. */
static const struct object all_fast[] = {
    { 0, "Machine", 0, 3 },
    { 1, "Package", 0, 1 }, { 2, "NUMANode HBM", 0, 1 }, { 2, "Core", 0, 1 },
    { 1, "Package", 2, 3 }, { 2, "NUMANode HBM", 2, 3 }, { 2, "Core", 2, 3 },
};

/* hwloc sees this machine, until the file is removed by machine_forget(). */
static char machine_file[64];

static inline void machine_use(const struct object *object, size_t count)
{
    FILE *out;

    strcpy(machine_file, "/tmp/gompx-topology-XXXXXX");
    out = fdopen(mkstemp(machine_file), "w");
    ck_assert_ptr_nonnull(out);
    machine_write(out, object, count);
    ck_assert_int_eq(fclose(out), 0);
    unsetenv("HWLOC_SYNTHETIC");
    setenv("HWLOC_XMLFILE", machine_file, 1);
}

static inline void machine_forget(void)
{
    unlink(machine_file);
}

#endif
