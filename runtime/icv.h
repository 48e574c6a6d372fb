/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Internal control variables.  Declared in runtime/icv.def; this is its expansion to structs.  Numbers in the enums
 * are those of the ABI and of omp.h.  Source: OpenMP 5.2, chapter 2. */
#ifndef GOMPX_RUNTIME_ICV_H
#define GOMPX_RUNTIME_ICV_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "affinity/place.h"
#include "sync/base.h"

enum gompx_sched_kind {
    GOMPX_SCHED_RUNTIME = 0,            /* only as an argument of an entry point; never the value of an ICV */
    GOMPX_SCHED_STATIC = 1,
    GOMPX_SCHED_DYNAMIC = 2,
    GOMPX_SCHED_GUIDED = 3,
    GOMPX_SCHED_AUTO = 4,
};
#define GOMPX_SCHED_MONOTONIC 0x80000000u   /* bit beside the kind */

/* GOMPX_BARRIER. */
enum gompx_barrier_choice { GOMPX_CHOICE_AUTO, GOMPX_CHOICE_MONO, GOMPX_CHOICE_CENTRAL, GOMPX_CHOICE_TREE };

enum gompx_offload { GOMPX_OFFLOAD_DEFAULT, GOMPX_OFFLOAD_MANDATORY, GOMPX_OFFLOAD_DISABLED };

#define GOMPX_AFFINITY_FORMAT "level %L thread %i affinity %A"

/* The variables of the data environment: inherited by every task, copied when a task changes one.
 * nthreads == 0: OMP_NUM_THREADS was not given; read it through gompx_icv_nthreads(). */
#define GOMPX_ICV_FIELD_TASK(type, field)   type field;
#define GOMPX_ICV_FIELD_GLOBAL(type, field)
struct gompx_icvs {
#define ICV(scope, type, field, ...)   GOMPX_ICV_FIELD_##scope(type, field)
#define FIELD(scope, type, field, ...) GOMPX_ICV_FIELD_##scope(type, field)
#include "runtime/icv.def"
};
#undef GOMPX_ICV_FIELD_TASK
#undef GOMPX_ICV_FIELD_GLOBAL

/* The variables of the process, and the initial data environment.  Written by gompx_icv_init() before there is a
 * second thread; only read afterwards, but for num_teams, teams_thread_limit and affinity_format, which the setters of
 * omp.h change for the whole process.  Strings and lists live as long as the process.
 *   wait_policy: -1 unset, 0 passive, 1 active.  places: read them through gompx_icv_places(). */
#define GOMPX_ICV_FIELD_TASK(type, field)
#define GOMPX_ICV_FIELD_GLOBAL(type, field) type field;
struct gompx_globals {
    struct gompx_icvs icvs;
#define ICV(scope, type, field, ...)   GOMPX_ICV_FIELD_##scope(type, field)
#define FIELD(scope, type, field, ...) GOMPX_ICV_FIELD_##scope(type, field)
#include "runtime/icv.def"
};
#undef GOMPX_ICV_FIELD_TASK
#undef GOMPX_ICV_FIELD_GLOBAL

extern struct gompx_globals gompx_globals;

/* Notes the affinity mask, reads the environment, and displays it if OMP_DISPLAY_ENV asks for that.  Idempotent.  Not
 * thread-safe: called from the library's constructor, or before it from the first entry point that is reached.
 * Costs one system call and no memory unless a variable needs some. */
void gompx_icv_init(void);

/* Sets all variables to their defaults, then reads the environment again. For gompx_icv_init() and tests. */
void gompx_icv_read(void);

/* Number of CPUs that the process can use, at least 1: those of the affinity mask at start, but no more than the
 * tightest cgroup quota rounded up; or GOMPX_CPUS.  Found out at the first call, the same ever after.  Thread-safe.
 * */
unsigned gompx_icv_num_procs(void);

enum gompx_procs_limit { GOMPX_PROCS_BY_MASK, GOMPX_PROCS_BY_QUOTA, GOMPX_PROCS_BY_USER };

/* How that number comes about; looked up anew. For displays. */
struct gompx_icv_procs {
    unsigned procs;                     /* the result */
    unsigned mask;                      /* CPUs of the mask at start; 0: the kernel does not tell */
    unsigned long quota_millicpus;      /* tightest quota; 0: none, or ignored */
    enum gompx_procs_limit limit;       /* which of them decided */
};
struct gompx_icv_procs gompx_icv_procs_why(void);

/* The affinity mask at start. */
const struct gompx_cpuset *gompx_icv_mask(void);

/* nthreads-var of these ICVs, never 0.  Thread-safe. */
uint32_t gompx_icv_nthreads(const struct gompx_icvs *icv);

/* The place list; NULL: none, or binding is off (OMP_PROC_BIND=false).  The topology is looked up at the first call.
 * Thread-safe; the result lives as long as the process. */
const struct gompx_place_list *gompx_icv_places(void);

/* Replaces affinity_format by a copy of `length` bytes of `format`. Earlier formats stay readable: the caller of
 * another thread may be using one. Thread-safe. False: no memory, nothing changed. */
bool gompx_icv_set_affinity_format(const char *format, size_t length);

#endif
