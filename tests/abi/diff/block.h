/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Blocks of a script: lines that run in a parallel region, a task, a league or a thread of the program's own, which the
 * runtime under test is asked for through pointers to its entry points.  The threads of a region run their lines one
 * after the other, in the order of their numbers, so that a trace does not depend on chance. */
#ifndef GOMPX_TESTS_BLOCK_H
#define GOMPX_TESTS_BLOCK_H

enum { PATH_SIZE = 128, DEPTH_MAX = 8 };

/* Where lines run: a thread's place in the nest of blocks, written before each line of the trace. */
struct place {
    char path[PATH_SIZE];
    int depth;
};

/* Runs lines first .. last - 1 of the script: what the blocks do with their lines (worker.c). */
void lines_run(struct place *place, unsigned first, unsigned last);

/* Finds the entry points in the library; ends the process if one is missing. */
void block_open(void *library);

/* Runs the block that the words open, its lines being first .. last - 1:
 *
 *     parallel THREADS FLAGS       a region; THREADS 0: as the runtime decides.  See block.c for when it decides otherwise
 *     task IF FLAGS                a task, and taskwait
 *     detach SLOT IF               a task with an event, its handle in the slot; the lines must fulfil it
 *     teams TEAMS LIMIT            a league
 *     thread                       a thread of the program's own
 */
void block_run(struct place *place, char **words, unsigned count, unsigned first, unsigned last);

#endif
