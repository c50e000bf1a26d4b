"""Target attainment against dose: what each method predicts for each population, and what the trial observed."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from titrant_analysis.decisions import Decision, read_decisions
from titrant_analysis.methods import MOST_CURVES, method_name, shown_methods
from titrant_analysis.observed import observed_rates
from titrant_analysis.pages import draw_pages, matrix
from titrant_analysis.protocol import dose_unit, first_endpoint, like_the_trial
from titrant_analysis.run import Numbers, Panel, Run
from titrant_analysis.style import OBSERVED, QUIET, colours, empty_figure, label_logarithmic, say_why_empty, styled

NOTHING = "No target attainment in this run.\nIt comes from a dose search:\ntitrant run, or titrant search"

RULES = {"mean": ("target_attainment", "-"), "indicator": ("target_attainment_indicator", "--")}
"""The dataset of each rule, and its line."""

PLATEAU = 0.02
"""Attainment that is this near to that at the last dose is all the same to a reader."""

FEW_DOSES = 12
"""Up to so many are marked one by one."""


@styled
def dose_response(run: Run, endpoint: str | None = None) -> list[Figure]:
    """One panel per population and regimen, for one endpoint (without: that of the headline); panels of a regimen share
    their doses."""
    of = first_endpoint(run) if endpoint is None else endpoint
    panels = {(panel.regimen, panel.population): panel for panel in run.panels() if curves(run, panel, of)}
    if not panels:
        return empty_figure(NOTHING)
    regimens = [name for name in run.regimens() if any(name == regimen for regimen, _ in panels)]
    populations = [name for name in run.populations() if any(name == population for _, population in panels)]
    last = {
        name: max(last_interesting_dose(run, panel, of) for (regimen, _), panel in panels.items() if regimen == name)
        for name in regimens
    }

    def draw(axes: Axes, panel: Panel) -> None:
        dose_response_panel(axes, run, panel, of, last[panel.regimen])

    pages = matrix(regimens, populations, lambda regimen, population: panels.get((regimen, population)))
    title = f"Target attainment by dose, endpoint {of}, {run.name}"
    return draw_pages(pages, draw, title, lambda: _legend(run, list(panels.values()), of))


def dose_response_panel(axes: Axes, run: Run, panel: Panel, endpoint: str, last_dose: float | None = None) -> None:
    """The curves of all methods in one population on one regimen, up to `last_dose` or where they end."""
    doses = run.numbers(f"{panel.group}/dose")
    found = curves(run, panel, endpoint)
    if doses is None or not found:
        say_why_empty(axes, f"No target attainment for {panel.population}, {panel.regimen}, {endpoint}")
        return
    colour = colours(run.methods())
    for name in shown_methods(run):
        _draw_interval(axes, run, f"{panel.group}/{name}/{endpoint}", doses, colour[name])
    for (name, rule), shares in found.items():
        known = ~np.isnan(shares)  # a bisection evaluates some doses only
        marker = "." if known.sum() <= FEW_DOSES or not known.all() else ""
        label = method_name(name) + (", indicator rule" if rule == "indicator" else "")
        line = {"color": colour[name], "linewidth": 1.4, "marker": marker, "label": label}
        axes.plot(doses[known], 100 * shares[known], RULES[rule][1], **line)
    decisions = _decisions(run, panel, endpoint)
    _draw_targets(axes, decisions)
    _mark_answers(axes, decisions, colour, doses, found)
    if panel in like_the_trial(run):
        _draw_observed(axes, run, endpoint)
    axes.set_title(f"{panel.population}, {panel.regimen}")
    axes.set_xlabel(f"Dose, {panel.regimen} ({dose_unit(run, panel.regimen)})")
    axes.set_ylabel("Target attainment (% of subjects)")
    axes.set_ylim(-3, 103)
    _limit_doses(axes, doses, last_dose, dose_unit(run, panel.regimen))


def last_interesting_dose(run: Run, panel: Panel, endpoint: str) -> float:
    """The dose up to which a panel has something to show: curves before their plateau, answers, observed shares."""
    doses = run.numbers(f"{panel.group}/dose")
    if doses is None or doses.size == 0:
        return 0.0
    seen = [_plateau(doses, shares) for shares in curves(run, panel, endpoint).values()]
    for decision in _decisions(run, panel, endpoint):
        seen += [dose for dose in (decision.dose, decision.window_end) if not np.isnan(dose)]
    if panel in like_the_trial(run):
        seen += [rate.dose for rate in observed_rates(run, endpoint)]
    return float(max(seen, default=doses[-1]))


def _plateau(doses: Numbers, shares: Numbers) -> float:
    """The first evaluated dose from which on a curve is near its value at the last."""
    known = ~np.isnan(shares)
    doses, shares = doses[known], shares[known]
    away = np.flatnonzero(np.abs(shares - shares[-1]) > PLATEAU)
    return float(doses[away[-1] + 1 if away.size > 0 else 0])


def curves(run: Run, panel: Panel, endpoint: str) -> dict[tuple[str, str], Numbers]:
    """Target attainment by method and rule, where at least one dose was evaluated."""
    found = {}
    shown = shown_methods(run)
    rules = RULES if len(shown) < MOST_CURVES else {"mean": RULES["mean"]}
    for name in shown:
        for rule, (dataset, _) in rules.items():
            shares = run.numbers(f"{panel.group}/{name}/{endpoint}/{dataset}")
            if shares is not None and not np.isnan(shares).all():
                found[name, rule] = shares
    return found


def _decisions(run: Run, panel: Panel, endpoint: str) -> list[Decision]:
    asked = (panel.population, panel.regimen, endpoint)
    return [
        one
        for one in read_decisions(run)
        if (one.population, one.regimen, one.endpoint) == asked and one.method in shown_methods(run)
    ]


def _is_geometric(doses: Numbers) -> bool:
    """Whether doses lie so much closer at the lower end that a linear axis would hide them."""
    return doses.size > 2 and doses[0] > 0 and bool(np.median(np.diff(doses)) < 0.5 * np.diff(doses).mean())


def _limit_doses(axes: Axes, doses: Numbers, last_dose: float | None, unit: str) -> None:
    """Leaves out a plateau, and says where the doses end."""
    end = float(doses[-1])
    if _is_geometric(doses):
        axes.set_xscale("log")
        axes.set_xlim(doses[0] / 1.2, 1.2 * max(end, last_dose or 0.0))
        label_logarithmic(axes.xaxis)
        return
    shown = end if last_dose is None else 1.1 * last_dose
    if shown >= 0.8 * end:
        axes.set_xlim(0, 1.02 * max(end, last_dose or 0.0))
        return
    axes.set_xlim(0, shown)
    note = f"the doses end at {end:g} {unit}"
    _annotate(axes, note, (1, 0), xycoords="axes fraction", xytext=(0, 9), ha="right")


def _draw_targets(axes: Axes, decisions: list[Decision]) -> None:
    for target in sorted({decision.target for decision in decisions}):
        axes.axhline(100 * target, color=QUIET, linewidth=0.8, linestyle=":", zorder=1)
        place = (1, 100 * target)
        _annotate(axes, f"{100 * target:g} %", place, xycoords=("axes fraction", "data"), xytext=(2, 0), va="center")


def _annotate(axes: Axes, text: str, place: tuple[float, float], **options: Any) -> None:
    axes.annotate(text, place, textcoords="offset points", fontsize=7, color=QUIET, **options)


def _draw_interval(axes: Axes, run: Run, group: str, doses: Numbers, colour: str) -> None:
    lower, upper = (run.numbers(f"{group}/target_attainment_{end}") for end in ("lower", "upper"))
    if lower is None or upper is None:
        return
    if doses.size == 1:
        axes.vlines(doses, 100 * lower, 100 * upper, color=colour, alpha=0.4, linewidth=4)
    else:
        axes.fill_between(doses, 100 * lower, 100 * upper, color=colour, alpha=0.15, linewidth=0.6)


def _mark_answers(
    axes: Axes,
    decisions: list[Decision],
    colour: dict[str, str],
    doses: Numbers,
    found: dict[tuple[str, str], Numbers],
) -> None:
    for decision in decisions:
        shares = found.get((decision.method, "mean"))
        if decision.rule != "mean" or shares is None:
            continue
        for dose in (decision.dose, decision.window_end):
            if not np.isnan(dose):
                place = int(np.abs(doses - dose).argmin())
                diamond = {"marker": "D", "markersize": 4.5, "markeredgecolor": "white", "markeredgewidth": 0.6}
                axes.plot(dose, 100 * shares[place], color=colour[decision.method], zorder=4, **diamond)


def _draw_observed(axes: Axes, run: Run, endpoint: str) -> None:
    for rate in observed_rates(run, endpoint):
        low, high = rate.interval
        axes.plot([rate.dose, rate.dose], [100 * low, 100 * high], color=OBSERVED, linewidth=1, zorder=5, clip_on=False)
        axes.plot(rate.dose, 100 * rate.share, "o", color=OBSERVED, markersize=4, zorder=5, clip_on=False)


def _legend(run: Run, panels: list[Panel], endpoint: str) -> list[Line2D | Patch]:
    drawn = {name for panel in panels for name, _ in curves(run, panel, endpoint)}
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, label=method_name(name))
        for name, colour in colours(run.methods()).items()
        if name in drawn
    ]
    handles.append(Line2D([], [], color=QUIET, linestyle="-", label="mean of p (mean rule)"))
    if len(shown_methods(run)) < MOST_CURVES:
        handles.append(Line2D([], [], color=QUIET, linestyle="--", label="share with p > 0.5 (indicator rule)"))
    groups = [f"{panel.group}/{name}/{endpoint}" for panel in panels for name in drawn]
    if any(run.has(f"{group}/target_attainment_lower") for group in groups):
        handles.append(Patch(color=QUIET, alpha=0.15, label="90 % interval (mean rule)"))
    if any(one.answered and one.rule == "mean" for panel in panels for one in _decisions(run, panel, endpoint)):
        diamond = {"linestyle": "", "marker": "D", "markersize": 4.5}
        handles.append(Line2D([], [], color=QUIET, label="answer (mean rule)", **diamond))
    if observed_rates(run, endpoint) and like_the_trial(run):
        handles.append(
            Line2D([], [], color=OBSERVED, marker="o", markersize=4, label="observed in the trial (95 % Wilson)")
        )
    return handles
