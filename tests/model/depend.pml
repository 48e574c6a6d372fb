/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * MODEL: -DTASKS, -DWAIT, -DNO_MEMORY
 * MISTAKES: -DTASKS -DNEXT_LATE, -DTASKS -DNO_GUARD, -DTASKS -DPLAIN_CLOSE, -DTASKS -DKEEP_COUNT, -DTASKS -DLATE_COUNT, -DTASKS -DNO_REFERENCE
 * MISTAKES: -DWAIT -DNEXT_LATE, -DWAIT -DLATE_READ, -DWAIT -DLATE_ARM, -DNO_MEMORY -DDROP_GUARD
 *
 * Dependences, runtime/depend.h: a creator and two threads that run and complete tasks.  Nodes 0 and 1 are predecessors of
 *   TASKS       node 2; node 0 also of node 3, whose creator then drops all nodes from its table
 *   WAIT        a node on the creator's stack, with which it waits, and sleeps
 *   NO_MEMORY   node 2, whose second edge cannot be made for want of memory: its creator waits for all the others and runs it
 * Promised: each task runs once, after its predecessors; no node is used after it was freed, and with it the links in which it hangs;
 * nobody waits for ever.
 *
 * NEXT_LATE: who completes a task reads the next link after (D).
 * NO_GUARD: the creator holds no count while it enters a task.
 * PLAIN_CLOSE: the list is read and closed in two steps.
 * KEEP_COUNT: an edge that is refused at (B) is not counted down.
 * LATE_COUNT: (A) after (B).
 * NO_REFERENCE: a mention in the table does not keep the node.
 * LATE_READ: who completes a task reads who is to be woken after (D).
 * LATE_ARM: the creator arms its nap word after it has told that it waits.
 * DROP_GUARD: the node loses its task and the creator gives up its count, since it runs the task itself. */
#define NODES 4
#define NONE 254
#define CLOSED 255
#define LINK(to, from) (2 * (to) + (from))

#ifdef TASKS
#define TASKS_IN_ALL 4
#else
#define TASKS_IN_ALL 2
#endif

short npred[NODES];                     /* without WAITER */
bool waiter[NODES];
byte refs[NODES];
byte succ[NODES] = NONE;                /* a link */
byte next[2 * NODES] = NONE;            /* link 2n, 2n + 1: in node n, as a successor of 0, 1 */
bool has_task[NODES];
bool freed[NODES];
bool ready[NODES];
bool begun[NODES], finished[NODES];     /* in truth */
byte completed;                         /* tasks */
bool armed, offered;                    /* the creator */

inline push(node)
{
    d_step {
        assert(!begun[node] && !ready[node]);
        ready[node] = true
    }
}

inline begin(node)
{
    d_step {
        assert(!begun[node]);
        assert(node < 2 || (finished[0] && (finished[1] || node == 3)));
        begun[node] = true
    }
}

inline unref(node)
{
    atomic {
        assert(!freed[node] && refs[node] > 0);
        refs[node]--;
        if
        :: refs[node] == 0 -> freed[node] = true
        :: else
        fi
    }
}

inline count_down(node)
{
    assert(!freed[node]);
    with_task = has_task[node];
    atomic { assert(!freed[node]); npred[node]--; n = npred[node]; was_waiter = waiter[node] }      /* (D) */
    if
    :: n == 0 && with_task -> push(node)
    :: n == 0 && !with_task && was_waiter ->
#ifdef LATE_READ
        assert(!freed[node]);
#endif
        armed = false
    :: else
    fi;
    d_step { n = 0; with_task = false; was_waiter = false }
}

inline complete(node)
{
    finished[node] = true;
#ifdef PLAIN_CLOSE
    link = succ[node];
    succ[node] = CLOSED;
#else
    atomic { assert(!freed[node]); link = succ[node]; succ[node] = CLOSED }     /* (C) */
#endif
    do
    :: link == NONE -> break
    :: else ->
        assert(!freed[link / 2]);
#ifdef NEXT_LATE
        count_down(link / 2);
        assert(!freed[link / 2]);
        link = next[link]
#else
        after = next[link];
        count_down(link / 2);
        link = after
#endif
    od;
    link = 0;
    after = 0;
    unref(node);
    completed++
}

proctype runner()
{
    byte node, link, after;
    short n;
    bool with_task, was_waiter;

    do
    :: atomic {
            if
            :: ready[0] -> ready[0] = false; node = 0
            :: ready[1] -> ready[1] = false; node = 1
            :: ready[2] -> ready[2] = false; node = 2
            :: ready[3] -> ready[3] = false; node = 3
            :: completed >= TASKS_IN_ALL -> break
            fi
        }
        begin(node);
        complete(node);
        node = 0
    od
}

/* The creator enters a task: its own count, its task's reference, and that of the table. */
inline node_init(node, task)
{
    d_step {
#ifndef NO_GUARD
        npred[node] = 1;
#endif
        has_task[node] = task;
#ifdef NO_REFERENCE
        refs[node] = 1
#else
        refs[node] = 1 + task
#endif
    }
}

inline edge(from, to)
{
    assert(!freed[from]);
    head = succ[from];
    if
    :: head == CLOSED -> assert(finished[from])
    :: else ->
#ifndef LATE_COUNT
        npred[to]++;                                                            /* (A) */
#endif
        do
        :: head == CLOSED ->
            assert(finished[from]);
#ifndef KEEP_COUNT
            npred[to]--;
#endif
            break
        :: else ->
            next[LINK(to, from)] = head;
            atomic {                                                            /* (B) */
                assert(!freed[from]);
                if
                :: succ[from] == head -> succ[from] = LINK(to, from); done = true
                :: else -> head = succ[from]; done = false
                fi
            }
            if
            :: done -> break
            :: else
            fi
        od;
#ifdef LATE_COUNT
        npred[to]++;
#endif
    fi;
    head = 0;
    done = false
}

inline entered(node)
{
#ifdef NO_GUARD
    n = npred[node];
#else
    atomic { npred[node]--; n = npred[node] }                                   /* (E) */
#endif
    if
    :: n == 0 && has_task[node] -> push(node)
    :: else
    fi;
    n = 0
}

/* The node is gone when this is over. */
inline wait(node)
{
    do
    :: npred[node] == 0 -> break
    :: else ->
#ifndef LATE_ARM
        armed = true;
#endif
        atomic { waiter[node] = true; n = npred[node] }
#ifdef LATE_ARM
        armed = true;
#endif
        if
        :: n != 0 && !offered -> offered = true         /* woken for something else, once */
        :: n != 0 -> !armed
        :: else
        fi;
        armed = false;
        waiter[node] = false
    od;
    assert(finished[0] && finished[1]);
    freed[node] = true
}

proctype creator()
{
    byte head, link, after;
    short n;
    bool done, with_task, was_waiter;

    node_init(0, 1);
    entered(0);
    node_init(1, 1);
    entered(1);
#if defined(TASKS)
    node_init(2, 1);
    edge(0, 2);
    edge(1, 2);
    entered(2);
    node_init(3, 1);
    edge(0, 3);
    entered(3);
#ifndef NO_REFERENCE
    unref(0);
    unref(1);
    unref(2);
    unref(3)
#endif
#elif defined(WAIT)
    node_init(2, 0);
    edge(0, 2);
    edge(1, 2);
    entered(2);
    wait(2)
#else
    node_init(2, 1);
    edge(0, 2);
#ifdef DROP_GUARD
    has_task[2] = false;
    npred[2]--;
#endif
    completed == 2;
    begin(2);
    complete(2)
#endif
}

init {
    atomic {
        run creator();
        run runner();
        run runner()
    }
    _nr_pr == 1;
#ifdef TASKS
    assert(finished[2] && finished[3]);
    assert(freed[0] && freed[1] && freed[2] && freed[3])
#endif
}
