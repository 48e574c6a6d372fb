/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_DISPLAY_ENV: one writer for each kind of value that a row of runtime/icv.def names. The text is put together in
 * memory and written at once, so that it stays whole between the lines of other processes. */
#include "runtime/display.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/env_parse.h"
#include "runtime/icv.h"

static void show_flag(FILE *out, bool value)
{
    fputs(value ? "TRUE" : "FALSE", out);
}

static void show_int(FILE *out, int value)
{
    fprintf(out, "%d", value);
}

static void show_uint(FILE *out, uint32_t value)
{
    fprintf(out, "%" PRIu32, value);
}

static void show_byte(FILE *out, uint8_t value)
{
    fprintf(out, "%u", value);
}

static void show_u64(FILE *out, uint64_t value)
{
    fprintf(out, "%" PRIu64, value);
}

static void show_size(FILE *out, size_t value)
{
    fprintf(out, "%zu", value);
}

static void show_string(FILE *out, const char *value)
{
    fputs(value, out);
}

static void show_nothing(FILE *out, int none)
{
    (void)out, (void)none;
}

static void show_nested(FILE *out, int none)
{
    (void)none;
    show_flag(out, gompx_globals.icvs.max_active_levels > 1);
}

static void show_nthreads(FILE *out, uint32_t value)
{
    (void)value;
    show_uint(out, gompx_icv_nthreads(&gompx_globals.icvs));
    for (unsigned i = 1; i < gompx_globals.nthreads_list_len; i++)
        fprintf(out, ",%" PRIu32, gompx_globals.nthreads_list[i]);
}

/* Monotonic is what static is unless said otherwise, and what the others are not. */
static void show_schedule(FILE *out, uint32_t value)
{
    static const char *const kinds[] = { "", "STATIC", "DYNAMIC", "GUIDED", "AUTO" };
    bool monotonic = value & GOMPX_SCHED_MONOTONIC;
    uint32_t kind = value & ~GOMPX_SCHED_MONOTONIC;
    long chunk = gompx_globals.icvs.sched_chunk;

    if (monotonic != (kind == GOMPX_SCHED_STATIC))
        fputs(monotonic ? "MONOTONIC:" : "NONMONOTONIC:", out);
    fputs(kinds[kind], out);
    if (kind != GOMPX_SCHED_AUTO && chunk != (kind != GOMPX_SCHED_STATIC))
        fprintf(out, ",%ld", chunk);
}

static void show_bind(FILE *out, uint8_t value)
{
    static const char *const words[] = { "FALSE", "TRUE", "MASTER", "CLOSE", "SPREAD" };

    fputs(words[value], out);
    for (unsigned i = 1; i < gompx_globals.bind_list_len; i++)
        fprintf(out, ",%s", words[gompx_globals.bind_list[i]]);
}

static void show_place(FILE *out, const struct gompx_place *place)
{
    for (unsigned first = 0, next; first < place->ncpus; first = next) {
        for (next = first + 1; next < place->ncpus && place->cpu[next] == place->cpu[next - 1] + 1;)
            next++;
        fprintf(out, "%s%u", first ? "," : "", place->cpu[first]);
        if (next - first > 1)
            fprintf(out, ":%u", next - first);
    }
}

static void show_places(FILE *out, struct gompx_places value)
{
    const struct gompx_place_list *list = gompx_icv_places();

    (void)value;
    for (unsigned i = 0; list && i < list->count; i++) {
        fputs(i ? ",{" : "{", out);
        show_place(out, &list->place[i]);
        fputc('}', out);
    }
}

/* libgomp 12 never shows its value; OMP_PLACES shows what came of it. */
static void show_cpu_affinity(FILE *out, int none)
{
    show_nothing(out, none);
}

static void show_old_stacksize(FILE *out, int none)
{
    (void)none;
    show_size(out, gompx_globals.stacksize);
}

static void show_wait_policy(FILE *out, int value)
{
    fputs(value > 0 ? "ACTIVE" : "PASSIVE", out);
}

static void show_spincount(FILE *out, uint64_t value)
{
    static const uint64_t by_policy[] = { 300000, 0, 30000000000 };    /* unset, passive, active */

    show_u64(out, gompx_globals.spincount_set ? value : by_policy[gompx_globals.wait_policy + 1]);
}

static void show_blocktime(FILE *out, uint64_t us)
{
    if (!gompx_globals.blocktime_set)
        return;
    if (us == UINT64_MAX)
        fputs("infinite", out);
    else if (us % 1000 == 0)
        fprintf(out, "%" PRIu64 "ms", us / 1000);
    else
        fprintf(out, "%" PRIu64 "us", us);
}

static void show_allocator(FILE *out, uintptr_t value)
{
    const char *name = gompx_allocator_name(value);

    fputs(name ? name : gompx_globals.allocator_text, out);
}

static void show_target_offload(FILE *out, int value)
{
    static const char *const words[] = { "DEFAULT", "MANDATORY", "DISABLED" };

    fputs(words[value], out);
}

static void show_cpus(FILE *out, uint32_t value)
{
    static const char *const limits[] = { "affinity mask", "cgroup quota", "GOMPX_CPUS" };
    struct gompx_icv_procs why = gompx_icv_procs_why();

    (void)value;
    fprintf(out, "%u, decided by %s; affinity mask: %u CPUs, cgroup quota: ", gompx_icv_num_procs(), limits[why.limit],
            why.mask);
    if (gompx_globals.quota_ignored)
        fputs("ignored", out);
    else if (why.quota_millicpus == 0)
        fputs("none", out);
    else
        fprintf(out, "%lu.%03lu CPUs", why.quota_millicpus / 1000, why.quota_millicpus % 1000);
}

static void show_quota(FILE *out, bool ignored)
{
    fputs(ignored ? "IGNORE" : "USE", out);
}

static void show_barrier(FILE *out, enum gompx_barrier_choice value)
{
    static const char *const words[] = { "AUTO", "MONO", "CENTRAL", "TREE" };

    fputs(words[value], out);
}

enum shown { SHOWN_ALWAYS, SHOWN_VERBOSE, SHOWN_NEVER };

#define FROM_TASK(field)   gompx_globals.icvs.field
#define FROM_GLOBAL(field) gompx_globals.field

static void variables_show(FILE *out, bool verbose)
{
#define LINE(variable, shown, call)                                                                         \
    if (SHOWN_##shown == SHOWN_ALWAYS || (SHOWN_##shown == SHOWN_VERBOSE && verbose)) {                     \
        fputs("  " #variable " = '", out);                                                                  \
        call;                                                                                               \
        fputs("'\n", out);                                                                                  \
    }
#define ICV(scope, type, field, initial, variable, suffix, parse, shown, show, ...)                         \
    LINE(variable, shown, show_##show(out, FROM_##scope(field)))
#define ALSO(target, variable, suffix, parse, shown, show, ...) LINE(variable, shown, show_##show(out, 0))
#include "runtime/icv.def"
}

void gompx_display_env(bool verbose)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        gompx_fatal("out of memory displaying the environment");
    fputs("\nOPENMP DISPLAY ENVIRONMENT BEGIN\n  _OPENMP = '201511'\n", out);
    variables_show(out, verbose);
    fputs("OPENMP DISPLAY ENVIRONMENT END\n", out);
    if (fclose(out) == 0)
        fwrite(text, 1, size, stderr);
    free(text);
}

char *gompx_display_value(const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool found = false;

    if (!out)
        return NULL;
#define SHOW(variable, call)                                                                                \
    if (!found && strcmp(name, #variable) == 0) {                                                           \
        found = true;                                                                                       \
        call;                                                                                               \
    }
#define ICV(scope, type, field, initial, variable, suffix, parse, shown, show, ...)                         \
    SHOW(variable, show_##show(out, FROM_##scope(field)))
#define ALSO(target, variable, suffix, parse, shown, show, ...) SHOW(variable, show_##show(out, 0))
#include "runtime/icv.def"
    if (fclose(out) == 0 && found)
        return text;
    free(text);
    return NULL;
}
