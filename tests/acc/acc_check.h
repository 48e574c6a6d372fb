/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * For tests of OpenACC: each of its process-wide states is tried in a process of its own. */
#ifndef GOMPX_TESTS_ACC_ACC_CHECK_H
#define GOMPX_TESTS_ACC_ACC_CHECK_H

#include <openacc.h>
#include <pthread.h>
#include <sys/wait.h>

#include "tests/omp/check.h"

enum { ACC_CHECK_TEXT = 4096 };

/* What `fn` writes to stderr in a child process, which has ended with `status`.  Valid until the next call. */
static inline const char *acc_child(void (*fn)(void), int *status)
{
    static char text[ACC_CHECK_TEXT];
    size_t length = 0;
    ssize_t n;
    int ends[2], state;
    pid_t child;

    fflush(NULL);
    CHECK(pipe(ends) == 0);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        fn();
        exit(0);
    }
    close(ends[1]);
    while ((n = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)n;
    text[length] = '\0';
    close(ends[0]);
    CHECK(waitpid(child, &state, 0) == child);
    *status = WIFEXITED(state) ? WEXITSTATUS(state) : -WTERMSIG(state);
    return text;
}

/* `fn` comes to its end in a process of its own. */
#define ACC_WORKS(fn) acc_works(__FILE__, __LINE__, #fn, fn)

static inline void acc_works(const char *file, int line, const char *what, void (*fn)(void))
{
    int status;
    const char *text = acc_child(fn, &status);

    if (status != 0) {
        fprintf(stderr, "%s:%d: %s: status %d: %s\n", file, line, what, status, text);
        _exit(1);
    }
}

/* `fn` ends its process with libgomp's message `text`. */
#define ACC_ENDS(fn, text) acc_ends(__FILE__, __LINE__, #fn, fn, text)

static inline void acc_ends(const char *file, int line, const char *what, void (*fn)(void), const char *text)
{
    int status;
    const char *got = acc_child(fn, &status);
    char wanted[256];

    snprintf(wanted, sizeof wanted, "\nlibgomp: %s\n", text);
    if (status != 1 || strcmp(got, wanted) != 0) {
        fprintf(stderr, "%s:%d: %s: status %d: %s\n", file, line, what, status, got);
        _exit(1);
    }
}

static inline void *acc_call(void *fn)
{
    void (*call)(void);

    *(void **)&call = fn;
    call();
    return NULL;
}

/* `fn` in a thread of its own. */
static inline void acc_in_thread(void (*fn)(void))
{
    pthread_t thread;
    void *argument;

    *(void (**)(void))&argument = fn;
    CHECK(pthread_create(&thread, NULL, acc_call, argument) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

#endif
