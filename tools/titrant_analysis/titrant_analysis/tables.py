"""Numbers of a store as tables: named columns with their units, for readers and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from titrant_analysis.run import Run

if TYPE_CHECKING:
    import pandas

Value = float | str


@dataclass(frozen=True)
class Column:
    """One value per row. `units` as in the store ("1": a pure number; "": text)."""

    name: str
    long_name: str
    units: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Table:
    """Columns of equal length. What is missing is NaN, and a dose that no dose reaches infinite, as in the store."""

    name: str
    title: str
    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def rows(self) -> Iterator[tuple[Value, ...]]:
        return zip(*(column.values for column in self.columns), strict=True)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a data frame, with units in `attrs`. Raises ImportError where pandas is missing."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("tables as data frames need pandas: apt-get install python3-pandas") from error
        frame = pandas.DataFrame({column.name: list(column.values) for column in self.columns})
        frame.attrs = {"title": self.title, "units": {column.name: column.units for column in self.columns}}
        return frame


def column(run: Run, path: str, name: str | None = None) -> Column | None:
    """A dataset with one axis as a column, with the unit and the long name that the store gives it; None: absent."""
    values = run.values(path)
    if values is None or np.ndim(values) != 1:
        return None
    units, long_name = run.described(path)
    short = name or path.rsplit("/", 1)[-1]
    return Column(short, long_name or short, units, plain(values))


def plain(values: Any) -> list[Value]:
    """The values of an array as Python's own numbers and texts."""
    return [value if isinstance(value, str) else float(value) for value in np.asarray(values).tolist()]


def table_of(run: Run, name: str, title: str, group: str, names: Sequence[str]) -> Table | None:
    """A table of datasets of a group that share one axis; those that are absent are left out. None: all are."""
    found = [made for made in (column(run, f"{group}/{of}") for of in names) if made is not None]
    return Table(name, title, tuple(found)) if found else None


def stacked(name: str, title: str, tables: Sequence[tuple[dict[str, str], Table]]) -> Table | None:
    """Tables with the same columns below each other, told apart by leading columns of text; None: there is none.

    A column that one of them lacks is filled with NaN.
    """
    if not tables:
        return None
    keys = list(tables[0][0])
    like = {column.name: column for _, table in tables for column in table.columns}
    texts: dict[str, list[Value]] = {key: [] for key in keys}
    values: dict[str, list[Value]] = {column: [] for column in like}
    for labels, table in tables:
        own = {column.name: column.values for column in table.columns}
        for key in keys:
            texts[key].extend([labels[key]] * len(table))
        for column_name, gathered in values.items():
            gathered.extend(own.get(column_name, [float("nan")] * len(table)))
    return Table(
        name,
        title,
        (
            *(Column(key, key, "", texts[key]) for key in keys),
            *(Column(of.name, of.long_name, of.units, values[of.name]) for of in like.values()),
        ),
    )
