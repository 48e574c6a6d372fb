/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The parts of the program scenario: what happens when the case is not tidy.  Each function measures one case and
 * reports its rows; all are for the initial thread.  The sizes of the teams are part of the cases. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "bench.h"

/* scenario.c: prints one number as a row named after the running case. */
void scenario_report(const char *what, int threads, const char *unit, double value);

/* scenario.c: the median of `values`, which are sorted by this. */
double scenario_median(double *values, int count);

/* scenario.c: an empty region of that many threads, whose number is checked. */
void scenario_region(int threads);

/* scenario_host.c */
void scenario_hosts(void);
void scenario_new_hosts(void);

/* scenario_idle.c */
void scenario_idle(void);
void scenario_paced(void);

/* scenario_noise.c */
void scenario_noise(void);

/* scenario_child.c */
extern const char scenario_child_word[];
int scenario_child_main(const char *part); /* what the program does when it is a child; returns main()'s status */
void scenario_pair(void);
void scenario_active(void);

#endif
