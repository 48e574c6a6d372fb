/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The routines about devices other than those for their memory. */
#include <stdlib.h>
#include <string.h>

#include "abi/api.h"
#include "runtime/device.h"
#include "runtime/pool.h"
#include "runtime/thread.h"

enum { PAUSE_SOFT = 1, PAUSE_STOP_TOOL = 3 };

static const char host_uid[] = "OMP_INITIAL_DEVICE";

void omp_set_default_device(int dev)
{
    gompx_device_set_default(gompx_frame_get(), dev);
}

int omp_get_default_device(void)
{
    return gompx_icvs(gompx_frame_get())->default_device;
}

int omp_get_num_devices(void)
{
    return GOMPX_DEVICE_HOST;
}

int omp_get_initial_device(void)
{
    return GOMPX_DEVICE_HOST;
}

int omp_get_device_num(void)
{
    return GOMPX_DEVICE_HOST;
}

int omp_is_initial_device(void)
{
    return 1;
}

/* ---- names and distances ---- */

static int device_of_uid(const char *uid, size_t length)
{
    bool host = uid && length == sizeof host_uid - 1 && memcmp(uid, host_uid, length) == 0;

    return host ? GOMPX_DEVICE_INITIAL : GOMPX_DEVICE_INVALID;
}

GOMPX_ENTRY(int, omp_get_device_from_uid, const char *uid)
{
    return device_of_uid(uid, uid ? strlen(uid) : 0);
}

GOMPX_ENTRY(int, omp_get_device_from_uid_, const char *uid, size_t length)
{
    return device_of_uid(uid, length);
}

GOMPX_ENTRY(const char *, omp_get_uid_from_device, int dev)
{
    return gompx_device_names_host(dev) ? host_uid : NULL;
}

#define UID_FORM(suffix, integer) \
    GOMPX_ENTRY(void, omp_get_uid_from_device##suffix, const char **uid, size_t *length, integer dev) \
    { \
        *uid = dev == (int)dev ? omp_get_uid_from_device((int)dev) : NULL; \
        *length = *uid ? strlen(*uid) : 0; \
    }
UID_FORM(_, int32_t)
UID_FORM(_8_, int64_t)

GOMPX_ENTRY(void, omp_get_device_distances, int ndevs, const int *devs, int *distances)
{
    for (int i = 0; i < ndevs; i++)
        distances[i] = gompx_device_names_host(devs[i]) ? 0 : -1;
}

/* ---- pause ---- */

int omp_pause_resource_all(unsigned kind)
{
    struct gompx_frame *f = gompx_frame_get();

    if (kind < PAUSE_SOFT || kind > PAUSE_STOP_TOOL || f->level > 0)
        return -1;
    gompx_thread_drop_teams(f->self);
    gompx_pool_drain();
    return 0;
}

int omp_pause_resource(unsigned kind, int dev)
{
    return gompx_device_names_host(dev) ? omp_pause_resource_all(kind) : -1;
}
