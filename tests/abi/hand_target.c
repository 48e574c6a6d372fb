/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The calls of device constructs as compilers from GCC 4.9 on make them: bytes and words as kinds, private copies,
 * lists of arguments, device numbers as passed by old and new compilers, teams in target regions, nowait with arrays
 * that are gone when the region runs.
 *
 * run: threads=1,2,4,8 pin=no
 * run+:
 * run+: threads=2 env=CASE=too_new expect-exit=1 expect-stderr="^libgomp: Library too old for offload .version [0-9]+ < 100.$" */
#include <limits.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/task_check.h"

static int ran, limit_seen, teams_seen, level_seen;

static void look_around(void *data)
{
    (void)data;
    ran++;
    level_seen = omp_get_level() + omp_in_parallel() + omp_get_thread_num() + omp_get_num_threads() - 1;
    limit_seen = omp_get_thread_limit();
    teams_seen = omp_get_num_teams();
}

/* ---- GCC 4.9 and 5 ---- */

struct items {
    int *a;
    double *b;
};

static void old_body(void *data)
{
    struct items *items = data;

    *items->a += 1;
    *items->b = 2.5;
    look_around(data);
}

static void old_forms(void)
{
    int a = 1;
    double b = 0;
    struct items items = { &a, &b };
    size_t sizes[2] = { sizeof a, sizeof b };
    unsigned char kinds[2] = { 2 << 3 | HAND_MAP_TOFROM, 3 << 3 | HAND_MAP_FROM };

    ran = 0;
    GOMP_target(-1, old_body, NULL, 2, (void **)&items, sizes, kinds);
    GOMP_target(-2, old_body, NULL, 2, (void **)&items, sizes, kinds);
    GOMP_target(0, old_body, NULL, 2, (void **)&items, sizes, kinds);
    GOMP_target(9, old_body, NULL, 2, (void **)&items, sizes, kinds);
    CHECK(ran == 4 && a == 5 && b == 2.5 && level_seen == 0);
    CHECK(items.a == &a && items.b == &b);
    GOMP_target_data(-1, NULL, 2, (void **)&items, sizes, kinds);
    GOMP_target_update(-1, NULL, 2, (void **)&items, sizes, kinds);
    GOMP_target(-1, look_around, NULL, 0, NULL, NULL, NULL);
    GOMP_target_end_data();
    CHECK_EQ(ran, 5);
}

static void old_teams(void *data)
{
    (void)data;
    GOMP_teams(4, 3);
    limit_seen = omp_get_thread_limit();
    teams_seen = omp_get_num_teams();
}

/* ---- since GCC 6 ---- */

static void *const passed = (void *)0x1234567;
static char bytes[3] = { 1, 2, 3 };
static struct { _Alignas(128) char line[130]; } wide;
static long number = 77;
static void *third = NULL;                              /* libgomp can make no task of a private item without address */

static void private_body(void *data)
{
    void **item = data;

    CHECK(item[0] != bytes && memcmp(item[0], bytes, 3) == 0);
    CHECK(item[1] == passed);
    CHECK(item[2] != &wide && (uintptr_t)item[2] % 128 == 0 && memcmp(item[2], &wide, sizeof wide) == 0);
    CHECK((item[3] == NULL) == (third == NULL));
    CHECK(item[4] == bytes);
    CHECK((uintptr_t)item[5] % 8 == 0 && item[5] != &number && *(long *)item[5] == number);
    CHECK(item[6] == &number && item[7] == &number && item[8] == &number);
    memset(item[0], 9, 3);
    memset(item[2], 9, sizeof wide);
    *(long *)item[5] = 9;
    ran++;
}

enum { PRIVATE_ITEMS = 9 };

static void private_arrays(void **item, size_t *sizes, unsigned short *kinds)
{
    void *const items[PRIVATE_ITEMS] = { bytes, passed, &wide, third, bytes, &number, &number, &number, &number };
    const size_t lengths[PRIVATE_ITEMS] = { 3, 4, sizeof wide, 8, 3, 8, 8, 8, 0 };
    const unsigned short all[PRIVATE_ITEMS] = {
        HAND_FIRSTPRIVATE, 2 << 8 | HAND_FIRSTPRIVATE_INT, 7 << 8 | HAND_FIRSTPRIVATE, 3 << 8 | HAND_FIRSTPRIVATE,
        HAND_MAP_TO, 3 << 8 | HAND_FIRSTPRIVATE, 3 << 8 | HAND_ALWAYS_TO, HAND_STRUCT, HAND_USE_DEVICE_PTR,
    };

    memcpy(item, items, sizeof items);
    memcpy(sizes, lengths, sizeof lengths);
    memcpy(kinds, all, sizeof all);
}

static void private_copies(void)
{
    void *item[PRIVATE_ITEMS];
    size_t sizes[PRIVATE_ITEMS];
    unsigned short kinds[PRIVATE_ITEMS];

    ran = 0;
    memset(&wide, 4, sizeof wide);
    third = NULL;
    private_arrays(item, sizes, kinds);
    GOMP_target_ext(-1, private_body, PRIVATE_ITEMS, item, sizes, kinds, 0, NULL, NULL);
    CHECK_EQ(ran, 1);
    CHECK(bytes[0] == 1 && wide.line[129] == 4 && number == 77);
    private_arrays(item, sizes, kinds);
    GOMP_target_data_ext(-1, PRIVATE_ITEMS, item, sizes, kinds);
    CHECK(item[8] == &number);
    GOMP_target_end_data();
}

static int limit_of(void **args)
{
    limit_seen = -1;
    GOMP_target_ext(-1, look_around, 0, NULL, NULL, NULL, 0, NULL, args);
    CHECK_EQ(level_seen, 0);
    CHECK_EQ(teams_seen, 1);
    return limit_seen;
}

#define WORD(value, what) ((void *)(intptr_t)((long)(value) * 0x10000 + (what)))

static void argument_lists(void)
{
    int none = omp_get_thread_limit();
    void *gcc12[] = { WORD(1, HAND_ARG_TEAMS), WORD(0, HAND_ARG_THREADS), NULL };
    void *gcc13[] = { WORD(-2, HAND_ARG_TEAMS), WORD(5, HAND_ARG_THREADS), NULL };
    void *teams[] = { WORD(5, HAND_ARG_TEAMS), WORD(0x40, HAND_ARG_THREADS), NULL };
    void *variable[] = { (void *)(HAND_ARG_TEAMS | HAND_ARG_LONG), (void *)0,
                         (void *)(HAND_ARG_THREADS | HAND_ARG_LONG), (void *)7, NULL };
    void *unknown[] = { WORD(-1, HAND_ARG_TEAMS), WORD(-1, HAND_ARG_THREADS), NULL };
    void *large[] = { (void *)(HAND_ARG_THREADS | HAND_ARG_LONG), (void *)0x7fffffffffff, NULL };
    void *device[] = { WORD(3, HAND_ARG_THREADS | 5), (void *)(HAND_ARG_THREADS | HAND_ARG_LONG | 8), (void *)4, NULL };

    CHECK_EQ(limit_of(NULL), none);
    CHECK_EQ(limit_of(gcc12), none);
    CHECK_EQ(limit_of(gcc13), 5);
    CHECK_EQ(limit_of(teams), 0x40);
    CHECK_EQ(limit_of(variable), 7);
    CHECK_EQ(limit_of(unknown), none);
    CHECK_EQ(limit_of(large), INT_MAX);
    CHECK_EQ(limit_of(device), none);
    CHECK_EQ(omp_get_thread_limit(), none);
}

/* -1: no clause; -2: if(false), and since GCC 13 a user's -1; -3: since GCC 13 a user's -2. */
static void device_numbers(void)
{
    static const int numbers[] = { -1, -2, -3, 0, 1, 1000 };

    ran = 0;
    for (int i = 0; i < 6; i++) {
        GOMP_target_ext(numbers[i], look_around, 0, NULL, NULL, NULL, 0, NULL, NULL);
        GOMP_target_data_ext(numbers[i], 0, NULL, NULL, NULL);
        GOMP_target_end_data();
        GOMP_target_update_ext(numbers[i], 0, NULL, NULL, NULL, 0, NULL);
        GOMP_target_enter_exit_data(numbers[i], 0, NULL, NULL, NULL, 0, NULL);
        GOMP_target_enter_exit_data(numbers[i], 0, NULL, NULL, NULL, HAND_EXIT_DATA, NULL);
    }
    CHECK_EQ(ran, 6);
}

/* ---- teams ---- */

static unsigned low, high, teams_limit;

static void league_body(void *data)
{
    int count = 0;
    bool first = true;

    (void)data;
    for (; GOMP_teams4(low, high, teams_limit, first); first = false, count++) {
        CHECK_EQ(omp_get_team_num(), count);
        CHECK(omp_get_num_teams() >= 1);
        teams_seen = omp_get_num_teams();
        limit_seen = omp_get_thread_limit();
    }
    CHECK_EQ(count, teams_seen);
}

static void league(unsigned lo, unsigned hi, unsigned limit, int teams_wanted, int limit_wanted)
{
    low = lo;
    high = hi;
    teams_limit = limit;
    GOMP_target_ext(-1, league_body, 0, NULL, NULL, NULL, 0, NULL, NULL);
    CHECK_EQ(teams_seen, teams_wanted);
    CHECK_EQ(limit_seen, limit_wanted);
}

static void leagues(void)
{
    int none = omp_get_thread_limit();

    league(0, 0, 0, 1, none);
    league(4, 4, 0, 4, none);
    league(2, 9, 3, 2, 3);
    league(1, 1, 1, 1, 1);
    GOMP_target(-1, old_teams, NULL, 0, NULL, NULL, NULL);
    CHECK(limit_seen == 3 && teams_seen == 1);
    CHECK_EQ(omp_get_num_teams(), 1);
    CHECK_EQ(omp_get_thread_limit(), none);
}

/* ---- nowait ---- */

static int order[8], steps;

static void step(int number_of_step)
{
    order[__atomic_fetch_add(&steps, 1, __ATOMIC_ACQ_REL)] = number_of_step;
}

static void first_step(void *data)
{
    (void)data;
    check_sleep_us(300);
    step(1);
}

static void second_step(void *data)
{
    private_body(data);
    step(2);
}

static void last_step(void *data)
{
    (void)data;
    step(3);
}

/* All arrays are of this frame. */
static void __attribute__((noinline)) meet_nowait(void *address, unsigned flags)
{
    void *item[PRIVATE_ITEMS];
    size_t sizes[PRIVATE_ITEMS];
    unsigned short kinds[PRIVATE_ITEMS];
    void *depend[] = { (void *)1, (void *)1, address };
    void *args[] = { WORD(1, HAND_ARG_TEAMS), WORD(0, HAND_ARG_THREADS), NULL };

    third = &number;
    private_arrays(item, sizes, kinds);
    GOMP_target_ext(-1, second_step, PRIVATE_ITEMS, item, sizes, kinds, flags, depend, args);
    memset(item, -1, sizeof item);
    memset(sizes, -1, sizeof sizes);
    memset(kinds, -1, sizeof kinds);
    memset(depend, -1, sizeof depend);
    memset(args, -1, sizeof args);
}

static void nowait_tasks(void *data)
{
    int x = 0;
    void *depend[] = { (void *)1, (void *)1, &x };
    void *object[] = { &x, (void *)HAND_INOUT };
    void *objects[] = { NULL, (void *)1, NULL, NULL, NULL, object };

    (void)data;
    if (!GOMP_single_start())
        return;
    for (unsigned flags = HAND_NOWAIT; flags < 0x10000; flags = flags << 4 | HAND_NOWAIT) {
        steps = 0;
        GOMP_task(first_step, NULL, NULL, 0, 1, true, HAND_DEPEND, depend, 0, NULL);
        meet_nowait(&x, flags);
        GOMP_target_update_ext(-1, 0, NULL, NULL, NULL, HAND_NOWAIT, objects);
        GOMP_target_enter_exit_data(-1, 0, NULL, NULL, NULL, HAND_NOWAIT | HAND_EXIT_DATA, depend);
        GOMP_target_ext(-1, last_step, 0, NULL, NULL, NULL, 0, objects, NULL);
        CHECK_EQ(steps, 3);
        CHECK(order[0] == 1 && order[1] == 2 && order[2] == 3);
        GOMP_task(first_step, NULL, NULL, 0, 1, true, HAND_DEPEND, depend, 0, NULL);
        GOMP_target_enter_exit_data(-1, 0, NULL, NULL, NULL, 0, depend);
        CHECK_EQ(steps, 4);
        GOMP_task(first_step, NULL, NULL, 0, 1, true, HAND_DEPEND, depend, 0, NULL);
        GOMP_target_update_ext(-1, 0, NULL, NULL, NULL, 0, objects);
        CHECK_EQ(steps, 5);
        GOMP_taskwait();
    }
}

static void images(void)
{
    static const int table[4];

    GOMP_offload_register_ver(1 << 16 | 3, table, 5, NULL);
    GOMP_offload_unregister_ver(1 << 16 | 3, table, 5, NULL);
    GOMP_offload_register(table, 5, NULL);
    GOMP_offload_unregister(table, 5, NULL);
}

int main(void)
{
    images();
    if (getenv("CASE"))
        GOMP_offload_register_ver(100u << 16, NULL, 5, NULL);
    for (int round = 0; round < check_rounds(20); round++) {
        old_forms();
        private_copies();
        argument_lists();
        device_numbers();
        leagues();
        ran = 0;
        GOMP_parallel(nowait_tasks, NULL, 0, 0);
    }
    return 0;
}
