/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * All pairs of some protein-like sequences, aligned with affine gap costs: Gotoh's recurrences, two rows of scores, a
 * task per pair.  The sequences have different lengths, so have the tasks.  In `alignment` one thread creates them in
 * two nested loops; `alignment_loop` is a taskloop over the pairs.  `size` is the number of sequences; `cut` is 1 for
 * the taskloop. */
#include "tasks.h"

#include <stdlib.h>
#include <string.h>

enum {
    LETTERS = 20,
    SHORTEST = 100,
    LONGEST = 300,
    MAX_SEQUENCES = 32,
    MATCH = 5,
    OPEN = 8, /* a gap of n letters costs OPEN + n * EXTEND */
    EXTEND = 2,
    NEVER = -1000000,
};

struct sequence {
    int length;
    unsigned char letter[LONGEST];
};

struct alignment {
    int size, loop;
    int similarity[LETTERS][LETTERS];
    struct sequence sequences[MAX_SEQUENCES];
    int score[MAX_SEQUENCES][MAX_SEQUENCES];
};

static void *make(int size, int loop)
{
    struct alignment *a = tasks_memory(1, sizeof *a);
    uint64_t random = 7;

    a->size = size;
    a->loop = loop;
    for (int i = 0; i < LETTERS; i++)
        for (int j = 0; j <= i; j++)
            a->similarity[i][j] = a->similarity[j][i] = i == j ? MATCH : (int)(tasks_random(&random) % 6) - 4;
    for (int s = 0; s < size; s++) {
        struct sequence *q = &a->sequences[s];
        q->length = SHORTEST + (int)(tasks_random(&random) % (LONGEST - SHORTEST + 1));
        for (int i = 0; i < q->length; i++)
            q->letter[i] = (unsigned char)(tasks_random(&random) % LETTERS);
    }
    return a;
}

static void reset(void *data)
{
    struct alignment *a = data;

    memset(a->score, 0, sizeof a->score);
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* The score of the best global alignment.  best[j]: of the letters of p so far with the first j of q; down[j]: of
 * those that end with a letter of p against a gap. */
static int align(const struct alignment *a, const struct sequence *p, const struct sequence *q)
{
    int best[LONGEST + 1], down[LONGEST + 1];

    best[0] = 0;
    down[0] = NEVER;
    for (int j = 1; j <= q->length; j++) {
        best[j] = -OPEN - j * EXTEND;
        down[j] = NEVER;
    }
    for (int i = 1; i <= p->length; i++) {
        const int *similarity = a->similarity[p->letter[i - 1]];
        int diagonal = best[0], right = NEVER;
        best[0] = -OPEN - i * EXTEND;
        for (int j = 1; j <= q->length; j++) {
            down[j] = larger(down[j], best[j] - OPEN) - EXTEND;
            right = larger(right, best[j - 1] - OPEN) - EXTEND;
            int here = larger(diagonal + similarity[q->letter[j - 1]], larger(down[j], right));
            diagonal = best[j];
            best[j] = here;
        }
    }
    return best[q->length];
}

static void align_pair(struct alignment *a, int i, int j)
{
    a->score[i][j] = align(a, &a->sequences[i], &a->sequences[j]);
}

static uint64_t serial(void *data)
{
    struct alignment *a = data;

    for (int i = 0; i < a->size; i++)
        for (int j = i; j < a->size; j++)
            align_pair(a, i, j);
    return 0;
}

static uint64_t tasks(void *data)
{
    struct alignment *a = data;
    int size = a->size;
    size_t pairs = (size_t)(size * size);

    if (a->loop) {
#pragma omp taskloop grainsize(1) nogroup
        for (size_t pair = 0; pair < pairs; pair++) {
            int i = (int)pair / size, j = (int)pair % size;
            if (i <= j)
                align_pair(a, i, j);
        }
        return 0;
    }
    for (int i = 0; i < size; i++)
        for (int j = i; j < size; j++) {
#pragma omp task firstprivate(a, i, j)
            align_pair(a, i, j);
        }
    return 0;
}

static uint64_t result(void *data)
{
    struct alignment *a = data;

    return tasks_hash(a->score, sizeof a->score);
}

/* A sequence fits itself best, and the score does not depend on which of two comes first. */
static void verify(void *data, uint64_t hash)
{
    struct alignment *a = data;

    (void)hash;
    for (int i = 0; i < a->size; i++) {
        if (a->score[i][i] != MATCH * a->sequences[i].length)
            bench_fail("alignment: sequence %d and itself score %d", i, a->score[i][i]);
        int j = (i + 1) % a->size, there = align(a, &a->sequences[i], &a->sequences[j]);
        int back = align(a, &a->sequences[j], &a->sequences[i]);
        if (there != back || there > MATCH * larger(a->sequences[i].length, a->sequences[j].length))
            bench_fail("alignment: sequences %d and %d score %d and %d", i, j, there, back);
    }
}

const struct kernel kernel_alignment = {
    "alignment", "20 sequences of 100 to 300 letters, a task per pair", make, reset, serial, tasks, result, verify,
    20, 0};
const struct kernel kernel_alignment_loop = {
    "alignment_loop", "the same as a taskloop, one pair per task", make, reset, serial, tasks, result, verify, 20, 1};
