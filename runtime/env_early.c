/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * /proc/self/environ, read once: NAME=VALUE texts, each with its NUL. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* program_invocation_name */
#endif
#include "runtime/env_early.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *texts;                     /* NULL: not read, or not to be had */
static size_t length;

/* Reads all of `fd`; what does not fit into memory is not there. */
static void read_all(int fd)
{
    size_t room = 0;
    ssize_t got;

    do {
        if (room - length < 2) {
            char *larger = realloc(texts, room += 65536);

            if (!larger)
                break;
            texts = larger;
        }
        got = read(fd, texts + length, room - length - 1);
        if (got > 0)
            length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (texts)
        texts[length] = '\0';
}

const char *gompx_env_early(const char *name)
{
    size_t n = strlen(name);
    int fd;

    if (program_invocation_name[0] != '\0')             /* libc's constructor sets it, together with the environment */
        return NULL;
    if (!texts && (fd = open("/proc/self/environ", O_RDONLY | O_CLOEXEC)) >= 0) {
        read_all(fd);
        close(fd);
    }
    for (const char *t = texts; t && t < texts + length; t += strlen(t) + 1)
        if (strncmp(t, name, n) == 0 && t[n] == '=')
            return t + n + 1;
    return NULL;
}
