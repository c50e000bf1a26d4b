from __future__ import annotations

import numpy as np
from conftest import MakeRun

from titrant_analysis import CHARTS, convergence, open_run


def test_every_number_has_its_path(make_run: MakeRun) -> None:
    with open_run(make_run("saem")) as run:
        figures = convergence(run)
        stored = run.numbers("/pk/saem_trajectory")
        (table,) = CHARTS["convergence"].tables(run)
    panels = [axes for figure in figures for axes in figure.axes if axes.axison]
    assert [len(figure.axes) for figure in figures] == [9, 6]  # thirteen numbers on two figures of about equal size
    assert [axes.get_title(loc="left") for axes in panels] == [f"number_{place}" for place in range(13)]
    for place, axes in enumerate(panels):
        path, mark = axes.lines
        np.testing.assert_array_equal(path.get_ydata(), stored[:, place])
        assert mark.get_xdata()[0] == 30
    assert [made.name for made in table.columns] == ["saem_iteration", *(f"number_{place}" for place in range(13))]
    assert list(table.columns[13].values) == list(stored[:, 12])


def test_a_fit_without_saem_has_none(make_run: MakeRun) -> None:
    with open_run(make_run("trial", "estimates")) as run:
        assert CHARTS["convergence"].parts(run) == []
        assert "No iterations of SAEM" in convergence(run)[0].axes[0].texts[0].get_text()
