"""Panels on figures of six at most, each once and in its order."""

from __future__ import annotations

import itertools

import pytest

from titrant_analysis.pages import MOST_COLUMNS, MOST_PANELS, Page, matrix, tiles


def cells(pages: list[Page[tuple[int, int]]]) -> list[tuple[int, int]]:
    return [cell for page in pages for row in page for cell in row if cell is not None]


@pytest.mark.parametrize("count", range(20))
def test_tiles_hold_every_item_in_order(count: int) -> None:
    pages = tiles(list(range(count)))
    assert [cell for page in pages for row in page for cell in row if cell is not None] == list(range(count))
    sizes = [sum(cell is not None for row in page for cell in row) for page in pages]
    assert max(sizes, default=0) <= MOST_PANELS and max(sizes, default=0) - min(sizes, default=0) <= 1
    assert all(len(row) == len(page[0]) <= MOST_COLUMNS for page in pages for row in page)


@pytest.mark.parametrize(("rows", "columns"), itertools.product(range(1, 9), repeat=2))
def test_a_matrix_holds_every_cell_once_with_rows_and_columns_aligned(rows: int, columns: int) -> None:
    pages = matrix(range(rows), range(columns), lambda row, column: (row, column))
    assert sorted(cells(pages)) == sorted(itertools.product(range(rows), range(columns)))
    for page in pages:
        assert sum(len(row) for row in page) <= MOST_PANELS
        if rows > 1 and columns > 1:
            assert all(len({cell[0] for cell in row if cell}) == 1 for row in page)
            assert all(len({cell[1] for cell in column if cell}) == 1 for column in zip(*page))


def test_what_was_not_asked_leaves_no_empty_row_or_page() -> None:
    asked = {(0, 0), (0, 1), (5, 1)}
    pages = matrix(range(6), range(3), lambda *cell: cell if cell in asked else None)
    assert pages == [[[(0, 0), (0, 1), None]], [[None, (5, 1), None]]]
