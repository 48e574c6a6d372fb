/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The error directive, at execution time.  `message` is NULL without a message clause; `length` is (size_t)-1 for a string
 * that ends in NUL, else its exact length (Fortran). */
#include <limits.h>
#include <string.h>

#include "abi/abi.h"
#include "sync/base.h"

/* Colon and message, or nothing: two printf arguments "%s%.*s". */
#define CLAUSE(message, length) (message) ? ": " : "", shown(message, length), (message) ? (message) : ""

static int shown(const char *message, size_t length)
{
    if (!message)
        return 0;
    if (length == (size_t)-1)
        length = strlen(message);
    return length < INT_MAX ? (int)length : INT_MAX;
}

GOMPX_ENTRY(void, GOMP_warning, const char *message, size_t length)
{
    gompx_warn("error directive encountered%s%.*s", CLAUSE(message, length));
}

GOMPX_ENTRY(void, GOMP_error, const char *message, size_t length)
{
    gompx_error("fatal error: error directive encountered%s%.*s", CLAUSE(message, length));
}
