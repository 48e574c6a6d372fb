/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Masks that the program or its user sets beside OMP_PROC_BIND are kept to: before the first region, between regions, inside
 * them, for threads of the program; and masks that the kernel refuses cost a warning, not the program.
 *
 * run: threads=4 opt=2 pin=no policy=default modes=path,preload
 * run: gompx-only="libgomp binds threads over masks that somebody else has set"
 * run+: env=PLACES=a,b env=SCENE=narrow_main_first
 * run+: env=PLACES=a,b env=SCENE=narrow_main_later
 * run+: env=PLACES=a,b env=SCENE=narrow_all_later
 * run+: env=PLACES=a,b env=SCENE=widen_later
 * run+: env=PLACES=a,b env=SCENE=pin_workers
 * run+: env=PLACES=a,b env=SCENE=pin_host
 * run+: env=PLACES=a,a env=SCENE=outside_all_places
 * run+: env=BIND=false env=SCENE=pool_without_binding
 * run+: env=PLACES=a,b env=SCENE=refused expect-stderr="^\nlibgomp: Cannot bind a thread to CPUs [0-9]+: Invalid argument;[^\n]*\n$"
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/omp/places.h"

static int told[16], masks[16];

static void look(int threads)
{
#pragma omp parallel num_threads(threads)
    {
        told[omp_get_thread_num()] = omp_get_place_num();
        masks[omp_get_thread_num()] = places_mask();
    }
}

static void all_are(int threads, int mask)
{
    look(threads);
    for (int t = 0; t < threads; t++)
        CHECK_EQ(masks[t], mask);
}

/* A program that confines itself before it works: the whole team stays inside. */
static void narrow_main_first(void)
{
    places_mask_set(CPU_B);
    for (int threads = 2; threads < 5; threads++) {
        all_are(threads, CPU_B);
        CHECK_EQ(told[threads - 1], 1);
        CHECK_EQ(omp_get_partition_num_places(), 1);
    }
    CHECK_EQ(omp_get_num_places(), 2);
}

/* The primary's mask is left alone, the team of the next shape stays inside it, the old one where it was. */
static void narrow_main_later(void)
{
    look(2);
    CHECK(masks[0] == CPU_A && masks[1] == CPU_B);
    places_mask_set(CPU_B);
    look(2);
    CHECK(masks[0] == CPU_B && masks[1] == CPU_B);
    all_are(3, CPU_B);
    all_are(2, CPU_B);
    CHECK_EQ(omp_get_place_num(), 1);
}

/* taskset -a on a running process. */
static void narrow_all_later(void)
{
    look(4);
#pragma omp parallel num_threads(4)
    places_mask_set(CPU_A);
    all_are(4, CPU_A);
    all_are(3, CPU_A);
    all_are(6, CPU_A);
#pragma omp parallel num_threads(4) proc_bind(spread)
    CHECK_EQ(places_mask(), CPU_A);
}

/* The main thread is set free again: it stays free, and its team goes on as before. */
static void widen_later(void)
{
    look(2);
    places_mask_set(CPU_AB);
    look(3);
    CHECK(masks[0] == CPU_AB && masks[1] == CPU_B && masks[2] == CPU_A);
    look(2);
    CHECK(masks[0] == CPU_AB && masks[1] == CPU_B);
    CHECK_EQ(omp_get_partition_num_places(), 2);
}

/* A program that binds its threads by itself, once. */
static void pin_workers(void)
{
    look(4);
#pragma omp parallel num_threads(4)
    if (omp_get_thread_num() > 0)
        places_mask_set(CPU_AB);
    for (int i = 0; i < 4; i++) {
        look(i % 2 ? 4 : 3);
        CHECK_EQ(masks[0], CPU_A);
        for (int t = 1; t < 3; t++)
            CHECK_EQ(masks[t], CPU_AB);
    }
    CHECK_EQ(omp_get_place_num(), 0);
}

/* A thread of the program with a mask that nobody was given: its team stays inside.  Nobody sits on b yet. */
static void *pinned(void *unused)
{
    (void)unused;
    places_mask_set(CPU_B);
    all_are(3, CPU_B);
    CHECK_EQ(omp_get_place_num(), 1);
    return NULL;
}

/* One that was made by a bound thread sits on that one's place, and uses all. */
static void *inheriting(void *unused)
{
    (void)unused;
    CHECK_EQ(places_mask(), CPU_A);
    look(2);
    CHECK(masks[0] == CPU_A && masks[1] == CPU_B);
    return NULL;
}

static void run_thread(void *(*body)(void *))
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, body, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void pin_host(void)
{
    run_thread(pinned);
#pragma omp parallel num_threads(1)
    CHECK_EQ(places_mask(), CPU_A);
    run_thread(inheriting);
}

static void outside_all_places(void)
{
    places_mask_set(CPU_B);
    all_are(3, CPU_B);
    CHECK_EQ(omp_get_place_num(), -1);
    CHECK_EQ(omp_get_partition_num_places(), 0);
}

/* Workers that were made for a pinned thread are not pinned in another team. */
static void *pinned_without_binding(void *unused)
{
    (void)unused;
    places_mask_set(CPU_B);
    all_are(4, CPU_B);
    return NULL;
}

static void *free_without_binding(void *unused)
{
    (void)unused;
    all_are(4, CPU_AB);
    return NULL;
}

static void pool_without_binding(void)
{
    for (int i = 0; i < 20; i++) {
        run_thread(pinned_without_binding);
        run_thread(free_without_binding);
    }
}

static void refused(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_setaffinity, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        fprintf(stderr, "\nlibgomp: Cannot bind a thread to CPUs 0: Invalid argument; no seccomp filters here\n");
        return;
    }
    all_are(2, CPU_AB);
    all_are(4, CPU_AB);
    all_are(3, CPU_AB);
    CHECK_EQ(omp_get_place_num(), -1);
}

#define SCENE(name) { #name, name }

static const struct {
    const char *name;
    void (*play)(void);
} scenes[] = {
    SCENE(narrow_main_first), SCENE(narrow_main_later), SCENE(narrow_all_later), SCENE(widen_later), SCENE(pin_workers),
    SCENE(pin_host), SCENE(outside_all_places), SCENE(pool_without_binding), SCENE(refused),
};

int main(int argc, char **argv)
{
    int played = 0;

    (void)argc;
    places_start(argv);
    for (unsigned i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        if (strcmp(scenes[i].name, getenv("SCENE")) == 0) {
            scenes[i].play();
            played = 1;
        }
    CHECK(played);
    return 0;
}
