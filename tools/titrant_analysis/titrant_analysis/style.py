"""How charts look: one colour per classifier in all of them, text that stays text, reasons where there is no chart."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

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

Drawing = TypeVar("Drawing", bound=Callable[..., Any])


def styled(function: Drawing) -> Drawing:
    """Decorator of functions that draw: the look of all charts, for as long as they draw."""
    return cast(Drawing, matplotlib.rc_context(RC)(function))


def colours(methods: list[str]) -> dict[str, str]:
    """The colour of each method; beyond the sixth they repeat, and those that give the answers come first."""
    return {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(answers_first(methods))}


AxesGrid = NDArray[Any]
"""Panels in rows and columns, as matplotlib's subplots(squeeze=False) gives them. Their figure: `axes[0, 0].figure`."""


def new_figure(rows: int, columns: int, width: float = 4.2, height: float = 2.9) -> tuple[Figure, AxesGrid]:
    """Panels in rows and columns; sizes are inches per panel."""
    figure = Figure(figsize=(width * columns, height * rows + 0.9), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.08, wspace=0.04)
    return figure, figure.subplots(rows, columns, squeeze=False)


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
    axis.set_minor_locator(NullLocator())


def say_why_empty(axes: Axes, reason: str) -> None:
    """In place of a chart: why there is nothing to show."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, reason, transform=axes.transAxes, ha="center", va="center", color=QUIET, wrap=True)


def empty_figure(reason: str) -> list[Figure]:
    """In place of the figures of a chart: why there is nothing to show."""
    figure, axes = new_figure(1, 1)
    say_why_empty(axes[0][0], reason)
    return [figure]


FORMATS = ("png", "svg", "pdf")
METADATA = {"png": None, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Without dates: the same figure gives the same files."""


@styled
def save(
    figure: Figure, folder: str | os.PathLike[str], name: str, formats: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """Writes name.png, name.svg, ... into a folder, which is made where it is missing. Its layout is final then."""
    settle(figure)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    files = [target / f"{name}.{kind}" for kind in formats]
    for file, kind in zip(files, formats, strict=True):
        figure.savefig(file, dpi=150, metadata=METADATA[kind])
    return files


def settle(figure: Figure) -> None:
    """Ends the layout at rounded positions: the solver's last bits vary, and with them identifiers in an SVG file."""
    if not isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        return  # it is settled
    for axes in figure.axes:
        for artist in (*axes.lines, *axes.collections, *axes.patches):
            artist.set_in_layout(False)  # within the axes anyhow; thousands of points would be measured one by one
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position([round(edge, 6) for edge in axes.get_position().bounds])
