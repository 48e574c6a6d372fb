/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * ordered: chunks take turns in the order of their numbers.
 *
 *   turn = k << 32 | number << 1                 number of the chunk whose turn it is, modulo 2^31
 *
 * Chunk 0 of construct k need not wait, so a word that still belongs to an older construct means "turn 0".  Who must wait
 * makes it {k, 0} first: sleepers compare only the low half, which an older construct may have left at the very number that
 * will be passed next; from {k, 0} on it only grows.  (Nobody is left in the older construct, and chunk 0 passes by an
 * exchange, whatever it finds.)  A thread that has
 * chunk c hands on turn c+1 when it asks for another chunk or leaves, whether it met an ordered region or not.  At most T
 * chunks are handed out and not finished, so numbers modulo 2^31 cannot be confused.
 * Cost: a hand-over moves one line; those who wait poll it, and of those who sleep only the next is woken. */
#include "runtime/schedule.h"
#include "runtime/team.h"

static uint64_t turn_word(const struct gompx_loop *loop, uint64_t number)
{
    return (uint64_t)loop->k << 32 | (uint32_t)(number << 1);
}

void gompx_ordered_chunk(struct gompx_loop *loop, uint64_t lo, uint64_t hi)
{
    loop->open_turn = true;
    loop->has_turn = lo == 0;
    loop->turn_lo = lo;
    loop->turn_hi = hi;
}

static void turn_claim(struct gompx_loop *loop)
{
    uint64_t seen = gompx_load_rlx(&loop->slot->turn.word);

    while ((uint32_t)(seen >> 32) != loop->k)
        if (gompx_cas_rlx(&loop->slot->turn.word, &seen, turn_word(loop, 0)))    /* publishes nothing */
            return;
}

static inline void turn_wait(struct gompx_frame *f, struct gompx_loop *loop)
{
    if (loop->has_turn)
        return;
    turn_claim(loop);
    gompx_gate_wait(&loop->slot->turn, turn_word(loop, loop->turn_lo), &f->self->waiter);
    loop->has_turn = true;
}

void gompx_ordered_wait(struct gompx_frame *f)
{
    struct gompx_loop *loop = &f->loop;

    if (loop->ordered && loop->open_turn)
        turn_wait(f, loop);
}

void gompx_ordered_release(struct gompx_frame *f, struct gompx_loop *loop)
{
    if (!loop->open_turn)
        return;
    turn_wait(f, loop);
    loop->open_turn = false;
    gompx_gate_pass(&loop->slot->turn, turn_word(loop, loop->turn_hi));
}
