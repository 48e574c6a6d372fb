/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Functions that OpenACC's profiling interface is given, and that print what they are told. */
#ifndef GOMPX_TESTS_PROFILING_H
#define GOMPX_TESTS_PROFILING_H

/* "callback": an acc_prof_callback; "register", "lookup": an acc_prof_reg and an acc_prof_lookup_func.  Other words end
 * the process. */
void *profiling_function(const char *word);

#endif
