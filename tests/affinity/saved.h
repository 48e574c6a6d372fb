/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Trees of the kernel's files as systems were seen to have them, laid out below a temporary folder. */
#ifndef GOMPX_TESTS_AFFINITY_SAVED_H
#define GOMPX_TESTS_AFFINITY_SAVED_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char root[64];

/* Writes a file below the root, folders included. */
static void file(const char *path, const char *text)
{
    char full[512];
    FILE *out;

    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *p = strchr(full + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        mkdir(full, 0700);
        *p = '/';
    }
    out = fopen(full, "w");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

/* A fixture around each test. */
static void saved_setup(void)
{
    strcpy(root, "/tmp/gompx-saved-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void saved_teardown(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", root);
    ck_assert_int_eq(system(command), 0);
}

#endif
