/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_SCHEDULE decides what schedule(runtime) does and what omp_get_schedule returns.
 *
 * run: opt=2 threads=1,3,4 pin=no policy=passive
 * run+: env=OMP_SCHEDULE=static env=WANT_KIND=1 env=WANT_CHUNK=0
 * run+: env=OMP_SCHEDULE=static,5 env=WANT_KIND=1 env=WANT_CHUNK=5
 * run+: env=OMP_SCHEDULE=dynamic env=WANT_KIND=2 env=WANT_CHUNK=1
 * run+: env=OMP_SCHEDULE=DYNAMIC,3 env=WANT_KIND=2 env=WANT_CHUNK=3
 * run+: "env=OMP_SCHEDULE= guided , 4 " env=WANT_KIND=3 env=WANT_CHUNK=4
 * run+: env=OMP_SCHEDULE=auto env=WANT_KIND=4 env=WANT_CHUNK=1
 * run+: env=OMP_SCHEDULE=monotonic:dynamic,7 env=WANT_KIND=2 env=WANT_CHUNK=7 env=WANT_MONOTONIC=1
 * run+: env=OMP_SCHEDULE=nonmonotonic:guided,2 env=WANT_KIND=3 env=WANT_CHUNK=2 env=WANT_MONOTONIC=0
 * run+: env=OMP_SCHEDULE=dynamic,0 env=WANT_KIND=2 env=WANT_CHUNK=1
 * run+: env=OMP_SCHEDULE=wrong env=WANT_KIND=2 env=WANT_CHUNK=1 expect-stderr=OMP_SCHEDULE
 * run+: env=WANT_KIND=2 env=WANT_CHUNK=1 */
#include "check.h"

enum { TRIPS = 200 };

int main(void)
{
    omp_sched_t kind;
    int chunk, ran[TRIPS] = { 0 }, owner[TRIPS];
    int wanted_kind = atoi(getenv("WANT_KIND")), wanted_chunk = atoi(getenv("WANT_CHUNK"));

    omp_get_schedule(&kind, &chunk);
    CHECK_EQ((unsigned)kind & 0x7fffffff, wanted_kind);
    CHECK_EQ(chunk, wanted_chunk);
    if (getenv("WANT_MONOTONIC") != NULL)
        CHECK_EQ(((unsigned)kind & 0x80000000u) != 0, atoi(getenv("WANT_MONOTONIC")));
    for (int round = 0; round < 10; round++)
#pragma omp parallel
    {
        int before = -1;
#pragma omp for schedule(runtime)
        for (int i = 0; i < TRIPS; i++) {
            ran[i]++;
            owner[i] = omp_get_thread_num();
            if (getenv("WANT_MONOTONIC") != NULL && atoi(getenv("WANT_MONOTONIC")))
                CHECK(i > before);
            before = i;
        }
    }
    for (int i = 0; i < TRIPS; i++) {
        CHECK_EQ(ran[i], 10);
        if (wanted_kind == 1 && wanted_chunk > 0)
            CHECK_EQ(owner[i], i / wanted_chunk % omp_get_max_threads());
        if (wanted_kind == 2 && i % wanted_chunk != 0)
            CHECK_EQ(owner[i], owner[i - 1]);
    }
    return 0;
}
