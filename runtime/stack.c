/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * [stack_low, stack_high) of a thread is the part of its present stack on which a call may start; both are 0 at first. */
#include "runtime/stack.h"

#include <pthread.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { PIECE = 8 << 20 };               /* bytes, of address space: only what is touched costs memory */

/* One piece; lies at its upper end. */
struct piece {
    ucontext_t caller, callee;
    void *memory;
    size_t bytes;
    void (*fn)(void *);
    void *arg;
};

static void limits_set(struct gompx_task_local *local, char *low, char *high)
{
    local->stack_low = low + (high - low) / 4;
    local->stack_high = high;
}

/* The thread's own stack, as the system made it. */
static bool limits_find(struct gompx_task_local *local)
{
    pthread_attr_t attr;
    void *low;
    size_t bytes;
    bool found;

    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return false;
    found = pthread_attr_getstack(&attr, &low, &bytes) == 0;
    pthread_attr_destroy(&attr);
    if (found)
        limits_set(local, low, (char *)low + bytes);
    return found;
}

static struct piece *piece_new(void)
{
    long page = sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    struct piece *piece;

    if (memory == MAP_FAILED)
        return NULL;
    mprotect(memory, (size_t)page, PROT_NONE);
    piece = (struct piece *)(memory + PIECE - ((sizeof *piece + 63) & ~(size_t)63));
    piece->memory = memory;
    piece->bytes = PIECE;
    return piece;
}

void gompx_stack_drop(struct gompx_task_local *local)
{
    struct piece *piece = local->stack_spare;

    if (piece)
        munmap(piece->memory, piece->bytes);
    local->stack_spare = NULL;
}

static void piece_main(unsigned high, unsigned low)
{
    struct piece *piece = (struct piece *)((uintptr_t)high << 16 << 16 | low);

    piece->fn(piece->arg);
}

static void call_on(struct gompx_task_local *local, struct piece *piece, void (*fn)(void *), void *arg)
{
    char *low = local->stack_low, *high = local->stack_high;
    uintptr_t number = (uintptr_t)piece;

    piece->fn = fn;
    piece->arg = arg;
    getcontext(&piece->callee);
    piece->callee.uc_stack.ss_sp = piece->memory;
    piece->callee.uc_stack.ss_size = (size_t)((char *)piece - (char *)piece->memory);
    piece->callee.uc_link = &piece->caller;
    makecontext(&piece->callee, (void (*)(void))piece_main, 2, (unsigned)(number >> 16 >> 16), (unsigned)number);
    limits_set(local, piece->memory, (char *)piece);
    swapcontext(&piece->caller, &piece->callee);
    local->stack_low = low;
    local->stack_high = high;
}

void gompx_stack_call_slow(struct gompx_task_local *local, void (*fn)(void *), void *arg)
{
    char *here = __builtin_frame_address(0);
    struct piece *piece;

    if (!local->stack_high && !limits_find(local))
        local->stack_high = (char *)UINTPTR_MAX;        /* unknown: never look again */
    /* Above the limit, or on a stack that the program made itself and of which nothing is known. */
    if (here >= local->stack_low || here < local->stack_low - (local->stack_high - local->stack_low) / 3) {
        fn(arg);
        return;
    }
    piece = local->stack_spare;
    local->stack_spare = NULL;
    if (!piece)
        piece = piece_new();
    if (!piece) {
        fn(arg);                                        /* no memory: as far as the stack reaches */
        return;
    }
    call_on(local, piece, fn, arg);
    if (local->stack_spare)
        munmap(piece->memory, piece->bytes);
    else
        local->stack_spare = piece;
}
