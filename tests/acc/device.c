/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Device types and numbers, initialization and shutdown, which threads are attached, queues and their checks.
 *
 * run: threads=1 opt=0,2 pin=no policy=default modes=path,preload,link cflags="-fno-builtin-acc_on_device" */
#include "tests/acc/acc_check.h"

static int type, number, block[16];

/* ---- types ---- */

static void set_type(void) { acc_set_device_type((acc_device_t)type); }
static void get_num(void) { acc_get_device_num((acc_device_t)type); }
static void init(void) { acc_init((acc_device_t)type); }
static void shut_down(void) { acc_shutdown((acc_device_t)type); }
static void get_property(void) { acc_get_property(number, (acc_device_t)type, acc_property_memory); }
static void set_num(void) { acc_set_device_num(number, (acc_device_t)type); }
static void count(void) { acc_get_num_devices((acc_device_t)type); }

static void (*const users[])(void) = { set_type, get_num, init, shut_down, get_property, set_num };

static void unusable(int t, const char *text)
{
    type = t;
    for (unsigned i = 0; i < sizeof users / sizeof *users; i++)
        ACC_ENDS(users[i], text);
}

static void types(void)
{
    unusable(acc_device_not_host, "no device found");
    unusable(acc_device_nvidia, "device type nvidia not supported");
    unusable(acc_device_radeon, "device type radeon not supported");
    unusable(3, "unknown device type 3");
    unusable(9, "unknown device type 9");
    unusable(-2, "unknown device type 4294967294");
    type = 9;
    ACC_ENDS(count, "unknown device type 9");
    type = acc_device_current;
    ACC_ENDS(count, "unknown device type 4294967295");
    CHECK_EQ(acc_get_num_devices(acc_device_host), 1);
    CHECK_EQ(acc_get_num_devices(acc_device_default), 1);
    for (int t = 0; t < 9; t++)
        if (t != acc_device_host && t != acc_device_default)
            CHECK_EQ(acc_get_num_devices((acc_device_t)t), 0);
    for (int t = -2; t < 11; t++)
        CHECK_EQ(acc_on_device((acc_device_t)t), t == acc_device_host || t == acc_device_none);
    CHECK_EQ(acc_get_device_type(), acc_device_host);
}

static void numbers(void)
{
    type = acc_device_host;
    number = 1;
    ACC_ENDS(set_num, "device 1 out of range");
    ACC_ENDS(get_property, "device 1 out of range");
    number = -1;
    ACC_WORKS(set_num);
    number = 0;
    ACC_WORKS(set_num);
    CHECK_EQ(acc_get_device_num(acc_device_host), 0);
    CHECK_EQ(acc_get_device_num(acc_device_default), 0);
}

static void properties(void)
{
    CHECK_EQ(acc_get_property(0, acc_device_host, acc_property_memory), 0);
    CHECK_EQ(acc_get_property(0, acc_device_default, acc_property_free_memory), 0);
    CHECK(strcmp(acc_get_property_string(0, acc_device_host, acc_property_name), "GOMP") == 0);
    CHECK(strcmp(acc_get_property_string(0, acc_device_host, acc_property_vendor), "GNU") == 0);
    CHECK(strcmp(acc_get_property_string(0, acc_device_host, acc_property_driver), "1.0") == 0);
    CHECK(acc_get_property_string(0, acc_device_host, acc_property_memory) == NULL);
    CHECK(acc_get_property_string(0, acc_device_host, (acc_device_property_t)0x10077) == NULL);
}

/* ---- initialization ---- */

static void test(void) { CHECK_EQ(acc_async_test(1), 1); }
static void attach(void) { CHECK(acc_is_present(block, sizeof block)); }
static void start(void) { acc_init(acc_device_host); }
static void stop(void) { acc_shutdown(acc_device_default); }

/* Does in this order what the string says. */
static const char *steps;

static void walk(void)
{
    for (const char *s = steps; *s; s++)
        switch (*s) {
        case 'i': start(); break;
        case 's': stop(); break;
        case 't': test(); break;
        case 'a': attach(); break;
        case 'y': acc_set_device_type(acc_device_host); break;
        case 'n': acc_set_device_num(0, acc_device_host); break;
        case 'p': acc_get_property(0, acc_device_host, acc_property_memory); break;
        case 'g': CHECK_EQ(acc_get_device_type(), acc_device_host); break;
        case 'T': acc_in_thread(test); break;
        case 'A': acc_in_thread(attach); break;
        case 'S': acc_in_thread(stop); break;
        case 'I': acc_in_thread(start); break;
        default: CHECK(!"a step");
        }
}

static void initialization(void)
{
    static const char *const works[] = { "it", "isit", "isat", "isai", "is", "asi", "ysi", "yt", "nt", "pt", "gi", "gitg",
                                         "iAt", "iS", "asa", "Ia", "isg", "aA" };
    static const char *const inactive[] = { "t", "ist", "ast", "gt", "iT", "iSt", "aT", "IT" };
    static const char *const again[] = { "ii", "ai", "yi", "ni", "pi", "iI", "isyi", "isni", "ispi", "Ai" };
    static const char *const none[] = { "s", "iss", "isas", "ass", "gs", "iSs" };

#define ALL(list, call) \
    for (unsigned i = 0; i < sizeof list / sizeof *list; i++) { \
        steps = list[i]; \
        call; \
    }
    ALL(works, ACC_WORKS(walk));
    ALL(inactive, ACC_ENDS(walk, "no device active"));
    ALL(again, ACC_ENDS(walk, "device already active"));
    ALL(none, ACC_ENDS(walk, "no device initialized"));
}

/* ---- queues ---- */

static int queue;

static void queue_test(void) { start(); acc_async_test(queue); }
static void queue_wait(void) { start(); acc_wait(queue); }
static void queue_wait_old(void) { start(); acc_async_wait(queue); }
static void queue_wait_async(void) { start(); acc_wait_async(queue, 1); }
static void queue_wait_all_async(void) { start(); acc_wait_all_async(queue); }
static void no_device(void) { acc_wait(1); }
static void no_device_async(void) { acc_wait_async(1, 2); }
static void no_device_all(void) { acc_async_test_all(); }

static void queues(void)
{
    static void (*const calls[])(void) = { queue_test, queue_wait, queue_wait_old, queue_wait_async, queue_wait_all_async };

    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
        queue = -3;
        ACC_ENDS(calls[i], "invalid async-argument: -3");
        for (queue = acc_async_sync; queue < 3; queue++)
            ACC_WORKS(calls[i]);
        queue = 1000;
        ACC_WORKS(calls[i]);
    }
    ACC_ENDS(no_device, "no device active");
    ACC_ENDS(no_device_async, "no device active");
    ACC_ENDS(no_device_all, "no device active");
    start();
    CHECK_EQ(acc_async_test(7), 1);
    CHECK_EQ(acc_async_test_all(), 1);
    acc_wait_all();
    acc_async_wait_all();
    CHECK(acc_get_cuda_stream(1) == NULL);
    CHECK_EQ(acc_set_cuda_stream(1, block), -1);
    CHECK_EQ(acc_set_cuda_stream(1, NULL), 0);
    CHECK(acc_get_current_cuda_device() == NULL && acc_get_current_cuda_context() == NULL);
}

int main(void)
{
    types();
    numbers();
    initialization();
    queues();
    properties();
    return 0;
}
