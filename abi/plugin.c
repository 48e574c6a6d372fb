/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The services that a device plug-in of GCC finds in libgomp.  gompx loads no plug-ins; a library that was linked with
 * one starts, and can use what does not need a device: memory, messages, settings, profiling events.  Source:
 * libgomp-plugin.h, oacc-plugin.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi/abi.h"
#include "runtime/acc_prof.h"
#include "runtime/icv.h"

struct goacc_thread;
struct goacc_asyncqueue;

enum { MESSAGE = 2048 };                /* bytes; longer ones are cut */

/* ---- memory: these end the program rather than return NULL ---- */

static void *checked(void *ptr, size_t size)
{
    if (!ptr)
        gompx_error("Out of memory allocating %lu bytes", (unsigned long)size);
    return ptr;
}

static size_t at_least_1(size_t size)
{
    return size > 0 ? size : 1;
}

GOMPX_ENTRY(void *, GOMP_PLUGIN_malloc, size_t size)
{
    return checked(malloc(at_least_1(size)), size);
}

GOMPX_ENTRY(void *, GOMP_PLUGIN_malloc_cleared, size_t size)
{
    return checked(calloc(at_least_1(size), 1), size);
}

GOMPX_ENTRY(void *, GOMP_PLUGIN_realloc, void *ptr, size_t size)
{
    return checked(realloc(ptr, at_least_1(size)), size);
}

/* ---- messages ---- */

#define FORMATTED(text, format) \
    char text[MESSAGE]; \
    va_list args; \
    va_start(args, format); \
    if (vsnprintf(text, sizeof text, format, args) < 0) \
        text[0] = '\0'; \
    va_end(args)

GOMPX_ENTRY(void, GOMP_PLUGIN_debug, int kind, const char *format, ...)
{
    (void)kind;
    if (gompx_globals.debug == 0)
        return;
    FORMATTED(text, format);
    gompx_debug("%s", text);
}

GOMPX_ENTRY(void, GOMP_PLUGIN_error, const char *format, ...)
{
    FORMATTED(text, format);
    gompx_warn("%s", text);
}

GOMPX_ENTRY(void, GOMP_PLUGIN_fatal, const char *format, ...)
{
    FORMATTED(text, format);
    gompx_error("%s", text);
}

/* ---- OpenACC ---- */

GOMPX_ENTRY(int, GOMP_PLUGIN_acc_default_dim, unsigned axis)
{
    return gompx_acc_default_dim(axis);
}

/* No thread works for a device of a plug-in. */
GOMPX_ENTRY(void *, GOMP_PLUGIN_acc_thread, void)
{
    return NULL;
}

GOMPX_ENTRY(struct goacc_thread *, GOMP_PLUGIN_goacc_thread, void)
{
    return NULL;
}

GOMPX_ENTRY(void, GOMP_PLUGIN_goacc_profiling_dispatch, struct gompx_acc_prof_info *info,
            struct gompx_acc_event_info *event, struct gompx_acc_api_info *api)
{
    if (event->event_type <= GOMPX_ACC_EV_NONE || event->event_type >= GOMPX_ACC_EV_LAST)
        gompx_error("GOMP_PLUGIN_goacc_profiling_dispatch: %d is no event", event->event_type);
    gompx_acc_prof_dispatch(info, event, api);
}

GOMPX_ENTRY(void, GOMP_PLUGIN_async_unmap_vars, void *ptr, int async)
{
    (void)ptr;
    (void)async;
    gompx_error("invalid plugin function");
}

/* ---- what only the plug-in of a device in use may call ---- */

GOMPX_ENTRY(void, GOMP_PLUGIN_target_task_completion, void *data)
{
    (void)data;
    gompx_error("GOMP_PLUGIN_target_task_completion: no device plug-in is loaded");
}

GOMPX_ENTRY(void, GOMP_PLUGIN_target_rev, uint64_t fn, uint64_t mapnum, uint64_t devaddrs, uint64_t sizes, uint64_t kinds,
            int dev, struct goacc_asyncqueue *queue)
{
    (void)fn;
    (void)mapnum;
    (void)devaddrs;
    (void)sizes;
    (void)kinds;
    (void)dev;
    (void)queue;
    gompx_error("GOMP_PLUGIN_target_rev: no device plug-in is loaded");
}
