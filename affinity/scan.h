/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading short texts from left to right.  Each function takes the place to read from, advances it past what it has
 * read and past blanks after it, and leaves it alone when it returns false.  Letters are compared without regard to
 * case. */
#ifndef GOMPX_AFFINITY_SCAN_H
#define GOMPX_AFFINITY_SCAN_H

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static inline void gompx_scan_blank(const char **at)
{
    while (isspace((unsigned char)**at))
        ++*at;
}

static inline bool gompx_scan_char(const char **at, char c)
{
    if (**at != c || c == '\0')
        return false;
    ++*at;
    gompx_scan_blank(at);
    return true;
}

/* `word`, even if more letters follow. */
static inline bool gompx_scan_prefix(const char **at, const char *word)
{
    size_t length = strlen(word);

    if (strncasecmp(*at, word, length) != 0)
        return false;
    *at += length;
    gompx_scan_blank(at);
    return true;
}

/* `word`, not followed by a letter, digit or underscore. */
static inline bool gompx_scan_word(const char **at, const char *word)
{
    size_t length = strlen(word);

    return !isalnum((unsigned char)(*at)[strnlen(*at, length)]) && (*at)[strnlen(*at, length)] != '_'
        && gompx_scan_prefix(at, word);
}

/* A number without minus sign that fits; `base` as for strtoul(). */
static inline bool gompx_scan_ulong(const char **at, int base, unsigned long *value)
{
    char *end;
    unsigned long n;

    if (!isdigit((unsigned char)**at) && !(**at == '+' && isdigit((unsigned char)(*at)[1])))
        return false;
    errno = 0;
    n = strtoul(*at, &end, base);
    if (errno)
        return false;
    *value = n;
    *at = end;
    gompx_scan_blank(at);
    return true;
}

/* A decimal number, perhaps negative, that fits. */
static inline bool gompx_scan_long(const char **at, long *value)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(*at, &end, 10);
    if (errno || end == *at)
        return false;
    *value = n;
    *at = end;
    gompx_scan_blank(at);
    return true;
}

#endif
