from __future__ import annotations

import h5py
import numpy as np
import pytest
from conftest import MakeRun
from matplotlib.axes import Axes

from titrant_analysis import attainment_check, open_run, parameters, random_effects


def title(axes: Axes) -> str:
    return axes.get_title(loc="left")


def intervals(axes: Axes) -> list[tuple[float, float, float]]:
    """Row and ends of each interval that is drawn."""
    (lines,) = [found for found in axes.collections if hasattr(found, "get_segments")]
    return [(segment[0][1], segment[0][0], segment[1][0]) for segment in lines.get_segments()]


def test_parameters_are_drawn_relative_to_their_estimates(make_run: MakeRun) -> None:
    with open_run(make_run("trial", "estimates")) as run:
        pk, pd = parameters(run)[0].axes
    names = [label.get_text() for label in pk.get_yticklabels()]
    assert names == ["clearance", "clearance.weight", "omega.clearance"]
    # The fixed exponent has no interval; 0.1 .. 0.9 about 0.3 reaches beyond the panel, and an arrow says so.
    assert intervals(pk) == [(0, pytest.approx(0.9), pytest.approx(1.1)), (2, pytest.approx(1 / 3), 2.0)]
    assert [line.get_xydata().tolist() for line in pk.lines if line.get_marker() == ">"] == [[[2.0, 2.0]]]
    assert [note.get_text() for note in pk.texts] == ["40 L/h (5 %)", "0.75 (fixed)", "0.3 (68 %)"]
    # A negative coefficient: -0.4 .. -0.1 about -0.25 is 0.4 .. 1.6 of it.
    assert intervals(pd)[1] == (1, pytest.approx(0.4), pytest.approx(1.6))


def test_a_parameter_without_an_interval_says_so(make_run: MakeRun) -> None:
    path = make_run("trial", "estimates")
    with h5py.File(path, "r+") as file:
        for name in ("ci_lower", "ci_upper", "rse"):
            file[f"/pd/{name}"][0] = np.nan
    with open_run(path) as run:
        pd = parameters(run)[0].axes[1]
    assert [row for row, _, _ in intervals(pd)] == [1]
    assert pd.texts[0].get_text() == "10 ng/mL (no interval)"


def test_random_effects_stand_beside_the_covariates_of_their_subjects(make_run: MakeRun) -> None:
    with open_run(make_run("trial", "estimates")) as run:
        (figure,) = random_effects(run)
        weight, eta = run.numbers("/trial/weight"), run.numbers("/pk/eta")
    assert [title(axes) for axes in figure.axes] == [
        "clearance: difference 0.02, p 0.7",
        "clearance",
        "clearance: r 0.85, p 1e-06",
        "baseline: difference 0.02, p 0.7",
        "baseline",
        "baseline: r 0.85, p 1e-06",
    ]
    assert [axes.get_xlabel() for axes in figure.axes[:3]] == ["smoking", "stage", "weight (kg)"]
    points, line = figure.axes[2].lines[:2]
    np.testing.assert_array_equal(points.get_xdata(), weight[12:])  # placebo subjects have no PK
    np.testing.assert_array_equal(points.get_ydata(), eta[:, 0])
    slope = np.diff(line.get_ydata()) / np.diff(line.get_xdata())
    assert slope[0] == pytest.approx(np.cov(weight[12:], eta[:, 0])[0, 1] / np.var(weight[12:], ddof=1))
    for axes, names in zip(figure.axes, (["non-smoker", "smoker"], ["early", "middle", "late"])):
        assert [label.get_text() for label in axes.get_xticklabels()] == names
        bars = [drawn.get_ydata()[0] for drawn in axes.lines if drawn.get_linewidth() == 1.6]
        assert bars == [pytest.approx(eta[place :: len(names), 0].mean()) for place in range(len(names))]


def test_a_missing_covariate_leaves_its_subject_out(make_run: MakeRun) -> None:
    path = make_run("trial", "estimates")
    with h5py.File(path, "r+") as file:
        file["/trial/weight"][20] = np.nan
    with open_run(path) as run:
        points = random_effects(run)[0].axes[2].lines[0]
    assert len(points.get_xdata()) == 35


def test_observed_successes_stand_beside_the_simulated_ones(make_run: MakeRun) -> None:
    with open_run(make_run("trial", "estimates")) as run:
        control, reduced = attainment_check(run)[0].axes
    assert (title(control), title(reduced)) == ("control", "reduced")
    for axes, seen in ((control, [0, 0, 6, 11]), (reduced, [0, 2, 8, 12])):
        (observed,) = [line for line in axes.lines if line.get_label() == "observed"]
        assert observed.get_ydata().tolist() == seen
    spans = [(segment[0][1], segment[1][1]) for segment in control.collections[0].get_segments()]
    assert spans == [(0, 0), (0, 1), (3, 8), (9, 12)]
    assert [label.get_text() for label in control.get_xticklabels()][0] == "placebo\n12 subjects"
