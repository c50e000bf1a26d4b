"""Steady-state concentration of the virtual population over one dosing interval."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from titrant_analysis.decisions import read_decisions
from titrant_analysis.methods import method_name
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import PALETTE, AxesGrid, finish, new_figure, say_why_empty, styled

NOTHING = "No concentrations in this run.\nThey are stored by a dose search with\noutput.trajectories: true"

QUANTILES = (5.0, 50.0, 95.0)
"""Percent of the population below each line."""


@styled
def exposure(run: Run, doses: Mapping[str, float] | None = None) -> AxesGrid:
    """One panel per scenario (rows) and regimen (columns).

    `doses` gives the dose (mg) of a regimen; without it a panel shows its minimal dose, where there is one, else 1 mg.
    """
    panels = [
        (scenario, regimen)
        for scenario in run.scenarios()
        for regimen in run.regimens()
        if run.has(f"/scenario/{scenario}/{regimen}/concentration")
    ]
    scenarios = list(dict.fromkeys(scenario for scenario, _ in panels))
    regimens = sorted({regimen for _, regimen in panels})
    figure, axes = new_figure(max(1, len(scenarios)), max(1, len(regimens)), height=2.5)
    if not panels:
        say_why_empty(axes[0][0], NOTHING)
        return axes
    for row, scenario in enumerate(scenarios):
        for column, regimen in enumerate(regimens):
            exposure_panel(axes[row][column], run, scenario, regimen, (doses or {}).get(regimen))
    legend = [
        Line2D([], [], color=PALETTE[0], linewidth=1.6, label="median"),
        Patch(color=PALETTE[0], alpha=0.2, label="5-95 % of subjects"),
    ]
    finish(figure, f"Steady-state exposure of the virtual population, {run.name}", legend)
    return axes


def population_quantiles(run: Run, group: str) -> Numbers | None:
    """Quantiles of the concentration per mg of dose, [quantile, time]; the population is read in pieces."""
    blocks = run.blocks(f"{group}/concentration")
    pieces = [np.percentile(values, QUANTILES, axis=0) for _, values in blocks if values.size > 0]
    return np.concatenate(pieces, axis=1) if pieces else None


def exposure_panel(axes: Axes, run: Run, scenario: str, regimen: str, dose: float | None = None) -> None:
    """Median and 5-95 % band in one population on one regimen."""
    group = f"/scenario/{scenario}/{regimen}"
    per_mg, time = population_quantiles(run, group), run.numbers(f"{group}/time")
    if per_mg is None or time is None:
        say_why_empty(axes, f"No concentrations for {scenario}, {regimen}")
        return
    shown, reason = (dose, "") if dose is not None else _default_dose(run, scenario, regimen)
    low, median, high = per_mg * shown
    axes.fill_between(time, low, high, color=PALETTE[0], alpha=0.2, linewidth=0)
    axes.plot(time, median, color=PALETTE[0], linewidth=1.6, label="median")
    axes.set_title(f"{scenario}, {shown:g} {run.units.dose} {regimen}{reason}")
    axes.set_xlabel("Time after a dose (h)")
    axes.set_ylabel(f"Concentration ({run.units.concentration})")
    interval = time[-1] + time[0]  # points are the midpoints of equal parts of the interval
    axes.set_xlim(0, interval)
    axes.set_xticks(np.linspace(0, interval, 5 if interval < 48 else 8))
    axes.set_ylim(bottom=0)


def _default_dose(run: Run, scenario: str, regimen: str) -> tuple[float, str]:
    """The minimal dose for the highest target, by the first classifier that has one."""
    order = run.classifiers()
    answers = [
        decision
        for decision in read_decisions(run)
        if decision.answered
        and (decision.scenario, decision.regimen, decision.rule) == (scenario, regimen, "mean")
        and decision.classifier in order
    ]
    if not answers:
        return 1.0, ""
    best = min(answers, key=lambda decision: (order.index(decision.classifier), -decision.target))
    return best.minimal_dose, f" (minimal for {100 * best.target:g} %, {method_name(best.classifier)})"
