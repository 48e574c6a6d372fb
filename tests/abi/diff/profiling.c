/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The tool's side of OpenACC's profiling interface.  Source: OpenACC 2.6, chapter 5; no compiler but GNU's brings a header
 * for it, hence the structs. */
#include "tests/abi/diff/profiling.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct profile {
    int event_type, valid_bytes, version, device_type, device_number, thread_id;
    ssize_t async, async_queue;
    const char *src_file, *func_name;
    int line_no, end_line_no, func_line_no, func_end_line_no;
};

struct event {                          /* what all events have */
    int event_type, valid_bytes, parent_construct, implicit;
    void *tool_info;
};

struct interface {
    int device_api, valid_bytes, device_type, vendor;
    const void *device_handle, *context_handle, *async_handle;
};

static void callback(struct profile *p, struct event *e, struct interface *a)
{
    printf(" {event %d/%d bytes %d version %d device %d:%d async %zd queue %zd", p->event_type, e->event_type, p->valid_bytes,
           p->version, p->device_type, p->device_number, p->async, p->async_queue);
    printf(" construct %d implicit %d bytes %d", e->parent_construct, e->implicit, e->valid_bytes);
    printf(" api %d bytes %d device %d}", a->device_api, a->valid_bytes, a->device_type);
}

static void registration(int event, void (*function)(void), int how)
{
    printf(" {register %d %d %d}", event, function != NULL, how);
}

static void *lookup(const char *name)
{
    printf(" {lookup %s}", name);
    return NULL;
}

void *profiling_function(const char *word)
{
    if (strcmp(word, "callback") == 0)
        return (void *)callback;
    if (strcmp(word, "register") == 0)
        return (void *)registration;
    if (strcmp(word, "lookup") == 0)
        return (void *)lookup;
    fflush(stdout);
    fprintf(stderr, "worker: %s is no function\n", word);
    _Exit(99);
}
