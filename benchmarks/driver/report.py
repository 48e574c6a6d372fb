# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tables and what can be concluded from them."""

import collections

from . import programs, summary
from .runtimes import TITLES

GROUP_TITLES = {
    "sync": "Synchronization: overhead of one construct",
    "schedule": "Loops: overhead of the whole loop; setup and iteration rows: of one loop, one iteration",
    "array": "Private copies: overhead of one construct, arrays of 1 to 59049 doubles",
    "kernel": "Small numerical kernels: time per sweep, iteration or picture",
    "lock": "Contention: time per section, longest wait, least served thread's part of its fair share",
    "alloc": "Memory: one block allocated and freed; rows of a team: one by each thread",
    "region": "Start-up, idling and regions of another shape",
    "scenario": "Nested, many hosts, idle, beside others: time, shares in percent, threads left or made per 1000",
    "task": "Tasks: time per task, per iteration of a taskloop or per loop of 256; shares in percent",
    "taskkernel": "Programs of tasks: time, and how many times as fast as the same program without tasks",
}
MARKS = {
    "n": "others used the CPUs in more than a quarter of the runs",
    "s": "a runtime's rounds spread by more than 15 %",
    "p": "the threads changed places between rounds; only the most frequent place counts",
    "o": "more than 10 % of a runtime's samples are outliers",
    "z": "an overhead was not above 0 in every round: ratio of medians, without interval",
    "f": "a runtime failed; see below",
}
PLACES = {"core": "neighbouring cores or one core's two hardware threads", "cache": "two cores",
          "far": "two cores far apart"}


def quantity(value, unit):
    """Three digits and a unit."""
    if unit != "ns":
        return "%.1f %s" % (value, unit)
    for limit, scale, name in ((1e3, 1, "ns"), (1e6, 1e3, "us"), (1e9, 1e6, "ms")):
        if abs(value) < limit:
            break
    else:
        scale, name = 1e9, "s"
    scaled = value / scale
    digits = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
    return "%.*f %s" % (digits, scaled, name)


def _cell(line, runtime):
    result = line.summary[runtime.name]
    if line.cells[runtime.name].error:
        line.marks.add("f")
    if not result:
        return line.cells[runtime.name].error or "-"
    text = quantity(result["median"], line.row.unit)
    text += "    -" if result["spread"] is None else " %3.0f%%" % min(999, 100 * result["spread"])
    if result["speedup"] is not None:
        text += " %6s" % _speedup(result["speedup"])
    return text


def _speedup(value):
    """How many times as fast as the serial program."""
    return "%.2fx" % value if value >= 0.1 else "1/%.0f" % (1 / value) if value > 0 else "?"


def _ratio(comparison):
    if not comparison:
        return "-"
    text = "%5s" % _times(comparison["ratio"])
    if comparison["interval"]:
        text += " %4s-%-4s" % tuple(_times(value) for value in comparison["interval"])
    return text


def _times(ratio):
    """A ratio, short enough for a column."""
    return "%.2f" % ratio if ratio < 10 else "%.0f" % ratio if ratio < 1000 else ">999"


def _aim(line, comparison):
    """Aim and verdict.  Doubts about the row are doubts about the verdict."""
    if not comparison:
        return ""
    if "incomparable" in comparison:
        return "not comparable"
    if "verdict" not in comparison:
        return ""
    aim = "%.2f " % comparison["aim"] if "aim" in comparison else ""
    return aim + doubted(line, comparison["verdict"])


def doubted(line, verdict):
    return verdict + "?" if line.doubtful() and not verdict.endswith("?") else verdict


def _limits(line):
    texts = []
    for limit in line.limits:
        word = {"max": "<= ", "min": ">= ", "plus": "+", "speedup": ">= ", "crowd": "<= "}[limit.kind]
        texts.append(word + _in_its_unit(limit.kind, limit.limit, line) + " " + doubted(line, limit.verdict))
    return ", ".join(texts)


def _in_its_unit(kind, value, line):
    if kind == "speedup":
        return _speedup(value)
    if kind == "crowd":
        return "%.2f of fewer threads" % value
    return quantity(value, line.row.unit)


def floor_multiple(line, subject, floor):
    """The subject's median as a multiple of what the machine itself charges."""
    result = line.summary[subject.name]
    if not result or result["median"] <= 0:
        return None
    if line.row.floor == "serial":
        return (result["median"] / line.serial, "serial") if line.serial else None
    if line.row.floor == "trip":
        trip = line.trip() or floor.get("line_round_trip", {}).get("median")
        return (result["median"] / trip, "trip") if trip else None
    name = {"rmw": "read_modify_write", "wake": "futex_wake_1ms"}.get(line.row.floor)
    return (result["median"] / floor[name]["median"], line.row.floor) if name in floor else None


def _floor_cell(line, subject, floor):
    """The multiple; for programs, whose cells have it already, the serial time and what copies of it get done."""
    if line.serial:
        copies = ", copies %s" % _speedup(line.copies) if line.copies else ""
        return quantity(line.serial, line.row.unit) + " serial" + copies
    multiple = floor_multiple(line, subject, floor)
    if not multiple:
        return ""
    return "%.2g %s" % multiple if multiple[0] < 100 else "%.0f %s" % multiple


def _print_table(head, rows):
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        cells = [text.ljust(width) if i == 0 else text.rjust(width) for i, (text, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())


def _print_group(group, lines, runtimes, floor):
    subject = runtimes[-1]
    others = runtimes[:-1]
    head = [group, "T"] + [r.name for r in runtimes]
    for other in others:
        head += ["%s/%s" % (subject.name, other.name), "aim" if subject.kind == "gompx" != other.kind else "verdict"]
    head += ["floor", ""]
    rows = []
    for line in lines:
        row = [line.row.key.split("/")[1], str(line.row.threads)] + [_cell(line, r) for r in runtimes]
        for i, other in enumerate(others):
            comparison = line.comparisons[other.name]
            aim = _aim(line, comparison)
            if i == 0 and line.limits:
                aim = (aim + ", " if aim else "") + _limits(line)
            row += [_ratio(comparison), aim]
        row.append(_floor_cell(line, subject, floor))
        row.append("".join(sorted(line.marks)))
        rows.append(row)
    print()
    print(GROUP_TITLES[group])
    _print_table(head, rows)


def _print_floor(floor):
    print()
    print("The machine itself")
    rows = [[name, quantity(f["median"], "ns"), "%.0f%%" % (100 * f["spread"]) if f["spread"] is not None else "-"]
            for name, f in floor.items()]
    _print_table(["floor", "median", "spread"], rows)


def _verdicts(line, runtimes):
    """(verdict, what was compared with what) for every aim of a row."""
    where = "%s T=%d: " % (line.row.key, line.row.threads)
    for other in runtimes[:-1]:
        comparison = line.comparisons[other.name]
        if comparison and "aim" in comparison and "verdict" in comparison:
            yield doubted(line, comparison["verdict"]), where + "%s of %s, aim %.2f" % (
                _times(comparison["ratio"]), other.name, comparison["aim"])
    for limit in line.limits:
        word = {"max": "at most ", "min": "at least ", "plus": "at most libgomp's plus ", "speedup": "at least ",
                "crowd": "at most "}[limit.kind]
        value = line.summary[runtimes[-1].name]["median"] if limit.kind == "plus" else limit.value
        yield doubted(line, limit.verdict), where + "%s, aim %s" % (
            _in_its_unit(limit.kind, value, line), word + _in_its_unit(limit.kind, limit.limit, line))


def _print_verdicts(lines, runtimes):
    found = [pair for line in lines for pair in _verdicts(line, runtimes)] if runtimes[-1].kind == "gompx" else []
    if not found:
        return
    counts = collections.Counter(verdict for verdict, _ in found)
    print()
    print("Aims: " + ", ".join("%d %s" % (counts[verdict], verdict) for verdict in sorted(counts)) + ".")
    for wanted in ("missed", "missed?"):
        for verdict, text in found:
            if verdict == wanted:
                print("  %-8s %s" % (verdict, text))


def _rows(count):
    return "%d row%s" % (count, "" if count == 1 else "s")


def conclusions(measurement, lines):
    """Reasons to believe the table or not, one sentence each; the second value says whether it can be believed."""
    sentences = []
    usable = True
    if measurement.repeated:
        sentences.append("Of %d seconds of runs %d were measured again because others used more than 5 %% of a CPU."
                         % (measurement.blocks + measurement.repeated, measurement.repeated))
    if measurement.given_up:
        share = measurement.given_up / measurement.blocks
        sentences.append("Of the %d that count %d were still under foreign load."
                         % (measurement.blocks, measurement.given_up))
        usable = usable and share <= summary.NOISY_LIMIT
    wide = sum("s" in line.marks for line in lines)
    if wide:
        sentences.append("Of %s %d spread by more than %d %%." % (_rows(len(lines)), wide, 100 * summary.SPREAD_LIMIT))
        usable = usable and wide <= len(lines) / 3
    places = {}
    for line in lines:
        if line.place:
            places.setdefault(line.place, []).append(line.trip())
    for name, trips in places.items():
        sentences.append("Threads 0 and 1 ran on %s, a line's round trip being %s: %s." % (
            PLACES[name], quantity(sorted(trips)[len(trips) // 2], "ns"), _rows(len(trips))))
    if len(places) > 1:
        sentences.append("Rows measured in different places cannot be compared with each other.")
    moved = sum("p" in line.marks for line in lines)
    if moved:
        sentences.append("Some rounds were left out because the threads ran elsewhere: %s." % _rows(moved))
    if measurement.rounds < summary.MIN_ROUNDS:
        sentences.append("Fewer than %d rounds are an indication, not a statement about a median."
                         % summary.MIN_ROUNDS)
    if not usable:
        sentences.append("TOO NOISY TO CONCLUDE: repeat this on a quiet machine.")
    return sentences, usable


def show(measurement, lines, floor):
    runtimes = measurement.runtimes
    for runtime in runtimes:
        extra = "".join("  %s=%s" % pair for pair in sorted(runtime.settings.items()))
        print("%-8s %s  %s%s%s" % (runtime.name, TITLES[runtime.kind], runtime.path,
                                   " (preloaded)" if runtime.preload else "", extra))
    print("%d rounds; median and spread (half the distance of the quartiles) over the rounds; ratios: median of the\n"
          "rounds' ratios and the interval that holds it (90 %%); floor: %s as a multiple of the machine's own price."
          % (measurement.rounds, runtimes[-1].name))
    ordered = list(lines.values())
    for group in GROUP_TITLES:
        members = [line for line in ordered if line.row.key.startswith(group + "/")]
        if members and group in programs.OWN_SIZES:
            _print_group(group, members, runtimes, floor)
            continue
        for threads in sorted({line.row.threads for line in members if line.row.threads != 1}) or [1]:
            chosen = [line for line in members if line.row.threads == threads]
            if threads == measurement.options.threads[0] or threads == 1:
                chosen = [line for line in members if line.row.threads in (threads, 1)]
            if chosen:
                _print_group(group, chosen, runtimes, floor)
    if floor:
        _print_floor(floor)
    used = {mark for line in ordered for mark in line.marks}
    if used:
        print()
        for mark in sorted(used):
            print("%s  %s" % (mark, MARKS[mark]))
    reasons = {c["incomparable"] for line in ordered for c in line.comparisons.values() if c and "incomparable" in c}
    for reason in sorted(reasons):
        print("not comparable: " + reason)
    for run in measurement.failures:
        print("%s: %s on %s, T=%d: %s" % (
            run.outcome.error, run.case.key, run.runtime.name, run.threads, run.outcome.message))
    _print_verdicts(ordered, runtimes)
    print()
    for sentence in conclusions(measurement, ordered)[0]:
        print(sentence)
