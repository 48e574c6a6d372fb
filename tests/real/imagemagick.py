#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ImageMagick on gompx: blur, resize, convolve and others of a large picture give the same bytes as on GNU libgomp.

run: threads=2 opt=2 policy=default pin=no modes=path timeout=300
run: gompx-only="runs both runtimes itself"
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import realtest

WIDTH, HEIGHT = 1000, 800
KERNEL = "7x7: " + " ".join(",".join(str(1 + (3 * x + 5 * y) % 7) for x in range(7)) for y in range(7))
JOBS = {
    "blur": ["-blur", "0x5"],
    "resize": ["-filter", "Lanczos", "-resize", "70%"],
    "convolve": ["-morphology", "Convolve", KERNEL],
    "rotate, unsharp, modulate": ["-rotate", "31", "-unsharp", "0x3", "-modulate", "110,90,80"],
}


def find_program():
    for name in ("magick", "convert-im6.q16", "convert"):
        path = shutil.which(name)
        if path is None:
            continue
        text = subprocess.run([path, "-version"], capture_output=True, text=True).stdout
        if "ImageMagick" in text and "OpenMP" in text:
            return path
    realtest.skip("no ImageMagick with OpenMP (tests/real/install installs it)")


def make_picture(path):
    """Noise with a bright disc in it, as a binary PPM: from a fixed seed, the same on every machine."""
    noise = bytearray(random.Random(7).getrandbits(8 * 3 * WIDTH * HEIGHT).to_bytes(3 * WIDTH * HEIGHT, "little"))
    for y in range(HEIGHT // 4, HEIGHT // 2):
        start = 3 * (y * WIDTH + WIDTH // 3)
        noise[start:start + WIDTH] = bytes([240 - y % 50]) * WIDTH
    with open(path, "wb") as out:
        out.write(b"P6\n%d %d\n255\n" % (WIDTH, HEIGHT) + noise)


def check_mapped(program):
    """The dynamic linker itself says which runtime each way maps."""
    for way, mark in realtest.MARKS.items():
        env = {**realtest.environment(way, 2), "LD_TRACE_LOADED_OBJECTS": "1"}
        text = subprocess.run([os.path.realpath(program)], env=env, capture_output=True, text=True).stdout
        if mark is None and "libgomp.so.1" not in text:
            realtest.skip("this ImageMagick is not linked with libgomp")
        if mark is not None and mark not in text:
            realtest.fail(f"{way} does not map {mark}:\n{text}")


def main():
    program = find_program()
    check_mapped(program)
    with tempfile.TemporaryDirectory() as folder:
        picture = os.path.join(folder, "picture.ppm")
        make_picture(picture)
        for job, options in JOBS.items():
            words = [program, "-limit", "thread", "8", picture, *options, "ppm:-"]
            wanted, _ = realtest.run(words, "libgomp", 2)
            if len(wanted) < WIDTH * HEIGHT // 2:
                realtest.fail(f"{job}: libgomp's output is too short")
            for threads in (1, 4):
                for way in realtest.WAYS:
                    if realtest.run(words, way, threads)[0] != wanted:
                        realtest.fail(f"{job}: output differs with {way}, {threads} threads")
            times = {way: [] for way in realtest.WAYS}
            for _ in range(realtest.ROUNDS):
                for way in realtest.WAYS:
                    output, seconds = realtest.run(words, way, 2)
                    if output != wanted:
                        realtest.fail(f"{job}: output differs with {way}, 2 threads")
                    times[way].append(seconds)
            realtest.report(f"{job}, 2 threads, same bytes", times)


if __name__ == "__main__":
    main()
