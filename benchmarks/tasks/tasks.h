/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The programs of tasks: what a kernel gives to main.c, and what the kernels share.
 *
 * The kernels are those that the Barcelona OpenMP Tasks Suite made usual (A. Duran et al., ICPP 2009) and the
 * unbalanced tree search of S. Olivier et al. (LCPC 2006), written anew from their published descriptions.  Each exists
 * twice, with tasks and without, and both do the same work in the same order as far as tasks have one, so that they
 * have to give the same result, bit by bit.  The input is generated, and the same in every run. */
#ifndef BENCH_TASKS_H
#define BENCH_TASKS_H

#include "../bench.h"

#include <stddef.h>
#include <stdint.h>

struct kernel {
    const char *name;
    const char *about;
    /* Data of its own for one run at a time; it lives until the program ends.  `size` and `cut` mean what the kernel
     * likes; work below `cut` is done without tasks. */
    void *(*make)(int size, int cut);
    void (*reset)(void *data);       /* makes it ready for the next run; not timed; NULL: nothing to do */
    uint64_t (*serial)(void *data);  /* without OpenMP, in any thread */
    uint64_t (*tasks)(void *data);   /* called by one thread of a team; its tasks may outlive the call, */
    uint64_t (*result)(void *data);  /* so this is called after the region; NULL: what serial and tasks return */
    void (*verify)(void *data, uint64_t result); /* bench_fail() if a serial result is wrong by a measure of its own */
    int size, cut;
};

extern const struct kernel kernel_fib_fine, kernel_fib_cut;
extern const struct kernel kernel_nqueens_fine, kernel_nqueens_cut;
extern const struct kernel kernel_sort_fine, kernel_sort_cut;
extern const struct kernel kernel_strassen_fine, kernel_strassen_cut;
extern const struct kernel kernel_sparselu, kernel_sparselu_depend;
extern const struct kernel kernel_health_fine, kernel_health_cut;
extern const struct kernel kernel_floorplan_fine, kernel_floorplan_cut;
extern const struct kernel kernel_uts_fine, kernel_uts_1us;
extern const struct kernel kernel_fft_fine, kernel_fft_cut;
extern const struct kernel kernel_alignment, kernel_alignment_loop;

/* calloc(), aligned to 64 bytes; the program ends if there is no memory. */
void *tasks_memory(size_t count, size_t size);

/* A well mixed function of x: the finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
static inline uint64_t tasks_mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* The next of a sequence of random numbers; *state may begin anywhere. */
static inline uint64_t tasks_random(uint64_t *state)
{
    uint64_t value = tasks_mix(*state);

    *state += 0x9e3779b97f4a7c15u;
    return value;
}

/* A hash of `size` bytes, a multiple of 8. */
uint64_t tasks_hash(const void *bytes, size_t size);

#endif
