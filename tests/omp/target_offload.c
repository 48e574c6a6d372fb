/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_TARGET_OFFLOAD where there is no device: mandatory ends the program at the first construct or routine that
 * names a device which is not there, with libgomp's words and after its exit handlers; default and disabled run on
 * the host.
 *
 * run: threads=2 pin=no policy=default opt=2 modes=path cflags=-foffload=disable
 * run+: env=OMP_TARGET_OFFLOAD=default env=WHAT=all
 * run+: env=OMP_TARGET_OFFLOAD=disabled env=WHAT=all
 * run+: env=OMP_TARGET_OFFLOAD=disabled env=WHAT=all env=OMP_DEFAULT_DEVICE=3
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=host
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=host env=OMP_DEFAULT_DEVICE=0
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=target expect-exit=1 expect-stdout=handler expect-stderr="^libgomp: OMP_TARGET_OFFLOAD is set to MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=nowait expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=data expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=update expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=enter expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=alloc expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=present expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=memcpy expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=associate expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=default expect-exit=1 expect-stdout=handler gompx-only="new in GCC 13" expect-stderr="^libgomp: OMP_TARGET_OFFLOAD is set to MANDATORY, but only the host device is available$"
 * run+: env=OMP_TARGET_OFFLOAD=mandatory env=WHAT=set expect-exit=1 expect-stdout=handler expect-stderr="MANDATORY, but device not found$"
 * run+: env=WHAT=invalid expect-exit=1 expect-stdout=handler gompx-only="new in GCC 13" expect-stderr="^libgomp: omp_invalid_device encountered$" */
#include <errno.h>

#include "check.h"

static void handler(void)
{
    printf("handler\n");
}

/* Device constructs without a clause, if `open`, and with the number `d`. */
static int constructs(int d, int open)
{
    int ran = 0;

    if (open) {
#pragma omp target map(tofrom : ran)
        ran++;
#pragma omp target data map(to : ran)
        ran++;
    }
#pragma omp target map(tofrom : ran) device(d)
    ran++;
#pragma omp target data map(to : ran) device(d)
    ran++;
#pragma omp target enter data map(to : ran) device(d)
#pragma omp target update to(ran) device(d)
#pragma omp target exit data map(from : ran) device(d)
    return ran;
}

static void host(int open)
{
    void *p = omp_target_alloc(8, omp_get_initial_device());

    CHECK_EQ(omp_get_num_devices(), 0);
    CHECK_EQ(constructs(omp_get_initial_device(), open), open ? 4 : 2);
    CHECK(p != NULL);
    CHECK_EQ(omp_target_is_present(p, omp_get_initial_device()), 1);
    omp_target_free(p, omp_get_initial_device());
    CHECK_EQ(omp_pause_resource(omp_pause_soft, 5), -1);        /* which need not be there */
}

static void device(const char *what, int d)
{
    int x = 0, y = 0;

    if (strcmp(what, "nowait") == 0) {
#pragma omp target nowait device(d)
        x = 1;
    } else if (strcmp(what, "data") == 0) {
#pragma omp target data map(to : x) device(d)
        x = 1;
    } else if (strcmp(what, "update") == 0) {
#pragma omp target update to(x) device(d)
    } else if (strcmp(what, "enter") == 0) {
#pragma omp target enter data map(to : x) device(d)
    } else if (strcmp(what, "alloc") == 0) {
        CHECK(omp_target_alloc(8, d) == NULL);
    } else if (strcmp(what, "present") == 0) {
        CHECK_EQ(omp_target_is_present(&x, d), 0);
    } else if (strcmp(what, "memcpy") == 0) {
        CHECK_EQ(omp_target_memcpy(&x, &y, sizeof x, 0, 0, 0, d), EINVAL);
    } else if (strcmp(what, "associate") == 0) {
        CHECK_EQ(omp_target_associate_ptr(&x, &y, sizeof x, 0, d), EINVAL);
    } else if (strcmp(what, "set") == 0) {
        omp_set_default_device(d);
#pragma omp target
        x = 1;
    } else if (strcmp(what, "default") == 0) {
#pragma omp target
        x = 1;
    } else {
#pragma omp target device(d)
        x = 1;
    }
}

int main(void)
{
    const char *what = getenv("WHAT"), *number = getenv("OMP_DEFAULT_DEVICE");
    static const char *const all[] = { "target", "nowait", "data", "update", "enter", "alloc", "present", "memcpy",
                                       "associate", "set" };

    atexit(handler);
    if (strcmp(what, "host") == 0) {
        host(number != NULL);
    } else if (strcmp(what, "all") == 0) {
        CHECK_EQ(omp_get_default_device(), number ? atoi(number) : 0);
        host(1);
        CHECK_EQ(constructs(5, 1), 4);
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            device(all[i], 5);
    } else {
        device(what, strcmp(what, "invalid") == 0 ? -4 : 5);
    }
    return 0;
}
