"""How charts look: one colour per classifier in all of them, text that stays text, reasons where there is no chart."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from titrant_analysis.methods import answers_first

# Okabe and Ito, "Color Universal Design" (2008): told apart with any kind of colour vision. Yellow is too pale for a
# line on white, and black is the colour of what was observed.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
OBSERVED = "#000000"
QUIET = "#666666"

RC = {
    "svg.fonttype": "none",
    "svg.hashsalt": "titrant",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e5e5",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "figure.dpi": 150,
}


LEGEND_COLUMN = 2.9
"""Inches that the longest entry of a legend takes."""

FEW_DECADES = 50.0

styled = matplotlib.rc_context(RC)
"""Decorator of functions that draw."""


def colours(methods: list[str]) -> dict[str, str]:
    """The colour of each method; beyond the sixth they repeat, and those that give the answers come first."""
    return {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(answers_first(methods))}


def new_figure(rows: int, columns: int, width: float = 4.2, height: float = 2.9) -> tuple[Figure, list[list[Axes]]]:
    """Panels in rows and columns; sizes are inches per panel."""
    figure = Figure(figsize=(width * columns, height * rows + 0.9), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.08, wspace=0.04)
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, [list(row) for row in axes]


def finish(figure: Figure, title: str, handles: Sequence[Artist] = ()) -> None:
    """A title above all panels and a legend below them."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    if not handles:
        return
    columns = max(1, round(figure.get_figwidth() / LEGEND_COLUMN))
    rows = math.ceil(len(handles) / columns)
    room = (0.1 + 0.2 * rows) / figure.get_figheight()  # inches to share of the figure
    figure.get_layout_engine().set(rect=(0, room, 1, 1 - room))
    figure.legend(handles=list(handles), loc="lower center", ncols=columns)


def label_logarithmic(axis: Axis) -> None:
    """Plain numbers on a logarithmic axis whose data are drawn: also 2 and 5 where it spans little."""
    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < FEW_DECADES * low else (1,), numticks=8))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


def say_why_empty(axes: Axes, reason: str) -> None:
    """In place of a chart: why there is nothing to show."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, reason, transform=axes.transAxes, ha="center", va="center", color=QUIET, wrap=True)


@styled
def save(figure: Figure, folder: str | os.PathLike[str], name: str) -> list[Path]:
    """Writes name.png and name.svg; the same figure gives the same files. Its layout is final from then on."""
    settle(figure)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    files = [target / f"{name}.png", target / f"{name}.svg"]
    figure.savefig(files[0], dpi=150)
    figure.savefig(files[1], metadata={"Date": None})
    return files


def settle(figure: Figure) -> None:
    """Ends the layout at rounded positions: the solver's last bits vary, and with them identifiers in an SVG file."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position([round(edge, 6) for edge in axes.get_position().bounds])
