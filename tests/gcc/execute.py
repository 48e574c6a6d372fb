# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the compiled programs on GNU libgomp and on gompx, and judges each run as DejaGnu would."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time

import process
import suite

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIMES = ("gomp", "gompx")
TAIL_LINES = 15
HANGS = 2           # after so many hangs in one setting its other runs are given up
# What the calling shell must not hand to a program.
FOREIGN = ("OMP_", "GOMP", "ACC_", "KMP_", "LD_PRELOAD", "LD_LIBRARY_PATH")


class WrongRuntime(Exception):
    """The programs would not run on the library that is meant."""


def judge(plan, status, output):
    """What is wrong with a finished run, or None."""
    if status is None:
        return "hangs"
    if plan.fails and status == 0:
        return "ends well, but should not"
    if not plan.fails and status != 0:
        return "ends with signal %d" % -status if status < 0 else "exit status %d" % status
    # Tcl's regular expressions: a dot matches any character.
    if plan.output is not None and not re.search(plan.output, output.replace("\r\n", "\n"), re.DOTALL):
        return "output does not match %r" % plan.output
    return None


class Runner:
    def __init__(self, work, library, limit, fresh):
        """library: gompx's libgomp.so.1; limit: seconds for one run; fresh: forget earlier verdicts of libgomp."""
        self.library, self.limit, self.stopping = library, limit, False
        self.store = os.path.join(work, "verdicts.json")
        self.verdicts = {} if fresh else self.load()
        self.files = {}
        base = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        self.env = {"gomp": base, "gompx": {**base, "LD_LIBRARY_PATH": os.path.dirname(library)}}

    def load(self):
        try:
            with open(self.store) as f:
                return json.load(f)
        except (OSError, ValueError):
            return {}

    def save(self):
        half = "%s.%d" % (self.store, os.getpid())
        with open(half, "w") as f:
            json.dump(dict(self.verdicts), f)       # a copy: others go on adding
        os.replace(half, self.store)

    def check_runtimes(self, builder):
        """Makes sure that each way to start a program gives it the runtime that is meant, all of it."""
        with tempfile.TemporaryDirectory(prefix="gompx-probe.") as folder:
            probe = os.path.join(folder, "probe")
            words = shlex.split(builder.compilers["c"]) + ["-fopenmp", "-Wl,--no-as-needed", "-D_GNU_SOURCE",
                                                           os.path.join(HERE, "probe.c"), "-o", probe, "-ldl"]
            subprocess.run(words, check=True)
            said = {runtime: subprocess.run([probe], env=self.env[runtime], capture_output=True, text=True).stdout
                    for runtime in RUNTIMES}
        for runtime, text in said.items():
            files = set(text.split())
            if len(files) != 1:
                raise WrongRuntime("the entry points come from: " + (", ".join(sorted(files)) or "nowhere"))
            self.files[runtime] = files.pop()
        if self.files["gompx"] != os.path.realpath(self.library) or self.files["gomp"] == self.files["gompx"]:
            raise WrongRuntime("gompx is meant to be %s, but is %s; libgomp is %s" %
                               (self.library, self.files["gompx"], self.files["gomp"]))
        self.digests = {runtime: suite.digest_of(path) for runtime, path in self.files.items()}

    def added(self, program, runtime, threads):
        """What a run has in its environment besides the caller's."""
        env = dict(program.environment())
        if threads != "unset":
            env.setdefault("OMP_NUM_THREADS", threads)
        if runtime == "gompx":
            env["LD_LIBRARY_PATH"] = self.env["gompx"]["LD_LIBRARY_PATH"]
        return env

    def run_once(self, program, executable, runtime, threads):
        """(what is wrong or None, last lines of the output)"""
        env = {**self.env[runtime], **self.added(program, runtime, threads)}
        folder = tempfile.mkdtemp(prefix="gompx-run.")
        try:
            limit = self.limit * program.plan.patience
            status, out, _, traces = process.execute([executable], env, limit, cwd=folder, merge=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        wrong = judge(program.plan, status, out)
        return wrong, "\n".join(out.splitlines()[-TAIL_LINES:] + traces.splitlines()) if wrong else ""

    def run_often(self, program, executable, runtime, threads, times):
        """The outcome of several runs: how many, how many passed, seconds; the first failure's reason and output."""
        result = {"runs": 0, "passed": 0, "seconds": 0.0}
        start, hangs = time.monotonic(), 0
        while result["runs"] < times and hangs < HANGS and not self.stopping:
            wrong, tail = self.run_once(program, executable, runtime, threads)
            if self.stopping:           # the run was killed
                break
            result["runs"] += 1
            result["passed"] += wrong is None
            hangs += wrong == "hangs"
            if wrong and "wrong" not in result:
                result.update(wrong=wrong, tail=tail)
        result["seconds"] = round((time.monotonic() - start) / max(1, result["runs"]), 3)
        return result

    def on_libgomp(self, program, executable, threads):
        """The verdict of GNU libgomp, from an earlier time if there is one."""
        key = ":".join((os.path.basename(executable), threads, self.digests["gomp"]))
        if key not in self.verdicts:
            result = self.run_often(program, executable, "gomp", threads, 1)
            if self.stopping:
                return result
            self.verdicts[key] = result
        return self.verdicts[key]

    def settings(self, program, threads):
        """The values of OMP_NUM_THREADS to try; one if the test sets its own."""
        return ["own"] if "OMP_NUM_THREADS" in program.environment() else threads

    def run(self, program, executable, threads, times):
        """{setting: {"gomp": outcome, "gompx": outcome}}, or None when told to stop."""
        results = {}
        for setting in self.settings(program, threads):
            value = "unset" if setting == "own" else setting
            results[setting] = {"gomp": self.on_libgomp(program, executable, value),
                                "gompx": self.run_often(program, executable, "gompx", value, times)}
            if self.stopping:
                return None
        return results

    def repeat_command(self, program, executable, threads):
        env = self.added(program, "gompx", "unset" if threads == "own" else threads)
        return "env %s %s" % (" ".join(shlex.quote("%s=%s" % pair) for pair in sorted(env.items())), executable)
