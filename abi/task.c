/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * task, taskwait, taskyield, taskgroup, and the clauses that go with them: depend, detach, task_reduction,
 * in_reduction. */
#include "abi/abi.h"
#include "runtime/depend.h"
#include "runtime/reduce.h"
#include "runtime/spawn.h"

/* ---- task ---- */

/* Older compilers pass fewer arguments: 7 before depend, 8 before priority, 9 before detach.  The rest is looked at
 * only if the flags say that it is there. */
GOMPX_ENTRY(void, GOMP_task, void (*fn)(void *), void *data, void (*cpyfn)(void *, void *), long arg_size,
            long arg_align, bool if_clause, unsigned flags, void **depend, int priority, void *detach)
{
    gompx_spawn(gompx_frame_get(), fn, data, cpyfn, (size_t)arg_size, (size_t)arg_align, if_clause, flags, depend, priority,
                detach);
}

GOMPX_ENTRY(void, GOMP_taskwait, void)
{
    gompx_task_wait(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_taskwait_depend, void **depend)
{
    gompx_depend_wait(gompx_frame_get(), depend);
}

GOMPX_ENTRY(void, GOMP_taskwait_depend_nowait, void **depend)
{
    gompx_spawn_empty(gompx_frame_get(), depend);
}

GOMPX_ENTRY(void, GOMP_taskyield, void)
{
    gompx_task_yield(gompx_frame_get());
}

/* ---- taskgroup ---- */

GOMPX_ENTRY(void, GOMP_taskgroup_start, void)
{
    gompx_task_group_start(gompx_frame_get());
}

GOMPX_ENTRY(void, GOMP_taskgroup_end, void)
{
    gompx_task_group_end(gompx_frame_get());
}

/* ---- task reductions ---- */

GOMPX_ENTRY(void, GOMP_taskgroup_reduction_register, uintptr_t *data)
{
    gompx_reduction_register(gompx_frame_get(), data);
}

GOMPX_ENTRY(void, GOMP_taskgroup_reduction_unregister, uintptr_t *data)
{
    gompx_reduction_unregister(data);
}

GOMPX_ENTRY(void, GOMP_task_reduction_remap, size_t cnt, size_t cntorig, void **ptrs)
{
    gompx_reduction_remap(gompx_frame_get(), cnt, cntorig, ptrs);
}

GOMPX_ENTRY(void, GOMP_workshare_task_reduction_unregister, bool cancelled)
{
    gompx_reduction_close(gompx_frame_get(), cancelled);
}

/* ---- detach; omp_event_handle_t is an integer of pointer size ---- */

GOMPX_ENTRY(void, omp_fulfill_event, uintptr_t event)
{
    gompx_detach_fulfill((struct gompx_event *)event);
}

GOMPX_ENTRY(void, omp_fulfill_event_, intptr_t event)
{
    gompx_detach_fulfill((struct gompx_event *)event);
}
