/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What every other file stands on: hints to the compiler, the size of a cache line, messages to
 * the user, and assertions.  Nothing here knows of threads. */
#ifndef GOMPX_SYNC_BASE_H
#define GOMPX_SYNC_BASE_H

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define gompx_likely(x)   __builtin_expect(!!(x), 1)
#define gompx_unlikely(x) __builtin_expect(!!(x), 0)
#define GOMPX_COLD        __attribute__((cold, noinline))

/* Two 64-byte lines: adjacent-line prefetchers move them as a pair, and some Arm parts have 128-byte lines. */
#define GOMPX_CACHE_LINE 128

/* One line on stderr, "\nlibgomp: TEXT\n", in a single write.  Programs and test suites look for libgomp's prefix. */
void gompx_warn(const char *format, ...) __attribute__((format(printf, 1, 2))) GOMPX_COLD;

/* TEXT as it is on stderr, for GOMP_DEBUG. */
void gompx_debug(const char *format, ...) __attribute__((format(printf, 1, 2))) GOMPX_COLD;

/* "\nlibgomp: TEXT\n", then exit(EXIT_FAILURE): atexit handlers run, as users of libgomp expect.
 * For mistakes of the program or its surroundings. */
_Noreturn void gompx_error(const char *format, ...) __attribute__((format(printf, 1, 2))) GOMPX_COLD;

/* "libgompx: fatal: TEXT\n", then exit(EXIT_FAILURE).  For what gompx itself cannot do. */
_Noreturn void gompx_fatal(const char *format, ...) __attribute__((format(printf, 1, 2))) GOMPX_COLD;

/* A system call failed in a way that its contract excludes: file, line, call and errno, then abort(). */
_Noreturn void gompx_impossible(const char *file, int line, const char *call, int error) GOMPX_COLD;

/* Zeroed memory aligned to GOMPX_CACHE_LINE, rounded up to whole lines; fatal when there is none.
 * What comes from here is type-stable: it is recycled, never returned, because threads that lost a
 * race may still read it. */
void *gompx_lines_alloc(size_t bytes) __attribute__((malloc));

#ifdef GOMPX_DEBUG
_Noreturn void gompx_assert_failed(const char *file, int line, const char *what) GOMPX_COLD;
#define gompx_assert(e) ((e) ? (void)0 : gompx_assert_failed(__FILE__, __LINE__, #e))
#else
#define gompx_assert(e) ((void)sizeof(!(e)))
#endif

#endif
