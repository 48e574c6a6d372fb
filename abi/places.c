/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Places, and the affinity of the calling thread as text. */
#include "abi/api.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/affinity.h"

/* ---- places ---- */

int omp_get_num_places(void)
{
    return (int)gompx_affinity_places()->count;
}

int omp_get_place_num_procs(int place)
{
    const struct gompx_place *p = gompx_affinity_place_at(place);

    return p ? (int)p->ncpus : 0;
}

void omp_get_place_proc_ids(int place, int *ids)
{
    const struct gompx_place *p = gompx_affinity_place_at(place);

    for (unsigned i = 0; p && i < p->ncpus; i++)
        ids[i] = (int)p->cpu[i];
}

int omp_get_place_num(void)
{
    return gompx_affinity_place();
}

int omp_get_partition_num_places(void)
{
    return (int)gompx_affinity_where().seat.count;
}

void omp_get_partition_place_nums(int *place_nums)
{
    struct gompx_where at = gompx_affinity_where();

    for (unsigned i = 0; i < at.seat.count; i++)
        place_nums[i] = gompx_affinity_partition(&at, i);
}

/* ---- affinity as text ---- */

static size_t length_of(const char *format)
{
    return format ? strlen(format) : 0;
}

void omp_set_affinity_format(const char *format)
{
    gompx_affinity_set_format(format, length_of(format));
}

/* Copies as much of a text as fits, always with an end; returns the length of the whole. */
static size_t copied(char *buffer, size_t size, const char *text, size_t length)
{
    size_t fits = length < size ? length : size - 1;

    if (size > 0) {
        memcpy(buffer, text, fits);
        buffer[fits] = '\0';
    }
    return length;
}

size_t omp_get_affinity_format(char *buffer, size_t size)
{
    const char *format = gompx_affinity_format();

    return copied(buffer, size, format, strlen(format));
}

size_t omp_capture_affinity(char *buffer, size_t size, const char *format)
{
    size_t length;
    char *text = gompx_affinity_text(format, length_of(format), &length);

    copied(buffer, size, text, length);
    free(text);
    return length;
}

void omp_display_affinity(const char *format)
{
    gompx_affinity_display(format, length_of(format));
}
