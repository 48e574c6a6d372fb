/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The CPU time that the process's control groups allow it: the one door to cgroup files. */
#ifndef GOMPX_AFFINITY_QUOTA_H
#define GOMPX_AFFINITY_QUOTA_H

/* Thousandths of a CPU that the tightest quota of the process's cgroup and its ancestors allows; 0: no quota is set,
 * or the files do not tell.  Versions 1 and 2 of the interface.  `root` is put before the absolute paths that are
 * read (/proc/self and the mount points found there): "" but in tests.  Reads a few small files; uses no memory but
 * its stack.  Thread-safe. */
unsigned long gompx_quota_millicpus(const char *root);

#endif
