# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Routines that are newer than the libgomp at hand: their Fortran forms are compared with their C form, on gompx alone.

A script calls one form with all arguments of the table, in several places; what comes out must be the same for each form.
A routine with one form only has nothing to be compared with."""

import re

import compare
import values

DEVICES = [-5, -4, -1, 0, 1, 2, 7, 2 ** 31 - 1]
PROPERTIES = list(range(-11, 2))
CODES = list(range(-8, 4))
UIDS = ["OMP_INITIAL_DEVICE", "", "OMP_DEV_0", "nobody", "OMP_INITIAL_DEVICEX", "OMP_INITIAL"]

# The arguments of the C form; "out" is an output, "null" a null pointer, a text a string.
ARGUMENTS = {
    "omp_in_explicit_task": [()],
    "omp_control_tool": [(command, modifier, "null") for command in (0, 1, 2, 3, 4, 5, -1) for modifier in (0, 1, -7)],
    "omp_get_supported_active_league_dims": [(device, native) for device in DEVICES for native in (0, 1)],
    "omp_get_supported_active_team_dims": [(device, native) for device in DEVICES for native in (0, 1)],
    "omp_get_device_from_uid": [("text:" + uid,) for uid in UIDS],
    "omp_get_uid_from_device": [(device,) for device in DEVICES],
    "omp_get_interop_str": [("none", p, "out") for p in PROPERTIES],
    "omp_get_interop_name": [("none", p) for p in PROPERTIES],
    "omp_get_interop_type_desc": [("none", p) for p in PROPERTIES],
    "omp_get_interop_rc_desc": [("none", code) for code in CODES],
}
PLACES = [None, "parallel 2 0", "task 0 0", "teams 2 0"]


def words(routine, arguments):
    """The arguments in the order and manner of one form; texts come back by (res, res_len) in front, and go with a length."""
    parameters = list(routine.parameters)
    written = []
    if len(parameters) >= 2 and parameters[0].name == "res":
        written, parameters = ["&?", "&?"], parameters[2:]
    lengths = []
    for parameter, argument in zip(parameters, arguments):
        if argument in ("out", "null"):
            written.append("&?" if argument == "out" else "null")
        elif argument == "none":
            written.append("0")
        elif isinstance(argument, str):
            text = argument.split(":", 1)[1]
            fortran = len(routine.parameters) > len(arguments)
            written.append(("'%s'" if fortran else '"%s"') % values.escape(text))
            lengths += [str(len(text))] if fortran else []
        else:
            written.append(parameter.write(argument))
    return written + lengths


def script(routine):
    lines = []
    for place in PLACES:
        calls = [" ".join([routine.script_name] + words(routine, a)) for a in ARGUMENTS[routine.base]]
        lines += ["block " + place] + calls + ["end"] if place else calls
    return lines


def outcome(trace, routine):
    """What the calls gave, without how they were called."""
    given = []
    for line in trace:
        found = re.search(r"%s(?: \S+)*?( = .*| string:.*|)$" % re.escape(routine.symbol), line)
        if found:
            text = re.sub(r'^ = ("|null\b)', r" string:\1", found[1])
            given.append(re.sub(r" arg\d\+", " out+", text))
    return given


def run(worker, symbols, library, routines, env):
    """[(C form, other form, difference or None)] for the routines that have both."""
    results = []
    for base in ARGUMENTS:
        family = [r for r in routines if r.base == base]
        first = next((r for r in family if r.symbol == base), None)
        if not first or len(family) < 2:
            continue
        wanted = outcome(compare.run(worker, symbols, library, script(first), env).trace, first)
        for other in family:
            if other is not first:
                given = outcome(compare.run(worker, symbols, library, script(other), env).trace, other)
                pairs = list(zip(script(first), wanted, given))
                wrong = next((p for p in pairs if p[1] != p[2]), None)
                if len(wanted) != len(given) or not wanted:
                    wrong = ("the number of calls", str(len(wanted)), str(len(given)))
                results.append((first, other, wrong))
    return results
