"""What a run was asked: regimens, endpoints, populations, and the question that a reader wants answered first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from titrant_analysis.run import Panel, Run


@dataclass(frozen=True)
class Question:
    """Which doses of a regimen reach the target share of successes in a population?"""

    population: str
    regimen: str
    endpoint: str
    target: float


def headline(run: Run) -> Question | None:
    """The question that is answered first; None where the run was asked nothing."""
    names = [run.text(f"/protocol/headline/{of}") for of in ("population", "regimen", "endpoint")]
    population, regimen, endpoint = names
    target = run.number("/protocol/headline/target")
    if population is None or regimen is None or endpoint is None or math.isnan(target):
        return None
    return Question(population, regimen, endpoint, target)


def headline_first(run: Run, endpoints: Iterable[str]) -> list[str]:
    """Endpoints with that of the headline before the others, which keep their order."""
    first = headline(run)
    return sorted(endpoints, key=lambda name: first is None or name != first.endpoint)


def first_endpoint(run: Run) -> str:
    """That of the headline, or the first; empty where the run has none."""
    return next(iter(headline_first(run, run.endpoints())), "")


def trial_endpoint(run: Run) -> str:
    """The endpoint of the cross-validation: that of the headline where it has outcomes of the trial's subjects, else
    the first that has; empty where none has."""
    with_outcomes = run.datasets("/trial/outcome")
    return next((name for name in headline_first(run, run.endpoints()) if name in with_outcomes), "")


def _of(run: Run, kind: str, name: str, column: str) -> str:
    names, values = run.texts(f"/protocol/{kind}/name") or [], run.texts(f"/protocol/{kind}/{column}") or []
    return dict(zip(names, values)).get(name, "")


def dose_unit(run: Run, regimen: str) -> str:
    """The unit of a regimen's doses: "mg", "mg/kg"."""
    return _of(run, "regimen", regimen, "dose_unit") or run.units.dose


def _number_of(run: Run, kind: str, name: str, column: str) -> float:
    names, values = run.texts(f"/protocol/{kind}/name"), run.numbers(f"/protocol/{kind}/{column}")
    if names is None or values is None or name not in names:
        return math.nan
    return float(values[names.index(name)])


def dose_interval(run: Run, regimen: str) -> float:
    """Hours between the doses of a regimen; NaN where the run does not say."""
    return _number_of(run, "regimen", regimen, "interval")


_COMBINED = re.compile(r"all of (.+)")


def success(run: Run, endpoint: str) -> str:
    """What a success is, in words; of a combined endpoint that of each of its parts."""
    description = _of(run, "endpoint", endpoint, "description")
    parts = _COMBINED.fullmatch(description)
    if parts is None:
        return description
    told = [(name, _of(run, "endpoint", name, "description")) for name in parts[1].split(", ")]
    return "all of " + "; ".join(f"{name} ({meaning})" if meaning else name for name, meaning in told)


def definition(run: Run, kind: str, name: str) -> str:
    """A regimen, endpoint or population as the configuration has it (YAML)."""
    return _of(run, kind, name, "definition")


SAME_INTERVAL = 0.05
"""Relative difference up to which the trial's median time between doses is that of a regimen."""


def like_the_trial(run: Run) -> list[Panel]:
    """The panels whose dose axis is also that of the trial: the headline's population on regimens with the interval of
    the trial's doses, whose subjects all get the same amount from the first dose on. Empty where the run does not say
    how the trial's subjects were dosed (/trial/interval)."""
    asked, intervals, doses = headline(run), run.numbers("/trial/interval"), run.numbers("/trial/dose")
    if asked is None or intervals is None or doses is None or not (doses > 0).any():
        return []
    interval = float(np.median(intervals[doses > 0]))
    return [
        panel
        for panel in run.panels()
        if panel.population == asked.population
        and math.isclose(interval, dose_interval(run, panel.regimen), rel_tol=SAME_INTERVAL)
        and _number_of(run, "regimen", panel.regimen, "loading_doses") == 0
        and dose_unit(run, panel.regimen) == run.units.dose
        and "bands: " not in definition(run, "regimen", panel.regimen)
    ]
