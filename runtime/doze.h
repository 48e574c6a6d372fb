/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Members of a team that find no task: what they do until they sleep, how they sleep, and who wakes them. */
#ifndef GOMPX_RUNTIME_DOZE_H
#define GOMPX_RUNTIME_DOZE_H

#include "runtime/team.h"

/* Wakes a member that sleeps in the set of those who want tasks, if there is one and a CPU for it. */
void gompx_doze_wake_one(struct gompx_frame *f) GOMPX_COLD;

/* Wakes whoever sleeps among members[0 ... n).  The caller has changed what they wait for. */
void gompx_doze_wake_all(struct gompx_member *members, unsigned n) GOMPX_COLD;

/* One sleep: arm; tell whomever it waits for and look a last time; gompx_doze(), or not; end.  `offer`: tasks that come up are worth
 * a wake-up. */
void gompx_doze_arm(struct gompx_frame *f, bool offer);
void gompx_doze(struct gompx_frame *f, long *ms);
void gompx_doze_end(struct gompx_frame *f);

/* gompx_doze() with a limit: *ms milliseconds, twice as many the next time, up to 64. */
void gompx_doze_ms(struct gompx_frame *f, long *ms);

/* A wait that begins when a search has failed and ends with the next task: most searches do not fail. */
struct gompx_lull {
    bool on;
    long ms;                            /* of gompx_doze() */
    uint64_t until;                     /* of a spin in a crowd; 0: not begun */
    struct gompx_spin spin;
};

static inline void gompx_lull_end(struct gompx_lull *lull)
{
    if (lull->on)
        gompx_spin_end(&lull->spin);
    lull->on = false;
}

/* A search has failed.  True: look again; false: sleep. */
bool gompx_lull_once(struct gompx_frame *f, struct gompx_lull *lull);

#endif
