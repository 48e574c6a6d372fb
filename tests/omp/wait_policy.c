/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * How long waiting threads spin: what the environment says, in which order of precedence, and gompx_set_spin_us(), which
 * changes it while threads spin or sleep. CPU time of a team whose primary sleeps shows what they do.
 *
 * run: opt=2 threads=2 pin=no policy=default modes=path gompx-only="gompx_set_spin_us is its own"
 * run+: env=EXPECT=1000
 * run+: policy=active env=EXPECT=-1
 * run+: policy=passive env=EXPECT=0
 * run+: env=KMP_BLOCKTIME=infinite env=EXPECT=-1
 * run+: env=KMP_BLOCKTIME=0 env=EXPECT=0
 * run+: env=KMP_BLOCKTIME=7 env=EXPECT=7000
 * run+: env=KMP_BLOCKTIME=7us env=EXPECT=7
 * run+: env=KMP_BLOCKTIME=2s env=EXPECT=2000000
 * run+: policy=passive env=KMP_BLOCKTIME=7ms env=EXPECT=7000
 * run+: env=KMP_BLOCKTIME=7d env=EXPECT=1000 expect-stderr="KMP_BLOCKTIME: 7d"
 * run+: policy=active env=KMP_BLOCKTIME=8 env=GOMP_SPINCOUNT=0 env=EXPECT=0
 * run+: policy=active env=KMP_BLOCKTIME=8 env=GOMP_SPINCOUNT=infinity env=EXPECT=1000000000
 * run+: policy=passive env=KMP_BLOCKTIME=8 env=GOMP_SPINCOUNT=0 env=GOMPX_SPIN_US=333 env=EXPECT=333 */
#include "include/gompx.h"
#include "tests/omp/check.h"

#pragma weak gompx_set_spin_us
#pragma weak gompx_get_spin_us

enum { NAP_US = 150000 };

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* CPU seconds that the team's other threads use while this one sleeps between two regions. */
static double idle_cost(void)
{
    double before;

#pragma omp parallel
    check_work(10);
    before = cpu_seconds();
    check_sleep_us(NAP_US);
    return cpu_seconds() - before;
}

static void a_team_works(void)
{
    long sum = 0;

    for (int round = 0; round < 50; round++) {
#pragma omp parallel for reduction(+ : sum)
        for (int i = 0; i < 100; i++)
            sum += i;
    }
    CHECK_EQ(sum, 50 * 4950);
}

static void spins_always(void)
{
    gompx_set_spin_us(GOMPX_SPIN_ALWAYS);
    CHECK_EQ(gompx_get_spin_us(), GOMPX_SPIN_ALWAYS);
    a_team_works();
    for (int i = 0; idle_cost() < NAP_US / 1e6 / 6; i++)    /* the CPU may be shared with others */
        CHECK(i < 10);
}

/* The worker has been spinning when the call comes, and no region tells it. */
static void sleeps_when_told(long us)
{
    double before;

    spins_always();
    gompx_set_spin_us(us);
    CHECK_EQ(gompx_get_spin_us(), us);
    check_sleep_us(20000);
    before = cpu_seconds();
    check_sleep_us(NAP_US);
    CHECK(cpu_seconds() - before < NAP_US / 1e6 / 10);
    a_team_works();
    CHECK(idle_cost() < NAP_US / 1e6 / 10);
}

static void members_change_it(void)
{
#pragma omp parallel num_threads(4)
    for (int i = 0; i < 200; i++) {
        static const long values[] = { 0, GOMPX_SPIN_ALWAYS, 100, 5 };

        gompx_set_spin_us(values[(i + omp_get_thread_num()) % 4]);
#pragma omp barrier
    }
    a_team_works();
}

int main(void)
{
    CHECK(gompx_set_spin_us && gompx_get_spin_us);
    CHECK_EQ(gompx_get_spin_us(), atoi(getenv("EXPECT")));
    a_team_works();
    gompx_set_spin_us(5000000000);
    CHECK_EQ(gompx_get_spin_us(), 1000000000);
    sleeps_when_told(0);
    sleeps_when_told(1000);
    members_change_it();
    return 0;
}
