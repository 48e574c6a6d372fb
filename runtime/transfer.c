/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Plain copies, blocks out of arrays, and both as tasks. */
#include "runtime/transfer.h"

#include <errno.h>
#include <string.h>

#include "runtime/spawn.h"

/* ---- blocks ---- */

/* Bytes from one element of dimension `d` to the next, in both arrays; false: overflow. */
static bool steps(const struct gompx_transfer_block *b, int d, size_t *to, size_t *from)
{
    *to = *from = b->elem_size;
    for (int i = d + 1; i < b->ndims; i++)
        if (__builtin_mul_overflow(*to, b->to_dims[i], to) || __builtin_mul_overflow(*from, b->from_dims[i], from))
            return false;
    return true;
}

static bool is_too_large(size_t step, size_t off, size_t volume)
{
    size_t end;

    return __builtin_add_overflow(off, volume, &end) || __builtin_mul_overflow(step, end, &end);
}

/* As libgomp, no look at the sizes of the arrays: that of the outermost dimension is often made up, for the copy does
 * not need it. */
static int block_check(const struct gompx_transfer_block *b)
{
    size_t to, from;

    if (b->ndims < 1)
        return EINVAL;
    for (int d = 0; d < b->ndims; d++)
        if (!steps(b, d, &to, &from) || is_too_large(to, b->to_off[d], b->volume[d])
            || is_too_large(from, b->from_off[d], b->volume[d]))
            return EINVAL;
    return 0;
}

static void block_copy(const struct gompx_transfer_block *b, int d, char *to, const char *from)
{
    size_t to_step, from_step;

    steps(b, d, &to_step, &from_step);
    to += b->to_off[d] * to_step;
    from += b->from_off[d] * from_step;
    if (d < b->ndims - 1)
        for (size_t i = 0; i < b->volume[d]; i++)
            block_copy(b, d + 1, to + i * to_step, from + i * from_step);
    else if (b->volume[d] * to_step > 0)
        memcpy(to, from, b->volume[d] * to_step);
}

int gompx_transfer_block(const struct gompx_transfer_block *block)
{
    int error = block_check(block);

    if (!error)
        block_copy(block, 0, block->to, block->from);
    return error;
}

/* ---- as tasks ---- */

struct task {
    struct gompx_frame *f;
    struct gompx_spawn spawn;
    struct gompx_transfer_depend depend;
};

enum { LAYOUT_WORDS = 5 };              /* before the entries; there are no addresses, so all are objects */

static void array_fill(void *array, void *context)
{
    struct task *task = context;
    void **word = array;

    memset(word, 0, LAYOUT_WORDS * sizeof *word);
    word[1] = (void *)(uintptr_t)task->depend.count;
    for (int i = 0; i < task->depend.count; i++)
        word[LAYOUT_WORDS + i] = task->depend.objects + 2 * (size_t)i;
    task->spawn.flags = GOMPX_SPAWN_DEPEND;
    task->spawn.depend = word;
    gompx_spawn_slow(task->f, &task->spawn);
}

static void spawn(struct task *task)
{
    task->spawn.if_clause = true;
    if (task->depend.count <= 0)
        gompx_spawn_slow(task->f, &task->spawn);
    else
        gompx_spawn_block((LAYOUT_WORDS + (size_t)task->depend.count) * sizeof(void *), alignof(void *), array_fill,
                          task);
}

struct plain {
    void *to;
    const void *from;
    bool fill;                          /* with `value`, rather than copy */
    int value;
    size_t size;
};

static void plain_run(void *data)
{
    struct plain *p = data;

    if (p->size > 0 && p->fill)
        memset(p->to, p->value, p->size);
    else if (p->size > 0)
        memcpy(p->to, p->from, p->size);
}

static void plain_spawn(struct gompx_frame *f, struct plain plain, struct gompx_transfer_depend depend)
{
    struct gompx_spawn s = { .fn = plain_run, .data = &plain, .size = sizeof plain, .align = alignof(struct plain) };

    spawn(&(struct task){ f, s, depend });
}

void gompx_transfer_copy_async(struct gompx_frame *f, void *to, const void *from, size_t size,
                               struct gompx_transfer_depend depend)
{
    plain_spawn(f, (struct plain){ .to = to, .from = from, .size = size }, depend);
}

void gompx_transfer_fill_async(struct gompx_frame *f, void *to, int value, size_t size,
                               struct gompx_transfer_depend depend)
{
    plain_spawn(f, (struct plain){ .to = to, .fill = true, .value = value, .size = size }, depend);
}

/* The block, and the numbers that it points at. */
struct rect {
    struct gompx_transfer_block block;
    size_t number[];
};

static const size_t *numbers_copy(struct rect *rect, int array, const size_t *from)
{
    size_t n = (size_t)rect->block.ndims;

    return memcpy(rect->number + (size_t)array * n, from, n * sizeof *from);
}

static void rect_fill(void *arg, void *data)
{
    struct rect *rect = arg;
    const struct gompx_transfer_block *b = data;

    rect->block = *b;
    rect->block.volume = numbers_copy(rect, 0, b->volume);
    rect->block.to_off = numbers_copy(rect, 1, b->to_off);
    rect->block.from_off = numbers_copy(rect, 2, b->from_off);
    rect->block.to_dims = numbers_copy(rect, 3, b->to_dims);
    rect->block.from_dims = numbers_copy(rect, 4, b->from_dims);
}

static void rect_run(void *arg)
{
    struct rect *rect = arg;

    block_copy(&rect->block, 0, rect->block.to, rect->block.from);
}

int gompx_transfer_block_async(struct gompx_frame *f, const struct gompx_transfer_block *block,
                               struct gompx_transfer_depend depend)
{
    int error = block_check(block);

    if (error)
        return error;
    struct gompx_spawn s = {
        .fn = rect_run, .data = (void *)(uintptr_t)block, .cpyfn = rect_fill,
        .size = sizeof(struct rect) + 5 * (size_t)block->ndims * sizeof(size_t), .align = alignof(struct rect), .plain = true,
    };
    spawn(&(struct task){ f, s, depend });
    return 0;
}
