/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The machines of the simulator: which CPUs there are, and how far a cache line travels between two of them. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <stdbool.h>

enum { SIM_CPUS = 4096, SIM_TEXT = 160 };

/* Where a CPU is: numbers that are equal for CPUs that share the thing. */
struct sim_cpu {
    unsigned core, cache, memory, package;
};

/* Nanoseconds from the CPU that has a line to one that wants it. */
struct sim_latency {
    double core;                        /* two hardware threads of one core */
    double cache;                       /* one last-level cache */
    double package;                     /* one package */
    double across;                      /* any */
};

struct sim_machine {
    char text[SIM_TEXT];                /* as it was described */
    struct sim_latency latency;
    bool scattered;                     /* threads are anywhere, and nobody knows where */
    unsigned cpus, cores, caches, memories, packages;
    struct sim_cpu cpu[SIM_CPUS];       /* in the order in which threads are put there: a thread per core first */
};

/* Reads hwloc's synthetic description: `pack:2 [numa] l3:4 core:8 pu:2`, from the outside in, each number being that of things
 * in one of those before; attributes in parentheses are skipped.  What has no cache shares one by package; what has no
 * memory node, by machine.  False: not understood, or more than SIM_CPUS. */
bool sim_machine_read(struct sim_machine *m, const char *text);

/* Threads are put on CPUs at random from now on. */
void sim_machine_scatter(struct sim_machine *m);

/* For one line of the same cost to everywhere. */
void sim_machine_flat(struct sim_machine *m, unsigned cpus, double latency);

double sim_machine_latency(const struct sim_machine *m, unsigned a, unsigned b);

#endif
