/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The C signatures of abi/symbols.csv, as libffi wants them.  Not thread-safe: one thread at a time may look up. */
#ifndef GOMPX_TESTS_SIGNATURE_H
#define GOMPX_TESTS_SIGNATURE_H

#include <ffi.h>
#include <stdbool.h>
#include <stddef.h>

enum { PARAMETERS_MAX = 16 };

/* How a value of a type is read from a script and written into a trace. */
enum kind { KIND_VOID, KIND_SIGNED, KIND_UNSIGNED, KIND_DOUBLE, KIND_HANDLE, KIND_FUNCTION, KIND_CHAR, KIND_TRAIT, KIND_OPAQUE };

struct type {
    const char *name;
    enum kind kind;
    size_t size;                        /* bytes of one; 0: unknown, only pointers to it exist */
    ffi_type *ffi;                      /* NULL: cannot be passed by value */
};

/* `stars` is the number of pointers in front of the base type; an array counts as one. */
struct parameter {
    const struct type *base;
    unsigned stars;
    bool is_const;                      /* what it points at is const */
};

struct routine {
    const char *name;
    const char *node;                   /* version; NULL: the default version */
    struct parameter result, parameters[PARAMETERS_MAX];
    unsigned count;
    ffi_type *types[PARAMETERS_MAX];
    ffi_cif cif;
    void *address;
    struct routine *next;
};

/* Reads the list; ends the process if it cannot be read. */
void signature_open(const char *path);

/* The routine `name`, or `name@NODE` for one that is not the default version, found in `library`, with the signature that
 * the list gives it.  NULL: not in the list, or not in the library.  A signature that is not understood ends the process.
 * The answer stays valid. */
struct routine *signature_find(const char *name, void *library);

#endif
