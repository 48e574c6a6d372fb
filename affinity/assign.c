/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Dealing places out to a team.  Source: OpenMP 5.2, section 10.1.3; where it leaves the numbers open, as GNU libgomp
 * does, so that programs tuned for it find their threads where they were. */
#include "affinity/place.h"

#include "sync/base.h"

/* More threads than slots: every slot gets nthreads / slots threads of consecutive numbers, and the threads that are
 * left over follow, one for each slot again. */
static unsigned slot_of(unsigned tid, unsigned nthreads, unsigned slots)
{
    unsigned each = nthreads / slots;

    return tid < each * slots ? tid / each : tid - each * slots;
}

/* CLOSE: thread i sits i slots after the primary thread, going round within the part. */
static struct gompx_seat seat_close(unsigned nthreads, unsigned tid, struct gompx_seat primary)
{
    unsigned slot = nthreads <= primary.count ? tid : slot_of(tid, nthreads, primary.count);
    struct gompx_seat seat = primary;

    seat.place = primary.first + (primary.place - primary.first + slot) % primary.count;
    return seat;
}

/* SPREAD: the part is cut into as many as there are threads, the first `larger` of them one place larger than the
 * others; the primary thread stays where it is, the others sit on the first place of their own. */
static struct gompx_seat seat_spread(unsigned nthreads, unsigned tid, struct gompx_seat primary)
{
    unsigned parts = nthreads < primary.count ? nthreads : primary.count;
    unsigned size = primary.count / parts, larger = primary.count % parts;
    unsigned offset = primary.place - primary.first;
    unsigned mine = offset < larger * (size + 1) ? offset / (size + 1) : larger + (offset - larger * (size + 1)) / size;
    unsigned slot = nthreads <= primary.count ? tid : slot_of(tid, nthreads, parts);
    unsigned part = (mine + slot) % parts;
    struct gompx_seat seat;

    seat.first = primary.first + part * size + (part < larger ? part : larger);
    seat.count = size + (part < larger);
    seat.place = slot == 0 ? primary.place : seat.first;
    return seat;
}

struct gompx_seat gompx_place_assign(enum gompx_bind bind, unsigned nthreads, unsigned tid, struct gompx_seat primary)
{
    gompx_assert(tid < nthreads && primary.count > 0 && primary.place - primary.first < primary.count);
    switch (bind) {
    case GOMPX_BIND_PRIMARY:
        return primary;
    case GOMPX_BIND_SPREAD:
        return seat_spread(nthreads, tid, primary);
    default:
        return seat_close(nthreads, tid, primary);
    }
}
