# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sequences of calls that only make sense together: locks, allocators, memory of devices, events.

Each function takes (rng, menu) and returns lines of a script, or None when the menu lacks what it needs.  Left out, as
the specification leaves the outcome open: a lock that is unset by one who has not set it, destroyed while set, set or
tested again by its owner, or used before it is initialised; a block freed twice, used after it was freed, or outliving
its allocator; an event fulfilled more than once."""

import re

import values

PREDEFINED = list(range(9))                     # allocators; 0 means the default one
HUGE = [2 ** 62, 2 ** 63, 2 ** 64 - 1, 2 ** 64 - 64]


def block(header, lines):
    return ["block " + header] + lines + ["end"]


def slots(rng, count):
    """Slots of this sequence: another one may hold its own at the same time."""
    return ["$%d" % n for n in rng.sample(range(48), count)]


# ---- locks ----

def lock_family(rng, menu):
    """The names of one lock's routines, all of one form and version, by their verb."""
    kind = rng.choice(["lock", "nest_lock"])
    ends = rng.choice(["", "_"])
    node = rng.choice(["", "@OMP_1.0"])
    names = {verb: "omp_%s_%s%s%s" % (verb, kind, ends, node) for verb in ("init", "set", "test", "unset", "destroy")}
    return (kind, node, names) if all(name in menu.names for name in names.values()) else None


def locks(rng, menu):
    family = lock_family(rng, menu)
    if not family:
        return None
    kind, node, names = family
    lock = " l%d" % rng.randint(0, 31)
    depth, lines = 0, [names["init"] + lock]
    for _ in range(rng.randint(2, 9)):
        step = rng.random()
        if step < 0.35 and (depth == 0 or kind == "nest_lock"):
            lines.append(names[rng.choice(["set", "test"])] + lock)
            depth += 1
        elif step < 0.65 and depth:
            lines.append(names["unset"] + lock)
            depth -= 1
        elif kind == "lock" or not node:
            lines += other_owner(rng, names, lock, depth, kind)
    return lines + [names["unset"] + lock] * depth + [names["destroy"] + lock]


def other_owner(rng, names, lock, depth, kind):
    """The lock in the hands of other tasks.  (The nestable lock of OMP_1.0 belongs to a thread: it is not brought here.)"""
    inside = [names["test"] + lock]
    if depth == 0:
        inside += [names["unset"] + lock, names["set"] + lock]
        if kind == "nest_lock":
            inside += [names["test"] + lock, names["unset"] + lock]
        inside += [names["unset"] + lock]
    return block(rng.choice(["parallel 2 0", "parallel 1 0", "task 0 0", "task 1 0", "thread"]), inside)


# ---- allocators ----

def trait(rng):
    """Not pinned=true, which only newer releases offer."""
    key = rng.choice([1, 2, 3, 4, 5, 7, 8, 1, 2, 3, 4, 5, 7, 8, 0, 9, 42])
    values = {1: [3, 4, 5, 6], 2: [1, 2, 8, 16, 64, 256, 4096], 3: [7, 8, 9, 10], 4: [4096, 65536, 2 ** 40],
              5: [11, 12, 12, 12], 7: [0], 8: [15, 18, 17]}
    if rng.random() < 0.85 and key in values:
        return key, rng.choice(values[key])
    return key, rng.choice([0, 2, 3, 6, 7, 11, 14, 19, 100, -1, -2] + [1] * (key != 7))


def new_allocator(rng, menu, slot):
    routine = rng.choice(menu.forms("omp_init_allocator"))
    traits = [trait(rng) for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 4]))]
    space, count, pairs = routine.parameters
    words = [space.write(rng.choice([0, 0, 0, 1, 2, 4, 3, 5, 99])), count.write(len(traits))]
    words.append("[%s]" % ",".join("%d,%d" % t for t in traits) if traits else "null")
    return "%s=%s %s" % (slot, routine.script_name, " ".join(words))


def size_of_block(rng):
    """Never near 4096 or 65536: which blocks still fit a pool depends on what the library adds to each."""
    return rng.choice([0, 1, 7, 8, 64, 100, 1000, 3000, 10000, 50000] * 3 + [200000] + HUGE)


def new_block(rng, menu, slot, handle):
    """(lines, bytes that may be used, are they zero)"""
    base = rng.choice(["omp_alloc", "omp_alloc", "omp_aligned_alloc", "omp_calloc", "omp_aligned_calloc"])
    if base not in menu.names:
        return [], 0, False
    size, align = size_of_block(rng), rng.choice([1, 2, 8, 16, 64, 256, 4096, 64, 16])
    count = rng.choice([0, 1, 2, 5])
    words = [str(align)] if "aligned" in base else []
    words += [str(count)] if "calloc" in base else []
    usable = size * (count if "calloc" in base else 1)
    lines = ["%s=%s %s %s" % (slot, base, " ".join(words + [str(size)]), handle)]
    if "aligned" in base:
        lines.append("aligned %s %d" % (slot, align))
    return lines, min(usable, 1000) if usable < 2 ** 40 else 0, "calloc" in base


def allocators(rng, menu):
    if not all(menu.forms(n) for n in ("omp_init_allocator", "omp_alloc", "omp_free", "omp_destroy_allocator")):
        return None
    own, *places = slots(rng, 4)
    lines, handle, pooled = [], own, False
    if rng.random() < 0.7:
        lines.append(new_allocator(rng, menu, own))
        pooled = re.search(r"[\[,]4,\d{4}", lines[0])       # libgomp wants room for both sizes there
    else:
        handle = str(rng.choice(PREDEFINED))
    default = rng.random() < 0.3 and menu.forms("omp_set_default_allocator")
    if default:
        lines += default_allocator(rng, menu, handle)
    live = []
    for place in places:
        new, usable, zero = new_block(rng, menu, place, "0" if default else handle)
        lines += new + ["is %s %d 0" % (place, usable)] * zero + ["put %s %d 90" % (place, usable)]
        if new:
            live.append(place)
        if new and rng.random() < 0.4 and menu.forms("omp_realloc") and not pooled:
            lines += resized(rng, place, usable, handle)
    rng.shuffle(live)
    for place in live:
        lines += ["omp_free %s %s" % (place, rng.choice([handle, "0"])), "forget " + place]
    if default:
        lines += default_allocator(rng, menu, "1")
    if handle == own:
        destroy = rng.choice(menu.forms("omp_destroy_allocator"))
        lines += [destroy.script_name + " " + destroy.parameters[0].write(own), "forget " + own]
    return lines


def default_allocator(rng, menu, handle):
    setter = rng.choice(menu.forms("omp_set_default_allocator"))
    value = handle if handle.startswith("$") else int(handle)
    return [setter.script_name + " " + setter.parameters[0].write(value),
            rng.choice(menu.forms("omp_get_default_allocator")).script_name]


def resized(rng, place, usable, handle):
    size = rng.choice([0, 1, 50, 500, 3000, 20000])
    lines = ["%s=omp_realloc %s %d %s %s" % (place, place, size, rng.choice([handle, "0"]), rng.choice([handle, "0"]))]
    kept = min(size, usable)
    return lines + (["is %s %d 90" % (place, kept)] if kept else [])


# ---- memory of devices ----

def device_number(rng):
    return rng.choice([0, 0, 0, 0, 1, 5, 2 ** 31 - 1])


def device_memory(rng, menu):
    """Device numbers below 0 are left out: their meaning has changed from release to release of GCC."""
    if not menu.forms("omp_target_alloc"):
        return None
    slot, = slots(rng, 1)
    where, n = device_number(rng), rng.choice([0, 1, 64, 1000])
    lines = ["data b0 %d" % rng.randint(0, 99), "%s=omp_target_alloc %d %d" % (slot, n, where)]
    for _ in range(rng.randint(1, 5)):
        lines += [rng.choice([copy, rectangle, presence, association])(rng)]
    return lines + ["omp_target_free %s %d" % (slot, where), "omp_target_free null %d" % where, "forget " + slot]


def copy(rng):
    offsets = "%d %d" % (rng.randint(0, 99), rng.randint(0, 99))
    return "omp_target_memcpy %s b0+%d %d %s %d %d" % (
        rng.choice(["b1", "b2+8"]), rng.randint(0, 64), rng.choice([0, 1, 8, 100, 300]), offsets, device_number(rng),
        device_number(rng))


def rectangle(rng):
    """Sections that stick out of their dimension are left out."""
    if rng.random() < 0.15:
        return "omp_target_memcpy_rect null null 1 %d [1] [0] [0] [1] [1] %d %d" % (
            rng.choice([0, 1, 2, 3, -1]), device_number(rng), device_number(rng))
    rank, element = rng.randint(1, 3), rng.choice([1, 2, 4])
    limit = {1: 60, 2: 12, 3: 5}[rank]
    dimensions = [[rng.randint(1, limit) for _ in range(rank)] for _ in range(2)]
    offsets = [[rng.randint(0, d - 1) for d in dims] for dims in dimensions]
    volume = [rng.randint(0, min(a - x, b - y)) for a, x, b, y in zip(dimensions[0], offsets[0], dimensions[1], offsets[1])]
    arrays = " ".join("[%s]" % ",".join(map(str, a)) for a in (volume, *offsets, *dimensions))
    return "omp_target_memcpy_rect b1 b0 %d %d %s %d %d" % (
        element, rank, arrays, device_number(rng), device_number(rng))


def presence(rng):
    return "omp_target_is_present %s %d" % (rng.choice(["b0", "b1+4"]), device_number(rng))


def association(rng):
    if rng.random() < 0.5:
        return "omp_target_associate_ptr b0+%d b1 %d %d %d" % (
            rng.randint(0, 9), rng.choice([0, 8, 100]), rng.choice([0, 4]), device_number(rng))
    return "omp_target_disassociate_ptr b0+%d %d" % (rng.randint(0, 9), device_number(rng))


# ---- events ----

def events(rng, menu):
    if not menu.forms("omp_fulfill_event"):
        return None
    slot, = slots(rng, 1)
    fulfil = "%s %s" % (rng.choice(menu.forms("omp_fulfill_event")).script_name, slot)
    inside = [fulfil] if rng.random() < 0.7 else block("task 0 0", [fulfil])
    task = block("detach %s %d" % (slot[1:], rng.choice([0, 1])), ["omp_in_final"] + inside + ["omp_get_level"])
    return block("parallel %d 0" % rng.choice([1, 2]), task) if rng.random() < 0.7 else task


# ---- ends ----

def fatal(rng, menu):
    """Last lines of a script that may end the process."""
    name = rng.choice(["omp_display_affinity", "omp_capture_affinity", "omp_alloc", "omp_display_affinity_", "acc"])
    if name == "acc":
        import accelerator
        return accelerator.fatal(rng, menu)
    if name not in menu.names:
        return None
    text = values.broken_format(rng)
    if name == "omp_display_affinity":
        return ["%s %s" % (name, values.c_text(text))]
    if name == "omp_display_affinity_":
        return ["%s %s %d" % ((name,) + values.fortran_text(rng, text))]
    if name == "omp_capture_affinity":
        return ["fill b1", "%s b1 600 %s" % (name, values.c_text(text))]
    return ["$50=omp_init_allocator 0 1 [5,13]", "$51=omp_alloc %d $50" % rng.choice([8, 2 ** 62, 2 ** 63])]
