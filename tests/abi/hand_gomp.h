/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The compiler's entry points, declared as compilers call them, for programs that call them by hand: independent of
 * what any one compiler emits. No compiler provides these declarations; they follow the interface's published
 * behaviour. */
#ifndef GOMPX_TESTS_ABI_HAND_GOMP_H
#define GOMPX_TESTS_ABI_HAND_GOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long long ull;
typedef void outlined(void *);

/* parallel */
void GOMP_parallel_start(outlined *fn, void *data, unsigned num_threads);
void GOMP_parallel_end(void);
void GOMP_parallel(outlined *fn, void *data, unsigned num_threads, unsigned flags);
unsigned GOMP_parallel_reductions(outlined *fn, void *data, unsigned num_threads, unsigned flags);

/* loops: start and next of each schedule, for long and unsigned long long */
#define HAND_LOOP(kind)                                                                                       \
    bool GOMP_loop_##kind##_start(long start, long end, long incr, long chunk, long *istart, long *iend);     \
    bool GOMP_loop_##kind##_next(long *istart, long *iend);                                                   \
    bool GOMP_loop_ull_##kind##_start(bool up, ull start, ull end, ull incr, ull chunk, ull *istart, ull *iend); \
    bool GOMP_loop_ull_##kind##_next(ull *istart, ull *iend);
#define HAND_RUNTIME_LOOP(kind)                                                                               \
    bool GOMP_loop_##kind##_start(long start, long end, long incr, long *istart, long *iend);                 \
    bool GOMP_loop_##kind##_next(long *istart, long *iend);                                                   \
    bool GOMP_loop_ull_##kind##_start(bool up, ull start, ull end, ull incr, ull *istart, ull *iend);         \
    bool GOMP_loop_ull_##kind##_next(ull *istart, ull *iend);

HAND_LOOP(static)
HAND_LOOP(dynamic)
HAND_LOOP(guided)
HAND_LOOP(nonmonotonic_dynamic)
HAND_LOOP(nonmonotonic_guided)
HAND_LOOP(ordered_static)
HAND_LOOP(ordered_dynamic)
HAND_LOOP(ordered_guided)
HAND_RUNTIME_LOOP(runtime)
HAND_RUNTIME_LOOP(nonmonotonic_runtime)
HAND_RUNTIME_LOOP(maybe_nonmonotonic_runtime)
HAND_RUNTIME_LOOP(ordered_runtime)

void GOMP_loop_end(void);
void GOMP_loop_end_nowait(void);
bool GOMP_loop_end_cancel(void);

/* general starts */
bool GOMP_loop_start(long start, long end, long incr, long sched, long chunk, long *istart, long *iend,
                     uintptr_t *reductions, void **mem);
bool GOMP_loop_ordered_start(long start, long end, long incr, long sched, long chunk, long *istart, long *iend,
                             uintptr_t *reductions, void **mem);
bool GOMP_loop_ull_start(bool up, ull start, ull end, ull incr, long sched, ull chunk, ull *istart, ull *iend,
                         uintptr_t *reductions, void **mem);
bool GOMP_loop_ull_ordered_start(bool up, ull start, ull end, ull incr, long sched, ull chunk, ull *istart, ull *iend,
                                 uintptr_t *reductions, void **mem);
bool GOMP_loop_doacross_start(unsigned ncounts, long *counts, long sched, long chunk, long *istart, long *iend,
                              uintptr_t *reductions, void **mem);
bool GOMP_loop_ull_doacross_start(unsigned ncounts, ull *counts, long sched, ull chunk, ull *istart, ull *iend,
                                  uintptr_t *reductions, void **mem);

/* combined parallel loops: the old split form and the whole one */
#define HAND_PARALLEL_LOOP(kind)                                                                              \
    void GOMP_parallel_loop_##kind(outlined *fn, void *data, unsigned num_threads, long start, long end, long incr, \
                                   long chunk, unsigned flags);
#define HAND_PARALLEL_LOOP_OLD(kind)                                                                          \
    void GOMP_parallel_loop_##kind##_start(outlined *fn, void *data, unsigned num_threads, long start, long end, \
                                           long incr, long chunk);
#define HAND_PARALLEL_RUNTIME(kind)                                                                           \
    void GOMP_parallel_loop_##kind(outlined *fn, void *data, unsigned num_threads, long start, long end, long incr, \
                                   unsigned flags);

HAND_PARALLEL_LOOP(static)
HAND_PARALLEL_LOOP(dynamic)
HAND_PARALLEL_LOOP(guided)
HAND_PARALLEL_LOOP(nonmonotonic_dynamic)
HAND_PARALLEL_LOOP(nonmonotonic_guided)
HAND_PARALLEL_LOOP_OLD(static)
HAND_PARALLEL_LOOP_OLD(dynamic)
HAND_PARALLEL_LOOP_OLD(guided)
HAND_PARALLEL_RUNTIME(runtime)
HAND_PARALLEL_RUNTIME(nonmonotonic_runtime)
HAND_PARALLEL_RUNTIME(maybe_nonmonotonic_runtime)
void GOMP_parallel_loop_runtime_start(outlined *fn, void *data, unsigned num_threads, long start, long end, long incr);

/* doacross */
#define HAND_DOACROSS(kind)                                                                                   \
    bool GOMP_loop_doacross_##kind##_start(unsigned ncounts, long *counts, long chunk, long *istart, long *iend); \
    bool GOMP_loop_ull_doacross_##kind##_start(unsigned ncounts, ull *counts, ull chunk, ull *istart, ull *iend);

HAND_DOACROSS(static)
HAND_DOACROSS(dynamic)
HAND_DOACROSS(guided)
bool GOMP_loop_doacross_runtime_start(unsigned ncounts, long *counts, long *istart, long *iend);
bool GOMP_loop_ull_doacross_runtime_start(unsigned ncounts, ull *counts, ull *istart, ull *iend);
void GOMP_doacross_post(long *pos);
void GOMP_doacross_wait(long first, ...);
void GOMP_doacross_ull_post(ull *pos);
void GOMP_doacross_ull_wait(ull first, ...);

/* ordered, sections, single, barrier, cancellation, critical, error */
void GOMP_ordered_start(void);
void GOMP_ordered_end(void);
unsigned GOMP_sections_start(unsigned count);
unsigned GOMP_sections2_start(unsigned count, uintptr_t *reductions, void **mem);
unsigned GOMP_sections_next(void);
void GOMP_sections_end(void);
void GOMP_sections_end_nowait(void);
bool GOMP_sections_end_cancel(void);
void GOMP_parallel_sections_start(outlined *fn, void *data, unsigned num_threads, unsigned count);
void GOMP_parallel_sections(outlined *fn, void *data, unsigned num_threads, unsigned count, unsigned flags);
bool GOMP_single_start(void);
void *GOMP_single_copy_start(void);
void GOMP_single_copy_end(void *data);
void GOMP_barrier(void);
bool GOMP_barrier_cancel(void);
bool GOMP_cancel(int which, bool do_cancel);
bool GOMP_cancellation_point(int which);
void GOMP_critical_start(void);
void GOMP_critical_end(void);
void GOMP_critical_name_start(void **pptr);
void GOMP_critical_name_end(void **pptr);
void GOMP_atomic_start(void);
void GOMP_atomic_end(void);

/* tasks: the flags of GOMP_task and the taskloops, the kinds of an omp_depend_t */
enum {
    HAND_UNTIED = 1, HAND_FINAL = 2, HAND_MERGEABLE = 4, HAND_DEPEND = 8, HAND_PRIORITY = 16, HAND_UP = 0x100,
    HAND_GRAINSIZE = 0x200, HAND_IF = 0x400, HAND_NOGROUP = 0x800, HAND_REDUCTION = 0x1000, HAND_DETACH = 0x2000,
    HAND_STRICT = 0x4000
};
enum { HAND_IN = 1, HAND_OUT = 2, HAND_INOUT = 3, HAND_MUTEXINOUTSET = 4, HAND_INOUTSET = 5, HAND_DESTROYED = -1 };
typedef void copier(void *to, void *from);
void GOMP_task(outlined *fn, void *data, copier *cpyfn, long arg_size, long arg_align, bool if_clause, unsigned flags,
               void **depend, int priority, void *detach);
void GOMP_taskloop(outlined *fn, void *data, copier *cpyfn, long arg_size, long arg_align, unsigned flags,
                   unsigned long num_tasks, int priority, long start, long end, long step);
void GOMP_taskloop_ull(outlined *fn, void *data, copier *cpyfn, long arg_size, long arg_align, unsigned flags,
                       unsigned long num_tasks, int priority, ull start, ull end, ull step);
void GOMP_taskwait(void);
void GOMP_taskwait_depend(void **depend);
void GOMP_taskwait_depend_nowait(void **depend);
void GOMP_taskyield(void);
void GOMP_taskgroup_start(void);
void GOMP_taskgroup_end(void);
void GOMP_taskgroup_reduction_register(uintptr_t *data);
void GOMP_taskgroup_reduction_unregister(uintptr_t *data);
void GOMP_task_reduction_remap(size_t cnt, size_t cntorig, void **ptrs);
void GOMP_workshare_task_reduction_unregister(bool cancelled);

void GOMP_error(const char *msg, size_t length);
void GOMP_warning(const char *msg, size_t length);
void GOMP_teams(unsigned num_teams, unsigned thread_limit);
bool GOMP_teams4(unsigned low, unsigned high, unsigned thread_limit, bool first);
void GOMP_teams_reg(outlined *fn, void *data, unsigned num_teams, unsigned thread_limit, unsigned flags);

/* target: flags, kinds of list items, words of the argument list */
enum { HAND_NOWAIT = 1, HAND_EXIT_DATA = 2 };
enum {
    HAND_MAP_ALLOC = 0, HAND_MAP_TO = 1, HAND_MAP_FROM = 2, HAND_MAP_TOFROM = 3, HAND_MAP_POINTER = 4, HAND_FIRSTPRIVATE = 0xc,
    HAND_FIRSTPRIVATE_INT = 0xd, HAND_USE_DEVICE_PTR = 0xe, HAND_ALWAYS_TO = 0x11, HAND_RELEASE = 0x17, HAND_STRUCT = 0x1c,
    HAND_ATTACH = 0x50
};
enum { HAND_ARG_TEAMS = 0x100, HAND_ARG_THREADS = 0x200, HAND_ARG_LONG = 0x80 };
void GOMP_target(int device, outlined *fn, const void *unused, size_t n, void **addresses, size_t *sizes, unsigned char *kinds);
void GOMP_target_data(int device, const void *unused, size_t n, void **addresses, size_t *sizes, unsigned char *kinds);
void GOMP_target_update(int device, const void *unused, size_t n, void **addresses, size_t *sizes, unsigned char *kinds);
void GOMP_target_end_data(void);
void GOMP_target_ext(int device, outlined *fn, size_t n, void **addresses, size_t *sizes, unsigned short *kinds, unsigned flags,
                     void **depend, void **args);
void GOMP_target_data_ext(int device, size_t n, void **addresses, size_t *sizes, unsigned short *kinds);
void GOMP_target_update_ext(int device, size_t n, void **addresses, size_t *sizes, unsigned short *kinds, unsigned flags,
                            void **depend);
void GOMP_target_enter_exit_data(int device, size_t n, void **addresses, size_t *sizes, unsigned short *kinds, unsigned flags,
                                 void **depend);
void GOMP_teams(unsigned num_teams, unsigned thread_limit);
bool GOMP_teams4(unsigned low, unsigned high, unsigned thread_limit, bool first);
void GOMP_offload_register(const void *host_table, int target_type, const void *target_data);
void GOMP_offload_unregister(const void *host_table, int target_type, const void *target_data);
void GOMP_offload_register_ver(unsigned version, const void *host_table, int target_type, const void *target_data);
void GOMP_offload_unregister_ver(unsigned version, const void *host_table, int target_type, const void *target_data);

#endif
