"""Whether the fitted models reproduce how many subjects of the trial met an endpoint."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.run import Run
from titrant_analysis.style import OBSERVED, PALETTE, empty_figure, say_why_empty, styled

NOTHING = "No check of target attainment in this run.\nIt needs a biomarker model and diagnostics.simulations above 0"
GROUP = "/attainment_check"


def checked_endpoints(run: Run) -> list[str]:
    """The endpoints that were checked, in the order of the store."""
    return list(dict.fromkeys(run.texts(f"{GROUP}/endpoint") or []))


@styled
def attainment_check(run: Run) -> list[Figure]:
    """Observed numbers of successes beside those of simulated trials, one panel per endpoint."""
    endpoints = checked_endpoints(run)
    if not endpoints:
        return empty_figure(NOTHING)

    def draw(axes: Axes, endpoint: str) -> None:
        attainment_panel(axes, run, endpoint)

    title = f"Successes in the trial and by the fitted models, {run.name}"
    return draw_pages(tiles(endpoints), draw, title, width=5.4, height=3.2)


def attainment_panel(axes: Axes, run: Run, endpoint: str) -> None:
    """One column per dose group, at equal distances."""
    columns = run.columns(GROUP, ("dose", "observed", "count", "lower", "median", "upper"))
    rows = [place for place, name in enumerate(run.texts(f"{GROUP}/endpoint") or []) if name == endpoint]
    if columns is None or not rows:
        say_why_empty(axes, NOTHING)
        return
    dose, observed, count, lower, median, upper = (column[rows] for column in columns)
    places = np.arange(dose.size)
    axes.vlines(places, lower, upper, color=PALETTE[5], linewidth=9, label="simulated, 90 % interval")
    axes.plot(places, median, "_", color=PALETTE[0], markersize=16, markeredgewidth=2, label="simulated, median")
    edge = {"markeredgecolor": "white", "markeredgewidth": 0.8}  # seen on the bar also where a page is dark
    axes.plot(places, observed, "o", color=OBSERVED, markersize=6, label="observed", zorder=4, **edge)
    names = ["placebo" if value == 0 else f"{value:g} {run.units.dose}" for value in dose]
    axes.set_xticks(places, [f"{name}\n{subjects:.0f} subjects" for name, subjects in zip(names, count, strict=True)])
    axes.set_xlim(-0.6, dose.size - 0.4)
    axes.set_ylim(-0.4, max(count.max(), upper.max()) + 0.6)
    axes.set_title(endpoint)
    axes.set_ylabel("Successes (subjects)")
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper left")
