/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Copying and filling memory of devices, which is the host's.  The _async forms make a task that may be deferred,
 * with dependences given by `count` depend objects, two words each (runtime/depend_array.h), or by none; they copy
 * all that they are given by address but the objects' memory.  Sizes in bytes where nothing else is said.  Source:
 * OpenMP 5.2, section 18.8. */
#ifndef GOMPX_RUNTIME_TRANSFER_H
#define GOMPX_RUNTIME_TRANSFER_H

#include <stddef.h>

struct gompx_frame;

struct gompx_transfer_depend {
    int count;
    void **objects;
};

void gompx_transfer_copy_async(struct gompx_frame *f, void *to, const void *from, size_t size,
                               struct gompx_transfer_depend depend);
void gompx_transfer_fill_async(struct gompx_frame *f, void *to, int value, size_t size,
                               struct gompx_transfer_depend depend);

/* A block of `ndims` dimensions out of one array into another; outermost dimension first, sizes and offsets in
 * elements. */
struct gompx_transfer_block {
    void *to;
    const void *from;
    size_t elem_size;
    int ndims;
    const size_t *volume, *to_off, *from_off, *to_dims, *from_dims;
};

/* 0, or EINVAL: the block has no dimension, or an offset in bytes overflows.  That it lies within the arrays is the
 * caller's business. */
int gompx_transfer_block(const struct gompx_transfer_block *block);
int gompx_transfer_block_async(struct gompx_frame *f, const struct gompx_transfer_block *block,
                               struct gompx_transfer_depend depend);

#endif
