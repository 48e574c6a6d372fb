# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A line that says how far the measuring is: rewritten in place on a terminal, a new one now and then elsewhere."""

import sys
import time

PLAIN_SECONDS = 10.0
TERMINAL_SECONDS = 0.1


class Progress:
    def __init__(self, stream=sys.stderr):
        self._stream = stream
        self._terminal = stream.isatty()
        self._next = 0.0

    def show(self, measurement, case, runtime, position, begin):
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (TERMINAL_SECONDS if self._terminal else PLAIN_SECONDS)
        options = measurement.options
        within = (position - 1) / len(measurement.plan)
        done = (measurement.rounds + within) / options.rounds
        if options.seconds:  # whichever comes first, the rounds or the time
            done = max(done, (now - begin) / options.seconds)
        text = "%3d %%  %3d s  round %d/%d  %s%s" % (
            min(99, int(100 * done)), now - begin, measurement.rounds + 1, options.rounds, case.key,
            " on " + runtime.name if runtime else "")
        if measurement.repeated:
            text += "  (%d s repeated: foreign load)" % measurement.repeated
        self._stream.write("\r\033[K" + text if self._terminal else text + "\n")
        self._stream.flush()

    def done(self):
        if self._terminal:
            self._stream.write("\r\033[K")
            self._stream.flush()
