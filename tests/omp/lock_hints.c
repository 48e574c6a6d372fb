/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * omp_init_lock_with_hint and omp_init_nest_lock_with_hint, which omp.h declares and libgomp lacks, so that they must
 * be looked up by name.
 *
 * run: threads=1,2,8 policy=default
 * run: gompx-only="no libgomp exports these two routines" */
#include <dlfcn.h>

#include "check.h"

static void (*init_lock)(omp_lock_t *, omp_sync_hint_t);
static void (*init_nest_lock)(omp_nest_lock_t *, omp_sync_hint_t);

int main(void)
{
    static const omp_sync_hint_t hints[] = { omp_sync_hint_none, omp_sync_hint_uncontended, omp_sync_hint_contended,
                                             omp_sync_hint_speculative, omp_sync_hint_nonspeculative };

    *(void **)&init_lock = dlsym(RTLD_DEFAULT, "omp_init_lock_with_hint");
    *(void **)&init_nest_lock = dlsym(RTLD_DEFAULT, "omp_init_nest_lock_with_hint");
    CHECK(init_lock != NULL && init_nest_lock != NULL);
    for (unsigned h = 0; h < sizeof hints / sizeof *hints; h++) {
        omp_lock_t lock;
        omp_nest_lock_t nest;
        int a = 0, b = 0;

        init_lock(&lock, hints[h]);
        init_nest_lock(&nest, hints[h]);
#pragma omp parallel
        for (int i = 0; i < 100; i++) {
            omp_set_lock(&lock);
            a++;
            omp_unset_lock(&lock);
            omp_set_nest_lock(&nest);
            b += omp_test_nest_lock(&nest);
            omp_unset_nest_lock(&nest);
            omp_unset_nest_lock(&nest);
        }
        CHECK_EQ(a, 100 * omp_get_max_threads());
        CHECK_EQ(b, 200 * omp_get_max_threads());
        omp_destroy_lock(&lock);
        omp_destroy_nest_lock(&nest);
    }
    return 0;
}
