# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The routines of abi/symbols.csv and which of the two libraries have them."""

import csv
import re
import subprocess

INTEGERS = {"int": 4, "int32_t": 4, "int64_t": 8, "unsigned": 4, "size_t": 8, "intptr_t": 8, "omp_intptr_t": 8,
            "omp_sched_t": 4, "omp_proc_bind_t": 4, "omp_pause_resource_t": 4, "omp_allocator_handle_t": 8,
            "omp_memspace_handle_t": 8, "omp_event_handle_t": 8, "omp_interop_t": 8, "omp_interop_property_t": 4,
            "omp_interop_rc_t": 4, "omp_control_tool_t": 4, "acc_device_t": 4, "acc_device_property_t": 4,
            "acc_event_t": 4, "acc_register_t": 4}
SUFFIX = re.compile(r"_(?:8_|(?:32_|64_|array_)?h_)?$")


class Parameter:
    """One parameter; `size` is that of the integer that it is or points at, 0 for anything else."""

    def __init__(self, text):
        bare = re.sub(r"\{.*\}", "", text)
        words = re.findall(r"\w+", bare)
        self.name = words[-1]
        self.stars = bare.count("*") + bare.count("[")
        self.constant = "const" in words
        self.type = next(w for w in words if w != "const")
        self.size = INTEGERS.get(self.type, 0)

    def write(self, value):
        """An integer as the script wants it: by value or by reference, cut to what the type holds."""
        if isinstance(value, str):
            return "&" + value if self.stars and value.startswith("$") else value
        bits = 8 * (self.size or 8)
        if not -(1 << bits - 1) <= value < 1 << bits:
            value = max(-(1 << bits - 1), min(value, (1 << bits - 1) - 1))
        return ("&" if self.stars else "") + str(value)


class Routine:
    def __init__(self, row):
        self.symbol, self.node, self.group = row["symbol"], row["version_node"], row["group"]
        self.release = row["first_gcc_release"]
        self.default = row["default_version"] == "yes"
        self.script_name = self.symbol if self.default else f"{self.symbol}@{self.node}"
        self.base = SUFFIX.sub("", self.symbol)
        inside = row["c_signature"].split(self.symbol + "(", 1)[1].rsplit(")", 1)[0]
        texts = re.split(r",\s*(?![^{]*\})", inside)
        self.parameters = [] if inside == "void" else [Parameter(t) for t in texts]


def read_list(path):
    """Every omp_* and acc_* routine of the list."""
    with open(path, newline="") as rows:
        return [Routine(r) for r in csv.DictReader(rows) if re.match(r"(omp|acc)_", r["symbol"])]


def exported(library):
    """{"name@NODE"} of a library's defined functions."""
    out = subprocess.run(["readelf", "-W", "--dyn-syms", library], check=True, stdout=subprocess.PIPE, text=True).stdout
    names = set()
    for line in out.splitlines():
        field = line.split()
        if len(field) > 7 and field[3] == "FUNC" and field[6] != "UND":
            names.add(field[7].replace("@@", "@"))
    return names
