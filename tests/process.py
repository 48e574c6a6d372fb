# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one program under test: in a session of its own, with a time limit, and with backtraces when it hangs."""
import glob
import os
import re
import shutil
import signal
import subprocess
import time

RUNNING = set()     # leaders of the sessions that run now
STEP_S = 1.0        # a limit is counted in steps; a step that takes much longer means that we were stopped meanwhile


def merge_stacks(text):
    """gdb's "thread apply all bt", with the threads of one stack written once."""
    stacks = {}
    for block in re.split(r"^(?=Thread \d+ )", text, flags=re.MULTILINE)[1:]:
        frames = [re.sub(r"0x[0-9a-f]+ in ", "", line) for line in block.splitlines() if line.startswith("#")]
        stacks.setdefault("\n".join(frames), []).append(block.split()[1])
    return "".join(f"threads {' '.join(threads)}:\n{frames}\n" for frames, threads in stacks.items())


def backtraces(session):
    """A backtrace of every thread of every process in a session, for a run that hangs."""
    if not shutil.which("gdb"):
        return "(no gdb: no backtrace)\n"
    text = ""
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(stat).read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) != session:
            continue
        pid = stat.split("/")[2]
        if fields[0] == "Z":            # the main thread has ended; gdb must attach to one that lives
            pid = max(os.listdir(f"/proc/{pid}/task"), key=int)
        try:
            done = subprocess.run(["gdb", "-q", "-batch", "-p", pid, "-ex", "set pagination off", "-ex",
                                   "thread apply all bt 14"], capture_output=True, text=True, timeout=60)
            text += f"process {pid}, {merge_stacks(done.stdout) or done.stdout + done.stderr}"
        except subprocess.TimeoutExpired:
            text += f"process {pid}: gdb did not finish\n"
    return text


def kill_session(leader):
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


def kill_all():
    """Ends what still runs when the runner itself is told to end."""
    for leader in list(RUNNING):
        kill_session(leader)


def wait(child, limit):
    """The output of a child, or None once it ran for limit seconds; time in which nobody ran does not count."""
    left = limit
    while left > 0:
        before = time.monotonic()
        try:
            return child.communicate(timeout=min(STEP_S, left))
        except subprocess.TimeoutExpired:
            left -= min(time.monotonic() - before, 5 * STEP_S)
    return None


def execute(words, env, limit, cwd=None, merge=False):
    """Runs a command; returns (status or None for a hang, stdout, stderr, backtraces).  With merge, stderr goes
    where stdout goes."""
    child = subprocess.Popen(words, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT if merge else subprocess.PIPE, text=True, errors="replace",
                             start_new_session=True)
    RUNNING.add(child.pid)
    said = wait(child, limit)
    traces = "" if said else backtraces(child.pid)
    kill_session(child.pid)
    RUNNING.discard(child.pid)
    out, err = said or child.communicate()
    return child.returncode if said else None, out, err or "", traces
