"""The answers of a run, row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass

from titrant_analysis.run import Run


@dataclass(frozen=True)
class Decision:
    """The lowest dose (mg) of a grid at which the target share of a population succeeds; NaN: none on the grid."""

    scenario: str
    regimen: str
    target: float
    classifier: str
    rule: str
    label: str
    window: str
    minimal_dose: float
    lower: float
    upper: float
    pass_rate: float
    pass_rate_below: float
    probability_of_target: float = math.nan
    interval_source: str = ""

    @property
    def answered(self) -> bool:
        return not math.isnan(self.minimal_dose)


def read_decisions(run: Run) -> list[Decision]:
    """All rows of /decision; empty where the run holds none. An absent column reads as "" or NaN."""
    doses = run.numbers("/decision/minimal_dose")
    if doses is None:
        return []
    rows = len(doses)

    def words(name: str) -> list[str]:
        return run.texts(f"/decision/{name}") or [""] * rows

    def numbers(name: str) -> list[float]:
        found = run.numbers(f"/decision/{name}")
        return [math.nan] * rows if found is None else [float(value) for value in found]

    columns = zip(
        words("scenario"),
        words("regimen"),
        numbers("target"),
        words("classifier"),
        words("rule"),
        words("label"),
        words("window"),
        numbers("minimal_dose"),
        numbers("lower"),
        numbers("upper"),
        numbers("pass_rate"),
        numbers("pass_rate_below"),
        numbers("probability_of_target"),
        words("interval_source"),
        strict=True,
    )
    return [Decision(*row) for row in columns]


def headline(decisions: list[Decision]) -> list[Decision]:
    """The answers to the first question of a run (label and window), whose curves have the plain names in a store."""
    if not decisions:
        return []
    question = (decisions[0].label, decisions[0].window)
    return [decision for decision in decisions if (decision.label, decision.window) == question]
