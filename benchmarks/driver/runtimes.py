# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The runtimes to compare: where they are, how a program gets one, and proof that it got it.

A program compiled with gcc asks the loader for libgomp.so.1.  Each runtime gets a folder with a file of that name,
which LD_LIBRARY_PATH puts first, so that exactly one OpenMP runtime is loaded whichever it is.  The file is a link to
an installed runtime, but a copy of a build of gompx: a build may be replaced while it is being measured."""

import glob
import os
import re
import shutil
import subprocess

from .errors import BenchError

LINK = "libgomp.so.1"
IS_RUNTIME = re.compile(r"lib(i?omp|gompx?)[.0-9-]*so")
TITLES = {"gomp": "GNU libgomp", "omp": "LLVM libomp", "gompx": "gompx"}


class Runtime:
    def __init__(self, name, kind, path):
        self.name = name  # column heading
        self.kind = kind  # "gomp", "omp" or "gompx": which aims apply
        self.path = os.path.realpath(path)  # as the user knows it
        self.loaded = self.path  # what the loader is to map
        self.settings = {}  # environment of this runtime alone
        self.folder = None  # what goes to the front of LD_LIBRARY_PATH
        self.preload = False

    def install(self, build):
        """Makes the folder with the library."""
        self.folder = os.path.join(build, "lib", self.name)
        os.makedirs(self.folder, exist_ok=True)
        link = os.path.join(self.folder, LINK)
        if os.path.islink(link) or os.path.exists(link):
            os.remove(link)
        if self.kind == "gompx":
            shutil.copyfile(self.path, link)
            self.loaded = os.path.realpath(link)
        elif not self.preload:
            os.symlink(self.path, link)

    def environment(self, base, threads):
        env = dict(base)
        if self.preload:
            env["LD_PRELOAD"] = self.path
        else:
            old = env.get("LD_LIBRARY_PATH")
            env["LD_LIBRARY_PATH"] = self.folder + (":" + old if old else "")
        env["OMP_NUM_THREADS"] = str(threads)
        env["OMP_DYNAMIC"] = "false"
        env.update(self.settings)
        return env

    def check_mapped(self, mapped):
        """`mapped`: the files that the program found in its own address space.  Wrong runtime: no result."""
        found = {os.path.realpath(path) for path in mapped if IS_RUNTIME.match(os.path.basename(path))}
        if self.preload:  # then the library asked for is there too, behind the preloaded one
            found = {path for path in found if path == self.loaded or not os.path.basename(path).startswith("libgomp.")}
        if found != {self.loaded}:
            raise BenchError("%s: the program should run on %s, but has mapped %s"
                             % (self.name, self.loaded, ", ".join(sorted(found)) or "no OpenMP runtime"))

    def probe(self, program, base):
        """Runs `program -l` under this runtime.  Returns what went wrong, or None."""
        done = subprocess.run([program, "-l"], env=self.environment(base, 1), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, timeout=20, check=False)
        return None if done.returncode == 0 else done.stderr.strip() or "exit status %d" % done.returncode


def _loader_cache():
    for tool in ("ldconfig", "/sbin/ldconfig", "/usr/sbin/ldconfig"):
        try:
            done = subprocess.run([tool, "-p"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  check=False)
        except OSError:
            continue
        return [line.split(" => ")[1].strip() for line in done.stdout.splitlines() if " => " in line]
    return []


def find_gomp(compiler):
    """The GNU library that belongs to the compiler."""
    for name in (LINK, "libgomp.so"):
        done = subprocess.run([compiler, "-print-file-name=" + name], stdout=subprocess.PIPE, text=True, check=False)
        path = done.stdout.strip()
        if os.path.isabs(path) and os.path.exists(path):
            return path
    return next((path for path in _loader_cache() if os.path.basename(path) == LINK), None)


def _version(path):
    """Newest first, whatever the folders are called: /usr/lib/llvm-19 comes before /usr/lib/llvm-9."""
    return [int(number) for number in re.findall(r"\d+", os.path.realpath(path))]


def find_omp():
    found = [path for path in _loader_cache() if re.fullmatch(r"libomp\.so\.\d+", os.path.basename(path))]
    for pattern in ("/usr/lib/llvm-*/lib/libomp.so.5", "/usr/lib*/libomp.so", "/usr/local/lib*/libomp.so"):
        found += glob.glob(pattern)
    return max(found, key=_version, default=None)


def _gompx_library(path):
    """A build of gompx may be named by its library or by a folder that holds one."""
    if os.path.isdir(path):
        for name in (LINK, "gompx/" + LINK, "build/gompx/" + LINK, "libgompx.so.1"):
            if os.path.exists(os.path.join(path, name)):
                return os.path.join(path, name)
        raise BenchError("%s: no %s and no libgompx.so.1 in it" % (path, LINK))
    if not os.path.exists(path):
        raise BenchError("%s does not exist" % path)
    return path


def _choose(name, options, build_root):
    if name in options.libs:
        path = _gompx_library(options.libs[name])
        base = os.path.basename(os.path.realpath(path))
        return Runtime(name, "omp" if base.startswith(("libomp.", "libiomp")) else "gompx", path)
    if name == "gomp":
        path = find_gomp(options.cc)
        if not path:
            raise BenchError("GNU libgomp is not installed (it comes with gcc); --runtimes chooses others")
        return Runtime(name, name, path)
    if name == "omp":
        path = find_omp()
        return Runtime(name, name, path) if path else None
    if name == "gompx":
        path = os.path.join(build_root, "gompx", LINK)
        if not os.path.exists(path):
            raise BenchError("gompx is not built: %s does not exist; run make, or leave gompx out with "
                             "--runtimes gomp,omp" % path)
        return Runtime(name, name, path)
    raise BenchError("'%s' is neither gomp, omp, gompx nor the name of a --lib" % name)


def choose(options, build_root):
    """The runtimes in the order of the table; the last one is what the others are compared with."""
    names = options.runtimes or ["gomp", "omp", "gompx"] + list(options.libs)
    chosen = []
    for name in names:
        runtime = _choose(name, options, build_root)
        if runtime:
            chosen.append(runtime)
        elif options.runtimes:
            raise BenchError("LLVM libomp is not installed (Debian: libomp-dev)")
        else:
            print("LLVM libomp is not installed, so its columns are missing (Debian: libomp-dev).")
    if len({runtime.name for runtime in chosen}) < len(chosen):
        raise BenchError("a runtime is named twice; give its second build a name of its own with --lib NAME=PATH")
    for name, setting in options.settings:
        runtime = next((r for r in chosen if r.name == name), None)
        if not runtime:
            raise BenchError("--set %s: no runtime of that name is measured" % name)
        runtime.settings.update([setting])
    return chosen


def install(runtimes, build, program, base):
    """Links, then one start under each, so that a library that cannot be loaded is reported before any measuring."""
    for runtime in runtimes:
        runtime.install(build)
        problem = runtime.probe(program, base)
        if problem and runtime.kind == "omp":  # built without the symbol versions of libgomp.so.1
            runtime.preload = True
            runtime.install(build)
            problem = runtime.probe(program, base)
        if problem:
            raise BenchError("%s (%s) cannot run our programs: %s" % (runtime.name, runtime.path, problem))
