"""Numbers as the report writes them."""

from __future__ import annotations

import math

MISSING = "–"


def number(value: float, digits: int = 4) -> str:
    """Up to so many significant digits: 2703, 0.01517, 1.2e-07; a dash for what is missing."""
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == round(value) and abs(value) < 1e7:
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−")


def percent(share: float, digits: int = 1) -> str:
    return MISSING if math.isnan(share) else number(round(100 * share, digits) + 0.0, 12) + " %"


def interval(lower: float, upper: float, digits: int = 4) -> str:
    """"7.5 .. 12"; an infinite end lies above the grid, and where an end is missing there is no interval."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    ends = ("above the grid" if math.isinf(end) else number(end, digits) for end in (lower, upper))
    return " .. ".join(ends)


def duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.3g} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 / 60:.0f} min"


def size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.3g} {unit}"
        count /= 1000
    raise AssertionError
