"""Panels of a chart on figures: as many figures as it takes to keep each legible."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from titrant_analysis.style import finish, new_figure

MOST_PANELS = 6
"""Of one figure."""
MOST_COLUMNS = 3

Item = TypeVar("Item")
Row = TypeVar("Row")
Column = TypeVar("Column")

Page = list[list[Item | None]]
"""The panels of a figure by rows; None: nothing is there."""


def tiles(items: Sequence[Item], most: int = MOST_PANELS, most_columns: int = MOST_COLUMNS) -> list[Page[Item]]:
    """Items in reading order, on pages of about equal size with at most so many panels and columns."""
    pages: list[Page[Item]] = []
    for chunk in _even(items, most):
        width = min(most_columns, math.ceil(math.sqrt(len(chunk)))) if len(chunk) > most_columns else len(chunk)
        cells: list[Item | None] = [*chunk, *[None] * (-len(chunk) % width)]
        pages.append([cells[begin : begin + width] for begin in range(0, len(cells), width)])
    return pages


def matrix(
    rows: Sequence[Row], columns: Sequence[Column], cell: Callable[[Row, Column], Item | None]
) -> list[Page[Item]]:
    """Pages with the same columns below each other; where there is only one row or column, tiles."""
    if len(rows) == 1 or len(columns) == 1:
        cells = (cell(row, column) for row in rows for column in columns)
        return tiles([found for found in cells if found is not None])
    across = _even(columns, MOST_COLUMNS)
    down = _even(rows, MOST_PANELS // max(len(chunk) for chunk in across)) if across else []
    pages = [[[cell(row, column) for column in right] for row in below] for below in down for right in across]
    filled = [[row for row in page if any(found is not None for found in row)] for page in pages]
    return [page for page in filled if page]


def _even(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """Pieces of at most so many items, of sizes that differ by one at most, the larger first."""
    count = math.ceil(len(items) / most)
    smaller, larger = divmod(len(items), count) if count > 0 else (0, 0)
    ends = [place * smaller + min(place, larger) for place in range(count + 1)]
    return [items[begin:end] for begin, end in zip(ends, ends[1:])]


def draw_pages(
    pages: Sequence[Page[Item]],
    draw: Callable[[Axes, Item], None],
    title: str,
    legend: Callable[[], Sequence[Artist]] = tuple,
    width: float = 4.2,
    height: float = 2.9,
) -> list[Figure]:
    """One figure per page, each panel drawn from its item; width and height are inches per panel. Their titles count
    the pages where there are several."""
    figures = []
    for place, page in enumerate(pages, start=1):
        figure, axes = new_figure(len(page), len(page[0]), width, height)
        for panels, row in zip(axes, page, strict=True):
            for panel, item in zip(panels, row, strict=True):
                if item is None:
                    panel.set_axis_off()
                else:
                    draw(panel, item)
        finish(figure, title + (f" ({place} of {len(pages)})" if len(pages) > 1 else ""), legend())
        figures.append(figure)
    return figures
