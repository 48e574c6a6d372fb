# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a parameter may be: a generator per meaning, and which meaning each parameter of a routine has.

A generator takes a random.Random and returns an int, or the word that stands in the script (tests/abi/diff/value.h).
Rules for what is never generated, because it is undefined or not comparable, stand beside the generators."""

INT_MAX, INT_MIN = 2 ** 31 - 1, -2 ** 31
EDGES = [INT_MIN, INT_MIN + 1, -256, -10, 127, 128, 254, 255, 256, 257, 1000, 65535, 65536, INT_MAX - 1, INT_MAX]
WIDE = [2 ** 31, 2 ** 31 + 7, 2 ** 32, 2 ** 32 + 1, -2 ** 31 - 1, -2 ** 32, 2 ** 63 - 1, -2 ** 63]  # cut for 32 bits


def number(rng, low=-5, high=9):
    """Mostly small, now and then an edge; 64-bit parameters also get what an int does not hold."""
    kind = rng.random()
    if kind < 0.75:
        return rng.randint(low, high)
    return rng.choice(EDGES if kind < 0.92 else WIDE)


def flag(rng):
    return rng.choice([0, 1, 1, 0, -1, 2, 7, INT_MAX, INT_MIN, 2 ** 32])


def schedule(rng):
    kind = rng.choice([1, 2, 3, 4, 1, 2, 3, 4, 0, 5, 9, 0x7fffffff])
    return kind | (0x80000000 if rng.random() < 0.35 else 0)


def level(rng):
    return rng.choice([-1, 0, 1, 2, 3, 0, 1, 2]) if rng.random() < 0.85 else number(rng)


def place(rng):
    return rng.choice([-1, 0, 0, 1, 1, 2, 3]) if rng.random() < 0.85 else number(rng)


def device(rng):
    return rng.choice([0, 0, 0, 1, 2, 5, 6, INT_MAX])


def pause(rng):
    """Kinds that do not exist are left out: the specification says nothing of them."""
    return rng.choice([1, 2])


def verbose(rng):
    return rng.choice([0, 1, -1, 2])


# ---- texts ----

FIELDS = ["t", "T", "L", "n", "N", "a", "i", "A", "H", "P"]
LONG = ["team_num", "num_teams", "nesting_level", "thread_num", "num_threads", "ancestor_tnum", "host", "process_id",
        "native_thread_id", "thread_affinity"]
TEXTS = ["level", "::", "x", "a=", "{}", ",", "|", "#0", "Affinity"]
BROKEN = ["%", "%z", "%05L", "%.L", "%0.L", "%{nonsense}", "%{host", "%5", "%{}", "%05{host}", "%0", "%."]


def escape(text):
    return "".join(c if " " < c < "\x7f" and c not in "\\\"'" else "\\x%02x" % ord(c) for c in text)


def affinity_format(rng, pid=True):
    """A valid format.  pid: with the process number, whose digits differ from run to run, so only where all is printed."""
    text = ""
    for _ in range(rng.randint(0, 5)):
        kind = rng.random()
        if kind < 0.3:
            text += rng.choice(TEXTS + ["%%"])
            continue
        width = rng.choice(["", "", "3", "10", "17", ".4", "0.4", "0.9", ".25", "0.25", "0.1", ".1", "1"])
        name = rng.choice(FIELDS + ["{%s}" % name for name in LONG])
        if not pid and name in ("P", "{process_id}"):
            continue
        text += "%" + width + name
    return text


def broken_format(rng):
    return affinity_format(rng) + rng.choice(BROKEN) + rng.choice(["", "x", "%L"])


def c_text(text):
    return '"' + escape(text) + '"'


def fortran_text(rng, text):
    """(word, length): no NUL, blanks behind it as a CHARACTER variable has them."""
    text += " " * rng.choice([0, 0, 1, 7])
    return "'" + escape(text) + "'", len(text)


# ---- which parameter means what ----

MEANINGS = {
    ("omp_set_num_threads", 0): number, ("omp_set_dynamic", 0): flag, ("omp_set_nested", 0): flag,
    ("omp_set_schedule", 0): schedule, ("omp_set_schedule", 1): number,
    ("omp_set_max_active_levels", 0): number, ("omp_get_ancestor_thread_num", 0): level, ("omp_get_team_size", 0): level,
    ("omp_get_place_num_procs", 0): place, ("omp_get_place_proc_ids", 0): place,
    ("omp_set_num_teams", 0): number, ("omp_set_teams_thread_limit", 0): number,
    ("omp_set_default_device", 0): device, ("omp_display_env", 0): verbose,
    ("omp_pause_resource", 0): pause, ("omp_pause_resource", 1): device, ("omp_pause_resource_all", 0): pause,
}
OUTPUTS = {"omp_get_schedule": [0, 1]}
ARRAYS = {"omp_get_place_proc_ids": 1, "omp_get_partition_place_nums": 0}

# Routines that need no more than arguments: they may be called anywhere, in any order.
PLAIN = """omp_set_num_threads omp_get_num_threads omp_get_max_threads omp_get_thread_num omp_get_num_procs omp_in_parallel
    omp_set_dynamic omp_get_dynamic omp_set_nested omp_get_nested omp_get_wtick omp_get_wtime omp_set_schedule
    omp_get_schedule omp_get_thread_limit omp_set_max_active_levels omp_get_max_active_levels omp_get_level
    omp_get_ancestor_thread_num omp_get_team_size omp_get_active_level omp_in_final omp_get_cancellation omp_get_proc_bind
    omp_set_default_device omp_get_default_device omp_get_num_devices omp_get_num_teams omp_get_team_num
    omp_is_initial_device omp_get_max_task_priority omp_get_num_places omp_get_place_num_procs omp_get_place_proc_ids
    omp_get_place_num omp_get_partition_num_places omp_get_partition_place_nums omp_get_initial_device
    omp_capture_affinity omp_display_affinity omp_get_affinity_format omp_set_affinity_format omp_pause_resource
    omp_pause_resource_all omp_get_supported_active_levels omp_get_device_num omp_display_env omp_set_num_teams
    omp_get_max_teams omp_get_default_allocator omp_set_teams_thread_limit omp_get_teams_thread_limit omp_in_explicit_task""".split()

# Setters whose effect is the business of most other routines: random scripts call them oftener.
SETTERS = [name for name in PLAIN if "_set_" in name and "affinity" not in name]
GETTERS = [name for name in PLAIN if "_set_" not in name and "display" not in name and "pause" not in name]


def text_lines(rng, routine):
    """The routines with texts: lines of a script, or None if it is another routine."""
    large = rng.random() < 0.5
    size = rng.choice([512, 600]) if large else rng.choice([0, 1, 2, 7, 16, 30, 31, 32, 40, 64])
    place_of_buffer = "b1+%d" % rng.choice([0, 1, 8])
    text = affinity_format(rng, pid=large)
    word, length = fortran_text(rng, text)
    name = routine.script_name
    return {
        "omp_capture_affinity": ["fill b1", "%s %s %d %s" % (name, place_of_buffer, size, c_text(text))],
        "omp_capture_affinity_": ["fill b1", "%s %s %s %d %d" % (name, place_of_buffer, word, size, length)],
        "omp_get_affinity_format": ["fill b1", "%s %s %d" % (name, place_of_buffer, size)],
        "omp_get_affinity_format_": ["fill b1", "%s %s %d" % (name, place_of_buffer, size)],
        "omp_display_affinity": ["%s %s" % (name, c_text(text))],
        "omp_display_affinity_": ["%s %s %d" % (name, word, length)],
        # What is set may meet a small buffer later, so it has no process number.
        "omp_set_affinity_format": ["%s %s" % (name, c_text(affinity_format(rng, pid=False)))],
        "omp_set_affinity_format_": ["%s %s %d" % ((name,) + fortran_text(rng, affinity_format(rng, pid=False)))],
    }.get(routine.symbol)


def plain_lines(rng, routine):
    """A call of a plain routine in the given form."""
    lines = text_lines(rng, routine)
    if lines:
        return lines
    words, before = [], []
    for i, parameter in enumerate(routine.parameters):
        meaning = MEANINGS.get((routine.base, i))
        if i in OUTPUTS.get(routine.base, ()):
            words.append("&?")
        elif ARRAYS.get(routine.base) == i:
            words.append("b2+%d" % (16 * rng.randint(0, 2)))
            before = ["fill b2"]
        elif meaning:
            words.append(parameter.write(meaning(rng)))
        else:
            raise ValueError("no meaning for parameter %d of %s" % (i, routine.symbol))
    return before + [" ".join([routine.script_name] + words)]
