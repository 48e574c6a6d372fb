/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What gompx offers beyond OpenMP, for programs that are linked with it; in Fortran: gompx_lib.inc.  A program that is to run on other runtimes as well
 * declares the routines weak and asks whether they are there. */
#ifndef GOMPX_H
#define GOMPX_H

#ifdef __cplusplus
extern "C" {
#endif

/* A waiting thread spins and never sleeps, as with OMP_WAIT_POLICY=active. */
#define GOMPX_SPIN_ALWAYS (-1L)

/* Sets the longest time, in microseconds, that a waiting thread of the process spins before it sleeps; 0: it sleeps at
 * once, as with OMP_WAIT_POLICY=passive; GOMPX_SPIN_ALWAYS, or any negative number: it does not sleep while there are enough
 * CPUs.  Above 10^9: 10^9.  Takes the place of what OMP_WAIT_POLICY, GOMP_SPINCOUNT, KMP_BLOCKTIME and GOMPX_SPIN_US said;
 * each thread follows from its next wait on.  A thread that sleeps is not woken.  Thread-safe; does not concern locks. */
void gompx_set_spin_us(long us);

/* That time now: 0, GOMPX_SPIN_ALWAYS or microseconds.  A thread may spin for a shorter time if it finds that spinning does
 * not pay.  Thread-safe. */
long gompx_get_spin_us(void);

#ifdef __cplusplus
}
#endif

#endif
