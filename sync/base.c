/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The one door for messages to the user and for ending the process. */
#include "sync/base.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A single write keeps a message whole when several threads or processes share stderr.  Longer texts are cut. */
static void message_write(const char *prefix, const char *end, const char *format, va_list args)
{
    char line[2048];
    size_t used = (size_t)snprintf(line, sizeof line, "%s", prefix);
    int n = vsnprintf(line + used, sizeof line - used - 1, format, args);

    if (n > 0)
        used += (size_t)n < sizeof line - used - 1 ? (size_t)n : sizeof line - used - 2;
    used += (size_t)(stpcpy(line + used, end) - (line + used));
    for (const char *p = line; used > 0;) {
        ssize_t done = write(STDERR_FILENO, p, used);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return;                                     /* stderr is closed: there is nobody to tell */
        p += done;
        used -= (size_t)done;
    }
}

void gompx_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    message_write("\nlibgomp: ", "\n", format, args);
    va_end(args);
}

void gompx_debug(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    message_write("", "", format, args);
    va_end(args);
}

void gompx_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    message_write("\nlibgomp: ", "\n", format, args);
    va_end(args);
    exit(EXIT_FAILURE);
}

void gompx_fatal(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    message_write("libgompx: fatal: ", "\n", format, args);
    va_end(args);
    exit(EXIT_FAILURE);
}

void gompx_impossible(const char *file, int line, const char *call, int error)
{
    char text[64];

    /* The GNU strerror_r may return a string of its own. */
    fprintf(stderr, "libgompx: fatal: %s:%d: %s failed: %s\n", file, line, call, strerror_r(error, text, sizeof text));
    abort();
}

void *gompx_lines_alloc(size_t bytes)
{
    size_t whole = (bytes + GOMPX_CACHE_LINE - 1) & ~(size_t)(GOMPX_CACHE_LINE - 1);
    void *p = whole >= bytes ? aligned_alloc(GOMPX_CACHE_LINE, whole) : NULL;

    if (!p)
        gompx_fatal("out of memory allocating %zu bytes", bytes);
    return memset(p, 0, whole);
}

#ifdef GOMPX_DEBUG
void gompx_assert_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "libgompx: fatal: %s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
#endif
