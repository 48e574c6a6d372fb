#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""NumPy on the OpenMP build of OpenBLAS on gompx: products, SVD, solve and eigenvalues as on GNU libgomp.

run: threads=2 opt=2 policy=default pin=no modes=path timeout=300
run: gompx-only="runs both runtimes itself"
"""
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import realtest

PYTHON = "/usr/bin/python3"     # the one that Debian's python3-numpy belongs to
TOLERANCE = 1e-10               # of a result's largest element, where the sums' order may differ

WORK = r'''
import json, sys, time
import numpy as np

rng = np.random.default_rng(7)
results, seconds = {}, {}

def job(name, function):
    start = time.monotonic()
    value = function()
    seconds[name] = time.monotonic() - start
    results[name] = np.asarray(value)

a, b = rng.standard_normal((700, 600)), rng.standard_normal((600, 650))
c = rng.standard_normal((500, 500)).astype(np.float32)
s, t = rng.standard_normal((260, 200)), rng.standard_normal((400, 400))
job("product", lambda: [a @ b for _ in range(6)][-1])
job("float product", lambda: [c @ c for _ in range(8)][-1])
job("matrix-vector", lambda: [t @ t[0] for _ in range(200)][-1])
job("svd", lambda: np.linalg.svd(s, compute_uv=False))
job("solve", lambda: np.linalg.solve(t, t[:, :50] + 1))
job("eigenvalues", lambda: np.linalg.eigvalsh(t + t.T))
np.savez(sys.argv[1], **results)
maps = sorted({line.split()[-1] for line in open("/proc/self/maps") if ".so" in line})
print(json.dumps({"seconds": seconds, "maps": [m for m in maps if "gomp" in m or "blas" in m]}))
'''

COMPARE = r'''
import sys
import numpy as np

wanted, got = np.load(sys.argv[1]), np.load(sys.argv[2])
for name in wanted.files:
    if wanted[name].tobytes() != got[name].tobytes():
        print(name, float(np.max(np.abs(wanted[name].astype(float) - got[name])) / np.max(np.abs(wanted[name]))))
'''


def calculate(folder, way, threads):
    """One run of the work; returns (path of its results, seconds per job)."""
    path = os.path.join(folder, f"{way.replace('/', '_')}.{threads}.npz")
    output, _ = realtest.run([PYTHON, "-c", WORK, path], way, threads)
    told = json.loads(output)
    if not any("openblas-openmp" in m for m in told["maps"]):
        realtest.skip("NumPy does not use the OpenMP build of OpenBLAS (tests/real/install installs it)")
    mark = realtest.MARKS[way]
    if mark is not None and os.path.realpath(mark) not in told["maps"]:
        realtest.fail(f"{way} does not map {mark}: {told['maps']}")
    return path, told["seconds"]


def compare(wanted, got, what):
    """Every result must be the same to the bit, or to rounding; says which."""
    text = subprocess.run([PYTHON, "-c", COMPARE, wanted, got], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        name, difference = line.rsplit(" ", 1)
        limit = 1e-4 if name == "float product" else TOLERANCE
        if not float(difference) <= limit:
            realtest.fail(f"{what}: {name} differs by {difference}")
    inexact = [line.rsplit(" ", 1)[0] for line in text.splitlines()]
    return "to rounding: " + ", ".join(inexact) if inexact else "to the bit"


def main():
    try:
        subprocess.run([PYTHON, "-c", "import numpy"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        realtest.skip("no NumPy (tests/real/install installs it)")
    with tempfile.TemporaryDirectory() as folder:
        for threads in (1, 3, 4):
            wanted, _ = calculate(folder, "libgomp", threads)
            for way in list(realtest.WAYS)[1:]:
                compare(wanted, calculate(folder, way, threads)[0], f"{way}, {threads} threads")
        times = {}
        for _ in range(realtest.ROUNDS):
            for way in realtest.WAYS:
                path, seconds = calculate(folder, way, 2)
                if way == "libgomp":
                    wanted = path
                agreement = compare(wanted, path, f"{way}, 2 threads")
                for job, value in seconds.items():
                    times.setdefault(job, {}).setdefault(way, []).append(value)
        for job, ways in times.items():
            realtest.report(f"{job}, 2 threads, same {agreement}", ways)


if __name__ == "__main__":
    main()
