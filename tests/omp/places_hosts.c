/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Threads of the program that meet regions: they sit on the first place, or, with a mask that they have inherited from a bound
 * thread, on that one's place; their teams use all places.  Their workers go back to the pool and take up the seats of their
 * next team.
 *
 * run: threads=4 opt=2 pin=no policy=default
 * run+: env=PLACES=a,b env=MOST=2
 * run+: env=PLACES=a,b gompx-only="libgomp 12 leaves some threads on old places when a team of more threads than places grows"
 * run+: env=PLACES=b,a,ab env=BIND=spread
 * run+: env=PLACES=ab,b env=BIND=primary
 * run+: env=PLACES=a,b,a,b,ab env=BIND=close
 * run+: env=BIND=false
 * run+: env=PLACES=a,b env=POOL=30 repeat=3 gompx-only="as above"
 * run+: env=PLACES=a,b env=MOST=2 env=POOL=30
 */
#include "tests/omp/places.h"

static int places;                      /* 0: nothing is bound */

static void team_is_right(int threads, int primary)
{
    int told[16];

#pragma omp parallel num_threads(threads)
    {
        int me = omp_get_thread_num(), first, count;

        told[me] = omp_get_place_num();
        if (places)
            places_here(&first, &count);
        else
            CHECK_EQ(places_mask(), CPU_AB);
    }
    for (int t = 0; t < threads && places; t++)
        if (omp_get_proc_bind() == omp_proc_bind_primary)
            CHECK_EQ(told[t], primary);
        else if (threads <= places && omp_get_proc_bind() != omp_proc_bind_spread)
            CHECK_EQ(told[t], (primary + t) % places);
    if (places)
        CHECK_EQ(told[0], primary);
}

static void *regions(void *threads)
{
    team_is_right(2, 0);
    team_is_right(*(int *)threads, 0);
    team_is_right(2, 0);
    return NULL;
}

static void run_thread(void *(*body)(void *), void *arg)
{
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, body, arg) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void several_at_once(int threads)
{
    pthread_t thread[3];

    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&thread[i], NULL, regions, &threads) == 0);
    team_is_right(threads, 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(thread[i], NULL) == 0);
}

/* Not bound by gompx, and the mask is that of nobody who is: the creator's own. */
static void *unpin_and_go(void *threads)
{
    places_mask_set(CPU_AB);
    team_is_right(*(int *)threads, 0);
    CHECK_EQ(places_mask(), places ? places_of(0) : CPU_AB);
    return NULL;
}

static void *one_thread_only(void *unused)
{
    (void)unused;
    places_mask_set(CPU_AB);
#pragma omp parallel num_threads(1)
    CHECK_EQ(places_mask(), places ? places_of(0) : CPU_AB);
    return NULL;
}

int main(int argc, char **argv)
{
    int threads, rounds = getenv("POOL") ? atoi(getenv("POOL")) : 3;

    (void)argc;
    places_start(argv);
    places = omp_get_num_places();
    for (int i = 0; i < rounds; i++) {
        threads = 2 + i % (getenv("MOST") ? atoi(getenv("MOST")) - 1 : 4);
        run_thread(regions, &threads);
        team_is_right(threads, 0);
        run_thread(regions, &threads);
        run_thread(unpin_and_go, &threads);
        run_thread(one_thread_only, NULL);
        several_at_once(threads);
    }
    return 0;
}
