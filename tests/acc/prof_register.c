/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Registration: references, order, and the switches of a callback, an event, everything and a thread.  Where libgomp
 * gives up (a callback that registers, constructs in callbacks, no callback at all) gompx goes on.
 *
 * run: threads=1 opt=0,2 pin=no policy=default modes=path
 * run+: env=DO=common
 * run+: env=DO=more gompx-only="libgomp deadlocks or stops" */
#include "tests/acc/prof_check.h"

#define START acc_ev_compute_construct_start
#define END   acc_ev_compute_construct_end

static int x[4];

static void construct(void)
{
#pragma acc parallel copy(x)
    x[0]++;
}

/* ---- callbacks ---- */

#define NOTE(n) \
    static void note_##n(acc_prof_info *p, acc_event_info *e, acc_api_info *i) \
    { \
        (void)e; \
        (void)i; \
        prof_append(prof_name(p->event_type) + strlen(prof_name(p->event_type)) - 1); \
        prof_append(#n " "); \
    }
NOTE(1)
NOTE(2)
NOTE(3)

static void add(acc_event_t event, acc_prof_callback callback) { acc_prof_register(event, callback, acc_reg); }
static void drop(acc_event_t event, acc_prof_callback callback) { acc_prof_unregister(event, callback, acc_reg); }
static void on(acc_event_t event, acc_prof_callback callback) { acc_prof_register(event, callback, acc_toggle); }
static void off(acc_event_t event, acc_prof_callback callback) { acc_prof_unregister(event, callback, acc_toggle); }
static void thread_on(void) { acc_prof_register(acc_ev_none, NULL, acc_toggle_per_thread); }
static void thread_off(void) { acc_prof_unregister(acc_ev_none, NULL, acc_toggle_per_thread); }

#define SEEN(text) (construct(), PROF_EXPECT(text))

/* ---- references and order ---- */

static void order(void)
{
    add(START, note_1);
    add(START, note_2);
    add(START, note_3);
    add(END, note_1);
    add(END, note_2);
    add(END, note_3);
    SEEN("<1 <2 <3 >3 >2 >1 ");
    drop(START, note_1);
    add(START, note_1);
    drop(END, note_2);
    SEEN("<2 <3 <1 >3 >1 ");
}

static void references(void)
{
    for (int i = 0; i < 3; i++)
        add(START, note_1);
    SEEN("<1 ");
    drop(START, note_1);
    drop(START, note_1);
    SEEN("<1 ");
    drop(START, note_1);
    SEEN("");
    drop(START, note_1);
    add(START, note_1);
    SEEN("<1 ");
    for (int i = 0; i < 40; i++)
        add(START, note_2);
    drop(START, note_1);
    SEEN("<2 ");
}

/* ---- switches ---- */

static void switch_callback(void)
{
    add(START, note_1);
    add(START, note_2);
    off(START, note_1);
    SEEN("<2 ");
    add(START, note_1);                 /* a further reference is no switch */
    SEEN("<2 ");
    on(START, note_1);
    SEEN("<1 <2 ");
    off(START, note_1);
    drop(START, note_1);
    drop(START, note_1);
    add(START, note_1);                 /* a new registration is on */
    SEEN("<2 <1 ");
    off(START, note_3);                 /* not registered */
    off(END, note_1);
    SEEN("<2 <1 ");
}

static void switch_event(void)
{
    add(START, note_1);
    add(END, note_1);
    off(START, NULL);
    off(START, NULL);
    SEEN(">1 ");
    drop(START, note_1);
    add(START, note_1);                 /* the event stays off */
    SEEN(">1 ");
    on(START, NULL);
    SEEN("<1 >1 ");
}

static void switch_all(void)
{
    off(acc_ev_none, NULL);             /* before the first registration: no effect */
    off(START, NULL);
    thread_off();
    add(START, note_1);
    SEEN("<1 ");
    off(acc_ev_none, NULL);
    off(acc_ev_none, NULL);
    SEEN("");
    add(END, note_2);
    SEEN("");
    on(acc_ev_none, NULL);
    SEEN("<1 >2 ");
}

static void switch_thread(void)
{
    add(START, note_1);
    thread_off();
    thread_off();
    SEEN("");
    acc_in_thread(construct);
    PROF_EXPECT("<1 ");
    thread_on();
    SEEN("<1 ");
    acc_prof_unregister(acc_ev_none, note_1, acc_toggle_per_thread);    /* makes no sense */
    acc_prof_unregister(START, NULL, acc_toggle_per_thread);
    SEEN("<1 ");
    thread_off();
    acc_shutdown(acc_device_host);      /* detaches the thread, and that was its state */
    SEEN("<1 ");
}

static void nonsense(void)
{
    add(acc_ev_none, note_1);
    add(acc_ev_last, note_1);
    add((acc_event_t)-1, note_1);
    drop((acc_event_t)1000, note_1);
    acc_prof_register(START, note_1, (acc_register_t)3);
    SEEN("");
    add(START, note_1);
    acc_prof_unregister(START, note_1, (acc_register_t)3);
    drop(START, NULL);
    off(acc_ev_none, note_1);
    SEEN("<1 ");
    CHECK(acc_prof_lookup("acc_prof_register") == NULL);
}

/* ---- what libgomp does not do ---- */

static void adds(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)e;
    (void)i;
    prof_append("add ");
    add(p->event_type, note_2);
}

static void drops_itself(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)e;
    (void)i;
    prof_append("drop ");
    drop(p->event_type, drops_itself);
}

static void updates(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)p;
    (void)e;
    (void)i;
    prof_append("construct ");
#pragma acc update self(x)
}

static void callbacks_register(void)
{
    add(START, adds);
    add(START, drops_itself);
    add(START, note_1);
    SEEN("add drop <1 ");
    SEEN("add <1 <2 ");
}

static void callbacks_construct(void)
{
    add(START, updates);
    add(acc_ev_update_start, note_1);
    SEEN("construct <1 ");
}

static void no_callback(void)
{
    add(START, NULL);
    add(START, note_1);
    SEEN("<1 ");
}

/* More callbacks than fit into the copy on the stack. */
#define REPEAT(m) m(4) m(5) m(6) m(7) m(8) m(9) m(10) m(11) m(12) m(13) m(14) m(15) m(16) m(17) m(18) m(19) m(20)
REPEAT(NOTE)

static void many_callbacks(void)
{
#define ADD(n) add(END, note_##n);
    REPEAT(ADD)
    SEEN(">20 >19 >18 >17 >16 >15 >14 >13 >12 >11 >10 >9 >8 >7 >6 >5 >4 ");
}

int main(void)
{
    const char *what = getenv("DO");

    if (what && strcmp(what, "more") == 0) {
        ACC_WORKS(callbacks_register);
        ACC_WORKS(callbacks_construct);
        ACC_WORKS(no_callback);
        return 0;
    }
    ACC_WORKS(order);
    ACC_WORKS(references);
    ACC_WORKS(switch_callback);
    ACC_WORKS(switch_event);
    ACC_WORKS(switch_all);
    ACC_WORKS(switch_thread);
    ACC_WORKS(nonsense);
    ACC_WORKS(many_callbacks);
    return 0;
}
