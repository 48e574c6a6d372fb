/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading descriptions of machines. */
#include "benchmarks/sim/machine.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LEVELS = 16 };

enum kind { OTHER, PACKAGE, MEMORY, CACHE, CORE, PU };

struct level {
    enum kind kind;
    bool attached;                      /* one for each of the level before, not a level of its own */
    unsigned arity;
};

static bool begins(const char *word, size_t length, const char *name)
{
    return length == strlen(name) && strncasecmp(word, name, length) == 0;
}

static enum kind kind_of(const char *word, size_t length)
{
    static const struct { const char *name; enum kind kind; } names[] = {
        { "pack", PACKAGE }, { "package", PACKAGE }, { "socket", PACKAGE }, { "numa", MEMORY }, { "numanode", MEMORY },
        { "node", MEMORY }, { "core", CORE }, { "pu", PU },
    };

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (begins(word, length, names[i].name))
            return names[i].kind;
    return length >= 2 && (word[0] == 'l' || word[0] == 'L') && isdigit((unsigned char)word[1]) ? CACHE : OTHER;
}

static const char *attributes_skip(const char *at)
{
    if (*at != '(')
        return at;
    at = strchr(at, ')');
    return at ? at + 1 : NULL;
}

/* One word: `type:number`, `[type]` or a number alone. */
static const char *level_read(const char *at, struct level *level)
{
    bool bracket = *at == '[';
    const char *word = at += bracket;
    char *end;

    while (isalnum((unsigned char)*at) && !(word == at && isdigit((unsigned char)*at)))
        at++;
    level->kind = kind_of(word, (size_t)(at - word));
    level->attached = bracket;
    level->arity = 1;
    if (bracket) {
        at = attributes_skip(at);
        return at && *at == ']' ? at + 1 : NULL;
    }
    if (at > word && *at++ != ':')
        return NULL;
    if (!isdigit((unsigned char)*at))
        return NULL;
    level->arity = (unsigned)strtoul(at, &end, 10);
    return level->arity >= 1 && level->arity <= SIM_CPUS ? attributes_skip(end) : NULL;
}

static unsigned levels_read(const char *text, struct level *level)
{
    unsigned count = 0;

    for (;;) {
        while (isspace((unsigned char)*text))
            text++;
        if (*text == '\0')
            return count;
        if (count == LEVELS)
            return 0;
        text = level_read(text, &level[count++]);
        if (!text)
            return 0;
    }
}

/* Number of the thing of the outermost level of `kind` that CPU `i` of the description's order is in; the innermost for
 * cores. */
static unsigned number_in(const struct level *level, unsigned levels, unsigned cpus, enum kind kind, unsigned i, bool *found)
{
    unsigned things = 1, number = 0;

    *found = false;
    for (unsigned n = 0; n < levels; n++) {
        things *= level[n].arity;
        if (level[n].kind == kind && !(*found && kind != CORE)) {
            number = i / (cpus / things);
            *found = true;
        }
    }
    return number;
}

/* One thread per core first: the first hardware threads of all cores, then the second ones. */
static void order_by_core(struct sim_machine *m)
{
    static struct sim_cpu sorted[SIM_CPUS];
    unsigned per_core = m->cpus / m->cores, n = 0;

    for (unsigned k = 0; k < per_core; k++)
        for (unsigned i = k; i < m->cpus; i += per_core)
            sorted[n++] = m->cpu[i];
    memcpy(m->cpu, sorted, m->cpus * sizeof sorted[0]);
}

bool sim_machine_read(struct sim_machine *m, const char *text)
{
    struct level level[LEVELS];
    unsigned levels = levels_read(text, level), cpus = 1;
    bool found;

    for (unsigned n = 0; n < levels; n++) {
        if (level[n].arity > SIM_CPUS / cpus)
            return false;
        cpus *= level[n].arity;
    }
    if (levels == 0 || strlen(text) >= SIM_TEXT)
        return false;
    strcpy(m->text, text);
    m->scattered = false;
    m->cpus = cpus;
    for (unsigned i = 0; i < cpus; i++) {
        struct sim_cpu *cpu = &m->cpu[i];

        cpu->package = number_in(level, levels, cpus, PACKAGE, i, &found);
        cpu->memory = number_in(level, levels, cpus, MEMORY, i, &found);
        cpu->cache = number_in(level, levels, cpus, CACHE, i, &found);
        if (!found)
            cpu->cache = cpu->package;
        cpu->core = number_in(level, levels, cpus, CORE, i, &found);
        if (!found)
            cpu->core = i;
    }
    m->cores = m->cpu[cpus - 1].core + 1;
    m->caches = m->cpu[cpus - 1].cache + 1;
    m->memories = m->cpu[cpus - 1].memory + 1;
    m->packages = m->cpu[cpus - 1].package + 1;
    order_by_core(m);
    return true;
}

void sim_machine_scatter(struct sim_machine *m)
{
    uint32_t random = 88172645;

    m->scattered = true;
    for (unsigned i = m->cpus; i > 1; i--) {
        struct sim_cpu cpu = m->cpu[i - 1];
        unsigned j;

        random = random * 1664525 + 1013904223;
        j = (random >> 8) % i;
        m->cpu[i - 1] = m->cpu[j];
        m->cpu[j] = cpu;
    }
}

void sim_machine_flat(struct sim_machine *m, unsigned cpus, double latency)
{
    char text[SIM_TEXT];

    snprintf(text, sizeof text, "core:%u pu:1", cpus);
    if (!sim_machine_read(m, text))
        abort();
    m->latency = (struct sim_latency){ latency, latency, latency, latency };
}

double sim_machine_latency(const struct sim_machine *m, unsigned a, unsigned b)
{
    const struct sim_cpu *x = &m->cpu[a], *y = &m->cpu[b];

    return a == b ? 0 : x->core == y->core ? m->latency.core : x->cache == y->cache ? m->latency.cache
         : x->package == y->package ? m->latency.package : m->latency.across;
}
