/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The work-stealing deque (sync/deque.h): what its owner sees alone, each interleaving of pop and steal that matters, and that
 * every entry is taken once by whatever number of thieves. */
#include "tests/sync/room.h"

enum { ENTRIES = 40000, TAG = 21 };

/* What the entries point to: `value` is plain, written before the push. */
static struct item { unsigned value, tag; _Atomic unsigned taken; } item[ENTRIES];
static struct gompx_deque deque;

static const uint32_t starts[] = { 0, 0xfffffffdu, 0x7ffffffeu };
enum { STARTS = sizeof starts / sizeof *starts };

/* An empty deque of round TAG whose next entry has this index. */
static void begin_at(uint32_t index, uint32_t capacity)
{
    gompx_step_seed(0);
    gompx_step_set(test_stop_here);
    memset(&deque, 0, sizeof deque);
    ck_assert(gompx_deque_reserve(&deque, capacity));
    deque.top = index;
    deque.bottom = deque.top_seen = index;
    gompx_deque_open(&deque, TAG);
}

static void push(unsigned i)
{
    ck_assert(gompx_deque_room(&deque));
    item[i].value = ~i;
    gompx_deque_push(&deque, &item[i]);
}

/* The number of an entry; -1: none. */
static int number(void *entry)
{
    return entry ? (int)((struct item *)entry - item) : -1;
}

static int pop_to(uint32_t base)
{
    return number(gompx_deque_pop(&deque, base));
}

/* Everything down to the oldest entry. */
static int pop(void)
{
    return pop_to((uint32_t)gompx_load_rlx(&deque.top));
}

static int steal(uint32_t tag)
{
    return number(gompx_deque_steal(&deque, tag, NULL, NULL));
}

/* ---- one thread ---- */

START_TEST(the_owner_takes_the_newest_and_a_thief_the_oldest)
{
    begin_at(starts[_i], 8);
    ck_assert_int_eq(pop(), -1);
    ck_assert_int_eq(steal(TAG), -1);
    ck_assert(!gompx_deque_loaded(&deque, TAG));
    for (unsigned i = 0; i < 6; i++)
        push(i);
    ck_assert(gompx_deque_loaded(&deque, TAG));
    ck_assert_int_eq(pop(), 5);
    ck_assert_int_eq(steal(TAG), 0);
    ck_assert_int_eq(steal(TAG), 1);
    ck_assert_int_eq(pop(), 4);
    push(6);
    ck_assert_int_eq(pop(), 6);
    ck_assert_int_eq(pop(), 3);
    ck_assert_int_eq(pop(), 2);                         /* the last one */
    ck_assert_int_eq(pop(), -1);
    ck_assert_int_eq(steal(TAG), -1);
    push(7);
    ck_assert_int_eq(steal(TAG), 7);
    ck_assert_int_eq(pop(), -1);
    push(8);
    ck_assert_int_eq(pop(), 8);
    ck_assert(!gompx_deque_loaded(&deque, TAG));
}
END_TEST

/* Two million entries cross the end of the indices, in a ring of 8. */
START_TEST(slots_are_used_again_and_indices_wrap)
{
    uint32_t before;

    begin_at(0u - 1000, 8);
    for (unsigned i = 0; i < 2000; i++) {
        before = deque.bottom;
        push(2 * i);
        push(2 * i + 1);
        ck_assert_int_eq(i % 3 ? pop() : steal(TAG), (int)(i % 3 ? 2 * i + 1 : 2 * i));
        ck_assert_int_eq(i % 2 ? pop() : steal(TAG), (int)(i % 3 ? 2 * i : 2 * i + 1));
        ck_assert_int_le((int)(deque.bottom - before), 2);
        ck_assert_uint_eq(deque.bottom, (uint32_t)deque.top);
    }
    ck_assert_uint_lt(deque.bottom, 4000);
}
END_TEST

START_TEST(a_full_deque_has_room_again_when_something_was_taken)
{
    begin_at(starts[_i], 4);
    for (unsigned i = 0; i < 4; i++)
        push(i);
    ck_assert(!gompx_deque_room(&deque));
    ck_assert_int_eq(steal(TAG), 0);
    push(4);
    ck_assert_int_eq(pop(), 4);
    push(5);
    ck_assert(!gompx_deque_room(&deque));
    ck_assert_int_eq(steal(TAG), 1);
    ck_assert_int_eq(steal(TAG), 2);
    push(6);
    push(7);
    ck_assert(!gompx_deque_room(&deque));
    ck_assert_int_eq(steal(TAG), 3);
    for (int i = 7; i >= 5; i--)
        ck_assert_int_eq(pop(), i);
    ck_assert_int_eq(pop(), -1);
}
END_TEST

START_TEST(a_mark_hides_what_lies_below_from_pop)
{
    uint32_t outer, inner;

    begin_at(starts[_i], 8);
    push(0);
    push(1);
    outer = gompx_deque_mark(&deque);
    ck_assert_int_eq(pop_to(outer), -1);
    push(2);
    inner = gompx_deque_mark(&deque);
    ck_assert_int_eq(pop_to(inner), -1);
    push(3);
    ck_assert_int_eq(pop_to(inner), 3);
    ck_assert_int_eq(pop_to(inner), -1);
    ck_assert_int_eq(pop_to(outer), 2);
    ck_assert_int_eq(pop_to(outer), -1);
    push(4);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(steal(TAG), i);                /* from below the mark, */
    ck_assert_int_eq(steal(TAG), 4);                    /* up to above it */
    ck_assert_int_eq(pop_to(outer), -1);
    push(5);
    ck_assert_int_eq(pop_to(outer), 5);
    ck_assert_int_eq(pop_to(outer), -1);
}
END_TEST

START_TEST(who_comes_from_another_round_finds_nothing)
{
    begin_at(starts[_i], 8);
    push(0);
    ck_assert_int_eq(steal(TAG + 1), -1);
    ck_assert(!gompx_deque_loaded(&deque, TAG + 1));
    ck_assert_int_eq(pop(), 0);
    gompx_deque_open(&deque, TAG + 1);
    push(1);
    ck_assert_int_eq(steal(TAG), -1);
    ck_assert(!gompx_deque_loaded(&deque, TAG));
    ck_assert_int_eq(steal(TAG + 1), 1);
    gompx_deque_open(&deque, UINT32_MAX);
    push(2);
    push(3);
    ck_assert_int_eq(pop(), 3);                         /* the owner's CAS keeps the tag */
    ck_assert_int_eq(pop(), 2);
    push(4);
    ck_assert_int_eq(steal(TAG + 1), -1);
    ck_assert_int_eq(steal(UINT32_MAX), 4);
}
END_TEST

static bool is_even(void *entry, void *context)
{
    ++*(unsigned *)context;
    return number(entry) % 2 == 0;
}

START_TEST(a_thief_may_decline)
{
    unsigned asked = 0;

    begin_at(starts[_i], 8);
    ck_assert_ptr_null(gompx_deque_steal(&deque, TAG, is_even, &asked));
    push(2);
    push(3);
    push(4);
    ck_assert_ptr_null(gompx_deque_steal(&deque, TAG + 1, is_even, &asked));
    ck_assert_uint_eq(asked, 0);                        /* nothing to look at */
    ck_assert_ptr_eq(gompx_deque_steal(&deque, TAG, is_even, &asked), &item[2]);
    ck_assert_ptr_null(gompx_deque_steal(&deque, TAG, is_even, &asked));
    ck_assert_ptr_null(gompx_deque_steal(&deque, TAG, is_even, &asked));
    ck_assert_uint_eq(asked, 3);
    ck_assert_int_eq(steal(TAG), 3);
    ck_assert_int_eq(pop(), 4);
}
END_TEST

START_TEST(without_memory_there_are_no_slots)
{
    memset(&deque, 0, sizeof deque);
    test_no_memory = true;
    ck_assert(!gompx_deque_reserve(&deque, 64) && deque.capacity == 0);
    test_no_memory = false;
    ck_assert(gompx_deque_reserve(&deque, 64));
    ck_assert_uint_eq(deque.capacity, 64);
}
END_TEST

/* ---- forced interleavings ---- */

enum { OWNER, THIEF, OTHER_THIEF };

static int got[TEST_THREADS];           /* what that thread took last */

static void thief(unsigned me)
{
    got[me] = steal(TAG);
}

static void owner(unsigned me)
{
    got[me] = pop();
}

static void pusher(unsigned me)
{
    push(me + 100);
}

/* Each of the entries 0 ... n - 1 was taken by one of the threads named, or is still there. */
static void check_once(unsigned n, const int *took, unsigned takers)
{
    unsigned times[8] = { 0 };
    int rest;

    for (unsigned i = 0; i < takers; i++)
        if (took[i] >= 0)
            times[took[i]]++;
    while ((rest = pop()) >= 0)
        times[rest]++;
    for (unsigned i = 0; i < n; i++)
        ck_assert_uint_eq(times[i], 1);
    ck_assert_uint_eq(deque.bottom, (uint32_t)deque.top);
    push(0);
    ck_assert_int_eq(steal(TAG), 0);                    /* it works on */
}

/* A thief stands at E or F; the owner takes `pops` entries, the last of which it may interrupt at C; then either goes first.
 * With n entries, all starts of the indices. */
static void meet(uint32_t start, unsigned n, char letter, unsigned pops, bool at_c, bool thief_first)
{
    int took[8];

    begin_at(start, 8);
    for (unsigned i = 0; i < n; i++)
        push(i);
    test_start_to(THIEF, thief, "deque", letter);
    for (unsigned i = 0; i + at_c < pops; i++)
        took[i] = pop();
    if (at_c)
        test_start_to(OWNER, owner, "deque", 'C');
    if (at_c && !thief_first) {
        test_go(OWNER);
        test_join(OWNER);
    }
    test_go(THIEF);
    test_join(THIEF);
    if (at_c && thief_first) {
        test_go(OWNER);
        test_join(OWNER);
    }
    took[pops] = got[THIEF];
    if (at_c)
        took[pops - 1] = got[OWNER];
    /* The oldest was the thief's aim: it fails only if the owner took that one. */
    if (pops < n)
        ck_assert_int_eq(got[THIEF], 0);
    if (pops > 0 && pops < n)
        ck_assert_int_eq(took[pops - 1], (int)(n - pops));
    if (pops == n && at_c)
        ck_assert_int_eq(took[pops - 1] < 0, got[THIEF] == 0);
    check_once(n, took, pops + 1);
}

START_TEST(pops_and_a_steal_that_meet_take_each_entry_once)
{
    for (unsigned n = 1; n <= 4; n++)
        for (unsigned pops = 0; pops <= n; pops++)
            for (int way = 0; way < 4; way++)
                if (pops > 0 || way == 0)
                    meet(starts[_i / 2], n, _i % 2 ? 'F' : 'E', pops, way & 1, way & 2);
}
END_TEST

/* At C the owner has announced that it takes the last one: a thief that comes now does not see it, but one at F is faster. */
START_TEST(the_last_entry_goes_to_the_owner_unless_a_thief_had_seen_it)
{
    begin_at(starts[_i], 8);
    push(0);
    test_start_to(OWNER, owner, "deque", 'C');
    ck_assert_int_eq(steal(TAG), -1);
    ck_assert(!gompx_deque_loaded(&deque, TAG));
    test_go(OWNER);
    test_join(OWNER);
    ck_assert_int_eq(got[OWNER], 0);

    push(1);
    test_start_to(THIEF, thief, "deque", 'F');
    test_start_to(OWNER, owner, "deque", 'C');
    test_go(THIEF);
    test_join(THIEF);
    ck_assert_int_eq(got[THIEF], 1);
    test_go(OWNER);
    test_join(OWNER);
    ck_assert_int_eq(got[OWNER], -1);
    ck_assert_uint_eq(deque.bottom, (uint32_t)deque.top);
}
END_TEST

START_TEST(of_two_thieves_for_one_entry_one_fails)
{
    begin_at(starts[_i], 8);
    push(0);
    push(1);
    test_start_to(THIEF, thief, "deque", 'F');
    test_start_to(OTHER_THIEF, thief, "deque", 'F');
    test_go(OTHER_THIEF);
    test_join(OTHER_THIEF);
    ck_assert_int_eq(got[OTHER_THIEF], 0);
    test_go(THIEF);
    test_join(THIEF);
    ck_assert_int_eq(got[THIEF], -1);
    ck_assert_int_eq(pop(), 1);
}
END_TEST

START_TEST(an_entry_is_there_when_bottom_says_so)
{
    begin_at(starts[_i], 8);
    test_start_to(OWNER, pusher, "deque", 'A');
    ck_assert_int_eq(steal(TAG), -1);
    test_go(OWNER);
    test_join(OWNER);
    ck_assert_int_eq(steal(TAG), 100);
}
END_TEST

/* The thief has read slot and top; meanwhile the ring goes once round, so that its slot holds another entry. */
START_TEST(a_slot_that_was_used_again_is_not_taken_for_the_old_entry)
{
    begin_at(starts[_i], 4);
    push(0);
    test_start_to(THIEF, thief, "deque", 'F');
    for (unsigned i = 1; i <= 4; i++) {
        ck_assert_int_eq(steal(TAG), (int)i - 1);
        push(i);
    }
    test_go(THIEF);
    test_join(THIEF);
    ck_assert_int_eq(got[THIEF], -1);
    ck_assert_int_eq(pop(), 4);
}
END_TEST

/* The same index in the next round: only the tag tells them apart. */
START_TEST(a_thief_of_the_last_round_fails_in_the_next_one)
{
    begin_at(starts[_i], 4);
    push(0);
    test_start_to(THIEF, thief, "deque", 'F');
    test_start_to(OTHER_THIEF, thief, "deque", 'E');
    uint64_t seen = deque.top;
    ck_assert_int_eq(pop(), 0);                         /* moves top on; put it back: as after 2^32 entries */
    deque.top = seen;
    deque.bottom = (uint32_t)seen;
    gompx_deque_open(&deque, TAG + 2);
    push(1);
    for (unsigned i = THIEF; i <= OTHER_THIEF; i++) {
        test_go(i);
        test_join(i);
        ck_assert_int_eq(got[i], -1);
    }
    ck_assert_int_eq(steal(TAG + 2), 1);
}
END_TEST

/* ---- soak ---- */

enum { ROUNDS = 4 };

static struct { _Atomic uint32_t tag; _Atomic bool over, wrong; unsigned per_round; } soak;

static void took(void *entry, uint32_t tag)
{
    struct item *it = entry;

    if (it->value != ~(unsigned)(it - item) || it->tag != tag)
        atomic_store(&soak.wrong, true);
    atomic_fetch_add(&it->taken, 1);
}

static void soak_thief(void)
{
    unsigned polls = 0;

    while (!atomic_load(&soak.over)) {
        uint32_t tag = atomic_load(&soak.tag);
        void *entry = gompx_deque_steal(&deque, tag, NULL, NULL);

        if (entry)
            took(entry, tag);
        else if (++polls % 16 == 0)
            sched_yield();
    }
}

/* Rounds of pushes and pops, up to marks set at random; a round ends when the deque is empty. */
static void soak_owner(void)
{
    uint32_t random = 99, base;
    void *entry;

    for (unsigned round = 0; round < ROUNDS; round++) {
        gompx_deque_open(&deque, TAG + round);
        atomic_store(&soak.tag, TAG + round);
        base = gompx_deque_mark(&deque);
        for (unsigned i = round * soak.per_round; i < (round + 1) * soak.per_round;) {
            unsigned draw = test_random(&random) % 8;

            if (draw < 5 && gompx_deque_room(&deque)) {
                item[i].value = ~i;
                item[i].tag = TAG + round;
                gompx_deque_push(&deque, &item[i++]);
            } else if (draw == 5 && gompx_deque_mark(&deque) - base < 4) {
                base = gompx_deque_mark(&deque);
            } else if ((entry = gompx_deque_pop(&deque, draw == 6 ? base : (uint32_t)deque.top))) {
                took(entry, TAG + round);
            } else if (draw == 7) {
                base = gompx_deque_mark(&deque);
            }
        }
        while ((entry = gompx_deque_pop(&deque, (uint32_t)deque.top)))
            took(entry, TAG + round);
    }
    atomic_store(&soak.over, true);
}

static void soak_thread(unsigned me)
{
    me == 0 ? soak_owner() : soak_thief();
}

/* Way 0 has random pauses at the steps, the other ones none. */
START_TEST(every_entry_is_taken_once)
{
    unsigned thieves = test_sizes[_i / TEST_WAYS], way = (unsigned)_i % TEST_WAYS;

    begin_at(starts[way % STARTS], way == 1 ? 1024 : 8);
    test_soak(way);
    if (way != 0)
        gompx_step_seed(0);
    soak.per_round = way == 0 ? 1000 : ENTRIES / ROUNDS;
    test_run_threads(1 + thieves, soak_thread);
    ck_assert(!soak.wrong);
    for (unsigned i = 0; i < ROUNDS * soak.per_round; i++)
        ck_assert_uint_eq(item[i].taken, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("deque");
    TCase *tcase = tcase_create("deque");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, the_owner_takes_the_newest_and_a_thief_the_oldest, 0, STARTS);
    tcase_add_test(tcase, slots_are_used_again_and_indices_wrap);
    tcase_add_loop_test(tcase, a_full_deque_has_room_again_when_something_was_taken, 0, STARTS);
    tcase_add_loop_test(tcase, a_mark_hides_what_lies_below_from_pop, 0, STARTS);
    tcase_add_loop_test(tcase, who_comes_from_another_round_finds_nothing, 0, STARTS);
    tcase_add_loop_test(tcase, a_thief_may_decline, 0, STARTS);
    tcase_add_test(tcase, without_memory_there_are_no_slots);
    tcase_add_loop_test(tcase, pops_and_a_steal_that_meet_take_each_entry_once, 0, 2 * STARTS);
    tcase_add_loop_test(tcase, the_last_entry_goes_to_the_owner_unless_a_thief_had_seen_it, 0, STARTS);
    tcase_add_loop_test(tcase, of_two_thieves_for_one_entry_one_fails, 0, STARTS);
    tcase_add_loop_test(tcase, an_entry_is_there_when_bottom_says_so, 0, STARTS);
    tcase_add_loop_test(tcase, a_slot_that_was_used_again_is_not_taken_for_the_old_entry, 0, STARTS);
    tcase_add_loop_test(tcase, a_thief_of_the_last_round_fails_in_the_next_one, 0, STARTS);
    tcase_add_loop_test(tcase, every_entry_is_taken_once, 0, TEST_SIZES * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
