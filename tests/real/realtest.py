# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Shared by the programs in tests/real: the three ways to run a program, timing of interleaved runs, skipping."""
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("GOMPX_BUILD", os.path.join(ROOT, "build")))
WAYS = {
    "libgomp": {},
    "gompx/libgomp.so.1": {"LD_LIBRARY_PATH": os.path.join(BUILD, "gompx")},
    "LD_PRELOAD": {"LD_PRELOAD": os.path.join(BUILD, "libgompx.so.1")},
}
MARKS = {"libgomp": None, "gompx/libgomp.so.1": os.path.join(BUILD, "gompx", "libgomp.so.1"),
         "LD_PRELOAD": os.path.join(BUILD, "libgompx.so.1")}     # the file that must be mapped
SKIPPED = 77
ROUNDS = 3


def skip(reason):
    print(reason)
    sys.exit(SKIPPED)


def fail(reason):
    print(reason)
    sys.exit(1)


def environment(way, threads):
    """Nothing of the caller's OpenMP settings, then one way's own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("OMP_", "GOMP", "OPENBLAS", "MAGICK", "LD_"))}
    return {**env, "OMP_NUM_THREADS": str(threads), **WAYS[way]}


def run(words, way, threads, limit=120):
    """Runs a command; returns (its standard output, seconds of wall time)."""
    start = time.monotonic()
    try:
        done = subprocess.run(words, env=environment(way, threads), capture_output=True, timeout=limit)
    except subprocess.TimeoutExpired:
        fail(f"{way}, {threads} threads: {' '.join(words)} hangs")
    if done.returncode:
        fail(f"{way}, {threads} threads: {' '.join(words)} ends with {done.returncode}: {done.stderr.decode()[-500:]}")
    return done.stdout, time.monotonic() - start


def report(what, times):
    """Prints the medians of one job; times: way -> list of seconds."""
    base = statistics.median(times["libgomp"])
    parts = []
    for way, seconds in times.items():
        middle = statistics.median(seconds)
        parts.append(f"{way} {middle * 1000:.0f} ms" + ("" if way == "libgomp" else f" ({middle / base:.2f})"))
    print(f"  {what}: " + ", ".join(parts))
