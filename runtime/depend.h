/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Task dependences (OpenMP 5.2, 15.9.5).
 *
 * A task that has them, or that others depend on, has a node.  The parent's table leads from an address to the nodes of the
 * last tasks that named it; only the thread that runs the parent looks at the table, so it has no lock.
 *
 *   npred   predecessors that are not complete << 1 | WAITER; the creator holds one while it enters the task
 *   succ    list of links to successors, or CLOSED when the task is complete
 *
 *   creator of the successor s                        thread that completes the predecessor p
 *   (A) npred(s) += 2                                 (C) list = exchange(succ(p), CLOSED)     [acq_rel]
 *   (B) CAS(succ(p): head -> link)   [release]            for each s in it:
 *       CLOSED: npred(s) -= 2, no edge                (D) v = fetch_sub(npred(s), 2) - 2       [acq_rel]
 *   (E) all entered: npred(s) -= 2 [acq_rel]; 0: ready        0: s is ready: push it, or wake who waits
 *
 * Each edge is either found by (C) or refused at (B), because both are RMWs of one word: so it is counted down once.  s is
 * ready when the count is 0, which one of (D), (E) sees.  Its thread acquires all that the predecessors did: (D) and (E) are
 * RMWs of one word, and a refused (B) acquires what (C) released.
 *
 * A link lies in the memory of the successor's node, which lives until the successor is complete, hence longer than any
 * predecessor needs it; a predecessor's node lives until its task is complete and no table mentions it (`refs`).
 * Cost: one CAS per edge, one fetch_sub per edge, one exchange per task. */
#ifndef GOMPX_RUNTIME_DEPEND_H
#define GOMPX_RUNTIME_DEPEND_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/atomic.h"

struct gompx_depend_node;
struct gompx_frame;
struct gompx_slab;
struct gompx_task;
struct gompx_task_local;
struct gompx_thread;

struct gompx_depend_link {
    struct gompx_depend_link *next;
    struct gompx_depend_node *node;
};

enum { GOMPX_DEPEND_LINKS = 8 };        /* in a node; more come in blocks */

struct gompx_depend_node {
    _Atomic uint32_t npred;
    _Atomic uint32_t refs;              /* the task, until it is complete, and mentions in the table */
    struct gompx_depend_link *_Atomic succ;
    struct gompx_task *task;            /* who becomes ready; NULL: somebody waits, `waiter` */
    struct gompx_thread *waiter;
    struct gompx_slab *slab;            /* where the node comes from; NULL: the stack */
    struct gompx_depend_block *blocks;  /* further links */
    uint32_t links_used;
    struct gompx_depend_link links[GOMPX_DEPEND_LINKS];
};

enum gompx_depend_result { GOMPX_DEPEND_READY, GOMPX_DEPEND_BLOCKED, GOMPX_DEPEND_NO_MEMORY };

/* A new child of the current task, with the ABI's array (either layout): gives it a node.  BLOCKED: it will be pushed by its last
 * predecessor, perhaps already has been.  NO_MEMORY: after gompx_await(CHILDREN) all its predecessors are complete. */
enum gompx_depend_result gompx_depend_enter(struct gompx_frame *f, struct gompx_task *task, void **depend);

/* Waits until a child of the current task with this array could run; the tasks that come later do not wait for it. */
void gompx_depend_wait(struct gompx_frame *f, void **depend);

/* `task`, which has a node, is complete: its successors become ready.  `f`: NULL for a thread that is no member. */
void gompx_depend_release(struct gompx_frame *f, struct gompx_task *task);

/* The task ends: its table is given up. */
void gompx_depend_forget(struct gompx_frame *f, struct gompx_task *task);

/* The thread ends: the table that it kept goes. */
void gompx_depend_drop(struct gompx_task_local *local);

/* For gompx_await(). */
static inline bool gompx_depend_is_ready(struct gompx_depend_node *node)
{
    return gompx_load_acq(&node->npred) >> 1 == 0;      /* pairs with (D) */
}
bool gompx_depend_ask(struct gompx_depend_node *node, bool on);

#endif
