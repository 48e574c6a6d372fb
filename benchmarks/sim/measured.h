/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The same things on the machine itself, with the gompx that this program is linked with. */
#ifndef SIM_MEASURED_H
#define SIM_MEASURED_H

/* Nanoseconds, of the fastest of some tries, all three taken within a few milliseconds. */
struct sim_measured {
    double trip;                        /* a line from thread 0 to another one and back, mean over the others */
    double barrier, region;             /* one after the other */
};

/* CPUs that this process may use. */
unsigned sim_measured_cpus(void);

/* `threads` >= 2, not more than there are CPUs. */
struct sim_measured sim_measured_take(unsigned threads);

#endif
