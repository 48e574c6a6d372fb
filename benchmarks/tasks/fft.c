/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Fast Fourier transform by halves: the even and the odd places are transformed at once, then the two halves are
 * combined in pieces.  Transforms of up to `cut` numbers make no tasks, and neither do pieces of so many.  `size` is
 * the logarithm of the number of numbers. */
#include "tasks.h"

#include <math.h>

struct number {
    double re, im;
};

struct fft {
    int count, cut;
    struct number *input, *output, *roots; /* roots[k] = exp(-2 pi i k / count) */
};

/* The input is a sum of waves, so the output is known: count * amplitude at their frequencies. */
enum { WAVES = 3 };

static const struct {
    int frequency;
    double amplitude;
} waves[WAVES] = {{5, 1}, {1234, 0.5}, {40000, 0.25}};

static void *make(int size, int cut)
{
    struct fft *f = tasks_memory(1, sizeof *f);

    f->count = 1 << size;
    f->cut = cut;
    f->input = tasks_memory((size_t)f->count, sizeof *f->input);
    f->output = tasks_memory((size_t)f->count, sizeof *f->output);
    f->roots = tasks_memory((size_t)f->count, sizeof *f->roots);
    for (int i = 0; i < f->count; i++) {
        double angle = -2 * M_PI * i / f->count;
        f->roots[i] = (struct number){cos(angle), sin(angle)};
    }
    for (int i = 0; i < f->count; i++) {
        for (int w = 0; w < WAVES; w++) {
            struct number r = f->roots[(long)i * waves[w].frequency % f->count];
            f->input[i].re += waves[w].amplitude * r.re;
            f->input[i].im -= waves[w].amplitude * r.im;
        }
    }
    return f;
}

/* Combines to[k] and to[k + half] for `from` <= k < `end`. */
static void combine(const struct fft *f, struct number *to, int half, int stride, int from, int end)
{
    for (int k = from; k < end; k++) {
        struct number r = f->roots[(size_t)k * (size_t)stride], a = to[k], b = to[k + half];
        struct number t = {b.re * r.re - b.im * r.im, b.re * r.im + b.im * r.re};
        to[k] = (struct number){a.re + t.re, a.im + t.im};
        to[k + half] = (struct number){a.re - t.re, a.im - t.im};
    }
}

static void combine_tasks(const struct fft *f, struct number *to, int half, int stride, int from, int end)
{
    int middle = from + (end - from) / 2;

    if (end - from <= f->cut) {
        combine(f, to, half, stride, from, end);
        return;
    }
#pragma omp task
    combine_tasks(f, to, half, stride, from, middle);
#pragma omp task
    combine_tasks(f, to, half, stride, middle, end);
#pragma omp taskwait
}

/* to[0..n) = transform of from[0], from[stride], ...; n times stride is f->count. */
static void transform_serial(const struct fft *f, struct number *to, const struct number *from, int n, int stride)
{
    int half = n / 2;

    if (n == 1) {
        *to = *from;
        return;
    }
    transform_serial(f, to, from, half, 2 * stride);
    transform_serial(f, to + half, from + stride, half, 2 * stride);
    combine(f, to, half, stride, 0, half);
}

static void transform_tasks(const struct fft *f, struct number *to, const struct number *from, int n, int stride)
{
    int half = n / 2;

    if (n <= f->cut) {
        transform_serial(f, to, from, n, stride);
        return;
    }
#pragma omp task
    transform_tasks(f, to, from, half, 2 * stride);
#pragma omp task
    transform_tasks(f, to + half, from + stride, half, 2 * stride);
#pragma omp taskwait
    combine_tasks(f, to, half, stride, 0, half);
}

static uint64_t serial(void *data)
{
    struct fft *f = data;

    transform_serial(f, f->output, f->input, f->count, 1);
    return 0;
}

static uint64_t tasks(void *data)
{
    struct fft *f = data;

    transform_tasks(f, f->output, f->input, f->count, 1);
    return 0;
}

static uint64_t result(void *data)
{
    struct fft *f = data;

    return tasks_hash(f->output, (size_t)f->count * sizeof *f->output);
}

static void verify(void *data, uint64_t hash)
{
    struct fft *f = data;

    (void)hash;
    for (int k = 0; k < f->count; k++) {
        double expected = 0;
        for (int w = 0; w < WAVES; w++)
            if (waves[w].frequency == k)
                expected = waves[w].amplitude * f->count;
        if (!(hypot(f->output[k].re - expected, f->output[k].im) < 1e-8 * f->count))
            bench_fail("fft: number %d is %g + %gi instead of %g", k, f->output[k].re, f->output[k].im, expected);
    }
}

const struct kernel kernel_fft_fine = {
    "fft_fine", "2^16 complex numbers, tasks down to 64", make, 0, serial, tasks, result, verify, 16, 64};
const struct kernel kernel_fft_cut = {
    "fft_cut", "2^17 complex numbers, tasks down to 2048", make, 0, serial, tasks, result, verify, 17, 2048};
