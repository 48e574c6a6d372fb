/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ACC_PROFLIB: each library is loaded at start and registers; one that cannot be loaded gets a warning.  The program
 * starts itself anew with the variable made from $NAMES, where @ stands for the library's path.
 *
 * run: threads=1 opt=2 pin=no policy=default modes=path lib=prof_library_lib.c
 * run+: env=NAMES=@ expect-stdout="\Aloaded\nmain\nevent 16\nevent 17\n\Z" expect-stderr="\A\Z"
 * run+: env="NAMES=;@;;@;" expect-stdout="\Aloaded\nloaded\nmain\nevent 16\nevent 17\n\Z"
 * run+: env=NAMES= expect-stdout="\Amain\n\Z" expect-stderr="\A\Z"
 * run+: env="NAMES=./none.so;@" expect-stdout="\Aloaded\nmain\n" expect-stderr="\A\nlibgomp: while loading ACC_PROFLIB .\./none\.so.: ./none\.so: cannot open.*\n\Z"
 * run+: env="NAMES=libm.so.6;@" expect-stdout="\Aloaded\nmain\n" expect-stderr="\A\nlibgomp: while loading ACC_PROFLIB .libm\.so\.6.: .*acc_register_library\n\Z"
 * run+: env="NAMES=libgomp.so.1;@" expect-stdout="\Aloaded\nmain\n" expect-stderr="while loading ACC_PROFLIB .libgomp\.so\.1.: .*acc_register_library" gompx-only="libgomp stops" */
#include "tests/acc/acc_check.h"

/* Starts the program anew. */
static void again(char **argv)
{
    const char *library = getenv("GOMPX_TEST_LIB");
    char names[4096] = "";

    CHECK(library != NULL);
    for (const char *s = getenv("NAMES"); *s; s++) {
        size_t used = strlen(names);

        CHECK(used + strlen(library) + 2 < sizeof names);
        if (*s == '@')
            strcat(names, library);
        else
            names[used] = *s, names[used + 1] = '\0';
    }
    setenv("ACC_PROFLIB", names, 1);
    execv("/proc/self/exe", argv);
    CHECK(!"execv");
}

int main(int argc, char **argv)
{
    int x = 0;

    (void)argc;
    if (!getenv("ACC_PROFLIB"))
        again(argv);
    printf("main\n");
    fflush(stdout);
#pragma acc parallel copy(x)
    x = 1;
    CHECK_EQ(x, 1);
    return 0;
}
