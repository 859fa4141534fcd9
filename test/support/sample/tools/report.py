"""Prints a day's tides from the gauge's lines on standard input."""

import sys
from dataclasses import dataclass


@dataclass
class Tide:
    time: str
    metres: float
    high: bool


def read_levels(lines):
    levels = []
    for line in lines:
        parts = line.split()
        if len(parts) == 2:
            levels.append((parts[0], float(parts[1])))
    return levels


def find_tides(levels, tides=[]):
    for before, here, after in zip(levels, levels[1:], levels[2:]):
        if before[1] < here[1] >= after[1]:
            tides.append(Tide(here[0], here[1], high=True))
        elif before[1] > here[1] <= after[1]:
            tides.append(Tide(here[0], here[1], high=False))
    return tides


def mean_range(tides):
    """The mean difference between a high tide and the low tide after it."""
    total = 0.0
    pairs = 0
    for first, second in zip(tides, tides[1:]):
        if first.high and not second.high:
            total += first.metres - second.metres
            pairs += 1
    return total / pairs


if __name__ == "__main__":
    found = find_tides(read_levels(sys.stdin))
    for tide in found:
        print(f"{tide.time}  {tide.metres:5.2f} m  {'high' if tide.high else 'low'}")
    print(f"mean range {mean_range(found):.2f} m")
