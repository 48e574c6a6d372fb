/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Target regions: private copies, the target task, the body. */
#include "runtime/target.h"

#include <string.h>

#include "runtime/depend.h"
#include "runtime/initial.h"
#include "runtime/spawn.h"

/* ---- private copies ---- */

enum { KIND_MASK = 0xff, KIND_FIRSTPRIVATE = 0x0c, ALIGN_SHIFT = 8 };

struct room {
    size_t size, align;
};

static bool is_copied(const struct gompx_target *t, size_t i)
{
    return (t->kinds[i] & KIND_MASK) == KIND_FIRSTPRIVATE && t->addresses[i] && t->sizes[i] > 0;
}

/* Where in a block the copy of item `i` begins that follows `room`, which grows by it. */
static size_t room_add(struct room *room, const struct gompx_target *t, size_t i)
{
    size_t align = (size_t)1 << (t->kinds[i] >> ALIGN_SHIFT), at = (room->size + align - 1) & ~(align - 1);

    room->size = at + t->sizes[i];
    room->align = room->align < align ? align : room->align;
    return at;
}

static struct room room_of(const struct gompx_target *t, struct room room)
{
    for (size_t i = 0; t->kinds && i < t->count; i++)
        if (is_copied(t, i))
            room_add(&room, t, i);
    return room;
}

/* Copies into `block`, from `room` on, and writes the new addresses to `to`. */
static void copies_make(const struct gompx_target *t, char *block, struct room room, void **to)
{
    for (size_t i = 0; t->kinds && i < t->count; i++)
        if (is_copied(t, i)) {
            char *copy = block + room_add(&room, t, i);

            memcpy(copy, t->addresses[i], t->sizes[i]);
            to[i] = copy;
        }
}

/* ---- the region ---- */

static void body_run(struct gompx_frame *f, void (*fn)(void *), void **addresses, unsigned thread_limit)
{
    struct gompx_initial region;

    gompx_initial_begin(&region, f, &gompx_globals.icvs, thread_limit);
    fn(addresses);
    gompx_initial_end(&region);
}

struct included {
    struct gompx_frame *f;
    const struct gompx_target *target;
    void **depend;
};

/* The copies are made first: what the region waits for may change the originals. */
static void included_run(void *block, void *context)
{
    const struct included *in = context;
    const struct gompx_target *t = in->target;

    copies_make(t, block, (struct room){ 0, 1 }, t->addresses);
    if (in->depend)
        gompx_depend_wait(in->f, in->depend);
    body_run(in->f, t->fn, t->addresses, t->thread_limit);
}

/* ---- the target task ---- */

/* Its data; the private copies follow. */
struct deferred {
    void (*fn)(void *);
    unsigned thread_limit;
    void *addresses[];
};

static struct room deferred_room(const struct gompx_target *t)
{
    return (struct room){ sizeof(struct deferred) + t->count * sizeof(void *), alignof(struct deferred) };
}

static void deferred_fill(void *block, void *target)
{
    const struct gompx_target *t = target;
    struct deferred *d = block;

    d->fn = t->fn;
    d->thread_limit = t->thread_limit;
    if (t->count > 0)
        memcpy(d->addresses, t->addresses, t->count * sizeof(void *));
    copies_make(t, block, deferred_room(t), d->addresses);
}

static void deferred_run(void *block)
{
    struct deferred *d = block;

    body_run(gompx_frame_get(), d->fn, d->addresses, d->thread_limit);
}

static bool defer(struct gompx_frame *f, const struct gompx_target *t, void **depend)
{
    struct room room = room_of(t, deferred_room(t));
    struct gompx_spawn s = {
        .fn = deferred_run, .data = (void *)(uintptr_t)t, .cpyfn = deferred_fill, .size = room.size,
        .align = room.align, .if_clause = true, .flags = depend ? GOMPX_SPAWN_DEPEND : 0, .depend = depend, .plain = true,
    };

    return gompx_spawn_defer(f, &s);
}

void gompx_target_run(struct gompx_frame *f, const struct gompx_target *target, bool nowait, void **depend)
{
    struct room room = room_of(target, (struct room){ 0, 1 });
    struct included in = { f, target, depend };

    if (nowait && defer(f, target, depend))
        return;
    if (room.size == 0)
        included_run(NULL, &in);
    else
        gompx_spawn_block(room.size, room.align, included_run, &in);
}

/* ---- data ---- */

void gompx_target_transfer(struct gompx_frame *f, bool nowait, void **depend)
{
    if (depend && nowait)
        gompx_spawn_empty(f, depend);
    else if (depend)
        gompx_depend_wait(f, depend);
}

/* ---- arguments ---- */

/* Words are identifiers: device type, whether the value follows in a word of its own or lies in the upper part, and
 * what it is. */
enum { ARG_DEVICE = 0x7f, ARG_LONG = 0x80, ARG_WHAT = 0xff00, ARG_THREAD_LIMIT = 0x200, ARG_VALUE_SHIFT = 16 };

unsigned gompx_target_thread_limit(void *const *args)
{
    intptr_t limit = 0;

    if (!args)
        return 0;
    while (*args) {
        intptr_t id = (intptr_t)*args++, value = id & ARG_LONG ? (intptr_t)*args++ : id >> ARG_VALUE_SHIFT;

        if ((id & ARG_DEVICE) == 0 && (id & ARG_WHAT) == ARG_THREAD_LIMIT)
            limit = value;
    }
    return limit <= 0 ? 0 : limit > INT_MAX ? INT_MAX : (unsigned)limit;
}
