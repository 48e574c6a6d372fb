# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The machine: what it is, and how much of it others use while we measure."""

import os
import platform
import time

TICK = 1.0 / os.sysconf("SC_CLK_TCK")


def describe():
    """What a reader of the JSON file needs to know about the machine."""
    model = ""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as f:
            for line in f:
                if line.startswith(("model name", "Model", "cpu model")):
                    model = line.split(":", 1)[1].strip()
                    break
    except OSError:
        pass
    return {
        "cpu": model or platform.machine(),
        "architecture": platform.machine(),
        "cpus_online": os.cpu_count(),
        "cpus_usable": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "libc": " ".join(platform.libc_ver()),
        "load_average": os.getloadavg(),
    }


def _idle_seconds():
    """Idle time of all CPUs together since boot.  The kernel counts it exactly and shows it in ticks."""
    with open("/proc/stat", encoding="ascii") as f:
        fields = f.readline().split()
    return (int(fields[4]) + int(fields[5])) * TICK, int(fields[8]) * TICK if len(fields) > 8 else 0.0


class ForeignLoad:
    """CPU time that others used between construction and stop(), in CPUs (0.05 = 5 % of one CPU).

    Everything that was not idle and not ours was somebody else's, hypervisor steal included.  The idle counter has
    a resolution of a tick, 10 ms as a rule, so the interval should last a second."""

    def __init__(self):
        self.own = 0.0  # CPU seconds of our measured programs, added by the caller
        self._begin = time.monotonic()
        self._self = time.process_time()
        self._idle, self._steal = _idle_seconds()

    def stop(self):
        wall = time.monotonic() - self._begin
        idle, steal = _idle_seconds()
        busy = wall * (os.cpu_count() or 1) - (idle - self._idle)
        ours = self.own + time.process_time() - self._self
        return max(0.0, busy - ours, steal - self._steal) / wall
