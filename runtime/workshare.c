/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Slots, and the constructs that need little more than a slot: sections, single, copyprivate, team memory.  The words and the
 * window rule stand in runtime/workshare.h. */
#include "runtime/workshare.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/reduce.h"
#include "runtime/schedule.h"
#include "runtime/team.h"

enum { PUBLISH_EVERY = 1 << 20 };       /* constructs that end in barriers publish nothing by themselves */
enum { EXECUTOR_PAUSES = 40 };          /* 0.4 us where PAUSE takes 11 ns: a poll of a long wait, and a transfer of a line */

/* Construct k may use its slot once all have left k - 16.  What a scan finds holds for some constructs to come. */
static GOMPX_COLD void window_wait(struct gompx_frame *f, uint32_t k)
{
    struct gompx_team *team = f->team;
    uint32_t need = k - GOMPX_SLOTS + 1, least = f->ws_seq;

    gompx_store_rel(&team->member[f->tid].ws_done, f->ws_seq);
    for (unsigned i = 0; i < f->nthreads; i++) {
        struct gompx_spin spin = gompx_spin_begin(&f->self->waiter);
        uint32_t done;

        while ((int32_t)((done = gompx_load_acq(&team->member[i].ws_done)) - need) < 0)
            gompx_wait_nap(&spin);                      /* acquire pairs with gompx_workshare_leave(): it uses the slot no more */
        gompx_spin_end(&spin);
        if ((int32_t)(done - least) < 0)
            least = done;
    }
    f->ws_limit = least + GOMPX_SLOTS;
}

void gompx_workshare_enter(struct gompx_frame *f, struct gompx_loop *loop)
{
    uint32_t k = f->ws_seq;

    if (gompx_unlikely((int32_t)(k - f->ws_limit) >= 0))
        window_wait(f, k);
    if (gompx_unlikely(k % PUBLISH_EVERY == 0))         /* else it would look ahead of others 2^31 constructs later */
        gompx_store_rel(&f->member->ws_done, k);
    f->ws_seq = k + 1;
    loop->k = k;
    loop->slot = &f->team->slots[k % GOMPX_SLOTS];
}

void gompx_workshare_leave(struct gompx_frame *f)
{
    if (f->team)
        gompx_store_rel(&f->member->ws_done, f->ws_seq);   /* pairs with window_wait() */
}

/* ---- once ----
 *
 *   word = k << 32 | k' << 2 | READY, k' = k mod 2^30; another k: nobody has claimed it for this construct
 *
 *   claimer                                     others
 *   (A) CAS(old k -> k, claimed)                (C) word == {k, READY} [acquire]: go
 *       write value, memory                     wait as in gompx_gate_wait()
 *   (B) gompx_gate_pass({k, READY})
 *
 * (C) reads from (B): it sees what the claimer wrote. */

static uint64_t once_word(uint32_t k, uint32_t state)
{
    return (uint64_t)k << 32 | (uint32_t)(k << 2) | state;
}

static bool once_claim(struct gompx_loop *loop)
{
    _Atomic uint64_t *once = &loop->slot->once.word;
    uint64_t seen = gompx_load_rlx(once);

    return (uint32_t)(seen >> 32) != loop->k && gompx_cas_rlx(once, &seen, once_word(loop->k, 0));  /* (A) */
}

void gompx_once_done(struct gompx_loop *loop)
{
    gompx_gate_pass(&loop->slot->once, once_word(loop->k, GOMPX_ONCE_READY));                       /* (B) */
}

bool gompx_once_begin(struct gompx_frame *f, struct gompx_loop *loop)
{
    if (once_claim(loop))
        return true;
    gompx_gate_wait(&loop->slot->once, once_word(loop->k, GOMPX_ONCE_READY), &f->self->waiter);    /* (C) */
    return false;
}

void *gompx_slot_memory(struct gompx_slot *slot, size_t bytes)
{
    if (bytes > slot->capacity) {
        free(slot->memory);
        slot->memory = gompx_lines_alloc(bytes);
        slot->capacity = bytes;
    }
    return slot->memory ? memset(slot->memory, 0, bytes) : NULL;
}

static void extras_alone(struct gompx_frame *f, uintptr_t *reductions, void **mem)
{
    if (mem)
        *mem = gompx_slot_memory(&f->self->serial_slot, (size_t)(uintptr_t)*mem);
    if (reductions)
        gompx_reduction_allocate(reductions, 1);
}

static void extras_shared(struct gompx_frame *f, uintptr_t *reductions, void **mem)
{
    struct gompx_loop *loop = &f->loop;
    struct gompx_slot *slot = loop->slot;

    if (gompx_once_begin(f, loop)) {
        if (mem)
            gompx_slot_memory(slot, (size_t)(uintptr_t)*mem);
        if (reductions)
            gompx_reduction_allocate(reductions, f->nthreads);
        slot->value = reductions;
        gompx_once_done(loop);
    } else if (reductions) {
        gompx_reduction_share(reductions, slot->value);
    }
    if (mem)
        *mem = slot->memory;
}

void gompx_workshare_extras(struct gompx_frame *f, uintptr_t *reductions, void **mem)
{
    if (!reductions && !mem)
        return;
    if (f->team)
        extras_shared(f, reductions, mem);
    else
        extras_alone(f, reductions, mem);
    if (reductions)
        gompx_reduction_open(f, reductions);
}

/* ---- sections: a loop over 1 ... count with the shared counter ---- */

void gompx_sections_init(struct gompx_frame *f, uint32_t count, bool extras)
{
    struct gompx_loop_args args = { .start = 1, .end = (uint64_t)count + 1, .incr = 1, .iters = count, .chunk = 1,
                                    .sched = GOMPX_SCHED_DYNAMIC, .slot = extras };

    gompx_loop_begin(f, &args);
    if (f->loop.kind == GOMPX_LOOP_ONE)                 /* a team of one: still section by section */
        f->loop.kind = count ? GOMPX_LOOP_ROUND : GOMPX_LOOP_NONE;
}

unsigned gompx_sections_next(struct gompx_frame *f)
{
    uint64_t start, end;

    return gompx_loop_next(f, &start, &end) ? (unsigned)start : 0;
}

/* ---- single ----
 *
 * The counter holds the number of single constructs won.  It rides in the line in which the threads arrive at the barrier:
 * most singles end with one, and then the line is there already (measured at T = 2: 317 ns with a line of its own, 155 so, and
 * 159 the barrier alone).  A thread that lost the last one looks before it swaps, and twice: it is likely to lose again, and a
 * look leaves the line with the winner; who won the last one swaps at once.  A thread that lags behind need not look at all
 * until it has caught up with what it saw last. */

bool gompx_single_shared(struct gompx_frame *f)
{
    _Atomic uint32_t *won = &f->team->barrier.rider;
    uint32_t n = f->single_n++;

    if ((int32_t)(n - f->single_seen) < 0)
        return false;
    if (!f->single_won) {
        f->single_seen = gompx_load_rlx(won);
        if (f->single_seen != n)
            return false;
        gompx_pause();
    }
    f->single_seen = n;
    f->single_won = gompx_load_rlx(won) == n && gompx_cas_rlx(won, &f->single_seen, n + 1);
    return f->single_won;
}

/* The thread that executed the last one should execute this one too: what the others copied from it then is still in their
 * caches.  But it is the others that leave the barrier in between first, so they let it go ahead for a moment. */
static void executor_first(const struct gompx_loop *loop)
{
    for (int i = 0; i < EXECUTOR_PAUSES; i++) {
        if ((uint32_t)(gompx_load_rlx(&loop->slot->once.word) >> 32) == loop->k)
            return;
        gompx_pause();
    }
}

void *gompx_single_copy_start(struct gompx_frame *f)
{
    struct gompx_loop *loop = &f->loop;

    if (!f->team)
        return NULL;
    gompx_workshare_enter(f, loop);
    if (!f->copy_executor)
        executor_first(loop);
    f->copy_executor = gompx_once_begin(f, loop);
    return f->copy_executor ? NULL : loop->slot->value;
}

/* The executor's body may contain a parallel region, not a work share: f->loop is still this construct's. */
void gompx_single_copy_end(struct gompx_frame *f, void *data)
{
    if (!f->team)
        return;
    f->loop.slot->value = data;
    gompx_once_done(&f->loop);
}
