# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where GCC's libgomp test suite is, and which programs it gives: tests, their languages and optimization levels.

The suite comes from the tarball in Debian's package gccN-source and is unpacked in the work folder, never in the tree:

    WORK/suite-DIGEST/libgomp/testsuite/...     the suite, with the few other files that tests include
    WORK/programs/KEY                           what was compiled (build.py)
    WORK/verdicts.json, results.json            what came out (execute.py, report.py)"""

import fnmatch
import glob
import hashlib
import os
import re
import shutil
import subprocess
import tarfile

import directives
import targets

TARBALLS = "/usr/src/gcc-*/gcc-*.tar.xz"
PACKAGE = "gcc-%s-source"
# What is taken out of the tarball.
MEMBERS = ["libgomp/testsuite", "libgomp/libgomp_g.h", "include/gomp-constants.h",
           "gcc/testsuite/gfortran.dg/goacc/cache-1.f95", "gcc/testsuite/g++.dg/goacc/cache-1.C",
           "gcc/testsuite/c-c++-common/goacc/cache-1.c", "gcc/testsuite/c-c++-common/goacc/firstprivate-mappings-1.c",
           "gcc/testsuite/g++.dg/goacc/firstprivate-mappings-1.C"]
# One test includes what libgomp's configure would have written.
CONFIG_H = "#define HAVE_PTHREAD_AFFINITY_NP 1\n"

OPENMP = ["-fopenmp", "-foffload=disable"]
OPENACC = ["-fopenacc", "-foffload=disable", "-DACC_DEVICE_TYPE_host=1", "-DACC_MEM_SHARED=1"]
# Those of graphite.exp, without the dumps.
PARALLELIZE = ["-ansi", "-O2", "-ftree-parallelize-loops=4", "-floop-parallelize-all", "-fno-loop-strip-mine",
               "-fno-loop-block"]
FORTRAN = ("f", "F", "f90", "F90", "f95", "F95", "f03", "F03", "f08", "F08")


class Folder:
    def __init__(self, name, suffixes, languages, fixed, levels=("-O0", "-O2"), defaults=()):
        self.name, self.suffixes, self.languages, self.fixed = name, suffixes, languages, fixed
        self.levels, self.defaults = levels, list(defaults)


FOLDERS = [
    Folder("libgomp.c", ("c",), ("c",), OPENMP),
    Folder("libgomp.c-c++-common", ("c",), ("c", "c++"), OPENMP),
    Folder("libgomp.c++", ("C",), ("c++",), OPENMP),
    Folder("libgomp.fortran", FORTRAN, ("fortran",), OPENMP, ("-O2",)),
    Folder("libgomp.graphite", ("c",), ("c",), OPENMP, ("-O2",), PARALLELIZE),
    Folder("libgomp.oacc-c", ("c",), ("c",), OPENACC),
    Folder("libgomp.oacc-c-c++-common", ("c",), ("c", "c++"), OPENACC),
    Folder("libgomp.oacc-c++", ("C",), ("c++",), OPENACC),
    Folder("libgomp.oacc-fortran", FORTRAN, ("fortran",), OPENACC, ("-O2",)),
]


class Missing(Exception):
    """No tarball of the suite here."""


def work_folder():
    """Where everything goes that is not the tree's: $GOMPX_GCC_SUITE, or the user's cache, or a temporary folder."""
    chosen = os.environ.get("GOMPX_GCC_SUITE")
    if chosen:
        return os.path.abspath(chosen)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(cache, "gompx-gcc-suite")
    try:
        os.makedirs(folder, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return os.path.join(os.environ.get("TMPDIR", "/tmp"), "gompx-gcc-suite-%d" % os.getuid())


def find_tarball(major):
    """The suite of the compiler's release if it is installed, otherwise any."""
    found = sorted(glob.glob(TARBALLS))
    same = [path for path in found if path.split("/")[3] == "gcc-" + major]
    if not found:
        raise Missing("the package %s is not installed" % (PACKAGE % major))
    return (same or found)[-1]


def digest_of(path):
    """A digest of a file's content."""
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            h.update(block)
    return h.hexdigest()[:12]


def unpack(tarball, work):
    """Returns the folder that holds libgomp/testsuite, unpacking it when it is not there yet."""
    folder = os.path.join(work, "suite-" + digest_of(tarball))
    if os.path.isdir(folder):
        return folder
    os.makedirs(work, exist_ok=True)
    print("unpacking the suite from %s" % tarball, flush=True)
    with tarfile.open(tarball) as archive:
        top = archive.next().name.split("/")[0]
    half = "%s.%d" % (folder, os.getpid())
    os.makedirs(half)
    subprocess.run(["tar", "-xJf", tarball, "-C", half, "--strip-components=1"] + [top + "/" + m for m in MEMBERS],
                   check=True)
    with open(os.path.join(half, "config.h"), "w") as f:
        f.write(CONFIG_H)
    try:
        os.rename(half, folder)
    except OSError:                     # somebody else was quicker
        shutil.rmtree(half)
    return folder


class Program:
    """One test in one language at one optimization level."""

    def __init__(self, suite, folder, path, language, level):
        self.folder, self.path, self.language, self.level = folder, path, language, level
        self.group = folder.name + (" as " + language.upper() if len(folder.languages) > 1 else "")
        self.plan, self.reason = None, None
        self.include = [suite + "/include", suite + "/libgomp", suite]
        try:
            self.read()
        except directives.Unknown as unknown:
            self.reason = "unknown here: %s" % unknown
        except (ValueError, TypeError) as error:
            self.reason = "directives not understood: %s" % error

    def read(self):
        with open(self.path, errors="replace") as f:
            found = directives.parse(f.read())
        folder = self.folder
        reader = directives.Reader(targets.selector(self.language, [self.level]), folder.defaults,
                                   [self.level] + folder.fixed)
        self.plan = reader.read(found)
        self.reason = self.plan.reason
        if self.reason is None and self.plan.kind != "run":
            self.reason = "only compiled"
        own = [o for o in self.plan.flags(folder.defaults) if re.fullmatch(r"-O\w*", o)]
        if own:
            self.level = own[-1]

    @property
    def name(self):
        """Unique: libgomp.c-c++-common/for-1.c:c++:O2."""
        words = [self.relative] + ([self.language] if len(self.folder.languages) > 1 else []) + [self.level[1:]]
        return ":".join(words)

    @property
    def relative(self):
        parts = self.path.split("/")
        return "/".join(parts[parts.index("testsuite") + 1:])

    def matches(self, pattern):
        return any(fnmatch.fnmatchcase(n, pattern)
                   for n in (self.name, self.relative, os.path.basename(self.path), self.folder.name))

    def sources(self):
        here = os.path.dirname(self.path)
        return [self.path] + [os.path.normpath(os.path.join(here, s)) for s in self.plan.sources]

    def options(self):
        """What the compiler gets, in this order; options of the test come last and win."""
        include = [word for path in self.include for word in ("-I", path)]
        return [self.level] + self.folder.fixed + include + self.plan.flags(self.folder.defaults)

    def environment(self):
        """What the test's run needs in its environment."""
        base = {"ACC_DEVICE_TYPE": "host"} if "-fopenacc" in self.folder.fixed else {}
        return {**base, **self.plan.env}


def programs(suite):
    """Every Program of the unpacked suite, in order.  A test that sets its own level comes once."""
    found = {}
    for folder in FOLDERS:
        root = os.path.join(suite, "libgomp", "testsuite", folder.name)
        paths = [os.path.join(here, name) for here, _, names in os.walk(root) for name in names
                 if name.rpartition(".")[2] in folder.suffixes]
        for path in sorted(paths):
            for language in folder.languages:
                for level in folder.levels:
                    program = Program(suite, folder, path, language, level)
                    found.setdefault(program.name, program)
    return list(found.values())
