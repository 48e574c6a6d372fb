/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Start of the library: settings are read at load and acted on at the first construct. */
#ifndef GOMPX_RUNTIME_INIT_H
#define GOMPX_RUNTIME_INIT_H

/* Idempotent; runs as the library's constructor, or earlier when a constructor of the program calls an entry point. Before
 * any other thread exists, as far as the library can know. */
void gompx_init(void);

#endif
