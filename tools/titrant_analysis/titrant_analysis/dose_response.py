"""Pass rate against dose: what classifiers predict for each population, and what the trial observed."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from titrant_analysis.decisions import Decision, headline, read_decisions
from titrant_analysis.methods import MOST_CURVES, method_name, shown_methods
from titrant_analysis.observed import observed_rates
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import OBSERVED, QUIET, AxesGrid, colours, finish, new_figure, say_why_empty, styled

NOTHING = "No pass rates in this run.\nThey come from a dose search:\ntitrant run, or titrant search"

RULES = {"mean": ("pass_rate", "-"), "indicator": ("pass_rate_indicator", "--")}
"""The dataset of each rule, and its line."""

PLATEAU = 0.02
"""Pass rates that are this near to the highest of their curve are all the same to a reader."""

TRIAL_PANEL = ("base", "daily")
"""The population and regimen that the trial resembles."""


@styled
def dose_response(run: Run) -> AxesGrid:
    """One panel per scenario (rows) and regimen (columns); panels of a regimen share their doses."""
    scenarios, regimens = run.scenarios(), run.regimens()
    figure, axes = new_figure(max(1, len(scenarios)), max(1, len(regimens)))
    if not scenarios or not regimens:
        say_why_empty(axes[0][0], NOTHING)
        return axes
    for column, regimen in enumerate(regimens):
        last_dose = max(last_interesting_dose(run, scenario, regimen) for scenario in scenarios)
        for row, scenario in enumerate(scenarios):
            dose_response_panel(axes[row][column], run, scenario, regimen, last_dose)
    finish(figure, f"Predicted pass rate by dose, {run.name}", _legend(run))
    return axes


def dose_response_panel(axes: Axes, run: Run, scenario: str, regimen: str, last_dose: float | None = None) -> None:
    """The curves of all classifiers in one population on one regimen, up to `last_dose` (mg) or where they end."""
    group = f"/scenario/{scenario}/{regimen}"
    doses = run.numbers(f"{group}/dose")
    curves = _curves(run, group)
    if doses is None or not curves:
        say_why_empty(axes, f"No pass rates for {scenario}, {regimen}")
        return
    colour = colours(run.classifiers())
    for name in shown_methods(run):
        _draw_interval(axes, run, f"{group}/{name}", doses, colour[name])
    for (name, rule), rates in curves.items():
        known = ~np.isnan(rates)  # a bisection evaluates some doses only
        marker = "" if known.all() else "."
        label = method_name(name) + (", indicator rule" if rule == "indicator" else "")
        line = {"color": colour[name], "linewidth": 1.4, "marker": marker, "label": label}
        axes.plot(doses[known], 100 * rates[known], RULES[rule][1], **line)
    decisions = _decisions(run, scenario, regimen)
    _draw_targets(axes, decisions)
    _mark_answers(axes, decisions, colour)
    if (scenario, regimen) == TRIAL_PANEL:
        _draw_observed(axes, run)
    axes.set_title(f"{scenario}, {regimen}")
    axes.set_xlabel(f"{regimen.capitalize()} dose ({run.units.dose})")
    axes.set_ylabel("Pass rate (% of subjects)")
    axes.set_ylim(-3, 103)
    _limit_doses(axes, run, float(doses[-1]), last_dose)


def last_interesting_dose(run: Run, scenario: str, regimen: str) -> float:
    """The dose (mg) up to which a panel has something to show: curves below the plateau, answers, observed rates."""
    group = f"/scenario/{scenario}/{regimen}"
    doses = run.numbers(f"{group}/dose")
    if doses is None or doses.size == 0:
        return 0.0
    seen = [_plateau(doses, rates) for rates in _curves(run, group).values()]
    seen += [decision.minimal_dose for decision in _decisions(run, scenario, regimen) if decision.answered]
    if (scenario, regimen) == TRIAL_PANEL:
        seen += [rate.dose for rate in observed_rates(run)]
    return float(max(seen, default=doses[-1]))


def _plateau(doses: Numbers, rates: Numbers) -> float:
    """The first evaluated dose from which on a curve is near its highest."""
    known = ~np.isnan(rates)
    doses, rates = doses[known], rates[known]
    below = np.flatnonzero(rates < rates.max() - PLATEAU)
    reached = below[-1] + 1 if below.size > 0 else 0
    return float(doses[min(reached, doses.size - 1)])


def _curves(run: Run, group: str) -> dict[tuple[str, str], Numbers]:
    """Pass rates by classifier and rule, where at least one dose was evaluated."""
    curves = {}
    shown = shown_methods(run)
    rules = RULES if len(shown) < MOST_CURVES else {"mean": RULES["mean"]}
    for name in shown:
        for rule, (dataset, _) in rules.items():
            rates = run.numbers(f"{group}/{name}/{dataset}")
            if rates is not None and not np.isnan(rates).all():
                curves[name, rule] = rates
    return curves


def _decisions(run: Run, scenario: str, regimen: str) -> list[Decision]:
    return [
        d
        for d in headline(read_decisions(run))
        if (d.scenario, d.regimen) == (scenario, regimen) and d.classifier in shown_methods(run)
    ]


def _limit_doses(axes: Axes, run: Run, last_of_grid: float, last_dose: float | None) -> None:
    """Leaves out a plateau, and says where the grid ends."""
    shown = last_of_grid if last_dose is None else 1.1 * last_dose
    if shown >= 0.8 * last_of_grid:
        axes.set_xlim(0, 1.02 * max(last_of_grid, last_dose or 0.0))
        return
    axes.set_xlim(0, shown)
    note = f"the grid ends at {last_of_grid:g} {run.units.dose}"
    _annotate(axes, note, (1, 0), xycoords="axes fraction", xytext=(0, 9), ha="right")


def _draw_targets(axes: Axes, decisions: list[Decision]) -> None:
    for target in sorted({decision.target for decision in decisions}):
        axes.axhline(100 * target, color=QUIET, linewidth=0.8, linestyle=":", zorder=1)
        place = (1, 100 * target)
        _annotate(axes, f"{100 * target:g} %", place, xycoords=("axes fraction", "data"), xytext=(2, 0), va="center")


def _annotate(axes: Axes, text: str, place: tuple[float, float], **options: Any) -> None:
    axes.annotate(text, place, textcoords="offset points", fontsize=7, color=QUIET, **options)


def _draw_interval(axes: Axes, run: Run, group: str, doses: Numbers, colour: str) -> None:
    lower, upper = run.numbers(f"{group}/pass_rate_lower"), run.numbers(f"{group}/pass_rate_upper")
    if lower is not None and upper is not None:
        axes.fill_between(doses, 100 * lower, 100 * upper, color=colour, alpha=0.15, linewidth=0.6)


def _mark_answers(axes: Axes, decisions: list[Decision], colour: dict[str, str]) -> None:
    for decision in decisions:
        if decision.answered and decision.rule == "mean":
            axes.plot(
                decision.minimal_dose,
                100 * decision.pass_rate,
                marker="D",
                markersize=4.5,
                color=colour.get(decision.classifier, QUIET),
                markeredgecolor="white",
                markeredgewidth=0.6,
                zorder=4,
            )


def _draw_observed(axes: Axes, run: Run) -> None:
    for rate in observed_rates(run):
        low, high = rate.interval
        axes.plot([rate.dose, rate.dose], [100 * low, 100 * high], color=OBSERVED, linewidth=1, zorder=5, clip_on=False)
        axes.plot(rate.dose, 100 * rate.share, "o", color=OBSERVED, markersize=4, zorder=5, clip_on=False)


def _legend(run: Run) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, label=method_name(name))
        for name, colour in colours(run.classifiers()).items()
        if name in shown_methods(run)
    ]
    handles.append(Line2D([], [], color=QUIET, linestyle="-", label="mean of p (mean rule)"))
    if len(shown_methods(run)) < MOST_CURVES:
        handles.append(Line2D([], [], color=QUIET, linestyle="--", label="share with p > 0.5 (indicator rule)"))
    groups = [f"/scenario/{s}/{r}/{c}" for s in run.scenarios() for r in run.regimens() for c in run.classifiers()]
    if any(run.numbers(f"{group}/pass_rate_lower") is not None for group in groups):
        handles.append(Patch(color=QUIET, alpha=0.15, label="90 % interval (mean rule)"))
    if any(decision.answered and decision.rule == "mean" for decision in read_decisions(run)):
        handles.append(
            Line2D([], [], color=QUIET, linestyle="", marker="D", markersize=4.5, label="minimal dose (mean rule)")
        )
    if observed_rates(run) and TRIAL_PANEL[0] in run.scenarios():
        handles.append(
            Line2D([], [], color=OBSERVED, marker="o", markersize=4, label="observed in the trial (95 % Wilson)")
        )
    return handles
