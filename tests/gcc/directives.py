# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads DejaGnu directives, `{ dg-NAME ARGUMENT... }` in a test's comments, and judges their selectors.

The arguments are words of Tcl: "..." with backslashes, {...} as it stands, or bare.  Source: the DejaGnu manual, and
the section "Directives used within DejaGnu tests" of GCC's internals manual."""

import fnmatch
import re

# As DejaGnu finds them: one a line, the last brace of the line closes it.
DIRECTIVE = re.compile(r"\{[ \t]+(dg-[-a-z]+)(?:[ \t]+(.*))?[ \t]+\}[^}\n]*$", re.MULTILINE)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
CLOSERS = {"{": "}", "[": "]"}


class Unknown(Exception):
    """A directive or an effective target that these files know nothing about: its name."""


def closing(text, start):
    """The index of the brace that closes the one at text[start]."""
    depth, i = 0, start
    while i < len(text):
        if text[i] == "\\":
            i += 1
        elif text[i] in "{}":
            depth += 1 if text[i] == "{" else -1
            if depth == 0:
                return i
        i += 1
    raise ValueError("brace without end: " + text)


def unescape(text):
    """Tcl's backslash substitution."""
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), text, flags=re.DOTALL)


def words(text):
    """The words of a Tcl list or command."""
    found, i = [], 0
    while True:
        while i < len(text) and text[i].isspace():
            i += 1
        if i >= len(text):
            return found
        if text[i] == "{":
            end = closing(text, i)
            found.append(text[i + 1:end])
            i = end + 1
        elif text[i] == '"':
            m = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(text, i)
            if not m:
                raise ValueError("string without end: " + text)
            found.append(unescape(m[1]))
            i = m.end()
        else:
            m = re.compile(r"(?:[^\s\\]|\\.)+", re.DOTALL).match(text, i)
            found.append(unescape(m[0]))
            i = m.end()


def parse(text):
    """Every directive of a test: (name, [argument...])."""
    return [(m[1], words(m[2] or "")) for m in DIRECTIVE.finditer(text)]


class Selector:
    """Judges selectors: what the target is, which effective targets it has, the options of the compilation."""

    def __init__(self, triplet, effective):
        """effective(name) -> bool, or raises Unknown."""
        self.triplet, self.effective = triplet, effective

    def word(self, name):
        if "*" in name:
            return fnmatch.fnmatchcase(self.triplet, name)
        return self.effective(name)

    def matches(self, text):
        """True if a selector holds: `NAME`, a list of triplets, `! S`, `S && S`, `S || S`, `{ S }`."""
        parts = self.parts(text)
        if not parts:
            return True
        value, rest = self.either(parts)
        if rest:
            raise ValueError("selector: " + text)
        return value

    @staticmethod
    def parts(text):
        """[(True for a group in braces, text)...]"""
        found, i = [], 0
        while i < len(text):
            if text[i] == "{":
                end = closing(text, i)
                found.append((True, text[i + 1:end]))
                i = end + 1
            elif text[i] == "!":
                found.append((False, "!"))
                i += 1
            elif text[i].isspace():
                i += 1
            else:
                m = re.compile(r"[^\s{}]+").match(text, i)
                found.append((False, m[0]))
                i = m.end()
        return found

    def either(self, parts):
        value, parts = self.both(parts)
        while parts and parts[0] == (False, "||"):
            right, parts = self.both(parts[1:])
            value = right or value
        return value, parts

    def both(self, parts):
        value, parts = self.one(parts)
        while parts and parts[0] == (False, "&&"):
            right, parts = self.one(parts[1:])
            value = right and value
        return value, parts

    def one(self, parts):
        if parts[0] == (False, "!"):
            value, rest = self.one(parts[1:])
            return not value, rest
        value = False
        while parts and (parts[0][0] or parts[0][1] not in ("&&", "||")):      # a list: any of them
            grouped, text = parts[0]
            value = (self.matches(text) if grouped else self.word(text)) or value
            parts = parts[1:]
        return value, parts

    def clause(self, text):
        """`target S` or `xfail S` or a bare S: (kind, whether it holds)."""
        m = re.match(r"\s*(target|xfail)\b(.*)$", text, re.DOTALL)
        return (m[1], self.matches(m[2])) if m else ("target", self.matches(text))


def has_options(patterns, options):
    """True if one of the option lists ("-O2 -g", "*") is wholly among the options."""
    for pattern in patterns:
        globs = pattern.split()
        if pattern == "*" or globs and all(any(fnmatch.fnmatchcase(o, g) for o in options) for g in globs):
            return True
    return False


class Plan:
    """What the directives of a test ask for, on this target and with these options."""

    def __init__(self):
        self.kind = "run"               # run, link, compile
        self.reason = None              # why the test does not apply here
        self.options = None             # of dg-options: instead of the folder's defaults
        self.added = []                 # of dg-additional-options
        self.sources, self.env = [], {}
        self.output = None              # regular expression
        self.fails = False              # the program is meant to end badly
        self.expected = False           # known by GCC to fail
        self.patience = 1.0             # factor for the time limit

    def flags(self, defaults):
        return (defaults if self.options is None else self.options) + self.added


# Directives about what the compiler says or writes: the library under test has no part in them.
ABOUT_THE_COMPILER = {"dg-note", "dg-line", "dg-optimized", "dg-warning", "dg-final", "dg-prune-output", "dg-bogus",
                      "dg-message", "dg-error", "dg-excess-errors", "dg-xfail-if", "dg-add-options", "dg-missed",
                      "dg-require-alias", "dg-timeout"}


class Reader:
    """Turns the directives of one test into a Plan."""

    def __init__(self, selector, defaults, fixed):
        """defaults: options that dg-options replaces; fixed: those always given (for dg-skip-if)."""
        self.selector, self.defaults, self.fixed, self.plan = selector, defaults, fixed, Plan()
        self.chosen = ""                # of dg-do: S selected, N not

    def read(self, directives):
        for name, args in directives:
            if name not in ABOUT_THE_COMPILER:
                step = getattr(self, name[3:].replace("-", "_"), None)
                if step is None:
                    raise Unknown(name)
                step(*args)
        if self.chosen == "N":
            self.refuse("dg-do: not this target")
        return self.plan

    def refuse(self, reason):
        self.plan.reason = self.plan.reason or reason

    def holds(self, selector):
        return not selector or self.selector.clause(selector[0])[1]

    def applies(self, selector="", include="*", exclude=""):
        """The three arguments of dg-skip-if and its like, after the comment."""
        if selector and not self.selector.matches(selector):
            return False
        options = self.fixed + self.plan.flags(self.defaults)
        return has_options(words(include), options) and not has_options(words(exclude), options)

    def do(self, kind, *selector):
        self.plan.kind = kind
        if selector:
            clause, value = self.selector.clause(selector[0])
            if clause == "xfail":
                self.plan.expected |= value
            elif value or not self.chosen:
                self.chosen = "S" if value else "N"

    def options(self, text, *selector):
        if self.holds(selector):
            self.plan.options = text.split()

    def additional_options(self, text, *selector):
        if self.holds(selector):
            self.plan.added += text.split()

    def additional_sources(self, text, *selector):
        if self.holds(selector):
            self.plan.sources += text.split()

    def set_target_env_var(self, name, value, *selector):
        if self.holds(selector):
            self.plan.env[name] = value

    def require_effective_target(self, name, *selector):
        if self.holds(selector) and not self.selector.matches(name):
            self.refuse("needs " + name)

    def skip_if(self, _comment, *where):
        if self.applies(*where):
            self.refuse("dg-skip-if")

    def xfail_run_if(self, _comment, *where):
        self.plan.expected |= self.applies(*where)

    def shouldfail(self, _comment="", *where):
        self.plan.fails |= self.applies(*where)

    def output(self, text, *selector):
        clause, value = self.selector.clause(selector[0]) if selector else ("target", True)
        if clause == "xfail":
            self.plan.expected |= value
            value = True
        if value:
            self.plan.output = (self.plan.output or "") + text

    def timeout_factor(self, factor, *selector):
        if self.holds(selector):
            self.plan.patience *= float(factor)
