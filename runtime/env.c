/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading the environment.
 *
 * First every variable is parsed, then those that depend on others are settled, then the invalid ones are reported:
 * only then is it known what is used instead.  Each variable is looked up by name with the C library's getenv(): no
 * walk over `environ`, which a program may have a copy of its own of. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                     /* secure_getenv */
#endif
#include "runtime/env.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "runtime/device.h"
#include "runtime/display.h"
#include "runtime/env_early.h"
#include "runtime/env_parse.h"

enum variable {
#define ICV(scope, type, field, initial, variable, ...) VARIABLE_##variable,
#define ALSO(target, variable, ...)                     VARIABLE_##variable,
#include "runtime/icv.def"
    VARIABLE_COUNT
};

static const char names[VARIABLE_COUNT][32] = {
#define ICV(scope, type, field, initial, variable, ...) #variable,
#define ALSO(target, variable, ...)                     #variable,
#include "runtime/icv.def"
};

struct complaint {
    enum variable variable;
    const char *suffix, *text, *problem;
};

struct env {
    struct gompx_reading reading;
    bool valid[VARIABLE_COUNT];
    unsigned complaints;
    struct complaint complaint[2 * VARIABLE_COUNT];
};

enum suffix { SUFFIX_ONE, SUFFIX_ALL, SUFFIX_SECURE };

/* NAME or NAME_ALL, or NULL. */
static const char *text_get(enum variable v, enum suffix rule, bool suffixed)
{
    char name[sizeof names[0] + 4];
    const char *text;

    strcpy(stpcpy(name, names[v]), suffixed ? "_ALL" : "");
    text = rule == SUFFIX_SECURE ? secure_getenv(name) : getenv(name);
    return text || (rule == SUFFIX_SECURE && getauxval(AT_SECURE)) ? text : gompx_env_early(name);
}

static void complain(struct env *e, enum variable v, bool suffixed, const char *text, const char *problem)
{
    e->complaint[e->complaints++] = (struct complaint){ v, suffixed ? "_ALL" : "", text, problem };
}

/* The parser is called by its name, so that the compiler compares its type with the field's. */
#define READ(variable, rule, parse, out)                                                                    \
    for (int suffixed = 0; suffixed <= (SUFFIX_##rule == SUFFIX_ALL); suffixed++) {                         \
        const char *text = text_get(VARIABLE_##variable, SUFFIX_##rule, suffixed), *problem;                \
        if (!text)                                                                                          \
            continue;                                                                                       \
        problem = gompx_parse_##parse(text, out, &e->reading);                                              \
        if (!problem) {                                                                                     \
            e->valid[VARIABLE_##variable] = true;                                                           \
            break;                                                                                          \
        }                                                                                                   \
        complain(e, VARIABLE_##variable, suffixed, text, problem);                                          \
    }

#define IN_TASK(field)   &gompx_globals.icvs.field
#define IN_GLOBAL(field) &gompx_globals.field

static void variables_read(struct env *e)
{
#define ICV(scope, type, field, initial, variable, rule, parse, ...) READ(variable, rule, parse, IN_##scope(field))
#define ALSO(target, variable, rule, parse, ...)                     READ(variable, rule, parse, &e->reading.target)
#include "runtime/icv.def"
}

static void levels_settle(const struct env *e)
{
    if (e->valid[VARIABLE_OMP_MAX_ACTIVE_LEVELS])
        return;
    if (e->valid[VARIABLE_OMP_NESTED])
        gompx_globals.icvs.max_active_levels = e->reading.nested ? UINT8_MAX : 1;
    else if (gompx_globals.nthreads_list_len > 1 || gompx_globals.bind_list_len > 1)
        gompx_globals.icvs.max_active_levels = UINT8_MAX;
}

/* Lists have elements for some levels; with binding, a proc_bind clause may say something at any level. */
static void own_levels_settle(void)
{
    uint32_t threads = gompx_globals.nthreads_list_len, bind = gompx_globals.bind_list_len;

    gompx_globals.own_levels = gompx_globals.icvs.bind != GOMPX_BIND_FALSE ? UINT32_MAX : threads > bind ? threads : bind;
}

/* Places ask for binding, and binding needs places. */
static void places_settle(struct env *e)
{
    if (!e->valid[VARIABLE_OMP_PLACES])
        gompx_globals.places = e->reading.places;
    else
        gompx_place_list_free(&e->reading.places.list);
    if (!e->valid[VARIABLE_OMP_PROC_BIND] && gompx_globals.places.kind != GOMPX_PLACES_NONE)
        gompx_globals.icvs.bind = GOMPX_BIND_TRUE;
    if (gompx_globals.icvs.bind != GOMPX_BIND_FALSE && gompx_globals.places.kind == GOMPX_PLACES_NONE)
        gompx_globals.places.kind = GOMPX_PLACES_THREADS;
}

/* Without a device there is none to be the default. */
static void device_settle(const struct env *e)
{
    if (gompx_globals.target_offload == GOMPX_OFFLOAD_MANDATORY && !e->valid[VARIABLE_OMP_DEFAULT_DEVICE])
        gompx_globals.icvs.default_device = GOMPX_DEVICE_INVALID;
}

/* What is used instead, in words; the caller frees it. */
static char *instead(const struct env *e, enum variable v)
{
    static const char *const display[] = { "false", "true", "verbose" };
    char *value;

    if (v == VARIABLE_OMP_DISPLAY_ENV)
        return strdup(display[e->reading.display]);
    if ((v == VARIABLE_OMP_STACKSIZE || v == VARIABLE_GOMP_STACKSIZE) && gompx_globals.stacksize == 0)
        return strdup("the system's default");
    value = gompx_display_value(v == VARIABLE_GOMP_CPU_AFFINITY ? "OMP_PLACES" : names[v]);
    if (value && value[0] == '\0') {
        free(value);
        value = strdup("none");
    }
    return value;
}

static void complaints_report(const struct env *e)
{
    for (unsigned i = 0; i < e->complaints; i++) {
        const struct complaint *c = &e->complaint[i];
        char *value;

        if ((c->variable == VARIABLE_OMP_NESTED && e->valid[VARIABLE_OMP_MAX_ACTIVE_LEVELS]) ||
            (c->variable == VARIABLE_GOMP_STACKSIZE && e->valid[VARIABLE_OMP_STACKSIZE]))
            continue;                                   /* not looked at */
        value = instead(e, c->variable);
        gompx_warn("%s environment variable %s%s: %s; using %s", c->problem, names[c->variable], c->suffix, c->text,
                   value ? value : "the default");
        free(value);
    }
}

enum gompx_display gompx_env_read(const struct gompx_cpuset *mask)
{
    struct env e = { .reading = { .mask = mask } };

    variables_read(&e);
    levels_settle(&e);
    if (!e.valid[VARIABLE_OMP_STACKSIZE] && e.valid[VARIABLE_GOMP_STACKSIZE])
        gompx_globals.stacksize = e.reading.stacksize;
    places_settle(&e);
    own_levels_settle();
    device_settle(&e);
    complaints_report(&e);
    return e.reading.display;
}
