/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Every access to a shared word goes through these macros; the memory order is part of the name:
 *   rlx relaxed, acq acquire, rel release, ar acquire+release, sc sequentially consistent.
 * A bare use of an _Atomic variable would be a silent sc access: don't.
 *
 * Two test builds hang on them:
 *   GOMPX_STEPS   GOMPX_STEP(file, letter) marks the lettered steps of a protocol; the build calls
 *                 gompx_step(), which does nothing, yields, or sleeps at random, or does what a test
 *                 forces.  In a release build it is nothing.
 *   GOMPX_COUNT   counts read-modify-writes, shared stores and system calls per thread, so that a test can assert the
 *                 cost of a construct exactly. */
#ifndef GOMPX_SYNC_ATOMIC_H
#define GOMPX_SYNC_ATOMIC_H

#include <stdatomic.h>
#include <stdint.h>

#ifdef GOMPX_COUNT
struct gompx_counts { uint64_t rmw, stores, syscalls, mallocs, sleeps, wakes; };
extern __thread struct gompx_counts gompx_counts;
#define GOMPX_COUNT_RMW()     (gompx_counts.rmw++)
#define GOMPX_COUNT_STORE()   (gompx_counts.stores++)
#define GOMPX_COUNT_SYSCALL() (gompx_counts.syscalls++)
#define GOMPX_COUNT_SLEEP()   (gompx_counts.syscalls++, gompx_counts.sleeps++)
#define GOMPX_COUNT_WAKE()    (gompx_counts.syscalls++, gompx_counts.wakes++)
#else
#define GOMPX_COUNT_RMW()     ((void)0)
#define GOMPX_COUNT_STORE()   ((void)0)
#define GOMPX_COUNT_SYSCALL() ((void)0)
#define GOMPX_COUNT_SLEEP()   ((void)0)
#define GOMPX_COUNT_WAKE()    ((void)0)
#endif

#ifdef GOMPX_STEPS
void gompx_step(const char *file, char letter);         /* runtime weak hook of the delay build, sync/step.c */
#define GOMPX_STEP(file, letter) gompx_step(#file, (#letter)[0])
#else
#define GOMPX_STEP(file, letter) ((void)0)
#endif

#define gompx_load_rlx(p)          atomic_load_explicit((p), memory_order_relaxed)
#define gompx_load_acq(p)          atomic_load_explicit((p), memory_order_acquire)
#define gompx_load_sc(p)           atomic_load_explicit((p), memory_order_seq_cst)
#define gompx_store_rlx(p, v)      (GOMPX_COUNT_STORE(), atomic_store_explicit((p), (v), memory_order_relaxed))
#define gompx_store_rel(p, v)      (GOMPX_COUNT_STORE(), atomic_store_explicit((p), (v), memory_order_release))

#define gompx_xchg_acq(p, v)       (GOMPX_COUNT_RMW(), atomic_exchange_explicit((p), (v), memory_order_acquire))
#define gompx_xchg_rel(p, v)       (GOMPX_COUNT_RMW(), atomic_exchange_explicit((p), (v), memory_order_release))
#define gompx_xchg_ar(p, v)        (GOMPX_COUNT_RMW(), atomic_exchange_explicit((p), (v), memory_order_acq_rel))
#define gompx_xchg_sc(p, v)        (GOMPX_COUNT_RMW(), atomic_exchange_explicit((p), (v), memory_order_seq_cst))

#define gompx_add_rlx(p, v)        (GOMPX_COUNT_RMW(), atomic_fetch_add_explicit((p), (v), memory_order_relaxed))
#define gompx_add_sc(p, v)         (GOMPX_COUNT_RMW(), atomic_fetch_add_explicit((p), (v), memory_order_seq_cst))
#define gompx_add_ar(p, v)         (GOMPX_COUNT_RMW(), atomic_fetch_add_explicit((p), (v), memory_order_acq_rel))
#define gompx_sub_ar(p, v)         (GOMPX_COUNT_RMW(), atomic_fetch_sub_explicit((p), (v), memory_order_acq_rel))
#define gompx_and_ar(p, v)         (GOMPX_COUNT_RMW(), atomic_fetch_and_explicit((p), (v), memory_order_acq_rel))
#define gompx_or_ar(p, v)          (GOMPX_COUNT_RMW(), atomic_fetch_or_explicit((p), (v), memory_order_acq_rel))

/* Strong compare-and-swap; `old` is a pointer to the expected value and receives the value found on failure. A failure
 * is always a relaxed load: code that goes on with the value found must not rely on more. */
#define gompx_cas_rlx(p, old, v)   (GOMPX_COUNT_RMW(), atomic_compare_exchange_strong_explicit((p), (old), (v), memory_order_relaxed, memory_order_relaxed))
#define gompx_cas_acq(p, old, v)   (GOMPX_COUNT_RMW(), atomic_compare_exchange_strong_explicit((p), (old), (v), memory_order_acquire, memory_order_relaxed))
#define gompx_cas_rel(p, old, v)   (GOMPX_COUNT_RMW(), atomic_compare_exchange_strong_explicit((p), (old), (v), memory_order_release, memory_order_relaxed))
#define gompx_cas_ar(p, old, v)    (GOMPX_COUNT_RMW(), atomic_compare_exchange_strong_explicit((p), (old), (v), memory_order_acq_rel, memory_order_relaxed))
#define gompx_cas_sc(p, old, v)    (GOMPX_COUNT_RMW(), atomic_compare_exchange_strong_explicit((p), (old), (v), memory_order_seq_cst, memory_order_relaxed))

#define gompx_fence_acq()          atomic_thread_fence(memory_order_acquire)
#define gompx_fence_rel()          atomic_thread_fence(memory_order_release)
#define gompx_fence_sc()           atomic_thread_fence(memory_order_seq_cst)

#endif
