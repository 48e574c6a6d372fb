/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Which numbers lead to the host, and which to the program's end. */
#include "runtime/device.h"

#include "runtime/thread.h"

static bool is_mandatory(void)
{
    return gompx_globals.target_offload == GOMPX_OFFLOAD_MANDATORY;
}

static GOMPX_COLD void not_found(void)
{
    if (is_mandatory())
        gompx_error("OMP_TARGET_OFFLOAD is set to MANDATORY, but device not found");
}

void gompx_device_admit(struct gompx_frame *f, int device)
{
    bool open = device == GOMPX_DEVICE_NO_CLAUSE || device == GOMPX_DEVICE_DEFAULT;

    if (device == GOMPX_DEVICE_FALLBACK)
        return;
    if (open)
        device = gompx_icvs(f)->default_device;
    if (gompx_likely(device == GOMPX_DEVICE_HOST) || (open && device == GOMPX_DEVICE_INITIAL))
        return;
    if (device == GOMPX_DEVICE_INVALID && open && is_mandatory())
        gompx_error("OMP_TARGET_OFFLOAD is set to MANDATORY, but only the host device is available");
    if (device == GOMPX_DEVICE_INVALID)
        gompx_error("omp_invalid_device encountered");
    not_found();
}

static int number_of(int device)
{
    return device == GOMPX_DEVICE_DEFAULT ? gompx_icvs(gompx_frame_get())->default_device : device;
}

bool gompx_device_names_host(int device)
{
    device = number_of(device);
    return device == GOMPX_DEVICE_HOST || device == GOMPX_DEVICE_INITIAL;
}

bool gompx_device_is_host(int device)
{
    if (gompx_device_names_host(device))
        return true;
    if (number_of(device) > GOMPX_DEVICE_HOST)
        not_found();
    return false;
}

void gompx_device_set_default(struct gompx_frame *f, int device)
{
    if (device == GOMPX_DEVICE_DEFAULT)
        return;
    if (device < 0 && device != GOMPX_DEVICE_INITIAL && device != GOMPX_DEVICE_INVALID)
        device = GOMPX_DEVICE_HOST;
    gompx_task_icvs_own(f->task)->default_device = device;
}
