# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The one exception the driver raises on purpose."""


class BenchError(Exception):
    """The benchmark cannot go on; the message is for the user."""
