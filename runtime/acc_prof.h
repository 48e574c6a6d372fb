/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC's profiling interface: who wants to hear of which events, and telling them.
 *
 * While nobody has registered a callback, an event costs one relaxed load.  Callbacks may register and unregister
 * callbacks and may call any OpenACC routine; the events of those are events like others.  A callback that another
 * thread unregisters may still be called by events that had begun.  Source: OpenACC 2.6, chapter 5; acc_prof.h; what
 * that chapter leaves open is as libgomp's manual documents it. */
#ifndef GOMPX_RUNTIME_ACC_PROF_H
#define GOMPX_RUNTIME_ACC_PROF_H

#include "runtime/acc.h"

enum gompx_acc_event {
    GOMPX_ACC_EV_NONE,
    GOMPX_ACC_EV_DEVICE_INIT_START,
    GOMPX_ACC_EV_DEVICE_INIT_END,
    GOMPX_ACC_EV_DEVICE_SHUTDOWN_START,
    GOMPX_ACC_EV_DEVICE_SHUTDOWN_END,
    GOMPX_ACC_EV_ENTER_DATA_START = 10,
    GOMPX_ACC_EV_EXIT_DATA_START = 12,
    GOMPX_ACC_EV_UPDATE_START = 14,
    GOMPX_ACC_EV_COMPUTE_CONSTRUCT_START = 16,
    GOMPX_ACC_EV_LAST = 26,             /* one above the highest */
};

enum gompx_acc_construct {
    GOMPX_ACC_CONSTRUCT_PARALLEL = 0,
    GOMPX_ACC_CONSTRUCT_DATA = 3,
    GOMPX_ACC_CONSTRUCT_ENTER_DATA = 4,
    GOMPX_ACC_CONSTRUCT_EXIT_DATA = 5,
    GOMPX_ACC_CONSTRUCT_HOST_DATA = 6,
    GOMPX_ACC_CONSTRUCT_UPDATE = 12,
    GOMPX_ACC_CONSTRUCT_RUNTIME_API = 15,
};

/* acc_register_t. */
enum { GOMPX_ACC_REG, GOMPX_ACC_TOGGLE, GOMPX_ACC_TOGGLE_PER_THREAD };

/* acc_prof_info */
struct gompx_acc_prof_info {
    int event_type, valid_bytes, version, device_type, device_number, thread_id;
    ptrdiff_t async, async_queue;
    const char *src_file, *func_name;
    int line_no, end_line_no, func_line_no, func_end_line_no;
};

/* acc_other_event_info, the only member of acc_event_info that the host's events need. */
struct gompx_acc_event_info {
    int event_type, valid_bytes, parent_construct, implicit;
    void *tool_info;
};

/* acc_api_info */
struct gompx_acc_api_info {
    int device_api, valid_bytes, device_type, vendor;
    const void *device_handle, *context_handle, *async_handle;
};

#if __SIZEOF_POINTER__ == 8
static_assert(sizeof(struct gompx_acc_prof_info) == 72, "acc_prof.h: acc_prof_info");
static_assert(sizeof(struct gompx_acc_event_info) == 24, "acc_prof.h: acc_other_event_info");
static_assert(sizeof(struct gompx_acc_api_info) == 40, "acc_prof.h: acc_api_info");
#endif

/* acc_prof_callback.  The second argument points to an acc_event_info; what may be longer than ours comes from
 * plug-ins. */
typedef void gompx_acc_callback(struct gompx_acc_prof_info *info, struct gompx_acc_event_info *event,
                                struct gompx_acc_api_info *api);

typedef void gompx_acc_reg(int event, gompx_acc_callback *callback, int how);
typedef void (*gompx_acc_query(const char *name))(void);
/* acc_register_library, which a profiling library defines. */
typedef void gompx_acc_register_library(gompx_acc_reg *reg, gompx_acc_reg *unreg, gompx_acc_query *lookup);

/* Somebody has registered something, now or once. */
extern _Atomic bool gompx_acc_prof_live __attribute__((visibility("hidden")));

/* acc_prof_register and acc_prof_unregister; requests that make no sense are ignored. */
void gompx_acc_prof_register(int event, gompx_acc_callback *callback, int how);
void gompx_acc_prof_unregister(int event, gompx_acc_callback *callback, int how);

/* Calls the callbacks of event->event_type in the order of registration, those of an end event the other way round. */
void gompx_acc_prof_dispatch(struct gompx_acc_prof_info *info, struct gompx_acc_event_info *event,
                             struct gompx_acc_api_info *api);

/* A pair of events, start and end; on the caller's stack.  What a callback puts into tool_info at the start it finds
 * at the end. */
struct gompx_acc_span {
    bool on;                            /* somebody listened at the start */
    struct gompx_acc_prof_info info;
    struct gompx_acc_event_info event;
    struct gompx_acc_api_info api;
};

void gompx_acc_span_begin_slow(struct gompx_acc_span *span, enum gompx_acc_event start, enum gompx_acc_construct parent,
                               bool implicit, int device_type, int async) GOMPX_COLD;
void gompx_acc_span_end_slow(struct gompx_acc_span *span) GOMPX_COLD;

/* `start` is the start event; the end event has the next number. */
static inline void gompx_acc_span_begin(struct gompx_acc_span *span, enum gompx_acc_event start,
                                        enum gompx_acc_construct parent, bool implicit, int device_type, int async)
{
    span->on = gompx_load_rlx(&gompx_acc_prof_live);
    if (gompx_unlikely(span->on))
        gompx_acc_span_begin_slow(span, start, parent, implicit, device_type, async);
}

static inline void gompx_acc_span_end(struct gompx_acc_span *span)
{
    if (gompx_unlikely(span->on))
        gompx_acc_span_end_slow(span);
}

/* Loads the libraries that ACC_PROFLIB names and calls the acc_register_library of each with the three functions; one
 * that cannot be loaded gets a warning.  `own`: our acc_register_library, which does not count.  Once, at load. */
void gompx_acc_prof_load(gompx_acc_reg *reg, gompx_acc_reg *unreg, gompx_acc_query *lookup,
                         gompx_acc_register_library *own);

/* Around fork(): the registry is whole in the child. */
void gompx_acc_prof_fork_prepare(void);
void gompx_acc_prof_fork_done(void);

#endif
