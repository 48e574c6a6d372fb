/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Before the first region nothing is bound, however gompx came into the process (a real libgomp beside it binds the main thread
 * at load); then the main thread is, to the first place, even by a region of one thread.  hwloc is not loaded before it is
 * needed.
 *
 * run: threads=4 opt=2 pin=no policy=default
 * run: gompx-only="libgomp binds the main thread at load"
 * run+: env=PLACES=a,b
 * run+: env=PLACES=b,a env=BIND=spread,close env=FIRST=1
 * run+: env=PLACES=a,b env=BIND=primary env=FIRST=1
 * run+: env=BIND=true
 * run+: env=AFFINITY=b,a
 * run+: env=BIND=close env=NAME=cores
 * run+: env=PLACES=a,b env=BIND=false
 * run+: env=FIRST=1 */
#include "tests/omp/places.h"

static int mapped(const char *name)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    int found = 0;

    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps))
        found |= strstr(line, name) != NULL;
    fclose(maps);
    return found;
}

static void *inherit(void *unused)
{
    (void)unused;
    CHECK_EQ(places_mask(), CPU_AB);
    return NULL;
}

static void nothing_is_bound_yet(void)
{
    pthread_t thread;

    CHECK_EQ(omp_get_num_procs(), 2);
    CHECK_EQ(places_mask(), CPU_AB);
    CHECK(pthread_create(&thread, NULL, inherit, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

/* A question does not bind either. */
static void answers_are_those_of_the_first_region(int places)
{
    CHECK_EQ(omp_get_num_places(), places);
    CHECK_EQ(omp_get_place_num(), places ? 0 : -1);
    CHECK_EQ(omp_get_partition_num_places(), places);
    CHECK_EQ(places_mask(), CPU_AB);
}

int main(int argc, char **argv)
{
    int first = getenv("FIRST") ? 1 : 2, bound;

    (void)argc;
    if (getenv("NAME") && !getenv("PLACES_READY"))
        CHECK(setenv("OMP_PLACES", getenv("NAME"), 1) == 0);
    places_start(argv);
    bound = omp_get_proc_bind() != omp_proc_bind_false;
    nothing_is_bound_yet();
    CHECK(!mapped("libhwloc"));
    if (!getenv("NAME"))
        answers_are_those_of_the_first_region(bound ? 2 : 0);
#pragma omp parallel num_threads(first)
    CHECK_EQ(places_mask(), bound ? places_of(omp_get_place_num()) : CPU_AB);
    CHECK_EQ(places_mask(), bound ? places_of(0) : CPU_AB);
    if (getenv("AFFINITY"))
        CHECK_EQ(places_of(0), CPU_B);
    CHECK_EQ(omp_get_num_procs(), 2);
    if (!getenv("NAME"))
        CHECK(!mapped("libhwloc"));
    return 0;
}
