/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Reading abi/symbols.csv: symbol, version node, release, group, "signature", default. */
#include "tests/abi/diff/signature.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYMBOL, NODE, RELEASE, GROUP, SIGNATURE, DEFAULT, FIELDS };

struct row {
    char *field[FIELDS];
    struct row *next;
};

static struct row *rows;
static struct routine *routines;

static const struct type types[] = {
    { "void", KIND_VOID, 1, &ffi_type_void },
    { "char", KIND_CHAR, 1, &ffi_type_schar },
    { "int", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "int32_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "int64_t", KIND_SIGNED, 8, &ffi_type_sint64 },
    { "omp_intptr_t", KIND_SIGNED, 8, &ffi_type_sint64 },
    { "unsigned", KIND_UNSIGNED, 4, &ffi_type_uint32 },
    { "size_t", KIND_UNSIGNED, 8, &ffi_type_uint64 },
    { "double", KIND_DOUBLE, 8, &ffi_type_double },
    { "intptr_t", KIND_HANDLE, 8, &ffi_type_pointer },
    { "uintptr_t", KIND_HANDLE, 8, &ffi_type_pointer },
    { "omp_allocator_handle_t", KIND_HANDLE, 8, &ffi_type_pointer },
    { "omp_memspace_handle_t", KIND_HANDLE, 8, &ffi_type_pointer },
    { "omp_event_handle_t", KIND_HANDLE, 8, &ffi_type_pointer },
    { "omp_interop_t", KIND_HANDLE, 8, &ffi_type_pointer },
    { "omp_sched_t", KIND_UNSIGNED, 4, &ffi_type_uint32 },
    { "omp_proc_bind_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "omp_pause_resource_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "omp_control_tool_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "omp_control_tool_result_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "omp_interop_property_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "omp_interop_rc_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "acc_device_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "acc_device_property_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "acc_event_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "acc_register_t", KIND_SIGNED, 4, &ffi_type_sint32 },
    { "acc_prof_callback", KIND_FUNCTION, 8, &ffi_type_pointer },
    { "acc_prof_reg", KIND_FUNCTION, 8, &ffi_type_pointer },
    { "acc_prof_lookup_func", KIND_FUNCTION, 8, &ffi_type_pointer },
    { "acc_query_fn", KIND_FUNCTION, 8, &ffi_type_pointer },
    { "omp_alloctrait_t", KIND_TRAIT, 16, NULL },
    { "omp_lock_t", KIND_OPAQUE, 0, NULL },
    { "omp_lock_25_t", KIND_OPAQUE, 0, NULL },
    { "omp_nest_lock_t", KIND_OPAQUE, 0, NULL },
    { "omp_nest_lock_25_t", KIND_OPAQUE, 0, NULL },
    { "omp_depend_t", KIND_OPAQUE, 0, NULL },
    { "gfc_descriptor", KIND_OPAQUE, 0, NULL },
    { "union", KIND_OPAQUE, 0, NULL },
};

static void give_up(const char *what, const char *text)
{
    fflush(stdout);
    fprintf(stderr, "worker: %s: %s\n", what, text);
    _Exit(99);
}

/* Cuts one line into its fields; quotes are taken off. */
static struct row *row_new(char *line)
{
    struct row *row = calloc(1, sizeof *row);

    for (unsigned f = 0; f < FIELDS; f++) {
        char *end;

        if (*line == '"') {
            row->field[f] = ++line;
            end = strchr(line, '"');
            if (end == NULL)
                give_up("a quote is not closed", line);
            *end++ = '\0';
        } else {
            row->field[f] = line;
            end = line + strcspn(line, ",\n");
        }
        line = *end ? end + 1 : end;
        *end = '\0';
    }
    return row;
}

void signature_open(const char *path)
{
    FILE *list = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;

    if (list == NULL)
        give_up("cannot read", path);
    while (getline(&line, &room, list) > 0) {
        struct row *row = row_new(strdup(line));

        row->next = rows;
        rows = row;
    }
    free(line);
    fclose(list);
}

/* "const omp_alloctrait_t traits[]", "void **ptr", "union { ... } *lock", "void *omp_alloc": what it is, without the name. */
static struct parameter parameter_parse(const char *text, const char *whole)
{
    struct parameter p = { NULL, 0, false };
    char word[64];
    size_t length, braces = 0;

    for (const char *s = text; *s; s++) {
        braces += (*s == '{') - (*s == '}');
        p.stars += !braces && (*s == '*' || *s == '[');
    }
    for (text += strspn(text, " "); p.base == NULL; text += length + strspn(text + length, " ")) {
        length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        if (strcmp(word, "const") == 0) {
            p.is_const = true;
            continue;
        }
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (strcmp(types[i].name, word) == 0)
                p.base = &types[i];
        if (p.base == NULL || (p.stars == 0 && p.base->ffi == NULL))
            give_up("a type of this signature is not known", whole);
    }
    return p;
}

static ffi_type *ffi_of(const struct parameter *p)
{
    return p->stars ? &ffi_type_pointer : p->base->ffi;
}

/* The next parameter's text ends at a comma or parenthesis outside braces. */
static char *parameter_end(char *text)
{
    for (int depth = 0;; text++) {
        if (*text == '\0' || (depth == 0 && (*text == ',' || *text == ')')))
            return text;
        depth += (*text == '{' || *text == '(') - (*text == '}' || *text == ')');
    }
}

static void signature_parse(struct routine *r, const struct row *row)
{
    char *copy = strdup(row->field[SIGNATURE]), *open = copy, *text, *end;
    size_t length = strlen(row->field[SYMBOL]);

    while ((open = strstr(open, row->field[SYMBOL])) != NULL && open[length] != '(')
        open++;
    if (open == NULL)
        give_up("a signature without its name", row->field[SIGNATURE]);
    text = open + length + 1;
    *open = '\0';
    r->result = parameter_parse(copy, row->field[SIGNATURE]);
    for (char last = ','; last == ','; text = end + 1) {
        end = parameter_end(text);
        last = *end;
        *end = '\0';
        if (r->count == PARAMETERS_MAX)
            give_up("too many parameters", row->field[SIGNATURE]);
        r->parameters[r->count] = parameter_parse(text, row->field[SIGNATURE]);
        if (ffi_of(&r->parameters[r->count]) == &ffi_type_void)
            break;
        r->types[r->count] = ffi_of(&r->parameters[r->count]);
        r->count++;
    }
    if (ffi_prep_cif(&r->cif, FFI_DEFAULT_ABI, r->count, ffi_of(&r->result), r->types) != FFI_OK)
        give_up("libffi does not take this signature", row->field[SIGNATURE]);
    free(copy);
}

struct routine *signature_find(const char *name, void *library)
{
    const char *at = strchr(name, '@');
    size_t length = at ? (size_t)(at - name) : strlen(name);
    struct routine *r = routines;
    const struct row *row = rows;

    while (r && strcmp(r->name, name) != 0)
        r = r->next;
    if (r)
        return r;
    while (row && !(strncmp(row->field[SYMBOL], name, length) == 0 && row->field[SYMBOL][length] == '\0' &&
                    (at ? strcmp(row->field[NODE], at + 1) == 0 : strcmp(row->field[DEFAULT], "yes") == 0)))
        row = row->next;
    if (row == NULL)
        return NULL;
    r = calloc(1, sizeof *r);
    r->name = strdup(name);
    r->node = at ? row->field[NODE] : NULL;
    r->address = at ? dlvsym(library, row->field[SYMBOL], r->node) : dlsym(library, row->field[SYMBOL]);
    if (r->address == NULL) {
        free(r);
        return NULL;
    }
    signature_parse(r, row);
    r->next = routines;
    routines = r;
    return r;
}
