/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The services that GCC's device plug-ins find in libgomp.
 *
 * run: threads=1 opt=2 pin=no policy=default modes=path
 * run+: env=DO=common
 * run+: env=DO=common env=GOMP_DEBUG=1
 * run+: env=DO=dims env=GOMP_OPENACC_DIM=4:5:6 env=WANTED=4,5,6,
 * run+: env=DO=dims env=GOMP_OPENACC_DIM=7 env=WANTED=7,0,0,
 * run+: env=DO=dims env=GOMP_OPENACC_DIM=:2: env=WANTED=0,2,0,
 * run+: env=DO=dims env=GOMP_OPENACC_DIM=::3:4 env=WANTED=0,0,3,
 * run+: env=DO=dims env="GOMP_OPENACC_DIM=1: 2:3x" env=WANTED=1,2,3,
 * run+: env=DO=dims env="GOMP_OPENACC_DIM= 1 :2:3" env=WANTED=1,0,0, expect-stderr="\A\Z"
 * run+: env=DO=dims env=GOMP_OPENACC_DIM=1:-2:3 env=WANTED=1,0,0, expect-stderr="\A\Z"
 * run+: env=DO=dims env=GOMP_OPENACC_DIM=99999999999:1:1 env=WANTED=0,0,0, expect-stderr="\A\Z" */
#include "tests/acc/prof_check.h"

void *GOMP_PLUGIN_malloc(size_t size);
void *GOMP_PLUGIN_malloc_cleared(size_t size);
void *GOMP_PLUGIN_realloc(void *ptr, size_t size);
void GOMP_PLUGIN_debug(int kind, const char *format, ...);
void GOMP_PLUGIN_error(const char *format, ...);
void GOMP_PLUGIN_fatal(const char *format, ...);
void GOMP_PLUGIN_async_unmap_vars(void *ptr, int async);
void *GOMP_PLUGIN_acc_thread(void);
void *GOMP_PLUGIN_goacc_thread(void);
int GOMP_PLUGIN_acc_default_dim(unsigned axis);
void GOMP_PLUGIN_goacc_profiling_dispatch(acc_prof_info *info, acc_event_info *event, acc_api_info *api);

/* ---- memory ---- */

static void malloc_too_much(void) { CHECK(GOMP_PLUGIN_malloc((size_t)-1) == NULL); }
static void malloc_cleared_too_much(void) { CHECK(GOMP_PLUGIN_malloc_cleared((size_t)-1) == NULL); }
static void realloc_too_much(void) { CHECK(GOMP_PLUGIN_realloc(NULL, (size_t)-1) == NULL); }

static void memory(void)
{
    static const char text[] = "Out of memory allocating 18446744073709551615 bytes";
    int *p = GOMP_PLUGIN_malloc_cleared(100 * sizeof *p);

    for (int i = 0; i < 100; i++)
        CHECK_EQ(p[i], 0);
    p[99] = 5;
    p = GOMP_PLUGIN_realloc(p, 1000 * sizeof *p);
    CHECK_EQ(p[99], 5);
    free(p);
    p = GOMP_PLUGIN_malloc(sizeof *p);
    *p = 6;
    free(p);
    free(GOMP_PLUGIN_malloc(0));
    ACC_ENDS(malloc_too_much, text);
    ACC_ENDS(malloc_cleared_too_much, text);
    ACC_ENDS(realloc_too_much, text);
}

/* ---- messages ---- */

static void fatal(void) { GOMP_PLUGIN_fatal("no %s %d", "device", 3); }
static void unmap(void) { GOMP_PLUGIN_async_unmap_vars(NULL, 1); }
static void error(void) { GOMP_PLUGIN_error("odd %s %d", "value", 4); }
static void debug(void) { GOMP_PLUGIN_debug(0, "x is %d, %s", 5, "a word"); }

static void says(void (*fn)(void), const char *wanted)
{
    int status;
    const char *text = acc_child(fn, &status);

    CHECK_EQ(status, 0);
    CHECK(strcmp(text, wanted) == 0);
}

static void messages(void)
{
    ACC_ENDS(fatal, "no device 3");
    ACC_ENDS(unmap, "invalid plugin function");
    says(error, "\nlibgomp: odd value 4\n");
    says(debug, getenv("GOMP_DEBUG") ? "x is 5, a word" : "");
}

/* ---- OpenACC ---- */

static void bad_axis(void) { GOMP_PLUGIN_acc_default_dim(3); }

static void dims(const char *wanted)
{
    char got[64] = "";

    for (unsigned axis = 0; axis < 3; axis++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%d,", GOMP_PLUGIN_acc_default_dim(axis));
    CHECK(strcmp(got, wanted) == 0);
    ACC_ENDS(bad_axis, "invalid dimension argument: 3");
}

static void note(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    CHECK(e->launch_event.num_gangs == 8 && i->device_handle == p);
    prof_append(prof_name(p->event_type));
}

static void note_2(acc_prof_info *p, acc_event_info *e, acc_api_info *i)
{
    (void)p;
    (void)e;
    (void)i;
    prof_append("2");
}

/* An event of a plug-in reaches the callbacks with what the plug-in says. */
static void dispatch(void)
{
    acc_prof_info p = { .valid_bytes = _ACC_PROF_INFO_VALID_BYTES };
    acc_event_info e = { .launch_event.num_gangs = 8 };
    acc_api_info i = { .device_handle = &p };

    acc_init(acc_device_host);
    for (int event = acc_ev_none + 1; event < acc_ev_last; event++) {
        acc_prof_register((acc_event_t)event, note, acc_reg);
        acc_prof_register((acc_event_t)event, note_2, acc_reg);
    }
    prof_log[0] = '\0';
    for (int n = 0; n < 3; n++) {
        static const acc_event_t events[] = { acc_ev_enqueue_launch_start, acc_ev_enqueue_launch_end, acc_ev_alloc };

        p.event_type = e.event_type = events[n];
        GOMP_PLUGIN_goacc_profiling_dispatch(&p, &e, &i);
    }
    PROF_EXPECT("launch<22launch>alloc2");
}

int main(void)
{
    const char *what = getenv("DO");

    if (strcmp(what, "dims") == 0) {
        dims(getenv("WANTED"));
        return 0;
    }
    memory();
    messages();
    dims("0,0,0,");
    CHECK(GOMP_PLUGIN_acc_thread() == NULL);
    CHECK(GOMP_PLUGIN_goacc_thread() == NULL);      /* before the first construct */
    dispatch();
    return 0;
}
