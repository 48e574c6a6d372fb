# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From runs to rows: medians, ratios, aims and the reasons to doubt them."""

import collections
import json
import os

from . import statistics

SPREAD_LIMIT = 0.15   # of the median; above it a row is marked
NOISY_LIMIT = 0.25    # share of a row's runs under foreign load; above it a row is marked
OUTLIER_LIMIT = 0.10  # share of samples
EVEN = 0.05           # two runtimes this close are even where the aim is 1
MIN_ROUNDS = 5        # fewer allow no statement about the median

# An aim that is not a ratio to another runtime: its kind as in Aims.limits(), the number, and what became of it.
Limit = collections.namedtuple("Limit", "kind limit verdict value")


def place(trip):
    """Where two threads ran, judged by the round trip of a line between them in ns: on one core's two hardware threads
    or neighbouring cores, under one cache, or further apart.  None: they never ran at the same time."""
    if trip is None or min(trip) < 0:
        return None
    names = ["core" if t < 85 else "cache" if t < 230 else "far" for t in trip]
    return names[0] if names[0] == names[1] else "moved"


class Aims:
    """aims.json: what gompx is to reach."""

    def __init__(self, folder):
        with open(os.path.join(folder, "aims.json"), encoding="utf-8") as f:
            table = json.load(f)
        self._threads = table["threads"]
        self._default = table["default"]
        self._rows = table["rows"]
        self._incomparable = table["incomparable"]
        self._crowd = table["crowd"]
        self._fixed = table["fixed"]

    def _entry(self, row):
        """The aims of a row.  An entry is meant for teams of one or of the usual size, and for all rows of a group that
        chooses the sizes itself; for others it may hold entries of their own under "at"."""
        entry = self._rows.get(row.key, {})
        if row.threads in (1, self._threads) or row.key.split("/")[0] in self._fixed:
            return entry
        others = {name: aim for name, aim in entry.items() if name in ("gomp", "omp") and aim is None}
        for sizes, aims in entry.get("at", {}).items():
            if str(row.threads) in sizes.split(","):
                others.update(aims)
        return others

    def ratio(self, row, other):
        """The largest ratio gompx/other that meets the aim.  None: there is none, whatever the number of threads."""
        return self._entry(row).get(other, self._default.get(other))

    def limits(self, row):
        """Aims that are not ratios: {"max": ns, percent or threads}, {"min": percent},
        {"plus": ns more than GNU libgomp}, {"speedup": times as fast as the serial program}."""
        special = self._entry(row)
        return {name: special[name] for name in ("max", "min", "plus", "speedup") if name in special}

    def crowd(self, row):
        """How many times its own time with fewer threads a row of more threads may take: (times, threads), or None."""
        times = self._crowd.get(row.key.split("/")[0])
        return (times, self._threads) if times and row.threads > self._threads else None

    def incomparable(self, row, other):
        """Why `other` does not do the same work, or None."""
        return self._incomparable.get(other, {}).get(row.key)


class Cell:
    """One runtime in one row."""

    def __init__(self):
        self.by_round = {}  # round -> median of the run's samples
        self.samples = []   # all samples of the runs that count
        self.speedup_by_round = {}  # against the serial program, which the same process ran
        self.trips = []
        self.error = None

    def summarize(self, unit):
        values = list(self.by_round.values())
        if not values:
            return None
        whole = statistics.median(values)
        if unit != "ns":  # points of percent; a number of threads, in which one is not a spread
            whole = 100.0 if unit == "%" else max(1.0, whole)
        return {
            "median": statistics.median(values), "spread": statistics.spread(values, whole), "rounds": len(values),
            "outliers": statistics.outliers(self.samples), "lowest": min(self.samples), "highest": max(self.samples),
            "speedup": self.speedup(),
        }

    def speedup(self):
        values = self.speedup_by_round.values()
        return statistics.median(values) if values else None


class Line:
    """One row of the table."""

    def __init__(self, row, runtimes):
        self.row = row
        self.cells = {runtime.name: Cell() for runtime in runtimes}
        self.pending = []  # (run, samples) before the choice of the place
        self.marks = set()
        self.place = None
        self.summary = {}
        self.comparisons = {}
        self.limits = []
        self.serial = None   # time of the same work without OpenMP
        self.copies = None   # how much more independent copies of it on all CPUs get done than one

    def choose_place(self):
        """Ratios need runs with the threads in the same relation.  The most frequent place counts; runs elsewhere are
        left out.  Runs in which the threads never met stay: that is the runtime's doing as much as the machine's."""
        places = collections.Counter(place(run.outcome.trip) for run, _ in self.pending)
        places.pop(None, None)
        known = [p for p, _ in places.most_common() if p != "moved"]
        self.place = known[0] if known else None
        left_out = 0
        serial, copies, noisy_copies = [], [], []
        for run, samples in self.pending:
            where = place(run.outcome.trip)
            if self.place and where not in (None, self.place):
                left_out += 1
                continue
            cell = self.cells[run.runtime.name]
            cell.by_round[run.round] = statistics.median(samples)
            cell.samples += samples
            alone = run.outcome.serial.get(self.row.key)
            if alone:
                cell.speedup_by_round[run.round] = statistics.median(alone) / statistics.median(samples)
                serial += alone
                (noisy_copies if run.noisy else copies).extend(run.outcome.copies.get(self.row.key, []))
            if where:
                cell.trips.append(statistics.median(run.outcome.trip))
        self.serial = statistics.median(serial) if serial else None
        copies = copies or noisy_copies
        self.copies = statistics.median(copies) if copies else None
        if left_out:
            self.marks.add("p")
        if sum(run.noisy for run, _ in self.pending) > NOISY_LIMIT * len(self.pending):
            self.marks.add("n")

    def summarize(self):
        self.choose_place()
        for name, cell in self.cells.items():
            self.summary[name] = summary = cell.summarize(self.row.unit)
            if summary and summary["rounds"] > 1 and (summary["spread"] is None or summary["spread"] > SPREAD_LIMIT):
                self.marks.add("s")
            if summary and summary["outliers"] > OUTLIER_LIMIT:
                self.marks.add("o")

    def doubtful(self):
        """Whether its verdicts deserve a question mark."""
        rounds = min((len(cell.by_round) for cell in self.cells.values() if cell.by_round), default=0)
        return bool(self.marks & {"n", "s"}) or rounds < MIN_ROUNDS

    def trip(self):
        trips = [t for cell in self.cells.values() for t in cell.trips]
        return statistics.median(trips) if trips else None


def _ratio(line, subject, other):
    """Ratio of the medians of the rounds that both have, and the interval of the ratio: rounds are compared within
    themselves, since the machine is not the same from one to the next."""
    a, b = line.cells[subject.name].by_round, line.cells[other.name].by_round
    rounds = [r for r in a if r in b]
    if not rounds:
        return None
    if line.row.unit != "ns" and any(b[r] == 0 for r in rounds):
        return None
    if line.row.unit == "ns" and any(a[r] <= 0 or b[r] <= 0 for r in rounds):  # an overhead lost in the noise
        line.marks.add("z")
        low, high = statistics.median([a[r] for r in rounds]), statistics.median([b[r] for r in rounds])
        return {"ratio": low / high, "interval": None} if low > 0 and high > 0 else None
    ratios = [a[r] / b[r] for r in rounds]
    return {"ratio": statistics.median(ratios), "interval": statistics.interval(ratios), "rounds": len(rounds)}


def _verdict(value, interval, aim, better="low"):
    """met or missed if the interval says so; with a question mark if it lies across the aim; even if an aim of 1 is
    missed by less than can be measured."""
    sign = 1 if better == "low" else -1
    met = sign * value <= sign * aim
    if interval is None:
        return "met?" if met else "missed?"
    worst = max(sign * v for v in interval)
    best = min(sign * v for v in interval)
    if worst <= sign * aim:
        return "met"
    if best > sign * aim:
        return "missed"
    if aim == 1 and max(interval) <= 1 + EVEN and min(interval) >= 1 - EVEN:
        return "even"
    return "met?" if met else "missed?"


def _judge_ratio(line, subject, other, aims):
    comparison = _ratio(line, subject, other)
    if not comparison:
        return None
    better = line.row.better
    reason = aims.incomparable(line.row, other.kind)
    if reason:
        comparison["incomparable"] = reason
    elif subject.kind == "gompx" and other.kind != "gompx":
        aim = aims.ratio(line.row, other.kind)
        comparison["aim"] = aim
        if aim is not None:
            comparison["verdict"] = _verdict(comparison["ratio"], comparison["interval"], aim, better)
    else:
        verdict = _verdict(comparison["ratio"], comparison["interval"], 1.0, better)
        words = {"met": "better", "missed": "worse", "even": "even"}
        comparison["verdict"] = words.get(verdict, "?")
    return comparison


def _judge_limits(line, subject, runtimes, aims, fewer=None):
    """Verdicts on the aims that are not ratios to another runtime.  `fewer`: the same row with the aims' number of
    threads, if it was measured."""
    mine = line.cells[subject.name].by_round
    if not mine or subject.kind != "gompx":
        return []
    gomp = next((line.cells[r.name].by_round for r in runtimes if r.kind == "gomp"), {})
    values = {
        "max": list(mine.values()), "min": list(mine.values()),
        "plus": [mine[r] - gomp[r] for r in mine if r in gomp],
        "speedup": list(line.cells[subject.name].speedup_by_round.values()),
    }
    limits = aims.limits(line.row)
    crowd = aims.crowd(line.row)
    if crowd and fewer:
        limits["crowd"] = crowd[0]
        base = fewer.cells[subject.name].by_round
        values["crowd"] = [mine[r] / base[r] for r in mine if r in base]
    verdicts = []
    for kind, limit in limits.items():
        if values[kind]:
            better = "high" if kind in ("min", "speedup") else "low"
            median = statistics.median(values[kind])
            verdict = _verdict(median, statistics.interval(values[kind]), limit, better)
            verdicts.append(Limit(kind, limit, verdict, median))
    return verdicts


def summarize(measurement, aims):
    """All rows in the order of the programs, keyed by (row key, threads)."""
    runtimes = measurement.runtimes
    lines = {}
    floor = collections.defaultdict(list)
    for run in measurement.runs:
        if not run.accepted:
            continue
        for row, _, samples in run.outcome.rows:
            if not run.runtime:
                floor[row.key.split("/")[1]].append(statistics.median(samples))
                continue
            line = lines.setdefault((row.key, row.threads), Line(row, runtimes))
            line.pending.append((run, samples))
    for line in lines.values():
        line.summarize()
    subject = runtimes[-1]
    for line in lines.values():
        for other in runtimes[:-1]:
            line.comparisons[other.name] = _judge_ratio(line, subject, other, aims)
        crowd = aims.crowd(line.row)
        fewer = lines.get((line.row.key, crowd[1])) if crowd else None
        line.limits = _judge_limits(line, subject, runtimes, aims, fewer)
    for run in measurement.failures:
        for line in lines.values():
            name = line.row.key.split(".")[0]
            if name == run.case.key and line.row.threads in (run.threads, 1):
                line.cells[run.runtime.name].error = run.outcome.error
    prices = {}
    for name, values in floor.items():
        middle = statistics.median(values)
        prices[name] = {"median": middle, "spread": statistics.spread(values, middle), "rounds": values}
    return lines, prices
