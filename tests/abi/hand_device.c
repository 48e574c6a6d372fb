/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The device routines that programs for the host call: there is no device, and the host's number is 0.
 *
 * run: threads=2 pin=no policy=default modes=path,preload */
#include <errno.h>
#include <limits.h>

#include "tests/omp/check.h"

static void numbers(void)
{
    CHECK_EQ(omp_get_num_devices(), 0);
    CHECK_EQ(omp_get_initial_device(), 0);
    CHECK_EQ(omp_get_device_num(), 0);
    CHECK_EQ(omp_is_initial_device(), 1);
    CHECK_EQ(omp_get_default_device(), 0);
    omp_set_default_device(3);
    CHECK_EQ(omp_get_default_device(), 3);
#pragma omp parallel num_threads(2)
    {
        CHECK_EQ(omp_get_default_device(), 3);
        omp_set_default_device(5);
    }
    CHECK_EQ(omp_get_default_device(), 3);
    omp_set_default_device(-2);
    CHECK_EQ(omp_get_default_device(), 0);
}

static void memory(void)
{
    int *p = omp_target_alloc(4 * sizeof *p, 0), back[4] = { 0 }, values[4] = { 1, 2, 3, 4 };

    CHECK(p != NULL);
    CHECK(omp_target_alloc(4, 7) == NULL);
    CHECK_EQ(omp_target_is_present(p, 0), 1);
    CHECK_EQ(omp_target_is_present(p, 7), 0);
    CHECK_EQ(omp_target_memcpy(p, values, 3 * sizeof *p, sizeof *p, 0, 0, 0), 0);
    CHECK_EQ(omp_target_memcpy(back, p, 2 * sizeof *p, 0, 2 * sizeof *p, 0, 0), 0);
    CHECK(back[0] == 2 && back[1] == 3 && back[2] == 0);
    CHECK_EQ(omp_target_memcpy(back, p, 4, 0, 0, 0, 7), EINVAL);
    CHECK_EQ(omp_target_associate_ptr(p, p, 4, 0, 0), EINVAL);
    CHECK_EQ(omp_target_disassociate_ptr(p, 0), EINVAL);
    omp_target_free(p, 0);
    omp_target_free(NULL, 0);
}

/* A block of 2 x 2 x 3 out of 3 x 4 x 5 into 2 x 3 x 4. */
static void blocks_are_copied(void)
{
    static const size_t volume[3] = { 2, 2, 3 }, to[3] = { 0, 1, 1 }, from[3] = { 1, 2, 2 };
    static const size_t to_dims[3] = { 2, 3, 4 }, from_dims[3] = { 3, 4, 5 };
    static const size_t huge = (size_t)1 << 62;
    int source[3][4][5], target[2][3][4];

    for (int i = 0; i < 60; i++)
        (&source[0][0][0])[i] = i;
    memset(target, -1, sizeof target);
    CHECK_EQ(omp_target_memcpy_rect(NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, 0, 0), INT_MAX);
    CHECK_EQ(omp_target_memcpy_rect(target, source, sizeof(int), 3, volume, to, from, to_dims, from_dims, 0, 0), 0);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 4; k++)
                CHECK_EQ(target[i][j][k], j >= 1 && k >= 1 ? source[i + 1][j + 1][k + 1] : -1);
    CHECK_EQ(omp_target_memcpy_rect(target, source, sizeof(int), 3, volume, to, from, to_dims, from_dims, 9, 0), EINVAL);
    CHECK_EQ(omp_target_memcpy_rect(target[1][2], source[2][3], 1, 1, &volume[1], &to[0], &to[0], &to_dims[0], &to_dims[0], 0, 0), 0);
    CHECK_EQ(memcmp(target[1][2], source[2][3], 2), 0);
    /* The length of the outermost dimension does not matter; an offset that no memory can have is refused. */
    CHECK_EQ(omp_target_memcpy_rect(target, source, 4, 1, &volume[0], &volume[0], &volume[0], &to[1], &to[1], 0, 0), 0);
    CHECK_EQ(target[0][0][3], source[0][0][3]);
    CHECK_EQ(omp_target_memcpy_rect(target, source, 4, 1, &volume[0], &huge, &to[0], &to[1], &to[1], 0, 0), EINVAL);
}

int main(void)
{
    numbers();
    memory();
    blocks_are_copied();
    CHECK_EQ(omp_pause_resource(omp_pause_soft, 0), 0);
    CHECK_EQ(omp_pause_resource_all(omp_pause_hard), 0);
    return 0;
}
