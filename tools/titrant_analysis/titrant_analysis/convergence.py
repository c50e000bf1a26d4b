"""How SAEM converged: the path of every estimated number."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from titrant_analysis.fits import FITS
from titrant_analysis.pages import draw_pages, tiles
from titrant_analysis.run import Run
from titrant_analysis.style import PALETTE, QUIET, empty_figure, say_why_empty, styled

NOTHING = "No iterations of SAEM in this run.\nestimation.methods with saem in it keeps them"
MOST_PANELS, MOST_COLUMNS = 12, 4
"""Of one figure: its panels are small."""


@styled
def convergence(run: Run) -> list[Figure]:
    """For each fit by SAEM one panel per estimated number, on the scale on which it is optimised."""
    figures: list[Figure] = []
    handles = [
        Line2D([], [], color=PALETTE[0], label="after each iteration"),
        Line2D([], [], color=QUIET, linestyle=":", label="steps shrink from here on"),
    ]
    for fit in FITS:
        names = run.texts(f"/{fit}/saem_coordinate")
        if names is None or run.numbers(f"/{fit}/saem_trajectory") is None:
            continue

        def draw(axes: Axes, place: int, fit: str = fit) -> None:
            convergence_panel(axes, run, fit, place)

        pages = tiles(range(len(names)), MOST_PANELS, MOST_COLUMNS)
        title = f"Convergence of SAEM, {FITS[fit].lower()}, {run.name}"
        figures += draw_pages(pages, draw, title, lambda: handles, width=2.9, height=1.6)
    return figures or empty_figure(NOTHING)


def convergence_panel(axes: Axes, run: Run, fit: str, place: int) -> None:
    """The path of the number at this place of `saem_coordinate`."""
    names, values = run.texts(f"/{fit}/saem_coordinate"), run.numbers(f"/{fit}/saem_trajectory")
    if names is None or values is None:
        say_why_empty(axes, NOTHING)
        return
    axes.plot(np.arange(len(values)), values[:, place], color=PALETTE[0], linewidth=0.9, label="after each iteration")
    axes.axvline(run.number(f"/{fit}/saem_exploration"), color=QUIET, linewidth=0.8, linestyle=":")
    axes.set_title(names[place])
    axes.set_xlabel("Iteration")
    axes.set_ylabel("Optimised scale")
