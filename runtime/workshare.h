/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Work shares: the shared words of a loop, sections, copyprivate or scope construct, and each thread's private part.
 *
 * Every thread has the construct's parameters in its own arguments, so there is nothing to elect and nothing to publish:
 * what the team shares is one of 16 slots of words that need no initialisation.  Threads number the constructs that use a
 * slot alike (k = ws_seq); construct k uses slot k mod 16, and each word carries k, so that what an earlier construct left
 * there is recognised as old:
 *
 *   next   k << 32 | index of the next chunk           RMW by all; who finds another k starts from 0
 *   turn   k << 32 | chunk << 1                        written by the thread whose turn ends
 *   once   k << 32 | k' << 2 | READY                   k' = low bits of k; claimed by CAS, made READY by the claimer
 *
 * Window: slot k may be used while all threads have left construct k - 16.  After a barrier that holds for the 16 next
 * constructs (ws_limit); a thread that runs further ahead of nowait constructs looks at what the others have published in
 * `ws_done` (own line each, plain stores). */
#ifndef GOMPX_RUNTIME_WORKSHARE_H
#define GOMPX_RUNTIME_WORKSHARE_H

#include "sync/wait.h"
#include "sync/base.h"
#include "sync/deque.h"

struct gompx_frame;
struct gompx_team;

#define GOMPX_SLOTS 16u

enum { GOMPX_ONCE_READY = 2 };         /* bit 0 stays 0 */

struct gompx_slot {
    /* Line 0.  Any member, RMW per chunk. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t next;
    /* Line 1.  Ordered: the thread whose turn ends. */
    alignas(GOMPX_CACHE_LINE) struct gompx_gate turn;
    /* Line 2.  The claimer of `once` writes, the others read after READY. */
    alignas(GOMPX_CACHE_LINE) struct gompx_gate once;
    void *value;                        /* copyprivate: the executor's data; task reductions: the first thread's array */
    void *memory;                       /* team-shared scratch, cached: grows, is never given back */
    size_t capacity;                    /* of memory, bytes */
};

/* One member's own lines of a team. */
struct gompx_member {
    /* Line 0.  Owner and thieves: {tag:16, hi:24, lo:24} of the stealing loop `tag` (runtime/steal.c). */
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t range;
    /* Line 1.  Owner writes, threads far ahead read: number of constructs left. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint32_t ws_done;
    /* Lines 2, 3.  The deferred tasks that the member has made and nobody has begun; its count: created (runtime/phase.h). */
    struct gompx_deque deque;
    /* Line 4.  Owner writes; read when somebody asks whether the phase is over. */
    alignas(GOMPX_CACHE_LINE) _Atomic uint64_t executed;
    _Atomic uint32_t *_Atomic nap;      /* where the member sleeps, once it did */
};

/* How gompx_loop_next() finds the next chunk. */
enum gompx_loop_kind {
    GOMPX_LOOP_NONE,                    /* nothing more */
    GOMPX_LOOP_ONE,                     /* one thread, or one block: [lo, hi) once */
    GOMPX_LOOP_ROUND,                   /* static with a chunk size: every nthreads-th chunk */
    GOMPX_LOOP_COUNTER,                 /* dynamic, sections: the slot's counter */
    GOMPX_LOOP_STEAL,                   /* nonmonotonic dynamic: ranges with stealing */
    GOMPX_LOOP_REST,                    /* what is left of [lo, hi), then nothing */
    GOMPX_LOOP_GUIDED,                  /* the slot's counter, in iterations */
};

struct gompx_doacross;

/* The work share that a thread is in; private to it.  Bounds are kept modulo 2^64, whatever their type. */
struct gompx_loop {
    enum gompx_loop_kind kind;
    uint32_t k;                         /* number of the construct, when it has a slot */
    struct gompx_slot *slot;            /* NULL: this construct uses none */
    uint64_t start, end, incr;
    uint64_t iters;                     /* iterations in all */
    uint64_t chunk;                     /* iterations per chunk; guided: least size */
    uint64_t nchunks;
    uint64_t step;                      /* chunk * incr */
    uint32_t step_shift;                /* step == 1 << step_shift; 64: it is no power of two */
    uint64_t lo, hi;                    /* chunks that are mine already: [lo, hi) */
    uint64_t units;                     /* values that the shared counter takes */
    uint32_t shift;                     /* a unit is 2^shift chunks (guided: iterations) */
    uint32_t steal_j;                   /* number of the stealing loop, and ... */
    _Atomic uint64_t *range;            /* ... the thread's own range word */
    enum gompx_loop_kind simple;        /* the kind, where units are chunks and no order is kept: gompx_loop_next() has a
                                         * short way for COUNTER and STEAL; else NONE */
    bool ordered;
    bool has_turn;                      /* ordered: my chunk's turn has come and is not yet handed on */
    bool open_turn;                     /* ordered: a chunk was handed out whose turn is still to be handed on */
    uint64_t turn_lo, turn_hi;          /* its turn, and the next */
    struct gompx_doacross *doacross;    /* NULL: not a doacross loop, or one thread */
    _Atomic uint64_t *doacross_own;     /* where this thread posts, once known, and ... */
    uint64_t doacross_first;            /* ... the outer iteration from which it counts */
    uint64_t doacross_mine;             /* so many from there are all its own; 0: its own are not in one block */
};

/* Parameters of a loop as the entry points decode them. */
struct gompx_loop_args {
    uint64_t start, end, incr;
    uint64_t iters;
    uint64_t chunk;
    uint32_t sched;                     /* enum gompx_sched_kind, perhaps with GOMPX_SCHED_MONOTONIC; never runtime */
    bool nonmonotonic;                  /* any order of chunks will do */
    bool ordered;
    bool slot;                          /* the construct needs a slot whatever its schedule */
};

/* Takes the number and the slot of the next construct; team of more than one thread only. */
void gompx_workshare_enter(struct gompx_frame *f, struct gompx_loop *loop);

/* Leaves the construct without a barrier. */
void gompx_workshare_leave(struct gompx_frame *f);

/* The slot's once word: true for exactly one thread, which must call gompx_once_done(); the others return false when it
 * has, and see what it wrote. */
bool gompx_once_begin(struct gompx_frame *f, struct gompx_loop *loop);
void gompx_once_done(struct gompx_loop *loop);

/* `bytes` of zeroed memory in the current construct's slot, aligned to 64; by the thread that has begun `once`. */
void *gompx_slot_memory(struct gompx_slot *slot, size_t bytes);

/* The ABI's `reductions` and `mem` arguments, each perhaps NULL; the construct has its slot.  *mem holds a size on entry; on
 * return, the address of that much memory, the same in all threads of the team, zeroed once, valid until all have left the
 * construct.  `reductions`: this thread's task-reduction array (runtime/reduce.h), allocated by the first thread to come; opens
 * the construct's taskgroup. */
void gompx_workshare_extras(struct gompx_frame *f, uintptr_t *reductions, void **mem);

/* sections: numbers 1 ... count, each handed out once; 0: none left.  `extras`: gompx_workshare_extras() follows. */
void gompx_sections_init(struct gompx_frame *f, uint32_t count, bool extras);
unsigned gompx_sections_next(struct gompx_frame *f);

/* single, in a team of several: true for exactly one thread per construct (gompx_single() in runtime/thread.h). */
bool gompx_single_shared(struct gompx_frame *f);
/* single copyprivate: NULL for the executor, which calls gompx_single_copy_end(); for the others its data. */
void *gompx_single_copy_start(struct gompx_frame *f);
void gompx_single_copy_end(struct gompx_frame *f, void *data);

#endif
