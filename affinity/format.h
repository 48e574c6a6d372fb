/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The lines of OMP_DISPLAY_AFFINITY, omp_display_affinity() and omp_capture_affinity().
 *
 *   field := "%" [ [ "0" ] "." ] [ width ] type          type: a letter or "{" long name "}"; "%%" is a percent sign
 *
 * With "." the value stands at the right; with "0." a number is filled up with zeros after its sign or 0x, text with
 * blanks; else it stands at the left.  Longer values are not cut.  Source: OpenMP 5.2, section 4.3. */
#ifndef GOMPX_AFFINITY_FORMAT_H
#define GOMPX_AFFINITY_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "affinity/cpuset.h"

#define GOMPX_AFFINITY_ERROR 256        /* bytes */

/* What the fields stand for. */
struct gompx_affinity_facts {
    int team_num, num_teams;            /* t team_num, T num_teams */
    int level;                          /* L nesting_level */
    int thread_num, num_threads;        /* n thread_num, N num_threads */
    int ancestor_tnum;                  /* a ancestor_tnum: at level - 1; -1: none */
    const char *host;                   /* H host; NULL: asked for when needed */
    int process_id;                     /* P process_id */
    uintptr_t native_thread_id;         /* i native_thread_id */
    const struct gompx_cpuset *cpus;    /* A thread_affinity: those of the thread's place, or of the process */
};

/* Writes the expansion of `format` into buf, always terminated if size > 0, cut if need be; returns its length uncut.
 * A format with a mistake ends the program with gompx_error(), as libgomp does.  Thread-safe. */
size_t gompx_affinity_expand(char *buf, size_t size, const char *format, const struct gompx_affinity_facts *facts);

/* True if `format` has no mistake; else `error`, GOMPX_AFFINITY_ERROR bytes, says which. */
bool gompx_affinity_format_valid(const char *format, char *error);

#endif
