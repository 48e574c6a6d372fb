/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The control variables, and what is found out about the machine when somebody first asks. */
#include "runtime/icv.h"

#include <stdlib.h>
#include <string.h>

#include "affinity/early.h"
#include "affinity/quota.h"
#include "runtime/display.h"
#include "runtime/env.h"
#include "sync/atomic.h"

#define INIT_TASK_TASK(field, ...)     .field = __VA_ARGS__,
#define INIT_TASK_GLOBAL(field, ...)
#define INIT_GLOBAL_TASK(field, ...)
#define INIT_GLOBAL_GLOBAL(field, ...) .field = __VA_ARGS__,

static const struct gompx_globals defaults = {
    .icvs = {
#define ICV(scope, type, field, initial, ...) INIT_TASK_##scope(field, initial)
#define FIELD(scope, type, field, initial)    INIT_TASK_##scope(field, initial)
#include "runtime/icv.def"
    },
#define ICV(scope, type, field, initial, ...) INIT_GLOBAL_##scope(field, initial)
#define FIELD(scope, type, field, initial)    INIT_GLOBAL_##scope(field, initial)
#include "runtime/icv.def"
};

struct gompx_globals gompx_globals;

/* What was found out so far.  The answers are computed without a lock, so that a fork() at a bad moment leaves none
 * held: of several first callers one installs its answer, the others take that and drop theirs. */
static struct {
    bool initialized;
    struct gompx_cpuset mask;           /* of the thread that loaded the library; written at load */
    _Atomic uint32_t procs;             /* 0: not yet known */
    struct gompx_place_list *_Atomic places;    /* NULL: not yet known */
} machine;

static void machine_forget(void)
{
    struct gompx_place_list *list = gompx_load_rlx(&machine.places);

    gompx_store_rlx(&machine.procs, 0);
    gompx_store_rlx(&machine.places, NULL);
    if (list) {
        gompx_place_list_free(list);
        free(list);
    }
}

/* Notes the mask at start.  True if that is wider than the mask now, and a foreign libgomp may have narrowed it. */
static bool mask_note(struct gompx_cpuset *now)
{
    gompx_cpuset_current(now);
    machine.mask = *now;
    if (!gompx_early_mask(&machine.mask) || gompx_cpuset_within(&machine.mask, now) || !gompx_early_rival()) {
        machine.mask = *now;
        return false;
    }
    return true;
}

static enum gompx_display icv_read(void)
{
    struct gompx_cpuset now;
    bool narrowed = mask_note(&now);
    enum gompx_display display;

    machine_forget();
    gompx_globals = defaults;
    display = gompx_env_read(&machine.mask);
    if (narrowed && gompx_globals.icvs.bind != GOMPX_BIND_FALSE)
        gompx_cpuset_give(pthread_self(), &machine.mask);
    else
        machine.mask = now;                             /* libgomp had no reason to: somebody else has */
    return display;
}

void gompx_icv_read(void)
{
    icv_read();
}

void gompx_icv_init(void)
{
    enum gompx_display display;

    if (machine.initialized)
        return;
    machine.initialized = true;
    display = icv_read();
    if (display != GOMPX_DISPLAY_NOTHING)
        gompx_display_env(display == GOMPX_DISPLAY_VERBOSE);
}

const struct gompx_cpuset *gompx_icv_mask(void)
{
    return &machine.mask;
}

struct gompx_icv_procs gompx_icv_procs_why(void)
{
    struct gompx_icv_procs why = { .mask = gompx_cpuset_count(&machine.mask) };
    unsigned long quota;

    if (!gompx_globals.quota_ignored)
        why.quota_millicpus = gompx_quota_millicpus("");
    quota = why.quota_millicpus / 1000 + (why.quota_millicpus % 1000 != 0);
    why.procs = why.mask > 0 ? why.mask : 1;            /* a kernel that does not tell */
    if (gompx_globals.cpus > 0)
        why.procs = gompx_globals.cpus, why.limit = GOMPX_PROCS_BY_USER;
    else if (quota > 0 && quota < why.procs)
        why.procs = (unsigned)quota, why.limit = GOMPX_PROCS_BY_QUOTA;
    else
        why.limit = GOMPX_PROCS_BY_MASK;
    return why;
}

unsigned gompx_icv_num_procs(void)
{
    uint32_t procs = gompx_load_rlx(&machine.procs), unknown = 0;

    if (gompx_likely(procs != 0))
        return procs;
    procs = gompx_globals.cpus > 0 ? gompx_globals.cpus : gompx_icv_procs_why().procs;
    return gompx_cas_rlx(&machine.procs, &unknown, procs) ? procs : unknown;
}

uint32_t gompx_icv_nthreads(const struct gompx_icvs *icv)
{
    return gompx_likely(icv->nthreads != 0) ? icv->nthreads : gompx_icv_num_procs();
}

/* Acquire pairs with the release of the thread that installed the list. */
static GOMPX_COLD const struct gompx_place_list *places_find(void)
{
    struct gompx_place_list *list = malloc(sizeof *list), *other = NULL;

    if (!list)
        gompx_fatal("out of memory allocating %zu bytes", sizeof *list);
    *list = gompx_places_resolve(&gompx_globals.places, &machine.mask);
    if (gompx_cas_ar(&machine.places, &other, list))
        return list;
    gompx_place_list_free(list);
    free(list);
    return gompx_load_acq(&machine.places);
}

const struct gompx_place_list *gompx_icv_places(void)
{
    const struct gompx_place_list *list;

    if (gompx_globals.places.kind == GOMPX_PLACES_NONE || gompx_globals.icvs.bind == GOMPX_BIND_FALSE)
        return NULL;
    if (gompx_globals.places.kind == GOMPX_PLACES_LIST)
        return &gompx_globals.places.list;
    list = gompx_load_acq(&machine.places);
    return list ? list : places_find();
}

bool gompx_icv_set_affinity_format(const char *format, size_t length)
{
    char *copy = malloc(length + 1);

    if (!copy)
        return false;
    memcpy(copy, format, length);
    copy[length] = '\0';
    __atomic_store_n(&gompx_globals.affinity_format, copy, __ATOMIC_RELEASE);
    return true;
}
