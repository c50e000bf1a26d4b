"""Whether predicted probabilities come true, and how that depends on the number of subjects learnt from."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from titrant_analysis.methods import method_name, shown_methods
from titrant_analysis.observed import wilson
from titrant_analysis.run import Run
from titrant_analysis.style import QUIET, colours, finish, new_figure, say_why_empty, styled

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
    """One point per bin of predictions, with the 95 % Wilson interval of what was observed of so few subjects."""
    drawn = []
    for name, colour in colours(run.classifiers()).items():
        path = f"/classifier/{name}/{group}"
        predicted, observed, count = (run.numbers(f"{path}/{column}") for column in ("predicted", "observed", "count"))
        if name not in shown_methods(run) or predicted is None or observed is None or count is None:
            continue
        filled = count > 0
        size = 8 + 6 * count[filled]
        dots = {"s": size, "color": colour, "alpha": 0.7, "linewidth": 0, "zorder": 3, "label": method_name(name)}
        axes.scatter(predicted[filled], observed[filled], **dots)
        for place, share, subjects in zip(predicted[filled], observed[filled], count[filled], strict=True):
            ends = wilson(round(share * subjects), round(subjects))
            axes.plot([place, place], ends, color=colour, linewidth=0.8, alpha=0.4, zorder=2)
        drawn.append(Line2D([], [], linestyle="", marker="o", color=colour, alpha=0.7, label=method_name(name)))
    if not drawn:
        say_why_empty(axes, NO_RELIABILITY)
        return
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_title(title)
    axes.set_xlabel("Predicted probability of success")
    axes.set_ylabel("Observed share of successes")
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.legend(handles=drawn, loc="upper left", bbox_to_anchor=(0.0, 0.95))


@styled
def learning_curves(run: Run) -> Figure:
    """Held-out log-loss against the number of subjects learnt from: real ones (left), virtual ones (right)."""
    kinds = run.groups("/learning_curve")
    panels = sorted({source for kind in kinds for source in run.groups(f"/learning_curve/{kind}")})
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
        sizes, losses = run.numbers(f"{group}/size"), run.numbers(f"{group}/log_loss")
        tests = run.texts(f"{group}/test_set")
        if sizes is None or losses is None or tests is None:
            continue
        shade = colour.get(kind, QUIET)
        for place, test in enumerate(tests):
            line = "-" if place == 0 else "--"
            label = f"{method_name(kind)}, on {test}"
            axes.plot(sizes, losses[place].mean(axis=1), line, color=shade, linewidth=1.4, label=label)
            single = np.repeat(sizes, losses.shape[2]), losses[place].ravel()
            axes.plot(*single, ".", color=shade, markersize=3, alpha=0.5)
    axes.set_xscale("log")
    axes.set_xticks(sorted({size for line in axes.lines for size in line.get_xdata()}))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_title("Real subjects" if source == "trial" else "Virtual subjects")
    axes.set_xlabel("Subjects learnt from")
    axes.set_ylabel("Held-out log-loss (nats per subject)")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=7)
