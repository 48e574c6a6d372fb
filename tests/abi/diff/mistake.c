/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A library in front of gompx that gets one routine wrong: what the tester must find (tests/abi/diff/mistakes).
 * Compiled with none of the names below, it gets nothing wrong. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REAL(result, name, ...) ((result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#ifdef WRONG_RESULT
int omp_get_max_threads(void);
int omp_get_max_threads(void)
{
    return REAL(int, omp_get_max_threads, void)() + 1;
}
#endif

#ifdef HALF_AN_OUTPUT
void omp_get_schedule_8_(int32_t *kind, int64_t *chunk);
void omp_get_schedule_8_(int32_t *kind, int64_t *chunk)
{
    int64_t whole;

    REAL(void, omp_get_schedule_8_, int32_t *, int64_t *)(kind, &whole);
    *(int32_t *)chunk = (int32_t)whole;
}
#endif

#ifdef ONE_BLANK_TOO_MANY
int32_t omp_get_affinity_format_(char *buffer, size_t length);
int32_t omp_get_affinity_format_(char *buffer, size_t length)
{
    return REAL(int32_t, omp_get_affinity_format_, char *, size_t)(buffer, length + 1);
}
#endif

#ifdef MESSAGE_CHANGED
void omp_display_affinity(const char *format);
void omp_display_affinity(const char *format)
{
    fputs("> ", stderr);
    REAL(void, omp_display_affinity, const char *)(format);
}
#endif

#ifdef NO_MESSAGE
void omp_display_env(int verbose);
void omp_display_env(int verbose)
{
    (void)verbose;
}
#endif

#ifdef LOCK_COUNT
int omp_test_nest_lock(void *lock);
int omp_test_nest_lock(void *lock)
{
    return REAL(int, omp_test_nest_lock, void *)(lock) != 0;
}
#endif

#ifdef PROCESS_ENDS
int omp_pause_resource_all(int kind);
int omp_pause_resource_all(int kind)
{
    exit(kind);
}
#endif

#ifdef SETTER_OF_ANOTHER
void omp_set_num_teams_(const int32_t *n);
void omp_set_num_teams_(const int32_t *n)
{
    REAL(void, omp_set_teams_thread_limit_, const int32_t *)(n);
}
#endif

#ifdef FORM_OF_A_NEWER_ONE
int32_t omp_in_explicit_task_(void);
int32_t omp_in_explicit_task_(void)
{
    return 1;
}
#endif
