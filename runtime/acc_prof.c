/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The registry is a short list per event under one lock.  An event copies the callbacks that are on and calls them
 * without the lock.
 *
 * A callback is called if it, its event, everything, and the thread are on; each is a switch of its own, and all are
 * on when the first callback of the process is registered (switching before that has no effect, as with libgomp). */
#include "runtime/acc_prof.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/icv.h"
#include "sync/lock.h"

enum { VERSION = 201711 };              /* OpenACC 2.6 */

struct entry {
    gompx_acc_callback *callback;
    unsigned references;                /* registrations that have not been taken back */
    bool on;
};

struct list {
    struct entry *entries;
    unsigned n, room;
    bool off;
};

_Atomic bool gompx_acc_prof_live;

static _Atomic uint32_t lock;
static struct list lists[GOMPX_ACC_EV_LAST];
static bool all_off;

/* ---- registration ---- */

static struct entry *entry_find(struct list *l, gompx_acc_callback *callback)
{
    for (unsigned i = 0; i < l->n; i++)
        if (l->entries[i].callback == callback)
            return &l->entries[i];
    return NULL;
}

static void entry_add(struct list *l, gompx_acc_callback *callback)
{
    struct entry *e = entry_find(l, callback);

    if (e) {
        e->references++;
        return;
    }
    if (l->n == l->room) {
        unsigned room = l->room ? 2 * l->room : 4;
        struct entry *more = realloc(l->entries, room * sizeof *more);

        if (!more) {
            gompx_unlock(&lock);
            gompx_error("Out of memory allocating %zu bytes", room * sizeof *more);
        }
        l->entries = more;
        l->room = room;
    }
    l->entries[l->n++] = (struct entry){ callback, 1, true };
}

static void entry_drop(struct list *l, gompx_acc_callback *callback)
{
    struct entry *e = entry_find(l, callback);

    if (!e || --e->references > 0)
        return;
    l->n--;
    memmove(e, e + 1, (size_t)(l->entries + l->n - e) * sizeof *e);
}

/* acc_toggle: one callback, one event, or everything. */
static void toggle_locked(int event, gompx_acc_callback *callback, bool on)
{
    struct entry *e;

    if (event == GOMPX_ACC_EV_NONE) {
        if (!callback)
            all_off = !on;
    } else if (!callback) {
        lists[event].off = !on;
    } else if ((e = entry_find(&lists[event], callback))) {
        e->on = on;
    }
}

static void toggle(int event, gompx_acc_callback *callback, int how, bool on)
{
    if (!gompx_load_rlx(&gompx_acc_prof_live))
        return;
    if (how == GOMPX_ACC_TOGGLE) {
        gompx_lock(&lock);
        toggle_locked(event, callback, on);
        gompx_unlock(&lock);
    } else if (how == GOMPX_ACC_TOGGLE_PER_THREAD && event == GOMPX_ACC_EV_NONE && !callback) {
        gompx_acc_tls.muted = on ? 0 : gompx_load_rlx(&gompx_acc_epoch);
    }
}

static bool event_valid(int event)
{
    return event >= GOMPX_ACC_EV_NONE && event < GOMPX_ACC_EV_LAST;
}

void gompx_acc_prof_register(int event, gompx_acc_callback *callback, int how)
{
    if (!event_valid(event))
        return;
    if (how != GOMPX_ACC_REG) {
        toggle(event, callback, how, true);
        return;
    }
    if (event == GOMPX_ACC_EV_NONE || !callback)
        return;
    gompx_lock(&lock);
    entry_add(&lists[event], callback);
    gompx_unlock(&lock);
    gompx_store_rel(&gompx_acc_prof_live, true);
}

void gompx_acc_prof_unregister(int event, gompx_acc_callback *callback, int how)
{
    if (!event_valid(event))
        return;
    if (how != GOMPX_ACC_REG) {
        toggle(event, callback, how, false);
        return;
    }
    if (event == GOMPX_ACC_EV_NONE)
        return;
    gompx_lock(&lock);
    entry_drop(&lists[event], callback);
    gompx_unlock(&lock);
}

/* ---- events ---- */

static bool is_end(int event)
{
    return event == GOMPX_ACC_EV_DEVICE_INIT_END || event == GOMPX_ACC_EV_DEVICE_SHUTDOWN_END
           || (event > GOMPX_ACC_EV_ENTER_DATA_START && event % 2 == 1);
}

/* Copies the callbacks of an event that are on into `room`, or into memory that the caller frees when `room` is too
 * small. */
static gompx_acc_callback **callbacks_copy(int event, gompx_acc_callback **room, unsigned size, unsigned *n)
{
    struct list *l = &lists[event];
    gompx_acc_callback **to = room;

    *n = 0;
    gompx_lock(&lock);
    if (!all_off && !l->off) {
        if (l->n > size)
            to = malloc(l->n * sizeof *to);
        for (unsigned i = 0; to && i < l->n; i++)
            if (l->entries[i].on)
                to[(*n)++] = l->entries[i].callback;
    }
    gompx_unlock(&lock);
    return to;
}

void gompx_acc_prof_dispatch(struct gompx_acc_prof_info *info, struct gompx_acc_event_info *event,
                             struct gompx_acc_api_info *api)
{
    gompx_acc_callback *room[16], **callbacks;
    int type = event->event_type;
    unsigned n;

    if (gompx_acc_tls.muted == gompx_load_rlx(&gompx_acc_epoch))
        return;
    callbacks = callbacks_copy(type, room, sizeof room / sizeof *room, &n);
    for (unsigned i = 0; i < n; i++)
        callbacks[is_end(type) ? n - 1 - i : i](info, event, api);
    if (callbacks != room)
        free(callbacks);
}

void gompx_acc_span_begin_slow(struct gompx_acc_span *span, enum gompx_acc_event start, enum gompx_acc_construct parent,
                               bool implicit, int device_type, int async)
{
    span->info = (struct gompx_acc_prof_info){
        .event_type = (int)start, .valid_bytes = sizeof span->info, .version = VERSION, .device_type = device_type,
        .thread_id = -1, .async = async, .async_queue = async,
        .line_no = -1, .end_line_no = -1, .func_line_no = -1, .func_end_line_no = -1,
    };
    span->event = (struct gompx_acc_event_info){
        .event_type = (int)start, .valid_bytes = sizeof span->event, .parent_construct = (int)parent,
        .implicit = implicit,
    };
    span->api = (struct gompx_acc_api_info){
        .valid_bytes = sizeof span->api, .device_type = device_type, .vendor = -1,
    };
    gompx_acc_prof_dispatch(&span->info, &span->event, &span->api);
}

void gompx_acc_span_end_slow(struct gompx_acc_span *span)
{
    span->event.event_type = ++span->info.event_type;
    gompx_acc_prof_dispatch(&span->info, &span->event, &span->api);
}

/* ---- libraries ---- */

static void library_load(const char *name, gompx_acc_reg *reg, gompx_acc_reg *unreg, gompx_acc_query *lookup,
                         gompx_acc_register_library *own)
{
    void *handle = dlopen(name, RTLD_LAZY);
    gompx_acc_register_library *entry = NULL;
    const char *problem;

    if (handle)
        *(void **)&entry = dlsym(handle, "acc_register_library");
    if (entry && entry != own) {
        entry(reg, unreg, lookup);
        return;
    }
    problem = entry ? "it does not define acc_register_library" : dlerror();
    gompx_warn("while loading ACC_PROFLIB \"%s\": %s", name, problem ? problem : "it is not usable");
    if (handle)
        dlclose(handle);
}

void gompx_acc_prof_load(gompx_acc_reg *reg, gompx_acc_reg *unreg, gompx_acc_query *lookup,
                         gompx_acc_register_library *own)
{
    char *names = gompx_globals.acc_proflib[0] ? strdup(gompx_globals.acc_proflib) : NULL, *rest = names, *name;

    while ((name = strsep(&rest, ";")))
        if (name[0] != '\0')
            library_load(name, reg, unreg, lookup, own);
    free(names);
}

void gompx_acc_prof_fork_prepare(void)
{
    gompx_lock(&lock);
}

void gompx_acc_prof_fork_done(void)
{
    gompx_unlock(&lock);
}
