/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Slabs (sync/slab.h): what a class is, whose an object is and when it comes back, and that none is lost or given out twice when
 * threads pass them around. */
#include "tests/sync/room.h"

enum { CLASSES = GOMPX_SLAB_CLASSES, OUTBOX = GOMPX_SLAB_OUTBOX };

static struct gompx_slab slab[TEST_THREADS];

static const size_t bytes_of_class[CLASSES] = { 192, 256, 512, 1024, 192 };

static unsigned length(const struct gompx_slab_object *chain)
{
    unsigned n = 0;

    for (; chain; chain = chain->next)
        n++;
    return n;
}

static void *get(unsigned class)
{
    void *object = gompx_slab_get(&slab[0], class);

    ck_assert_ptr_nonnull(object);
    ck_assert_uint_eq((uintptr_t)object % 64, 0);
    return object;
}

/* ---- one thread ---- */

START_TEST(a_class_is_the_smallest_that_fits)
{
    for (size_t bytes = 0; bytes <= GOMPX_SLAB_LARGEST; bytes++) {
        unsigned class = gompx_slab_class(bytes);

        ck_assert_uint_lt(class, CLASSES);
        ck_assert_uint_ge(bytes_of_class[class], bytes);
        ck_assert(class == 0 || bytes_of_class[class - 1] < bytes);
    }
    ck_assert_uint_eq(bytes_of_class[GOMPX_SLAB_OTHER - 1], GOMPX_SLAB_LARGEST);
}
END_TEST

/* More than a chunk of each class; all are filled to the last byte before any is checked. */
START_TEST(objects_do_not_overlap_and_begin_as_zeros)
{
    enum { N = 700 };
    unsigned char *object[N];

    for (unsigned class = 0; class < CLASSES; class++) {
        for (unsigned i = 0; i < N; i++) {
            object[i] = get(class);
            for (size_t b = 0; b < bytes_of_class[class]; b++)
                ck_assert(object[i][b] == 0);
            memset(object[i], (int)(i % 255 + 1), bytes_of_class[class]);
        }
        for (unsigned i = 0; i < N; i++)
            ck_assert(object[i][0] == i % 255 + 1 && memcmp(object[i], object[i] + 1, bytes_of_class[class] - 1) == 0);
    }
}
END_TEST

START_TEST(ones_own_come_back_last_in_first_out_as_they_were)
{
    char *a = get(1), *b = get(1), *c;
    unsigned before = test_allocations;

    memset(a, 'a', 256);
    memset(b, 'b', 256);
    gompx_slab_put(&slab[0], &slab[0], 1, a);
    gompx_slab_put(&slab[0], &slab[0], 1, b);
    c = get(0);                                         /* another class has its own list */
    ck_assert(c != a && c != b);
    ck_assert_ptr_eq(get(1), b);
    ck_assert_ptr_eq(get(1), a);
    for (int i = sizeof(void *); i < 256; i++)
        ck_assert(a[i] == 'a' && b[i] == 'b');
    for (int i = 0; i < 10000; i++)
        gompx_slab_put(&slab[0], &slab[0], 1, get(1));
    ck_assert_uint_eq(test_allocations, before + 1);    /* for class 0 */
}
END_TEST

START_TEST(an_outbox_is_handed_over_when_it_is_full)
{
    void *mine[OUTBOX + 1];

    for (unsigned i = 0; i <= OUTBOX; i++)
        mine[i] = get(0);
    for (unsigned i = 0; i < OUTBOX; i++)
        gompx_slab_put(&slab[1], &slab[0], 0, mine[i]);
    ck_assert_ptr_null(slab[0].returned[0]);
    gompx_slab_put(&slab[1], &slab[0], 0, mine[OUTBOX]);
    ck_assert_uint_eq(length(slab[0].returned[0]), OUTBOX);
    gompx_slab_flush(&slab[1]);
    ck_assert_uint_eq(length(slab[0].returned[0]), OUTBOX + 1);
    gompx_slab_flush(&slab[1]);                         /* nothing more */
    ck_assert_uint_eq(length(slab[0].returned[0]), OUTBOX + 1);
    ck_assert_ptr_null(slab[1].free[0]);
    for (unsigned i = 0; i <= OUTBOX; i++) {
        void *again = get(0);
        bool known = false;

        for (unsigned j = 0; j <= OUTBOX; j++)
            if (mine[j] == again) {
                known = true;
                mine[j] = NULL;
            }
        ck_assert(known);
    }
    ck_assert_ptr_null(slab[0].returned[0]);
    ck_assert_ptr_null(slab[0].free[0]);
}
END_TEST

START_TEST(an_outbox_holds_one_class_of_one_owner)
{
    void *a = get(0), *b = get(2), *c = gompx_slab_get(&slab[1], 2);

    gompx_slab_put(&slab[2], &slab[0], 0, a);
    ck_assert_ptr_null(slab[0].returned[0]);
    gompx_slab_put(&slab[2], &slab[0], 2, b);           /* another class */
    ck_assert_ptr_eq(slab[0].returned[0], a);
    gompx_slab_put(&slab[2], &slab[1], 2, c);           /* another owner */
    ck_assert_ptr_eq(slab[0].returned[2], b);
    ck_assert_ptr_null(slab[1].returned[2]);
    gompx_slab_flush(&slab[2]);
    ck_assert_ptr_eq(slab[1].returned[2], c);
    for (unsigned class = 0; class < CLASSES; class++)
        ck_assert_uint_le(length(slab[0].returned[class]) + length(slab[1].returned[class]), 2);
}
END_TEST

START_TEST(who_has_no_slab_gives_back_at_once)
{
    void *a = get(3), *b = get(3);

    gompx_slab_return(&slab[0], 3, a);
    gompx_slab_return(&slab[0], 3, b);
    ck_assert_uint_eq(length(slab[0].returned[3]), 2);
    ck_assert_ptr_eq(get(3), b);
    ck_assert_ptr_eq(get(3), a);
}
END_TEST

/* What was cut is still given out when nothing more can be had. */
START_TEST(without_memory_there_is_what_there_was)
{
    void *first, *object;
    unsigned n = 0;

    test_no_memory = true;
    ck_assert_ptr_null(gompx_slab_get(&slab[0], 0));
    test_no_memory = false;
    first = get(0);
    test_no_memory = true;
    while ((object = gompx_slab_get(&slab[0], 0)))
        n++;
    ck_assert_uint_eq(n + 1, 64 * 1024 / 192);
    ck_assert_ptr_null(gompx_slab_get(&slab[0], 1));
    gompx_slab_put(&slab[0], &slab[0], 0, first);
    ck_assert_ptr_eq(gompx_slab_get(&slab[0], 0), first);
    gompx_slab_return(&slab[0], 0, first);
    ck_assert_ptr_eq(gompx_slab_get(&slab[0], 0), first);
    test_no_memory = false;
    get(0);
}
END_TEST

/* ---- forced ---- */

static void *taken[2];

static void taker(unsigned me)
{
    taken[me] = gompx_slab_get(&slab[0], 0);
}

/* Between the owner's look and its exchange more is handed over, by a thread that saw the older head. */
START_TEST(what_is_handed_over_during_the_look_is_taken_too)
{
    void *a = get(0), *b = get(0);

    gompx_step_seed(0);
    gompx_step_set(test_stop_here);
    gompx_slab_return(&slab[0], 0, a);
    test_start_to(0, taker, "slab", 'B');
    gompx_slab_return(&slab[0], 0, b);
    test_go(0);
    test_join(0);
    ck_assert_ptr_eq(taken[0], b);
    ck_assert_ptr_null(slab[0].returned[0]);
    ck_assert_ptr_eq(slab[0].free[0], a);
}
END_TEST

/* ---- soak ---- */

enum { PASSES = 30000, POSTS = 64 };

/* An object in use: who holds it writes its own mark all over it. */
struct parcel {
    uint64_t link;
    struct gompx_slab *owner;
    uint32_t class, mark;
    unsigned char rest[];
};

static struct {
    struct parcel *_Atomic post[POSTS]; /* parcels on their way from one thread to another */
    _Atomic bool wrong;
    unsigned passes;
    bool stranger;                      /* the last thread has no slab */
} soak;

static void seal(struct parcel *p, struct gompx_slab *owner, unsigned class, unsigned mark)
{
    p->owner = owner;
    p->class = class;
    p->mark = mark;
    memset(p->rest, (int)(mark & 0xff), bytes_of_class[class] - sizeof *p);
}

static void check_sealed(const struct parcel *p)
{
    const unsigned char *rest = p->rest;
    size_t n = bytes_of_class[p->class] - sizeof *p;

    if (rest[0] != (p->mark & 0xff) || rest[n - 1] != (p->mark & 0xff) || rest[n / 2] != (p->mark & 0xff))
        atomic_store(&soak.wrong, true);
}

/* Makes parcels and leaves them for others; takes what others left and gives it back to whomever it belongs. */
static void soak_thread(unsigned me)
{
    struct gompx_slab *mine = &slab[me];
    uint32_t random = me * 77 + 5;
    bool stranger = soak.stranger && me == TEST_THREADS / 2;
    struct parcel *p;

    for (unsigned i = 0; i < soak.passes; i++) {
        unsigned class = test_random(&random) % CLASSES;

        p = NULL;
        if (!stranger) {
            p = gompx_slab_get(mine, class);
            seal(p, mine, class, me * 16 + i);
        }
        p = atomic_exchange(&soak.post[test_random(&random) % POSTS], p);
        if (!p)
            continue;
        check_sealed(p);
        memset(p->rest, 0xee, 8);
        if (stranger)
            gompx_slab_return(p->owner, p->class, p);
        else
            gompx_slab_put(mine, p->owner, p->class, p);
        if (i % 1000 == 0)
            gompx_slab_flush(mine);
    }
    gompx_slab_flush(mine);
}

/* Bytes of each chunk that were found. */
static size_t accounted[1024];

static void account(const void *object, size_t bytes)
{
    for (unsigned i = 0; i < test_allocations; i++)
        if ((const char *)object >= test_allocated[i] && (const char *)object < test_allocated[i] + CHUNK) {
            accounted[i] += bytes;
            return;
        }
    ck_abort_msg("no object of a slab");
}

static void account_list(const struct gompx_slab_object *chain, size_t bytes)
{
    for (; chain; chain = chain->next)
        account(chain, bytes);
}

/* All that was ever cut lies in a free list, has been handed over, or is in the post. */
static void check_none_lost(void)
{
    for (unsigned i = 0; i < POSTS; i++)
        if (soak.post[i])
            account(soak.post[i], bytes_of_class[soak.post[i]->class]);
    for (unsigned t = 0; t < TEST_THREADS; t++)
        for (unsigned class = 0; class < CLASSES; class++) {
            account_list(slab[t].free[class], bytes_of_class[class]);
            account_list(slab[t].returned[class], bytes_of_class[class]);
            if (slab[t].cut[class] < slab[t].cut_end[class])
                account(slab[t].cut[class], (size_t)(slab[t].cut_end[class] - slab[t].cut[class]));
        }
    for (unsigned i = 0; i < test_allocations; i++)     /* 192 bytes do not divide a chunk: 64 may be left over */
        ck_assert(accounted[i] == CHUNK || accounted[i] == CHUNK - CHUNK % 192);
}

static void pass_parcels(unsigned threads, unsigned way)
{
    test_soak(way);
    if (way != 0)
        gompx_step_seed(0);
    soak.passes = way == 0 ? 3000 : PASSES;
    test_run_threads(threads, soak_thread);
    ck_assert(!soak.wrong);
    check_none_lost();
}

START_TEST(none_is_lost_and_none_given_out_twice)
{
    unsigned threads = test_sizes[_i / TEST_WAYS];
    unsigned most = 4 * threads * 2;                    /* chunks: what is under way fits in few */

    pass_parcels(threads, (unsigned)_i % TEST_WAYS);
    ck_assert_uint_le(test_allocations, most);
}
END_TEST

/* Threads with slabs make, one without gives back. */
static void give_back_or_make(unsigned me)
{
    soak_thread(me == 0 ? TEST_THREADS / 2 : me);
}

START_TEST(a_thread_without_a_slab_gives_back_what_others_made)
{
    test_soak((unsigned)_i % TEST_WAYS);
    soak.stranger = true;
    soak.passes = _i % TEST_WAYS == 0 ? 3000 : PASSES;
    test_run_threads(test_sizes[1 + _i / TEST_WAYS], give_back_or_make);
    ck_assert(!soak.wrong);
    check_none_lost();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slab");
    TCase *tcase = tcase_create("slab");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_class_is_the_smallest_that_fits);
    tcase_add_test(tcase, objects_do_not_overlap_and_begin_as_zeros);
    tcase_add_test(tcase, ones_own_come_back_last_in_first_out_as_they_were);
    tcase_add_test(tcase, an_outbox_is_handed_over_when_it_is_full);
    tcase_add_test(tcase, an_outbox_holds_one_class_of_one_owner);
    tcase_add_test(tcase, who_has_no_slab_gives_back_at_once);
    tcase_add_test(tcase, without_memory_there_is_what_there_was);
    tcase_add_test(tcase, what_is_handed_over_during_the_look_is_taken_too);
    tcase_add_loop_test(tcase, none_is_lost_and_none_given_out_twice, 0, TEST_SIZES * TEST_WAYS);
    tcase_add_loop_test(tcase, a_thread_without_a_slab_gives_back_what_others_made, 0, (TEST_SIZES - 1) * TEST_WAYS);
    suite_add_tcase(suite, tcase);
    return test_main(suite);
}
