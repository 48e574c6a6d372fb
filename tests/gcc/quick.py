# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The quick subset, quick.txt: programs that together call every entry point that the suite calls, and some of every
folder.  Chosen anew with `run --renew-quick N` after a whole run."""

import csv
import os
import subprocess

import report

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, "quick.txt")
HEAD = """# Written by tests/gcc/run --renew-quick: programs of GCC's libgomp suite that `make check` runs.
# The first %d call every one of the %d entry points that the suite calls; the others are cheap ones of every folder.
"""


def read():
    """The names of the chosen programs."""
    with open(LIST) as f:
        return {line.strip() for line in f if line.strip() and not line.startswith("#")}


def called(path, entries):
    """The entry points that an executable calls."""
    words = ["nm", "-D", "--undefined-only", "-P", path]
    out = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return {line.split()[0].partition("@")[0] for line in out.splitlines()} & entries


def cost(record):
    """Seconds that compiling and running a program took, as one run on each runtime."""
    return 0.1 + record["compile_seconds"] + sum(r["seconds"] for r in list(record["settings"].values())[0].values())


def cover(calls, costs):
    """Greedy set cover: names in the order chosen, each the one with most new entry points for its cost."""
    missing, chosen = set().union(*calls.values()), []
    while missing:
        best = max(calls, key=lambda name: (len(calls[name] & missing) / costs[name], name))
        chosen.append(best)
        missing -= calls[best]
    return chosen


def fill(chosen, groups, costs, total):
    """Adds programs until there are total: from each folder its share, evenly spaced among the cheaper half."""
    everything = sum(len(names) for names in groups.values())
    for names in groups.values():
        want = round(total * len(names) / everything) - len(chosen & set(names))
        rest = sorted((n for n in names if n not in chosen), key=costs.get)
        rest = sorted(rest[:max(want, len(rest) // 2)])
        chosen |= {rest[i * len(rest) // want] for i in range(min(want, len(rest)))} if want > 0 else set()
    return chosen


def renew(options, builder, programs, table):
    """Writes quick.txt from the results of a whole run."""
    with open(table, newline="") as f:
        entries = {row["symbol"] for row in csv.DictReader(f)}
    results = os.path.join(options.work, "results.json")
    records = {r["name"]: r for r in report.load(results)["programs"] if r["class"] in ("both", "libgomp", "gompx")}
    calls, costs, groups = {}, {}, {}
    for program in programs:
        if program.name in records and builder.note(program):
            calls[program.name] = called(builder.executable(program), entries)
            costs[program.name] = cost(records[program.name])
            groups.setdefault(program.group, []).append(program.name)
    if not calls:
        print("no results of a whole run in %s" % results)
        return 1
    first = cover(calls, costs)
    chosen = fill(set(first), groups, costs, options.renew_quick)
    with open(LIST, "w") as f:
        f.write(HEAD % (len(first), len(set().union(*calls.values()))))
        f.write("\n".join(first + sorted(chosen - set(first))) + "\n")
    print("quick.txt: %d programs, about %.0f s of one CPU" % (len(chosen), sum(costs[n] for n in chosen)))
    return 0
