/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OMP_DISPLAY_AFFINITY: a line for each thread of the first region and of those whose threads are not where they were, in the
 * order of their numbers, with every field of the format.  Places: the two CPUs in ascending order.
 *
 * run: threads=2 opt=2 pin=no policy=default modes=path,preload env=OMP_DISPLAY_AFFINITY=true env=PLACES=a,b
 * run+: env=OMP_AFFINITY_FORMAT=%n/%N@%{nesting_level}^%a env=SCENE=sizes expect-stderr="^0/2@1\^0\n1/2@1\^0\n0/3@1\^0\n1/3@1\^0\n2/3@1\^0\n0/2@1\^0\n1/2@1\^0\n$"
 * run+: env=OMP_AFFINITY_FORMAT=%n:%A env=SCENE=policies expect-stderr="^0:([0-9]+)\n1:([0-9]+)\n0:\1\n1:\1\n0:\1\n1:\2\n$" gompx-only="libgomp does not tell of the way back"
 * run+: env=OMP_AFFINITY_FORMAT=%{team_num}.%T.%0.3L.%.4{thread_num}.%-x env=SCENE=one expect-exit=1 expect-stderr="unsupported type - in affinity format"
 * run+: env=OMP_AFFINITY_FORMAT=<%{team_num}.%T.%0.3L.%.4{thread_num}.%4N.%0.3a>%% env=SCENE=one expect-stderr="^<0\.1\.001\.   0\.2   \.000>%\n<0\.1\.001\.   1\.2   \.000>%\n$"
 * run+: env=OMP_AFFINITY_FORMAT=%P,%{process_id},%.12P,%0.12P,%i,%{native_thread_id},%0.20i env=SCENE=one expect-stderr="^([0-9]+),\1, *\1,0+\1,0x([0-9a-f]+),0x\2,0x0+\2\n\1,\1, *\1,0+\1,0x([0-9a-f]+),0x\3,0x0+\3\n$"
 * run+: env=OMP_AFFINITY_FORMAT=%H|%{host}|%2.2H env=SCENE=one expect-exit=1 expect-stderr="unsupported type \. in affinity format"
 * run+: env=OMP_AFFINITY_FORMAT=%H|%{host}|%.90H| env=SCENE=one expect-stderr="^([^|]+)\|\1\| +\1\|\n\1\|\1\| +\1\|\n$"
 * run+: env=OMP_AFFINITY_FORMAT=%{thread_affinity}|%6A|%.6A| env=SCENE=one expect-stderr="^([0-9]+)\|\1 +\| +\1\|\n([0-9]+)\|\2 +\| +\2\|\n$"
 * run+: env=OMP_AFFINITY_FORMAT=%L.%n.%a env=SCENE=nested expect-stderr="^1\.0\.0\n([12]\.[01]\.[01]\n){5}$"
 * run+: env=OMP_AFFINITY_FORMAT=%L.%n env=SCENE=deeper expect-stderr="^2\.0\n2\.1\n2\.0\n2\.1\n1\.0\n1\.1\n$"
 * run+: env=SCENE=one expect-stderr="^level 1 thread 0x[0-9a-f]+ affinity [0-9]+\nlevel 1 thread 0x[0-9a-f]+ affinity [0-9]+\n$"
 */
#include "tests/omp/places.h"

static int sum;

static void region(int threads)
{
#pragma omp parallel num_threads(threads) reduction(+ : sum)
    sum++;
}

static void sizes(void)
{
    region(2);
    region(2);
    region(3);
    region(3);
    region(2);
}

static void policies(void)
{
    region(2);
    for (int i = 0; i < 2; i++)
#pragma omp parallel num_threads(2) proc_bind(primary) reduction(+ : sum)
        sum++;
    region(2);
    region(2);
}

static void one(void)
{
    region(2);
    region(2);
}

static void nested(void)
{
    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
#pragma omp parallel num_threads(2) reduction(+ : sum)
    sum++;
}

/* The same threads at another level, which their lines tell. */
static void deeper(void)
{
    for (int i = 0; i < 2; i++)
#pragma omp parallel num_threads(1)
        region(2);
    region(2);
    region(2);
}

int main(int argc, char **argv)
{
    const char *scene = getenv("SCENE");

    (void)argc;
    places_start(argv);
    if (strcmp(scene, "sizes") == 0)
        sizes();
    else if (strcmp(scene, "policies") == 0)
        policies();
    else if (strcmp(scene, "nested") == 0)
        nested();
    else if (strcmp(scene, "deeper") == 0)
        deeper();
    else
        one();
    return 0;
}
