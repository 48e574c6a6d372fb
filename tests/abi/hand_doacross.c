/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Doacross loops lowered by hand: every start, long and ull, one to four dimensions, iteration spaces of 2^58 and 2^124, the
 * general start with memory, sinks that name any earlier iteration.
 *
 * run+: threads=1,2 pin=no
 * run+: threads=2 pin=yes opt=2 gompx-only="libgomp spins in doacross waits: seconds on a shared CPU"
 * run+: threads=3,4,8,16 gompx-only="libgomp spins in doacross waits: minutes on two CPUs" */
#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

enum { N = 24, INNER = 5 };

typedef bool start_fn(unsigned, long *, long, long *, long *);
typedef bool ull_start_fn(unsigned, ull *, ull, ull *, ull *);

static start_fn *start_now;
static ull_start_fn *ull_start_now;
static int done[N][INNER];

static bool start_runtime(unsigned n, long *counts, long chunk, long *from, long *to)
{
    (void)chunk;
    return GOMP_loop_doacross_runtime_start(n, counts, from, to);
}

static bool ull_start_runtime(unsigned n, ull *counts, ull chunk, ull *from, ull *to)
{
    (void)chunk;
    return GOMP_loop_ull_doacross_runtime_start(n, counts, from, to);
}

static bool start_general(unsigned n, long *counts, long chunk, long *from, long *to)
{
    void *mem = (void *)(uintptr_t)256;
    bool more = GOMP_loop_doacross_start(n, counts, 0x80000002l, chunk, from, to, NULL, &mem);

    CHECK(mem != NULL);
    __atomic_fetch_add((long *)mem, 1, __ATOMIC_RELAXED);
    CHECK(__atomic_load_n((long *)mem, __ATOMIC_RELAXED) <= omp_get_num_threads());
    return more;
}

static bool ull_start_general(unsigned n, ull *counts, ull chunk, ull *from, ull *to)
{
    return GOMP_loop_ull_doacross_start(n, counts, 3, chunk, from, to, NULL, NULL);
}

/* One dimension: each iteration needs all three before it. */
static void one_dimension(void *unused)
{
    long counts[1] = { N }, from, to, pos[1];
    bool more = start_now(1, counts, 2, &from, &to);

    (void)unused;
    counts[0] = -1;                             /* the array is the caller's again */
    for (; more; more = GOMP_loop_runtime_next(&from, &to))
        for (long i = from; i < to; i++) {
            for (long back = 1; back <= 3 && back <= i; back++) {
                GOMP_doacross_wait(i - back);
                CHECK_EQ(done[i - back][0], 1);
            }
            done[i][0] = 1;
            pos[0] = i;
            GOMP_doacross_post(pos);
        }
    GOMP_loop_end();
}

/* Two dimensions, unsigned: (i, j) needs (i - 1, j) and (i, j - 1). */
static void two_dimensions(void *unused)
{
    ull counts[2] = { N, INNER }, from, to, pos[2];
    bool more = ull_start_now(2, counts, 1, &from, &to);

    (void)unused;
    for (; more; more = GOMP_loop_ull_runtime_next(&from, &to))
        for (ull i = from; i < to; i++)
            for (ull j = 0; j < INNER; j++) {
                if (i > 0) {
                    GOMP_doacross_ull_wait(i - 1, j);
                    CHECK_EQ(done[i - 1][j], 1);
                }
                if (j > 0) {
                    GOMP_doacross_ull_wait(i, j - 1);
                    CHECK_EQ(done[i][j - 1], 1);
                }
                done[i][j] = 1;
                pos[0] = i;
                pos[1] = j;
                GOMP_doacross_ull_post(pos);
            }
    GOMP_loop_end();
}

/* huge^3 vectors for each outer iteration; only a few of them are visited. */
static long huge;

static void huge_dimensions(void *unused)
{
    long counts[4] = { N, huge, huge, huge }, from, to, pos[4];
    bool more = start_now(4, counts, 1, &from, &to);

    (void)unused;
    for (; more; more = GOMP_loop_runtime_next(&from, &to))
        for (long i = from; i < to; i++)
            for (long j = 0; j < INNER; j++) {
                if (i > 0) {
                    GOMP_doacross_wait(i - 1, huge / 2, j * 50021l, huge - 1 - j);
                    CHECK_EQ(done[i - 1][j], 1);
                }
                done[i][j] = 1;
                pos[0] = i;
                pos[1] = huge / 2;
                pos[2] = j * 50021l;
                pos[3] = huge - 1 - j;
                GOMP_doacross_post(pos);
            }
    GOMP_loop_end_nowait();
}

static void check_done(int inner)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < inner; j++)
            CHECK_EQ(done[i][j], 1);
    memset(done, 0, sizeof done);
}

int main(void)
{
    static start_fn *const starts[] = {
        GOMP_loop_doacross_static_start, GOMP_loop_doacross_dynamic_start, GOMP_loop_doacross_guided_start,
        start_runtime, start_general
    };
    static ull_start_fn *const ull_starts[] = {
        GOMP_loop_ull_doacross_static_start, GOMP_loop_ull_doacross_dynamic_start, GOMP_loop_ull_doacross_guided_start,
        ull_start_runtime, ull_start_general
    };

    for (int schedule = omp_sched_static; schedule <= (int)omp_sched_guided; schedule++) {
        omp_set_schedule((omp_sched_t)schedule, schedule - 1);
        for (int i = 0; i < 5; i++) {
            start_now = starts[i];
            ull_start_now = ull_starts[i];
            GOMP_parallel(one_dimension, NULL, 0, 0);
            check_done(1);
            GOMP_parallel(two_dimensions, NULL, 0, 0);
            check_done(INNER);
            for (int bits = 18; bits <= 40; bits += 22) {   /* positions of 54 bits, and of more than 64 */
                huge = 1l << bits;
                GOMP_parallel(huge_dimensions, NULL, 0, 0);
                check_done(INNER);
            }
            one_dimension(NULL);
            check_done(1);
            two_dimensions(NULL);
            check_done(INNER);
        }
    }
    return 0;
}
