/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_ALLOCATOR:  allocator | space [":" trait "=" value {"," trait "=" value}]       Source: OpenMP 5.2, 21.5.1 */
#include <stdlib.h>
#include <string.h>

#include "affinity/scan.h"
#include "runtime/allocator.h"
#include "runtime/env_parse.h"

static const char invalid[] = "Invalid value for";

struct word {
    const char *word;
    uintptr_t value;
};

static const struct word allocators[] = {
    { "omp_default_mem_alloc", 1 }, { "omp_large_cap_mem_alloc", 2 }, { "omp_const_mem_alloc", 3 },
    { "omp_high_bw_mem_alloc", 4 }, { "omp_low_lat_mem_alloc", 5 }, { "omp_cgroup_mem_alloc", 6 },
    { "omp_pteam_mem_alloc", 7 }, { "omp_thread_mem_alloc", 8 },
    { "ompx_gnu_pinned_mem_alloc", GOMPX_ALLOCATOR_PINNED }, { "ompx_gnu_managed_mem_alloc", GOMPX_ALLOCATOR_MANAGED },
    { NULL, 0 },
};

static const struct word spaces[] = {
    { "omp_default_mem_space", 0 }, { "omp_large_cap_mem_space", 1 }, { "omp_const_mem_space", 2 },
    { "omp_high_bw_mem_space", 3 }, { "omp_low_lat_mem_space", 4 },
    { "ompx_gnu_managed_mem_space", GOMPX_SPACE_MANAGED },
    { NULL, 0 },
};

static const struct word sync_hints[] = {
    { "contended", GOMPX_VALUE_CONTENDED }, { "uncontended", GOMPX_VALUE_UNCONTENDED },
    { "serialized", GOMPX_VALUE_SERIALIZED }, { "private", GOMPX_VALUE_PRIVATE }, { NULL, 0 },
};
static const struct word accesses[] = {
    { "all", GOMPX_VALUE_ALL }, { "cgroup", GOMPX_VALUE_CGROUP }, { "pteam", GOMPX_VALUE_PTEAM },
    { "thread", GOMPX_VALUE_THREAD }, { NULL, 0 },
};
/* There is no name for an allocator of the program, so allocator_fb and fb_data have no place here. */
static const struct word fallbacks[] = {
    { "default_mem_fb", GOMPX_VALUE_DEFAULT_MEM_FB }, { "null_fb", GOMPX_VALUE_NULL_FB },
    { "abort_fb", GOMPX_VALUE_ABORT_FB }, { NULL, 0 },
};
static const struct word flags[] = { { "true", GOMPX_VALUE_TRUE }, { "false", GOMPX_VALUE_FALSE }, { NULL, 0 } };
static const struct word partitions[] = {
    { "environment", GOMPX_VALUE_ENVIRONMENT }, { "nearest", GOMPX_VALUE_NEAREST }, { "blocked", GOMPX_VALUE_BLOCKED },
    { "interleaved", GOMPX_VALUE_INTERLEAVED }, { NULL, 0 },
};

enum { TRAITS = GOMPX_TRAIT_PARTITION };

static const struct {
    const char *name;
    enum gompx_trait_key key;
    const struct word *words;           /* NULL: a positive number, and a power of two for alignment */
} traits[] = {
    { "sync_hint", GOMPX_TRAIT_SYNC_HINT, sync_hints }, { "alignment", GOMPX_TRAIT_ALIGNMENT, NULL },
    { "access", GOMPX_TRAIT_ACCESS, accesses }, { "pool_size", GOMPX_TRAIT_POOL_SIZE, NULL },
    { "fallback", GOMPX_TRAIT_FALLBACK, fallbacks }, { "pinned", GOMPX_TRAIT_PINNED, flags },
    { "partition", GOMPX_TRAIT_PARTITION, partitions },
};

const char *gompx_allocator_name(uintptr_t allocator)
{
    for (const struct word *w = allocators; w->word; w++)
        if (w->value == allocator)
            return w->word;
    return NULL;
}

static bool word_read(const char **at, const struct word *words, uintptr_t *value)
{
    for (; words->word; words++) {
        if (gompx_scan_word(at, words->word)) {
            *value = words->value;
            return true;
        }
    }
    return false;
}

static bool trait_read(const char **at, struct gompx_alloctrait *trait)
{
    for (size_t i = 0; i < sizeof traits / sizeof traits[0]; i++) {
        unsigned long number;

        if (!gompx_scan_word(at, traits[i].name))
            continue;
        trait->key = (int)traits[i].key;
        if (!gompx_scan_char(at, '='))
            return false;
        if (traits[i].words)
            return word_read(at, traits[i].words, &trait->value);
        if (!gompx_scan_ulong(at, 10, &number) || number == 0
            || (traits[i].key == GOMPX_TRAIT_ALIGNMENT && (number & (number - 1)) != 0))
            return false;
        trait->value = number;
        return true;
    }
    return false;
}

/* To the end of the text; each trait once.  Returns their number, or -1. */
static int traits_read(const char *at, struct gompx_alloctrait *list)
{
    unsigned seen = 0;
    int n = 0;

    do {
        if (!trait_read(&at, &list[n]) || (seen >> list[n].key & 1))
            return -1;
        seen |= 1u << list[n].key;
        n++;
    } while (gompx_scan_char(&at, ','));
    return *at == '\0' ? n : -1;
}

/* The space's predefined allocator has no traits but the defaults. */
static uintptr_t predefined_of(uintptr_t space)
{
    return space == GOMPX_SPACE_MANAGED ? GOMPX_ALLOCATOR_MANAGED : space + 1;
}

const char *gompx_parse_allocator(const char *text, uintptr_t *out, struct gompx_reading *r)
{
    struct gompx_alloctrait list[TRAITS];
    const char *at = text;
    uintptr_t value, made;
    int n;

    gompx_scan_blank(&at);
    if (word_read(&at, allocators, &value) && *at == '\0') {
        *out = value;
        return NULL;
    }
    if (!word_read(&at, spaces, &value))
        return invalid;
    if (*at == '\0') {
        *out = predefined_of(value);
        return NULL;
    }
    n = gompx_scan_char(&at, ':') ? traits_read(at, list) : -1;
    if (n < 0)
        return invalid;
    made = gompx_allocator_new(value, n, list);
    if (made == GOMPX_ALLOCATOR_NULL)
        return "Cannot make the allocator of";
    *out = made;
    return gompx_parse_string(text, &gompx_globals.allocator_text, r);
}
