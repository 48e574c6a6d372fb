/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * One word says how far the device has come.  CHOSEN stays for good: a device that was shut down is attached to again
 * without further ado, and without events; ACTIVE is what acc_init and acc_shutdown ask for.  A shutdown begins a new
 * epoch, so that no thread is attached any more. */
#include "runtime/acc.h"

#include <limits.h>
#include <stdlib.h>
#include <strings.h>

#include "runtime/acc_prof.h"
#include "runtime/env_parse.h"
#include "runtime/init.h"

enum { CHOSEN = 1, ACTIVE = 2 };
enum { DEVICES = 1 };                   /* of the host's type */

__thread struct gompx_acc_tls gompx_acc_tls;
_Atomic uint32_t gompx_acc_epoch = 1;

static _Atomic uint32_t state;
static _Atomic int number_set = -1;     /* by acc_set_device_num; -1: ACC_DEVICE_NUM counts */
static _Atomic uint32_t regions;        /* data regions open in all threads */

/* Constructors of the program may come before the library's. */
static const char *wanted(void)
{
    gompx_init();
    return gompx_globals.acc_device_type;
}

static bool default_is_host(void)
{
    return wanted()[0] == '\0' || strcasecmp(wanted(), "host") == 0;
}

static int number(void)
{
    int set = gompx_load_rlx(&number_set);

    gompx_init();
    return set >= 0 ? set : gompx_globals.acc_device_num;
}

static void number_check(int num)
{
    if (num < 0 || num >= DEVICES)
        gompx_error("device %d out of range", num);
}

/* Returns if `type` is the host. */
static void type_check(int type)
{
    switch (type) {
    case GOMPX_ACC_HOST:
        return;
    case GOMPX_ACC_DEFAULT:
        if (default_is_host())
            return;
        gompx_error("device type %s not supported", wanted());
    case GOMPX_ACC_NONE:
        gompx_error("device type none not supported");
    case GOMPX_ACC_NOT_HOST:
        gompx_error("no device found");
    case GOMPX_ACC_NVIDIA:
        gompx_error("device type nvidia not supported");
    case GOMPX_ACC_RADEON:
        gompx_error("device type radeon not supported");
    default:
        gompx_error("unknown device type %u", (unsigned)type);
    }
}

static void attach(void)
{
    gompx_acc_tls.attached = gompx_load_rlx(&gompx_acc_epoch);
}

static void init_events(int type, enum gompx_acc_construct parent, bool implicit)
{
    struct gompx_acc_span span;

    gompx_acc_tls.initializing = true;
    gompx_acc_span_begin(&span, GOMPX_ACC_EV_DEVICE_INIT_START, parent, implicit, type, GOMPX_ACC_SYNC);
    gompx_acc_span_end(&span);
    gompx_acc_tls.initializing = false;
}

/* The device that `type` names becomes the one in use if none is yet. */
static void choose(int type)
{
    bool first = !(gompx_load_rlx(&state) & CHOSEN);

    if (first)
        type_check(type);
    number_check(number());
    if (first)
        first = !(gompx_or_ar(&state, CHOSEN | ACTIVE) & CHOSEN);   /* unless another thread was faster */
    attach();
    if (first)
        init_events(GOMPX_ACC_DEFAULT, GOMPX_ACC_CONSTRUCT_PARALLEL, true);
}

void gompx_acc_attach_slow(void)
{
    choose(GOMPX_ACC_DEFAULT);
}

void gompx_acc_attached_need(void)
{
    if (!gompx_acc_attached())
        gompx_error("no device active");
}

void gompx_acc_async_check(int async)
{
    if (async < GOMPX_ACC_SYNC)
        gompx_error("invalid async-argument: %d", async);
}

void gompx_acc_init(int type)
{
    type_check(type);
    number_check(number());
    if (gompx_or_ar(&state, CHOSEN | ACTIVE) & ACTIVE)
        gompx_error("device already active");
    attach();
    init_events(type, GOMPX_ACC_CONSTRUCT_RUNTIME_API, false);
}

void gompx_acc_shutdown(int type)
{
    type_check(type);
    if (gompx_load_rlx(&regions) > 0)
        gompx_error("shutdown in 'acc data' region");
    if (!(gompx_and_ar(&state, ~(uint32_t)ACTIVE) & ACTIVE))
        gompx_error("no device initialized");
    gompx_add_rlx(&gompx_acc_epoch, 1);
}

static void use(int num)
{
    number_check(num);
    gompx_or_ar(&state, CHOSEN | ACTIVE);
    attach();
}

void gompx_acc_set_type(int type)
{
    type_check(type);
    use(number());
}

int gompx_acc_get_type(void)
{
    if (gompx_acc_tls.initializing)
        return GOMPX_ACC_NONE;
    if (!(gompx_load_rlx(&state) & CHOSEN))
        type_check(GOMPX_ACC_DEFAULT);
    return GOMPX_ACC_HOST;
}

void gompx_acc_set_num(int num, int type)
{
    if (type != GOMPX_ACC_NONE)
        type_check(type);
    else if (!(gompx_load_rlx(&state) & CHOSEN))
        type_check(GOMPX_ACC_DEFAULT);
    use(num < 0 ? number() : num);
    if (num >= 0)
        gompx_store_rlx(&number_set, num);
}

int gompx_acc_get_num(int type)
{
    type_check(type);
    return number();
}

void gompx_acc_type_need(int type)
{
    if (type < 0 || type >= GOMPX_ACC_TYPES)
        type_check(type);
}

int gompx_acc_count(int type)
{
    gompx_acc_type_need(type);
    return type == GOMPX_ACC_HOST || (type == GOMPX_ACC_DEFAULT && default_is_host()) ? DEVICES : 0;
}

void gompx_acc_device_need(int num, int type)
{
    type_check(type);
    if (!gompx_acc_attached())
        choose(type);
    number_check(num);
    gompx_or_ar(&state, ACTIVE);        /* asking a device wakes it up */
}

void gompx_acc_region_begin(void)
{
    gompx_acc_tls.regions++;
    gompx_add_rlx(&regions, 1);
}

bool gompx_acc_region_end(void)
{
    if (gompx_acc_tls.regions == 0)
        return false;
    gompx_acc_tls.regions--;
    gompx_add_rlx(&regions, -1u);
    return true;
}

/* ---- GOMP_OPENACC_DIM ---- */

const char *gompx_parse_acc_dim(const char *text, int *out, struct gompx_reading *r)
{
    int *dims[] = { out, &gompx_globals.acc_workers, &gompx_globals.acc_vector };

    (void)r;
    for (unsigned i = 0; i < sizeof dims / sizeof *dims; i++, text++) {
        if (*text != ':' && *text != '\0') {
            char *end;
            long value = strtol(text, &end, 10);

            if (end == text || value < 0 || value > INT_MAX)
                break;
            *dims[i] = (int)value;
            text = end;
        }
        if (*text != ':')
            break;
    }
    return NULL;
}

int gompx_acc_default_dim(unsigned axis)
{
    const struct gompx_globals *g = (gompx_init(), &gompx_globals);
    const int dims[] = { g->acc_gangs, g->acc_workers, g->acc_vector };

    if (axis >= sizeof dims / sizeof *dims)
        gompx_error("invalid dimension argument: %d", (int)axis);
    return dims[axis];
}
