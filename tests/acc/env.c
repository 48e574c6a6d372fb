/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ACC_DEVICE_TYPE and ACC_DEVICE_NUM: the type decides what the default is, and a device that is not there is noticed
 * at the first construct.
 *
 * run: threads=1 opt=2 pin=no policy=default modes=path
 * run+: env=DO=construct
 * run+: env=ACC_DEVICE_TYPE=host env=DO=construct
 * run+: env=ACC_DEVICE_TYPE=HOST env=DO=construct
 * run+: env=ACC_DEVICE_TYPE= env=DO=construct
 * run+: env=ACC_DEVICE_TYPE=nvidia env=DO=construct expect-exit=1 expect-stderr="libgomp: device type nvidia not supported"
 * run+: env="ACC_DEVICE_TYPE= host" env=DO=construct expect-exit=1 expect-stderr="libgomp: device type  host not supported"
 * run+: env=ACC_DEVICE_TYPE=default env=DO=type expect-exit=1 expect-stderr="libgomp: device type default not supported"
 * run+: env=ACC_DEVICE_TYPE=bogus env=DO=default expect-exit=1 expect-stderr="libgomp: device type bogus not supported"
 * run+: env=ACC_DEVICE_TYPE=bogus env=DO=host
 * run+: env=ACC_DEVICE_TYPE=bogus env=DO=nothing
 * run+: env=ACC_DEVICE_NUM=0 env=DO=construct
 * run+: env=ACC_DEVICE_NUM=1 env=DO=construct expect-exit=1 expect-stderr="libgomp: device 1 out of range"
 * run+: env=ACC_DEVICE_NUM=1 env=DO=host expect-exit=1 expect-stderr="libgomp: device 1 out of range"
 * run+: env=ACC_DEVICE_NUM=1 env=DO=number
 * run+: env=ACC_DEVICE_NUM=-1 env=DO=construct expect-stderr="libgomp: Invalid value for environment variable ACC_DEVICE_NUM"
 * run+: env=GOMP_DEBUG=1 env=DO=construct expect-stderr="GOACC_parallel_keyed: mapnum=1"
 * run+: env=GOMP_DEBUG=0 env=DO=construct expect-stderr="\A\Z" */
#include "tests/acc/acc_check.h"

static void construct(void)
{
    int x = 1;

#pragma acc parallel copy(x)
    x = 2;
    CHECK_EQ(x, 2);
}

static void host(void)
{
    const char *type = getenv("ACC_DEVICE_TYPE");

    CHECK_EQ(acc_get_num_devices(acc_device_host), 1);
    CHECK_EQ(acc_get_num_devices(acc_device_default), type == NULL);
    acc_init(acc_device_host);
    CHECK_EQ(acc_get_device_type(), acc_device_host);
    construct();
}

static void number(void)
{
    CHECK_EQ(acc_get_device_num(acc_device_host), 1);
    acc_set_device_num(0, acc_device_host);
    CHECK_EQ(acc_get_device_num(acc_device_default), 0);
    construct();
}

int main(void)
{
    const char *what = getenv("DO");

    if (!what || strcmp(what, "construct") == 0)
        construct();
    else if (strcmp(what, "type") == 0)
        acc_get_device_type();
    else if (strcmp(what, "default") == 0)
        acc_init(acc_device_default);
    else if (strcmp(what, "host") == 0)
        host();
    else if (strcmp(what, "number") == 0)
        number();
    return 0;
}
