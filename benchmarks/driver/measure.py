# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The order of the runs, and which of them count.

Case by case the runtimes take turns, A B C A B C, each run a fresh process of some tens of milliseconds; the one that
begins changes from round to round.  Cases that take long are left out of most rounds.  About a second of such runs
makes a block.  If others used the CPUs during a block, all its runs are set aside and the block is repeated, a bounded
number of times; then the quietest attempt counts, and its runs are marked."""

import time

from . import machine, programs

BLOCK_SECONDS = 1.0
FOREIGN_LIMIT = 0.05  # CPUs
ATTEMPTS = 3          # of one block
EXTRA_SHARE = 0.4     # of the measuring time may go into repeated blocks


class Run:
    """One process under one runtime, and what became of it."""

    def __init__(self, round_number, case, threads, runtime, outcome):
        self.round, self.case, self.threads, self.runtime, self.outcome = round_number, case, threads, runtime, outcome
        self.foreign = 0.0    # load of others during its block, in CPUs
        self.accepted = True  # False: the block was repeated
        self.noisy = False    # accepted, although others were at work

    def record(self):
        """The run as it stands in the JSON file."""
        o = self.outcome
        return {
            "round": self.round, "case": self.case.key, "threads": self.threads,
            "runtime": self.runtime.name if self.runtime else None,
            "accepted": self.accepted, "noisy": self.noisy, "foreign_load": round(self.foreign, 4),
            "wall_s": round(o.wall, 6), "cpu_s": round(o.cpu, 6), "trip_ns": o.trip,
            "error": o.error, "message": o.message, "serial": o.serial, "copies": o.copies,
            "rows": [{"row": row.key, "unit": row.unit, "operations": operations, "samples": samples}
                     for row, operations, samples in o.rows],
        }


FLOOR = programs.Case("floor", "floor", "SOLO", "the machine's own prices")


class Measurement:
    def __init__(self, build, runtimes, cases, options, base, progress):
        self.build, self.runtimes, self.options, self.base, self.progress = build, runtimes, options, base, progress
        self.runs = []
        self.rounds = 0
        self.repeated = 0     # attempts at blocks that did not count
        self.given_up = 0     # blocks that stayed noisy
        self.blocks = 0
        self._extra = 0.0     # seconds spent on blocks that were then repeated
        self._failed = {}     # (case key, threads, runtime name) -> the failed run; not tried again
        self._whole = [(FLOOR, 1)] + [
            (case, threads) for number, threads in enumerate(options.threads) for case in cases
            if number == 0 or not case.fixed()] + self._crowds(cases)
        self._often = any(case.every == 1 for case in cases)
        self.plan = self._plan()
        loops = programs.calibrate(build)
        self.arguments = ["-s", str(options.samples), "-u", str(options.sample_us), "-d", str(loops)]

    def _crowds(self, cases):
        """The cases that are measured with many threads unless the user chose the numbers of threads."""
        crowds = programs.CROWDS if self.options.crowds else {}
        return [(case.crowded(), threads) for threads in sorted(crowds) for case in cases
                if case.key in crowds[threads]]

    def _turns(self, case):
        """How many rounds the case has taken part in; None if it is left out of the one that comes now.  A measurement
        that has only long cases leaves none out."""
        every = case.every if self._often else 1
        return None if self.rounds % every else self.rounds // every

    def _plan(self):
        """What the round that comes now has to run."""
        return [(case, threads) for case, threads in self._whole if self._turns(case) is not None]

    @property
    def failures(self):
        return list(self._failed.values())

    def measure(self):
        """Runs rounds until there are enough or the time is up.  The first round is always completed, so that every row
        has a value; a later one may break off in the middle."""
        begin = time.monotonic()
        while self.rounds < self.options.rounds and not self._late(begin):
            self._round(begin)
        self.progress.done()

    def _late(self, begin):
        return self.rounds > 0 and self.options.seconds and time.monotonic() - begin > self.options.seconds

    def _round(self, begin):
        position = 0
        self.plan = self._plan()
        try:
            while position < len(self.plan) and not self._late(begin):
                position += self._block(position, begin)
        finally:  # also when the user interrupts it
            self.rounds += position > 0

    def _block(self, position, begin):
        """Measures the cases from `position` on for about a second.  Returns how many they were."""
        attempts = []
        count = None
        while True:
            started = time.monotonic()
            load = machine.ForeignLoad()
            runs, count = self._attempt(position, count, load, started, begin)
            foreign = load.stop()
            attempts.append((foreign, runs))
            took = time.monotonic() - started
            if foreign <= FOREIGN_LIMIT or len(attempts) == ATTEMPTS or not self._may_repeat(took, begin):
                break
            self._extra += took
            self.repeated += 1
        self.blocks += 1
        best = min(range(len(attempts)), key=lambda i: attempts[i][0])
        for i, (foreign, runs) in enumerate(attempts):
            for run in runs:
                run.foreign = foreign
                run.accepted = i == best
                run.noisy = foreign > FOREIGN_LIMIT
            self.runs += runs
        self.given_up += attempts[best][0] > FOREIGN_LIMIT
        return count

    def _may_repeat(self, took, begin):
        """Repeats may take a share of the time so far; with a limit on the time, of that."""
        whole = self.options.seconds or (time.monotonic() - begin)
        return self._extra + took <= EXTRA_SHARE * whole

    def _attempt(self, position, count, load, started, begin):
        runs = []
        end = len(self.plan) if count is None else position + count
        here = position
        while here < end:
            case, threads = self.plan[here]
            here += 1
            for runtime in self._turn(case):
                self.progress.show(self, case, runtime, here, begin)
                run = self._run(case, threads, runtime)
                if run:
                    load.own += run.outcome.cpu
                    runs.append(run)
            if count is None and time.monotonic() - started >= BLOCK_SECONDS:
                break
        return runs, here - position

    def _turn(self, case):
        if case is FLOOR:
            return [None]
        first = self._turns(case) % len(self.runtimes)
        return self.runtimes[first:] + self.runtimes[:first]

    def _run(self, case, threads, runtime):
        if case is FLOOR:
            return Run(self.rounds, case, threads, None, programs.run_floor(self.build, self.base))
        key = (case.key, threads, runtime.name)
        if key in self._failed:
            return None
        outcome = programs.run_case(self.build, case, threads, runtime, self.base, self.arguments)
        run = Run(self.rounds, case, threads, runtime, outcome)
        if outcome.error:
            self._failed[key] = run
        return run
