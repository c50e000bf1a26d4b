"""Steady-state concentration of the virtual population over one dosing interval."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from titrant_analysis.decisions import read_decisions
from titrant_analysis.methods import method_name
from titrant_analysis.pages import draw_pages, matrix
from titrant_analysis.protocol import dose_interval, dose_unit, headline
from titrant_analysis.run import Numbers, Panel, Run
from titrant_analysis.style import PALETTE, empty_figure, say_why_empty, styled

NOTHING = "No concentrations in this run.\nThey are stored by a dose search with output.trajectories"

QUANTILES = (5.0, 50.0, 95.0)
"""Percent of the population below each line."""

TICKS = (1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672)
"""Distances in hours that a reader of clocks and calendars expects."""
MOST_TICKS = 7


@styled
def exposure(run: Run, doses: Mapping[str, float] | None = None) -> list[Figure]:
    """One panel per population and regimen.

    `doses` gives the dose of a regimen in its own unit; without it a panel shows its answer to the headline's endpoint,
    where there is one, else a dose of 1.
    """
    panels = {
        (panel.regimen, panel.population): panel for panel in run.panels() if run.has(f"{panel.group}/concentration")
    }
    if not panels:
        return empty_figure(NOTHING)
    legend = [
        Line2D([], [], color=PALETTE[0], linewidth=1.6, label="median"),
        Patch(color=PALETTE[0], alpha=0.2, label="5-95 % of subjects"),
    ]
    pages = matrix(run.regimens(), run.populations(), lambda regimen, population: panels.get((regimen, population)))
    title = f"Steady-state exposure of the virtual populations, {run.name}"

    def draw(axes: Axes, panel: Panel) -> None:
        exposure_panel(axes, run, panel, (doses or {}).get(panel.regimen))

    return draw_pages(pages, draw, title, lambda: legend, height=2.6)


def population_quantiles(run: Run, group: str) -> Numbers | None:
    """Quantiles of the concentration per unit of dose, [quantile, time]; the population is read in pieces."""
    blocks = run.blocks(f"{group}/concentration")
    pieces = [np.percentile(values, QUANTILES, axis=0) for _, values in blocks if values.size > 0]
    return np.concatenate(pieces, axis=1) if pieces else None


def exposure_panel(axes: Axes, run: Run, panel: Panel, dose: float | None = None) -> None:
    """Median and 5-95 % band in one population on one regimen."""
    per_dose, time = population_quantiles(run, panel.group), run.numbers(f"{panel.group}/time")
    if per_dose is None or time is None:
        say_why_empty(axes, f"No concentrations for {panel.population}, {panel.regimen}")
        return
    shown, reason = (dose, "") if dose is not None else _default_dose(run, panel)
    low, median, high = per_dose * shown
    axes.fill_between(time, low, high, color=PALETTE[0], alpha=0.2, linewidth=0)
    axes.plot(time, median, color=PALETTE[0], linewidth=1.6, label="median")
    axes.set_title(f"{panel.population}, {panel.regimen}: {shown:g} {dose_unit(run, panel.regimen)}{reason}")
    axes.set_xlabel("Time after a dose (h)")
    axes.set_ylabel(f"Concentration ({run.units.concentration})")
    interval = dose_interval(run, panel.regimen)
    if np.isnan(interval):
        interval = float(time[-1] + time[0])  # points are the midpoints of equal parts of the interval
    axes.set_xlim(0, interval)
    step = next((hours for hours in TICKS if interval <= MOST_TICKS * hours), None)
    if step is not None:
        axes.set_xticks(np.arange(0, interval + 0.5 * step, step))
    axes.set_ylim(bottom=0)


ENDS = {"rising": "lowest", "falling": "highest", "window": "first"}


def _default_dose(run: Run, panel: Panel) -> tuple[float, str]:
    """The answer to the headline's endpoint for the highest target, by the first method that has one."""
    order, first = run.methods(), headline(run)
    answers = [
        one
        for one in read_decisions(run)
        if one.answered
        and (one.population, one.regimen, one.rule) == (panel.population, panel.regimen, "mean")
        and (first is None or one.endpoint == first.endpoint)
        and one.method in order
    ]
    if not answers:
        return 1.0, ""
    best = min(answers, key=lambda one: (order.index(one.method), -one.target))
    which = f"{ENDS.get(best.direction, '')} for {100 * best.target:g} % {best.endpoint}".strip()
    return best.dose, f"\n({which}, {method_name(best.method)})"
