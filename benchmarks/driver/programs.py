# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmark programs: compiling, listing their cases, running one case once."""

import glob
import os
import select
import shlex
import signal
import subprocess
import time

from .errors import BenchError

GROUPS = ["sync", "schedule", "array", "kernel", "lock", "alloc", "region", "scenario", "task", "taskkernel"]
# Programs of more than one file, without ".c" and ".h".
PARTS = {"scenario": "scenario*", "task": "task*", "taskkernel": "tasks/*"}
OWN_SIZES = ("scenario",)  # programs that choose the sizes of their teams themselves
EVERY = {"scenario": 3, "taskkernel": 3}  # their runs are long, so they take part in every third round
QUICK = {"scenario": ("nested", "churn", "hosts", "noise"),
         "taskkernel": ("nqueens_fine", "sort_cut", "uts_fine")}  # what --quick takes of a group, if not all
# Cases that are also measured with more threads than the machine has CPUs, in as few rounds.
CROWDS = {4: ("sync/parallel", "sync/parallel_for", "sync/parallel_reduction", "sync/for_static", "sync/barrier",
              "sync/single")}
CROWDS[16] = CROWDS[4]
CROWDS[8] = CROWDS[4] + ("sync/ordered_static_1", "sync/doacross_static_1", "lock/critical", "lock/lock")
CROWD_EVERY = 3
TIMEOUT = 20.0  # seconds; a run lasts a few hundredths


class Case:
    """One thing that a program can be asked to measure.  It may report several rows."""

    def __init__(self, group, name, kind, about):
        self.group, self.name, self.kind, self.about = group, name, kind, about
        self.key = group + "/" + name
        self.every = EVERY.get(group, 1)
        self.quick = name in QUICK.get(group, [name])

    def fixed(self):
        """Whether the size of the default team makes no difference."""
        return self.kind in ("SOLO", "FIXED")

    def crowded(self):
        """The same case for the few rounds in which it has many threads."""
        case = Case(self.group, self.name, self.kind, self.about)
        case.every = CROWD_EVERY
        return case


class Row:
    """The description of one line of the table, as the program printed it."""

    def __init__(self, key, threads, unit, better, floor):
        self.key, self.threads, self.unit, self.better, self.floor = key, threads, unit, better, floor


class Outcome:
    """One run of one program."""

    def __init__(self):
        self.rows = []  # (Row, operations per sample, samples)
        self.serial = {}  # row key -> times of the same work in plain C
        self.copies = {}  # row key -> how much more copies of it on all CPUs get done than one
        self.trip = None  # (before, after) in ns, or None
        self.mapped = []
        self.error = None  # "crash", "hang" or "wrong", or None
        self.message = ""
        self.cpu = self.wall = 0.0


def _sources(source, name):
    """What a program is made of: C files and headers."""
    parts = os.path.join(source, PARTS.get(name, name))
    files = sorted(glob.glob(parts + ".c"))
    headers = [os.path.join(source, "bench.h")] + glob.glob(parts + ".h")
    if name != "floor":
        files += [os.path.join(source, "bench.c"), os.path.join(source, "bench_child.c")]
    return files, headers


def compile_all(source, build, compiler):
    """Compiles what is out of date; returns the commands that make the programs."""
    os.makedirs(build, exist_ok=True)
    commands = []
    for name in GROUPS + ["floor"]:
        files, headers = _sources(source, name)
        target = os.path.join(build, name)
        command = [compiler, "-O2", "-fopenmp", *files, "-o", target, "-lm", "-ldl"]
        commands.append(shlex.join(command))
        stamp = target + ".command"
        newest = max(os.path.getmtime(f) for f in files + headers)
        if os.path.exists(target) and os.path.getmtime(target) > newest and _read(stamp) == commands[-1]:
            continue
        try:
            done = subprocess.run(command, check=False)
        except OSError as error:
            raise BenchError("%s: %s" % (compiler, error)) from None
        if done.returncode:
            raise BenchError("compiling %s failed" % name)
        with open(stamp, "w", encoding="utf-8") as f:
            f.write(commands[-1])
    return commands


def _read(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read()
    except OSError:
        return None


def list_cases(build, runtime, base):
    cases = []
    for group in GROUPS:
        done = subprocess.run([os.path.join(build, group), "-l"], env=runtime.environment(base, 1), text=True,
                              stdout=subprocess.PIPE, check=True, timeout=TIMEOUT)
        for line in done.stdout.splitlines():
            _, name, kind, about = line.split(" ", 3)
            cases.append(Case(group, name, kind, about))
    return cases


def calibrate(build):
    """Iterations of the programs' delay loop in 100 ns, the same number for every run."""
    done = subprocess.run([os.path.join(build, "floor"), "-c"], stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout.split()[1])


def _wait(pid, ends):
    """Output, wait status, resource usage and whether the time was up."""
    deadline = time.monotonic() + TIMEOUT
    chunks = {end: b"" for end in ends}
    waiting = list(ends)
    late = False
    while waiting:
        left = deadline - time.monotonic()
        ready = select.select(waiting, [], [], max(0.0, left))[0]
        if not ready:
            late = True
            os.kill(pid, signal.SIGKILL)
            break
        for end in ready:
            data = os.read(end, 65536)
            chunks[end] += data
            if not data:
                waiting.remove(end)
    _, status, usage = os.wait4(pid, 0)
    for end in ends:
        os.close(end)
    return [chunks[end].decode(errors="replace") for end in ends], status, usage, late


def start(command, env):
    """Runs a command to its end.  Returns an Outcome without rows, its output, and its complaints."""
    outcome = Outcome()
    out, out_write = os.pipe()
    err, err_write = os.pipe()
    begin = time.monotonic()
    pid = os.posix_spawn(command[0], command, env, file_actions=[
        (os.POSIX_SPAWN_DUP2, out_write, 1), (os.POSIX_SPAWN_DUP2, err_write, 2)])
    os.close(out_write)
    os.close(err_write)
    try:
        (text, complaint), status, usage, late = _wait(pid, (out, err))
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    outcome.wall = time.monotonic() - begin
    outcome.cpu = usage.ru_utime + usage.ru_stime
    outcome.message = complaint.strip()
    if late:
        outcome.error = "hang"
        outcome.message = "no end after %g s" % TIMEOUT
    elif os.WIFSIGNALED(status):
        outcome.error = "crash"
        outcome.message = (outcome.message + " " + signal.strsignal(os.WTERMSIG(status))).strip()
    elif status:
        outcome.error = "wrong"
        outcome.message = outcome.message or "exit status %d" % os.WEXITSTATUS(status)
    return outcome, text


def parse(outcome, group, text):
    for line in text.splitlines():
        word, *fields = line.split(" ")
        if word == "result":
            name, threads, unit, better, floor, operations, *samples = fields
            row = Row(group + "/" + name, int(threads), unit, better, floor)
            outcome.rows.append((row, int(operations), [float(s) for s in samples]))
        elif word in ("serial", "copies"):
            getattr(outcome, word)[group + "/" + fields[0]] = [float(s) for s in fields[1:]]
        elif word == "trip":
            outcome.trip = (float(fields[0]), float(fields[1]))
        elif word == "mapped":
            outcome.mapped.append(line.split(" ", 1)[1])
        else:
            raise BenchError("%s printed a line that is not understood: %s" % (group, line))


def run_case(build, case, threads, runtime, base, arguments):
    outcome, text = start([os.path.join(build, case.group), *arguments, case.name], runtime.environment(base, threads))
    if not outcome.error:
        parse(outcome, case.group, text)
        runtime.check_mapped(outcome.mapped)
    return outcome


def run_floor(build, base):
    outcome, text = start([os.path.join(build, "floor")], dict(base))
    if outcome.error:
        raise BenchError("floor: %s" % outcome.message)
    parse(outcome, "floor", text)
    return outcome
