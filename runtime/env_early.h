/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The environment before the C library has it: functions of a program's .preinit_array run before the constructor of libc,
 * and getenv() finds nothing yet. */
#ifndef GOMPX_RUNTIME_ENV_EARLY_H
#define GOMPX_RUNTIME_ENV_EARLY_H

/* The value that the kernel handed over, if libc is not yet set up; else, or if there is none, NULL.  The text stays.
 * Not thread-safe. */
const char *gompx_env_early(const char *name);

#endif
