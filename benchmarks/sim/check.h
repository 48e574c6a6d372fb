/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Does the simulator simulate what it says?  Where all lines cost the same, requests are served in turn, and nothing else costs
 * anything, what a barrier takes can be counted on paper. */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "benchmarks/sim/method.h"

struct sim_check {
    enum sim_method method;
    enum sim_scene scene;
    unsigned threads, fanin;
    unsigned transfers;                 /* in a row, on paper */
    double modelled;                    /* the same from the simulator */
};

/* The check with this number; false: there are no more. */
bool sim_check_next(unsigned number, struct sim_check *check);

/* Runs all; the number of those that differ. */
unsigned sim_check_all(unsigned *count, struct sim_check *first_wrong);

#endif
