/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Which events the host gives, in which order, and every field of what a callback is told.
 *
 * run: threads=1 opt=0,2 pin=no policy=default modes=path,preload,link */
#include "tests/acc/prof_check.h"

static int a[16], *pointer = a;
static int token, queue = 7;
static int no;                                      /* false, but the compiler does not know */

static void fixed_fields(const acc_prof_info *p, const acc_event_info *e, const acc_api_info *i)
{
    CHECK_EQ(p->valid_bytes, _ACC_PROF_INFO_VALID_BYTES);
    CHECK_EQ(p->version, _ACC_PROF_INFO_VERSION);
    CHECK_EQ(p->device_number, 0);
    CHECK_EQ(p->thread_id, -1);
    CHECK_EQ(p->async_queue, p->async);
    CHECK(p->src_file == NULL && p->func_name == NULL);
    CHECK(p->line_no == -1 && p->end_line_no == -1 && p->func_line_no == -1 && p->func_end_line_no == -1);
    CHECK_EQ(e->event_type, p->event_type);
    CHECK_EQ(e->other_event.valid_bytes, _ACC_OTHER_EVENT_INFO_VALID_BYTES);
    CHECK_EQ(i->device_api, acc_device_api_none);
    CHECK_EQ(i->valid_bytes, _ACC_API_INFO_VALID_BYTES);
    CHECK_EQ(i->device_type, p->device_type);
    CHECK_EQ(i->vendor, -1);
    CHECK(i->device_handle == NULL && i->context_handle == NULL && i->async_handle == NULL);
}

/* Event, device type, queue, construct, whether implicit; the token goes from each start to its end. */
static void note(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    const char *name = prof_name(p->event_type);
    char text[64];

    fixed_fields(p, e, i);
    if (strchr(name, '<')) {
        CHECK(e->other_event.tool_info == NULL);
        e->other_event.tool_info = &token;
    } else {
        CHECK(e->other_event.tool_info == &token);
    }
    snprintf(text, sizeof text, "%s%d,%ld,%d%s ", name, p->device_type, p->async, e->other_event.parent_construct,
             e->other_event.implicit ? "i" : "");
    prof_append(text);
}

static void note_all(void)
{
    for (int e = acc_ev_none + 1; e < acc_ev_last; e++)
        acc_prof_register((acc_event_t)e, note, acc_reg);
}

#define IMPLICIT "init<1,-2,0i init>1,-2,0i "

static void computing(void)
{
    int x = 1;

    note_all();
#pragma acc parallel copy(x)
    x = 2;
    PROF_EXPECT(IMPLICIT "compute<2,-2,0 compute>2,-2,0 ");
#pragma acc kernels copy(x) async(queue) wait(1, 2)
    x = 3;
#pragma acc serial copy(x)
    x = 4;
#pragma acc parallel if(no) copy(x)
    x = 5;
    PROF_EXPECT("compute<2,-2,0 compute>2,-2,0 compute<2,-2,0 compute>2,-2,0 compute<2,-2,0 compute>2,-2,0 ");
    CHECK_EQ(x, 5);
}

static void data(void)
{
    int local = 3;

    note_all();
#pragma acc data copy(a)
    {
        PROF_EXPECT(IMPLICIT "enter<2,-2,3 enter>2,-2,3 ");
#pragma acc host_data use_device(a)
        PROF_EXPECT("enter<2,-2,6 enter>2,-2,6 ");
        PROF_EXPECT("exit<2,-2,3 exit>2,-2,3 ");
    }
    PROF_EXPECT("exit<2,-2,3 exit>2,-2,3 ");
#pragma acc data if(no) copy(a)
    a[0] = 1;
    PROF_EXPECT("enter<2,-2,3 enter>2,-2,3 exit<2,-2,3 exit>2,-2,3 ");
#pragma acc enter data copyin(a) async(queue) wait(1)
    PROF_EXPECT("enter<2,7,4 enter>2,7,4 ");
#pragma acc update self(a) async(queue)
#pragma acc update device(a) if(no)
    PROF_EXPECT("update<2,7,12 update>2,7,12 update<2,-2,12 update>2,-2,12 ");
#pragma acc exit data copyout(a) async
    PROF_EXPECT("exit<2,-1,5 exit>2,-1,5 ");
    {
        int inner = 4;
#pragma acc declare copyin(inner)
        local += inner;
    }
    PROF_EXPECT("enter<2,-2,4 enter>2,-2,4 ");
    CHECK_EQ(local, 7);
}

/* Routines initialize, and are silent otherwise, as waiting is. */
static void routines(void)
{
    void *p;

    note_all();
    CHECK_EQ(acc_get_device_type(), acc_device_host);
    PROF_EXPECT("");
    p = acc_malloc(8);
    PROF_EXPECT(IMPLICIT);
    acc_memcpy_to_device(p, a, 8);
    acc_free(p);
    acc_copyin(a, sizeof a);
    acc_update_device(a, sizeof a);
    acc_copyout(a, sizeof a);
    acc_attach((void **)&pointer);
    acc_detach((void **)&pointer);
    acc_wait(1);
    acc_wait_all();
#pragma acc wait(1) async(2)
#pragma acc wait
    acc_shutdown(acc_device_host);
    acc_set_device_type(acc_device_host);
    PROF_EXPECT("");
}

static void explicit_init(void)
{
    note_all();
    acc_init(acc_device_host);
    PROF_EXPECT("init<2,-2,15 init>2,-2,15 ");
    acc_shutdown(acc_device_host);
    acc_init(acc_device_default);
    PROF_EXPECT("init<1,-2,15 init>1,-2,15 ");
    acc_shutdown(acc_device_host);
    CHECK(acc_is_present(a, sizeof a));
    PROF_EXPECT("");
}

static void silent_choice(void)
{
    note_all();
    acc_set_device_type(acc_device_host);
    acc_set_device_num(0, acc_device_host);
#pragma acc parallel copy(a)
    a[0] = 2;
    PROF_EXPECT("compute<2,-2,0 compute>2,-2,0 ");
}

static void waiting_initializes(void)
{
    note_all();
#pragma acc wait
    PROF_EXPECT(IMPLICIT);
}

/* Inside the callbacks of an initialization there is no device type yet. */
static void ask_type(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)e;
    (void)i;
    CHECK_EQ(acc_get_device_type(),
             p->event_type == acc_ev_compute_construct_start ? acc_device_host : acc_device_none);
    prof_append(prof_name(p->event_type));
}

static void type_in_callbacks(void)
{
    acc_prof_register(acc_ev_device_init_start, ask_type, acc_reg);
    acc_prof_register(acc_ev_device_init_end, ask_type, acc_reg);
    acc_prof_register(acc_ev_compute_construct_start, ask_type, acc_reg);
#pragma acc parallel copy(a)
    a[0] = 3;
    PROF_EXPECT("init<init>compute<");
}

static void other_thread(void)
{
#pragma acc parallel copy(a)
    a[0] = 4;
}

/* One thread initializes for all. */
static void threads(void)
{
    note_all();
    acc_in_thread(other_thread);
    PROF_EXPECT(IMPLICIT "compute<2,-2,0 compute>2,-2,0 ");
    other_thread();
    PROF_EXPECT("compute<2,-2,0 compute>2,-2,0 ");
}

int main(void)
{
    ACC_WORKS(computing);
    ACC_WORKS(data);
    ACC_WORKS(routines);
    ACC_WORKS(explicit_init);
    ACC_WORKS(silent_choice);
    ACC_WORKS(waiting_initializes);
    ACC_WORKS(type_in_callbacks);
    ACC_WORKS(threads);
    return 0;
}
