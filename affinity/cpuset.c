/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sets of logical CPUs. */
#include "affinity/cpuset.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void gompx_cpuset_clear(struct gompx_cpuset *set, unsigned size)
{
    memset(set, 0, sizeof *set);
    set->size = size;
}

unsigned gompx_cpuset_count(const struct gompx_cpuset *set)
{
    unsigned count = 0;

    for (unsigned i = 0; i < (set->size + 63) / 64; i++)
        count += (unsigned)__builtin_popcountll(set->word[i]);
    return count;
}

unsigned gompx_cpuset_next(const struct gompx_cpuset *set, unsigned from)
{
    for (unsigned cpu = from; cpu < set->size; cpu = (cpu / 64 + 1) * 64) {
        uint64_t rest = set->word[cpu / 64] >> cpu % 64;

        if (rest)
            return cpu + (unsigned)__builtin_ctzll(rest);
    }
    return GOMPX_CPU_NONE;
}

/* The C library's wrapper hides how large the kernel's masks are.  The kernel writes words of unsigned long, which on a
 * big-endian 32-bit machine are not the words of the set. */
bool gompx_cpuset_current(struct gompx_cpuset *set)
{
    unsigned long mask[GOMPX_CPU_MAX / (8 * sizeof(unsigned long))];
    const unsigned bits = 8 * sizeof mask[0];
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);

    gompx_cpuset_clear(set, bytes > 0 ? (unsigned)bytes * 8 : 0);
    for (unsigned cpu = 0; cpu < set->size; cpu += bits)
        set->word[cpu / 64] |= (uint64_t)mask[cpu / bits] << cpu % 64;
    return bytes > 0;
}

size_t gompx_cpuset_text(char *buf, size_t size, const struct gompx_cpuset *set)
{
    size_t length = 0;

    if (size > 0)
        buf[0] = '\0';
    for (unsigned first = gompx_cpuset_next(set, 0), last; first != GOMPX_CPU_NONE;
         first = gompx_cpuset_next(set, last + 1)) {
        char run[32];
        int n = snprintf(run, sizeof run, "%s%u", length ? "," : "", first);

        for (last = first; gompx_cpuset_has(set, last + 1);)
            last++;
        if (last > first)
            n += snprintf(run + n, sizeof run - (size_t)n, "-%u", last);
        if (length < size)
            snprintf(buf + length, size - length, "%s", run);
        length += (size_t)n;
    }
    return length;
}
