"""Receiver operating characteristic: how well predictions separate those who succeed from those who do not."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.methods import method_name, shown_methods
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import QUIET, colours, finish, new_figure, say_why_empty, styled
from titrant_analysis.tables import Column, Table, plain, stacked

NOTHING = "No predictions of unseen subjects in this run.\ntitrant run or titrant evaluate makes some"

SOURCES = {
    "evaluation/out_of_fold": "Learnt from the other subjects of the trial",
    "on_trial/probability": "Learnt from virtual subjects",
}
"""Where a store has predictions, and what the classifier had learnt from."""


def roc_curve(probability: Numbers, label: Numbers) -> tuple[Numbers, Numbers]:
    """False and true positive rates as the threshold falls, from (0, 0) to (1, 1); equal predictions make one step."""
    known = np.isfinite(probability) & np.isfinite(label)
    order = np.argsort(-probability[known], kind="stable")
    ordered, outcome = probability[known][order], label[known][order]
    ends = np.append(np.flatnonzero(np.diff(ordered)), ordered.size - 1)  # the last of each run of equal predictions
    true, false = np.cumsum(outcome)[ends], np.cumsum(1 - outcome)[ends]
    return np.append(0.0, false / max(false[-1], 1.0)), np.append(0.0, true / max(true[-1], 1.0))


def curves(run: Run, source: str) -> dict[str, tuple[Numbers, Numbers]]:
    """The curve of each classifier; repeats of a cross-validation are pooled."""
    group, dataset = source.split("/")
    found = {}
    for name in shown_methods(run):
        probability, label = (run.numbers(f"/classifier/{name}/{group}/{of}") for of in (dataset, "label"))
        if probability is None or label is None or not 0 < np.nansum(label) < label.size:
            continue
        repeats = probability.reshape(-1, label.size)
        found[name] = roc_curve(repeats.ravel(), np.tile(label, len(repeats)))
    return found


@styled
def roc(run: Run) -> Figure:
    """One panel for each source that classifiers learnt from."""
    shown = {source: title for source, title in SOURCES.items() if curves(run, source)}
    figure, axes = new_figure(1, max(1, len(shown)), width=4.4, height=4.0)
    if not shown:
        say_why_empty(axes[0][0], NOTHING)
        return figure
    for panel, (source, title) in zip(axes[0], shown.items(), strict=True):
        roc_panel(panel, run, source, title)
    finish(figure, f"ROC on the trial's subjects, {run.name}")
    return figure


def roc_panel(axes: Axes, run: Run, source: str, title: str) -> None:
    colour = colours(run.classifiers())
    for name, (false, true) in curves(run, source).items():
        area = float(np.trapz(true, false))
        axes.plot(false, true, color=colour[name], linewidth=1.6, label=f"{method_name(name)}: AUC {area:.2f}")
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_title(title)
    axes.set_xlabel("False positive rate")
    axes.set_ylabel("True positive rate")
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.legend(loc="lower right")


def roc_tables(run: Run) -> list[Table]:
    parts = []
    for source, title in SOURCES.items():
        for name, (false, true) in curves(run, source).items():
            rates = (
                Column("false_positive_rate", "false positive rate", "1", plain(false)),
                Column("true_positive_rate", "true positive rate", "1", plain(true)),
            )
            parts.append(({"classifier": name, "source": title}, Table("", "", rates)))
    table = stacked("roc", "ROC curves", parts)
    return [] if table is None else [table]
