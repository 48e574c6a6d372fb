/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Locks.  Every routine exists in two versions: name@@OMP_3.0, which GCC has linked against since 4.4, and name@OMP_1.0,
 * whose nestable lock is smaller and belongs to a thread.  In the Fortran forms a lock variable is
 *
 *            plain        nestable
 *   OMP_3.0  the lock     8 bytes, too few for a lock: a pointer to one that init allocates and destroy frees
 *   OMP_1.0  the lock     the lock
 *
 * so that all but the nestable OMP_3.0 forms are the C routines themselves.  A static library has the newer version only. */
#include <stdlib.h>

#include "abi/abi.h"
#include "runtime/lock.h"
#include "runtime/thread.h"

/* ---- plain ---- */

GOMPX_ENTRY(void, omp_init_lock, struct gompx_user_lock *lock)
{
    gompx_user_lock_init(lock);
}

/* The hint is one: the lock adapts itself. */
GOMPX_ENTRY(void, omp_init_lock_with_hint, struct gompx_user_lock *lock, unsigned hint)
{
    (void)hint;
    gompx_user_lock_init(lock);
}

GOMPX_ENTRY(void, omp_destroy_lock, struct gompx_user_lock *lock)
{
    (void)lock;                                         /* holds nothing */
}

GOMPX_ENTRY(void, omp_set_lock, struct gompx_user_lock *lock)
{
    gompx_lock(&lock->word);
}

GOMPX_ENTRY(void, omp_unset_lock, struct gompx_user_lock *lock)
{
    gompx_unlock(&lock->word);
}

GOMPX_ENTRY(int, omp_test_lock, struct gompx_user_lock *lock)
{
    return gompx_lock_try(&lock->word);
}

/* ---- nestable ---- */

GOMPX_ENTRY(void, omp_init_nest_lock, struct gompx_nest_lock *lock)
{
    gompx_nest_lock_init(lock);
}

GOMPX_ENTRY(void, omp_init_nest_lock_with_hint, struct gompx_nest_lock *lock, unsigned hint)
{
    (void)hint;
    gompx_nest_lock_init(lock);
}

GOMPX_ENTRY(void, omp_destroy_nest_lock, struct gompx_nest_lock *lock)
{
    (void)lock;
}

GOMPX_ENTRY(void, omp_set_nest_lock, struct gompx_nest_lock *lock)
{
    gompx_nest_lock_set(lock, gompx_task_identity(gompx_frame_get()->task));
}

GOMPX_ENTRY(void, omp_unset_nest_lock, struct gompx_nest_lock *lock)
{
    gompx_nest_lock_unset(lock);
}

GOMPX_ENTRY(int, omp_test_nest_lock, struct gompx_nest_lock *lock)
{
    return gompx_nest_lock_test(lock, gompx_task_identity(gompx_frame_get()->task));
}

/* ---- Fortran ---- */

#define SAME(alias_name, name) GOMPX_API extern __typeof__(name) alias_name __attribute__((alias(#name)))

SAME(omp_init_lock_, omp_init_lock);
SAME(omp_init_lock_with_hint_, omp_init_lock_with_hint);
SAME(omp_destroy_lock_, omp_destroy_lock);
SAME(omp_set_lock_, omp_set_lock);
SAME(omp_unset_lock_, omp_unset_lock);
SAME(omp_test_lock_, omp_test_lock);

GOMPX_ENTRY(void, omp_init_nest_lock_, struct gompx_nest_lock **variable)
{
    *variable = malloc(sizeof **variable);
    if (!*variable)
        gompx_error("Out of memory allocating %zu bytes", sizeof **variable);
    gompx_nest_lock_init(*variable);
}

GOMPX_ENTRY(void, omp_init_nest_lock_with_hint_, struct gompx_nest_lock **variable, const int32_t *hint)
{
    (void)hint;
    omp_init_nest_lock_(variable);
}

GOMPX_ENTRY(void, omp_destroy_nest_lock_, struct gompx_nest_lock **variable)
{
    free(*variable);
    *variable = NULL;
}

GOMPX_ENTRY(void, omp_set_nest_lock_, struct gompx_nest_lock **variable)
{
    gompx_nest_lock_set(*variable, gompx_task_identity(gompx_frame_get()->task));
}

GOMPX_ENTRY(void, omp_unset_nest_lock_, struct gompx_nest_lock **variable)
{
    gompx_nest_lock_unset(*variable);
}

GOMPX_ENTRY(int, omp_test_nest_lock_, struct gompx_nest_lock **variable)
{
    return gompx_nest_lock_test(*variable, gompx_task_identity(gompx_frame_get()->task));
}

/* ---- versions ---- */

#ifndef GOMPX_STATIC

GOMPX_ENTRY(void, gompx_init_nest_lock_25, struct gompx_nest_lock_25 *lock)
{
    gompx_nest_lock_25_init(lock);
}

GOMPX_ENTRY(void, gompx_destroy_nest_lock_25, struct gompx_nest_lock_25 *lock)
{
    (void)lock;
}

GOMPX_ENTRY(void, gompx_set_nest_lock_25, struct gompx_nest_lock_25 *lock)
{
    gompx_nest_lock_25_set(lock);
}

GOMPX_ENTRY(void, gompx_unset_nest_lock_25, struct gompx_nest_lock_25 *lock)
{
    gompx_nest_lock_25_unset(lock);
}

GOMPX_ENTRY(int, gompx_test_nest_lock_25, struct gompx_nest_lock_25 *lock)
{
    return gompx_nest_lock_25_test(lock);
}

/* The object file's name `name` becomes name@@OMP_3.0 (that is what three @ say); name@OMP_1.0 is `old`. */
#define VERSIONS(name, old) \
    __asm__(".symver " #old ", " #name "@OMP_1.0\n\t" \
            ".symver " #name ", " #name "@@@OMP_3.0");
#define NEST_VERSIONS(name) \
    SAME(gompx_##name##_25_, gompx_##name##_25); \
    VERSIONS(omp_##name, gompx_##name##_25) \
    VERSIONS(omp_##name##_, gompx_##name##_25_)
#define PLAIN_VERSIONS(name) \
    SAME(gompx_##name##_25, omp_##name); \
    SAME(gompx_##name##_25_, omp_##name); \
    VERSIONS(omp_##name, gompx_##name##_25) \
    VERSIONS(omp_##name##_, gompx_##name##_25_)

PLAIN_VERSIONS(init_lock)
PLAIN_VERSIONS(destroy_lock)
PLAIN_VERSIONS(set_lock)
PLAIN_VERSIONS(unset_lock)
PLAIN_VERSIONS(test_lock)
NEST_VERSIONS(init_nest_lock)
NEST_VERSIONS(destroy_nest_lock)
NEST_VERSIONS(set_nest_lock)
NEST_VERSIONS(unset_nest_lock)
NEST_VERSIONS(test_nest_lock)

#endif
