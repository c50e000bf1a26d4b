"""The estimates of the fits with their intervals, side by side whatever their units."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.fits import FITS
from titrant_analysis.run import Run
from titrant_analysis.style import PALETTE, QUIET, empty_figure, finish, new_figure, say_why_empty, styled

NOTHING = "No fit in this run.\ntitrant run or titrant fit makes one"
ROW = 0.27
"""Inches per parameter."""
WELL_DETERMINED = (0.85, 1.15)
"""Intervals about this narrow need no second look."""

WIDEST = 1.0
"""Intervals that reach further from the estimate, as a multiple of it, end in an arrow."""


@styled
def parameters(run: Run) -> list[Figure]:
    """One panel per fit: 95 % intervals as multiples of the estimates, with the numbers beside them."""
    fits = [fit for fit in FITS if run.numbers(f"/{fit}/estimate") is not None]
    rows = max((len(run.texts(f"/{fit}/parameter") or []) for fit in fits), default=0)
    if not fits:
        return empty_figure(NOTHING)
    figure, axes = new_figure(1, len(fits), width=5.8, height=0.8 + ROW * rows)
    for panel, fit in zip(axes[0], fits, strict=True):
        parameter_panel(panel, run, fit)
    finish(figure, f"Estimates and their 95 % intervals, {run.name}")
    return [figure]


def parameter_panel(axes: Axes, run: Run, fit: str) -> None:
    names, units = run.texts(f"/{fit}/parameter"), run.texts(f"/{fit}/parameter_units")
    columns = run.columns(f"/{fit}", ("estimate", "ci_lower", "ci_upper", "rse", "fixed"))
    if names is None or columns is None:
        say_why_empty(axes, NOTHING)
        return
    estimate, lower, upper, rse, fixed = columns
    places = np.arange(len(names))
    known = np.isfinite(lower) & np.isfinite(upper) & (estimate != 0)
    scale = np.where(estimate != 0, estimate, 1.0)
    ends = np.sort(np.stack([lower / scale, upper / scale]), axis=0)  # a negative coefficient turns them round
    axes.axvspan(*WELL_DETERMINED, color=QUIET, alpha=0.1, linewidth=0)
    axes.axvline(1, color=QUIET, linewidth=0.8)
    reach = min(WIDEST, np.abs(ends[:, known] - 1).max(initial=0.5))
    shown = np.clip(ends, 1 - reach, 1 + reach)
    axes.hlines(places[known], shown[0, known], shown[1, known], color=PALETTE[0], linewidth=1.6)
    axes.plot(np.ones(known.sum()), places[known], "o", color=PALETTE[0], markersize=4)
    for edge, beyond, marker in ((1 - reach, ends[0] < 1 - reach, "<"), (1 + reach, ends[1] > 1 + reach, ">")):
        for place in places[known & beyond]:
            axes.plot(edge, place, marker, color=PALETTE[0], markersize=6, clip_on=False)
    for place in places:
        note = _number(float(estimate[place]), units[place] if units else "1")
        if fixed[place] == 1:
            note += " (fixed)"
        else:
            note += f" ({rse[place]:.0f} %)" if np.isfinite(rse[place]) else " (no interval)"
        beside = {"xycoords": ("axes fraction", "data"), "xytext": (8, 0), "textcoords": "offset points"}
        axes.annotate(note, (1, place), va="center", fontsize=7.5, **beside)
    axes.set_yticks(places, names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(1 - reach, 1 + reach)
    axes.set_title(f"{FITS[fit]}; beside: estimate (RSE); grey: 15 %")
    axes.set_xlabel("95 % interval / estimate")
    axes.grid(visible=False, axis="y")


def _number(value: float, units: str) -> str:
    return f"{value:.4g}" + ("" if units == "1" else f" {units}")
