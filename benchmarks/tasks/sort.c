/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Merge sort with a merge that is itself shared out, after Cilk's cilksort: four quarters are sorted at once, then
 * merged pair by pair; a merge halves the longer run, finds the place of its middle in the other, and merges the two
 * halves at once.  Runs of up to `cut` numbers are sorted by quicksort and merged in a plain loop.  The serial program
 * merges in plain loops only.  `size` is the logarithm of the number of numbers. */
#include "tasks.h"

#include <string.h>

struct sort {
    size_t count, cut;
    uint32_t *input, *numbers, *scratch;
};

static void *make(int size, int cut)
{
    struct sort *s = tasks_memory(1, sizeof *s);
    uint64_t random = 1;

    s->count = (size_t)1 << size;
    s->cut = (size_t)cut;
    s->input = tasks_memory(s->count, sizeof *s->input);
    s->numbers = tasks_memory(s->count, sizeof *s->numbers);
    s->scratch = tasks_memory(s->count, sizeof *s->scratch);
    for (size_t i = 0; i < s->count; i++)
        s->input[i] = (uint32_t)tasks_random(&random);
    return s;
}

static void reset(void *data)
{
    struct sort *s = data;

    memcpy(s->numbers, s->input, s->count * sizeof *s->numbers);
}

static void insertion_sort(uint32_t *a, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t value = a[i];
        size_t j = i;
        for (; j > 0 && a[j - 1] > value; j--)
            a[j] = a[j - 1];
        a[j] = value;
    }
}

static uint32_t median_of_3(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;

    return c < low ? low : c > high ? high : c;
}

static void quicksort(uint32_t *a, size_t n)
{
    while (n > 20) {
        uint32_t pivot = median_of_3(a[0], a[n / 2], a[n - 1]);
        size_t i = 0, j = n - 1;
        for (;; i++, j--) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i >= j)
                break;
            uint32_t t = a[i];
            a[i] = a[j];
            a[j] = t;
        }
        quicksort(a, i);
        a += i;
        n -= i;
    }
    insertion_sort(a, n);
}

static void merge(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *to)
{
    size_t i = 0, j = 0;

    while (i < na && j < nb) {
        int first = a[i] <= b[j];
        *to++ = first ? a[i] : b[j];
        i += (size_t)first;
        j += (size_t)!first;
    }
    memcpy(to, a + i, (na - i) * sizeof *to);
    memcpy(to + (na - i), b + j, (nb - j) * sizeof *to);
}

/* How many of a[0..n) are less than value. */
static size_t rank(const uint32_t *a, size_t n, uint32_t value)
{
    size_t low = 0;

    while (n > 0) {
        size_t half = n / 2;
        if (a[low + half] < value) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

static void merge_tasks(const uint32_t *a, size_t na, const uint32_t *b, size_t nb, uint32_t *to, size_t cut)
{
    if (na + nb <= cut) {
        merge(a, na, b, nb, to);
        return;
    }
    if (na < nb) {
        merge_tasks(b, nb, a, na, to, cut);
        return;
    }
    size_t middle = na / 2, split = rank(b, nb, a[middle]);
#pragma omp task
    merge_tasks(a, middle, b, split, to, cut);
#pragma omp task
    merge_tasks(a + middle, na - middle, b + split, nb - split, to + middle + split, cut);
#pragma omp taskwait
}

/* Sorts a[0..n), n a power of two; scratch is as long. */
static void sort_serial(uint32_t *a, uint32_t *scratch, size_t n, size_t cut)
{
    size_t quarter = n / 4, half = n / 2;

    if (n <= cut) {
        quicksort(a, n);
        return;
    }
    for (size_t i = 0; i < n; i += quarter)
        sort_serial(a + i, scratch + i, quarter, cut);
    for (size_t i = 0; i < n; i += half)
        merge(a + i, quarter, a + i + quarter, quarter, scratch + i);
    merge(scratch, half, scratch + half, half, a);
}

static void sort_tasks(uint32_t *a, uint32_t *scratch, size_t n, size_t cut)
{
    size_t quarter = n / 4, half = n / 2;

    if (n <= cut) {
        quicksort(a, n);
        return;
    }
    for (size_t i = 0; i < n; i += quarter) {
#pragma omp task
        sort_tasks(a + i, scratch + i, quarter, cut);
    }
#pragma omp taskwait
    for (size_t i = 0; i < n; i += half) {
#pragma omp task
        merge_tasks(a + i, quarter, a + i + quarter, quarter, scratch + i, cut);
    }
#pragma omp taskwait
    merge_tasks(scratch, half, scratch + half, half, a, cut);
}

static uint64_t serial(void *data)
{
    struct sort *s = data;

    sort_serial(s->numbers, s->scratch, s->count, s->cut);
    return 0;
}

static uint64_t tasks(void *data)
{
    struct sort *s = data;

    sort_tasks(s->numbers, s->scratch, s->count, s->cut);
    return 0;
}

static uint64_t result(void *data)
{
    struct sort *s = data;

    return tasks_hash(s->numbers, s->count * sizeof *s->numbers);
}

/* In order, and the same numbers as before as far as their sum and the sum of their mixes tell. */
static void verify(void *data, uint64_t hash)
{
    struct sort *s = data;
    uint64_t sums[2] = {0, 0};

    (void)hash;
    for (size_t i = 0; i < s->count; i++) {
        if (i > 0 && s->numbers[i - 1] > s->numbers[i])
            bench_fail("sort: number %zu is out of order", i);
        sums[0] += (uint64_t)s->numbers[i] - s->input[i];
        sums[1] += tasks_mix(s->numbers[i]) - tasks_mix(s->input[i]);
    }
    if (sums[0] || sums[1])
        bench_fail("sort: these are not the numbers that were given");
}

const struct kernel kernel_sort_fine = {
    "sort_fine", "2^17 numbers, tasks down to 64", make, reset, serial, tasks, result, verify, 17, 64};
const struct kernel kernel_sort_cut = {
    "sort_cut", "2^18 numbers, tasks down to 4096", make, reset, serial, tasks, result, verify, 18, 4096};
