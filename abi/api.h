/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The routines of omp.h as the library defines them, whatever omp.h the compiler at hand brings: enumerations are passed as
 * the integers of their size.  All are thread-safe and may be called by threads that the runtime has never seen.
 * Source: OpenMP 5.2, chapter 18; the *_dim routines OpenMP 6.1 (preview). */
#ifndef GOMPX_ABI_API_H
#define GOMPX_ABI_API_H

#include "abi/abi.h"

/* Regions and teams */
GOMPX_API int omp_get_num_threads(void);
GOMPX_API int omp_get_thread_num(void);
GOMPX_API int omp_get_max_threads(void);
GOMPX_API int omp_get_num_procs(void);
GOMPX_API int omp_in_parallel(void);
GOMPX_API int omp_get_level(void);
GOMPX_API int omp_get_active_level(void);
GOMPX_API int omp_get_ancestor_thread_num(int level);
GOMPX_API int omp_get_team_size(int level);
GOMPX_API int omp_get_num_teams(void);
GOMPX_API int omp_get_team_num(void);
GOMPX_API int omp_in_final(void);
GOMPX_API int omp_in_explicit_task(void);
GOMPX_API int omp_get_supported_active_levels(void);

/* Control variables */
GOMPX_API void omp_set_num_threads(int n);
GOMPX_API void omp_set_dynamic(int on);
GOMPX_API int omp_get_dynamic(void);
GOMPX_API void omp_set_nested(int on);
GOMPX_API int omp_get_nested(void);
GOMPX_API void omp_set_max_active_levels(int n);
GOMPX_API int omp_get_max_active_levels(void);
GOMPX_API void omp_set_schedule(unsigned kind, int chunk);
GOMPX_API void omp_get_schedule(unsigned *kind, int *chunk);
GOMPX_API int omp_get_thread_limit(void);
GOMPX_API int omp_get_cancellation(void);
GOMPX_API int omp_get_max_task_priority(void);
GOMPX_API int omp_get_proc_bind(void);
GOMPX_API void omp_set_num_teams(int n);
GOMPX_API int omp_get_max_teams(void);
GOMPX_API void omp_set_teams_thread_limit(int n);
GOMPX_API int omp_get_teams_thread_limit(void);
GOMPX_API void omp_display_env(int verbose);

/* Dimensions of leagues and teams; the host has one */
GOMPX_API int omp_get_num_teams_dim(int dim);
GOMPX_API int omp_get_team_num_dim(int dim);
GOMPX_API int omp_get_num_threads_dim(int dim);
GOMPX_API int omp_get_thread_num_dim(int dim);
GOMPX_API int omp_get_thread_limit_dim(int dim);
GOMPX_API int omp_get_supported_active_league_dims(int dev, int native);
GOMPX_API int omp_get_supported_active_team_dims(int dev, int native);
GOMPX_API int omp_get_supported_teams_dim(int dev, int dim);
GOMPX_API int omp_get_supported_threads_dim(int dev, int dim);

/* Places, and the affinity of the calling thread as text */
GOMPX_API int omp_get_num_places(void);
GOMPX_API int omp_get_place_num_procs(int place);
GOMPX_API void omp_get_place_proc_ids(int place, int *ids);
GOMPX_API int omp_get_place_num(void);
GOMPX_API int omp_get_partition_num_places(void);
GOMPX_API void omp_get_partition_place_nums(int *places);
GOMPX_API void omp_set_affinity_format(const char *format);
GOMPX_API size_t omp_get_affinity_format(char *buffer, size_t size);
GOMPX_API size_t omp_capture_affinity(char *buffer, size_t size, const char *format);
GOMPX_API void omp_display_affinity(const char *format);

/* Time and tools */
GOMPX_API double omp_get_wtime(void);
GOMPX_API double omp_get_wtick(void);
GOMPX_API int omp_control_tool(int command, int modifier, void *arg);

/* Devices: there is none but the host, whose number is 0; -1 names it as well */
GOMPX_API void omp_set_default_device(int dev);
GOMPX_API int omp_get_default_device(void);
GOMPX_API int omp_get_num_devices(void);
GOMPX_API int omp_get_initial_device(void);
GOMPX_API int omp_get_device_num(void);
GOMPX_API int omp_is_initial_device(void);
GOMPX_API int omp_pause_resource(unsigned kind, int dev);
GOMPX_API int omp_pause_resource_all(unsigned kind);

#endif
