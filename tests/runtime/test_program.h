/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Random programs of tasks with dependences, run by one thread, and the order that they have to keep: computed for each pair from
 * the rules of the specification, without any table. */
#ifndef GOMPX_TESTS_RUNTIME_TEST_PROGRAM_H
#define GOMPX_TESTS_RUNTIME_TEST_PROGRAM_H

#include <sched.h>
#include <stdatomic.h>

#include "tests/runtime/test_gomp.h"

enum { PROGRAM_STEPS = 80, PROGRAM_ITEMS = 6, PROGRAM_ADDRESSES = 400 };

enum { KIND_IN = 1, KIND_OUT, KIND_INOUT, KIND_MUTEX, KIND_SET };

/* UNDEFERRED: if(0).  WAIT: taskwait depend; NOWAIT: the same with nowait, a task that does nothing. */
enum program_what { STEP_TASK, STEP_UNDEFERRED, STEP_WAIT, STEP_NOWAIT };

struct program_item { unsigned address, kind; bool everything, object; };

struct program_step {
    enum program_what what;
    bool held;                          /* detached, and fulfilled at last */
    unsigned n;
    struct program_item item[PROGRAM_ITEMS];
    void *array[5 + PROGRAM_ITEMS];     /* the ABI's, in either layout */
    void *object[PROGRAM_ITEMS][2];
    struct program *program;
    unsigned work;
    _Atomic unsigned begun, ended, runs;    /* moments on the program's clock */
};

struct program {
    unsigned n, addresses;
    struct program_step step[PROGRAM_STEPS];
    bool before[PROGRAM_STEPS][PROGRAM_STEPS];
    char place[PROGRAM_ADDRESSES];
    _Atomic unsigned clock, complete;
    uint32_t random;
};

static inline uint32_t program_draw(struct program *p, uint32_t below)
{
    p->random = p->random * 1664525u + 1013904223u;
    return (p->random >> 8) % below;
}

/* ---- the rules ---- */

static inline bool program_is_set(const struct program_item *a, const struct program_item *b)
{
    return a->kind == b->kind && (a->kind == KIND_IN || a->kind == KIND_SET);
}

/* The later of two tasks waits for the earlier one.  mutexinoutset excludes; here it also keeps the order. */
static inline bool program_conflict(const struct program_step *a, const struct program_step *b)
{
    for (unsigned i = 0; i < a->n; i++)
        for (unsigned j = 0; j < b->n; j++) {
            const struct program_item *x = &a->item[i], *y = &b->item[j];

            if (x->everything || y->everything || (x->address == y->address && !program_is_set(x, y)))
                return true;
        }
    return false;
}

/* The creator itself stops there: what comes later is created later. */
static inline bool program_is_stop(const struct program_step *s)
{
    return s->what == STEP_UNDEFERRED || s->what == STEP_WAIT;
}

static inline void program_order(struct program *p)
{
    for (unsigned j = 0; j < p->n; j++)
        for (unsigned i = j; i-- > 0;) {
            p->before[i][j] = program_is_stop(&p->step[i]) || program_conflict(&p->step[i], &p->step[j]);
            for (unsigned k = i + 1; k < j; k++)
                p->before[i][j] |= p->before[i][k] && p->before[k][j];
        }
}

/* ---- making one ---- */

static inline void program_item_make(struct program *p, struct program_item *item)
{
    item->address = program_draw(p, p->addresses);
    item->kind = 1 + program_draw(p, 5);
    if (program_draw(p, 3) == 0)
        item->kind = KIND_IN;
    item->everything = program_draw(p, 60) == 0;
    if (item->everything)
        item->kind = KIND_OUT + program_draw(p, 2);
    item->object = item->kind == KIND_SET || program_draw(p, 4) == 0;
}

static inline bool program_is_out(const struct program_item *item)
{
    return item->kind == KIND_OUT || item->kind == KIND_INOUT;
}

static inline void *program_place(struct program *p, const struct program_item *item)
{
    return item->everything ? NULL : &p->place[item->address];
}

/* The items of the group, in their order: out and inout, mutexinoutset, in, objects. */
static inline unsigned program_group(struct program *p, struct program_step *s, int group, void **at)
{
    unsigned n = 0;

    for (unsigned i = 0; i < s->n; i++) {
        const struct program_item *item = &s->item[i];
        int of = item->object ? 3 : program_is_out(item) ? 0 : item->kind == KIND_MUTEX ? 1 : 2;

        if (of != group)
            continue;
        s->object[i][0] = program_place(p, item);
        s->object[i][1] = (void *)(uintptr_t)item->kind;
        at[n++] = of == 3 ? (void *)s->object[i] : s->object[i][0];
    }
    return n;
}

static inline void program_array_make(struct program *p, struct program_step *s)
{
    void **at = s->array + 5;
    unsigned n[4];

    for (int group = 0; group < 4; group++)
        at += n[group] = program_group(p, s, group, at);
    if (s->n > 0 && n[1] + n[3] == 0 && program_draw(p, 2)) {       /* the old layout knows no others */
        memmove(s->array + 2, s->array + 5, s->n * sizeof *s->array);
        s->array[0] = (void *)(uintptr_t)s->n;
        s->array[1] = (void *)(uintptr_t)n[0];
        return;
    }
    s->array[0] = NULL;
    s->array[1] = (void *)(uintptr_t)s->n;
    for (int group = 0; group < 3; group++)
        s->array[2 + group] = (void *)(uintptr_t)n[group];
}

/* `hold`: one task is complete only when the creator says so; no stop of the creator may wait for it. */
static inline void program_make(struct program *p, uint32_t seed, unsigned steps, unsigned addresses, bool hold)
{
    unsigned held;

    memset(p, 0, sizeof *p);
    p->random = seed;
    p->n = steps;
    p->addresses = addresses;
    held = program_draw(p, steps / 2 + 1);
    for (unsigned i = 0; i < steps; i++) {
        struct program_step *s = &p->step[i];
        unsigned what = program_draw(p, 20);

        s->program = p;
        s->work = program_draw(p, 100);
        s->n = program_draw(p, PROGRAM_ITEMS + 1);
        s->n = s->n > 3 && program_draw(p, 2) ? 1 : s->n;
        for (unsigned k = 0; k < s->n; k++)
            program_item_make(p, &s->item[k]);
        program_array_make(p, s);
        s->held = hold && i == held;
        s->what = s->held ? STEP_TASK : what == 0 ? STEP_UNDEFERRED : what == 1 ? STEP_WAIT : what == 2 ? STEP_NOWAIT : STEP_TASK;
    }
    program_order(p);
    for (unsigned i = held + 1; hold && i < steps; i++)
        if (p->before[held][i] && program_is_stop(&p->step[i])) {
            p->step[i].what = STEP_TASK;
            program_order(p);
            i = held;
        }
}

/* ---- running it ---- */

static inline void program_work(const struct program_step *s)
{
    if (s->work == 0)
        sched_yield();
    for (volatile unsigned i = 0; i < s->work; i++)
        continue;
}

static inline void program_body(void *data)
{
    struct program_step *s = *(struct program_step **)((char *)data + sizeof(uintptr_t));

    atomic_store(&s->begun, 1 + atomic_fetch_add(&s->program->clock, 1));
    atomic_fetch_add(&s->runs, 1);
    program_work(s);
    if (s->held)
        return;
    atomic_store(&s->ended, 1 + atomic_fetch_add(&s->program->clock, 1));
    atomic_fetch_add(&s->program->complete, 1);
}

static inline uintptr_t program_step_run(struct program_step *s)
{
    struct { uintptr_t handle; struct program_step *step; } data = { 0, s };
    uintptr_t handle = 0;

    switch (s->what) {
    case STEP_WAIT:
        GOMP_taskwait_depend(s->array);
        atomic_store(&s->begun, 1 + atomic_fetch_add(&s->program->clock, 1));
        break;
    case STEP_NOWAIT:
        GOMP_taskwait_depend_nowait(s->array);
        break;
    default:
        GOMP_task(program_body, &data, NULL, sizeof data, sizeof(void *), s->what == STEP_TASK, DEPEND | (s->held ? DETACH : 0),
                  s->array, 0, s->held ? (void *)&handle : NULL);
    }
    return handle;
}

/* So many bodies must end although the held task is not complete. */
static inline unsigned program_free_ones(const struct program *p, unsigned held)
{
    unsigned n = 0;

    for (unsigned i = 0; i < p->n; i++)
        n += i != held && !p->before[held][i] && (p->step[i].what == STEP_TASK || p->step[i].what == STEP_UNDEFERRED);
    return n;
}

/* Creates all tasks; with a held one, runs what does not depend on it and lets it go.  Nothing is waited for.  False: some that
 * should have been free did not run within 10 s. */
static inline bool program_run(struct program *p)
{
    unsigned held = p->n;
    uintptr_t handle = 0;
    bool good = true;

    for (unsigned i = 0; i < p->n; i++) {
        uintptr_t h = program_step_run(&p->step[i]);

        if (p->step[i].held) {
            held = i;
            handle = h;
        }
    }
    if (held == p->n)
        return true;
    for (unsigned ms = 0; good && atomic_load(&p->complete) < program_free_ones(p, held);) {
        GOMP_taskyield();
        if (atomic_load(&p->complete) < program_free_ones(p, held)) {
            test_sleep_ms(1);
            good = ++ms < 10000;
        }
    }
    good &= atomic_load(&p->complete) == program_free_ones(p, held);
    atomic_store(&p->step[held].ended, 1 + atomic_fetch_add(&p->clock, 1));
    omp_fulfill_event(handle);
    return good;
}

/* When all tasks are complete: says what is wrong, or NULL. */
static inline const char *program_check(const struct program *p)
{
    static __thread char text[100];

    for (unsigned j = 0; j < p->n; j++) {
        const struct program_step *s = &p->step[j];

        if (s->runs != (s->what == STEP_TASK || s->what == STEP_UNDEFERRED)) {
            snprintf(text, sizeof text, "step %u ran %u times", j, s->runs);
            return text;
        }
        for (unsigned i = 0; i < j && s->what != STEP_NOWAIT; i++)
            if (p->before[i][j] && p->step[i].runs && p->step[i].ended > s->begun) {
                snprintf(text, sizeof text, "step %u began at %u, before step %u ended at %u", j, s->begun, i, p->step[i].ended);
                return text;
            }
    }
    return NULL;
}

#endif
