# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command line, and the JSON file."""

import argparse
import fnmatch
import json
import os
import sys
import time

from . import machine, measure, programs, report, runtimes, summary
from .errors import BenchError
from .progress import Progress

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(SOURCE)
EXAMPLES = """\
Two builds of gompx:  benchmarks/run --lib new=../other/build --runtimes gompx,new --groups sync
Two settings of one:  benchmarks/run --lib long=build --set long:GOMPX_SPIN_US=5000 --runtimes gompx,long"""
FOREIGN_SETTINGS = ("OMP_", "GOMP_", "KMP_", "LIBOMP_", "LD_PRELOAD")


def _numbers(text):
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = [0]
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError("'%s' is not a list of positive numbers" % text)
    return list(dict.fromkeys(numbers))


def _pair(text):
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError("'%s' is not NAME=VALUE" % text)
    return name, value


def _setting(text):
    runtime, colon, setting = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError("'%s' is not RUNTIME:NAME=VALUE" % text)
    return runtime, _pair(setting)


def _parser():
    p = argparse.ArgumentParser(
        prog="benchmarks/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures OpenMP runtimes side by side: GNU libgomp, LLVM libomp and gompx.", epilog=EXAMPLES)
    p.add_argument("--threads", type=_numbers, metavar="LIST",
                   help="team sizes (default 2, and now and then 4, 8 and 16 for some cases)")
    p.add_argument("--groups", metavar="LIST", help="some of " + ",".join(programs.GROUPS))
    p.add_argument("--constructs", metavar="GLOBS", help="cases whose name or group/name matches, 'barrier*,lock/*'")
    p.add_argument("--list", action="store_true", help="list the cases and stop")
    p.add_argument("--runtimes", metavar="LIST", type=lambda text: text.split(","),
                   help="what to measure, the last one being compared with the others (default gomp,omp,gompx)")
    p.add_argument("--lib", metavar="NAME=PATH", type=_pair, action="append", default=[], dest="lib_list",
                   help="another runtime: a library or a folder that holds libgomp.so.1")
    p.add_argument("--set", metavar="RUNTIME:NAME=VALUE", type=_setting, action="append", default=[], dest="settings",
                   help="an environment variable for one runtime")
    p.add_argument("--env", metavar="NAME=VALUE", type=_pair, action="append", default=[],
                   help="an environment variable for all runtimes")
    p.add_argument("--bind", action="store_true", help="OMP_PROC_BIND=true for all runtimes")
    p.add_argument("--rounds", type=int, help="rounds to run; without it, up to 15 that fit into --seconds")
    p.add_argument("--seconds", type=float, help="time to measure for each team size (default 270; with --quick 50)")
    p.add_argument("--quick", action="store_true", help="an indication in less than a minute")
    p.add_argument("--samples", type=int, help="samples of a run (default 8; with --quick 3)")
    p.add_argument("--sample-us", type=int, help="microseconds of a sample (default 1000; with --quick 500)")
    p.add_argument("--json", metavar="FILE", help="where the samples go (default bench.json in the build folder)")
    p.add_argument("--cc", default="gcc", help="compiler of the benchmark programs (default gcc)")
    return p


def _complete(options):
    """Defaults that depend on other options."""
    options.crowds = not (options.threads or options.quick or options.constructs)
    options.threads = options.threads or [2]
    options.libs = dict(options.lib_list)
    options.samples = options.samples or (3 if options.quick else 8)
    options.sample_us = options.sample_us or (500 if options.quick else 1000)
    if options.seconds is None and options.rounds is None:
        options.seconds = (50.0 if options.quick else 270.0) * len(options.threads)
    elif options.seconds is not None:
        options.seconds *= len(options.threads)
    options.rounds = options.rounds or (5 if options.quick else 15)
    if options.samples < 1 or options.rounds < 1 or options.sample_us < 1:
        raise BenchError("--rounds, --samples and --sample-us take positive numbers")
    return options


def _environment(options):
    """What all runs share: ours without settings that change a runtime, which have to be given here to count."""
    dropped = sorted(name for name in os.environ if name.startswith(FOREIGN_SETTINGS))
    base = {name: value for name, value in os.environ.items() if name not in dropped}
    if dropped:
        print("Left out of the environment, use --env to measure with them: " + " ".join(dropped))
    kept = sorted(name for name in base if name.startswith("GOMPX_") and name != "GOMPX_BUILD")
    if kept:
        print("gompx is measured with " + " ".join("%s=%s" % (name, base[name]) for name in kept))
    if options.bind:
        base["OMP_PROC_BIND"] = "true"
    base.update(options.env)
    return base


def _select(cases, options):
    if options.groups:
        groups = options.groups.split(",")
        unknown = [g for g in groups if g not in programs.GROUPS]
        if unknown:
            raise BenchError("no group is named %s; there are %s" % (unknown[0], ", ".join(programs.GROUPS)))
        cases = [case for case in cases if case.group in groups]
    if options.constructs:
        globs = options.constructs.split(",")
        cases = [case for case in cases if any(
            fnmatch.fnmatchcase(case.name, glob) or fnmatch.fnmatchcase(case.key, glob) for glob in globs)]
    elif options.quick and not options.groups:
        cases = [case for case in cases if case.quick]
    if not cases:
        raise BenchError("no case matches; --list shows all")
    return cases


def _line_record(line, subject, floor):
    multiple = report.floor_multiple(line, subject, floor)
    return {
        "row": line.row.key, "threads": line.row.threads, "unit": line.row.unit, "better": line.row.better,
        "runtimes": line.summary, "comparisons": line.comparisons,
        "limits": [limit._asdict() for limit in line.limits],
        "serial": line.serial, "copies": line.copies,
        "floor": {"unit": multiple[1], "multiple": multiple[0]} if multiple else None,
        "place": line.place, "trip_ns": line.trip(), "marks": "".join(sorted(line.marks)),
        "errors": {name: cell.error for name, cell in line.cells.items() if cell.error},
    }


def _write_json(path, measurement, lines, floor, compile_commands, started, argv):
    sentences, usable = report.conclusions(measurement, list(lines.values()))
    subject = measurement.runtimes[-1]
    content = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(started)),
        "seconds": round(time.time() - started, 1),
        "command": ["benchmarks/run", *argv], "compile": compile_commands,
        "program_arguments": measurement.arguments, "machine": machine.describe(),
        "environment": {k: v for k, v in measurement.base.items() if k.startswith(("OMP_", "GOMP", "KMP_"))},
        "runtimes": [{"name": r.name, "kind": r.kind, "path": r.path, "preload": r.preload, "settings": r.settings}
                     for r in measurement.runtimes],
        "rounds": measurement.rounds, "blocks": measurement.blocks, "blocks_repeated": measurement.repeated,
        "blocks_given_up": measurement.given_up, "conclusions": sentences, "usable": usable, "floor": floor,
        "rows": [_line_record(line, subject, floor) for line in lines.values()],
        "runs": [run.record() for run in measurement.runs],
    }
    with open(path, "w", encoding="utf-8") as f:
        json.dump(content, f, indent=1)
        f.write("\n")


def _run(argv):
    options = _complete(_parser().parse_args(argv))
    started = time.time()
    build_root = os.path.abspath(os.environ.get("GOMPX_BUILD") or os.path.join(ROOT, "build"))
    build = os.path.join(build_root, "benchmarks")
    chosen = runtimes.choose(options, build_root)
    base = _environment(options)
    compile_commands = programs.compile_all(SOURCE, build, options.cc)
    runtimes.install(chosen, build, os.path.join(build, "sync"), base)
    cases = _select(programs.list_cases(build, chosen[0], base), options)
    if options.list:
        for case in cases:
            print("%-36s %s" % (case.key, case.about))
        return 0
    measurement = measure.Measurement(build, chosen, cases, options, base, Progress())
    try:
        measurement.measure()
    except KeyboardInterrupt:
        measurement.progress.done()
        print("Interrupted; this is what was measured so far.")
    lines, floor = summary.summarize(measurement, summary.Aims(SOURCE))
    report.show(measurement, lines, floor)
    path = os.path.abspath(options.json or os.path.join(build_root, "bench.json"))
    _write_json(path, measurement, lines, floor, compile_commands, started, argv)
    print("All samples: %s   (%.0f s)" % (path, time.time() - started))
    return 1 if any(run.runtime is chosen[-1] for run in measurement.failures) else 0


def main(argv):
    try:
        return _run(argv)
    except BenchError as error:
        print("benchmarks/run: %s" % error, file=sys.stderr)
        return 2
