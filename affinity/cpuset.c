/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sets of logical CPUs. */
#include "affinity/cpuset.h"

#include <sched.h>
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

bool gompx_cpuset_equal(const struct gompx_cpuset *a, const struct gompx_cpuset *b)
{
    return memcmp(a->word, b->word, sizeof a->word) == 0;
}

bool gompx_cpuset_within(const struct gompx_cpuset *inner, const struct gompx_cpuset *outer)
{
    for (unsigned i = 0; i < GOMPX_CPU_MAX / 64; i++)
        if (inner->word[i] & ~outer->word[i])
            return false;
    return true;
}

void gompx_cpuset_unite(struct gompx_cpuset *set, const struct gompx_cpuset *other)
{
    for (unsigned i = 0; i < GOMPX_CPU_MAX / 64; i++)
        set->word[i] |= other->word[i];
}

/* The kernel's masks are made of unsigned long, which on a big-endian 32-bit machine are not the words of the set. */
enum { LONG_BITS = 8 * sizeof(unsigned long), LONGS = GOMPX_CPU_MAX / LONG_BITS };

void gompx_cpuset_from_words(struct gompx_cpuset *set, const unsigned long *words, size_t bytes)
{
    gompx_cpuset_clear(set, (unsigned)bytes * 8);
    for (unsigned cpu = 0; cpu < set->size; cpu += LONG_BITS)
        set->word[cpu / 64] |= (uint64_t)words[cpu / LONG_BITS] << cpu % 64;
}

/* The C library's wrapper hides how large the kernel's masks are. */
bool gompx_cpuset_current(struct gompx_cpuset *set)
{
    unsigned long words[LONGS];
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof words, words);

    gompx_cpuset_from_words(set, words, bytes > 0 ? (size_t)bytes : 0);
    return bytes > 0;
}

int gompx_cpuset_take(pthread_t thread, struct gompx_cpuset *set)
{
    unsigned long words[LONGS];
    int error = pthread_getaffinity_np(thread, sizeof words, (cpu_set_t *)words);

    gompx_cpuset_from_words(set, words, error ? 0 : sizeof words);
    return error;
}

int gompx_cpuset_give(pthread_t thread, const struct gompx_cpuset *set)
{
    unsigned long words[LONGS];

    for (unsigned i = 0; i < LONGS; i++)
        words[i] = (unsigned long)(set->word[i * LONG_BITS / 64] >> i * LONG_BITS % 64);
    return pthread_setaffinity_np(thread, sizeof words, (const cpu_set_t *)words);
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
