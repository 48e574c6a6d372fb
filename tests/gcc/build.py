# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles programs of the suite, each once: WORK/programs/KEY with a note KEY.json; the key covers the sources, the
options and the compiler."""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time

import process

LANGUAGES = {"c": ("CC", "gcc"), "c++": ("CXX", "g++"), "fortran": ("FC", "gfortran")}
COMPILE_S = 600
MESSAGE_LINES = 12


class Builder:
    def __init__(self, work):
        self.out = os.path.join(work, "programs")
        os.makedirs(self.out, exist_ok=True)
        self.compilers, self.versions = {}, {}
        for language, (variable, fallback) in LANGUAGES.items():
            self.compilers[language], self.versions[language] = self.find(variable, fallback)
        # No setting of the calling shell reaches the compiler; messages are English.
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("GCC_", "LD_", "OMP_"))}
        self.env["LC_ALL"] = "C"
        self.stopping = False

    @staticmethod
    def find(variable, fallback):
        """(command, version) of the compiler that the environment names if it is GNU's; (None, "") without any."""
        for command in [os.environ.get(variable), fallback]:
            try:
                text = subprocess.run(shlex.split(command or "") + ["--version"], capture_output=True, text=True).stdout
            except (OSError, IndexError):
                continue
            if "Free Software Foundation" in text:
                return command, text.splitlines()[0]
        return None, ""

    def major(self):
        """The release of the C compiler."""
        words = shlex.split(self.compilers["c"]) + ["-dumpversion"]
        done = subprocess.run(words, capture_output=True, text=True)
        return done.stdout.strip().partition(".")[0] or "12"

    def key(self, program):
        h = hashlib.sha256(self.versions[program.language].encode())
        # The folder of the suite carries a digest of all of it, so files that the sources include count as well.
        h.update(repr([program.name, program.options(), self.compilers[program.language]]).encode())
        for path in program.sources():
            with open(path, "rb") as f:
                h.update(f.read())
        return h.hexdigest()[:24]

    def executable(self, program):
        return os.path.join(self.out, self.key(program))

    def command(self, program, output):
        options = program.options()
        words = shlex.split(self.compilers[program.language]) + options + program.sources() + ["-o", output]
        return words + [o for o in options if o.startswith("-l")] + ["-lm"]

    def note(self, program):
        """What is known of an earlier compilation, or None."""
        path = self.executable(program)
        try:
            with open(path + ".json") as f:
                note = json.load(f)
        except (OSError, ValueError):
            return None
        return note if not note["ok"] or os.path.exists(path) else None

    def build(self, program):
        """Compiles a program unless that was done before; returns its note: ok, seconds, message."""
        note = self.note(program)
        if note is None:
            note = self.compile(program)
        return note

    @staticmethod
    def keep(path, program, note):
        """Puts a program and its note where they belong, each in one step: others may look."""
        new = "%s.%d" % (path, os.getpid())
        if program:
            shutil.move(program, new)
            os.replace(new, path)
        with open(new, "w") as f:
            json.dump(note, f)
        os.replace(new, path + ".json")

    def compile(self, program):
        path = self.executable(program)
        if not self.compilers[program.language]:
            return {"ok": False, "seconds": 0, "message": "no GNU compiler for " + program.language}
        folder = tempfile.mkdtemp(prefix="gompx-compile.")      # modules of Fortran, dumps
        start = time.monotonic()
        try:
            half = os.path.join(folder, "program")
            words = self.command(program, half)
            status, out, _, _ = process.execute(words, self.env, COMPILE_S, cwd=folder, merge=True)
            good = status == 0 and os.path.exists(half)
            message = "" if good else "\n".join([shlex.join(words)] + out.splitlines()[:MESSAGE_LINES])
            note = {"name": program.name, "ok": good, "seconds": round(time.monotonic() - start, 2), "message": message}
            if not self.stopping:                               # a compiler that was killed proves nothing
                self.keep(path, half if good else None, note)
            return note
        finally:
            shutil.rmtree(folder, ignore_errors=True)
