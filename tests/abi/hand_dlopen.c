/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The runtime opened by its file: a program that is linked with no runtime, and has functions of its own under the names of
 * some routines, opens gompx, uses it, closes it and opens it again; then both of its files at once, which do not know of each
 * other.
 *
 * run: cflags="-fno-openmp -rdynamic" threads=2 modes=path env=GOMPX_TEST_LATER=1
 * run: gompx-only="unloading libgomp under its sleeping workers is not safe" */
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

/* What a program has that may be built without OpenMP. The runtime must not mistake them for its own. */
enum { STUB = 77 };

int omp_get_thread_num(void)
{
    return STUB;
}

int omp_get_num_threads(void)
{
    return STUB;
}

int omp_get_level(void)
{
    return STUB;
}

int omp_get_max_threads(void)
{
    return STUB;
}

struct runtime {
    void *handle;
    void (*parallel)(outlined *, void *, unsigned, unsigned);
    void (*barrier)(void);
    int (*thread_num)(void), (*level)(void), (*thread_num_)(void), (*level_)(void), (*num_threads_)(void);
    int members, sum;
    struct runtime *inner;
};

static void *look_up(void *handle, const char *name)
{
    void *found = dlsym(handle, name);

    if (found == NULL)
        fprintf(stderr, "%s\n", dlerror());
    CHECK(found != NULL);
    return found;
}

static struct runtime opened(const char *path)
{
    struct runtime r = { .handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) };

    if (r.handle == NULL)
        fprintf(stderr, "%s\n", dlerror());
    CHECK(r.handle != NULL);
    *(void **)&r.parallel = look_up(r.handle, "GOMP_parallel");
    *(void **)&r.barrier = look_up(r.handle, "GOMP_barrier");
    *(void **)&r.thread_num = look_up(r.handle, "omp_get_thread_num");
    *(void **)&r.level = look_up(r.handle, "omp_get_level");
    *(void **)&r.thread_num_ = look_up(r.handle, "omp_get_thread_num_");
    *(void **)&r.level_ = look_up(r.handle, "omp_get_level_");
    *(void **)&r.num_threads_ = look_up(r.handle, "omp_get_num_threads_");
    return r;
}

static void run(struct runtime *r, unsigned threads);

static void member(void *data)
{
    struct runtime *r = data;

    CHECK_EQ(r->level(), 1);
    CHECK_EQ(r->level_(), 1);
    CHECK_EQ(r->thread_num_(), r->thread_num());
    __atomic_fetch_add(&r->members, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&r->sum, r->thread_num(), __ATOMIC_RELAXED);
    r->barrier();
    CHECK_EQ(__atomic_load_n(&r->members, __ATOMIC_RELAXED), r->num_threads_());
    if (r->inner != NULL) {
        struct runtime mine = *r->inner;

        CHECK_EQ(mine.level(), 0);                      /* the other runtime has not seen this region */
        CHECK_EQ(mine.thread_num(), 0);
        run(&mine, 2);
    }
}

static void run(struct runtime *r, unsigned threads)
{
    r->members = r->sum = 0;
    r->parallel(member, r, threads, 0);
    CHECK_EQ(r->members, threads);
    CHECK_EQ(r->sum, threads * (threads - 1) / 2);
    CHECK_EQ(r->level_(), 0);
}

static const char *path;

static void *use_once(void *unused)
{
    struct runtime r = opened(path);

    for (unsigned threads = 1; threads < 5; threads++)
        run(&r, threads);
    CHECK_EQ(dlclose(r.handle), 0);
    return unused;
}

/* BUILD/gompx/libgomp.so.1 and BUILD/libgompx.so.1. */
static void two_runtimes(void)
{
    char other[PATH_MAX];
    struct runtime one = opened(path), two;
    int folder = (int)(strstr(path, "/gompx/libgomp.so.1") - path);

    snprintf(other, sizeof other, "%.*s/libgompx.so.1", folder, path);
    two = opened(other);
    CHECK(one.parallel != two.parallel);
    for (unsigned i = 0; i < 20; i++) {
        one.inner = i % 2 ? &two : NULL;
        run(&one, 3);
        run(&two, 2 + i % 3);
    }
}

int main(void)
{
    path = getenv("GOMPX_TEST_EXPECT");
    CHECK(path != NULL && strstr(path, "/gompx/libgomp.so.1") != NULL);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;

        use_once(NULL);
        if (i % 10 == 0)
            check_sleep_us(2000);                       /* the workers fall asleep */
        if (i % 7 == 0) {
            CHECK_EQ(pthread_create(&thread, NULL, use_once, NULL), 0);
            pthread_join(thread, NULL);
        }
    }
    two_runtimes();
    return 0;
}
