/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * bind-var at each level: elements of OMP_PROC_BIND, clauses, what tasks and inner regions inherit, and that regions obey.
 *
 * run: threads=4 opt=2 pin=no policy=default
 * run+: env=PLACES=a,b,a,b env=BIND=spread,primary,close env=OUTER=spread env=INNER=primary env=THIRD=close env=CLAUSE=primary
 * run+: env=PLACES=a,b,a,b env=BIND=close,spread env=OUTER=close env=INNER=spread env=THIRD=spread env=CLAUSE=spread
 * run+: env=PLACES=a,b,a,b env=BIND=primary env=OUTER=primary env=INNER=primary env=THIRD=primary env=CLAUSE=spread
 * run+: env=PLACES=a,b,a,b env=OUTER=true env=INNER=true env=THIRD=true env=CLAUSE=spread gompx-only="libgomp 12 leaves a mask behind"
 * run+: env=BIND=true env=OUTER=true env=INNER=true env=THIRD=true env=CLAUSE=spread
 * run+: env=PLACES=a,b env=BIND=false env=OUTER=false env=INNER=false env=THIRD=false env=CLAUSE=false
 * run+: env=OUTER=false env=INNER=false env=THIRD=false env=CLAUSE=false */
#include "tests/omp/places.h"

/* Value of a variable as a policy.  CLAUSE: inside a region with the clause proc_bind(spread). */
static int policy(const char *variable)
{
    static const char *const words[] = { "false", "true", "primary", "close", "spread" };
    const char *word = getenv(variable);

    for (int i = 0; i < 5; i++)
        if (word && strcmp(word, words[i]) == 0)
            return i;
    CHECK(!"a policy");
    return -1;
}

static void levels_have_their_policies(void)
{
    CHECK_EQ(omp_get_proc_bind(), policy("OUTER"));
#pragma omp parallel num_threads(2)
    {
        CHECK_EQ(omp_get_proc_bind(), policy("INNER"));
#pragma omp parallel num_threads(2)
        {
            CHECK_EQ(omp_get_proc_bind(), policy("THIRD"));
#pragma omp task
            CHECK_EQ(omp_get_proc_bind(), policy("THIRD"));
        }
#pragma omp parallel num_threads(1)
        CHECK_EQ(omp_get_proc_bind(), policy("THIRD"));
        CHECK_EQ(omp_get_proc_bind(), policy("INNER"));
    }
    CHECK_EQ(omp_get_proc_bind(), policy("OUTER"));
}

static void a_clause_lasts_as_long_as_its_region(void)
{
#pragma omp parallel num_threads(2) proc_bind(spread)
    {
        CHECK_EQ(omp_get_proc_bind(), policy("CLAUSE"));
#pragma omp task
        CHECK_EQ(omp_get_proc_bind(), policy("CLAUSE"));
    }
    CHECK_EQ(omp_get_proc_bind(), policy("OUTER"));
#pragma omp parallel num_threads(1) proc_bind(spread)
    CHECK_EQ(omp_get_proc_bind(), policy("CLAUSE"));
#pragma omp parallel num_threads(2)
    CHECK_EQ(omp_get_proc_bind(), policy("INNER"));
#pragma omp parallel for num_threads(2) schedule(dynamic) proc_bind(spread)
    for (int i = 0; i < 10; i++)
        CHECK_EQ(omp_get_proc_bind(), policy("CLAUSE"));
#pragma omp parallel sections num_threads(2) proc_bind(spread)
    {
        CHECK_EQ(omp_get_proc_bind(), policy("CLAUSE"));
#pragma omp section
        CHECK_EQ(omp_get_proc_bind(), policy("CLAUSE"));
    }
}

/* Where the threads of inner regions are: `as` the policy of the region, on the partition of its primary. */
static void inner_regions_obey(void)
{
    if (omp_get_num_places() != 4)
        return;
#pragma omp parallel num_threads(2)
    {
        int first, count, at = omp_get_place_num(), as = policy("INNER");

        places_here(&first, &count);
        CHECK_EQ(count, policy("OUTER") == omp_proc_bind_spread ? 2 : 4);
#pragma omp parallel num_threads(2)
        {
            int mine, parts, me = omp_get_thread_num();

            places_here(&mine, &parts);
            if (as == omp_proc_bind_primary)
                CHECK_EQ(omp_get_place_num(), at);
            else if (as == omp_proc_bind_spread)
                CHECK_EQ(parts, count / 2);
            else
                CHECK_EQ(omp_get_place_num(), first + (at - first + me) % count);
        }
    }
}

static void without_binding_there_are_no_places(void)
{
    if (policy("OUTER") != omp_proc_bind_false)
        return;
    CHECK_EQ(omp_get_num_places(), 0);
#pragma omp parallel num_threads(3) proc_bind(close)
    {
        CHECK_EQ(omp_get_place_num(), -1);
        CHECK_EQ(omp_get_partition_num_places(), 0);
        CHECK_EQ(places_mask(), CPU_AB);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    places_start(argv);
    omp_set_max_active_levels(3);
    for (int i = 0; i < 3; i++) {
        levels_have_their_policies();
        a_clause_lasts_as_long_as_its_region();
        inner_regions_obey();
        without_binding_there_are_no_places();
    }
    return 0;
}
