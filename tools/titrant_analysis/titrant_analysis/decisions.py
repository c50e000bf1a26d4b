"""The answers of a run, row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache

from titrant_analysis.protocol import Question
from titrant_analysis.run import Run

NONE = "none of the doses"


@dataclass(frozen=True)
class Decision:
    """Which doses of a regimen reach the target share of successes in a population, by one method and rule.

    Doses are in the unit of the regimen (protocol.dose_unit). `direction` tells what `dose` is: the lowest that reaches
    the target (rising), the highest (falling), or the first of the doses up to `window_end` (window); NaN: none does.
    """

    population: str
    regimen: str
    endpoint: str
    target: float
    method: str
    rule: str
    direction: str
    dose: float
    lower: float
    """Of the 90 % interval. Infinite: above the doses; 0: below them; NaN: not computed."""
    upper: float
    window_end: float
    window_end_lower: float
    window_end_upper: float
    probability_of_target: float
    target_attainment: float
    """At the dose; where there is none, the largest among the doses."""
    target_attainment_beside: float
    """One dose towards failure."""
    interval_source: str = ""
    without_steady_state: float = math.nan
    """Share of the subjects that have no steady state at the dose; NaN: the endpoint is not judged at steady state."""

    @property
    def answered(self) -> bool:
        return not math.isnan(self.dose)

    @property
    def question(self) -> Question:
        return Question(self.population, self.regimen, self.endpoint, self.target)


TEXTS = tuple(field.name for field in fields(Decision) if str(field.type) == "str")
NUMBERS = tuple(field.name for field in fields(Decision) if str(field.type) == "float")


def unsteady_text(decision: Decision, unit: str) -> str:
    """What to know of a dose on which drug accumulates without end in some subjects; empty where it does in none."""
    if not decision.answered or not decision.without_steady_state > 0:
        return ""
    last = decision.dose if math.isnan(decision.window_end) else decision.window_end
    return (
        f"{100 * decision.without_steady_state:.2g} % of population {decision.population} have no steady state on "
        f"{last:g} {unit} of regimen {decision.regimen}: drug accumulates in them without end, and they count as above "
        "every limit."
    )


@lru_cache(maxsize=8)
def read_decisions(run: Run) -> tuple[Decision, ...]:
    """All rows of /decision; empty where the run holds none. An absent column reads as "" or NaN."""
    doses = run.numbers("/decision/dose")
    if doses is None:
        return ()
    texts = {name: run.texts(f"/decision/{name}") or [""] * len(doses) for name in TEXTS}
    numbers = {}
    for name in NUMBERS:
        found = run.numbers(f"/decision/{name}")
        numbers[name] = [math.nan] * len(doses) if found is None else [float(value) for value in found]
    return tuple(
        Decision(
            **{name: column[row] for name, column in texts.items()},  # type: ignore[arg-type]
            **{name: column[row] for name, column in numbers.items()},  # type: ignore[arg-type]
        )
        for row in range(len(doses))
    )
