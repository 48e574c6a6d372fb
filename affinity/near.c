/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading which CPUs share what.
 *
 *   /sys/devices/system/cpu/cpuN/cache/indexI/{level,type,shared_cpu_list}
 *   /sys/devices/system/cpu/cpuN/topology/core_siblings_list      those of the package
 *   /sys/devices/system/node/online                               list of the memory nodes
 *   /sys/devices/system/node/nodeN/cpulist
 *
 * A list is "0-3,8,10-11".  Source: Linux Documentation/ABI/testing/sysfs-devices-system-cpu, stable/sysfs-devices-node. */
#include "affinity/near.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 512, INDEXES = 10 };      /* caches that a CPU may have */

#define CPU_FOLDER "/sys/devices/system/cpu/cpu%u/"
#define NODE_FOLDER "/sys/devices/system/node/"

static FILE *file_open(const char *format, ...) __attribute__((format(printf, 1, 2)));
static FILE *file_open(const char *format, ...)
{
    char path[PATH];
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(path, sizeof path, format, args);
    va_end(args);
    return length > 0 && length < PATH ? fopen(path, "re") : NULL;
}

/* The next run of a list, both ends included. */
static bool run_read(FILE *in, unsigned *first, unsigned *last)
{
    int c;

    if (fscanf(in, "%u", first) != 1)
        return false;
    *last = *first;
    c = getc(in);
    if (c == '-') {
        if (fscanf(in, "%u", last) != 1)
            return false;
        c = getc(in);
    }
    return true;
}

static unsigned level_of(const char *root, unsigned cpu, unsigned index)
{
    FILE *in = file_open("%s" CPU_FOLDER "cache/index%u/level", root, cpu, index);
    unsigned level = 0;

    if (!in || fscanf(in, "%u", &level) != 1)
        level = 0;
    if (in)
        fclose(in);
    return level;
}

static bool is_instruction_cache(const char *root, unsigned cpu, unsigned index)
{
    FILE *in = file_open("%s" CPU_FOLDER "cache/index%u/type", root, cpu, index);
    bool is = in && getc(in) == 'I';

    if (in)
        fclose(in);
    return is;
}

/* The list of the CPUs that share the last-level cache of `cpu`, or else its package. */
static FILE *neighbours_open(const char *root, unsigned cpu)
{
    unsigned best = 0, best_level = 0;

    for (unsigned index = 0; index < INDEXES; index++) {
        unsigned level = level_of(root, cpu, index);

        if (level == 0)
            break;
        if (level > best_level && !is_instruction_cache(root, cpu, index)) {
            best = index;
            best_level = level;
        }
    }
    return best_level > 0 ? file_open("%s" CPU_FOLDER "cache/index%u/shared_cpu_list", root, cpu, best)
                          : file_open("%s" CPU_FOLDER "topology/core_siblings_list", root, cpu);
}

enum { UNKNOWN = UINT32_MAX };

/* Neighbours take the number of the CPU that was asked. */
static void cache_read(const char *root, unsigned cpu, unsigned size, struct gompx_near *near)
{
    FILE *in = neighbours_open(root, cpu);
    unsigned first, last;

    while (in && run_read(in, &first, &last))
        for (unsigned i = first; i <= last && i < size; i++)
            near[i].cache = cpu;
    if (in)
        fclose(in);
}

static void node_read(const char *root, unsigned node, unsigned size, struct gompx_near *near)
{
    FILE *in = file_open("%s" NODE_FOLDER "node%u/cpulist", root, node);
    unsigned first, last;

    while (in && run_read(in, &first, &last))
        for (unsigned i = first; i <= last && i < size; i++)
            near[i].memory = node;
    if (in)
        fclose(in);
}

void gompx_near_read(const char *root, const struct gompx_cpuset *mask, struct gompx_near *near)
{
    FILE *nodes = file_open("%s" NODE_FOLDER "online", root);
    unsigned first, last;

    for (unsigned cpu = 0; cpu < mask->size; cpu++)
        near[cpu] = (struct gompx_near){ UNKNOWN, 0 };
    for (unsigned cpu = gompx_cpuset_next(mask, 0); cpu != GOMPX_CPU_NONE; cpu = gompx_cpuset_next(mask, cpu + 1))
        if (near[cpu].cache == UNKNOWN)
            cache_read(root, cpu, mask->size, near);
    while (nodes && run_read(nodes, &first, &last))
        for (unsigned node = first; node <= last && node < GOMPX_CPU_MAX; node++)
            node_read(root, node, mask->size, near);
    if (nodes)
        fclose(nodes);
}
