/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A health system, simulated step by step: villages form a tree, each has inhabitants and a hospital with some staff.
 * In a step the villages below come first, one task each; then those whom they could not help arrive, the treated go
 * home, the examined are healed, treated or sent up, the waiting are seen if somebody is free, and some of the well
 * fall ill.  Every village draws its own random numbers and takes in arrivals in the order of the villages, so the
 * result does not depend on who simulates what.  `size` is the number of steps; villages that have fewer than `cut`
 * levels below them make no tasks. */
#include "tasks.h"

#include <stdlib.h>

enum {
    LEVELS = 5,
    BRANCHES = 4,
    PEOPLE = 48, /* of each village */
    EXAMINATION = 3, /* steps */
    TREATMENT = 8,
    ILL = 30, /* of 1000 well people in a step */
    HEALED = 600, /* of 1000 examined */
    SENT_UP = 200,
};

struct person {
    struct person *next;
    int steps_left;
};

struct list {
    struct person *first, **end;
};

struct village {
    struct village *below; /* BRANCHES of them, or NULL */
    struct list well, waiting, examined, treated, sent;
    uint64_t random;
    int level, staff; /* staff that is free */
    uint64_t waited, healed, passed_on;
};

struct health {
    int steps, cut, villages, people;
    uint64_t seed;
    struct village *all; /* all[0] is the top */
    struct person *everybody;
};

static void append(struct list *l, struct person *p)
{
    p->next = NULL;
    *l->end = p;
    l->end = &p->next;
}

static struct person *take_all(struct list *l)
{
    struct person *first = l->first;

    l->first = NULL;
    l->end = &l->first;
    return first;
}

static void found_village(struct health *h, struct village *v, int level)
{
    struct list *lists[] = {&v->well, &v->waiting, &v->examined, &v->treated, &v->sent};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        take_all(lists[i]);
    v->level = level;
    v->staff = 2 << level;
    v->random = tasks_random(&h->seed);
    v->waited = v->healed = v->passed_on = 0;
    for (int i = 0; i < PEOPLE; i++)
        append(&v->well, &h->everybody[h->people++]);
    v->below = NULL;
    if (level == 0)
        return;
    v->below = &h->all[h->villages];
    h->villages += BRANCHES;
    for (int i = 0; i < BRANCHES; i++)
        found_village(h, &v->below[i], level - 1);
}

static void reset(void *data)
{
    struct health *h = data;

    h->villages = 1;
    h->people = 0;
    h->seed = 6;
    found_village(h, h->all, LEVELS - 1);
}

static void *make(int size, int cut)
{
    struct health *h = tasks_memory(1, sizeof *h);
    size_t villages = 0, row = 1;

    h->steps = size;
    h->cut = cut;
    for (int i = 0; i < LEVELS; i++, row *= BRANCHES)
        villages += row;
    h->all = tasks_memory(villages, sizeof *h->all);
    h->everybody = tasks_memory(villages * PEOPLE, sizeof *h->everybody);
    return h;
}

/* ---- a step of one village ---- */

static int draw(struct village *v)
{
    return (int)((tasks_random(&v->random) >> 32) % 1000);
}

static void arrivals(struct village *v)
{
    for (int i = 0; v->below && i < BRANCHES; i++)
        for (struct person *p = take_all(&v->below[i].sent), *next; p; p = next) {
            next = p->next;
            append(&v->waiting, p);
        }
}

static void release_treated(struct village *v)
{
    for (struct person *p = take_all(&v->treated), *next; p; p = next) {
        next = p->next;
        if (--p->steps_left > 0) {
            append(&v->treated, p);
            continue;
        }
        v->staff++;
        v->healed++;
        append(&v->well, p);
    }
}

static void decide_on_examined(struct village *v)
{
    for (struct person *p = take_all(&v->examined), *next; p; p = next) {
        next = p->next;
        if (--p->steps_left > 0) {
            append(&v->examined, p);
            continue;
        }
        int luck = draw(v);
        if (luck < HEALED) {
            v->staff++;
            v->healed++;
            append(&v->well, p);
        } else if (luck < HEALED + SENT_UP && v->level < LEVELS - 1) {
            v->staff++;
            v->passed_on++;
            append(&v->sent, p);
        } else {
            p->steps_left = TREATMENT;
            append(&v->treated, p);
        }
    }
}

static void see_waiting(struct village *v)
{
    for (struct person *p = take_all(&v->waiting), *next; p; p = next) {
        next = p->next;
        if (v->staff == 0) {
            v->waited++;
            append(&v->waiting, p);
            continue;
        }
        v->staff--;
        p->steps_left = EXAMINATION;
        append(&v->examined, p);
    }
}

static void fall_ill(struct village *v)
{
    for (struct person *p = take_all(&v->well), *next; p; p = next) {
        next = p->next;
        append(draw(v) < ILL ? &v->waiting : &v->well, p);
    }
}

static void step_village(struct village *v)
{
    arrivals(v);
    release_treated(v);
    decide_on_examined(v);
    see_waiting(v);
    fall_ill(v);
}

/* ---- a step of all ---- */

static void step_serial(struct village *v)
{
    for (int i = 0; v->below && i < BRANCHES; i++)
        step_serial(&v->below[i]);
    step_village(v);
}

static void step_tasks(struct village *v, int cut)
{
    if (v->level < cut) {
        step_serial(v);
        return;
    }
    for (int i = 0; v->below && i < BRANCHES; i++) {
#pragma omp task firstprivate(v, i, cut)
        step_tasks(&v->below[i], cut);
    }
#pragma omp taskwait
    step_village(v);
}

static uint64_t serial(void *data)
{
    struct health *h = data;

    for (int i = 0; i < h->steps; i++)
        step_serial(h->all);
    return 0;
}

static uint64_t tasks(void *data)
{
    struct health *h = data;

    for (int i = 0; i < h->steps; i++)
        step_tasks(h->all, h->cut);
    return 0;
}

static uint64_t result(void *data)
{
    struct health *h = data;
    uint64_t hash = 0;

    for (int i = 0; i < h->villages; i++) {
        struct village *v = &h->all[i];
        hash = tasks_mix(hash ^ v->waited) + tasks_mix(v->healed) + tasks_mix(v->passed_on + 1);
    }
    return hash;
}

static int length(const struct list *l)
{
    int n = 0;

    for (const struct person *p = l->first; p; p = p->next)
        n++;
    return n;
}

/* Nobody is lost, and all who are looked after keep a member of the staff busy. */
static void verify(void *data, uint64_t hash)
{
    struct health *h = data;
    int people = 0;

    (void)hash;
    for (int i = 0; i < h->villages; i++) {
        struct village *v = &h->all[i];
        int busy = length(&v->examined) + length(&v->treated);
        people += busy + length(&v->well) + length(&v->waiting) + length(&v->sent);
        if (v->staff + busy != 2 << v->level)
            bench_fail("health: village %d has %d of %d staff", i, v->staff + busy, 2 << v->level);
        if (v->level == 1 && v->healed == 0)
            bench_fail("health: village %d never healed anybody", i);
    }
    if (people != h->people)
        bench_fail("health: %d people of %d", people, h->people);
}

const struct kernel kernel_health_fine = {
    "health_fine", "341 villages, 80 steps, a task per village", make, reset, serial, tasks, result, verify, 80, 0};
const struct kernel kernel_health_cut = {
    "health_cut", "341 villages, 240 steps, a task per 21 villages", make, reset, serial, tasks, result, verify,
    240, 3};
