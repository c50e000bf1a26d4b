"""Receiver operating characteristic: how well predictions separate those who succeed from those who do not."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.methods import method_name, shown_methods
from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.run import Numbers, Run
from titrant_analysis.style import QUIET, colours, empty_figure, styled
from titrant_analysis.tables import Column, Table, plain, stacked
from titrant_analysis.unseen import Source, sources

NOTHING = "No predictions of unseen subjects in this run.\ntitrant run or titrant evaluate makes some"


def roc_curve(probability: Numbers, label: Numbers) -> tuple[Numbers, Numbers]:
    """False and true positive rates as the threshold falls, from (0, 0) to (1, 1); equal predictions make one step."""
    known = np.isfinite(probability) & np.isfinite(label)
    order = np.argsort(-probability[known], kind="stable")
    ordered, outcome = probability[known][order], label[known][order]
    ends = np.append(np.flatnonzero(np.diff(ordered)), ordered.size - 1)  # the last of each run of equal predictions
    true, false = np.cumsum(outcome)[ends], np.cumsum(1 - outcome)[ends]
    return np.append(0.0, false / max(false[-1], 1.0)), np.append(0.0, true / max(true[-1], 1.0))


def curves(run: Run, source: Source) -> dict[str, tuple[Numbers, Numbers]]:
    """The curve of each classifier; repeats of a cross-validation are pooled."""
    found = {}
    for name in shown_methods(run):
        probability, label = (
            run.numbers(f"/classifier/{name}/{source.group}/{of}") for of in (source.dataset, "label")
        )
        if probability is None or label is None or not 0 < np.nansum(label) < label.size:
            continue
        repeats = probability.reshape(-1, label.size)
        found[name] = roc_curve(repeats.ravel(), np.tile(label, len(repeats)))
    return found


@styled
def roc(run: Run) -> list[Figure]:
    """One panel for each endpoint and source that classifiers learnt from."""
    found = [source for source in sources(run) if curves(run, source)]
    if not found:
        return empty_figure(NOTHING)

    def draw(axes: Axes, source: Source) -> None:
        roc_panel(axes, run, source)

    return draw_pages(tiles(found), draw, f"ROC on the trial's subjects, {run.name}", width=4.4, height=4.0)


def roc_panel(axes: Axes, run: Run, source: Source) -> None:
    colour = colours(run.methods())
    for name, (false, true) in curves(run, source).items():
        area = float(np.trapz(true, false))
        axes.plot(false, true, color=colour[name], linewidth=1.6, label=f"{method_name(name)}: AUC {area:.2f}")
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_title(source.title)
    axes.set_xlabel("False positive rate")
    axes.set_ylabel("True positive rate")
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.legend(loc="lower right")


def roc_tables(run: Run) -> list[Table]:
    parts = []
    for source in sources(run):
        for name, (false, true) in curves(run, source).items():
            rates = (
                Column("false_positive_rate", "false positive rate", "1", plain(false)),
                Column("true_positive_rate", "true positive rate", "1", plain(true)),
            )
            keys = {"classifier": name, "learnt from": source.learnt_from, "endpoint": source.endpoint}
            parts.append((keys, Table("", "", rates)))
    table = stacked("roc", "ROC curves", parts)
    return [] if table is None else [table]
