# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Medians and what can be said about them without assuming a distribution."""

import math
import statistics

median = statistics.median


def quartiles(values):
    """First and third quartile, by linear interpolation between order statistics."""
    ordered = sorted(values)

    def at(share):
        place = share * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return at(0.25), at(0.75)


def spread(values, whole):
    """Half the distance between the quartiles, as a share of `whole`; None if that means nothing."""
    if len(values) < 2 or whole <= 0:
        return None
    low, high = quartiles(values)
    return (high - low) / 2 / whole


def interval(values):
    """Between which values the true median lies with at least 90 % confidence: order statistics, from the binomial
    distribution.  Fewer than five values do not carry such a statement; then it is their whole range."""
    ordered = sorted(values)
    n = len(ordered)
    rank, tail = 0, 0.0
    for k in range(n // 2):
        tail += math.comb(n, k) / 2 ** n
        if tail > 0.05:
            break
        rank = k
    return ordered[rank], ordered[n - 1 - rank]


def outliers(values):
    """Share of the values beyond Tukey's outer fences, three interquartile ranges outside the quartiles."""
    low, high = quartiles(values)
    reach = 3 * (high - low)
    return sum(not low - reach <= v <= high + reach for v in values) / len(values)
