/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The routines of openacc.h as the library defines them, whatever openacc.h the compiler at hand brings: enumerations
 * are passed as int.  All are thread-safe.  Source: OpenACC 2.6, chapter 3; runtime/acc.h says what they come to on
 * the host. */
#ifndef GOMPX_ABI_ACC_H
#define GOMPX_ABI_ACC_H

#include "abi/abi.h"

/* Devices */
GOMPX_API int acc_get_num_devices(int type);
GOMPX_API void acc_set_device_type(int type);
GOMPX_API int acc_get_device_type(void);
GOMPX_API void acc_set_device_num(int num, int type);
GOMPX_API int acc_get_device_num(int type);
GOMPX_API size_t acc_get_property(int num, int type, int property);
GOMPX_API const char *acc_get_property_string(int num, int type, int property);
GOMPX_API void acc_init(int type);
GOMPX_API void acc_shutdown(int type);
GOMPX_API int acc_on_device(int type);

/* Queues */
GOMPX_API int acc_async_test(int async);
GOMPX_API int acc_async_test_all(void);
GOMPX_API void acc_wait(int async);
GOMPX_API void acc_wait_async(int async1, int async2);
GOMPX_API void acc_wait_all(void);
GOMPX_API void acc_wait_all_async(int async);

/* Data */
GOMPX_API void *acc_copyin(void *ptr, size_t size);
GOMPX_API void *acc_present_or_copyin(void *ptr, size_t size);
GOMPX_API void *acc_create(void *ptr, size_t size);
GOMPX_API void *acc_present_or_create(void *ptr, size_t size);
GOMPX_API void acc_copyin_async(void *ptr, size_t size, int async);
GOMPX_API void acc_create_async(void *ptr, size_t size, int async);
GOMPX_API void acc_copyout(void *ptr, size_t size);
GOMPX_API void acc_copyout_async(void *ptr, size_t size, int async);
GOMPX_API void acc_copyout_finalize(void *ptr, size_t size);
GOMPX_API void acc_copyout_finalize_async(void *ptr, size_t size, int async);
GOMPX_API void acc_delete(void *ptr, size_t size);
GOMPX_API void acc_delete_async(void *ptr, size_t size, int async);
GOMPX_API void acc_delete_finalize(void *ptr, size_t size);
GOMPX_API void acc_delete_finalize_async(void *ptr, size_t size, int async);
GOMPX_API void acc_update_device(void *ptr, size_t size);
GOMPX_API void acc_update_device_async(void *ptr, size_t size, int async);
GOMPX_API void acc_update_self(void *ptr, size_t size);
GOMPX_API void acc_update_self_async(void *ptr, size_t size, int async);
GOMPX_API int acc_is_present(void *ptr, size_t size);

#endif
