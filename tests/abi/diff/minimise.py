# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a script and an environment smaller as long as they still show a difference."""

import time

SECONDS = 15                    # for one difference: candidates may hang


def balanced(lines):
    """Whether taking these lines out leaves every block whole, and no event unfulfilled."""
    depth = 0
    if any("fulfill" in line for line in lines) and not any(line.startswith("block detach") for line in lines):
        return False
    for line in lines:
        depth += line.startswith("block ")
        depth -= line == "end"
        if depth < 0:
            return False
    return depth == 0


def frames(lines):
    """The pairs of lines that open and close a block."""
    found, opened = [], []
    for i, line in enumerate(lines):
        if line.startswith("block "):
            opened.append(i)
        elif line == "end":
            found.append((opened.pop(), i))
    return found


class Shrinking:
    """`differs(lines, env)` says whether a candidate still shows the difference."""

    def __init__(self, lines, env, differs):
        self.lines, self.env, self.differs = lines, env, differs
        self.end = time.monotonic() + SECONDS

    def accept(self, lines, env):
        if time.monotonic() > self.end or not self.differs(lines, env):
            return False
        self.lines, self.env = lines, env
        return True

    def take_out_runs(self, size):
        """Tries to do without each run of `size` lines, from the end."""
        at = len(self.lines) - size
        while at >= 0:
            if balanced(self.lines[at:at + size]) and self.accept(self.lines[:at] + self.lines[at + size:], self.env):
                at -= size
            else:
                at -= 1 if size < 3 else size // 2
        return self

    def open_blocks(self):
        for first, last in frames(self.lines):
            if self.lines[first].startswith("block detach"):
                continue
            lines = [line for i, line in enumerate(self.lines) if i not in (first, last)]
            if self.accept(lines, self.env):
                return self.open_blocks()
        return self

    def unset(self):
        for name in list(self.env):
            self.accept(self.lines, {k: v for k, v in self.env.items() if k != name})


def smaller(lines, env, differs):
    shrinking = Shrinking(lines, env, differs)
    shrinking.unset()
    size = len(lines) // 2
    while size:
        shrinking.take_out_runs(size)
        size = size // 2 if size != 3 else 2
    shrinking.open_blocks().take_out_runs(2).take_out_runs(1)
    return shrinking.lines, shrinking.env
