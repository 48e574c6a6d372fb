/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * One parser for each kind of value that a row of runtime/icv.def names.  Each reads the whole text, blanks around it
 * allowed, into *out and its companion fields of gompx_globals, and returns NULL; or returns the beginning of a
 * message, to be followed by " environment variable NAME: TEXT", and leaves the fields alone unless it says
 * otherwise. */
#ifndef GOMPX_RUNTIME_ENV_PARSE_H
#define GOMPX_RUNTIME_ENV_PARSE_H

#include "runtime/env.h"

/* What is known while the environment is being read: the values of variables that have no field of their own. */
struct gompx_reading {
    const struct gompx_cpuset *mask;
    bool nested;
    size_t stacksize;                   /* GOMP_STACKSIZE */
    struct gompx_places places;         /* GOMP_CPU_AFFINITY */
    enum gompx_display display;
    char reason[2][GOMPX_PLACE_REASON]; /* messages that are made up: of OMP_PLACES, of GOMP_CPU_AFFINITY */
};

const char *gompx_parse_flag(const char *text, bool *out, struct gompx_reading *r);
const char *gompx_parse_positive(const char *text, int *out, struct gompx_reading *r);
const char *gompx_parse_natural(const char *text, int *out, struct gompx_reading *r);
const char *gompx_parse_count(const char *text, uint32_t *out, struct gompx_reading *r);
const char *gompx_parse_string(const char *text, const char **out, struct gompx_reading *r);

const char *gompx_parse_nthreads(const char *text, uint32_t *out, struct gompx_reading *r);
/* A bad chunk size: the kind is taken, the old chunk size stays. */
const char *gompx_parse_schedule(const char *text, uint32_t *out, struct gompx_reading *r);
const char *gompx_parse_bind(const char *text, uint8_t *out, struct gompx_reading *r);
const char *gompx_parse_places(const char *text, struct gompx_places *out, struct gompx_reading *r);
const char *gompx_parse_cpu_affinity(const char *text, struct gompx_places *out, struct gompx_reading *r);
const char *gompx_parse_stacksize(const char *text, size_t *out, struct gompx_reading *r);
const char *gompx_parse_wait_policy(const char *text, int *out, struct gompx_reading *r);
const char *gompx_parse_spincount(const char *text, uint64_t *out, struct gompx_reading *r);
const char *gompx_parse_blocktime(const char *text, uint64_t *out, struct gompx_reading *r);
const char *gompx_parse_spin_us(const char *text, uint64_t *out, struct gompx_reading *r);
const char *gompx_parse_thread_limit(const char *text, uint32_t *out, struct gompx_reading *r);
const char *gompx_parse_levels(const char *text, uint8_t *out, struct gompx_reading *r);
/* runtime/env_allocator.c.  A memory space with traits makes an allocator, and keeps the text. */
const char *gompx_parse_allocator(const char *text, uintptr_t *out, struct gompx_reading *r);
const char *gompx_parse_target_offload(const char *text, int *out, struct gompx_reading *r);
const char *gompx_parse_tool(const char *text, bool *out, struct gompx_reading *r);
const char *gompx_parse_display_env(const char *text, enum gompx_display *out, struct gompx_reading *r);
const char *gompx_parse_cpus(const char *text, uint32_t *out, struct gompx_reading *r);
const char *gompx_parse_barrier(const char *text, enum gompx_barrier_choice *out, struct gompx_reading *r);
const char *gompx_parse_fanin(const char *text, uint32_t *out, struct gompx_reading *r);
/* Never complains: what stands before a mistake counts. */
const char *gompx_parse_acc_dim(const char *text, int *out, struct gompx_reading *r);
const char *gompx_parse_quota(const char *text, bool *out, struct gompx_reading *r);

/* The predefined allocator of that number, or NULL. */
const char *gompx_allocator_name(uintptr_t allocator);

#endif
