/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Sets of logical CPUs, numbered as the kernel does. */
#ifndef GOMPX_AFFINITY_CPUSET_H
#define GOMPX_AFFINITY_CPUSET_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GOMPX_CPU_MAX 8192u             /* the largest NR_CPUS that Linux can be built with */
#define GOMPX_CPU_NONE UINT32_MAX

struct gompx_cpuset {
    unsigned size;                      /* CPU numbers below this can exist; members are smaller */
    uint64_t word[GOMPX_CPU_MAX / 64];
};

static inline bool gompx_cpuset_has(const struct gompx_cpuset *set, unsigned cpu)
{
    return cpu < set->size && (set->word[cpu / 64] >> cpu % 64 & 1);
}

/* cpu < set->size */
static inline void gompx_cpuset_add(struct gompx_cpuset *set, unsigned cpu)
{
    set->word[cpu / 64] |= UINT64_C(1) << cpu % 64;
}

static inline void gompx_cpuset_remove(struct gompx_cpuset *set, unsigned cpu)
{
    set->word[cpu / 64] &= ~(UINT64_C(1) << cpu % 64);
}

/* Makes *set empty, of `size` <= GOMPX_CPU_MAX. */
void gompx_cpuset_clear(struct gompx_cpuset *set, unsigned size);
unsigned gompx_cpuset_count(const struct gompx_cpuset *set);

/* Smallest member >= `from`, or GOMPX_CPU_NONE. */
unsigned gompx_cpuset_next(const struct gompx_cpuset *set, unsigned from);

/* Sizes do not count: members alone are compared. */
bool gompx_cpuset_equal(const struct gompx_cpuset *a, const struct gompx_cpuset *b);
bool gompx_cpuset_within(const struct gompx_cpuset *inner, const struct gompx_cpuset *outer);   /* inner is a subset of outer */

/* Adds the members of `other`; the size stays. */
void gompx_cpuset_unite(struct gompx_cpuset *set, const struct gompx_cpuset *other);

/* Makes *set what the kernel's words of `bytes` bytes say. */
void gompx_cpuset_from_words(struct gompx_cpuset *set, const unsigned long *words, size_t bytes);

/* The calling thread's affinity mask; its size is that of the kernel's masks.  False: the kernel does not tell; *set is
 * empty then, of size 0.  One system call. */
bool gompx_cpuset_current(struct gompx_cpuset *set);

/* The mask of a living thread of this process, and setting it.  Masks of any size up to GOMPX_CPU_MAX.  One system call;
 * thread-safe.  0, or the errno: EINVAL from give() when the kernel allows the process none of these CPUs (any more). */
int gompx_cpuset_take(pthread_t thread, struct gompx_cpuset *set);
int gompx_cpuset_give(pthread_t thread, const struct gompx_cpuset *set);

/* Writes the members as "0-3,6" into buf (always terminated if size > 0, cut if need be); returns the length uncut. */
size_t gompx_cpuset_text(char *buf, size_t size, const struct gompx_cpuset *set);

#endif
