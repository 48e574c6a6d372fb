/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Regions, tasks, leagues and threads around the lines of a script.
 *
 * Team sizes that depend on chance or harm the machine are replaced: with dyn-var set a region is asked for with one
 * thread (the load average decides otherwise), and a region or league without a number gets THREADS_MAX if it would get
 * more. */
#include "tests/abi/diff/block.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/abi/diff/value.h"

enum { THREADS_MAX = 3, FLAG_DETACH = 0x2000 };

struct block {
    struct place *outer;
    const char *name;
    unsigned first, last;               /* lines */
    int slot;                           /* detach: where the handle goes */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int next;                           /* the member whose turn it is */
};

static struct {
    void (*parallel)(void (*fn)(void *), void *data, unsigned threads, unsigned flags);
    void (*task)(void (*fn)(void *), void *data, void (*copy)(void *, void *), long size, long align, bool now, unsigned flags,
                 void **depend, int priority, void *detach);
    void (*taskwait)(void);
    void (*teams)(void (*fn)(void *), void *data, unsigned teams, unsigned limit, unsigned flags);
    int (*thread_num)(void), (*num_threads)(void), (*team_num)(void), (*num_teams)(void), (*max_threads)(void), (*max_teams)(void),
        (*dynamic)(void);
} entry;

static void *find(void *library, const char *name)
{
    void *p = dlsym(library, name);

    if (p == NULL) {
        fprintf(stderr, "worker: the library has no %s\n", name);
        _Exit(99);
    }
    return p;
}

void block_open(void *library)
{
    entry.parallel = find(library, "GOMP_parallel");
    entry.task = find(library, "GOMP_task");
    entry.taskwait = find(library, "GOMP_taskwait");
    entry.teams = find(library, "GOMP_teams_reg");
    entry.thread_num = find(library, "omp_get_thread_num");
    entry.num_threads = find(library, "omp_get_num_threads");
    entry.team_num = find(library, "omp_get_team_num");
    entry.num_teams = find(library, "omp_get_num_teams");
    entry.max_threads = find(library, "omp_get_max_threads");
    entry.max_teams = find(library, "omp_get_max_teams");
    entry.dynamic = find(library, "omp_get_dynamic");
}

/* ---- turns ---- */

static void turn_await(struct block *b, int member)
{
    pthread_mutex_lock(&b->lock);
    while (b->next < member)
        pthread_cond_wait(&b->moved, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

static void turn_pass(struct block *b)
{
    pthread_mutex_lock(&b->lock);
    b->next++;
    pthread_cond_broadcast(&b->moved);
    pthread_mutex_unlock(&b->lock);
}

/* ---- bodies ---- */

static void lines_of(struct block *b, int member, int members)
{
    struct place place = { .depth = b->outer->depth + 1 };

    snprintf(place.path, sizeof place.path, "%.100s%s%d.", b->outer->path, b->name, member);
    printf("%s begins: %d of %d\n", place.path, member, members);
    lines_run(&place, b->first, b->last);
}

/* Nobody goes on to the region's end, where it might run tasks of others, before all have run their lines. */
static void region_body(void *data)
{
    struct block *b = data;
    int member = entry.thread_num(), members = entry.num_threads();

    turn_await(b, member);
    lines_of(b, member, members);
    turn_pass(b);
    turn_await(b, members);
}

/* Teams may come one after the other or side by side. */
static void league_body(void *data)
{
    struct block *b = data;

    turn_await(b, entry.team_num());
    lines_of(b, entry.team_num(), entry.num_teams());
    turn_pass(b);
}

static void task_body(void *data)
{
    struct block *b = *(struct block **)data;

    lines_of(b, 0, 1);
}

struct detached {
    uintptr_t event;                    /* first, as compiled code has it */
    struct block *block;
};

static void detach_body(void *data)
{
    struct detached *d = data;

    value_slots[d->block->slot] = d->event;
    lines_of(d->block, 0, 1);
}

static void *thread_body(void *data)
{
    lines_of(data, 0, 1);
    return NULL;
}

/* ---- blocks ---- */

static void parallel_run(struct block *b, unsigned threads, unsigned flags)
{
    if (entry.dynamic())
        threads = 1;
    else if (threads > THREADS_MAX || (threads == 0 && entry.max_threads() > THREADS_MAX))
        threads = THREADS_MAX;
    entry.parallel(region_body, b, threads, flags);
}

static void thread_run(struct block *b)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, thread_body, b) != 0) {
        fprintf(stderr, "worker: no thread\n");
        _Exit(99);
    }
    pthread_join(thread, NULL);
}

static void detach_run(struct block *b, unsigned slot, bool deferred)
{
    struct detached d = { 0, b };
    uintptr_t event;

    b->slot = (int)(slot % SLOTS);
    entry.task(detach_body, &d, NULL, sizeof d, _Alignof(struct detached), deferred, FLAG_DETACH, NULL, 0, &event);
    entry.taskwait();
}

void block_run(struct place *place, char **words, unsigned count, unsigned first, unsigned last)
{
    struct block b = { .outer = place, .name = words[0], .first = first, .last = last, .lock = PTHREAD_MUTEX_INITIALIZER,
                       .moved = PTHREAD_COND_INITIALIZER };
    unsigned one = count > 1 ? (unsigned)strtoul(words[1], NULL, 0) : 0;
    unsigned two = count > 2 ? (unsigned)strtoul(words[2], NULL, 0) : 0;

    if (strcmp(words[0], "parallel") == 0) {
        parallel_run(&b, one, two);
    } else if (strcmp(words[0], "task") == 0) {
        entry.task(task_body, &(struct block *){ &b }, NULL, sizeof(struct block *), 8, one, two, NULL, 0, NULL);
        entry.taskwait();
    } else if (strcmp(words[0], "detach") == 0) {
        detach_run(&b, one, two);
    } else if (strcmp(words[0], "teams") == 0) {
        entry.teams(league_body, &b, one == 0 && entry.max_teams() > THREADS_MAX ? THREADS_MAX : one, two, 0);
    } else {
        thread_run(&b);
    }
}
