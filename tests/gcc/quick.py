# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The quick subset, quick.txt: programs that together call every entry point that the suite calls."""

import csv
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, "quick.txt")


def read():
    with open(LIST) as f:
        return {line.strip() for line in f if line.strip() and not line.startswith("#")}
