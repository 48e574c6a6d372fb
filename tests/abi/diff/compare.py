# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a script on two libraries and says where they differ."""

import os
import re
import signal
import subprocess

SECONDS = 10
SECONDS_SMALLER = 2             # when a script is made smaller
ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "HWLOC_XMLFILE")        # what of ours a worker sees


class Outcome:
    """What one library made of a script: the lines of its trace, of its stderr, and how it ended."""

    def __init__(self, pid, trace, errors, status):
        self.trace = normalise(trace, pid).split("\n")
        self.errors = [line for line in normalise(errors, pid).split("\n") if line.strip()]
        self.status = status
        self.pid = pid

    def hangs(self):
        return self.status is None

    def crashed(self):
        return self.status is None or self.status < 0


def normalise(text, pid):
    text = re.sub(r"(omp_get_wtime_? = )[0-9.e+]+", r"\1<time>", text)
    text = re.sub(r"0x(0*)7[ef][0-9a-f]{0,10}", r"<address>\1", text)
    text = re.sub(r"0x5[0-9a-f]{11}", "<address>", text)
    return text.replace(str(pid), "<pid>")


def in_order(lines):
    """With the messages about the environment in front and sorted: releases look at variables in different orders, at some
    after OMP_DISPLAY_ENV has been obeyed."""
    messages = [line for line in lines if re.match("libgomp: .*(environment variable|Stack size)", line)]
    return sorted(messages) + [line for line in lines if line not in messages]


def run(worker, symbols, library, script, env, seconds=SECONDS):
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    child = subprocess.Popen([worker, symbols, library], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env={**kept, **env}, start_new_session=True)
    try:
        out, err = child.communicate(("\n".join(script) + "\n").encode(), timeout=seconds)
        status = child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
        status = None
    if status == 99:
        raise RuntimeError(err.decode("latin-1") + "\nin the script\n" + "\n".join(script))
    return Outcome(child.pid, out.decode("latin-1"), err.decode("latin-1"), status)


class Known:
    """known.txt: differences that are meant.  A paragraph is a reason, in lines that start with #, and rules:

        KIND LIBRARY REGEX ==> TEXT     what one library writes is replaced before it is compared with the other's; KIND is
                                        trace or stderr, LIBRARY is gomp or gompx.  REGEX may span lines (\\n)
        setting NAME REGEX              values of an environment variable that are not compared; REGEX is the whole value
        routine NAME                    not called at all"""

    def __init__(self, path):
        self.rewrites, self.settings, self.routines, self.uses = [], [], set(), {}
        with open(path) as text:
            for line in text:
                line = line.strip()
                if line and not line.startswith("#"):
                    self.add(line, path)

    def add(self, line, path):
        rewrite = re.fullmatch(r"(trace|stderr)\s+(gomp|gompx)\s+(.*?)\s+==>\s*(.*)", line)
        setting = re.fullmatch(r"setting\s+(\w+)\s+(.*)", line)
        routine = re.fullmatch(r"routine\s+(\w+)", line)
        if rewrite:
            self.rewrites.append((rewrite[1], rewrite[2], re.compile(rewrite[3], re.MULTILINE), rewrite[4], line))
        elif setting:
            self.settings.append((setting[1], re.compile(setting[2]), line))
        elif routine:
            self.routines.add(routine[1])
        else:
            raise ValueError(f"{path}: what is this: {line}")
        self.uses[line] = 1 if routine else 0

    def lines(self, kind, library, lines):
        text = "\n".join(lines)
        for of, whose, pattern, to, rule in self.rewrites:
            if of == kind and whose == library:
                text, n = pattern.subn(to, text)
                self.uses[rule] += n
        return [line for line in text.split("\n") if line.strip() or kind == "trace"]

    def excludes(self, name, value):
        for of, pattern, rule in self.settings:
            if of == name and pattern.fullmatch(value):
                self.uses[rule] += 1
                return True
        return False


def differing(kind, one, other, known):
    """The first lines that differ, as (kind, number, reference, gompx), or None."""
    one, other = known.lines(kind, "gomp", one), known.lines(kind, "gompx", other)
    if kind == "stderr":
        one, other = in_order(one), in_order(other)
    for i in range(max(len(one), len(other))):
        a, b = one[i] if i < len(one) else "(nothing)", other[i] if i < len(other) else "(nothing)"
        if a != b:
            return kind, i, a, b
    return None


def compare(reference, gompx, known, env):
    """None, or what is different: (kind, line number, line of the reference, line of gompx).

    Where the reference itself falls over, only what came before is compared: the lines up to the one that it was in."""
    if reference.crashed():
        before = len(reference.trace) - 1
        return differing("trace", reference.trace[:before], gompx.trace[:before], known)
    found = differing("trace", reference.trace, gompx.trace, known)
    if not found and reference.status != gompx.status:
        found = ("exit status", 0, str(reference.status), str(gompx.status))
    if "OMP_DISPLAY_AFFINITY" in env:               # the threads of a new team may write while the first one goes on
        reference.errors.sort()
        gompx.errors.sort()
    return found or differing("stderr", reference.errors, gompx.errors, known)


def both(worker, symbols, libraries, script, env, seconds=SECONDS):
    """Outcomes of the two libraries, from processes whose numbers have as many digits."""
    while True:
        outcomes = [run(worker, symbols, library, script, env, seconds) for library in libraries]
        if len(str(outcomes[0].pid)) == len(str(outcomes[1].pid)):
            return outcomes
