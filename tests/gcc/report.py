# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What came out: the class of each program, differences in full, a table per folder, JSON, the closing line."""

import fnmatch
import json
import os
import sys
import time

CLASSES = ("both", "neither", "libgomp", "gompx", "unsupported")
HEADINGS = ("pass both", "fail both", "only libgomp", "only gompx", "unsupported")
PROGRESS_S = 30


def read_known(path):
    """[(glob, reason)...] of the differences that are allowed."""
    known = []
    with open(path) as f:
        for number, line in enumerate(f, 1):
            line = line.split("#")[0].strip()
            if line:
                glob, _, reason = line.partition(" ")
                if not reason.strip():
                    sys.exit("%s:%d: no reason given" % (path, number))
                known.append((glob, reason.strip()))
    return known


def load(path):
    """The results of an earlier run; none if there are none."""
    try:
        with open(path) as f:
            return json.load(f)
    except (OSError, ValueError):
        return {"programs": []}


def classify(record):
    """One of CLASSES: the worst of what the settings show."""
    if record.get("reason"):
        return "unsupported"
    seen = set()
    for pair in record["settings"].values():
        gomp, gompx = (pair[r]["passed"] == pair[r]["runs"] > 0 for r in ("gomp", "gompx"))
        seen.add("both" if gomp and gompx else "libgomp" if gomp else "gompx" if gompx else "neither")
    return next(c for c in ("libgomp", "neither", "gompx", "both") if c in seen)


class Report:
    def __init__(self, total, known):
        self.total, self.known, self.records, self.before = total, known, [], 0
        self.start = self.shown = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.counts = dict.fromkeys(CLASSES, 0)

    def begin(self):
        """What was added so far took no time."""
        self.start, self.before = time.monotonic(), len(self.records)

    def reason_known(self, name):
        return next((reason for glob, reason in self.known if fnmatch.fnmatchcase(name, glob)), None)

    def add(self, record, command):
        """Takes one program's record; command(setting) gives the line that repeats a run."""
        record["class"] = classify(record)
        known = self.reason_known(record["name"])
        if known:
            record["known"] = known
        self.records.append(record)
        self.counts[record["class"]] += 1
        if record["class"] in ("libgomp", "neither", "gompx"):
            self.clear()
            self.explain(record, command)
        self.progress()

    def explain(self, record, command):
        kind = {"libgomp": "FAILS on gompx only", "neither": "fails on both", "gompx": "passes on gompx only"}
        known = " (known: %s)" % record["known"] if "known" in record else ""
        expected = ", as GCC expects" if "expected" in record else ""
        print("%s: %s%s%s" % (record["name"], kind[record["class"]], expected, known))
        for setting, pair in record["settings"].items():
            for runtime, result in pair.items():
                if result["passed"] < result["runs"]:
                    print("  %s, OMP_NUM_THREADS %s: %s (%d of %d runs pass)" %
                          (runtime, setting, result["wrong"], result["passed"], result["runs"]))
                    if runtime == "gompx" and record["class"] == "libgomp" and not known:
                        print("    " + command(setting))
                        print("".join("    | %s\n" % line for line in result["tail"].splitlines()), end="")
        sys.stdout.flush()

    def progress(self):
        now = time.monotonic()
        if now - self.shown < (0.2 if self.terminal else PROGRESS_S):
            return
        self.shown = now
        done = len(self.records)
        left = (now - self.start) / max(1, done - self.before) * (self.total - done)
        line = "%d of %d programs, %d differ, about %d:%02d left" % (
            done, self.total, self.counts["libgomp"], left // 60, left % 60)
        if self.terminal:
            sys.stderr.write("\r\033[K" + line)
            sys.stderr.flush()
        else:
            print(line, flush=True)

    def clear(self):
        if self.terminal:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def table(self):
        self.clear()
        groups = {}
        for record in self.records:
            groups.setdefault(record["group"], dict.fromkeys(CLASSES, 0))[record["class"]] += 1
        width = max([len(g) for g in groups] + [6])
        print("\n%-*s" % (width, "folder") + "".join("%14s" % h for h in HEADINGS))
        for group, counts in list(groups.items()) + [("all", self.counts)]:
            print("%-*s" % (width, group) + "".join("%14d" % counts[c] for c in CLASSES))
        reasons = {}
        for record in self.records:
            if record.get("reason"):
                reasons.setdefault(record["reason"].splitlines()[0], []).append(record["name"])
        if reasons:
            print("\nunsupported:")
        for reason, names in sorted(reasons.items(), key=lambda r: -len(r[1])):
            print("  %5d %s%s" % (len(names), reason, ": " + names[0] if len(names) == 1 else ""))
        self.stale_known()

    def stale_known(self):
        for glob, _ in self.known:
            hits = [r for r in self.records if fnmatch.fnmatchcase(r["name"], glob) and r["class"] != "unsupported"]
            if hits and all(r["class"] in ("both", "gompx") for r in hits):
                print("known.txt: %s does not differ any more" % glob)

    def save(self, path, about):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path + ".new", "w") as f:
            json.dump({**about, "counts": self.counts, "programs": self.records}, f, indent=1)
        os.replace(path + ".new", path)

    def closing(self):
        """Prints the closing line; returns how many failed."""
        failed = sum(r["class"] == "libgomp" and "known" not in r for r in self.records)
        passed = self.counts["both"] + self.counts["gompx"]
        print("%d passed, %d failed, %d skipped" % (passed, failed, len(self.records) - passed - failed), flush=True)
        return failed
