# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scripts for the worker: swept ones that call everything, and random ones."""

import os

import accelerator
import episodes
import values

CPUS = sorted(os.sched_getaffinity(0))[:2]
DEPTH = 3                       # blocks within blocks
EPISODES = [episodes.locks, episodes.allocators, episodes.device_memory, episodes.events]
ACC_EPISODES = [accelerator.queries, accelerator.data, accelerator.profiling]
WRAPPERS = ["parallel 2 0", "parallel 3 0", "parallel 1 0", "parallel 0 0", "task 0 0", "task 1 0", "task 0 2", "task 1 3",
            "teams 2 0", "teams 3 2", "teams 0 0", "thread", "parallel 2 2", "parallel 2 3", "parallel 2 4"]


class Menu:
    """The routines that may be called."""

    def __init__(self, routines):
        self.routines = routines
        self.names = {r.script_name for r in routines}
        self.by_base = {}
        for r in routines:
            self.by_base.setdefault(r.base, []).append(r)
        self.plain = [r for r in routines if r.base in values.PLAIN]

    def forms(self, base):
        return self.by_base.get(base, [])

    def pick(self, rng, bases):
        return rng.choice(self.forms(rng.choice([b for b in bases if self.forms(b)])))


def wrapper(rng, teams, where):
    """A block that may stand `where`: "initial", a thread's own lines, is the only place for a league.  And no region within
    a region of a league: with a thread limit libgomp then counts threads of regions that have ended."""
    while True:
        header = rng.choice(WRAPPERS if teams else ["task 0 0", "task 0 2", "thread"])
        if not (header.startswith("teams") and where != "initial" or header.startswith("parallel") and where == "of a league"):
            return header


def probe(rng, menu, display=True):
    """Asks for every state that a plain getter shows."""
    lines = [line for base in values.GETTERS for r in menu.forms(base)[:1] for line in values.plain_lines(rng, r)]
    return lines + (["omp_display_env 1"] if display and "omp_display_env" in menu.names else [])


def inside(header, where):
    nested = "of a league" if where in ("league", "of a league") else "nested"
    return {"teams": "league", "thread": "initial"}.get(header.split()[0], nested)


def body(rng, menu, depth, teams, where="initial"):
    """Lines of a thread, task or region.  Nothing is set in a league outside its regions and tasks: in libgomp that remains
    when the league has ended, though each of its teams has variables of its own."""
    lines = []
    for _ in range(rng.randint(1, 9 - 2 * depth)):
        kind = rng.random()
        if kind < 0.22 and where != "league":
            lines += values.plain_lines(rng, menu.pick(rng, values.SETTERS))
        elif kind < 0.68:
            lines += values.plain_lines(rng, plain(rng, menu, where))
        elif kind < 0.86 and depth < DEPTH:
            header = wrapper(rng, teams, where)
            lines += episodes.block(header, body(rng, menu, depth + 1, teams, inside(header, where)))
        elif where == "of a league":
            lines += values.plain_lines(rng, menu.pick(rng, values.GETTERS))
        elif kind < 0.96 or depth:
            lines += rng.choice(EPISODES)(rng, menu) or []
        else:
            lines += rng.choice(ACC_EPISODES)(rng, menu) or []
    return lines


def plain(rng, menu, where):
    while True:
        routine = rng.choice(menu.plain)
        if where != "league" or routine.base not in values.SETTERS:
            return routine


def random_script(rng, menu, teams):
    head = ["cpus %d" % rng.choice(CPUS)] if rng.random() < 0.08 else []
    lines = head + body(rng, menu, 0, teams)
    if rng.random() < 0.12:
        lines += rng.choice(ACC_EPISODES)(rng, menu) or []
    if rng.random() < 0.12:
        lines += episodes.fatal(rng, menu) or []
    return lines


def environment_script(rng, menu, teams):
    """What a setting of the environment may show in."""
    lines = probe(rng, menu)
    if teams:
        inner = episodes.block("parallel 0 0", ["omp_get_num_threads", "omp_get_level", "omp_get_max_threads"])
        lines += episodes.block("parallel 0 0", probe(rng, menu, False) + inner)
        lines += episodes.block("teams 0 0", ["omp_get_num_teams", "omp_get_thread_limit", "omp_get_max_threads"])
    return lines + (initial_acc(rng, menu) if rng.random() < 0.3 else [])


def initial_acc(rng, menu):
    """The device that OpenACC takes when the program names none."""
    return ["acc_init 1", "acc_get_device_type", "acc_get_device_num 2"] if menu.forms("acc_init") else []


def sweep(rng, menu):
    """Scripts that call every routine of the menu, the plain ones in each kind of block."""
    scripts = []
    for header in [None] + WRAPPERS[:2] + ["parallel 1 0", "task 0 2", "teams 2 0", "thread"]:
        lines = [line for r in menu.plain for _ in range(2) for line in values.plain_lines(rng, r)]
        scripts.append(episodes.block(header, lines) if header else lines)
    scripts += [set_and_asked(rng, menu, r) for base in values.SETTERS for r in menu.forms(base)]
    for name in accelerator.ASKING + accelerator.DATA:
        lines = [line for r in menu.forms(name) for line in accelerator.call(rng, r)]
        if lines:
            scripts.append(accelerator.initialise(rng, menu) + lines)
    return scripts + completing(rng, menu, scripts)


def set_and_asked(rng, menu, routine):
    """One form of a setter with some values, and all states after each."""
    def lines(times):
        return [line for _ in range(times) for line in values.plain_lines(rng, routine) + probe(rng, menu, False)]

    return lines(5) + episodes.block("parallel 2 0", lines(1)) + probe(rng, menu)


def completing(rng, menu, scripts):
    """Sequences until each has come a few times and none has brought a routine that was not called before for long."""
    called = called_in(scripts)
    found, idle, n = [], 0, 0
    makers = EPISODES + ACC_EPISODES + [episodes.fatal]
    while n < 6 * len(makers) or idle < 150 * len(makers):
        lines = makers[n % len(makers)](rng, menu)
        new = called_in([lines or []]) - called
        idle = 0 if new else idle + 1
        if lines and (new or n < 6 * len(makers)):
            found.append(lines)
        called |= new
        n += 1
    return found


def called_in(scripts):
    """The routines that the lines of scripts call."""
    words = {line.split()[0] for lines in scripts for line in lines}
    return {word.split("=", 1)[-1] for word in words if "_" in word}
