/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What GCC 13 to 17 added for devices: asynchronous copies and fills with dependences, device numbers beyond the old
 * ones, interop objects.
 *
 * run: threads=2 pin=no modes=link gompx-only="newer than GCC 12"
 * run+:
 * run+: env=CASE=invalid expect-exit=1 expect-stderr="^libgomp: omp_invalid_device encountered$"
 * run+: env=CASE=interop expect-exit=1 expect-stderr="^libgomp: omp_invalid_device encountered$" */
#include <errno.h>
#include <limits.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/task_check.h"

typedef uintptr_t interop;

int omp_target_memcpy_async(void *dst, const void *src, size_t length, size_t dst_off, size_t src_off, int dst_dev,
                            int src_dev, int count, void **objects);
int omp_target_memcpy_rect_async(void *dst, const void *src, size_t elem_size, int ndims, const size_t *volume,
                                 const size_t *dst_off, const size_t *src_off, const size_t *dst_dims,
                                 const size_t *src_dims, int dst_dev, int src_dev, int count, void **objects);
void *omp_target_memset(void *ptr, int val, size_t count, int dev);
void *omp_target_memset_async(void *ptr, int val, size_t count, int dev, int count_of_objects, void **objects);
void *GOMP_target_map_indirect_ptr(void *ptr);
void GOMP_interop(int device, int n_init, interop **init, const int *target_targetsync, const char **prefer_type,
                  int n_use, interop *use, int n_destroy, interop **destroy, unsigned flags, void **depend);
int omp_get_num_interop_properties(interop object);
intptr_t omp_get_interop_int(interop object, int property, int *rc);
void *omp_get_interop_ptr(interop object, int property, int *rc);
const char *omp_get_interop_str(interop object, int property, int *rc);
const char *omp_get_interop_name(interop object, int property);
const char *omp_get_interop_type_desc(interop object, int property);
const char *omp_get_interop_rc_desc(interop object, int rc);
void omp_get_interop_str_(const char **result, size_t *length, interop object, int property, int *rc);
void omp_get_interop_name_(const char **result, size_t *length, interop object, int property);
void omp_get_interop_type_desc_(const char **result, size_t *length, interop object, int property);
void omp_get_interop_rc_desc_(const char **result, size_t *length, interop object, int rc);

enum { INITIAL = -1, INVALID = -4, DEFAULT = -5 };

/* ---- copies ---- */

struct buffers {
    int from[60], to[24], far[4];
};

static void fill(struct buffers *b)
{
    for (int i = 0; i < 60; i++)
        b->from[i] = i;
    memset(b->to, -1, sizeof b->to);
    memset(b->far, -1, sizeof b->far);
}

/* The numbers are gone when the copy runs, the objects not. */
static int __attribute__((noinline)) copy_block(struct buffers *b, int count, void **objects)
{
    size_t volume[3] = { 2, 2, 3 }, to[3] = { 0, 1, 1 }, from[3] = { 1, 2, 2 };
    size_t to_dims[3] = { 2, 3, 4 }, from_dims[3] = { 3, 4, 5 };
    int result = omp_target_memcpy_rect_async(b->to, b->from, sizeof(int), 3, volume, to, from, to_dims, from_dims,
                                              INITIAL, 0, count, objects);

    memset(volume, 0, sizeof volume);
    memset(to, 0, sizeof to);
    memset(to_dims, 0, sizeof to_dims);
    return result;
}

static void block_is_there(const struct buffers *b)
{
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 4; k++)
                CHECK_EQ(b->to[i * 12 + j * 4 + k], j >= 1 && k >= 1 ? (i + 1) * 20 + (j + 1) * 5 + k + 1 : -1);
}

static void without_dependences(void)
{
    struct buffers b;
    size_t one[1] = { 1 }, zero[1] = { 0 }, huge[1] = { SIZE_MAX / 2 };

    fill(&b);
    CHECK_EQ(copy_block(&b, 0, NULL), 0);
    CHECK_EQ(omp_target_memcpy_async(b.far, b.from, 8, 4, 20, 0, 0, 0, NULL), 0);
    CHECK(omp_target_memset_async(&b.far[3], 0, 4, 0, 0, NULL) == &b.far[3]);
    GOMP_taskwait();
    block_is_there(&b);
    CHECK(b.far[0] == -1 && b.far[1] == 5 && b.far[2] == 6 && b.far[3] == 0);
    CHECK_EQ(omp_target_memcpy_async(b.far, b.from, 8, 0, 0, 3, 0, 0, NULL), EINVAL);
    CHECK_EQ(omp_target_memcpy_async(b.far, b.from, 8, 0, 0, 0, -2, 0, NULL), EINVAL);
    CHECK_EQ(omp_target_memcpy_rect_async(NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL), INT_MAX);
    CHECK_EQ(omp_target_memcpy_rect_async(b.far, b.from, 4, 0, one, zero, zero, one, one, 0, 0, 0, NULL), EINVAL);
    CHECK_EQ(omp_target_memcpy_rect_async(b.far, b.from, 4, 1, one, huge, zero, one, one, 0, 0, 0, NULL), EINVAL);
    CHECK_EQ(omp_target_memcpy_rect_async(b.far, b.from, 4, 1, one, zero, zero, one, one, 0, 7, 0, NULL), EINVAL);
    CHECK(omp_target_memset(b.far, 1, 4, INITIAL) == b.far && b.far[0] == 0x01010101);
    GOMP_taskwait();
    CHECK_EQ(b.far[1], 5);
}

static struct buffers *current;

static void late(void *data)
{
    (void)data;
    check_sleep_us(300);
    fill(current);
}

static void look(void *data)
{
    (void)data;
    block_is_there(current);
    CHECK(current->far[0] == 0 && current->far[1] == 7);
}

/* task -> block and copy -> fill -> task, by depend objects of both layouts. */
static void with_dependences(void *data)
{
    struct buffers b;
    void *out[] = { &b, (void *)HAND_OUT, &b.far, (void *)HAND_INOUT };
    void *depend[] = { (void *)2, (void *)2, &b, &b.far };

    (void)data;
    if (!GOMP_single_start())
        return;
    current = &b;
    for (int round = 0; round < check_rounds(20); round++) {
        memset(&b, -1, sizeof b);
        GOMP_task(late, NULL, NULL, 0, 1, true, HAND_DEPEND, depend, 0, NULL);
        CHECK_EQ(copy_block(&b, 1, out), 0);
        CHECK_EQ(omp_target_memcpy_async(b.far, b.from, 4, 4, 28, 0, 0, 2, out), 0);
        CHECK(omp_target_memset_async(b.far, 0, 4, 0, 1, out + 2) == b.far);
        GOMP_task(look, NULL, NULL, 0, 1, true, HAND_DEPEND, depend, 0, NULL);
        GOMP_taskwait();
        CHECK_EQ(b.far[1], 7);
    }
}

/* ---- numbers ---- */

static int ran;

static void count(void *data)
{
    (void)data;
    ran++;
}

static void device_numbers(void)
{
    omp_set_default_device(INITIAL);
    CHECK_EQ(omp_get_default_device(), INITIAL);
    GOMP_target_ext(-1, count, 0, NULL, NULL, NULL, 0, NULL, NULL);
    GOMP_target_ext(DEFAULT, count, 0, NULL, NULL, NULL, 0, NULL, NULL);
    omp_set_default_device(DEFAULT);
    CHECK_EQ(omp_get_default_device(), INITIAL);
    omp_set_default_device(INVALID);
    CHECK_EQ(omp_get_default_device(), INVALID);
    omp_set_default_device(0);
    CHECK_EQ(ran, 2);
    CHECK(GOMP_target_map_indirect_ptr(&ran) == &ran);
    GOMP_offload_register_ver(4u << 16, &ran, 5, NULL);
    GOMP_offload_unregister_ver(4u << 16, &ran, 5, NULL);
}

/* ---- interop ---- */

static int done;

static void slow(void *data)
{
    (void)data;
    check_sleep_us(300);
    STORE(done, 1);
}

static void interop_construct(void *data)
{
    interop a = 5, b = 6, c = 7, *init[2] = { &a, &b }, *destroy[1] = { &c };
    const int sync[2] = { 1, 3 };
    const char *prefer[2] = { NULL, "\1\200\2" };
    void *depend[] = { (void *)1, (void *)1, &done };

    (void)data;
    if (!GOMP_single_start())
        return;
    GOMP_interop(-1, 2, init, sync, prefer, 1, &a, 1, destroy, 0, NULL);
    CHECK(a == 0 && b == 0 && c == 0);
    for (int nowait = 0; nowait < 2; nowait++) {
        done = 0;
        a = 5;
        GOMP_task(slow, NULL, NULL, 0, 1, true, HAND_DEPEND, depend, 0, NULL);
        GOMP_interop(0, 1, init, sync, NULL, 0, NULL, 0, NULL, nowait, depend);
        CHECK_EQ(a, 0);
        CHECK(nowait || LOAD(done) == 1);
        GOMP_taskwait();
        CHECK_EQ(LOAD(done), 1);
    }
}

static void properties(void)
{
    static const char *const names[] = {
        "fr_id", "fr_name", "vendor", "vendor_name", "device_num", "platform", "device", "device_context", "targetsync",
    };
    const char *text = names[0];
    size_t length = 1;
    int rc = 9;

    CHECK_EQ(omp_get_num_interop_properties(0), 0);
    for (int p = -1; p >= -9; p--) {
        CHECK(strcmp(omp_get_interop_name(0, p), names[-1 - p]) == 0);
        omp_get_interop_name_(&text, &length, 0, p);
        CHECK(length == strlen(names[-1 - p]) && memcmp(text, names[-1 - p], length) == 0);
        CHECK_EQ(omp_get_interop_int(0, p, &rc), 0);
        CHECK_EQ(rc, -1);
        CHECK(omp_get_interop_ptr(0, p, NULL) == NULL && omp_get_interop_type_desc(0, p) == NULL);
        omp_get_interop_type_desc_(&text, &length, 0, p);
        CHECK(text == NULL && length == 0);
    }
    for (int p = -10; p <= 0; p += 10) {
        CHECK(omp_get_interop_name(0, p) == NULL);
        CHECK(omp_get_interop_str(0, p, &rc) == NULL);
        CHECK_EQ(rc, -2);
        omp_get_interop_str_(&text, &length, 0, p, NULL);
        CHECK(text == NULL && length == 0);
    }
    for (rc = -7; rc <= 2; rc++)
        CHECK_EQ(omp_get_interop_rc_desc(0, rc) != NULL, rc >= -5 && rc <= 1);
    CHECK(strcmp(omp_get_interop_rc_desc(0, -1), "provided interoperability object is equal to omp_interop_none") == 0);
    omp_get_interop_rc_desc_(&text, &length, 0, -2);
    CHECK(length == strlen("property ID is out of range") && memcmp(text, "property ID is out of range", length) == 0);
}

int main(void)
{
    const char *name = getenv("CASE");
    interop object = 0, *objects[] = { &object };

    if (name && strcmp(name, "interop") == 0)
        GOMP_interop(INVALID, 1, objects, (const int[]){ 1 }, NULL, 0, NULL, 0, NULL, 0, NULL);
    if (name)
        GOMP_target_ext(INVALID, count, 0, NULL, NULL, NULL, 0, NULL, NULL);
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        without_dependences();
        GOMP_parallel(with_dependences, NULL, threads, 0);
        GOMP_parallel(interop_construct, NULL, threads, 0);
    }
    with_dependences(NULL);
    interop_construct(NULL);
    device_numbers();
    properties();
    return 0;
}
