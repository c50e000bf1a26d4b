"""Critical doses: how the dose from which on a subject succeeds is spread over a population."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from titrant_analysis.run import Run
from titrant_analysis.style import PALETTE, AxesGrid, finish, label_logarithmic, new_figure, say_why_empty, styled

NOTHING = "No critical doses in this run.\nThey need a biomarker model and output.trajectories: true"
BINS = 40


@styled
def critical_doses(run: Run) -> AxesGrid:
    """One panel per regimen; populations over each other. The share beyond the grid is told in words."""
    scenarios, regimens = run.scenarios(), run.regimens()
    figure, axes = new_figure(1, max(1, len(regimens)), width=4.6, height=3.2)
    if not regimens:
        say_why_empty(axes[0][0], NOTHING)
        return axes
    for panel, regimen in zip(axes[0], regimens, strict=True):
        critical_panel(panel, run, scenarios, regimen)
    finish(figure, f"Critical doses by the fitted models, {run.name}")
    return axes


def critical_panel(axes: Axes, run: Run, scenarios: list[str], regimen: str) -> None:
    drawn = False
    for place, scenario in enumerate(scenarios):
        group = f"/scenario/{scenario}/{regimen}"
        doses, grid = run.numbers(f"{group}/mechanistic/critical_dose"), run.numbers(f"{group}/dose")
        if doses is None or grid is None or doses.size == 0:
            continue
        beyond = float(np.mean(doses > grid[-1]))
        inside = np.clip(doses[doses <= grid[-1]], grid[0] / 2, None)
        edges = np.geomspace(grid[0] / 2, grid[-1], BINS)
        colour = PALETTE[place % len(PALETTE)]
        label = f"{scenario}: {100 * beyond:.1f} % above {grid[-1]:g} {run.units.dose}"
        shares = np.full(inside.size, 100 / doses.size)
        axes.hist(inside, bins=edges, weights=shares, histtype="step", color=colour, linewidth=1.4, label=label)
        drawn = True
    if not drawn:
        say_why_empty(axes, NOTHING)
        return
    axes.set_xscale("log")
    label_logarithmic(axes.xaxis)
    axes.set_title(regimen)
    axes.set_xlabel(f"{regimen.capitalize()} dose from which on a subject succeeds ({run.units.dose})")
    axes.set_ylabel("Share of subjects (% per bin)")
    axes.margins(y=0.25)  # room for the legend above the populations
    axes.legend(loc="upper left", fontsize=7)
