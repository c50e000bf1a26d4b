"""How training went: the loss at each step, and what classifiers are worth on subjects they have not seen."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.methods import method_name, shown_methods
from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.protocol import headline_first
from titrant_analysis.run import Run
from titrant_analysis.style import QUIET, colours, say_why_empty, styled

METRICS = {
    "log_loss": ("Log-loss (nats per subject)", math.log(2), "p = 0.5 for every subject"),
    "auc": ("Area under the ROC curve", 0.5, "chance"),
}
"""Label, value of a classifier that knows nothing, and what that one does."""

MANY_STEPS = 200
WINDOW = 20
"""From so many steps on (of mini-batches, whose losses jump about) a moving mean is drawn over so many of them."""


NO_TRAINING = "No training in this run.\ntitrant run or titrant train makes one"


def trained_endpoints(run: Run) -> list[str]:
    """Endpoints for which anything shown was trained, the headline's first."""
    return [
        endpoint
        for endpoint in headline_first(run, run.endpoints())
        if any(run.has(f"/classifier/{name}/{endpoint}/history/loss") for name in shown_methods(run))
    ]


@styled
def training(run: Run) -> list[Figure]:
    """The loss while training on all subjects, one panel for each endpoint, and held-out metrics per fold."""
    panels: list[tuple[str, str]] = [("endpoint", endpoint) for endpoint in trained_endpoints(run) or [""]]
    panels += [("metric", metric) for metric in METRICS]

    def draw(axes: Axes, panel: tuple[str, str]) -> None:
        kind, name = panel
        if kind == "endpoint":
            loss_panel(axes, run, name)
        else:
            metric_panel(axes, run, name)

    return draw_pages(tiles(panels), draw, f"Training, {run.name}", width=3.9, height=3.1)


def loss_panel(axes: Axes, run: Run, endpoint: str) -> None:
    drawn = False
    for name, colour in colours(run.methods()).items():
        loss = run.numbers(f"/classifier/{name}/{endpoint}/history/loss")
        step = run.numbers(f"/classifier/{name}/{endpoint}/history/step")
        if name not in shown_methods(run) or loss is None or step is None or loss.size == 0:
            continue
        if loss.size < MANY_STEPS:
            axes.plot(step, loss, color=colour, linewidth=1.4, label=method_name(name))
        else:
            axes.plot(step, loss, color=colour, linewidth=0.8, alpha=0.2)
            mean = np.convolve(loss, np.full(WINDOW, 1 / WINDOW), mode="valid")
            label = f"{method_name(name)}, mean of {WINDOW} steps"
            axes.plot(step[WINDOW - 1 :], mean, color=colour, linewidth=1.4, label=label)
        drawn = True
    if not drawn:
        say_why_empty(axes, NO_TRAINING)
        return
    axes.set_title(f"{endpoint}: training on all subjects")
    axes.set_xlabel("Step of the optimiser")
    axes.set_ylabel("Loss (nats per subject, with penalties)")
    axes.set_ylim(bottom=0)
    axes.legend()


def metric_panel(axes: Axes, run: Run, metric: str) -> None:
    """One point per fold and the mean over folds, per classifier."""
    label, ignorant, ignorance = METRICS[metric]
    values = {name: run.numbers(f"/classifier/{name}/evaluation/{metric}") for name in run.methods()}
    known = {name: found[~np.isnan(found)] for name, found in values.items() if found is not None}
    known = {name: found for name, found in known.items() if found.size > 0}
    if not known:
        say_why_empty(axes, f"No held-out {metric} in this run.\ntitrant run or titrant evaluate makes one")
        return
    colour = colours(run.methods())
    for place, (name, found) in enumerate(known.items()):
        # Side by side in the order of folds, so that equal values stay visible.
        offsets = np.linspace(-0.18, 0.18, found.size) if found.size > 1 else np.zeros(1)
        axes.plot(place + offsets, found, "o", color=colour[name], markersize=4, alpha=0.7, markeredgewidth=0)
        axes.plot([place - 0.28, place + 0.28], [found.mean()] * 2, color=colour[name], linewidth=2)
    axes.axhline(ignorant, color=QUIET, linewidth=0.8, linestyle=":")
    axes.annotate(
        ignorance,
        (1, ignorant),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="right",
        fontsize=7,
        color=QUIET,
    )
    axes.set_title("Held-out folds (points) and their mean (bar)")
    axes.set_xticks(range(len(known)), [method_name(name) for name in known], rotation=20 if len(known) > 2 else 0)
    axes.set_xlim(-0.6, len(known) - 0.4)
    axes.set_ylabel(label)
    axes.grid(visible=False, axis="x")
    if metric == "auc":
        axes.set_ylim(min(0.4, axes.get_ylim()[0]), 1.02)
    else:
        axes.set_ylim(bottom=0)
