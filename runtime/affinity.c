/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * From the calling thread's frame and affinity mask to numbers and text. */
#include "runtime/affinity.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affinity/format.h"
#include "runtime/bind.h"
#include "runtime/thread.h"

/* ---- places ---- */

const struct gompx_place_list *gompx_affinity_places(void)
{
    static const struct gompx_place_list none;
    const struct gompx_place_list *list;

    gompx_frame_get();
    list = gompx_icv_places();
    return list ? list : &none;
}

const struct gompx_place *gompx_affinity_place_at(int number)
{
    const struct gompx_place_list *list = gompx_affinity_places();

    return number >= 0 && (unsigned)number < list->count ? &list->place[number] : NULL;
}

static void current_cpus(struct gompx_cpuset *set)
{
    if (!gompx_cpuset_current(set))
        *set = *gompx_icv_mask();
}

static unsigned cpus_inside(const struct gompx_place *place, const struct gompx_cpuset *set)
{
    unsigned n = 0;

    for (unsigned i = 0; i < place->ncpus; i++)
        n += gompx_cpuset_has(set, place->cpu[i]);
    return n;
}

/* The first place that holds all CPUs of the calling thread's mask. */
static int place_of_mask(const struct gompx_place_list *list)
{
    struct gompx_cpuset set;
    unsigned cpus;

    current_cpus(&set);
    cpus = gompx_cpuset_count(&set);
    for (unsigned i = 0; i < list->count; i++)
        if (cpus > 0 && cpus_inside(&list->place[i], &set) == cpus)
            return (int)i;
    return -1;
}

struct gompx_where gompx_affinity_where(void)
{
    if (gompx_affinity_places()->count == 0)
        return (struct gompx_where){ .domain = NULL };
    return gompx_bind_where(gompx_frame_get());
}

int gompx_affinity_place(void)
{
    const struct gompx_place_list *list = gompx_affinity_places();
    struct gompx_where at = gompx_affinity_where();

    if (list->count == 0)
        return -1;
    if (at.seat.count == 0 || gompx_frame_get()->self->bound.loose)
        return place_of_mask(list);
    return (int)at.domain->number[at.seat.place];
}

/* ---- text ---- */

void gompx_affinity_set_format(const char *format, size_t length)
{
    gompx_frame_get();
    if (!gompx_icv_set_affinity_format(format, length))
        gompx_error("Out of memory allocating %zu bytes", length + 1);
}

const char *gompx_affinity_format(void)
{
    gompx_frame_get();
    return __atomic_load_n(&gompx_globals.affinity_format, __ATOMIC_ACQUIRE);   /* pairs with the release of the setter */
}

/* `cpus` is storage for a part of the result. */
static struct gompx_affinity_facts facts_of(const struct gompx_frame *f, struct gompx_cpuset *cpus)
{
    const struct gompx_frame *root = gompx_frame_ancestor(f, 0);

    current_cpus(cpus);
    return (struct gompx_affinity_facts){
        .team_num = (int)root->team_num,
        .num_teams = (int)root->num_teams,
        .level = (int)f->level,
        .thread_num = (int)f->tid,
        .num_threads = (int)f->nthreads,
        .ancestor_tnum = f->level > 0 ? (int)gompx_frame_ancestor(f, f->level - 1)->tid : -1,
        .process_id = (int)getpid(),
        .native_thread_id = (uintptr_t)pthread_self(),
        .cpus = cpus,
    };
}

static void *allocate(size_t size)
{
    void *p = malloc(size);

    if (!p)
        gompx_error("Out of memory allocating %zu bytes", size);
    return p;
}

static char *expanded(const char *format, size_t *length)
{
    struct gompx_cpuset cpus;
    struct gompx_affinity_facts facts = facts_of(gompx_frame_get(), &cpus);
    char *text;

    *length = gompx_affinity_expand(NULL, 0, format, &facts);
    text = allocate(*length + 1);
    gompx_affinity_expand(text, *length + 1, format, &facts);
    return text;
}

char *gompx_affinity_text(const char *format, size_t length, size_t *text_length)
{
    char *copy, *text;

    if (length == 0)
        return expanded(gompx_affinity_format(), text_length);
    copy = allocate(length + 1);
    memcpy(copy, format, length);
    copy[length] = '\0';
    text = expanded(copy, text_length);
    free(copy);
    return text;
}

void gompx_affinity_display(const char *format, size_t length)
{
    size_t n;
    char *line = gompx_affinity_text(format, length, &n);

    line[n] = '\n';
    fwrite(line, 1, n + 1, stderr);                     /* unbuffered: one write for the whole line */
    free(line);
}
