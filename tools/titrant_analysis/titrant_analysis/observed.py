"""What the trial itself saw: the share of subjects that succeeded at each dose."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from titrant_analysis.run import Run

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


def wilson(successes: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22:209, 1927). `count` must be positive."""
    share = successes / count
    spread = Z_95 * math.sqrt(share * (1 - share) / count + Z_95**2 / (4 * count**2))
    scale = 1 + Z_95**2 / count
    centre = share + Z_95**2 / (2 * count)
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


@dataclass(frozen=True)
class ObservedRate:
    dose: float
    successes: int
    count: int

    @property
    def share(self) -> float:
        return self.successes / self.count

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.successes, self.count)


def observed_rates(run: Run, endpoint: str) -> list[ObservedRate]:
    """By rising dose (0: placebo), over the subjects with an outcome; empty where nobody has one of the endpoint."""
    doses = run.numbers("/trial/dose")
    outcomes = run.numbers(f"/trial/outcome/{endpoint}")
    if doses is None or outcomes is None:
        return []
    rates = []
    for dose in np.unique(doses):
        known = outcomes[(doses == dose) & ~np.isnan(outcomes)]
        if known.size > 0:
            rates.append(ObservedRate(float(dose), int(known.sum()), int(known.size)))
    return rates
