/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Runs a script of calls on one OpenMP runtime and writes down what every call did.
 *
 *     worker LIST LIBRARY <SCRIPT
 *
 * LIST is abi/symbols.csv; the runtime is opened by the path of LIBRARY.  Lines of a script:
 *
 *     cpus 0,1                     before all others: the affinity mask at start
 *     NAME WORD...                 a call; $3=NAME WORD... keeps the result in slot 3.  NAME may be NAME@NODE.
 *     fill b2                      buffer 2 becomes a pattern; `data b2 SEED` puts other bytes there
 *     put $3 SIZE BYTE, is $3 SIZE BYTE, aligned $3 BYTES, forget $3
 *                                  writes into, and looks at, memory that a slot points at; nothing if it is null
 *     block WORD... / end          lines in a region and the like: tests/abi/diff/block.h
 *
 * A line goes to stdout before it is run, its outcome afterwards.  Exit status 99: the script is wrong. */
#include <dlfcn.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/abi/diff/block.h"
#include "tests/abi/diff/value.h"

enum { LINES_MAX = 4096, WORDS_MAX = PARAMETERS_MAX + 2, SECONDS_MAX = 60 };

static char *script[LINES_MAX];
static unsigned script_lines;
static void *library;

static void script_wrong(const char *line)
{
    fflush(stdout);
    fprintf(stderr, "worker: what is this: %s\n", line);
    _Exit(99);
}

static void script_read(void)
{
    char *line = NULL;
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (script_lines == LINES_MAX)
            script_wrong("too long");
        script[script_lines++] = strdup(line);
    }
    free(line);
}

static unsigned split(char *line, char **words)
{
    unsigned n = 0;

    for (char *save, *word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        if (n == WORDS_MAX)
            script_wrong(word);
        words[n++] = word;
    }
    return n;
}

/* ---- memory ---- */

static void memory_check(const unsigned char *p, size_t n, unsigned char byte)
{
    size_t i = 0;

    while (i < n && p[i] == byte)
        i++;
    printf(i == n ? " yes" : " no");
}

/* put, is, aligned, forget: true if it was one of them. */
static bool memory_line(char **words, unsigned count)
{
    int slot = count > 1 ? value_slot(words[1]) : -1;
    unsigned char *p = slot >= 0 ? (unsigned char *)(uintptr_t)value_slots[slot] : NULL;
    size_t n = count > 2 ? strtoul(words[2], NULL, 0) : 0;
    unsigned char byte = count > 3 ? (unsigned char)strtoul(words[3], NULL, 0) : 0;

    if (strcmp(words[0], "forget") == 0 && slot >= 0)
        value_slots[slot] = 0;
    else if (strcmp(words[0], "put") == 0)
        p ? memset(p, byte, n) : NULL;
    else if (strcmp(words[0], "is") == 0 && p)
        memory_check(p, n, byte);
    else if (strcmp(words[0], "aligned") == 0 && p && n)
        printf((uintptr_t)p % n == 0 ? " yes" : " no");
    else
        return strcmp(words[0], "is") == 0 || strcmp(words[0], "aligned") == 0;
    return true;
}

static bool buffer_line(char **words, unsigned count)
{
    unsigned seed = count > 2 ? (unsigned)strtoul(words[2], NULL, 0) : 0;
    unsigned char *at;

    if (strcmp(words[0], "fill") != 0 && strcmp(words[0], "data") != 0)
        return false;
    at = value_place(words[1]);
    for (unsigned i = 0; i < BUFFER_SIZE; i++)
        at[i] = words[0][0] == 'f' ? PATTERN : (unsigned char)((i * 7 + seed * 31) >> (i % 3));
    return true;
}

/* ---- lines ---- */

static void call_line(const char *path, const char *line, char **words, unsigned count)
{
    struct cell cells[PARAMETERS_MAX];
    int slot = value_slot(words[0]);
    char *name = slot >= 0 ? strchr(words[0], '=') : words[0];
    struct routine *r;

    if (name == NULL)
        script_wrong(line);
    r = signature_find(name + (slot >= 0), library);
    if (r == NULL) {
        printf("%s %s: not there\n", path, line);
        return;
    }
    value_read(cells, r, words + 1, count - 1);
    printf("%s %s", path, line);
    fflush(stdout);
    value_call(cells, r, slot);
    putchar('\n');
}

/* The line behind the one that closes the block opened at `first` - 1. */
static unsigned block_end(unsigned first)
{
    for (unsigned depth = 1; first < script_lines; first++) {
        depth += strncmp(script[first], "block ", 6) == 0;
        depth -= strcmp(script[first], "end") == 0;
        if (depth == 0)
            return first + 1;
    }
    script_wrong("a block without end");
    return 0;
}

void lines_run(struct place *place, unsigned first, unsigned last)
{
    for (unsigned i = first; i < last; i++) {
        char *line = strdup(script[i]), *words[WORDS_MAX];
        unsigned count = split(line, words);

        if (count == 0 || strcmp(words[0], "end") == 0 || strcmp(words[0], "cpus") == 0) {
            /* nothing to do */
        } else if (strcmp(words[0], "block") == 0) {
            unsigned end = block_end(i + 1);

            printf("%s %s\n", place->path, script[i]);
            fflush(stdout);
            if (place->depth < DEPTH_MAX)
                block_run(place, words + 1, count - 1, i + 1, end);
            i = end - 1;
        } else if (!buffer_line(words, count)) {
            if (script[i][0] == '$' || strchr(words[0], '_')) {
                call_line(place->path, script[i], words, count);
            } else {
                printf("%s %s", place->path, script[i]);
                if (!memory_line(words, count))
                    script_wrong(script[i]);
                putchar('\n');
            }
        }
        free(line);
    }
}

static void cpus_set(const char *list)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    for (const char *s = list; *s; s += strcspn(s, ",") + (s[strcspn(s, ",")] == ','))
        CPU_SET((unsigned)atoi(s), &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        script_wrong(list);
}

int main(int argc, char **argv)
{
    struct place place = { .path = "", .depth = 0 };

    if (argc != 3)
        script_wrong("worker LIST LIBRARY <SCRIPT");
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    alarm(SECONDS_MAX);                 /* whoever waits for us may be gone */
    script_read();
    if (script_lines && strncmp(script[0], "cpus ", 5) == 0)
        cpus_set(script[0] + 5);
    signature_open(argv[1]);
    library = dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL)
        script_wrong(dlerror());
    block_open(library);
    lines_run(&place, 0, script_lines);
    printf("end of the script\n");
    return 0;
}
