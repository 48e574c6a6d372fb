/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * For tests of OpenACC's profiling interface: a callback that writes down what it is told, and the comparison. */
#ifndef GOMPX_TESTS_ACC_PROF_CHECK_H
#define GOMPX_TESTS_ACC_PROF_CHECK_H

#include <acc_prof.h>

#include "tests/acc/acc_check.h"

static char prof_log[1 << 14];

static inline void prof_append(const char *text)
{
    CHECK(strlen(prof_log) + strlen(text) < sizeof prof_log);
    strcat(prof_log, text);
}

/* What the log holds since the last time. */
#define PROF_EXPECT(text) prof_expect(__FILE__, __LINE__, text)

static inline void prof_expect(const char *file, int line, const char *text)
{
    if (strcmp(prof_log, text) != 0) {
        fprintf(stderr, "%s:%d: got    \"%s\"\nwanted \"%s\"\n", file, line, prof_log, text);
        _exit(1);
    }
    prof_log[0] = '\0';
}

/* The name of an event as the tests write it. */
static inline const char *prof_name(acc_event_t event)
{
    static const char *const names[] = {
        "none", "init<", "init>", "shutdown<", "shutdown>", "exit", "create", "delete", "alloc", "free", "enter<",
        "enter>", "exit<", "exit>", "update<", "update>", "compute<", "compute>", "launch<", "launch>", "upload<", "upload>",
        "download<", "download>", "wait<", "wait>",
    };

    return event < acc_ev_last ? names[event] : "?";
}

#endif
