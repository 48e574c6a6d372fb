/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What compilers emit for OpenACC constructs.  The arrays of a construct describe what to map: nothing, on the host.
 * Compiled code makes its own copies of firstprivate variables.  The dimensions, queues and waits that follow them as
 * variable arguments are not read: the host has one gang, worker and lane, and what a construct could wait for is
 * complete.  `if(0)` arrives as a flag and changes nothing. */
#include <stdarg.h>

#include "abi/abi.h"
#include "abi/acc.h"
#include "runtime/acc_prof.h"
#include "runtime/icv.h"

/* Kinds of mapping, the low byte of a kinds[] entry. */
enum {
    MAP_ALLOC = 0x00, MAP_TO = 0x01, MAP_FROM = 0x02, MAP_POINTER = 0x04, MAP_TO_PSET = 0x05, MAP_FORCE_PRESENT = 0x06,
    MAP_DELETE = 0x07, MAP_USE_DEVICE_PTR = 0x0e, MAP_USE_DEVICE_PTR_IF_PRESENT = 0x10, MAP_RELEASE = 0x17,
    MAP_STRUCT = 0x1c, MAP_ATTACH = 0x50, MAP_DETACH = 0x51, MAP_FORCE_ALLOC = 0x80,
    MAP_FORCE_TO = 0x81, MAP_FORCE_FROM = 0x82, MAP_FORCE_DETACH = 0xd1,
};

#define TRACE(name) \
    do { \
        if (gompx_unlikely(gompx_globals.debug > 0)) \
            gompx_debug("%s: mapnum=%zu, hostaddrs=%p, sizes=%p, kinds=%p\n", name, mapnum, (void *)hostaddrs, \
                        (void *)sizes, (void *)kinds); \
    } while (0)

typedef unsigned short map_kind;

/* ---- compute constructs ---- */

static void compute(void (*fn)(void *), void **hostaddrs)
{
    struct gompx_acc_span span;

    gompx_acc_attach();
    gompx_acc_span_begin(&span, GOMPX_ACC_EV_COMPUTE_CONSTRUCT_START, GOMPX_ACC_CONSTRUCT_PARALLEL, false, GOMPX_ACC_HOST,
                         GOMPX_ACC_SYNC);
    fn(hostaddrs);
    gompx_acc_span_end(&span);
}

GOMPX_ENTRY(void, GOACC_parallel_keyed, int flags_m, void (*fn)(void *), size_t mapnum, void **hostaddrs, size_t *sizes,
            map_kind *kinds, ...)
{
    (void)flags_m;
    TRACE("GOACC_parallel_keyed");
    compute(fn, hostaddrs);
}

/* GCC 5 */
GOMPX_ENTRY(void, GOACC_parallel, int flags_m, void (*fn)(void *), size_t mapnum, void **hostaddrs, size_t *sizes,
            map_kind *kinds, int gangs, int workers, int vector, int async, int waits, ...)
{
    (void)flags_m;
    (void)gangs;
    (void)workers;
    (void)vector;
    (void)async;
    (void)waits;
    TRACE("GOACC_parallel");
    compute(fn, hostaddrs);
}

GOMPX_ENTRY(int, GOACC_get_num_threads, void)
{
    return 1;
}

GOMPX_ENTRY(int, GOACC_get_thread_num, void)
{
    return 0;
}

/* ---- data ---- */

/* A construct that is no more than its two events. */
static void events(enum gompx_acc_event start, enum gompx_acc_construct parent, int async)
{
    struct gompx_acc_span span;

    gompx_acc_attach();
    gompx_acc_span_begin(&span, start, parent, false, GOMPX_ACC_HOST, async);
    gompx_acc_span_end(&span);
}

static void enter_data(int async)
{
    events(GOMPX_ACC_EV_ENTER_DATA_START, GOMPX_ACC_CONSTRUCT_ENTER_DATA, async);
}

static void exit_data(int async)
{
    events(GOMPX_ACC_EV_EXIT_DATA_START, GOMPX_ACC_CONSTRUCT_EXIT_DATA, async);
}

static bool is_host_data(size_t mapnum, const map_kind *kinds)
{
    for (size_t i = 0; i < mapnum; i++)
        if ((kinds[i] & 0xff) == MAP_USE_DEVICE_PTR || (kinds[i] & 0xff) == MAP_USE_DEVICE_PTR_IF_PRESENT)
            return true;
    return false;
}

GOMPX_ENTRY(void, GOACC_data_start, int flags_m, size_t mapnum, void **hostaddrs, size_t *sizes, map_kind *kinds)
{
    (void)flags_m;
    TRACE("GOACC_data_start");
    gompx_acc_region_begin();
    events(GOMPX_ACC_EV_ENTER_DATA_START,
           is_host_data(mapnum, kinds) ? GOMPX_ACC_CONSTRUCT_HOST_DATA : GOMPX_ACC_CONSTRUCT_DATA, GOMPX_ACC_SYNC);
}

GOMPX_ENTRY(void, GOACC_data_end, void)
{
    if (gompx_acc_region_end())
        events(GOMPX_ACC_EV_EXIT_DATA_START, GOMPX_ACC_CONSTRUCT_DATA, GOMPX_ACC_SYNC);
}

#define DATA(name, call) \
    GOMPX_ENTRY(void, name, int flags_m, size_t mapnum, void **hostaddrs, size_t *sizes, map_kind *kinds, int async, \
                int num_waits, ...) \
    { \
        (void)flags_m; \
        (void)num_waits; \
        TRACE(#name); \
        call; \
    }
DATA(GOACC_enter_data, enter_data(async))
DATA(GOACC_exit_data, exit_data(async))
DATA(GOACC_update, events(GOMPX_ACC_EV_UPDATE_START, GOMPX_ACC_CONSTRUCT_UPDATE, async))

/* GCC 5 to 11 used one call for both; the first mapping that is not part of another one tells which. */
static bool is_enter(size_t mapnum, const map_kind *kinds)
{
    for (size_t i = 0; i < mapnum; i++)
        switch (kinds[i] & 0xff) {
        case MAP_POINTER:
        case MAP_TO_PSET:
        case MAP_STRUCT:
            continue;
        case MAP_ALLOC:
        case MAP_TO:
        case MAP_FORCE_PRESENT:
        case MAP_ATTACH:
        case MAP_FORCE_ALLOC:
        case MAP_FORCE_TO:
            return true;
        case MAP_FROM:
        case MAP_DELETE:
        case MAP_RELEASE:
        case MAP_DETACH:
        case MAP_FORCE_FROM:
        case MAP_FORCE_DETACH:
            return false;
        default:
            gompx_error(">>>> GOACC_enter_exit_data UNHANDLED kind 0x%.2x", kinds[i] & 0xff);
        }
    return false;
}

static void enter_exit_data(size_t mapnum, const map_kind *kinds, int async)
{
    if (is_enter(mapnum, kinds))
        enter_data(async);
    else
        exit_data(async);
}
DATA(GOACC_enter_exit_data, enter_exit_data(mapnum, kinds, async))

/* Each variable of a declare directive enters or leaves by itself, unless it only has to be there: it is. */
GOMPX_ENTRY(void, GOACC_declare, int flags_m, size_t mapnum, void **hostaddrs, size_t *sizes, map_kind *kinds)
{
    (void)flags_m;
    TRACE("GOACC_declare");
    for (size_t i = 0; i < mapnum; i++)
        switch (kinds[i] & 0xff) {
        case MAP_ALLOC:
        case MAP_FORCE_PRESENT:
            gompx_acc_attach();
            break;
        case MAP_TO:
        case MAP_FORCE_ALLOC:
        case MAP_FORCE_TO:
            enter_data(GOMPX_ACC_SYNC);
            break;
        case MAP_FROM:
        case MAP_DELETE:
        case MAP_RELEASE:
        case MAP_FORCE_FROM:
            exit_data(GOMPX_ACC_SYNC);
            break;
        default:                        /* parts of others, and variables that live on the device */
            break;
        }
}

/* ---- wait ---- */

GOMPX_ENTRY(void, GOACC_wait, int async, int num_waits, ...)
{
    va_list waits;

    gompx_acc_attach();
    if (num_waits == 0 && async != GOMPX_ACC_SYNC)
        acc_wait_all_async(async);
    va_start(waits, num_waits);
    while (num_waits-- > 0)
        acc_wait(va_arg(waits, int));
    va_end(waits);
}
