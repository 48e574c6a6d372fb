/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The general starts, GOMP_loop_start and its ull, ordered and sections forms: every schedule code, istart NULL, and
 * the memory that a team shares for one construct. (Their task reductions are tested in tests/runtime/test_reduce.c.)
 * */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

enum { TRIPS = 50, BYTES = 4096, CONSTRUCTS = 40 };

static const struct {
    long sched;
    bool monotonic;
    bool (*next)(long *, long *);
    bool (*ull_next)(ull *, ull *);
} kinds[] = {
    { 2, false, GOMP_loop_nonmonotonic_dynamic_next, GOMP_loop_ull_nonmonotonic_dynamic_next },
    { 0x80000002l, true, GOMP_loop_dynamic_next, GOMP_loop_ull_dynamic_next },
    { 3, false, GOMP_loop_nonmonotonic_guided_next, GOMP_loop_ull_nonmonotonic_guided_next },
    { 0x80000003l, true, GOMP_loop_guided_next, GOMP_loop_ull_guided_next },
    { 0, false, GOMP_loop_maybe_nonmonotonic_runtime_next, GOMP_loop_ull_maybe_nonmonotonic_runtime_next },
    { 0x80000000l, true, GOMP_loop_runtime_next, GOMP_loop_ull_runtime_next },
    { 4, false, GOMP_loop_nonmonotonic_runtime_next, GOMP_loop_ull_nonmonotonic_runtime_next },
};

static unsigned char ran[TRIPS];
static int kind_now;

static void each_ran_once(void)
{
    for (int i = 0; i < TRIPS; i++)
        CHECK_EQ(ran[i], 1);
    memset(ran, 0, sizeof ran);
}

static void mark(long from, long to, long *before)
{
    CHECK(from < to && from >= 0 && to <= TRIPS);
    CHECK(!kinds[kind_now].monotonic || from > *before);
    *before = to - 1;
    for (long i = from; i < to; i++)
        __atomic_fetch_add(&ran[i], 1, __ATOMIC_RELAXED);
}

static void signed_loop(void *unused)
{
    long from, to, before = -1;

    (void)unused;
    if (GOMP_loop_start(0, TRIPS, 1, kinds[kind_now].sched, 3, &from, &to, NULL, NULL))
        do
            mark(from, to, &before);
        while (kinds[kind_now].next(&from, &to));
    GOMP_loop_end();
}

static void unsigned_loop(void *unused)
{
    ull from, to, base = 1ull << 63;
    long before = -1;

    (void)unused;
    if (GOMP_loop_ull_start(true, base, base + TRIPS, 1, kinds[kind_now].sched, 3, &from, &to, NULL, NULL))
        do
            mark((long)(from - base), (long)(to - base), &before);
        while (kinds[kind_now].ull_next(&from, &to));
    GOMP_loop_end_nowait();
}

/* The shared memory: one address for all, zero at first, nobody else's while the construct lasts. */
static void *address[CONSTRUCTS];

static void use_memory(void *mem, int construct)
{
    long *words = mem, *counter = words;

    CHECK(mem != NULL);
    CHECK_EQ((uintptr_t)mem % sizeof(long long), 0);
    if (__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED) == 0)
        __atomic_store_n(&address[construct], mem, __ATOMIC_RELEASE);
    CHECK(__atomic_load_n(counter, __ATOMIC_RELAXED) <= omp_get_num_threads());
    for (unsigned i = 1; i < BYTES / sizeof *words; i += 37)
        CHECK_EQ(words[i], 0);
}

static void memory_of_static_loops(void *nowait)
{
    for (int c = 0; c < CONSTRUCTS; c++) {
        void *mem = (void *)(uintptr_t)BYTES;

        if (omp_get_thread_num() == 0 && c % 9 == 4)
            check_sleep_us(200);
        CHECK(GOMP_loop_start(0, TRIPS, 1, 0x80000001l, 0, NULL, NULL, NULL, &mem));
        use_memory(mem, c);
        if (nowait != NULL) {
            GOMP_loop_end_nowait();
        } else {
            GOMP_barrier();
            CHECK(__atomic_load_n(&address[c], __ATOMIC_ACQUIRE) == mem);
            CHECK_EQ(*(long *)mem, omp_get_num_threads());
            GOMP_loop_end();
        }
    }
}

static void memory_of_other_constructs(void *unused)
{
    (void)unused;
    for (int c = 0; c < CONSTRUCTS; c++) {
        void *mem = (void *)(uintptr_t)BYTES;
        long from, to;
        ull ufrom, uto;
        unsigned section;

        switch (c % 4) {
        case 0:
            if (GOMP_loop_start(0, TRIPS, 1, 2, 1, &from, &to, NULL, &mem))
                while (GOMP_loop_nonmonotonic_dynamic_next(&from, &to))
                    ;
            break;
        case 1:
            if (GOMP_loop_ull_start(false, TRIPS, 0, -1ull, 0x80000003l, 2, &ufrom, &uto, NULL, &mem))
                while (GOMP_loop_ull_guided_next(&ufrom, &uto))
                    ;
            break;
        case 2:
            if (GOMP_loop_ordered_start(0, TRIPS, 1, 0x80000002l, 4, &from, &to, NULL, &mem))
                while (GOMP_loop_ordered_dynamic_next(&from, &to))
                    ;
            break;
        default:
            for (section = GOMP_sections2_start(3, NULL, &mem); section != 0; section = GOMP_sections_next())
                CHECK(section <= 3);
        }
        use_memory(mem, c);
        GOMP_loop_end_nowait();
    }
}

static int turn;

static void ordered_loops(void *unused)
{
    static const long scheds[] = { 0x80000001l, 2, 3, 0 };
    static bool (*const next[])(long *, long *) = {
        GOMP_loop_ordered_static_next, GOMP_loop_ordered_dynamic_next, GOMP_loop_ordered_guided_next,
        GOMP_loop_ordered_runtime_next
    };

    (void)unused;
    for (int s = 0; s < 4; s++) {
        long from, to;
        bool more = GOMP_loop_ordered_start(0, TRIPS, 1, scheds[s], 2, &from, &to, NULL, NULL);

        for (; more; more = next[s](&from, &to))
            for (long i = from; i < to; i++) {
                GOMP_ordered_start();
                CHECK_EQ(turn % TRIPS, i);
                turn++;
                GOMP_ordered_end();
            }
        GOMP_loop_end();
    }
}

/* The same over unsigned numbers, downwards through the middle of their range. */
static void ordered_ull_loops(void *unused)
{
    static const long scheds[] = { 0x80000001l, 2, 3, 0 };
    static bool (*const next[])(ull *, ull *) = {
        GOMP_loop_ull_ordered_static_next, GOMP_loop_ull_ordered_dynamic_next, GOMP_loop_ull_ordered_guided_next,
        GOMP_loop_ull_ordered_runtime_next
    };
    ull base = (1ull << 63) + TRIPS / 2;

    (void)unused;
    for (int s = 0; s < 4; s++) {
        void *mem = (void *)(uintptr_t)64;
        ull from, to;
        bool more = GOMP_loop_ull_ordered_start(false, base, base - TRIPS, -1ull, scheds[s], 3, &from, &to, NULL,
                                                s % 2 ? &mem : NULL);

        for (; more; more = next[s](&from, &to))
            for (ull i = from; i > to; i--) {
                GOMP_ordered_start();
                CHECK_EQ(base - i, turn % TRIPS);
                turn++;
                GOMP_ordered_end();
            }
        if (s % 2)
            CHECK_EQ(*(long *)mem, 0);
        GOMP_loop_end();
    }
}

static void sections_without_extras(void *unused)
{
    (void)unused;
    for (unsigned s = GOMP_sections2_start(TRIPS, NULL, NULL); s != 0; s = GOMP_sections_next())
        __atomic_fetch_add(&ran[s - 1], 1, __ATOMIC_RELAXED);
    GOMP_sections_end();
}

int main(void)
{
    for (int schedule = omp_sched_static; schedule <= (int)omp_sched_auto; schedule++) {
        omp_set_schedule((omp_sched_t)schedule, 2);
        for (kind_now = 0; kind_now < (int)(sizeof kinds / sizeof *kinds); kind_now++) {
            GOMP_parallel(signed_loop, NULL, 0, 0);
            each_ran_once();
            GOMP_parallel(unsigned_loop, NULL, 0, 0);
            each_ran_once();
            signed_loop(NULL);
            each_ran_once();
            unsigned_loop(NULL);
            each_ran_once();
        }
    }
    for (int i = 0; i < check_rounds(10); i++) {
        GOMP_parallel(memory_of_static_loops, NULL, 0, 0);
        GOMP_parallel(memory_of_static_loops, address, 0, 0);
        GOMP_parallel(memory_of_other_constructs, NULL, 0, 0);
    }
    memory_of_static_loops(NULL);
    memory_of_other_constructs(NULL);
    GOMP_parallel(ordered_loops, NULL, 0, 0);
    CHECK_EQ(turn, 4 * TRIPS);
    ordered_loops(NULL);
    CHECK_EQ(turn, 8 * TRIPS);
    GOMP_parallel(ordered_ull_loops, NULL, 0, 0);
    CHECK_EQ(turn, 12 * TRIPS);
    ordered_ull_loops(NULL);
    CHECK_EQ(turn, 16 * TRIPS);
    GOMP_parallel(sections_without_extras, NULL, 0, 0);
    each_ran_once();
    return 0;
}
