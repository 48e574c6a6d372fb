/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Parsers of environment variables. */
#include "runtime/env_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affinity/scan.h"

static const char invalid[] = "Invalid value for";

struct word {
    const char *word;
    int value;
};

/* The whole text is a decimal number in [least, most]. */
static bool number_whole(const char *text, unsigned long least, unsigned long most, unsigned long *value)
{
    unsigned long n;

    gompx_scan_blank(&text);
    if (!gompx_scan_ulong(&text, 10, &n) || *text != '\0' || n < least || n > most)
        return false;
    *value = n;
    return true;
}

/* The whole text is one of the words; the last has word == NULL. */
static bool word_whole(const char *text, const struct word *words, int *value)
{
    gompx_scan_blank(&text);
    for (; words->word; words++) {
        const char *at = text;
        if (gompx_scan_word(&at, words->word) && *at == '\0') {
            *value = words->value;
            return true;
        }
    }
    return false;
}

static void *list_alloc(size_t count, size_t size)
{
    void *list = malloc(count * size);

    if (!list)
        gompx_fatal("out of memory allocating %zu bytes", count * size);
    return list;
}

/* Number of elements that a comma-separated list has if it is valid. */
static unsigned list_length(const char *text)
{
    unsigned n = 1;

    for (; *text; text++)
        n += *text == ',';
    return n;
}

static const char *choice_parse(const char *text, const struct word *words, bool *out)
{
    int value;

    if (!word_whole(text, words, &value))
        return invalid;
    *out = value != 0;
    return NULL;
}

const char *gompx_parse_flag(const char *text, bool *out, struct gompx_reading *r)
{
    static const struct word words[] = { { "true", 1 }, { "false", 0 }, { NULL, 0 } };

    (void)r;
    return choice_parse(text, words, out);
}

static const char *int_parse(const char *text, unsigned long least, int *out)
{
    unsigned long n;

    if (!number_whole(text, least, INT_MAX, &n))
        return invalid;
    *out = (int)n;
    return NULL;
}

const char *gompx_parse_positive(const char *text, int *out, struct gompx_reading *r)
{
    (void)r;
    return int_parse(text, 1, out);
}

const char *gompx_parse_natural(const char *text, int *out, struct gompx_reading *r)
{
    (void)r;
    return int_parse(text, 0, out);
}

const char *gompx_parse_count(const char *text, uint32_t *out, struct gompx_reading *r)
{
    unsigned long n;

    (void)r;
    if (!number_whole(text, 0, INT_MAX, &n))
        return invalid;
    *out = (uint32_t)n;
    return NULL;
}

/* Copied: the program may change its environment. */
const char *gompx_parse_string(const char *text, const char **out, struct gompx_reading *r)
{
    size_t size = strlen(text) + 1;

    (void)r;
    *out = memcpy(list_alloc(size, 1), text, size);
    return NULL;
}

const char *gompx_parse_nthreads(const char *text, uint32_t *out, struct gompx_reading *r)
{
    unsigned n = 0, length = list_length(text);
    uint32_t *list = list_alloc(length, sizeof *list);
    unsigned long value;

    (void)r;
    gompx_scan_blank(&text);
    do {
        if (!gompx_scan_ulong(&text, 10, &value) || value < 1 || value > INT_MAX) {
            free(list);
            return invalid;
        }
        list[n++] = (uint32_t)value;
    } while (gompx_scan_char(&text, ','));
    if (*text != '\0') {
        free(list);
        return invalid;
    }
    *out = list[0];
    if (n > 1) {
        gompx_globals.nthreads_list = list;
        gompx_globals.nthreads_list_len = n;
    } else {
        free(list);
    }
    return NULL;
}

static bool modifier_read(const char **at, bool *monotonic, bool *nonmonotonic)
{
    *monotonic = gompx_scan_word(at, "monotonic");
    *nonmonotonic = !*monotonic && gompx_scan_word(at, "nonmonotonic");
    return !(*monotonic || *nonmonotonic) || gompx_scan_char(at, ':');
}

/* Without a modifier static is monotonic: that is what the bit in the stored kind says, as omp_get_schedule() shows
 * it. */
const char *gompx_parse_schedule(const char *text, uint32_t *out, struct gompx_reading *r)
{
    static const char kinds[][8] = { "static", "dynamic", "guided", "auto" };
    bool monotonic, nonmonotonic;
    unsigned long chunk;
    unsigned kind = 0;

    (void)r;
    gompx_scan_blank(&text);
    if (!modifier_read(&text, &monotonic, &nonmonotonic))
        return "Unknown value for";
    while (kind < 4 && !gompx_scan_word(&text, kinds[kind]))
        kind++;
    if (kind == 4 || (*text != '\0' && *text != ','))
        return "Unknown value for";
    kind += GOMPX_SCHED_STATIC;
    *out = kind | (monotonic || (kind == GOMPX_SCHED_STATIC && !nonmonotonic) ? GOMPX_SCHED_MONOTONIC : 0);
    if (*text == '\0')
        chunk = kind != GOMPX_SCHED_STATIC;
    else if (!number_whole(text + 1, 0, INT_MAX, &chunk))
        return "Invalid value for chunk size in";
    gompx_globals.icvs.sched_chunk = chunk == 0 && kind != GOMPX_SCHED_STATIC ? 1 : (long)chunk;
    return NULL;
}

static bool bind_read(const char **at, uint8_t *bind)
{
    static const struct word words[] = {
        { "primary", GOMPX_BIND_PRIMARY }, { "master", GOMPX_BIND_PRIMARY },
        { "close", GOMPX_BIND_CLOSE },     { "spread", GOMPX_BIND_SPREAD }, { NULL, 0 },
    };

    for (const struct word *w = words; w->word; w++) {
        if (gompx_scan_word(at, w->word)) {
            *bind = (uint8_t)w->value;
            return true;
        }
    }
    return false;
}

const char *gompx_parse_bind(const char *text, uint8_t *out, struct gompx_reading *r)
{
    unsigned n = 0, length = list_length(text);
    uint8_t *list;
    bool flag;

    if (!gompx_parse_flag(text, &flag, r)) {
        *out = flag ? GOMPX_BIND_TRUE : GOMPX_BIND_FALSE;
        return NULL;
    }
    list = list_alloc(length, sizeof *list);
    gompx_scan_blank(&text);
    while (bind_read(&text, &list[n]) && ++n < length && gompx_scan_char(&text, ','))
        ;
    if (n < length || *text != '\0') {
        free(list);
        return invalid;
    }
    *out = list[0];
    if (n > 1) {
        gompx_globals.bind_list = list;
        gompx_globals.bind_list_len = n;
    } else {
        free(list);
    }
    return NULL;
}

static const char *place_problem(char *reason)
{
    size_t length = strlen(reason);

    if (length == 0)
        return invalid;
    snprintf(reason + length, GOMPX_PLACE_REASON - length, " in");
    return reason;
}

const char *gompx_parse_places(const char *text, struct gompx_places *out, struct gompx_reading *r)
{
    return gompx_places_parse(text, r->mask, out, r->reason[0]) ? NULL : place_problem(r->reason[0]);
}

const char *gompx_parse_cpu_affinity(const char *text, struct gompx_places *out, struct gompx_reading *r)
{
    return gompx_places_parse_cpus(text, r->mask, out, r->reason[1]) ? NULL : place_problem(r->reason[1]);
}

/* number [unit] in the units B, K, M, G of 1024; a bare number is in K. */
static bool size_whole(const char *text, size_t *size)
{
    static const char units[] = "BKMG";
    unsigned long n, shift = 10;

    gompx_scan_blank(&text);
    if (!gompx_scan_ulong(&text, 10, &n))
        return false;
    for (unsigned u = 0; u < 4; u++) {
        if (toupper((unsigned char)*text) == units[u]) {
            shift = 10 * u;
            text++;
            gompx_scan_blank(&text);
            break;
        }
    }
    if (*text != '\0' || n > SIZE_MAX >> shift)
        return false;
    *size = (size_t)n << shift;
    return true;
}

/* What pthread_create() would refuse is refused here. */
const char *gompx_parse_stacksize(const char *text, size_t *out, struct gompx_reading *r)
{
    static char too_small[64];
    long least = sysconf(_SC_THREAD_STACK_MIN);
    size_t size;

    (void)r;
    if (!size_whole(text, &size))
        return invalid;
    if (least > 0 && size < (size_t)least) {
        snprintf(too_small, sizeof too_small, "Stack size less than minimum of %ldk in", (least + 1023) / 1024);
        return too_small;
    }
    *out = size;
    return NULL;
}

const char *gompx_parse_wait_policy(const char *text, int *out, struct gompx_reading *r)
{
    static const struct word words[] = { { "active", 1 }, { "passive", 0 }, { NULL, 0 } };

    (void)r;
    return word_whole(text, words, out) ? NULL : invalid;
}

/* number [unit] in the units K, M, G, T of 1000; saturates. */
static bool spincount_whole(const char *text, uint64_t *count)
{
    static const char units[] = "KMGT";
    unsigned long n;
    uint64_t factor = 1;

    if (!gompx_scan_ulong(&text, 10, &n))
        return false;
    for (unsigned u = 0; u < 4; u++) {
        factor *= 1000;
        if (toupper((unsigned char)*text) == units[u]) {
            text++;
            gompx_scan_blank(&text);
            *count = n > UINT64_MAX / factor ? UINT64_MAX : n * factor;
            return *text == '\0';
        }
    }
    *count = n;
    return *text == '\0';
}

const char *gompx_parse_spincount(const char *text, uint64_t *out, struct gompx_reading *r)
{
    static const struct word infinite[] = { { "infinity", 1 }, { "infinite", 1 }, { NULL, 0 } };
    uint64_t count = UINT64_MAX;
    int yes;

    (void)r;
    gompx_scan_blank(&text);
    if (!word_whole(text, infinite, &yes) && !spincount_whole(text, &count))
        return invalid;
    *out = count;
    gompx_globals.spincount_set = true;
    return NULL;
}

/* number [unit], in microseconds; saturates below UINT64_MAX, which means for ever. */
static bool duration_whole(const char *text, uint64_t *us)
{
    static const struct { const char *name; uint64_t us; } units[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 } };
    uint64_t factor = 1000;
    unsigned long n;

    if (!gompx_scan_ulong(&text, 10, &n))
        return false;
    for (unsigned u = 0; u < 3; u++) {
        if (gompx_scan_word(&text, units[u].name)) {
            factor = units[u].us;
            break;
        }
    }
    *us = n > (UINT64_MAX - 1) / factor ? UINT64_MAX - 1 : n * factor;
    return *text == '\0';
}

const char *gompx_parse_blocktime(const char *text, uint64_t *out, struct gompx_reading *r)
{
    static const struct word infinite[] = { { "infinite", 1 }, { "infinity", 1 }, { NULL, 0 } };
    uint64_t us = UINT64_MAX;
    int yes;

    (void)r;
    gompx_scan_blank(&text);
    if (!word_whole(text, infinite, &yes) && !duration_whole(text, &us))
        return invalid;
    *out = us;
    gompx_globals.blocktime_set = true;
    return NULL;
}

const char *gompx_parse_spin_us(const char *text, uint64_t *out, struct gompx_reading *r)
{
    unsigned long n;

    (void)r;
    if (!number_whole(text, 0, ULONG_MAX, &n))
        return invalid;
    *out = n;
    gompx_globals.spin_us_set = true;
    return NULL;
}

const char *gompx_parse_thread_limit(const char *text, uint32_t *out, struct gompx_reading *r)
{
    unsigned long n;

    (void)r;
    if (!number_whole(text, 1, ULONG_MAX, &n))
        return invalid;
    *out = n > INT_MAX ? UINT32_MAX : (uint32_t)n;
    return NULL;
}

const char *gompx_parse_levels(const char *text, uint8_t *out, struct gompx_reading *r)
{
    unsigned long n;

    (void)r;
    if (!number_whole(text, 0, ULONG_MAX, &n))
        return invalid;
    *out = n > UINT8_MAX ? UINT8_MAX : (uint8_t)n;
    return NULL;
}

const char *gompx_parse_target_offload(const char *text, int *out, struct gompx_reading *r)
{
    static const struct word words[] = {
        { "default", GOMPX_OFFLOAD_DEFAULT }, { "mandatory", GOMPX_OFFLOAD_MANDATORY },
        { "disabled", GOMPX_OFFLOAD_DISABLED }, { NULL, 0 },
    };

    (void)r;
    return word_whole(text, words, out) ? NULL : invalid;
}

const char *gompx_parse_display_env(const char *text, enum gompx_display *out, struct gompx_reading *r)
{
    static const struct word words[] = {
        { "false", GOMPX_DISPLAY_NOTHING }, { "true", GOMPX_DISPLAY_PLAIN },
        { "verbose", GOMPX_DISPLAY_VERBOSE }, { NULL, 0 },
    };
    int value;

    (void)r;
    if (!word_whole(text, words, &value))
        return invalid;
    *out = (enum gompx_display)value;
    return NULL;
}

const char *gompx_parse_cpus(const char *text, uint32_t *out, struct gompx_reading *r)
{
    unsigned long n;

    (void)r;
    if (!number_whole(text, 1, INT_MAX, &n))
        return invalid;
    *out = (uint32_t)n;
    return NULL;
}

const char *gompx_parse_tool(const char *text, bool *out, struct gompx_reading *r)
{
    static const struct word words[] = { { "disabled", 0 }, { "enabled", 1 }, { NULL, 0 } };

    (void)r;
    return choice_parse(text, words, out);
}

const char *gompx_parse_quota(const char *text, bool *out, struct gompx_reading *r)
{
    static const struct word words[] = { { "use", 0 }, { "ignore", 1 }, { NULL, 0 } };

    (void)r;
    return choice_parse(text, words, out);
}

const char *gompx_parse_barrier(const char *text, enum gompx_barrier_choice *out, struct gompx_reading *r)
{
    static const struct word words[] = {
        { "auto", GOMPX_CHOICE_AUTO }, { "mono", GOMPX_CHOICE_MONO }, { "central", GOMPX_CHOICE_CENTRAL },
        { "tree", GOMPX_CHOICE_TREE }, { NULL, 0 },
    };
    int value;

    (void)r;
    if (!word_whole(text, words, &value))
        return invalid;
    *out = (enum gompx_barrier_choice)value;
    return NULL;
}

const char *gompx_parse_fanin(const char *text, uint32_t *out, struct gompx_reading *r)
{
    unsigned long n;

    (void)r;
    if (!number_whole(text, 2, UINT16_MAX, &n))
        return invalid;
    *out = (uint32_t)n;
    return NULL;
}
