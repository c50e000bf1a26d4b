"""Whether predicted probabilities come true, and how that depends on the number of subjects learnt from."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from titrant_analysis.methods import method_name, shown_methods
from titrant_analysis.observed import wilson
from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.run import Run
from titrant_analysis.style import QUIET, colours, empty_figure, say_why_empty, styled
from titrant_analysis.unseen import Source, sources

NO_RELIABILITY = "No held-out predictions in this run.\ntitrant run or titrant evaluate makes some"
NO_CURVES = "No learning curves in this run.\nSet learning.trial or learning.virtual"


@styled
def reliability(run: Run) -> list[Figure]:
    """Observed share of successes against predicted probability, on the trial's subjects; the size tells how many. One
    panel for each endpoint and source that classifiers learnt from."""
    found = [
        source
        for source in sources(run)
        if any(run.has(f"/classifier/{name}/{source.group}/reliability/count") for name in shown_methods(run))
    ]
    if not found:
        return empty_figure(NO_RELIABILITY)

    def draw(axes: Axes, source: Source) -> None:
        reliability_panel(axes, run, source)

    return draw_pages(tiles(found), draw, f"Reliability on the trial's subjects, {run.name}", width=4.4, height=4.0)


def reliability_panel(axes: Axes, run: Run, source: Source) -> None:
    """One point per bin of predictions, with the 95 % Wilson interval of what was observed of so few subjects."""
    drawn = []
    for name, colour in colours(run.methods()).items():
        path = f"/classifier/{name}/{source.group}/reliability"
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
    axes.set_title(source.title)
    axes.set_xlabel("Predicted probability of success")
    axes.set_ylabel("Observed share of successes")
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.legend(handles=drawn, loc="upper left", bbox_to_anchor=(0.0, 0.95))


@styled
def learning_curves(run: Run) -> list[Figure]:
    """Held-out log-loss against the number of subjects learnt from, one panel for real ones, one for virtual ones."""
    names = run.groups("/learning_curve")
    found = sorted({source for name in names for source in run.groups(f"/learning_curve/{name}")})
    if not found:
        return empty_figure(NO_CURVES)

    def draw(axes: Axes, source: str) -> None:
        learning_panel(axes, run, source)

    return draw_pages(tiles(found), draw, f"Learning curves, {run.name}", width=4.6, height=3.4)


def learning_panel(axes: Axes, run: Run, source: str) -> None:
    """Mean over trainings (line) and single trainings (points), for each set tested on."""
    names = [name for name in run.groups("/learning_curve") if source in run.groups(f"/learning_curve/{name}")]
    colour = colours(run.methods() or names)
    for name in names:
        group = f"/learning_curve/{name}/{source}"
        sizes, losses = run.numbers(f"{group}/size"), run.numbers(f"{group}/log_loss")
        tests = run.texts(f"{group}/test_set")
        if sizes is None or losses is None or tests is None:
            continue
        shade = colour.get(name, QUIET)
        for place, test in enumerate(tests):
            line = "-" if place == 0 else "--"
            label = f"{method_name(name)}, on {test}"
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
