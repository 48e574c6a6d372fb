/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A machine of 4096 CPUs, of which the process may use all but every seventh: 16 memory nodes of 8 caches of 32.  The system calls
 * about masks, and what is known of caches, are replaced here, so that the whole runtime believes in it: numbers, places, where the
 * threads of a team are put, and how they meet. */
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "affinity/near.h"
#include "runtime/team.h"
#include "tests/runtime/test_env.h"
#include "tests/runtime/test_gomp.h"

int omp_get_num_procs(void);
int omp_get_num_places(void);
int omp_get_place_num(void);
int omp_get_place_num_procs(int place);
void omp_get_place_proc_ids(int place, int *ids);
int omp_get_partition_num_places(void);

enum { CPUS = 4096, NODE = 256, CACHE = 32, BYTES = CPUS / 8, THREADS = 128, TEAM_MAX = 64 };

/* ---- the kernel ---- */

static struct {
    pthread_t thread;
    unsigned long mask[CPUS / (8 * sizeof(unsigned long))];
} told[THREADS];                        /* masks that threads were given */
static unsigned told_count;
static pthread_mutex_t told_lock = PTHREAD_MUTEX_INITIALIZER;

static bool is_usable(unsigned cpu)
{
    return cpu % 7 != 3;
}

static void mask_of(pthread_t thread, unsigned char *mask)
{
    memset(mask, 0, BYTES);
    for (unsigned cpu = 0; cpu < CPUS; cpu++)
        if (is_usable(cpu))
            mask[cpu / 8] |= (unsigned char)(1u << cpu % 8);
    pthread_mutex_lock(&told_lock);
    for (unsigned i = 0; i < told_count; i++)
        if (pthread_equal(told[i].thread, thread))
            memcpy(mask, told[i].mask, BYTES);
    pthread_mutex_unlock(&told_lock);
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
    unsigned i = 0;

    pthread_mutex_lock(&told_lock);
    while (i < told_count && !pthread_equal(told[i].thread, thread))
        i++;
    if (i < THREADS && size >= BYTES) {
        told[i].thread = thread;
        memcpy(told[i].mask, set, BYTES);
        told_count = i < told_count ? told_count : i + 1;
    }
    pthread_mutex_unlock(&told_lock);
    return i < THREADS && size >= BYTES ? 0 : EINVAL;
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
    if (size < BYTES)
        return EINVAL;
    memset(set, 0, size);
    mask_of(thread, (unsigned char *)set);
    return 0;
}

long syscall(long number, ...)
{
    static long (*_Atomic real)(long, ...);
    va_list args;
    long a[6];

    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (number == SYS_sched_getaffinity && a[0] == 0 && a[1] >= BYTES) {
        mask_of(pthread_self(), (unsigned char *)a[2]);
        return BYTES;
    }
    if (!real)
        real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

void gompx_near_read(const char *root, const struct gompx_cpuset *mask, struct gompx_near *near)
{
    (void)root;
    for (unsigned i = 0; i < mask->size; i++)
        near[i] = (struct gompx_near){ i / CACHE, i / NODE };
}

/* ---- the runtime ---- */

static void start(const char *places, const char *bind)
{
    test_clean();
    setenv("OMP_WAIT_POLICY", "passive", 1);            /* it is not so large after all */
    setenv("GOMPX_QUOTA", "ignore", 1);
    if (places) {
        setenv("OMP_PLACES", places, 1);
        setenv("OMP_PROC_BIND", bind, 1);
    }
    ck_assert_str_eq(test_read(), "");
}

/* The number of the n-th usable CPU. */
static unsigned nth(unsigned n)
{
    for (unsigned cpu = 0;; cpu++)
        if (is_usable(cpu) && n-- == 0)
            return cpu;
}

static unsigned usable(void)
{
    unsigned n = 0;

    for (unsigned cpu = 0; cpu < CPUS; cpu++)
        n += is_usable(cpu);
    return n;
}

static struct {
    struct gompx_team *team;
    int place[TEAM_MAX], cpu[TEAM_MAX], parts[TEAM_MAX];
    _Atomic unsigned count;
} room;

static int lowest_cpu(const unsigned char *mask, int *count)
{
    int lowest = -1;

    *count = 0;
    for (int cpu = 0; cpu < CPUS; cpu++)
        if (mask[cpu / 8] >> cpu % 8 & 1) {
            lowest = lowest < 0 ? cpu : lowest;
            ++*count;
        }
    return lowest;
}

static void look(void *unused)
{
    int me = omp_get_thread_num(), count;
    unsigned char mask[BYTES];

    (void)unused;
    if (me == 0)
        room.team = gompx_tls.frame->team;
    mask_of(pthread_self(), mask);
    room.cpu[me] = lowest_cpu(mask, &count);
    room.place[me] = omp_get_place_num();
    room.parts[me] = omp_get_partition_num_places();
    for (int i = 0; i < 5; i++)
        GOMP_barrier();
    atomic_fetch_add(&room.count, 1);
}

START_TEST(all_cpus_are_counted_and_are_places)
{
    int cpu;

    start("threads", "spread");
    ck_assert_int_eq(omp_get_num_procs(), (int)usable());
    ck_assert_int_eq(omp_get_num_places(), (int)usable());
    for (unsigned i = 0; i < usable(); i += 97) {
        ck_assert_int_eq(omp_get_place_num_procs((int)i), 1);
        omp_get_place_proc_ids((int)i, &cpu);
        ck_assert_int_eq(cpu, (int)nth(i));
    }
}
END_TEST

START_TEST(spread_threads_are_put_all_over_the_machine)
{
    unsigned size = usable() / TEAM_MAX, larger = usable() % TEAM_MAX;

    start("threads", "spread");
    GOMP_parallel(look, NULL, TEAM_MAX, 0);
    ck_assert_uint_eq(room.count, TEAM_MAX);
    for (unsigned t = 0; t < TEAM_MAX; t++) {
        unsigned place = t * size + (t < larger ? t : larger);

        ck_assert_int_eq(room.place[t], (int)place);
        ck_assert_int_eq(room.cpu[t], (int)nth(place));
        ck_assert_int_eq(room.parts[t], (int)(size + (t < larger)));
    }
    ck_assert_int_gt(room.cpu[TEAM_MAX - 1], 4000);
}
END_TEST

/* With so many CPUs a tree is chosen by itself; the first threads to meet are those of one cache, then those of a node. */
START_TEST(they_meet_in_a_tree_of_the_machine)
{
    static const char *const policies[] = { "close", "spread" };
    const struct gompx_tree_seat *seat;

    start("threads", policies[_i]);
    GOMP_parallel(look, NULL, TEAM_MAX, 0);
    ck_assert_int_eq(room.team->mode, GOMPX_BARRIER_TREE);
    seat = room.team->barrier.tree.seat;
    for (unsigned a = 0; a < TEAM_MAX; a++)
        for (unsigned b = 0; b < a; b++)
            if (seat[a].up.node && seat[a].up.node == seat[b].up.node)
                ck_assert_int_eq(room.cpu[a] / (_i ? NODE : CACHE), room.cpu[b] / (_i ? NODE : CACHE));
    ck_assert_uint_ge(room.team->barrier.tree.nodes, _i ? 16 : 3);
    GOMP_parallel(look, NULL, 8, 0);
    ck_assert_int_eq(room.team->mode, GOMPX_BARRIER_CENTRAL);
}
END_TEST

START_TEST(a_list_reaches_beyond_1024)
{
    start("{4000:8},{1022},{1026},!{1026},{2046}", "close");
    ck_assert_int_eq(omp_get_num_places(), 3);
    GOMP_parallel(look, NULL, 3, 0);
    ck_assert_int_eq(room.cpu[0], 4001);
    ck_assert_int_eq(room.cpu[1], 1022);
    ck_assert_int_eq(room.cpu[2], 2046);
}
END_TEST

START_TEST(unbound_teams_may_be_as_large_as_the_machine)
{
    start(NULL, NULL);
    ck_assert_int_eq(omp_get_max_threads(), (int)usable());
    GOMP_parallel(look, NULL, TEAM_MAX, 0);
    ck_assert_uint_eq(room.count, TEAM_MAX);
    ck_assert_uint_eq(told_count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("large");
    TCase *tcase = tcase_create("large");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, all_cpus_are_counted_and_are_places);
    tcase_add_test(tcase, spread_threads_are_put_all_over_the_machine);
    tcase_add_loop_test(tcase, they_meet_in_a_tree_of_the_machine, 0, 2);
    tcase_add_test(tcase, a_list_reaches_beyond_1024);
    tcase_add_test(tcase, unbound_teams_may_be_as_large_as_the_machine);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
