/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Expansion of affinity formats: one field at a time, parsed by field_parse(), written by field_write(). */
#include "affinity/format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/base.h"

/* A text of bounded room that counts what did not fit. */
struct sink {
    char *buf;
    size_t size, length;
};

struct field {
    char type;                          /* the short name */
    bool right, zero;
    size_t width;
};

static const struct { char letter; const char *name; } types[] = {
    { 't', "team_num" },    { 'T', "num_teams" },   { 'L', "nesting_level" },   { 'n', "thread_num" },
    { 'N', "num_threads" }, { 'a', "ancestor_tnum" }, { 'H', "host" },          { 'P', "process_id" },
    { 'i', "native_thread_id" }, { 'A', "thread_affinity" },
};

static void sink_put(struct sink *s, const char *text, size_t length)
{
    if (s->length < s->size) {
        size_t room = s->size - s->length - 1, n = length < room ? length : room;
        memcpy(s->buf + s->length, text, n);
        s->buf[s->length + n] = '\0';
    }
    s->length += length;
}

static void sink_fill(struct sink *s, char c, size_t count)
{
    while (count-- > 0)
        sink_put(s, &c, 1);
}

static __attribute__((format(printf, 2, 3))) const char *mistake(char *error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, GOMPX_AFFINITY_ERROR, format, args);
    va_end(args);
    return NULL;
}

/* Reads the type; `at` points at its letter or brace.  Returns what follows, or NULL and a text in `error`. */
static const char *type_parse(const char *at, struct field *field, char *error)
{
    const char *end = at + 1;

    if (*at == '{') {
        end = strchr(at, '}');
        if (!end)
            return mistake(error, "unterminated long type name '%s' in affinity format", at + 1);
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            size_t length = (size_t)(end - at - 1);
            if (strlen(types[i].name) == length && strncmp(types[i].name, at + 1, length) == 0) {
                field->type = types[i].letter;
                return end + 1;
            }
        }
        return mistake(error, "unsupported long type name '%.*s' in affinity format", (int)(end - at - 1), at + 1);
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].letter == *at) {
            field->type = *at;
            return end;
        }
    }
    return mistake(error, "unsupported type %.1s in affinity format", at);
}

/* Reads one field; `at` points behind its percent sign. */
static const char *field_parse(const char *at, struct field *field, char *error)
{
    *field = (struct field){ 0 };
    if (*at == '0') {
        if (at[1] != '.')
            return mistake(error, "leading zero not followed by dot in affinity format");
        field->zero = true;
        at++;
    }
    if (*at == '.') {
        field->right = true;
        at++;
    }
    if (*at >= '1' && *at <= '9')
        for (; *at >= '0' && *at <= '9'; at++)
            field->width = field->width < INT32_MAX / 10 ? 10 * field->width + (size_t)(*at - '0') : INT32_MAX / 10;
    else if (field->right)
        return mistake(error, "leading zero or right justification in affinity format requires size");
    return type_parse(at, field, error);
}

/* `prefix` characters stay in front of the zeros: a sign or 0x. */
static void padded_put(struct sink *s, const struct field *field, const char *text, size_t length, size_t prefix,
                       bool number)
{
    size_t fill = length < field->width ? field->width - length : 0;
    bool zeros = field->zero && number;

    if (field->right && !zeros)
        sink_fill(s, ' ', fill);
    sink_put(s, text, prefix);
    if (zeros)
        sink_fill(s, '0', fill);
    sink_put(s, text + prefix, length - prefix);
    if (!field->right)
        sink_fill(s, ' ', fill);
}

static void number_put(struct sink *s, const struct field *field, int value)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%d", value);

    padded_put(s, field, text, (size_t)length, value < 0, true);
}

static void id_put(struct sink *s, const struct field *field, uintptr_t id)
{
    char text[32];
    int length = snprintf(text, sizeof text, "0x%lx", (unsigned long)id);

    padded_put(s, field, text, (size_t)length, 2, true);
}

static void host_put(struct sink *s, const struct field *field, const char *host)
{
    char name[256] = "";

    if (!host) {
        if (gethostname(name, sizeof name - 1) != 0)
            name[0] = '\0';
        host = name;
    }
    padded_put(s, field, host, strlen(host), 0, false);
}

/* A list longer than the array is measured first. */
static void cpus_put(struct sink *s, const struct field *field, const struct gompx_cpuset *cpus)
{
    char some[256], *text = some;
    size_t length = gompx_cpuset_text(some, sizeof some, cpus);

    if (length >= sizeof some) {
        text = malloc(length + 1);
        if (!text)
            gompx_fatal("out of memory allocating %zu bytes", length + 1);
        gompx_cpuset_text(text, length + 1, cpus);
    }
    padded_put(s, field, text, length, 0, false);
    if (text != some)
        free(text);
}

static void field_write(struct sink *s, const struct field *field, const struct gompx_affinity_facts *facts)
{
    switch (field->type) {
    case 't': number_put(s, field, facts->team_num); break;
    case 'T': number_put(s, field, facts->num_teams); break;
    case 'L': number_put(s, field, facts->level); break;
    case 'n': number_put(s, field, facts->thread_num); break;
    case 'N': number_put(s, field, facts->num_threads); break;
    case 'a': number_put(s, field, facts->ancestor_tnum); break;
    case 'P': number_put(s, field, facts->process_id); break;
    case 'H': host_put(s, field, facts->host); break;
    case 'i': id_put(s, field, facts->native_thread_id); break;
    case 'A': cpus_put(s, field, facts->cpus); break;
    }
}

/* Without facts: only looks for mistakes. */
static bool format_walk(struct sink *s, const char *at, const struct gompx_affinity_facts *facts, char *error)
{
    struct field field;

    while (*at) {
        size_t plain = strcspn(at, "%");

        sink_put(s, at, plain);
        at += plain;
        if (at[0] == '%' && at[1] == '%') {
            sink_put(s, "%", 1);
            at += 2;
        } else if (*at == '%') {
            at = field_parse(at + 1, &field, error);
            if (!at)
                return false;
            if (facts)
                field_write(s, &field, facts);
        }
    }
    return true;
}

size_t gompx_affinity_expand(char *buf, size_t size, const char *format, const struct gompx_affinity_facts *facts)
{
    struct sink s = { .buf = buf, .size = size };
    char error[GOMPX_AFFINITY_ERROR];

    sink_put(&s, "", 0);
    if (!format_walk(&s, format, facts, error))
        gompx_error("%s", error);
    return s.length;
}

bool gompx_affinity_format_valid(const char *format, char *error)
{
    struct sink nowhere = { 0 };

    return format_walk(&nowhere, format, NULL, error);
}
