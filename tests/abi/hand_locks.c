/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Locks in both versions: name@@OMP_3.0, as compilers link today, and name@OMP_1.0, found with dlvsym(), whose nestable lock
 * has 8 bytes and belongs to a thread; in C and, under names with an underscore, in Fortran, whose nestable variable of
 * OMP_3.0 holds a pointer to the lock.
 *
 * run: modes=path,preload */
#include <dlfcn.h>
#include <stdint.h>

#include "tests/omp/check.h"

/* Bytes behind a lock of `size` that nobody may touch. */
union storage {
    unsigned char byte[32];
    omp_lock_t lock;
    omp_nest_lock_t nest;
};

struct routines {
    void (*init)(void *), (*destroy)(void *), (*set)(void *), (*unset)(void *);
    int (*test)(void *);
    size_t size;
    int nestable;
};

static const char *const versions[] = { "OMP_3.0", "OMP_1.0" };

static void *routine(const char *verb, int nestable, const char *version, int fortran)
{
    char name[40];
    void *p;

    snprintf(name, sizeof name, "omp_%s%s_lock%s", verb, nestable ? "_nest" : "", fortran ? "_" : "");
    p = dlvsym(RTLD_DEFAULT, name, version);
    if (!p)
        fprintf(stderr, "%s@%s: ", name, version);
    CHECK(p != NULL);
    return p;
}

static struct routines routines_of(int nestable, int v, int fortran)
{
    struct routines r = { .nestable = nestable, .size = !nestable ? 4 : v == 0 && !fortran ? 16 : 8 };

    *(void **)&r.init = routine("init", nestable, versions[v], fortran);
    *(void **)&r.destroy = routine("destroy", nestable, versions[v], fortran);
    *(void **)&r.set = routine("set", nestable, versions[v], fortran);
    *(void **)&r.unset = routine("unset", nestable, versions[v], fortran);
    *(void **)&r.test = routine("test", nestable, versions[v], fortran);
    return r;
}

static void start(const struct routines *r, union storage *s)
{
    memset(s, 0xa5, sizeof *s);
    r->init(s);
}

static void finish(const struct routines *r, union storage *s)
{
    r->destroy(s);
    for (size_t i = r->size; i < sizeof *s; i++)
        CHECK_EQ(s->byte[i], 0xa5);
}

/* A counter that only the lock protects. */
static void holders_exclude_each_other(const struct routines *r)
{
    int rounds = check_rounds(2000), inside = 0;
    long count = 0, tried = 0;
    union storage s;

    start(r, &s);
#pragma omp parallel reduction(+ : tried)
    for (int i = 0; i < rounds; i++) {
        if (i % 3 == 0 && r->test(&s))
            tried++;
        else
            r->set(&s);
        CHECK_EQ(inside, 0);
        inside = 1;
        if (r->nestable)
            CHECK_EQ(r->test(&s), 2);
        count++;
        if (i % 64 == 0)
            check_sleep_us(20);                         /* the others fall asleep */
        if (r->nestable)
            r->unset(&s);
        inside = 0;
        r->unset(&s);
    }
    CHECK_EQ(count, (long)rounds * omp_get_max_threads());
    CHECK(tried <= count);
    CHECK_EQ(r->test(&s), 1);
    r->unset(&s);
    finish(r, &s);
}

static void a_held_lock_is_refused(const struct routines *r)
{
    union storage s;

    start(r, &s);
    CHECK_EQ(r->test(&s), 1);
    if (!r->nestable)
        CHECK_EQ(r->test(&s), 0);
#pragma omp parallel num_threads(3)
    if (omp_get_thread_num() > 0)
        CHECK_EQ(r->test(&s), 0);
    r->unset(&s);
    CHECK_EQ(r->test(&s), 1);
    r->unset(&s);
    finish(r, &s);
}

static void nesting_is_counted(const struct routines *r)
{
    union storage s;

    start(r, &s);
    for (int round = 0; round < 2; round++) {
        for (int i = 1; i <= 5000; i++)
            if (i & 1)
                CHECK_EQ(r->test(&s), i);
            else
                r->set(&s);
        for (int i = 5000; i > 1; i--)
            r->unset(&s);
#pragma omp parallel num_threads(2)
        if (omp_get_thread_num() == 1)
            CHECK_EQ(r->test(&s), 0);                   /* held until the last one */
        r->unset(&s);
#pragma omp parallel num_threads(2)
        if (omp_get_thread_num() == 1) {
            CHECK_EQ(r->test(&s), 1);
            r->unset(&s);
        }
    }
    finish(r, &s);
}

/* The new kind belongs to the task, the old one to the thread. */
static void the_owner_is_a_task_or_a_thread(const struct routines *now, const struct routines *old)
{
    union storage s, t;

    start(now, &s);
    start(old, &t);
#pragma omp parallel num_threads(1)
    {
        now->set(&s);
        old->set(&t);
#pragma omp task if (0)
        {
            CHECK_EQ(now->test(&s), 0);
            CHECK_EQ(old->test(&t), 2);
            old->unset(&t);
        }
#pragma omp parallel num_threads(1)
        CHECK_EQ(now->test(&s), 0);
        CHECK_EQ(now->test(&s), 2);
        now->unset(&s);
        now->unset(&s);
        old->unset(&t);
    }
    finish(now, &s);
    finish(old, &t);
}

int main(void)
{
    struct routines plain[2][2], nest[2][2];            /* [Fortran][old] */

    for (int fortran = 0; fortran < 2; fortran++) {
        for (int v = 0; v < 2; v++) {
            struct routines *p = &plain[fortran][v], *n = &nest[fortran][v];

            *p = routines_of(0, v, fortran);
            *n = routines_of(1, v, fortran);
            holders_exclude_each_other(p);
            holders_exclude_each_other(n);
            a_held_lock_is_refused(p);
            a_held_lock_is_refused(n);
            nesting_is_counted(n);
        }
        CHECK(nest[fortran][0].set != nest[fortran][1].set);
        the_owner_is_a_task_or_a_thread(&nest[fortran][0], &nest[fortran][1]);
    }
    CHECK(plain[0][0].set == (void (*)(void *))omp_set_lock);
    CHECK(nest[0][0].set == (void (*)(void *))omp_set_nest_lock);
    CHECK_EQ(sizeof(omp_lock_t), plain[0][0].size);
    CHECK_EQ(sizeof(omp_nest_lock_t), nest[0][0].size);
    return 0;
}
