# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a script on two libraries and says where they differ."""

import os
import re
import signal
import subprocess

SECONDS = 40
ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "HWLOC_XMLFILE")        # what of ours a worker sees


class Outcome:
    """What one library made of a script: the lines of its trace, of its stderr, and how it ended."""

    def __init__(self, pid, trace, errors, status):
        self.trace = normalise(trace, pid).split("\n")
        self.errors = [line for line in normalise(errors, pid).split("\n") if line.strip()]
        self.status = status
        self.pid = pid

    def crashed(self):
        return self.status is None or self.status < 0


def normalise(text, pid):
    text = text.replace(str(pid), "<pid>")
    text = re.sub(r"0x7[ef][0-9a-f]{0,10}", "<address>", text)
    text = re.sub(r"0x5[0-9a-f]{11}", "<address>", text)
    return re.sub(r"(omp_get_wtime_? = )[0-9.e+]+", r"\1<time>", text)


def run(worker, symbols, library, script, env):
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    child = subprocess.Popen([worker, symbols, library], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env={**kept, **env}, start_new_session=True)
    try:
        out, err = child.communicate(("\n".join(script) + "\n").encode(), timeout=SECONDS)
        status = child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
        status = None
    if status == 99:
        raise RuntimeError(err.decode("latin-1") + "\nin the script\n" + "\n".join(script))
    return Outcome(child.pid, out.decode("latin-1"), err.decode("latin-1"), status)


class Known:
    """known.txt: differences that are meant.

    A paragraph is a reason, in lines that start with #, and rules:
        KIND  LIBRARY  REGEX            lines of this library alone, left out
        KIND  =  REGEX  ==>  REGEX      a line of the reference and what gompx has in its place
    KIND is trace or stderr; LIBRARY is gomp or gompx.  A REGEX must match the whole line."""

    def __init__(self, path):
        self.lone, self.pairs, self.uses = [], [], {}
        with open(path) as text:
            for line in text:
                line = line.strip()
                if line and not line.startswith("#"):
                    self.add(line, path)

    def add(self, line, path):
        lone = re.fullmatch(r"(trace|stderr)\s+(gomp|gompx)\s+(.*)", line)
        pair = re.fullmatch(r"(trace|stderr)\s+=\s+(.*?)\s+==>\s+(.*)", line)
        if lone:
            self.lone.append((lone[1], lone[2], re.compile(lone[3]), line))
        elif pair:
            self.pairs.append((pair[1], re.compile(pair[2]), pair[3], line))
        else:
            raise ValueError(f"{path}: what is this: {line}")
        self.uses[line] = 0

    def strip(self, kind, library, lines):
        kept = []
        for line in lines:
            rule = next((r for r in self.lone if r[:2] == (kind, library) and r[2].fullmatch(line)), None)
            if rule:
                self.uses[rule[3]] += 1
            else:
                kept.append(line)
        return kept

    def allows(self, kind, reference, gompx):
        """The second pattern may refer to groups of the first: {1}."""
        for of, first, second, line in self.pairs:
            match = of == kind and first.fullmatch(reference)
            if not match:
                continue
            groups = [match[0]] + [g or "" for g in match.groups()]
            pattern = re.sub(r"\{(\d)\}", lambda m: re.escape(groups[int(m[1])]), second)
            if re.fullmatch(pattern, gompx):
                self.uses[line] += 1
                return True
        return False


def differing(kind, one, other, known):
    """The first lines that differ, as (number, reference, gompx), or None."""
    one, other = known.strip(kind, "gomp", one), known.strip(kind, "gompx", other)
    for i in range(max(len(one), len(other))):
        a, b = one[i] if i < len(one) else "(nothing)", other[i] if i < len(other) else "(nothing)"
        if a != b and not known.allows(kind, a, b):
            return i, a, b
    return None


def compare(reference, gompx, known):
    """None, or what is different: (kind, line number, line of the reference, line of gompx).

    Where the reference itself falls over, only what came before is compared: the lines up to the one that it was in."""
    if reference.crashed():
        before = len(reference.trace) - 1
        return prefix("trace", differing("trace", reference.trace[:before], gompx.trace[:before], known))
    found = prefix("trace", differing("trace", reference.trace, gompx.trace, known))
    if not found and reference.status != gompx.status:
        found = ("exit status", 0, str(reference.status), str(gompx.status))
    return found or prefix("stderr", differing("stderr", reference.errors, gompx.errors, known))


def prefix(kind, found):
    return found and (kind,) + found


def both(worker, symbols, libraries, script, env):
    """Outcomes of the two libraries, from processes whose numbers have as many digits."""
    while True:
        outcomes = [run(worker, symbols, library, script, env) for library in libraries]
        if len(str(outcomes[0].pid)) == len(str(outcomes[1].pid)):
            return outcomes
