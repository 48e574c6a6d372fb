/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What is simulated: barriers, and regions with the barriers that they need. */
#ifndef SIM_METHOD_H
#define SIM_METHOD_H

#include "benchmarks/sim/engine.h"

enum sim_method {
    /* Barriers. */
    SIM_MONO,                           /* gompx's, sync/barrier.h */
    SIM_CENTRAL,
    SIM_TREE,                           /* the shape is made by sync/barrier_tree.c itself */
    SIM_TREE_LINES,                     /* the same with a line to poll for each cluster */
    SIM_DISSEMINATION,                  /* Hensgen, Finkel and Manber, 1988: for comparison */
    /* Empty parallel regions. */
    SIM_REGION,                         /* gompx's: one word starts all workers, which then arrive at the join */
    SIM_REGION_TWO,                     /* the primary writes a line of each worker, then a barrier, then another one */
    SIM_METHODS
};

extern const char *const sim_method_name[SIM_METHODS];

enum sim_scene {
    SIM_AT_ONCE,                        /* all threads come at one time: until the last one has left */
    SIM_REPEATED,                       /* one after the other without anything in between */
    SIM_LATE,                           /* one thread, another one each time, comes when all others wait: from then on */
};

/* Mean nanoseconds of one, over `rounds` after some that do not count.  `fanin` is the tree's. */
double sim_method_cost(enum sim_method method, enum sim_scene scene, const struct sim_machine *m, const struct sim_costs *costs,
                       unsigned threads, unsigned fanin, unsigned rounds);

/* Whether that is worth its time: mono takes threads^2 transfers. */
bool sim_method_is_feasible(enum sim_method method, unsigned threads);

#endif
