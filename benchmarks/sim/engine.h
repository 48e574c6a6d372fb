/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Cache lines that travel between threads, one event after the other.
 *
 * The model.  A line has one owner, the thread that wrote it last, and copies with threads that have read it since.
 *   - A thread that has the line to itself writes it at no cost but `op`; one that has a copy reads it at no cost.
 *   - A thread that has just got a line may use it again before it is passed on.
 *   - Any other access is a request.  A line serves one after the other: `fifo` in the order in which they came, `random`
 *     whichever it happens to be.
 *   - A write (read-modify-write or store) takes `op` and the latency from the owner or from the farthest copy, whichever is
 *     longer; the copies are gone then.
 *   - All reads that wait when one is served are served with it, `reply` after each other, each with its latency from
 *     the owner; writes wait for the last.
 *   - A thread that waits for a line to reach a value reads it once, keeps a copy, and reads it again each time that copy
 *     is gone.
 *   - Stores are posted: the thread goes on; only its next read-modify-write waits for them.
 * Left out: everything else.  No other traffic, no caches that are full, no home nodes, no time for the program's own instructions
 * but `op`, a CPU for each thread. */
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "benchmarks/sim/machine.h"

enum { SIM_THREADS = 1024 };

enum sim_order { SIM_RANDOM, SIM_FIFO };

struct sim_costs {
    double op, reply;                   /* ns */
    enum sim_order order;
};

struct sim;

/* What a thread does next: one call of a function below; `seen` is what its last read-modify-write found.  `pc` and `round` are
 * the thread's own. */
struct sim_thread {
    unsigned pc;
    uint32_t round;
    unsigned at;                        /* where it is in a tree, or the like */
    double finished;                    /* when it ended */
    /* The engine's. */
    bool rmw, exchange, held;           /* its next write; `held`: waits for its own stores */
    unsigned line, stores;
    uint32_t value, seen;
};
typedef void sim_step(struct sim *s, unsigned thread, struct sim_thread *t, uint32_t seen);

struct sim *sim_new(const struct sim_machine *m, const struct sim_costs *costs, unsigned threads, unsigned lines);
void sim_free(struct sim *s);

/* Lets all threads begin with pc == 0, at once, but thread `late` (or none: SIM_THREADS) when the others have nothing to do
 * any more, and returns when all have ended: how many ns after the last one began.  Lines stay where they are from run to run. */
double sim_run(struct sim *s, sim_step *step, void *context, unsigned late);

void *sim_context(struct sim *s);
struct sim_thread *sim_thread(struct sim *s, unsigned thread);
double sim_now(const struct sim *s);
uint64_t sim_transfers(const struct sim *s);    /* requests served since sim_new() */

/* For the steps; each ends the thread's turn, but for the store. */
void sim_add(struct sim *s, unsigned thread, unsigned line, uint32_t value);
void sim_exchange(struct sim *s, unsigned thread, unsigned line, uint32_t value);
void sim_store(struct sim *s, unsigned thread, unsigned line, uint32_t value);
void sim_wait(struct sim *s, unsigned thread, unsigned line, uint32_t value);  /* until the line has reached it */
void sim_end(struct sim *s, unsigned thread);

#endif
