/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Of 32 steps, one sleeps for 1 to 200 us, two yield, and the others go on: enough to shift threads against each other, and
 * little enough that most protocols still meet in the middle. */
#include "sync/step.h"

#include "sync/atomic.h"

#ifdef GOMPX_STEPS

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

static struct {
    _Atomic(gompx_step_hook *) hook;
    _Atomic unsigned seed, threads;
} step = { .seed = 1 };

static __thread struct { unsigned seed; uint32_t state; } draw;

static __attribute__((constructor)) void step_load(void)
{
    const char *seed = getenv("GOMPX_STEP_SEED");

    if (seed)
        gompx_step_seed((unsigned)strtoul(seed, NULL, 10));
}

void gompx_step_set(gompx_step_hook *hook)
{
    atomic_store_explicit(&step.hook, hook, memory_order_release);
}

void gompx_step_seed(unsigned seed)
{
    atomic_store_explicit(&step.threads, 0, memory_order_relaxed);
    atomic_store_explicit(&step.seed, seed, memory_order_release);
}

static uint32_t draw_next(unsigned seed)
{
    if (draw.seed != seed) {
        draw.seed = seed;
        draw.state = seed * 2654435761u + atomic_fetch_add_explicit(&step.threads, 1, memory_order_relaxed) * 40503u;
        draw.state |= draw.state == 0;
    }
    draw.state ^= draw.state << 13;
    draw.state ^= draw.state >> 17;
    draw.state ^= draw.state << 5;
    return draw.state;
}

static void pause_at_random(void)
{
    unsigned seed = atomic_load_explicit(&step.seed, memory_order_acquire);
    uint32_t r = seed ? draw_next(seed) : 31;
    int saved = errno;

    if (r % 32 == 0) {
        struct timespec t = { 0, (long)(1 + r / 32 % 200) * 1000 };

        nanosleep(&t, NULL);
    } else if (r % 32 <= 2) {
        sched_yield();
    }
    errno = saved;
}

void gompx_step(const char *file, char letter)
{
    gompx_step_hook *hook = atomic_load_explicit(&step.hook, memory_order_acquire);

    if (!hook || !hook(file, letter))
        pause_at_random();
}

#endif
