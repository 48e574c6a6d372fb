/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Tasks: what an implicit and an explicit task carry with them, how their ends are counted, taskgroups, and the waits.
 * How explicit tasks come about stands in runtime/spawn.h; how a team finds and finishes them in runtime/phase.h.
 *
 * Kinds of explicit tasks by where their record lies:
 *   on the stack   undeferred and included tasks, GOMPX_TASK_ON_STACK: run inside the construct, nobody else knows them.
 *   in a slab      deferred tasks, and undeferred ones that got a deferred child and therefore may outlive their
 *                  construct as somebody's parent (GOMPX_TASK_PROMOTED).
 *
 * Counting children.  A task is waited for by its parent (taskwait) and its taskgroup.  The parent's record counts
 *
 *   outstanding children = kids + (pend >> 2)          pend = count << 2 | ENDED | WAITER
 *
 *   kids   private to the thread that runs the parent: + 1 for each child created, - 1 for each that this thread finished
 *   pend   all others, by RMW: - 4 for each child finished elsewhere; kids are moved into it when the count must be exact
 *
 *   thread of the parent                              another thread, finished a child
 *   (A) wait:  kids + (pend >> 2) == 0: done          (D) r = runner of the parent
 *   (B) sleep: nap = ARMED;                           (E) v = fetch_sub(pend, 4) - 4              [acq_rel]
 *              v = fetch_add(pend, kids << 2 | WAITER);   v >> 2 == 0 and WAITER: wake r
 *              kids = 0; v counts 0: done                 v >> 2 == 0 and ENDED: free the parent
 *   (C) end:   outstanding: runner = none;
 *              fetch_add(pend, kids << 2 | ENDED); counts 0: free
 *
 * Each of the two terms alone may be anything; the sum is right because a child is counted by its creator before it can be run.
 * Exact only when kids == 0, which is when WAITER or ENDED is set: so whoever brings the count to 0 then is the last.
 * Between (E) and its wake-up the parent may be gone: the thread r is type-stable.  A child that ran where its parent runs
 * costs no atomic at all, one that was stolen a single RMW.
 *
 * Counting a taskgroup.  `pend` counts its unfinished members likewise, but members may be created by any of its tasks.  Each
 * thread keeps a private credit for one group at a time: + 1 per member created, - 1 per member finished, added to pend when
 * it turns to another group, finds no more work or goes back into a task of another group.  So
 *
 *   unfinished members = pend + sum of all credits          the opener waits for    pend + its own credit == 0
 *
 * which is right if nobody else's credit is ever positive: then there are no more members than it sees.  A thread that would get
 * above 0 therefore first draws on pend: pend + 32, credit - 32.  Source: Mattern, 1987 (credit). */
#ifndef GOMPX_RUNTIME_TASK_H
#define GOMPX_RUNTIME_TASK_H

#include "runtime/icv.h"
#include "sync/atomic.h"
#include "sync/slab.h"

struct gompx_depend_node;
struct gompx_depend_table;
struct gompx_event;
struct gompx_frame;
struct gompx_thread;

enum gompx_task_flags {
    GOMPX_TASK_EXPLICIT = 1,
    GOMPX_TASK_FINAL = 2,               /* all descendants are included tasks */
    GOMPX_TASK_ON_STACK = 4,
    GOMPX_TASK_PROMOTED = 8,            /* was on the stack; not counted by parent, group or team */
    GOMPX_TASK_OWN_ICVS = 16,           /* `own` comes from malloc */
    GOMPX_TASK_COPIED = 64,             /* copy constructors have run: cancellation does not discard it */
    GOMPX_TASK_DETACH = 128,            /* complete when the event is fulfilled as well */
    GOMPX_TASK_CLASS_SHIFT = 28,        /* above: class of the slab that the record comes from */
};

enum { GOMPX_PEND_WAITER = 1, GOMPX_PEND_ENDED = 2, GOMPX_PEND_ONE = 4 };

/* One taskgroup, open in the task that started it; on the stack or in the thread of its owner. */
struct gompx_taskgroup {
    struct gompx_taskgroup *outer;      /* the enclosing one of the same task, or that of the creating task */
    uintptr_t *reductions;              /* innermost active registration (runtime/reduce.h), or NULL */
    struct gompx_thread *opener;        /* who waits at its end */
    bool workshare;                     /* of a worksharing construct with task reductions: cancel looks further out */
    bool allocated;                     /* comes from malloc: freed at its end */
    _Atomic uint32_t cancelled;         /* set once; read by all tasks of the group */
    alignas(GOMPX_CACHE_LINE) _Atomic int64_t pend;     /* unfinished members << 2 | WAITER */
};

/* The data environment's control variables are copied on write: `icv` points at a block that nobody changes while this
 * task can read it (the task's own, that of a task outside the region, the initial one). */
struct gompx_task {
    /* Of a task on the stack only parent, group, icv, flags, depth and own are valid.
     * Line 0.  The creator writes; then the thread that runs it.  parent, depth and the generations are also read by thieves,
     * who may look at a record that has been freed: relaxed atomics, and type-stable memory. */
    alignas(64) void (*fn)(void *);
    void *arg;
    struct gompx_task *_Atomic parent;  /* the task that created this one; NULL for an initial task.  It may be gone when
                                         * parent_gen is not its gen any more */
    struct gompx_taskgroup *group;      /* innermost taskgroup, or NULL */
    const struct gompx_icvs *icv;
    uint32_t flags;                     /* enum gompx_task_flags */
    _Atomic uint32_t depth;             /* 0 for implicit tasks */
    int32_t kids;
    union {
        uint32_t base;                  /* mark of its thread's deque when it began: what lies above are descendants */
        int32_t priority;               /* before it begins */
    };
    _Atomic uint32_t gen, parent_gen;   /* gen: grows each time the record is freed */
    /* Line 1.  Shared by those who finish its children. */
    alignas(64) _Atomic int64_t pend;
    struct gompx_thread *_Atomic runner;    /* who runs it; NULL before and after */
    struct gompx_icvs *own;             /* room for its own control variables, or NULL */
    struct gompx_slab *slab;            /* where the record comes from */
    void *block;                        /* argument block from malloc, or NULL; PROMOTED: the record on the stack */
    union {
        struct gompx_depend_table *table;   /* of its children, or NULL */
        struct gompx_task *next;        /* in a queue (runtime/taskqueue.h), before it runs */
    };
    struct gompx_depend_node *node;     /* its own dependences, or NULL */
    struct gompx_event *event;          /* valid if DETACH */
};

static_assert(sizeof(struct gompx_task) == 128, "two lines, then the arguments");

enum { GOMPX_TASK_GROUPS = 8 };         /* taskgroups open at once in a thread without malloc */

/* What a thread keeps for its tasks; private to it, all zero at first. */
struct gompx_task_local {
    struct gompx_taskgroup *credit_group;
    int64_t credit;                     /* of credit_group, not yet in its pend */
    char *stack_low, *stack_high;       /* runtime/stack.h */
    void *stack_spare;
    struct gompx_depend_table *table_spare; /* runtime/depend.c */
    uint32_t victim;                    /* member robbed last with success, and */
    uint64_t robbed_at;                 /* ... when; ticks, 0: looked since */
    uint64_t gap, look_at, created_seen;    /* runtime/search.c: how long not to look, when next, what was seen last */
    uint32_t seed;
    uint32_t groups_used;               /* groups[0 ... used) are open: a thread's groups end in reverse order */
    struct gompx_taskgroup groups[GOMPX_TASK_GROUPS];
};

struct gompx_icvs *gompx_task_icvs_copy(struct gompx_task *task) GOMPX_COLD;

/* The task's own control variables, for writing.  Only by the thread that runs the task. */
static inline struct gompx_icvs *gompx_task_icvs_own(struct gompx_task *task)
{
    return task->own && task->icv == task->own ? task->own : gompx_task_icvs_copy(task);
}

/* By which nestable locks know their owner: the same from the task's beginning to its end. */
static inline const void *gompx_task_identity(const struct gompx_task *task)
{
    return gompx_unlikely(task->flags & GOMPX_TASK_PROMOTED) ? task->block : task;
}

/* A task of another thread is about to be run here: its lines may come all at once instead of one after the other. */
static inline void gompx_task_prefetch(const struct gompx_task *task)
{
    __builtin_prefetch(task, 1);
    __builtin_prefetch(&task->pend, 1);
    __builtin_prefetch(task + 1, 1);
}

/* Runs a deferred task that the calling thread has taken. */
void gompx_task_run(struct gompx_frame *f, struct gompx_task *task);

/* The task that was current has ended on the stack, and was PROMOTED: its record stays as long as its children need it. */
void gompx_task_retire(struct gompx_frame *f, struct gompx_task *task);

/* The body of a detached task is over: its record stays for its children, and for the event until gompx_task_release().  `f` as
 * for gompx_task_complete(). */
void gompx_task_hold(struct gompx_frame *f, struct gompx_task *task);
void gompx_task_release(struct gompx_frame *f, struct gompx_task *task);

/* A task is complete (body ended, event fulfilled): its successors are released, parent and group are told.  `f`: the frame
 * of the member that runs it; NULL: a detached task, completed by any thread at all. */
void gompx_task_complete(struct gompx_frame *f, struct gompx_task *task);

/* A record for a deferred child of `parent`, all but fn and arg, of a class of the slab; NULL: no memory.  `parent` is the
 * current task after gompx_spawn_parent(), or that of the current task, a part of whose work the new one takes over; group and
 * control variables are the current task's. */
struct gompx_task *gompx_task_new(struct gompx_frame *f, struct gompx_task *parent, unsigned class);

/* Gives up a record that was not yet counted. */
void gompx_task_discard(struct gompx_frame *f, struct gompx_task *task);

/* The current task gets a record in a slab.  NULL: no memory. */
struct gompx_task *gompx_task_promote(struct gompx_frame *f) GOMPX_COLD;

void gompx_task_credit_turn(struct gompx_task_local *local, struct gompx_taskgroup *group) GOMPX_COLD;
void gompx_task_credit_draw(struct gompx_task_local *local) GOMPX_COLD;
void gompx_task_credit_flush(struct gompx_task_local *local);

/* A member of `group` has been created, and is not yet known to others; has finished. */
static inline void gompx_task_credit_created(struct gompx_task_local *local, const struct gompx_thread *self,
                                             struct gompx_taskgroup *group)
{
    if (gompx_unlikely(local->credit_group != group))
        gompx_task_credit_turn(local, group);
    if (gompx_unlikely(local->credit >= 0 && group->opener != self))
        gompx_task_credit_draw(local);
    local->credit++;
}

static inline void gompx_task_credit_finished(struct gompx_task_local *local, struct gompx_taskgroup *group)
{
    if (gompx_unlikely(local->credit_group != group))
        gompx_task_credit_turn(local, group);
    local->credit--;
}

/* Opens a taskgroup in the current task: in the thread's memory, or in the caller's `group`, which must last till the
 * end. It begins with the task reductions that are active around it. */
struct gompx_taskgroup *gompx_task_group_start(struct gompx_frame *f);
void gompx_task_group_enter(struct gompx_frame *f, struct gompx_taskgroup *group);

/* Waits for all tasks of the current task's innermost taskgroup and closes it; nothing if there is none. */
void gompx_task_group_end(struct gompx_frame *f);

/* The table of its children's dependences, or NULL. */
static inline struct gompx_depend_table *gompx_task_table(const struct gompx_task *task)
{
    return task->flags & GOMPX_TASK_ON_STACK ? NULL : task->table;
}

/* Children of `task` that are not complete; by the thread that runs it. */
static inline int64_t gompx_task_outstanding(const struct gompx_task *task)
{
    if (task->flags & GOMPX_TASK_ON_STACK)
        return 0;                                       /* or it had been promoted */
    /* acquire pairs with (E): what the children did is visible when the count is 0 */
    return task->kids + (gompx_load_acq((_Atomic int64_t *)&task->pend) >> 2);
}

/* Waits for all children of the current task. */
void gompx_task_wait(struct gompx_frame *f);

/* taskyield: runs one task that may be run here, if there is one. */
void gompx_task_yield(struct gompx_frame *f);

#endif
