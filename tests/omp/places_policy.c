/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Each policy puts each thread where OpenMP 5.2, section 10.1.3, wants it, with the partition that it wants, at every team
 * size, in nested teams as well; and the kernel has been told.
 *
 * run: threads=4 opt=0,2 pin=no policy=default
 * run+: env=PLACES=a,b gompx-only="libgomp 12 leaves some threads on old places when a team of more threads than places grows"
 * run+: env=PLACES=a,b env=BIND=spread gompx-only="the same"
 * run+: env=PLACES=a,b env=SIZE=4
 * run+: env=PLACES=a,b env=BIND=spread env=SIZE=5
 * run+: env=PLACES=a,b env=BIND=primary env=SIZE=2
 * run+: env=PLACES=a,b,a,ab,b env=BIND=close
 * run+: env=PLACES=b,a,ab,a,b,b,a env=BIND=primary
 * run+: env=PLACES=ab env=BIND=true
 * run+: env=AFFINITY=b,a env=SIZE=2 */
#include "tests/omp/places.h"

enum { TEAM_MAX = 20 };

struct seat {
    int place, first, count;
};

static struct seat seen[TEAM_MAX], inner[2][TEAM_MAX];

static void note(struct seat *s)
{
    s->place = omp_get_place_num();
    places_here(&s->first, &s->count);
}

/* More threads than slots: groups of equal size, then one more for each of the first slots. */
static int slot_of(int tid, int threads, int slots)
{
    int each = threads / slots;

    return tid < each * slots ? tid / each : tid - each * slots;
}

static struct seat wanted(int bind, int threads, int tid, struct seat primary)
{
    struct seat s = primary;
    int parts = threads < primary.count ? threads : primary.count, at = primary.place - primary.first;
    int slot = threads <= primary.count ? tid : slot_of(tid, threads, primary.count);

    if (bind == omp_proc_bind_close) {
        s.place = primary.first + (at + slot) % primary.count;
    } else if (bind == omp_proc_bind_spread) {
        int larger = primary.count % parts, size = primary.count / parts, mine = 0, part;

        while ((mine + 1) * size + (mine + 1 < larger ? mine + 1 : larger) <= at)
            mine++;
        part = (mine + slot) % parts;
        s.first = primary.first + part * size + (part < larger ? part : larger);
        s.count = size + (part < larger);
        s.place = slot == 0 ? primary.place : s.first;
    }
    return s;
}

static void compare(const struct seat *seats, int bind, int threads, struct seat primary)
{
    for (int t = 0; t < threads; t++) {
        struct seat w = wanted(bind, threads, t, primary);

        if (seats[t].place != w.place || seats[t].first != w.first || seats[t].count != w.count)
            fprintf(stderr, "bind %d: thread %d of %d, primary on %d of [%d+%d]: on %d of [%d+%d], not on %d of [%d+%d]\n", bind, t,
                    threads, primary.place, primary.first, primary.count, seats[t].place, seats[t].first, seats[t].count,
                    w.place, w.first, w.count);
        CHECK(seats[t].place == w.place && seats[t].first == w.first && seats[t].count == w.count);
    }
}

static void region(int bind, int threads)
{
    switch (bind) {
    case omp_proc_bind_primary:
#pragma omp parallel num_threads(threads) proc_bind(primary)
        note(&seen[omp_get_thread_num()]);
        break;
    case omp_proc_bind_close:
#pragma omp parallel num_threads(threads) proc_bind(close)
        note(&seen[omp_get_thread_num()]);
        break;
    case omp_proc_bind_spread:
#pragma omp parallel num_threads(threads) proc_bind(spread)
        note(&seen[omp_get_thread_num()]);
        break;
    default:
#pragma omp parallel num_threads(threads)
        note(&seen[omp_get_thread_num()]);
        break;
    }
}

static int policy(int clause)
{
    int bind = clause ? clause : (int)omp_get_proc_bind();

    return bind == omp_proc_bind_true ? omp_proc_bind_close : bind;
}

static void sizes_and_policies(struct seat root)
{
    static const int clauses[] = { 0, omp_proc_bind_close, omp_proc_bind_spread, omp_proc_bind_primary, omp_proc_bind_spread };

    for (unsigned c = 0; c < sizeof clauses / sizeof clauses[0]; c++)
        for (int threads = 2; threads <= TEAM_MAX; threads += threads < 8 ? 1 : 4) {
            if (getenv("SIZE") && atoi(getenv("SIZE")) != threads)
                continue;
            region(clauses[c], threads);
            compare(seen, policy(clauses[c]), threads, root);
            region(clauses[c], threads);                /* once more, when nothing is left to do */
            compare(seen, policy(clauses[c]), threads, root);
        }
}

/* A policy that alternates between regions of one size moves the threads each time. */
static void policies_alternate(struct seat root)
{
    for (int i = 0; i < 20; i++) {
        int bind = i % 3 == 0 ? omp_proc_bind_spread : i % 3 == 1 ? omp_proc_bind_primary : omp_proc_bind_close;

        region(bind, 3);
        compare(seen, bind, 3, root);
    }
}

static void nested(struct seat root)
{
    omp_set_max_active_levels(2);
    for (int threads = 1; threads <= 6; threads++) {
        memset(inner, 0xff, sizeof inner);
#pragma omp parallel num_threads(2) proc_bind(spread)
        {
            int me = omp_get_thread_num();

            note(&seen[me]);
#pragma omp parallel num_threads(threads) proc_bind(close)
            note(&inner[me][omp_get_thread_num()]);
            CHECK_EQ(omp_get_partition_num_places(), seen[me].count);
#pragma omp barrier
#pragma omp parallel num_threads(threads) proc_bind(spread)
            note(&inner[!me][omp_get_thread_num()]);
        }
        compare(seen, omp_proc_bind_spread, 2, root);
        for (int i = 0; i < 2; i++)
            compare(inner[i], threads > 1 ? omp_proc_bind_spread : omp_proc_bind_primary, threads, seen[!i]);
    }
}

int main(int argc, char **argv)
{
    struct seat root;

    (void)argc;
    places_start(argv);
    root = (struct seat){ 0, 0, omp_get_num_places() };
    CHECK(root.count > 0);
    CHECK_EQ(omp_get_place_num(), 0);
    CHECK_EQ(omp_get_partition_num_places(), root.count);
    sizes_and_policies(root);
    policies_alternate(root);
    nested(root);
    CHECK_EQ(places_mask(), places_of(0));
    CHECK_EQ(omp_get_partition_num_places(), root.count);
    return 0;
}
