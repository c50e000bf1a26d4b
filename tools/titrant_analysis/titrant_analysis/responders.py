"""Whether the fitted models reproduce how many subjects of the trial succeeded."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from titrant_analysis.run import Run
from titrant_analysis.style import OBSERVED, PALETTE, AxesGrid, finish, new_figure, say_why_empty, styled

NOTHING = "No check of responders in this run.\nIt needs a biomarker model and diagnostics.simulations above 0"
GROUP = "/pd/pass_rate_check"


@styled
def responders(run: Run) -> AxesGrid:
    """Observed numbers of responders beside those of simulated trials."""
    figure, axes = new_figure(1, 1, width=5.4, height=3.2)
    responders_panel(axes[0][0], run)
    finish(figure, f"Responders of the trial and of the fitted models, {run.name}")
    return axes


def responders_panel(axes: Axes, run: Run) -> None:
    """One column per dose group, at equal distances."""
    columns = run.columns(GROUP, ("dose", "observed", "count", "lower", "median", "upper"))
    if columns is None or columns[0].size == 0:
        say_why_empty(axes, NOTHING)
        return
    dose, observed, count, lower, median, upper = columns
    places = np.arange(dose.size)
    axes.vlines(places, lower, upper, color=PALETTE[5], linewidth=9, label="simulated, 90 % interval")
    axes.plot(places, median, "_", color=PALETTE[0], markersize=16, markeredgewidth=2, label="simulated, median")
    edge = {"markeredgecolor": "white", "markeredgewidth": 0.8}  # seen on the bar also where a page is dark
    axes.plot(places, observed, "o", color=OBSERVED, markersize=6, label="observed", zorder=4, **edge)
    names = ["placebo" if value == 0 else f"{value:g} {run.units.dose}" for value in dose]
    axes.set_xticks(places, [f"{name}\n{subjects:.0f} subjects" for name, subjects in zip(names, count, strict=True)])
    axes.set_xlim(-0.6, dose.size - 0.4)
    axes.set_ylim(-0.4, max(count.max(), upper.max()) + 0.6)
    axes.set_ylabel("Responders (subjects)")
    axes.grid(visible=False, axis="x")
    axes.legend(loc="upper left")
