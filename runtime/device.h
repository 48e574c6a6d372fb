/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Device numbers.  There is one device, the host; as the number of the others is 0, so is its own.
 * Source: OpenMP 6.0, chapter 15; the special numbers are those of omp.h and of the compilers' calls. */
#ifndef GOMPX_RUNTIME_DEVICE_H
#define GOMPX_RUNTIME_DEVICE_H

#include <stdbool.h>

struct gompx_frame;

/* What a program may say. */
enum {
    GOMPX_DEVICE_HOST = 0,
    GOMPX_DEVICE_INITIAL = -1,
    GOMPX_DEVICE_INVALID = -4,
    GOMPX_DEVICE_DEFAULT = -5,          /* what default-device-var says */
};

/* What compiled code says of a construct instead: no clause; if(false).  GCC 13 and later therefore pass a user's -1
 * and -2 less one, earlier ones as they are: a user's -1 is the host in both readings. */
enum { GOMPX_DEVICE_NO_CLAUSE = -1, GOMPX_DEVICE_FALLBACK = -2 };

/* A device construct is about to run on the host.  Ends the program if it must not: its number is omp_invalid_device,
 * or names no device and OMP_TARGET_OFFLOAD is mandatory. */
void gompx_device_admit(struct gompx_frame *f, int device);

/* An argument of a routine: whether it names the host. */
bool gompx_device_names_host(int device);

/* The same for routines that need the device.  Ends the program if it names no device, but could, and OMP_TARGET_OFFLOAD is
 * mandatory. */
bool gompx_device_is_host(int device);

/* omp_set_default_device().  Numbers that no device can have mean the host's. */
void gompx_device_set_default(struct gompx_frame *f, int device);

#endif
