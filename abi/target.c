/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Device constructs.  GCC 4.9 and 5 call the forms without _ext, whose kinds are bytes and of which nothing is
 * private. */
#include "abi/abi.h"
#include "runtime/device.h"
#include "runtime/target.h"
#include "runtime/thread.h"

enum { FLAG_NOWAIT = 1 };

/* ---- regions ---- */

GOMPX_ENTRY(void, GOMP_target, int device, void (*fn)(void *), const void *unused, size_t mapnum, void **hostaddrs,
            size_t *sizes, unsigned char *kinds)
{
    struct gompx_frame *f = gompx_frame_get();
    struct gompx_target target = { .fn = fn, .count = mapnum, .addresses = hostaddrs };

    (void)unused;
    (void)sizes;
    (void)kinds;
    gompx_device_admit(f, device);
    gompx_target_run(f, &target, false, NULL);
}

GOMPX_ENTRY(void, GOMP_target_ext, int device, void (*fn)(void *), size_t mapnum, void **hostaddrs, size_t *sizes,
            unsigned short *kinds, unsigned flags, void **depend, void **args)
{
    struct gompx_frame *f = gompx_frame_get();
    struct gompx_target target = { fn, mapnum, hostaddrs, sizes, kinds, gompx_target_thread_limit(args) };

    gompx_device_admit(f, device);
    gompx_target_run(f, &target, flags & FLAG_NOWAIT, depend);
}

/* ---- data: the addresses that compiled code reads back are those that it passed ---- */

GOMPX_ENTRY(void, GOMP_target_data, int device, const void *unused, size_t mapnum, void **hostaddrs, size_t *sizes,
            unsigned char *kinds)
{
    (void)unused;
    (void)mapnum;
    (void)hostaddrs;
    (void)sizes;
    (void)kinds;
    gompx_device_admit(gompx_frame_get(), device);
}

GOMPX_ENTRY(void, GOMP_target_data_ext, int device, size_t mapnum, void **hostaddrs, size_t *sizes,
            unsigned short *kinds)
{
    (void)mapnum;
    (void)hostaddrs;
    (void)sizes;
    (void)kinds;
    gompx_device_admit(gompx_frame_get(), device);
}

GOMPX_ENTRY(void, GOMP_target_end_data, void)
{
}

GOMPX_ENTRY(void, GOMP_target_update, int device, const void *unused, size_t mapnum, void **hostaddrs, size_t *sizes,
            unsigned char *kinds)
{
    (void)unused;
    (void)mapnum;
    (void)hostaddrs;
    (void)sizes;
    (void)kinds;
    gompx_device_admit(gompx_frame_get(), device);
}

static void transfer(int device, unsigned flags, void **depend)
{
    struct gompx_frame *f = gompx_frame_get();

    gompx_device_admit(f, device);
    gompx_target_transfer(f, flags & FLAG_NOWAIT, depend);
}

GOMPX_ENTRY(void, GOMP_target_update_ext, int device, size_t mapnum, void **hostaddrs, size_t *sizes,
            unsigned short *kinds, unsigned flags, void **depend)
{
    (void)mapnum;
    (void)hostaddrs;
    (void)sizes;
    (void)kinds;
    transfer(device, flags, depend);
}

GOMPX_ENTRY(void, GOMP_target_enter_exit_data, int device, size_t mapnum, void **hostaddrs, size_t *sizes,
            unsigned short *kinds, unsigned flags, void **depend)
{
    (void)mapnum;
    (void)hostaddrs;
    (void)sizes;
    (void)kinds;
    transfer(device, flags, depend);
}

/* Called by code for a device, where function pointers of the host have to be translated. */
GOMPX_ENTRY(void *, GOMP_target_map_indirect_ptr, void *ptr)
{
    return ptr;
}

/* ---- images for other devices, which nobody here can take ---- */

enum { LIBRARY_VERSION = 4 };           /* of GCC 17: the newest whose constructs are known */

GOMPX_ENTRY(void, GOMP_offload_register_ver, unsigned version, const void *host_table, int target_type,
            const void *target_data)
{
    unsigned library = version >> 16;

    (void)host_table;
    (void)target_type;
    (void)target_data;
    if (library > LIBRARY_VERSION)
        gompx_error("Library too old for offload (version %u < %u)", (unsigned)LIBRARY_VERSION, library);
}

GOMPX_ENTRY(void, GOMP_offload_unregister_ver, unsigned version, const void *host_table, int target_type,
            const void *target_data)
{
    (void)version;
    (void)host_table;
    (void)target_type;
    (void)target_data;
}

GOMPX_ENTRY(void, GOMP_offload_register, const void *host_table, int target_type, const void *target_data)
{
    (void)host_table;
    (void)target_type;
    (void)target_data;
}

GOMPX_ENTRY(void, GOMP_offload_unregister, const void *host_table, int target_type, const void *target_data)
{
    (void)host_table;
    (void)target_type;
    (void)target_data;
}
