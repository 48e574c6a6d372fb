/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC with the host as its only device: whether that device has been chosen, initialized and shut down, and which
 * threads are attached to it.
 *
 * The host shares its memory with itself: all data is present all the time, nothing is copied and no references are
 * counted (OpenACC 2.7, section 2.7: for data in shared memory no action is taken).  A construct runs in the thread
 * that meets it and is complete when it ends, so every queue is in order and always empty.
 *
 * A thread is attached by its first construct or data routine; acc_shutdown detaches all.  Routines about queues need
 * an attached thread, as they do with libgomp.  Mistakes of the program end it with libgomp's text (gompx_error).  All
 * functions are thread-safe.  Source: OpenACC 2.6, chapter 3; messages observed of libgomp 12. */
#ifndef GOMPX_RUNTIME_ACC_H
#define GOMPX_RUNTIME_ACC_H

#include "sync/atomic.h"
#include "sync/base.h"

/* acc_device_t of openacc.h; the numbers between are not in use. */
enum gompx_acc_type {
    GOMPX_ACC_NONE = 0,
    GOMPX_ACC_DEFAULT = 1,
    GOMPX_ACC_HOST = 2,
    GOMPX_ACC_NOT_HOST = 4,
    GOMPX_ACC_NVIDIA = 5,
    GOMPX_ACC_RADEON = 8,
    GOMPX_ACC_TYPES = 9,                /* one above the highest */
};

/* acc_async_t: what an async argument may be besides the number of a queue. */
enum { GOMPX_ACC_SYNC = -2, GOMPX_ACC_NOVAL = -1 };

struct gompx_acc_tls {
    uint32_t attached;                  /* the epoch in which this thread was attached; 0: never */
    uint32_t regions;                   /* data regions that it is in */
    uint32_t muted;                     /* the epoch in which it switched its profiling events off; 0: it did not */
    bool initializing;                  /* it is in the callbacks of a device's initialization */
};

extern __thread struct gompx_acc_tls gompx_acc_tls __attribute__((visibility("hidden")));

/* Counts shutdowns, from 1. */
extern _Atomic uint32_t gompx_acc_epoch __attribute__((visibility("hidden")));

/* Attaches the calling thread; the first time in the process that initializes the device, with profiling events. */
void gompx_acc_attach_slow(void) GOMPX_COLD;

static inline bool gompx_acc_attached(void)
{
    return gompx_acc_tls.attached == gompx_load_rlx(&gompx_acc_epoch);
}

static inline void gompx_acc_attach(void)
{
    if (gompx_unlikely(!gompx_acc_attached()))
        gompx_acc_attach_slow();
}

/* Ends the program unless the calling thread is attached. */
void gompx_acc_attached_need(void);

/* Ends the program unless `async` can be an async argument. */
void gompx_acc_async_check(int async);

/* The routines of that name; `type` is an acc_device_t, of which everything but the host (and the default, when that
 * is the host) ends the program. */
void gompx_acc_init(int type);
void gompx_acc_shutdown(int type);
void gompx_acc_set_type(int type);
int gompx_acc_get_type(void);
/* A negative number: the one in use.  GOMPX_ACC_NONE: the type in use. */
void gompx_acc_set_num(int num, int type);
int gompx_acc_get_num(int type);
/* Ends the program if `type` is beyond all types. */
void gompx_acc_type_need(int type);
/* The number of devices of a type, 0 or 1; ends the program only for a number that is no type. */
int gompx_acc_count(int type);
/* Ends the program unless there is a device of that type and number; attaches the calling thread. */
void gompx_acc_device_need(int num, int type);

/* A structured data region of the calling thread.  end: false if it is in none. */
void gompx_acc_region_begin(void);
bool gompx_acc_region_end(void);

/* GOMP_OPENACC_DIM for gangs (0), workers (1), vector (2); 0: none given.  Another axis ends the program. */
int gompx_acc_default_dim(unsigned axis);

#endif
