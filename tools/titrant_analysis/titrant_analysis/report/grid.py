"""Tables of the page, as texts in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from titrant_analysis.report.formats import number
from titrant_analysis.tables import Column, Table


@dataclass(frozen=True)
class Grid:
    """A table of the page. Columns named in `texts` are set flush left; the first cell of a row is its heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[str] = field(default_factory=frozenset)
    note: str = ""


MOST_ROWS = 60
"""Of the table behind a chart: longer ones are thinned evenly, and say so."""


def grid_of(table: Table, most_rows: int = MOST_ROWS) -> Grid:
    """The numbers behind a chart."""
    count = len(table)
    chosen = [round(place) for place in np.linspace(0, count - 1, min(count, most_rows)).tolist()]
    note = "" if count <= most_rows else f"{most_rows} of {count} rows, evenly chosen; the store has all."
    rows = tuple(tuple(_cell(column, row) for column in table.columns) for row in chosen)
    texts = frozenset(_heading(column) for column in table.columns if _is_text(column))
    return Grid(table.title, tuple(_heading(column) for column in table.columns), rows, texts, note)


def _is_text(column: Column) -> bool:
    return len(column.values) > 0 and all(isinstance(value, str) for value in column.values)


def _heading(column: Column) -> str:
    name = column.name.replace("_", " ")
    return name if column.units in ("", "1") else f"{name} ({column.units})"


def _cell(column: Column, row: int) -> str:
    value = column.values[row]
    return value if isinstance(value, str) else number(value)


def plain_grid(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[str] = ()) -> Grid:
    return Grid(caption, tuple(headings), tuple(tuple(row) for row in rows), frozenset(texts))
