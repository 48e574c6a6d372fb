/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * fork(): the child has one thread and makes its own teams. */
#ifndef GOMPX_RUNTIME_FORK_H
#define GOMPX_RUNTIME_FORK_H

/* Registers the handlers. Once. */
void gompx_fork_init(void);

#endif
