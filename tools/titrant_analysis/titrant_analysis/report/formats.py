"""Numbers as the report writes them."""

from __future__ import annotations

import math

MISSING = "–"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TO = "\u00a0to\u00a0"
LEAST_SECONDS = 0.01
"""Times below say nothing about a stage."""


def number(value: float, digits: int = 4) -> str:
    """Up to so many significant digits: 2703, 0.01517, 1.2 × 10⁻⁷; a dash for what is missing."""
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == round(value) and abs(value) < 1e7:
        return f"{value:.0f}".replace("-", "−")
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    power = f"\u00a0×\u00a010{str(int(exponent)).translate(SUPERSCRIPTS)}" if exponent else ""
    return mantissa.replace("-", "−") + power


def percent(share: float, digits: int = 1) -> str:
    return MISSING if math.isnan(share) else number(round(100 * share, digits) + 0.0, 12) + "\u00a0%"


def interval(lower: float, upper: float, digits: int = 4) -> str:
    """"7.5 to 12", never broken; where an end is missing there is no interval."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    return _TO.join(number(end, digits) for end in (lower, upper))


def dose_interval(lower: float, upper: float, unit: str = "") -> str:
    """The interval of a dose, "7.5 to 12 mg": an infinite end lies above the doses of the run, one of 0 below them."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    words = {math.inf: "above the doses", 0.0: "below the doses"}
    first, last = (words.get(end) or number(end) for end in (lower, upper))
    if unit and upper not in words:
        last += f" {unit}"
    elif unit and lower not in words:
        first += f" {unit}"
    return f"{first}{_TO}{last}"


def duration(seconds: float) -> str:
    if seconds < LEAST_SECONDS:
        return f"below {LEAST_SECONDS:g}\u00a0s"
    if seconds < 60:
        return f"{seconds:.3g}\u00a0s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 / 60:.0f} min"


def size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.3g}\u00a0{unit}"
        count /= 1000
    raise AssertionError
