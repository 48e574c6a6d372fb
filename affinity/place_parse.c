/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_PLACES and GOMP_CPU_AFFINITY.
 *
 *   places   := name [ "(" count ")" ] | item { "," item }
 *   item     := place [ ":" length [ ":" stride ] ] | "!" place
 *   place    := "{" res { "," res } "}" | number
 *   res      := number [ ":" length [ ":" stride ] ] | "!" number
 *
 * A place is removed by "!" if it is equal to one as written; CPUs that cannot be used are left out of all places after
 * the whole text has been read. */
#include "affinity/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "affinity/scan.h"
#include "sync/base.h"

#define PLACES_MAX 65536u

struct parser {
    const char *at;
    const struct gompx_cpuset *mask;
    struct gompx_place_list list;
    char *reason;                       /* GOMPX_PLACE_REASON bytes; empty: plain syntax */
};

static __attribute__((format(printf, 2, 3))) bool refuse(struct parser *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(p->reason, GOMPX_PLACE_REASON, format, args);
    va_end(args);
    return false;
}

/* [ ":" length [ ":" stride ] ] */
static bool interval_read(struct parser *p, unsigned long *length, long *stride)
{
    *length = 1;
    *stride = 1;
    if (!gompx_scan_char(&p->at, ':'))
        return true;
    if (!gompx_scan_ulong(&p->at, 10, length) || *length == 0)
        return false;
    return !gompx_scan_char(&p->at, ':') || gompx_scan_long(&p->at, stride);
}

static bool cpus_add(struct parser *p, struct gompx_cpuset *set, unsigned long cpu, unsigned long length, long stride)
{
    for (;; cpu += (unsigned long)stride) {
        if (cpu >= set->size)
            return refuse(p, "Logical CPU number %lu out of range", cpu);
        gompx_cpuset_add(set, (unsigned)cpu);
        if (--length == 0 || stride == 0)
            return true;
        if (stride < 0 && -(unsigned long)stride > cpu)
            return refuse(p, "Logical CPU number %lu+%ld out of range", cpu, stride);
    }
}

static bool resource_read(struct parser *p, struct gompx_cpuset *set)
{
    unsigned long cpu, length;
    long stride;

    if (gompx_scan_char(&p->at, '!')) {
        if (!gompx_scan_ulong(&p->at, 10, &cpu))
            return false;
        if (cpu >= set->size || !gompx_cpuset_has(set, (unsigned)cpu))
            return refuse(p, "Logical CPU %lu to be removed is not in the set", cpu);
        gompx_cpuset_remove(set, (unsigned)cpu);
        return true;
    }
    return gompx_scan_ulong(&p->at, 10, &cpu) && interval_read(p, &length, &stride)
        && cpus_add(p, set, cpu, length, stride);
}

static bool place_read(struct parser *p, struct gompx_cpuset *set)
{
    unsigned long cpu;

    gompx_cpuset_clear(set, p->mask->size);
    if (!gompx_scan_char(&p->at, '{'))
        return gompx_scan_ulong(&p->at, 10, &cpu) && cpus_add(p, set, cpu, 1, 1);
    do
        if (!resource_read(p, set))
            return false;
    while (gompx_scan_char(&p->at, ','));
    return gompx_scan_char(&p->at, '}');
}

static bool set_shift(struct parser *p, struct gompx_cpuset *set, long stride)
{
    struct gompx_cpuset shifted;

    gompx_cpuset_clear(&shifted, set->size);
    for (unsigned cpu = gompx_cpuset_next(set, 0); cpu != GOMPX_CPU_NONE; cpu = gompx_cpuset_next(set, cpu + 1)) {
        if (stride < -(long)cpu || stride >= (long)(set->size - cpu))
            return refuse(p, "Logical CPU number %u+%ld out of range", cpu, stride);
        gompx_cpuset_add(&shifted, (unsigned)((long)cpu + stride));
    }
    *set = shifted;
    return true;
}

static bool place_remove(struct parser *p, const struct gompx_cpuset *set)
{
    struct gompx_place_list *list = &p->list;
    struct gompx_place_list one = { 0 };
    unsigned kept = 0;

    gompx_place_list_add(&one, set);
    for (unsigned i = 0; i < list->count; i++) {
        struct gompx_place place = list->place[i];
        if (place.ncpus == one.place->ncpus && !memcmp(place.cpu, one.place->cpu, place.ncpus * sizeof *place.cpu))
            free(place.cpu);
        else
            list->place[kept++] = place;
    }
    gompx_place_list_free(&one);
    if (kept == list->count)
        return refuse(p, "Trying to remove a non-existing place from list of places");
    list->count = kept;
    return true;
}

static bool item_read(struct parser *p)
{
    struct gompx_cpuset set;
    unsigned long length;
    long stride;

    if (gompx_scan_char(&p->at, '!'))
        return place_read(p, &set) && place_remove(p, &set);
    if (!place_read(p, &set) || !interval_read(p, &length, &stride))
        return false;
    if (length >= PLACES_MAX || p->list.count + length > PLACES_MAX)
        return false;
    while (gompx_place_list_add(&p->list, &set), --length > 0)
        if (!set_shift(p, &set, stride))
            return false;
    return true;
}

/* Leaves only CPUs of the mask, and only places that have one. */
static bool list_restrict(struct parser *p)
{
    struct gompx_place_list *list = &p->list;
    unsigned before = list->count, kept = 0;

    if (before == 0)
        return refuse(p, "All places have been removed");
    for (unsigned i = 0; i < before; i++) {
        struct gompx_place place = list->place[i];
        unsigned n = 0;

        for (unsigned c = 0; c < place.ncpus; c++)
            if (gompx_cpuset_has(p->mask, place.cpu[c]))
                place.cpu[n++] = place.cpu[c];
        place.ncpus = n;
        if (n > 0)
            list->place[kept++] = place;
        else
            free(place.cpu);
    }
    list->count = kept;
    if (kept == 0)
        return refuse(p, "None of the places contain usable logical CPUs");
    if (kept < before)
        gompx_warn("Number of places reduced from %u to %u because some places didn't contain any usable logical CPUs",
                   before, kept);
    return true;
}

static bool list_read(struct parser *p)
{
    do
        if (!item_read(p))
            return false;
    while (gompx_scan_char(&p->at, ','));
    return *p->at == '\0' && list_restrict(p);
}

static bool name_read(const char *at, const char *name, unsigned *limit)
{
    unsigned long count = 0;

    if (!gompx_scan_word(&at, name))
        return false;
    if (gompx_scan_char(&at, '(')
        && !(gompx_scan_ulong(&at, 10, &count) && count > 0 && gompx_scan_char(&at, ')')))
        return false;
    if (*at != '\0')
        return false;
    *limit = count > UINT32_MAX ? UINT32_MAX : (unsigned)count;
    return true;
}

static bool list_finish(struct parser *p, bool valid, struct gompx_places *places)
{
    if (!valid) {
        gompx_place_list_free(&p->list);
        return false;
    }
    *places = (struct gompx_places){ .kind = GOMPX_PLACES_LIST, .list = p->list };
    return true;
}

bool gompx_places_parse(const char *text, const struct gompx_cpuset *mask, struct gompx_places *places, char *reason)
{
    static const char names[][16] = { "threads", "cores", "sockets", "ll_caches", "numa_domains" };
    struct parser p = { .at = text, .mask = mask, .reason = reason };
    unsigned limit;

    reason[0] = '\0';
    gompx_scan_blank(&p.at);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (name_read(p.at, names[i], &limit)) {
            *places = (struct gompx_places){ .kind = GOMPX_PLACES_THREADS + i, .limit = limit };
            return true;
        }
    }
    if (mask->size == 0 && *p.at != '\0')
        return refuse(&p, "Could not get CPU affinity set");
    return list_finish(&p, list_read(&p), places);
}

/* first [ "-" last [ ":" stride ] ] */
static bool range_read(struct parser *p)
{
    unsigned long first, last, stride = 1;

    if (!gompx_scan_ulong(&p->at, 0, &first))
        return false;
    last = first;
    if (!isspace((unsigned char)p->at[-1]) && gompx_scan_char(&p->at, '-')) {
        if (!gompx_scan_ulong(&p->at, 0, &last) || last < first)
            return false;
        if (gompx_scan_char(&p->at, ':') && (!gompx_scan_ulong(&p->at, 0, &stride) || stride == 0))
            return false;
    }
    if (last >= PLACES_MAX || stride >= PLACES_MAX)
        return false;
    for (unsigned long cpu = first; cpu <= last; cpu += stride) {
        struct gompx_cpuset one;

        if (!gompx_cpuset_has(p->mask, (unsigned)cpu))
            continue;
        gompx_cpuset_clear(&one, p->mask->size);
        gompx_cpuset_add(&one, (unsigned)cpu);
        gompx_place_list_add(&p->list, &one);
    }
    return true;
}

/* The blanks after a number are gone already: a separator is a comma, or nothing. */
static bool ranges_read(struct parser *p)
{
    gompx_scan_blank(&p->at);
    do {
        if (!range_read(p))
            return false;
        if (gompx_scan_char(&p->at, ',') && *p->at == '\0')
            return false;
    } while (*p->at != '\0');
    return p->list.count > 0 || refuse(p, "None of the places contain usable logical CPUs");
}

bool gompx_places_parse_cpus(const char *text, const struct gompx_cpuset *mask, struct gompx_places *places,
                             char *reason)
{
    struct parser p = { .at = text, .mask = mask, .reason = reason };

    reason[0] = '\0';
    return list_finish(&p, ranges_read(&p), places);
}
