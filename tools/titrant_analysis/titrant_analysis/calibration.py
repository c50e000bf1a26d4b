"""Whether predicted probabilities come true, and how that depends on the number of subjects learnt from."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from titrant_analysis.run import Run
from titrant_analysis.style import QUIET, colours, finish, new_figure, say_why_empty, styled

OTHER_SOURCES = ("_trial", "_virtual", "_virtual_daily")
"""Methods beside the answer's own; their curves would lie over each other."""

NO_RELIABILITY = "No held-out predictions in this run.\ntitrant run or titrant evaluate makes some"
NO_CURVES = "No learning curves in this run.\nSet learning.trial or learning.virtual"

SOURCES = {
    "evaluation/reliability": "Learnt from the other subjects of the trial",
    "on_trial/reliability": "Learnt from virtual subjects",
}


@styled
def reliability(run: Run) -> Figure:
    """Observed share of successes against predicted probability, on the trial's subjects; the size tells how many."""
    figure, axes = new_figure(1, len(SOURCES), width=4.4, height=4.0)
    for panel, (group, title) in zip(axes[0], SOURCES.items(), strict=True):
        reliability_panel(panel, run, group, title)
    finish(figure, f"Reliability on the trial's subjects, {run.name}")
    return figure


def reliability_panel(axes: Axes, run: Run, group: str, title: str) -> None:
    drawn = False
    for name, colour in colours(run.classifiers()).items():
        if name.endswith(OTHER_SOURCES):
            continue
        path = f"/classifier/{name}/{group}"
        columns = [run.numbers(f"{path}/{column}") for column in ("predicted", "observed", "count")]
        if any(column is None for column in columns):
            continue
        predicted, observed, count = columns
        filled = count > 0
        axes.plot(predicted[filled], observed[filled], color=colour, linewidth=1, alpha=0.6, zorder=2)
        axes.scatter(predicted[filled], observed[filled], s=8 + 6 * count[filled], color=colour, alpha=0.7, linewidth=0, label=name)
        drawn = True
    if not drawn:
        say_why_empty(axes, NO_RELIABILITY)
        return
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_title(title)
    axes.set_xlabel("Predicted probability of success")
    axes.set_ylabel("Observed share of successes")
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.legend(loc="center right")


@styled
def learning_curves(run: Run) -> Figure:
    """Held-out log-loss against the number of subjects learnt from: real ones (left), virtual ones (right)."""
    panels = sorted({source for kind in run.groups("/learning_curve") for source in run.groups(f"/learning_curve/{kind}")})
    figure, axes = new_figure(1, max(1, len(panels)), width=4.6, height=3.4)
    if not panels:
        say_why_empty(axes[0][0], NO_CURVES)
        return figure
    for panel, source in zip(axes[0], panels, strict=True):
        learning_panel(panel, run, source)
    finish(figure, f"Learning curves, {run.name}")
    return figure


def learning_panel(axes: Axes, run: Run, source: str) -> None:
    """Mean over trainings (line) and single trainings (points), for each set tested on."""
    kinds = [kind for kind in run.groups("/learning_curve") if source in run.groups(f"/learning_curve/{kind}")]
    colour = colours(run.classifiers() or kinds)
    for kind in kinds:
        group = f"/learning_curve/{kind}/{source}"
        sizes, losses, tests = run.numbers(f"{group}/size"), run.numbers(f"{group}/log_loss"), run.texts(f"{group}/test_set")
        if sizes is None or losses is None or tests is None:
            continue
        for place, test in enumerate(tests):
            style = "-" if place == 0 else "--"
            axes.plot(sizes, losses[place].mean(axis=1), style, color=colour.get(kind, QUIET), linewidth=1.4, label=f"{kind}, on {test}")
            axes.plot(np.repeat(sizes, losses.shape[2]), losses[place].ravel(), ".", color=colour.get(kind, QUIET), markersize=3, alpha=0.5)
    axes.set_xscale("log")
    axes.set_xticks(sorted({size for line in axes.lines for size in line.get_xdata()}))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_title("Real subjects" if source == "trial" else "Virtual subjects")
    axes.set_xlabel("Subjects learnt from")
    axes.set_ylabel("Held-out log-loss (nats per subject)")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=7)
