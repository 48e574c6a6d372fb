/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * For tests of the environment: a clean one, and what is written to stderr. */
#ifndef GOMPX_TESTS_TEST_ENV_H
#define GOMPX_TESTS_TEST_ENV_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/display.h"
#include "runtime/icv.h"

static const char *const test_names[] = {
#define ICV(scope, type, field, initial, variable, ...) #variable,
#define ALSO(target, variable, ...)                     #variable,
#include "runtime/icv.def"
};

#define TEST_NAMES (sizeof test_names / sizeof test_names[0])

static inline void test_clean(void)
{
    char all[64];

    for (unsigned i = 0; i < TEST_NAMES; i++) {
        unsetenv(test_names[i]);
        snprintf(all, sizeof all, "%s_ALL", test_names[i]);
        unsetenv(all);
    }
}

/* What `call` writes to stderr; valid until the next call. */
static inline const char *test_stderr_of(void (*call)(void))
{
    static char text[1 << 20];
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    size_t length;

    ck_assert_ptr_nonnull(file);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    call();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* Reads the environment anew; returns the messages. */
static inline const char *test_read(void)
{
    return test_stderr_of(gompx_icv_read);
}

/* The same with one variable set, and nothing said. */
static inline void test_read_with(const char *name, const char *value)
{
    setenv(name, value, 1);
    ck_assert_str_eq(test_read(), "");
    unsetenv(name);
}

#endif
