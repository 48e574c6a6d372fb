/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Routines that the omp.h and the libgomp of GCC 12 do not have, and where gompx follows the standard more closely.
 *
 * run: threads=2 pin=no policy=default modes=link gompx-only="newer than GCC 12" */
#include <limits.h>
#include <stdint.h>

#include "tests/abi/hand_gomp.h"
#include "tests/omp/check.h"

_Complex int GOMP_loop_static_worksharing(unsigned long long niter);
_Complex int GOMP_distribute_static_worksharing(unsigned long long niter);
int omp_in_explicit_task(void);
int omp_control_tool(int command, int modifier, void *arg);
int omp_get_num_teams_dim(int dim), omp_get_team_num_dim(int dim), omp_get_num_threads_dim(int dim);
int omp_get_thread_num_dim(int dim), omp_get_thread_limit_dim(int dim);
int omp_get_supported_active_league_dims(int dev, int native), omp_get_supported_active_team_dims(int dev, int native);
int omp_get_supported_teams_dim(int dev, int dim), omp_get_supported_threads_dim(int dev, int dim);
int omp_target_is_accessible(const void *ptr, size_t size, int dev);
void *omp_get_mapped_ptr(const void *ptr, int dev);
void *omp_target_memset(void *ptr, int val, size_t count, int dev);
int omp_get_device_from_uid(const char *uid);
const char *omp_get_uid_from_device(int dev);
void omp_get_device_distances(int ndevs, const int *devs, int *distances);

/* The same as gfortran calls them. */
int32_t omp_in_explicit_task_(void);
int32_t omp_get_supported_active_league_dims_(const int32_t *dev, const int32_t *native);
int32_t omp_get_supported_active_team_dims_(const int32_t *dev, const int32_t *native);
int omp_control_tool_(int command, int32_t modifier, void *arg), omp_control_tool_8_(int command, int64_t modifier, void *arg);
int omp_get_device_from_uid_(const char *uid, size_t length);
void omp_get_uid_from_device_(const char **uid, size_t *length, int32_t dev);
void omp_get_uid_from_device_8_(const char **uid, size_t *length, int64_t dev);

static void dimensions(void)
{
#pragma omp parallel num_threads(3)
    {
        CHECK_EQ(omp_get_num_threads_dim(0), 3);
        CHECK_EQ(omp_get_num_threads_dim(1), 1);
        CHECK_EQ(omp_get_thread_num_dim(0), omp_get_thread_num());
        CHECK_EQ(omp_get_thread_num_dim(2), 0);
    }
    CHECK_EQ(omp_get_num_teams_dim(0), 1);
    CHECK_EQ(omp_get_num_teams_dim(1), 1);
    CHECK_EQ(omp_get_team_num_dim(0), 0);
    CHECK_EQ(omp_get_team_num_dim(1), 0);
    CHECK_EQ(omp_get_thread_limit_dim(0), omp_get_thread_limit());
    CHECK_EQ(omp_get_thread_limit_dim(1), 1);
    CHECK_EQ(omp_get_supported_active_league_dims(0, 0), 1);
    CHECK_EQ(omp_get_supported_active_team_dims(-1, 1), 1);
    CHECK_EQ(omp_get_supported_teams_dim(0, 0), INT_MAX);
    CHECK_EQ(omp_get_supported_threads_dim(-1, 1), 1);
    CHECK_EQ(omp_get_supported_threads_dim(7, 0), -1);
    CHECK_EQ(omp_get_supported_teams_dim(-2, 0), -1);
    CHECK_EQ(omp_get_supported_teams_dim(-4, 0), -1);           /* omp_invalid_device */
    CHECK_EQ(omp_get_supported_teams_dim(-5, 0), INT_MAX);      /* omp_default_device */
}

static void explicit_tasks_are_known(void)
{
    CHECK_EQ(omp_in_explicit_task(), 0);
#pragma omp parallel num_threads(2)
    {
        CHECK_EQ(omp_in_explicit_task(), 0);
#pragma omp task if (0)
        CHECK_EQ(omp_in_explicit_task(), 1);
#pragma omp task
        {
            CHECK_EQ(omp_in_explicit_task(), 1);
            CHECK_EQ(omp_in_explicit_task_(), 1);
#pragma omp parallel num_threads(2)
            CHECK_EQ(omp_in_explicit_task(), 0);
        }
        CHECK_EQ(omp_in_explicit_task(), 0);
    }
}

/* No tool can be there. */
static void tools_are_not_controlled(void)
{
    for (int command = 0; command < 6; command++) {
        CHECK_EQ(omp_control_tool(command, 7, NULL), -2);
        CHECK_EQ(omp_control_tool_(command, -1, &command), -2);
        CHECK_EQ(omp_control_tool_8_(command, INT64_MIN, &command), -2);
    }
}

static void fortran_forms(void)
{
    int32_t dev = -1, native = 1;
    const char *uid;
    size_t length;

    CHECK_EQ(omp_in_explicit_task_(), 0);
    CHECK_EQ(omp_get_supported_active_league_dims_(&dev, &native), 1);
    CHECK_EQ(omp_get_supported_active_team_dims_(&dev, &native), 1);
    omp_get_uid_from_device_(&uid, &length, omp_get_initial_device());
    CHECK_EQ(length, strlen("OMP_INITIAL_DEVICE"));
    CHECK(memcmp(uid, "OMP_INITIAL_DEVICE", length) == 0);
    CHECK_EQ(omp_get_device_from_uid_(uid, length), -1);
    CHECK_EQ(omp_get_device_from_uid_(uid, length - 1), -4);
    omp_get_uid_from_device_8_(&uid, &length, -1);
    CHECK_EQ(omp_get_device_from_uid_(uid, length), -1);
    omp_get_uid_from_device_8_(&uid, &length, 1ll << 32);       /* no device, whatever its low half says */
    CHECK(uid == NULL);
    CHECK_EQ(length, 0);
    omp_get_uid_from_device_(&uid, &length, 4);
    CHECK(uid == NULL);
    CHECK_EQ(length, 0);
}

/* taskwait depend nowait (gcc 13): an empty task that depends on the tasks before it and that later ones depend on. */
static void step(void *data)
{
    int **at = data;

    check_work(500);
    __atomic_fetch_add(*at, 1, __ATOMIC_RELAXED);
}

static void after_both(void *data)
{
    int *steps = *(int **)data;

    CHECK_EQ(__atomic_load_n(steps, __ATOMIC_RELAXED) % 3, 2);
    __atomic_fetch_add(steps, 1, __ATOMIC_RELAXED);
}

static void a_waiting_without_a_wait(void *unused)
{
    int a, b, joint, steps = 0, *data = &steps;
    void *on_a[] = { (void *)1, (void *)1, &a }, *on_b[] = { (void *)1, (void *)1, &b };
    void *join[] = { (void *)3, (void *)3, &a, &b, &joint }, *on_joint[] = { (void *)1, (void *)0, &joint };

    (void)unused;
    for (int i = 0; i < 50; i++) {
        GOMP_task(step, &data, NULL, sizeof data, 8, true, HAND_DEPEND, on_a, 0, NULL);
        GOMP_task(step, &data, NULL, sizeof data, 8, true, HAND_DEPEND, on_b, 0, NULL);
        GOMP_taskwait_depend_nowait(join);
        GOMP_task(after_both, &data, NULL, sizeof data, 8, i % 4 > 0, HAND_DEPEND, on_joint, 0, NULL);
        GOMP_taskwait_depend_nowait(join);
    }
    GOMP_taskwait();
    CHECK_EQ(steps, 150);
}

static void setting_team(void *arg)
{
    (void)arg;
    CHECK_EQ(omp_get_max_threads(), 6);
    omp_set_num_threads(70 + omp_get_team_num());
    CHECK_EQ(omp_get_max_threads(), 70 + omp_get_team_num());
#pragma omp parallel num_threads(2)
    {
        _Complex int league = GOMP_distribute_static_worksharing(10), team = GOMP_loop_static_worksharing(10);

        CHECK_EQ(__real__ league, 3);
        CHECK_EQ(__imag__ league, omp_get_team_num());
        CHECK_EQ(__real__ team, omp_get_num_threads());
        CHECK_EQ(__imag__ team, omp_get_thread_num());
    }
}

/* Each team has an initial task with variables of its own. */
static void teams_do_not_see_each_others_settings(void)
{
    omp_set_num_threads(6);
    GOMP_teams_reg(setting_team, NULL, 3, 0, 0);
    CHECK_EQ(omp_get_max_threads(), 6);
    for (_Bool first = 1; GOMP_teams4(2, 2, 0, first); first = 0)
        CHECK_EQ(omp_get_num_teams(), 2);
    CHECK_EQ(omp_get_num_teams(), 1);
    CHECK_EQ(omp_get_team_num(), 0);
}

static void the_host_is_the_only_device(void)
{
    static const int devs[] = { 0, -1, 1, -7 };
    int distances[4], x = 1;

    CHECK_EQ(omp_target_is_accessible(&x, sizeof x, -1), 1);
    CHECK_EQ(omp_target_is_accessible(&x, 0, 0), 0);
    CHECK_EQ(omp_target_is_accessible(&x, sizeof x, 1), 0);
    CHECK(omp_get_mapped_ptr(&x, 0) == &x);
    CHECK(omp_get_mapped_ptr(&x, 1) == NULL);
    CHECK(omp_target_memset(&x, 0x11, sizeof x, 0) == &x);
    CHECK_EQ(x, 0x11111111);
    CHECK_EQ(omp_get_device_from_uid(omp_get_uid_from_device(0)), -1);
    CHECK(strcmp(omp_get_uid_from_device(-1), "OMP_INITIAL_DEVICE") == 0);
    CHECK_EQ(omp_get_device_from_uid("OMP_INITIAL_DEVICES"), -4);
    CHECK_EQ(omp_get_device_from_uid(NULL), -4);
    CHECK(omp_get_uid_from_device(1) == NULL);
    omp_get_device_distances(4, devs, distances);
    CHECK(distances[0] == 0 && distances[1] == 0 && distances[2] == -1 && distances[3] == -1);
}

/* Nothing is left running; the next region makes a new team. */
static void a_pause_is_followed_by_new_regions(void)
{
    int sum = 0;

    for (int i = 0; i < 3; i++) {
#pragma omp parallel num_threads(4) reduction(+ : sum)
        {
            sum++;
            CHECK_EQ(omp_pause_resource_all(omp_pause_soft), -1);
        }
        CHECK_EQ(omp_pause_resource(i ? omp_pause_soft : omp_pause_hard, -1), 0);
    }
    CHECK_EQ(sum, 12);
    CHECK_EQ(omp_pause_resource(omp_pause_soft, 1), -1);
    CHECK_EQ(omp_pause_resource_all((omp_pause_resource_t)9), -1);
}

int main(void)
{
    dimensions();
    explicit_tasks_are_known();
    tools_are_not_controlled();
    fortran_forms();
    GOMP_parallel(a_waiting_without_a_wait, NULL, 4, 0);
    a_waiting_without_a_wait(NULL);
    teams_do_not_see_each_others_settings();
    the_host_is_the_only_device();
    a_pause_is_followed_by_new_regions();
    return 0;
}
