# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of the binary interface share: abi/symbols.csv, and shared objects as readelf prints them."""

import collections
import csv
import re
import subprocess

# name@NODE or name@@NODE (the default), or the bare name; where: "UND", "ABS" or the number of a section.
Symbol = collections.namedtuple("Symbol", "name kind binding size where")


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def rows():
    """The rows of the list, each with its full name under "versioned"."""
    with open("abi/symbols.csv", newline="") as f:
        found = list(csv.DictReader(f))
    for row in found:
        row["versioned"] = row["symbol"] + ("@@" if row["default_version"] == "yes" else "@") + row["version_node"]
    assert len({row["versioned"] for row in found}) == len(found) > 500, \
        "abi/symbols.csv names a symbol twice or is cut short"
    return found


def dynamic_symbols(library):
    """Every dynamic symbol; the version nodes themselves are left out."""
    found = []
    for line in run("readelf", "-W", "--dyn-syms", library).splitlines():
        field = line.split()
        if len(field) >= 8 and field[0].rstrip(":").isdigit() and field[6] != "ABS":
            found.append(Symbol(field[7], field[3], field[4], int(field[2], 0), field[6]))
    return found


def defined(library):
    return [s for s in dynamic_symbols(library) if s.where != "UND"]


def undefined(library):
    return [s for s in dynamic_symbols(library) if s.where == "UND"]


def chains(library):
    """node -> the node it inherits from, or None, as the library says."""
    parents, node = {}, None
    for line in run("readelf", "-W", "-V", library).splitlines():
        m = re.search(r"Flags: (\S+) +Index: \d+ +Cnt: \d+ +Name: (\S+)", line)
        if m:
            node = None if m[1] == "BASE" else m[2]
            if node:
                parents[node] = None
        m = re.search(r"Parent 1: (\S+)", line)
        if m and node:
            parents[node] = m[1]
    return parents


def dynamic_section(library):
    """The text of the dynamic section, and of it the sonames of the needed libraries and the library's own."""
    text = run("readelf", "-W", "-d", library)
    return text, re.findall(r"\(NEEDED\).*\[(.*)\]", text), re.findall(r"\(SONAME\).*\[(.*)\]", text)


class Verdicts:
    """Counts tests and prints them."""

    def __init__(self):
        self.count = {"passed": 0, "failed": 0, "skipped": 0}

    def verdict(self, name, problems):
        self.count["failed" if problems else "passed"] += 1
        print("%s  %s" % ("FAIL" if problems else "ok  ", name))
        for problem in problems[:20]:
            print("      " + problem)
        if len(problems) > 20:
            print("      and %d more" % (len(problems) - 20))

    def skip(self, name, why):
        self.count["skipped"] += 1
        print("skip  %s: %s" % (name, why))

    def close(self):
        """Prints the closing line; returns the exit status."""
        print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % self.count)
        return 1 if self.count["failed"] else 0
