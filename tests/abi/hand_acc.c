/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC's entry points as compilers of any age call them, and the events that tell how a call was understood.
 *
 * run: threads=1 opt=0,2 pin=no policy=default modes=path,preload */
#include "tests/acc/prof_check.h"

typedef unsigned short kind;

void GOACC_parallel_keyed(int flags_m, void (*fn)(void *), size_t n, void **addrs, size_t *sizes, kind *kinds, ...);
void GOACC_parallel(int flags_m, void (*fn)(void *), size_t n, void **addrs, size_t *sizes, kind *kinds, int gangs,
                    int workers, int vector, int async, int num_waits, ...);
void GOACC_data_start(int flags_m, size_t n, void **addrs, size_t *sizes, kind *kinds);
void GOACC_data_end(void);
void GOACC_enter_exit_data(int flags_m, size_t n, void **addrs, size_t *sizes, kind *kinds, int async, int num_waits, ...);
void GOACC_enter_data(int flags_m, size_t n, void **addrs, size_t *sizes, kind *kinds, int async, int num_waits, ...);
void GOACC_exit_data(int flags_m, size_t n, void **addrs, size_t *sizes, kind *kinds, int async, int num_waits, ...);
void GOACC_update(int flags_m, size_t n, void **addrs, size_t *sizes, kind *kinds, int async, int num_waits, ...);
void GOACC_declare(int flags_m, size_t n, void **addrs, size_t *sizes, kind *kinds);
void GOACC_wait(int async, int num_waits, ...);
int GOACC_get_num_threads(void);
int GOACC_get_thread_num(void);

enum { PLAIN = -1, HOST_FALLBACK = -2 };            /* ~flags */
enum { DIMS = 1, ASYNC = 2, WAIT = 3 };             /* launch arguments */
#define LAUNCH(code, operand) ((code) << 28 | (operand))

static int block[4];
static void *addrs[4] = { block, block, block, block };
static size_t sizes[4] = { 4, 4, 4, 4 };

static void note(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    char text[48];

    (void)i;
    if (p->event_type <= acc_ev_device_init_end)
        return;
    snprintf(text, sizeof text, "%s%d,%ld ", prof_name(p->event_type), e->other_event.parent_construct, p->async);
    prof_append(text);
}

static void note_all(void)
{
    for (int e = acc_ev_none + 1; e < acc_ev_last; e++)
        acc_prof_register((acc_event_t)e, note, acc_reg);
}

/* ---- compute constructs ---- */

static int calls;

/* The array itself arrives; a value in it stays one. */
static void body(void *data)
{
    void **got = data;

    CHECK(got == addrs && got[0] == block && (long)got[1] == 42);
    CHECK_EQ(GOACC_get_num_threads(), 1);
    CHECK_EQ(GOACC_get_thread_num(), 0);
    calls++;
}

static void computing(void)
{
    static kind kinds[2] = { 0x20c, 0x30d };        /* firstprivate, firstprivate value */

    acc_init(acc_device_host);
    addrs[1] = (void *)42;
    note_all();
    GOACC_parallel_keyed(PLAIN, body, 2, addrs, sizes, kinds, 0);
    GOACC_parallel_keyed(HOST_FALLBACK, body, 2, addrs, sizes, kinds, LAUNCH(DIMS, 7), 2, 3, 4, LAUNCH(ASYNC, 5), 0);
    GOACC_parallel_keyed(PLAIN, body, 2, addrs, sizes, kinds, LAUNCH(ASYNC, 0xffff), -1, LAUNCH(WAIT, 2), 1, 2, 0);
    PROF_EXPECT("compute<0,-2 compute>0,-2 compute<0,-2 compute>0,-2 compute<0,-2 compute>0,-2 ");
    GOACC_parallel(PLAIN, body, 2, addrs, sizes, kinds, 1, 1, 1, acc_async_sync, 0);
    GOACC_parallel(HOST_FALLBACK, body, 2, addrs, sizes, kinds, 5, 6, 7, 3, 2, 1, 2);
    CHECK_EQ(calls, 5);
    addrs[1] = block;
}

/* ---- data ---- */

static kind first, second;

static void enter_exit(void)
{
    kind kinds[2] = { first, second };

    GOACC_enter_exit_data(PLAIN, 2, addrs, sizes, kinds, 3, 1, 2);
}

static void unhandled(kind k)
{
    char text[64];

    snprintf(text, sizeof text, ">>>> GOACC_enter_exit_data UNHANDLED kind 0x%.2x", k);
    first = 0x04;
    second = k;
    ACC_ENDS(enter_exit, text);
}

/* The first mapping that is not part of another one tells whether data enters or leaves. */
static void enter_or_exit(void)
{
    static const kind enters[] = { 0x00, 0x01, 0x06, 0x50, 0x80, 0x81, 0x280 };
    static const kind leaves[] = { 0x02, 0x07, 0x17, 0x51, 0x82, 0xd1 };
    static const kind parts[] = { 0x04, 0x05, 0x1c }, none[] = { 0x03, 0x08, 0x0c, 0x0f, 0x11, 0x83 };

    note_all();
    for (unsigned p = 0; p < 4; p++) {
        for (unsigned i = 0; i < sizeof enters / sizeof *enters; i++) {
            first = p < 3 ? parts[p] : enters[i];
            second = enters[i];
            enter_exit();
            PROF_EXPECT("enter<4,3 enter>4,3 ");
        }
        for (unsigned i = 0; i < sizeof leaves / sizeof *leaves; i++) {
            first = p < 3 ? parts[p] : leaves[i];
            second = leaves[i];
            enter_exit();
            PROF_EXPECT("exit<5,3 exit>5,3 ");
        }
    }
    for (unsigned i = 0; i < sizeof none / sizeof *none; i++)
        unhandled(none[i]);
    GOACC_enter_exit_data(PLAIN, 0, NULL, NULL, NULL, acc_async_sync, 0);
    PROF_EXPECT("exit<5,-2 exit>5,-2 ");
}

static void declare(kind k, const char *events)
{
    GOACC_declare(PLAIN, 1, addrs, sizes, &k);
    PROF_EXPECT(events);
}

static void data(void)
{
    kind kinds[2] = { 0x203, 0x0e };

    note_all();
    GOACC_data_start(PLAIN, 0, NULL, NULL, NULL);
    GOACC_data_start(HOST_FALLBACK, 1, addrs, sizes, kinds);
    GOACC_data_start(PLAIN, 2, addrs, sizes, kinds);
    PROF_EXPECT("enter<3,-2 enter>3,-2 enter<3,-2 enter>3,-2 enter<6,-2 enter>6,-2 ");
    for (int i = 0; i < 3; i++) {
        GOACC_data_end();
        PROF_EXPECT("exit<3,-2 exit>3,-2 ");
    }
    GOACC_enter_data(PLAIN, 1, addrs, sizes, kinds, 4, 0);
    GOACC_exit_data(HOST_FALLBACK, 1, addrs, sizes, kinds, acc_async_noval, 2, 1, 2);
    GOACC_update(PLAIN, 1, addrs, sizes, kinds, acc_async_sync, 0);
    PROF_EXPECT("enter<4,4 enter>4,4 exit<5,-1 exit>5,-1 update<12,-2 update>12,-2 ");
    for (unsigned i = 0; i < 3; i++) {
        static const kind enters[] = { 0x01, 0x80, 0x281 }, silent[] = { 0x00, 0x04, 0x06 };

        declare(enters[i], "enter<4,-2 enter>4,-2 ");
        declare(silent[i], "");
    }
    for (unsigned i = 0; i < 4; i++) {
        static const kind leaves[] = { 0x02, 0x07, 0x17, 0x82 };

        declare(leaves[i], "exit<5,-2 exit>5,-2 ");
    }
    acc_shutdown(acc_device_host);                  /* no region is open */
}

/* ---- wait ---- */

static void wait_bad(void) { GOACC_wait(acc_async_sync, 2, 1, -3); }
static void wait_bad_async(void) { GOACC_wait(-3, 0); }

static void waiting(void)
{
    GOACC_wait(acc_async_sync, 0);
    GOACC_wait(acc_async_sync, 3, 1, acc_async_noval, acc_async_sync);
    GOACC_wait(1, 2, 2, 3);
    GOACC_wait(acc_async_noval, 0);
    GOACC_wait(-3, 1, 1);                           /* the queue that would wait is not looked up */
    ACC_ENDS(wait_bad, "invalid async-argument: -3");
    ACC_ENDS(wait_bad_async, "invalid async-argument: -3");
}

int main(void)
{
    ACC_WORKS(computing);
    ACC_WORKS(enter_or_exit);
    ACC_WORKS(data);
    ACC_WORKS(waiting);
    return 0;
}
