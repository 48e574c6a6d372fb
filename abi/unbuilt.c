/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The entry points of libgomp's ABI that gompx does not offer.  The map must define every
 * name of a version node, or a program could not start; whoever calls one of these is told so and ended.
 *
 * unbuilt.def is written by tools/unbuilt-sync: the names of symbols.csv that no other object defines.  Should the
 * linker report a name of that list as defined twice, somebody has built it: run `make unbuilt`. */
#include "abi/abi.h"
#include "sync/base.h"

/* The true signatures do not matter: a call with any arguments may enter a function that takes none and never returns. */
#define UNBUILT(name) \
    GOMPX_ENTRY(void, name, void) \
    { \
        gompx_fatal("%s is not implemented in this version", #name); \
    }
#include "abi/unbuilt.def"
