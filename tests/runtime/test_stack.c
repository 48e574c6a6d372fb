/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Room for deep recursion (runtime/stack.h): calls go on on new pieces of stack before the old one is full, come back, and leave
 * nothing behind; stacks that the program made itself are left alone. */
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>

#include "tests/runtime/test_gomp.h"

#include "runtime/stack.h"
#include "runtime/thread.h"

enum { FRAME = 1024 };

static __thread unsigned own;           /* a thread-local variable */

struct dive {
    struct gompx_task_local *local;
    unsigned depth, reached, moves;     /* moves: to another stack */
    pthread_t thread;
    char *above;                        /* of the caller */
    bool wrong;
};

static void dive(void *arg)
{
    struct dive *d = arg;
    volatile char frame[FRAME];
    char *here = (char *)frame, *above = d->above;

    frame[0] = frame[FRAME - 1] = (char)d->depth;
    if (!pthread_equal(d->thread, pthread_self()) || own != 77)
        d->wrong = true;
    if (above && (above < here || above - here > 64 * FRAME))
        d->moves++;
    if (++d->reached < d->depth) {
        unsigned reached = d->reached;

        d->above = here;
        frame[1] = (char)reached;
        gompx_stack_call(d->local, dive, d);
        if (frame[1] != (char)reached)
            d->wrong = true;
    }
    if (frame[0] != (char)d->depth || frame[FRAME - 1] != (char)d->depth)
        d->wrong = true;
}

/* From the calling thread's stack, `depth` frames of more than FRAME bytes.  False: something went wrong. */
static bool dive_quietly(unsigned depth, unsigned *moves)
{
    struct dive d = { .local = &gompx_frame_get()->self->tasks, .depth = 1, .thread = pthread_self() };
    char *low, *high;

    own = 77;
    gompx_stack_call(d.local, dive, &d);
    low = d.local->stack_low;                           /* known since */
    high = d.local->stack_high;
    d.depth = depth;
    d.reached = 0;
    gompx_stack_call(d.local, dive, &d);
    *moves = d.moves;
    return !d.wrong && d.reached == depth && d.local->stack_low == low && d.local->stack_high == high;
}

static unsigned dive_to(unsigned depth)
{
    unsigned moves;

    ck_assert(dive_quietly(depth, &moves));
    return moves;
}

static unsigned mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    unsigned n = 0;

    ck_assert_ptr_nonnull(maps);
    for (int c; (c = getc(maps)) != EOF;)
        n += c == '\n';
    fclose(maps);
    return n;
}

START_TEST(a_shallow_call_stays_where_it_is)
{
    ck_assert_uint_eq(dive_to(100), 0);
    ck_assert_ptr_null(gompx_frame_get()->self->tasks.stack_spare);
}
END_TEST

START_TEST(deep_recursion_goes_on_elsewhere_and_gives_all_but_one_piece_back)
{
    unsigned before;

    ck_assert_uint_ge(dive_to(100000), 10);             /* 100 MB and more */
    ck_assert_ptr_nonnull(gompx_frame_get()->self->tasks.stack_spare);
    before = mappings();
    for (int i = 0; i < 3; i++)
        ck_assert_uint_ge(dive_to(50000), 5);
    ck_assert_uint_le(mappings(), before + 2);
    gompx_stack_drop(&gompx_frame_get()->self->tasks);
    ck_assert_ptr_null(gompx_frame_get()->self->tasks.stack_spare);
    gompx_stack_drop(&gompx_frame_get()->self->tasks);  /* nothing more */
    ck_assert_uint_ge(dive_to(50000), 5);
}
END_TEST

/* Up and down across the border: the spare piece serves each time. */
START_TEST(a_border_that_is_crossed_again_and_again_costs_no_mapping)
{
    unsigned edge = 1000, before;
    void *spare;

    while (dive_to(edge) == 0)
        edge += 100;
    spare = gompx_frame_get()->self->tasks.stack_spare;
    before = mappings();
    for (int i = 0; i < 200; i++)
        ck_assert_uint_eq(dive_to(edge + (unsigned)i % 2), 1);
    ck_assert_ptr_eq(gompx_frame_get()->self->tasks.stack_spare, spare);
    ck_assert_uint_eq(mappings(), before);
}
END_TEST

/* ---- threads ---- */

static void *small_thread(void *depth)
{
    ck_assert_uint_ge(dive_to(*(unsigned *)depth), *(unsigned *)depth / 8000);
    return NULL;
}

static void run_thread(size_t stack, unsigned depth)
{
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    ck_assert_int_eq(pthread_attr_setstacksize(&attr, stack), 0);
    ck_assert_int_eq(pthread_create(&thread, &attr, small_thread, &depth), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
}

START_TEST(threads_with_small_stacks_dive_as_deep)
{
    static const size_t stacks[] = { 64 << 10, 256 << 10, 2 << 20, 16 << 20 };

    run_thread(stacks[_i], 60000);
}
END_TEST

START_TEST(a_thread_that_ends_leaves_no_stack_behind)
{
    unsigned before;

    run_thread(256 << 10, 20000);
    before = mappings();
    for (int i = 0; i < 20; i++)
        run_thread(256 << 10, 20000);
    ck_assert_uint_le(mappings(), before + 4);
}
END_TEST

/* ---- stacks of the program's own ---- */

enum { FOREIGN = 256 << 10 };

static char in_data[FOREIGN];
static ucontext_t back, on_foreign;
static struct dive foreign;

static void foreign_main(void)
{
    gompx_stack_call(foreign.local, dive, &foreign);
}

/* Goes as far down as the stack bears; the runtime cannot know how far that is. */
static void dive_on(char *stack)
{
    foreign = (struct dive){ .local = &gompx_frame_get()->self->tasks, .depth = 150, .thread = pthread_self() };
    own = 77;
    ck_assert_int_eq(getcontext(&on_foreign), 0);
    on_foreign.uc_stack.ss_sp = stack;
    on_foreign.uc_stack.ss_size = FOREIGN;
    on_foreign.uc_link = &back;
    makecontext(&on_foreign, foreign_main, 0);
    ck_assert_int_eq(swapcontext(&back, &on_foreign), 0);
    ck_assert(!foreign.wrong);
    ck_assert_uint_eq(foreign.reached, 150);
    ck_assert_uint_eq(foreign.moves, 0);
    ck_assert(foreign.above > stack && foreign.above < stack + FOREIGN);
}

START_TEST(a_stack_of_the_program_s_own_is_left_alone)
{
    char *mapped = mmap(NULL, FOREIGN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *heap = malloc(FOREIGN), on_stack[FOREIGN];

    ck_assert(mapped != MAP_FAILED && heap);
    if (_i == 1)
        dive_to(30000);                                 /* a spare piece lies about, too */
    dive_on(mapped);
    dive_on(heap);
    dive_on(in_data);
    dive_on(on_stack);                                  /* inside the thread's stack, where there is room above the limit */
    ck_assert_uint_ge(dive_to(30000), 1);
}
END_TEST

static void *foreign_first(void *unused)
{
    dive_on(in_data);                                   /* before the runtime has seen the thread's own */
    ck_assert_uint_ge(dive_to(30000), 1);
    return unused;
}

START_TEST(the_first_call_may_come_from_a_foreign_stack)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, foreign_first, NULL), 0);
    pthread_join(thread, NULL);
}
END_TEST

/* ---- limits of the process ---- */

/* On a stack that is mapped to its end: the last quarter of it is still there. */
static void *dive_without_memory(void *unused)
{
    struct rlimit limit = { 0, 0 };
    unsigned edge = 1000, moves = 0;

    while (dive_quietly(edge, &moves) && moves == 0)
        edge += 100;
    gompx_stack_drop(&gompx_frame_get()->self->tasks);
    setrlimit(RLIMIT_AS, &limit);                       /* nothing can be mapped */
    if (!dive_quietly(edge + 500, &moves) || moves != 0)
        _exit(2);
    return unused;
}

static void no_memory(void *unused)
{
    pthread_t thread;

    (void)unused;
    if (pthread_create(&thread, NULL, dive_without_memory, NULL) != 0 || pthread_join(thread, NULL) != 0)
        _exit(3);
}

static void fall_off(void *unused)
{
    volatile char page[4096];

    page[0] = page[4095] = 1;
    if (*(bool *)unused)
        fall_off(unused);
    page[1] = page[0];
}

static void fall_off_a_piece(void *unused)
{
    static struct dive d;
    bool yes = true;

    d = (struct dive){ .local = &gompx_frame_get()->self->tasks, .depth = 20000, .thread = pthread_self() };
    gompx_stack_call(d.local, dive, &d);
    gompx_stack_call(d.local, fall_off, &yes);
    (void)unused;
}

START_TEST(without_memory_the_stack_is_used_to_its_end)
{
    char text[1024];

    ck_assert_int_eq(test_child(no_memory, NULL, text), 0);
    ck_assert_int_eq(test_child(fall_off_a_piece, NULL, text), -1);     /* a signal: nothing was overwritten in silence */
}
END_TEST

/* The main thread's stack is as large as the limit at its start says. */
START_TEST(the_limit_of_the_main_stack_may_be_anything)
{
    static const rlim_t limits[] = { 256 << 10, 1 << 20, 64 << 20, RLIM_INFINITY };
    struct rlimit limit = { limits[_i], RLIM_INFINITY };
    char number[16];
    int status;
    pid_t pid;

    snprintf(number, sizeof number, "%d", _i);
    pid = fork();
    if (pid == 0) {
        getrlimit(RLIMIT_STACK, &limit);
        limit.rlim_cur = limits[_i] < limit.rlim_max ? limits[_i] : limit.rlim_max;
        setrlimit(RLIMIT_STACK, &limit);
        execl("/proc/self/exe", "test_stack", number, (char *)NULL);
        _exit(3);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

/* ---- tasks ---- */

struct chain { unsigned depth; bool undeferred, wait; };

static _Atomic unsigned chain_runs;

static void chain(void *data)
{
    struct chain c = *(struct chain *)data;
    volatile char frame[FRAME];

    frame[0] = (char)c.depth;
    atomic_fetch_add(&chain_runs, 1);
    if (c.depth == 0)
        return;
    c.depth--;
    GOMP_task(chain, &c, NULL, sizeof c, sizeof c.depth, !c.undeferred, 0, NULL, 0, NULL);
    if (c.wait)
        GOMP_taskwait();
    ck_assert_int_eq(frame[0], (char)(c.depth + 1));
}

static void chains(void *data)
{
    if (omp_get_thread_num() == 0)
        chain(data);
}

START_TEST(tasks_nest_to_any_depth)
{
    static const unsigned sizes[] = { 1, 2, 4 };
    struct chain c = { 100000, _i & 1, _i & 2 };

    GOMP_parallel(chains, &c, sizes[_i / 4], 0);
    ck_assert_uint_eq(chain_runs, 100001);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("stack");
    TCase *tcase = tcase_create("stack");
    unsigned moves;

    if (argc > 1)                                       /* restarted with a limit */
        return !dive_quietly(60000, &moves) || (argv[1][0] < '2' && moves == 0);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_shallow_call_stays_where_it_is);
    tcase_add_test(tcase, deep_recursion_goes_on_elsewhere_and_gives_all_but_one_piece_back);
    tcase_add_test(tcase, a_border_that_is_crossed_again_and_again_costs_no_mapping);
    tcase_add_loop_test(tcase, threads_with_small_stacks_dive_as_deep, 0, 4);
    tcase_add_test(tcase, a_thread_that_ends_leaves_no_stack_behind);
    tcase_add_loop_test(tcase, a_stack_of_the_program_s_own_is_left_alone, 0, 2);
    tcase_add_test(tcase, the_first_call_may_come_from_a_foreign_stack);
    tcase_add_test(tcase, without_memory_the_stack_is_used_to_its_end);
    tcase_add_loop_test(tcase, the_limit_of_the_main_stack_may_be_anything, 0, 4);
    tcase_add_loop_test(tcase, tasks_nest_to_any_depth, 0, 12);
    suite_add_tcase(suite, tcase);
    return test_run(suite);
}
