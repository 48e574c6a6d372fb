/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Arguments of a call, from the words of a script, and what is printed of a call: its result and all that it changed in
 * memory.  A word stands for
 *
 *     -5  0x80000001  1.5        a number                      null            a null pointer
 *     &5  &$3  &?                the address of a number of the type that the parameter points at; ?: a pattern of bytes
 *     [1,2,$3]                   the address of an array of them; traits are pairs of key and value
 *     "text"  'text'             a string, \xNN for any byte; the second form has no NUL behind it, but some Zs
 *     b2+16  *b2+16              a place in buffer 2; the address of a variable that points there
 *     l4                         lock variable 4, 64 bytes that are not compared
 *     $3                         what slot 3 holds
 *     gfc:b2+16:8:4:5            a gfortran descriptor of an array of 4 x 5 elements of 8 bytes at b2+16
 *     callback                   a function for acc_prof_register; it prints what it is told
 *     register lookup            functions for acc_register_library
 *
 * Pointers come out as words of this kind too, or as "ptr".  Only one thread at a time may use any of this. */
#ifndef GOMPX_TESTS_VALUE_H
#define GOMPX_TESTS_VALUE_H

#include <stdint.h>

#include "tests/abi/diff/signature.h"

enum { BUFFERS = 8, BUFFER_SIZE = 1024, LOCKS = 32, LOCK_SIZE = 64, SLOTS = 64, PATTERN = 0xa5 };

extern unsigned char value_buffers[BUFFERS][BUFFER_SIZE];
extern uint64_t value_slots[SLOTS];

struct cell {
    const char *word;
    const struct parameter *parameter;
    union { int32_t i32; int64_t i64; double d; void *p; } value;
    unsigned char *memory, *before;     /* what the word is the address of, and a copy; NULL: nothing of its own */
    size_t size;
};

/* Turns the words into cells; ends the process for a word that does not fit. */
void value_read(struct cell *cells, const struct routine *r, char **words, unsigned count);

/* Calls with these cells; prints the result and the changes, and puts the result into `slot` unless that is negative.
 * A routine whose result goes into a slot may return what an earlier call has returned; only null or not is printed. */
void value_call(struct cell *cells, struct routine *r, int slot);

/* A place in a buffer, `b2+16`; ends the process if it is none. */
unsigned char *value_place(const char *word);

/* The slot in `$3`, or -1. */
int value_slot(const char *word);

void value_print_bytes(const unsigned char *from, size_t n);

#endif
