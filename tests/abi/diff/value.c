/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading and printing the arguments and results of calls. */
#include "tests/abi/diff/value.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/abi/diff/profiling.h"

enum { SENTINEL = 16, UNKNOWN_SIZE = 64 };      /* bytes behind a temporary; of one whose type only has pointers to it */

alignas(64) unsigned char value_buffers[BUFFERS][BUFFER_SIZE];
alignas(64) static unsigned char locks[LOCKS][LOCK_SIZE], before[BUFFERS][BUFFER_SIZE];
uint64_t value_slots[SLOTS];

static void give_up(const char *word, const struct cell *cell)
{
    fflush(stdout);
    fprintf(stderr, "worker: the word %s does not fit a %s\n", word, cell ? cell->parameter->base->name : "place");
    _Exit(99);
}

int value_slot(const char *word)
{
    int slot = word[0] == '$' ? atoi(word + 1) : -1;

    return slot < SLOTS ? slot : -1;
}

unsigned char *value_place(const char *word)
{
    unsigned buffer, offset = 0;

    if (sscanf(word, "b%u+%u", &buffer, &offset) < 1 || buffer >= BUFFERS || offset >= BUFFER_SIZE)
        give_up(word, NULL);
    return &value_buffers[buffer][offset];
}

/* ---- reading ---- */

static size_t element_size(const struct parameter *p)
{
    return p->stars > 1 ? sizeof(void *) : p->base->size ? p->base->size : UNKNOWN_SIZE;
}

/* Memory of the cell's own: n bytes of the pattern, and a few more that nobody may touch. */
static unsigned char *memory_new(struct cell *cell, size_t n)
{
    cell->size = n + SENTINEL;
    cell->memory = aligned_alloc(64, (cell->size + 63) / 64 * 64);
    memset(cell->memory, 'Z', cell->size);
    memset(cell->memory, PATTERN, n);
    cell->value.p = cell->memory;
    return cell->memory;
}

static uint64_t number(const char *word, const struct cell *cell)
{
    char *end;
    int slot = value_slot(word);
    uint64_t n = slot >= 0 ? value_slots[slot] : word[0] == '-' ? (uint64_t)strtoll(word, &end, 0) : strtoull(word, &end, 0);

    if (slot < 0 && (end == word || (*end && !strchr(",]:", *end))))
        give_up(word, cell);
    return n;
}

static void element_set(struct cell *cell, unsigned char *at, const char *word)
{
    uint64_t n = number(word, cell);

    memcpy(at, &n, element_size(cell->parameter) < 8 ? 4 : 8);
}

/* [1,2,3]: elements; of traits, {int key; uintptr_t value} from pairs. */
static void array_read(struct cell *cell, const char *word)
{
    bool traits = cell->parameter->base->kind == KIND_TRAIT;
    size_t n = word[1] != ']', step = traits ? 8 : element_size(cell->parameter);

    for (const char *s = word; *s; s++)
        n += *s == ',';
    memory_new(cell, n * step);
    for (size_t i = 0; i < n; i++) {
        element_set(cell, cell->memory + i * step, ++word);
        word += strcspn(word, ",");
    }
}

static void text_read(struct cell *cell, const char *word)
{
    size_t n = 0;
    char quote = *word;
    unsigned char *to = memory_new(cell, strlen(word));

    for (word++; *word && *word != quote; word++) {
        unsigned byte = (unsigned char)*word;

        if (*word == '\\' && sscanf(word, "\\x%2x", &byte) == 1)
            word += 3;
        to[n++] = (unsigned char)byte;
    }
    if (quote == '"')
        to[n++] = '\0';
    memset(to + n, 'Z', cell->size - n);
}

/* gfc:PLACE:ELEMENT:EXTENT[:EXTENT]: {base, offset, {size, version, rank, type, attribute}, span, {stride, low, high}...} */
static void descriptor_read(struct cell *cell, char *word)
{
    enum { RANK_MAX = 7, DIMENSIONS = 40 };
    unsigned char *to = memory_new(cell, DIMENSIONS + RANK_MAX * 24);
    char *field = strchr(word + 4, ':');
    int64_t element = (int64_t)number(field + 1, cell), stride = 1, offset = 0;
    void *base = value_place(word + 4);
    unsigned rank = 0;

    while ((field = strchr(field + 1, ':')) != NULL) {
        int64_t dimension[3] = { stride, 1, (int64_t)number(field + 1, cell) };

        offset -= stride;
        stride *= dimension[2];
        memcpy(to + DIMENSIONS + 24 * rank++, dimension, sizeof dimension);
    }
    memcpy(to, &base, 8);
    memcpy(to + 8, &offset, 8);
    memcpy(to + 16, &element, 8);
    memset(to + 24, 0, 16);
    to[28] = (unsigned char)rank;
    to[29] = 3;                                         /* a real */
    memcpy(to + 32, &element, 8);
}

static void pointer_read(struct cell *cell, char *word)
{
    unsigned lock;

    if (strcmp(word, "null") == 0)
        cell->value.p = NULL;
    else if (word[0] == '$')
        cell->value.p = (void *)(uintptr_t)number(word, cell);
    else if (strcmp(word, "&?") == 0)
        memory_new(cell, element_size(cell->parameter));
    else if (word[0] == '&')
        element_set(cell, memory_new(cell, element_size(cell->parameter)), word + 1);
    else if (word[0] == '[')
        array_read(cell, word);
    else if (word[0] == '"' || word[0] == '\'')
        text_read(cell, word);
    else if (word[0] == 'b')
        cell->value.p = value_place(word);
    else if (word[0] == '*')
        memcpy(memory_new(cell, 8), &(void *){ value_place(word + 1) }, 8);
    else if (sscanf(word, "l%u", &lock) == 1 && lock < LOCKS)
        cell->value.p = locks[lock];
    else if (strncmp(word, "gfc:", 4) == 0)
        descriptor_read(cell, word);
    else
        give_up(word, cell);
}

void value_read(struct cell *cells, const struct routine *r, char **words, unsigned count)
{
    if (count != r->count) {
        fflush(stdout);
        fprintf(stderr, "worker: %s takes %u arguments, not %u\n", r->name, r->count, count);
        _Exit(99);
    }
    for (unsigned i = 0; i < count; i++) {
        struct cell *cell = &cells[i];
        enum kind kind = r->parameters[i].base->kind;

        *cell = (struct cell){ .word = words[i], .parameter = &r->parameters[i] };
        if (cell->parameter->stars)
            pointer_read(cell, words[i]);
        else if (kind == KIND_FUNCTION)
            cell->value.p = strcmp(words[i], "null") == 0 ? NULL : profiling_function(words[i]);
        else if (kind == KIND_DOUBLE)
            cell->value.d = strtod(words[i], NULL);
        else if (cell->parameter->base->size == 4)
            cell->value.i32 = (int32_t)number(words[i], cell);
        else
            cell->value.i64 = (int64_t)number(words[i], cell);
        if (cell->memory) {
            cell->before = malloc(cell->size);
            memcpy(cell->before, cell->memory, cell->size);
        }
    }
}

/* ---- printing ---- */

static void print_text(const unsigned char *s, size_t n)
{
    putchar('"');
    for (; n; n--, s++)
        if (*s >= ' ' && *s < 127 && *s != '\\' && *s != '"')
            putchar(*s);
        else
            printf("\\x%02x", *s);
    putchar('"');
}

void value_print_bytes(const unsigned char *from, size_t n)
{
    for (; n; n--)
        printf("%02x", *from++);
}

static void print_pointer(const void *p)
{
    uintptr_t n = (uintptr_t)p;
    size_t in_buffers = n - (uintptr_t)value_buffers, in_locks = n - (uintptr_t)locks;

    if (n == 0) {
        printf("null");
        return;
    }
    if (n < 4096 || n > UINTPTR_MAX - 4096) {
        printf("%jd", (intmax_t)n);
        return;
    }
    if (in_buffers < sizeof value_buffers) {
        printf("b%zu+%zu", in_buffers / BUFFER_SIZE, in_buffers % BUFFER_SIZE);
        return;
    }
    if (in_locks < sizeof locks) {
        printf("l%zu+%zu", in_locks / LOCK_SIZE, in_locks % LOCK_SIZE);
        return;
    }
    for (unsigned i = 0; i < SLOTS; i++)
        if (value_slots[i] == n) {
            printf("$%u", i);
            return;
        }
    printf("ptr");
}

/* One value in memory; `p` describes a pointer to it. */
static void print_element(const unsigned char *at, const struct parameter *p)
{
    union { int32_t i32; int64_t i64; double d; void *p; } v = { .i64 = 0 };

    memcpy(&v, at, element_size(p) < 8 ? 4 : 8);
    if (p->stars > 1 || p->base->kind == KIND_HANDLE || p->base->kind == KIND_VOID)
        print_pointer(v.p);
    else if (p->base->kind == KIND_DOUBLE)
        printf("%.17g", v.d);
    else if (p->base->kind == KIND_UNSIGNED)
        printf("%ju", element_size(p) < 8 ? (uintmax_t)(uint32_t)v.i32 : (uintmax_t)v.i64);
    else
        printf("%jd", element_size(p) < 8 ? (intmax_t)v.i32 : (intmax_t)v.i64);
}

/* Prints `label` and what differs between the n bytes at `now` and at `old`, from the first difference to the last. */
static void print_change(const char *label, const unsigned char *now, const unsigned char *old, size_t n,
                         const struct parameter *p)
{
    size_t first = 0, last = n, step = 1;
    bool elements = p && (p->stars > 1 || p->base->kind == KIND_SIGNED || p->base->kind == KIND_UNSIGNED ||
                          p->base->kind == KIND_HANDLE);

    while (first < n && now[first] == old[first])
        first++;
    if (first == n)
        return;
    while (now[last - 1] == old[last - 1])
        last--;
    if (elements) {
        step = element_size(p);
        first -= first % step;
        last = (last + step - 1) / step * step;
    }
    printf(" %s+%zu:", label, first);
    if (p && p->stars == 1 && p->base->kind == KIND_CHAR)
        print_text(now + first, last - first);
    else if (!elements)
        value_print_bytes(now + first, last - first);
    for (size_t at = first; elements && at + step <= last; at += step) {
        printf(at > first ? "," : "");
        print_element(now + at, p);
    }
}

/* A Fortran string result: a pointer that the routine stored, its length in the next argument. */
static bool print_string_pair(const struct cell *cell, const struct cell *end)
{
    size_t length;
    const unsigned char *text;

    if (cell->parameter->stars != 2 || cell->parameter->base->kind != KIND_CHAR || !cell->memory || cell + 1 >= end)
        return false;
    memcpy(&text, cell->memory, sizeof text);
    memcpy(&length, cell[1].memory, sizeof length);
    printf(" string:");
    if (text)
        print_text(text, length);
    else
        printf(length ? "null, but a length" : "null");
    return true;
}

static void print_changes(const struct cell *cells, unsigned count)
{
    char label[16];

    for (unsigned i = 0; i < count; i++) {
        if (print_string_pair(&cells[i], cells + count)) {
            i++;
            continue;
        }
        if (cells[i].memory == NULL)
            continue;
        snprintf(label, sizeof label, "arg%u", i);
        print_change(label, cells[i].memory, cells[i].before, cells[i].size, cells[i].parameter);
    }
    for (unsigned b = 0; b < BUFFERS; b++) {
        const struct parameter *p = NULL;

        for (unsigned i = 0; i < count; i++)
            if (cells[i].parameter->stars && cells[i].word[0] == 'b' && (unsigned)cells[i].word[1] - '0' == b)
                p = cells[i].parameter;
        snprintf(label, sizeof label, "b%u", b);
        print_change(label, value_buffers[b], before[b], BUFFER_SIZE, p);
    }
}

static void print_result(const struct parameter *p, const void *result, int slot)
{
    ffi_arg word = *(const ffi_arg *)result;            /* integers come widened to this */
    const char *text = (const char *)(uintptr_t)word;

    if (p->stars == 0 && p->base->kind == KIND_VOID)
        return;
    printf(" = ");
    if (p->stars == 1 && p->base->kind == KIND_CHAR && text)
        print_text((const unsigned char *)text, strlen(text));
    else if (slot >= 0 && word >= 4096 && word - (uintptr_t)value_buffers >= sizeof value_buffers)
        printf("ptr");
    else if (p->stars || p->base->kind == KIND_HANDLE || p->base->kind == KIND_FUNCTION)
        print_pointer(text);
    else
        print_element(result, &(struct parameter){ p->base, 1, false });
}

void value_call(struct cell *cells, struct routine *r, int slot)
{
    union { ffi_arg word; double d; unsigned char bytes[16]; } result = { .word = 0 };
    void *values[PARAMETERS_MAX];

    memcpy(before, value_buffers, sizeof before);
    for (unsigned i = 0; i < r->count; i++)
        values[i] = &cells[i].value;
    ffi_call(&r->cif, FFI_FN(r->address), &result, values);
    print_result(&r->result, &result, slot);
    print_changes(cells, r->count);
    if (slot >= 0)
        value_slots[slot] = result.word;
    for (unsigned i = 0; i < r->count; i++) {
        free(cells[i].memory);
        free(cells[i].before);
    }
}
